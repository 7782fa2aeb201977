"""Nested blocks in every nesting, as the real terraform writes, counts and compares them."""

from typing import Any

import pytest

from veil.plugin import UNKNOWN, Context, Model, Plan, attribute, block, computed, is_known

from .conftest import Lab, MakeLab
from .things import resource_of


class Port(Model):
    """One port."""

    number: int = attribute("", le=65535)
    secret: str | None = attribute("", sensitive=True)


class Rule(Model):
    """What may pass."""

    name: str = attribute("")
    weight: int = attribute("", default=1)
    note: str | None = attribute("")
    rank: int = computed("", inputs=())
    ports: list[Port] = block("")


class Tag(Model):
    key: str = attribute("")
    value: str = attribute("", default="x")


class Timeouts(Model):
    create: str = attribute("", default="30m")
    delete: str | None = attribute("")


class Wall(Model):
    id: str = computed("", inputs=())
    name: str | None = attribute("")
    one: Rule | None = block("At most one.")
    several: list[Rule] = block("Any number.", max_items=3)
    distinct: frozenset[Tag] = block("")
    named: dict[str, Rule] = block("")
    timeouts: Timeouts = block("", group=True)


class WallResource(resource_of(Wall)):  # type: ignore[misc]
    """Fills in the rank of every rule."""

    def put(self, state: Any) -> Any:
        changes = {
            "one": state.one and ranked(state.one),
            "several": [ranked(rule) for rule in state.several],
            "named": {key: ranked(rule) for key, rule in state.named.items()},
        }
        return super().put(state.model_copy(update=changes))


def ranked(rule: Rule) -> Rule:
    return rule.model_copy(update={"rank": rule.rank if is_known(rule.rank) and rule.rank else len(rule.name)})


def rule(name: str, **members: Any) -> dict[str, Any]:
    return {"name": name, "weight": 1, "note": None, "rank": len(name), "ports": []} | members


ALL = """
resource "lab_thing" "a" {
  one {
    name = "single"
  }
  several {
    name   = "b"
    weight = 5
    ports {
      number = 80
    }
    ports {
      number = 443
      secret = "s"
    }
  }
  several {
    name = "a"
  }
  distinct {
    key = "y"
  }
  distinct {
    key   = "x"
    value = "z"
  }
  named "first" {
    name = "n1"
    note = "note"
  }
  timeouts {
    delete = "5m"
  }
}
"""


def test_blocks_are_stored_as_they_were_written(lab: MakeLab) -> None:
    stored = lab(resources=(WallResource,)).apply_cleanly(ALL)["lab_thing.a"]
    assert stored["one"] == rule("single")
    ports = [{"number": 80, "secret": None}, {"number": 443, "secret": "s"}]
    assert stored["several"] == [rule("b", weight=5, ports=ports), rule("a")]
    assert sorted(stored["distinct"], key=str) == [{"key": "x", "value": "z"}, {"key": "y", "value": "x"}]
    assert stored["named"] == {"first": rule("n1", note="note")}
    assert stored["timeouts"] == {"create": "30m", "delete": "5m"}


def test_where_there_are_no_blocks_nothing_is_null_but_a_single_one(lab: MakeLab) -> None:
    stored = lab(resources=(WallResource,)).apply_cleanly('resource "lab_thing" "a" {}')["lab_thing.a"]
    assert stored["one"] is None
    assert stored["several"] == stored["distinct"] == []
    assert stored["named"] == {}
    assert stored["timeouts"] == {"create": "30m", "delete": None}


def test_blocks_come_go_and_change_places(lab: MakeLab) -> None:
    here = lab(resources=(WallResource,))
    here.apply_cleanly(ALL)
    stored = here.apply_cleanly(
        """
        resource "lab_thing" "a" {
          several {
            name = "a"
          }
          several {
            name = "new"
          }
          distinct {
            key = "x"
          }
          named "second" {
            name = "n2"
          }
        }
        """
    )["lab_thing.a"]
    assert stored["one"] is None
    # The rank belongs to the place in the list, where it is said never to change after create.
    assert [(each["name"], each["rank"]) for each in stored["several"]] == [("a", 1), ("new", 1)]
    assert stored["distinct"] == [{"key": "x", "value": "x"}]
    assert stored["named"] == {"second": rule("n2")}
    assert stored["timeouts"] == {"create": "30m", "delete": None}
    assert here.apply_cleanly('resource "lab_thing" "a" {}')["lab_thing.a"]["several"] == []


def test_a_provider_that_says_none_means_no_blocks(lab: MakeLab) -> None:
    class Forgetful(resource_of(Wall)):  # type: ignore[misc]
        def plan(self, plan: Plan[Any], ctx: Context) -> None:
            plan.planned.several = None

        def put(self, state: Any) -> Any:
            return super().put(state.model_copy(update={"several": None, "distinct": None, "named": None}))

        def import_state(self, name: str, /, ctx: Context) -> Any:
            return self.put(Wall.partial(id=name))

    here = lab(resources=(Forgetful,))
    stored = here.apply_cleanly('resource "lab_thing" "a" {}')["lab_thing.a"]
    assert (stored["several"], stored["distinct"], stored["named"]) == ([], [], {})
    here.write('resource "lab_thing" "a" {}\nresource "lab_thing" "b" {}')
    assert here.run("import", "-no-color", "lab_thing.b", "x").status == 0
    assert here.attributes()["lab_thing.b"]["several"] == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("several {}", 'The argument "name" is required'),
        ('several {\nname = "a"\n}\n' * 4, 'No more than 3 "several" blocks are allowed'),
        ('one {\nname = "a"\n}\n' * 2, 'Only one block of type "one" is allowed'),
        ("several = []", 'An argument named "several" is not expected here'),
        (
            'several {\nname = "a"\nports {\nnumber = 70000\n}\n}',
            "It must be less than or equal to 65535. Found: 70000.",
        ),
    ],
)
def test_blocks_are_counted_and_checked(lab: MakeLab, body: str, message: str) -> None:
    here = lab(resources=(WallResource,))
    here.write(f'resource "lab_thing" "a" {{\n{body}\n}}')
    assert message in here.run("validate", "-no-color")


class Strict(Model):
    id: str = computed("", inputs=())
    must: Tag = block("")
    pair: list[Tag] = block("", min_items=2)


def test_required_blocks_are_required(lab: MakeLab) -> None:
    here = lab(resources=(resource_of(Strict),))
    here.write('resource "lab_thing" "a" {}')
    validated = here.run("validate", "-no-color")
    assert 'At least 2 "pair" blocks are required' in validated
    assert "must" in validated
    tags = 'pair {\nkey = "k"\n}\n' * 2
    stored = here.apply_cleanly(f'resource "lab_thing" "a" {{\nmust {{\nkey = "m"\n}}\n{tags}\n}}')
    assert stored["lab_thing.a"]["must"] == {"key": "m", "value": "x"}


DYNAMIC = """
resource "terraform_data" "later" { input = ["a", "b"] }
resource "lab_thing" "a" {
  dynamic "several" {
    for_each = terraform_data.later.output
    content {
      name = several.value
    }
  }
  dynamic "distinct" {
    for_each = terraform_data.later.output
    content {
      key = distinct.value
    }
  }
  dynamic "named" {
    for_each = [for each in terraform_data.later.output : each if each == "b"]
    labels   = ["only"]
    content {
      name = named.value
    }
  }
  dynamic "one" {
    for_each = terraform_data.later.output == null ? [] : [terraform_data.later.output[1]]
    content {
      name = one.value
    }
  }
}
"""


def test_how_many_blocks_there_are_may_be_unknown(lab: MakeLab) -> None:
    seen = []

    class Watching(WallResource):
        def plan(self, plan: Plan[Any], ctx: Context) -> None:
            seen.append(plan.config.several is UNKNOWN)

    stored = lab(resources=(Watching,)).apply_cleanly(DYNAMIC)["lab_thing.a"]
    assert seen[0]
    assert not seen[-1]
    assert stored["several"] == [rule("a"), rule("b")]
    assert {tag["key"] for tag in stored["distinct"]} == {"a", "b"}
    assert stored["named"] == {"only": rule("b")}
    assert stored["one"] == rule("b")


def test_an_unknown_value_may_stand_in_a_block(lab: MakeLab) -> None:
    stored = lab(resources=(WallResource,)).apply_cleanly(
        """
        resource "terraform_data" "later" { input = "k" }
        resource "lab_thing" "a" {
          several {
            name = terraform_data.later.output
          }
          distinct {
            key = terraform_data.later.output
          }
          distinct {
            key = "${terraform_data.later.output}2"
          }
          timeouts {
            delete = terraform_data.later.output
          }
        }
        """
    )["lab_thing.a"]
    assert stored["several"] == [rule("k")]
    assert len(stored["distinct"]) == 2
    assert stored["timeouts"]["delete"] == "k"


RULES = 'resource "lab_thing" "a" {\n several {\n name = "n"\n }\n named "m" {\n name = "n"\n }\n}'


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"several": []}, "several: planned 0 objects, but 1 are configured"),
        ({"several": [Rule(name="n"), Rule(name="m")]}, "several: planned 2 objects, but 1 are configured"),
        ({"several": [Rule(name="z")]}, 'several[0].name: planned "z", but the configuration says "n"'),
        ({"several": UNKNOWN}, "several: planned as unknown; blocks must be known"),
        ({"several": [UNKNOWN]}, "several[0]: planned unknown, but the configuration says"),
        ({"named": {"o": Rule(name="n")}}, "named: the keys planned differ from those configured: m, o"),
        ({"distinct": frozenset({Tag(key="t")})}, "distinct: planned 1 objects, but 0 are configured"),
        ({"one": Rule(name="n")}, "one: planned {"),
    ],
    ids=str,
)
def test_a_plan_may_not_contradict_the_blocks(lab: MakeLab, change: dict[str, Any], expected: str) -> None:
    def plan(self: Any, plan: Plan[Any], ctx: Context) -> None:
        for name, value in change.items():
            setattr(plan.planned, name, value)

    here = lab(resources=(type("Wrong", (WallResource,), {"plan": plan}),))
    here.write(RULES)
    planned = here.plan()
    assert f"lab_thing.{expected}" in planned, planned.output
    assert "Provider produced" not in planned


def test_unknown_blocks_must_stay_unknown(lab: MakeLab) -> None:
    def plan(self: Any, plan: Plan[Any], ctx: Context) -> None:
        plan.planned.several = []

    here = lab(resources=(type("Wrong", (WallResource,), {"plan": plan}),))
    here.write(DYNAMIC)
    assert "lab_thing.several: planned, but a dynamic block leaves open how many there are" in here.plan()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"several": []}, "several: planned with 1 elements, but now has 0"),
        ({"several": [ranked(Rule(name="z"))]}, 'several[0].name: was planned as "n", but is now "z"'),
        ({"named": {}}, "named.m: was planned, but has vanished"),
        ({"distinct": frozenset({Tag(key="t")})}, "distinct: the result contains"),
        ({"one": ranked(Rule(name="n"))}, "one: was planned as null"),
        ({"timeouts": Timeouts(create="1m")}, 'timeouts.create: was planned as "30m", but is now "1m"'),
    ],
    ids=str,
)
def test_a_result_may_not_contradict_the_planned_blocks(lab: MakeLab, change: dict[str, Any], expected: str) -> None:
    class Wrong(WallResource):
        def put(self, state: Any) -> Any:
            return super().put(state).model_copy(update=change)

    here = lab(resources=(Wrong,))
    here.write(RULES)
    applied = here.apply()
    assert f"lab_thing.{expected}" in applied, applied.output
    assert "Provider produced" not in applied


def test_errors_point_at_the_line_in_the_block(lab: MakeLab) -> None:
    def validate(self: Any, config: Any, ctx: Context) -> None:
        ctx.error("In a list", path=("several", 1, "name"))
        ctx.error("Deeper", path=("several", 0, "ports", 1, "number"))
        ctx.error("In a map", path=("named", "first", "note"))
        ctx.error("In a single one", path=("one", "name"))
        ctx.error("In a set", path=("distinct",))

    here = lab(resources=(type("Complaining", (WallResource,), {"validate": validate}),))
    here.write(ALL)
    output = here.plan().output
    for title, line in (
        ("In a list", 'name = "a"'),
        ("Deeper", "number = 443"),
        ("In a map", 'note = "note"'),
        ("In a single one", 'name = "single"'),
    ):
        message = output.split(f"Error: {title}")[1].split("Error:")[0]
        assert line in message, message


class Pinned(Model):
    key: str = attribute("", requires_replace=True)


def test_a_block_can_force_replacement(lab: MakeLab) -> None:
    class Fixed(Model):
        id: str = computed("", inputs=())
        tag: list[Tag] = block("", requires_replace=True)
        rule: list[Pinned] = block("")

    here = lab(resources=(resource_of(Fixed),))
    config = 'resource "lab_thing" "a" {\n tag {\n key = "%s"\n }\n rule {\n key = "%s"\n }\n}'
    here.apply_cleanly(config % ("a", "b"))
    here.write(config % ("z", "b"))
    assert "# forces replacement" in here.plan()
    here.write(config % ("a", "z"))
    assert '"b" -> "z" # forces replacement' in here.plan()


class Loose(Model):
    name: str = attribute("")
    value: Any = attribute("", default=None)


class Open(Model):
    id: str = computed("", inputs=())
    several: list[Loose] = block("")
    named: dict[str, Loose] = block("")
    one: Loose | None = block("")


def test_blocks_may_hold_values_of_different_types(lab: MakeLab) -> None:
    seen: list[Any] = []

    class Watching(resource_of(Open)):  # type: ignore[misc]
        def put(self, state: Any) -> Any:
            seen.append(state)
            return super().put(state)

    here = lab(resources=(Watching,))
    stored = here.apply_cleanly(
        """
        resource "terraform_data" "later" { input = "k" }
        resource "lab_thing" "a" {
          several {
            name  = "text"
            value = "v"
          }
          several {
            name  = "list"
            value = [1, { a = true }, terraform_data.later.output]
          }
          several {
            name = "nothing"
          }
          named "x" {
            name  = "number"
            value = 5
          }
          named "y" {
            name  = "object"
            value = { b = "c" }
          }
        }
        resource "lab_thing" "b" {
          dynamic "several" {
            for_each = [terraform_data.later.output]
            content {
              name  = several.value
              value = { deep = several.value }
            }
          }
        }
        """
    )
    state = next(each for each in seen if each.named)
    assert [each.value for each in state.several] == ["v", [1, {"a": True}, "k"], None]
    assert {key: each.value for key, each in state.named.items()} == {"x": 5, "y": {"b": "c"}}
    assert stored["lab_thing.a"]["several"]["value"][0] == {"name": "text", "value": "v"}
    here.apply_cleanly('resource "lab_thing" "a" {\n several {\n name = "text"\n value = 7\n }\n}')
    assert [each.value for each in seen[-1].several] == [7]


class Settings(Model):
    login: Timeouts | None = block("")
    endpoint: list[Tag] = block("")


def test_a_provider_block_and_a_data_block_have_blocks(lab: MakeLab) -> None:
    def configure(self: Any, config: Settings, ctx: Context) -> Any:
        return config

    def create(self: Any, planned: Any, ctx: Context) -> Any:
        endpoints = "".join(f"{tag.key}={tag.value};" for tag in ctx.client.endpoint)
        return self.put(planned.model_copy(update={"id": f"{endpoints}{ctx.client.login.create}"}))

    here: Lab = lab(model=Settings, resources=(resource_of(Strict, create=create),), configure=configure)
    here.write(
        'provider "lab" {\n login {}\n endpoint {\n key = "a"\n }\n}\n'
        'resource "lab_thing" "a" {\n must {\n key = "m"\n }\n'
        ' pair {\n key = "1"\n }\n pair {\n key = "2"\n }\n}'
    )
    assert here.apply().status == 0
    assert here.attributes()["lab_thing.a"]["id"] == "a=x;30m"
