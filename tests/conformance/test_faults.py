"""A provider that breaks Terraform's rules is told by us which type and which attribute, before
Core complains.
"""

import re
from typing import Any

import pytest

from veil.plugin import UNKNOWN, Context, Model, Plan, PluginError, Provider, attribute, computed, is_known

from .conftest import Lab, MakeLab
from .things import Thing, resource_of

RULES = "The provider's {} breaks Terraform's rules"


class Inner(Model):
    key: str = attribute("")
    note: str | None = attribute("")


class Wide(Model):
    id: str = computed("", inputs=())
    name: str = attribute("", min_length=2)
    word: str | None = attribute("")
    secret: str | None = attribute("", sensitive=True)
    hidden: str | None = attribute("", write_only=True)
    tags: frozenset[str] | None = attribute("")
    items: list[Inner] | None = attribute("")
    named: dict[str, Inner] | None = attribute("")


CONFIG = """
variable "secret" { default = "s3cr3t" }
resource "lab_thing" "a" {
  name   = "nn"
  secret = var.secret
  hidden = "h1dd3n"
  tags   = ["t"]
  items  = [{ key = "k" }]
  named  = { a = { key = "k" } }
}
"""


def attempt(lab: MakeLab, **methods: Any) -> tuple[Lab, str]:
    here = lab(resources=(resource_of(Wide, **methods),))
    here.write(CONFIG)
    result = here.apply()
    assert result.status == 1
    assert "Provider produced" not in result, result.output
    assert "Traceback" not in result
    assert "s3cr3t" not in result
    return here, " ".join(result.output.split())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "other"}, 'lab_thing.name: planned "other", but the configuration says "nn"'),
        ({"name": UNKNOWN}, 'lab_thing.name: planned unknown, but the configuration says "nn"'),
        ({"word": "w"}, 'lab_thing.word: planned "w", but it is not configured and the provider may not compute it'),
        ({"secret": "x"}, "lab_thing.secret: planned a sensitive value, but the configuration says a sensitive value"),
        ({"hidden": "x"}, "lab_thing.hidden: a write-only attribute must be planned as null"),
        ({"items": [Inner(key="k"), Inner(key="l")]}, "lab_thing.items: planned 2 objects, but 1 are configured"),
        ({"items": [Inner(key="z")]}, 'lab_thing.items[0].key: planned "z", but the configuration says "k"'),
        ({"named": {}}, "lab_thing.named: the keys planned differ from those configured: a"),
        ({"named": UNKNOWN}, "lab_thing.named: planned as unknown, but it is configured"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_plan_may_not_contradict_the_configuration(lab: MakeLab, change: dict[str, Any], expected: str) -> None:
    def plan(self: Any, plan: Plan[Any], ctx: Context) -> None:
        for name, value in change.items():
            setattr(plan.planned, name, value)

    _, output = attempt(lab, plan=plan)
    assert RULES.format("plan") in output
    assert expected in output


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "other"}, 'lab_thing.name: was planned as "nn", but is now "other"'),
        ({"word": "w"}, 'lab_thing.word: was planned as null, but is now "w"'),
        ({"secret": "x"}, "lab_thing.secret: differs from the sensitive value that was planned"),
        ({"tags": frozenset("ty")}, 'lab_thing.tags: the result contains "y", which was not planned'),
        ({"tags": frozenset()}, 'lab_thing.tags: the planned element "t" is not in the result'),
        ({"items": []}, "lab_thing.items: planned with 1 elements, but now has 0"),
        ({"named": {"b": Inner(key="k")}}, "lab_thing.named.a: was planned, but has vanished"),
        ({"id": UNKNOWN}, "lab_thing.id: still unknown; a result must be known in full"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_result_may_not_contradict_the_plan(lab: MakeLab, change: dict[str, Any], expected: str) -> None:
    def put(self: Any, state: Any) -> Any:
        return state.model_copy(update=change)

    here, output = attempt(lab, put=put)
    assert RULES.format("result") in output
    assert expected in output
    # What exists must not be forgotten, however wrong the answer was.
    assert here.state()["resources"][0]["instances"][0]["status"] == "tainted"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, "The provider gave no new state back."),
        ("text", "a Wide is required, found a str"),
        (Thing(name="x"), "a Wide is required, found a Thing"),
        (Wide.partial(name=5), "name: a str is required, found a int"),
        (Wide.partial(id="x", name="nn", tags=frozenset({1})), "tags: a str is required, found a int"),
    ],
)
def test_an_answer_of_the_wrong_type_is_named(lab: MakeLab, answer: Any, expected: str) -> None:
    _, output = attempt(lab, create=lambda self, planned, ctx: answer)
    assert expected in output


def test_an_exception_becomes_one_diagnostic_without_a_trace(lab: MakeLab) -> None:
    def create(self: Any, planned: Any, ctx: Context) -> Any:
        raise KeyError("boom")

    _, output = attempt(lab, create=create)
    assert "Internal error in lab_thing" in output
    assert "This is a bug in the provider." in output
    assert not re.search("KeyError|boom|Traceback", output)


def test_even_an_exit_becomes_a_diagnostic(lab: MakeLab) -> None:
    def create(self: Any, planned: Any, ctx: Context) -> Any:
        raise SystemExit(3)

    output = attempt(lab, create=create)[1]
    assert "Internal error in lab_thing" in output and "SystemExit" not in output


def test_a_read_must_be_known_in_full(lab: MakeLab) -> None:
    here = lab(resources=(resource_of(Wide, read=lambda self, state, ctx: state.model_copy(update={"word": UNKNOWN})),))
    here.write(CONFIG)
    assert here.apply().status == 0
    assert "lab_thing.word: still unknown" in here.plan()


def test_replacement_can_only_be_asked_for_what_exists(lab: MakeLab) -> None:
    here = lab(resources=(resource_of(Wide, plan=lambda self, plan, ctx: plan.require_replace("nowhere")),))
    here.write(CONFIG)
    assert here.apply().status == 0
    here.write(CONFIG.replace("nn", "mm"))
    assert "lab_thing has no attribute 'nowhere' to require replacement" in here.plan()


def test_warnings_and_errors_point_at_the_line(lab: MakeLab) -> None:
    def validate(self: Any, config: Any, ctx: Context) -> None:
        ctx.warning("Mind the tags", "They are old.", path=("tags",))
        ctx.error("Bad key", "It is taken.", path=("named", "a", "key"))
        ctx.error("Bad item", "", path=("items", 0, "key"))

    here = lab(resources=(resource_of(Wide, validate=validate),))
    here.write(CONFIG)
    planned = here.plan()
    assert 'tags = ["t"]' in planned
    assert "Warning: Mind the tags" in planned
    assert "It is taken. This is about named.a.key." in planned
    assert 'named = { a = { key = "k" } }' in planned
    assert "This is about items[0].key." in planned


def test_a_model_is_validated_as_far_as_it_is_known(lab: MakeLab) -> None:
    here = lab(resources=(resource_of(Wide),))
    here.write(
        'resource "terraform_data" "a" { input = "x" }\n'
        'resource "lab_thing" "a" {\n name = "n"\n word = terraform_data.a.output\n}'
    )
    planned = here.plan()
    assert "Invalid value for name" in planned
    assert 'Found: "n".' in planned
    here.write(
        'resource "terraform_data" "a" { input = "x" }\nresource "lab_thing" "a" { name = terraform_data.a.output }'
    )
    assert here.plan().status == 2
    applied = here.apply()
    assert "Invalid value for name" in applied


class Settings(Model):
    host: str | None = attribute("")
    port: int = attribute("", default=5439, le=65535)
    password: str | None = attribute("", sensitive=True, min_length=5)


def configure(self: Provider, config: Settings, ctx: Context) -> str:
    if not is_known(config.host):
        return "later"
    if config.host == "down":
        raise PluginError("Cannot connect", "Nobody answers.", path=("host",))
    return f"{config.host}:{config.port}"


@pytest.fixture
def strict(lab: MakeLab) -> Lab:
    def create(self: Any, planned: Any, ctx: Context) -> Any:
        return self.put(planned.model_copy(update={"id": str(ctx.client)}))

    return lab(model=Settings, resources=(resource_of(Thing, create=create),), configure=configure)


def test_the_provider_block_is_validated_and_its_defaults_reach_configure(strict: Lab) -> None:
    strict.write('provider "lab" { port = 70000 }\nresource "lab_thing" "a" {}')
    assert "It must be less than or equal to 65535. Found: 70000." in strict.plan()
    strict.write('provider "lab" { host = "h" }\nresource "lab_thing" "a" {}')
    assert strict.apply().status == 0
    assert strict.attributes()["lab_thing.a"]["id"] == "h:5439"


def test_a_secret_of_the_provider_block_is_not_repeated(strict: Lab) -> None:
    strict.write('provider "lab" { password = "abcd" }\nresource "lab_thing" "a" {}')
    planned = strict.plan()
    assert planned.status == 1
    assert "at least 5 characters" in planned
    assert "Found" not in planned


def test_a_failed_connection_points_at_the_attribute(strict: Lab) -> None:
    strict.write('provider "lab" {\n host = "down"\n}\nresource "lab_thing" "a" {}')
    planned = strict.plan()
    assert "Nobody answers." in planned
    assert 'host = "down"' in planned


def test_a_provider_can_be_configured_later(strict: Lab) -> None:
    strict.write(
        'resource "terraform_data" "a" { input = "h2" }\n'
        'provider "lab" { host = terraform_data.a.output }\nresource "lab_thing" "a" {}'
    )
    assert strict.plan().status == 2
    assert strict.apply().status == 0
    assert strict.attributes()["lab_thing.a"]["id"] == "h2:5439"


def test_a_schema_that_makes_no_sense_is_explained(lab: MakeLab) -> None:
    class Nonsense(Model):
        id: str = computed("")
        either: int | str = attribute("")

    here = lab(resources=(resource_of(Nonsense),))
    here.write('resource "lab_thing" "a" {}')
    assert "Nonsense.either: a union of types has no Terraform type" in here.run("validate", "-no-color")


def test_an_error_that_repeats_a_secret_is_told_without_it(lab: MakeLab) -> None:
    def create(self: Any, planned: Any, ctx: Context) -> Any:
        ctx.warning("Refused", f"secret={planned.secret}")
        raise PluginError("Refused", f"by {planned.secret}, {planned.hidden}, password={ctx.client}")

    def configure(self: Provider, config: Settings, ctx: Context) -> str | None:
        return config.password

    here = lab(model=Settings, configure=configure, resources=(resource_of(Wide, create=create),))
    here.write(CONFIG + 'provider "lab" { password = "hunter2" }')
    result = here.apply()
    assert result.status == 1
    assert "by (sensitive value), (sensitive value), password=(sensitive value)" in result
    for secret in ("s3cr3t", "h1dd3n", "hunter2"):
        assert secret not in result.output.replace("with lab_thing", "")
