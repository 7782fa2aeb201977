"""Data sources, functions and ephemeral resources."""

from datetime import UTC, datetime, timedelta
from typing import Any

from veil.plugin import (
    Context,
    DataSource,
    EphemeralResource,
    Function,
    FunctionError,
    Model,
    PluginError,
    attribute,
    computed,
    parameter,
)

from .conftest import MakeLab
from .things import resource_of


class Lookup(Model):
    name: str = attribute("", min_length=2)
    limit: int = attribute("", default=10)
    found: list[str] = computed("")


class Finder(DataSource[Lookup]):
    type_name = "lab_lookup"
    model = Lookup

    def read(self, config: Lookup, ctx: Context) -> Lookup:
        if config.name == "missing":
            raise PluginError("Not found", "Nothing has that name.", path=("name",))
        return config.model_copy(update={"found": [config.name] * config.limit})


def test_a_data_source_is_read_during_the_plan_when_it_can_be(lab: MakeLab) -> None:
    here = lab(data_sources=(Finder,))
    here.write(
        'data "lab_lookup" "a" {\n name = "xx"\n limit = 2\n}\noutput "found" { value = data.lab_lookup.a.found }'
    )
    assert '+ "xx"' in here.plan()
    assert here.apply().status == 0
    assert here.attributes()["lab_lookup.a"] == {"name": "xx", "limit": 2, "found": ["xx", "xx"]}


def test_a_data_source_waits_for_what_it_needs(lab: MakeLab) -> None:
    stored = lab(data_sources=(Finder,)).apply_cleanly(
        'resource "terraform_data" "a" { input = "later" }\n'
        'data "lab_lookup" "a" {\n name = terraform_data.a.output\n limit = 1\n}'
    )
    assert stored["lab_lookup.a"]["found"] == ["later"]


def test_a_data_source_points_at_what_is_wrong(lab: MakeLab) -> None:
    here = lab(data_sources=(Finder,))
    here.write('data "lab_lookup" "a" {\n limit = 1\n name = "missing"\n}')
    planned = here.plan()
    assert "Nothing has that name." in planned
    assert '9: name = "missing"' in planned
    here.write('data "lab_lookup" "a" { name = "x" }')
    assert "Invalid value for name" in here.plan()


class Join(Function):
    """Joins texts."""

    name = "join"
    summary = "Joins texts."
    parameters = (parameter("separator", str, "Between them."),)
    variadic = parameter("texts", str | None, "What to join.")
    returns = str

    def call(self, separator: str, *texts: str | None) -> str:
        if not separator:
            raise FunctionError("it must not be empty", argument=0)
        return separator.join(text or "" for text in texts)


class Shape(Function):
    name = "shape"
    parameters = (parameter("value", Any), parameter("by", dict[str, list[int]]))
    returns = Any

    def call(self, value: Any, by: dict[str, list[int]]) -> Any:
        return {"value": value, "total": sum(sum(items) for items in by.values())}


class Broken(Function):
    name = "broken"
    returns = str

    def call(self) -> str:
        raise RuntimeError("pipe burst")


def test_functions_are_called_with_python_values(lab: MakeLab) -> None:
    here = lab(functions=(Join, Shape))
    here.write(
        'output "a" { value = provider::lab::join("-", "x", null, "y") }\n'
        'output "b" { value = provider::lab::join("-") }\n'
        'output "c" { value = provider::lab::shape([1, "two"], { k = [3, 4] }) }'
    )
    assert here.apply().status == 0
    outputs = {name: output["value"] for name, output in here.state()["outputs"].items()}
    assert outputs == {"a": "x--y", "b": "", "c": {"value": [1, "two"], "total": 7}}


def test_a_function_points_at_the_argument_that_it_refuses(lab: MakeLab) -> None:
    here = lab(functions=(Join,))
    here.write('output "a" { value = provider::lab::join("", "x") }')
    assert 'Invalid value for "separator" parameter: it must not be empty.' in here.plan()


def test_a_function_that_crashes_is_reported_as_a_bug_in_no_words_of_python(lab: MakeLab) -> None:
    here = lab(functions=(Broken,))
    here.write('output "a" { value = provider::lab::broken() }')
    planned = here.plan()
    assert "bug in the" in planned
    assert all(each not in planned for each in ("RuntimeError", "pipe burst", "Traceback"))


class Secret(Model):
    name: str = attribute("")
    text: str = computed("", sensitive=True)


class Vault(EphemeralResource[Secret]):
    type_name = "lab_secret"
    model = Secret
    events: list[str] = []  # noqa: RUF012

    def open(self, config: Secret, ctx: Context) -> Secret:
        ctx.private["lease"] = f"lease of {config.name}"
        ctx.renew_at = datetime.now(UTC) + timedelta(hours=1)
        self.events.append("open")
        return config.model_copy(update={"text": f"the secret of {config.name}"})

    def close(self, ctx: Context) -> None:
        self.events.append(f"close {ctx.private['lease']}")


class Account(Model):
    id: str = computed("", inputs=())
    password: str | None = attribute("", write_only=True)
    password_version: int | None = attribute("")
    mirror: str | None = computed("", sensitive=True)


class AccountResource(resource_of(Account)):  # type: ignore[misc]
    passwords: list[str | None] = []  # noqa: RUF012

    def put(self, state: Any) -> Any:
        self.passwords.append(state.password)
        return super().put(state)


def test_a_secret_goes_from_an_ephemeral_resource_to_a_write_only_attribute(lab: MakeLab) -> None:
    Vault.events.clear()
    here = lab(resources=(AccountResource,), ephemeral_resources=(Vault,))
    stored = here.apply_cleanly(
        'ephemeral "lab_secret" "s" { name = "db" }\n'
        'resource "lab_thing" "a" {\n password = ephemeral.lab_secret.s.text\n password_version = 1\n}'
    )
    assert AccountResource.passwords == ["the secret of db"]
    assert stored["lab_thing.a"]["password"] is None
    assert "the secret" not in (here.folder / "terraform.tfstate").read_text()
    assert Vault.events.count("open") == Vault.events.count("close lease of db") > 0


def test_a_new_version_sends_the_write_only_value_again(lab: MakeLab) -> None:
    AccountResource.passwords.clear()
    here = lab(resources=(AccountResource,))
    here.apply_cleanly('resource "lab_thing" "a" {\n password = "one"\n password_version = 1\n}')
    here.apply_cleanly('resource "lab_thing" "a" {\n password = "two"\n password_version = 2\n}')
    assert AccountResource.passwords == ["one", "two"]


class Module(Model):
    """What a module says to the provider."""

    team: str | None = attribute("")


def test_what_a_module_says_in_provider_meta_reaches_the_hooks(lab: MakeLab) -> None:
    heard: list[tuple[str, Any]] = []

    class Listening(resource_of(Lookup)):  # type: ignore[misc]
        model = Account

        def plan(self, plan: Any, ctx: Context) -> None:
            heard.append(("plan", ctx.meta))

        def create(self, planned: Any, ctx: Context) -> Any:
            heard.append(("create", ctx.meta))
            return super().create(planned, ctx)

        def read(self, state: Any, ctx: Context) -> Any:
            heard.append(("read", ctx.meta))
            return super().read(state, ctx)

    here = lab(resources=(Listening,), meta_model=Module)
    here.write('terraform {\n provider_meta "lab" { team = "blue" }\n}\nresource "lab_thing" "a" {}', name="meta.tf")
    here.apply_cleanly("")
    assert {name for name, _ in heard} == {"plan", "create", "read"}
    assert {meta.team for _, meta in heard} == {"blue"}
    (here.folder / "meta.tf").write_text('resource "lab_thing" "a" {}')
    heard.clear()
    assert here.plan().status == 0
    assert heard[0][1] is None or heard[0][1].team is None
