"""What Terraform shows before a change: defaults, what is known, what replaces."""

from typing import Any

from veil.plugin import Context, Model, Plan, attribute, computed, is_known

from .conftest import MakeLab
from .things import resource_of


class Rule(Model):
    column: str = attribute("")
    keep: int = attribute("", default=2)
    rank: int = computed("")


class Thing(Model):
    id: str = computed("", inputs=())
    name: str = attribute("")
    size: int = attribute("", default=3)
    place: str = attribute("", default="here", requires_replace=True)
    view: str = computed("", inputs=("name",))
    url: str = computed("", inputs=("view",))
    drift: frozenset[str] = computed("")
    alias: str = attribute("", computed=True, inputs=("name",))
    rules: dict[str, Rule] = attribute("", default={})


class Careful(resource_of(Thing)):  # type: ignore[misc]
    """Computes everything, and plans an empty drift."""

    def plan(self, plan: Plan[Any], ctx: Context) -> None:
        if plan.planned is not None:
            plan.planned.drift = frozenset()

    def put(self, state: Any) -> Any:
        view = f"view.{state.name}"
        rules = {key: rule.model_copy(update={"rank": len(key)}) for key, rule in state.rules.items()}
        alias = state.alias or state.name.upper()
        new = {"view": view, "url": f"https://{view}", "drift": frozenset(), "rules": rules, "alias": alias}
        return super().put(state.model_copy(update=new))


def changes(planned: str) -> str:
    return " ".join(planned.split())


def test_defaults_are_filled_in_at_any_depth(lab: MakeLab) -> None:
    stored = lab(resources=(Careful,)).apply_cleanly(
        'resource "lab_thing" "a" {\n name = "n"\n rules = { a = { column = "c" }, b = { column = "d", keep = 0 } }\n}'
    )["lab_thing.a"]
    assert stored["size"] == 3
    assert stored["rules"]["a"] == {"column": "c", "keep": 2, "rank": 1}
    assert stored["rules"]["b"]["keep"] == 0


def test_an_attribute_taken_out_returns_to_its_default(lab: MakeLab) -> None:
    here = lab(resources=(Careful,))
    here.apply_cleanly(
        'resource "lab_thing" "a" {\n name = "n"\n size = 9\n rules = { a = { column = "c", keep = 7 } }\n}'
    )
    stored = here.apply_cleanly('resource "lab_thing" "a" {\n name = "n"\n rules = { a = { column = "c" } }\n}')
    assert stored["lab_thing.a"]["size"] == 3
    assert stored["lab_thing.a"]["rules"]["a"]["keep"] == 2


def test_only_what_depends_on_a_change_becomes_unknown(lab: MakeLab) -> None:
    here = lab(resources=(Careful,))
    here.apply_cleanly('resource "lab_thing" "a" { name = "n" }')
    here.write('resource "lab_thing" "a" {\n name = "n"\n size = 4\n}')
    planned = changes(here.plan().output)
    assert "size = 3 -> 4" in planned
    assert "known after apply" not in planned
    here.write('resource "lab_thing" "a" { name = "m" }')
    planned = changes(here.plan().output)
    for expected in ('view = "view.n" -> (known', 'url = "https://view.n" -> (known', 'alias = "N" -> (known'):
        assert expected in planned
    assert "~ id" not in planned


def test_a_computed_value_inside_a_nested_object_is_kept_or_computed(lab: MakeLab) -> None:
    here = lab(resources=(Careful,))
    here.apply_cleanly('resource "lab_thing" "a" {\n name = "n"\n rules = { a = { column = "c" } }\n}')
    stored = here.apply_cleanly(
        'resource "lab_thing" "a" {\n name = "n"\n rules = { a = { column = "c" }, bb = { column = "d" } }\n}'
    )
    assert stored["lab_thing.a"]["rules"]["bb"]["rank"] == 2


def test_a_changed_attribute_that_requires_it_replaces_the_resource(lab: MakeLab) -> None:
    here = lab(resources=(Careful,))
    here.apply_cleanly('resource "lab_thing" "a" { name = "n" }')
    here.write('resource "lab_thing" "a" {\n name = "n"\n place = "there"\n}')
    assert '"here" -> "there" # forces replacement' in here.plan()
    assert here.apply().status == 0
    assert here.attributes()["lab_thing.a"]["place"] == "there"


def test_the_provider_can_ask_for_a_replacement(lab: MakeLab) -> None:
    class Growing(resource_of(Thing)):  # type: ignore[misc]
        def plan(self, plan: Plan[Any], ctx: Context) -> None:
            if plan.action == "update" and plan.changed("size") and plan.planned.size < plan.prior.size:
                plan.require_replace("size")

    here = lab(resources=(Growing,))
    here.write('resource "lab_thing" "a" {\n name = "n"\n size = 5\n}')
    assert here.apply().status == 0
    here.write('resource "lab_thing" "a" {\n name = "n"\n size = 6\n}')
    assert "forces replacement" not in here.plan()
    here.write('resource "lab_thing" "a" {\n name = "n"\n size = 4\n}')
    assert "5 -> 4 # forces replacement" in here.plan()


def test_drift_that_a_read_found_is_planned_away_and_repaired(lab: MakeLab) -> None:
    here = lab(resources=(Careful,))
    stored = here.apply_cleanly('resource "lab_thing" "a" { name = "n" }')["lab_thing.a"]
    shelf = Careful.shelf
    shelf[stored["id"]] = shelf[stored["id"]].model_copy(update={"drift": frozenset({"view altered"})})
    planned = here.plan()
    assert planned.status == 2
    assert '- "view altered"' in planned
    assert here.apply().status == 0
    assert here.plan().status == 0
    assert here.attributes()["lab_thing.a"]["drift"] == []


def test_a_resource_that_is_gone_is_planned_anew(lab: MakeLab) -> None:
    here = lab(resources=(Careful,))
    stored = here.apply_cleanly('resource "lab_thing" "a" { name = "n" }')["lab_thing.a"]
    del Careful.shelf[stored["id"]]
    planned = here.plan()
    assert planned.status == 2
    assert "1 to add, 0 to change, 0 to destroy" in planned


def test_elements_of_a_nested_set_are_told_apart_by_what_the_user_wrote(lab: MakeLab) -> None:
    class Holder(Model):
        id: str = computed("", inputs=())
        rules: frozenset[Rule] = attribute("")

    class Ranking(resource_of(Holder)):  # type: ignore[misc]
        def put(self, state: Any) -> Any:
            ranked = frozenset(
                rule.model_copy(update={"rank": rule.rank if is_known(rule.rank) else 100 + len(rule.column)})
                for rule in state.rules
            )
            return super().put(state.model_copy(update={"rules": ranked}))

    here = lab(resources=(Ranking,))
    here.apply_cleanly('resource "lab_thing" "a" { rules = [{ column = "x" }, { column = "yy", keep = 0 }] }')
    stored = here.apply_cleanly(
        'resource "lab_thing" "a" { rules = [{ column = "yy", keep = 0 }, { column = "zzz" }, { column = "x" }] }'
    )
    ranks = {rule["column"]: (rule["keep"], rule["rank"]) for rule in stored["lab_thing.a"]["rules"]}
    assert ranks == {"x": (2, 101), "yy": (0, 102), "zzz": (2, 103)}


def test_a_resource_can_refuse_to_be_destroyed(lab: MakeLab) -> None:
    class Precious(resource_of(Thing)):  # type: ignore[misc]
        def plan(self, plan: Plan[Any], ctx: Context) -> None:
            if plan.action == "delete" and plan.prior.size > 3:
                ctx.error("It is precious", "Set size = 3 first.")

    here = lab(resources=(Precious,))
    here.write('resource "lab_thing" "a" {\n name = "n"\n size = 4\n}')
    assert here.apply().status == 0
    refused = here.destroy()
    assert refused.status == 1
    assert "Set size = 3 first." in refused
    here.write('resource "lab_thing" "a" { name = "n" }')
    assert here.apply().status == 0
    assert here.destroy().status == 0


def test_fifty_resources_are_made_at_once(lab: MakeLab) -> None:
    here = lab(resources=(Careful,))
    here.write('resource "lab_thing" "a" {\n count = 50\n name = "n${count.index}"\n}')
    assert here.apply("-parallelism=30").status == 0
    assert here.plan().status == 0
    assert here.destroy("-parallelism=30").status == 0
    assert not Careful.shelf
