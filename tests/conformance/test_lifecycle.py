"""Import, upgrade, move, private state, failures half way."""

import json
from typing import Any, ClassVar

import pytest

from veil.plugin import Context, Model, MoveSource, Plan, PluginError, attribute, computed

from .conftest import Lab, MakeLab
from .things import Thing, ThingResource, resource_of


class Importable(resource_of(Thing)):  # type: ignore[misc]
    def import_state(self, name: str, /, ctx: Context) -> Any:
        if name == "nothing":
            raise PluginError("No such thing", "There is no thing of that name.")
        self.shelf[name] = Thing(id=name, name=f"named {name}")
        return Thing.partial(id=name)


def test_an_import_needs_only_the_identifier(lab: MakeLab) -> None:
    here = lab(resources=(Importable,))
    here.write('resource "lab_thing" "a" { name = "named x" }')
    imported = here.run("import", "-no-color", "lab_thing.a", "x")
    assert imported.status == 0, imported.output
    assert here.plan().status == 0
    assert here.attributes()["lab_thing.a"] == {"id": "x", "name": "named x"}


def test_an_import_block_generates_configuration_that_plans_empty(lab: MakeLab) -> None:
    here = lab(resources=(Importable,))
    here.write('import {\n to = lab_thing.a\n id = "x"\n}')
    assert here.run("plan", "-no-color", "-generate-config-out=made.tf").status == 0
    assert '"named x"' in (here.folder / "made.tf").read_text()
    assert here.apply().status == 0
    assert here.plan().status == 0


def test_an_import_of_nothing_is_explained(lab: MakeLab) -> None:
    here = lab(resources=(Importable,))
    here.write('resource "lab_thing" "a" {}')
    assert "There is no thing of that name." in here.run("import", "-no-color", "lab_thing.a", "nothing")


def test_a_resource_without_import_says_so(lab: MakeLab) -> None:
    here = lab(resources=(resource_of(Thing),))
    here.write('resource "lab_thing" "a" {}')
    imported = here.run("import", "-no-color", "lab_thing.a", "x")
    assert imported.status == 1
    assert "A lab_thing cannot be imported." in imported


class Keyed(Model):
    id: str = computed("", inputs=())
    key: str = attribute("")
    size: int = attribute("", default=1)


def store(
    here: Lab, version: int, attributes: dict[str, Any], kind: str = "lab_thing", provider: str = "test/lab"
) -> None:
    """Write a state file as an older release would have left it."""
    instance = {"schema_version": version, "attributes": attributes}
    address = f'provider["registry.terraform.io/{provider}"]' if "/" in provider else f'provider["{provider}"]'
    resource = {"mode": "managed", "type": kind, "name": "a", "provider": address, "instances": [instance]}
    state = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": "x",
        "outputs": {},
        "resources": [resource],
    }
    (here.folder / "terraform.tfstate").write_text(json.dumps(state, indent=2))


class Upgraded(resource_of(Keyed)):  # type: ignore[misc]
    schema_version = 3
    upgraders: ClassVar = {
        1: lambda old: {"id": old["id"], "key": old["name"]},
        2: lambda old: {**old, "size": old.get("size", 7)},
    }

    def read(self, state: Any, ctx: Context) -> Any:
        return state


def test_an_old_state_is_upgraded_step_by_step(lab: MakeLab) -> None:
    here = lab(resources=(Upgraded,))
    store(here, 1, {"id": "x", "name": "k"})
    stored = here.apply_cleanly('resource "lab_thing" "a" {\n key = "k"\n size = 7\n}')
    assert stored["lab_thing.a"] == {"id": "x", "key": "k", "size": 7}


def test_a_state_that_is_too_old_is_refused_with_a_way_out(lab: MakeLab) -> None:
    here = lab(resources=(Upgraded,))
    store(here, 0, {"id": "x"})
    here.write('resource "lab_thing" "a" { key = "k" }')
    planned = here.plan()
    assert planned.status == 1
    assert "has schema version 0, which this provider no longer reads" in planned


def test_an_upgrade_that_yields_nonsense_is_reported_as_a_bug(lab: MakeLab) -> None:
    class Wrong(Upgraded):
        upgraders: ClassVar = {2: lambda old: {"id": "x", "key": "k", "size": "many"}}

    here = lab(resources=(Wrong,))
    store(here, 2, {"id": "x"})
    here.write('resource "lab_thing" "a" { key = "k" }')
    assert "size: number is required, found a string" in here.plan()


class Movable(resource_of(Keyed)):  # type: ignore[misc]
    def move_state(self, source: MoveSource, ctx: Context) -> Any:
        if source.type_name != "terraform_data":
            return None
        return self.put(Keyed(id=source.state["id"], key=source.state["input"]["value"], size=1))


MOVED = 'resource "lab_thing" "a" { key = "k" }\nmoved {\n from = %s\n to = lab_thing.a\n}'


def test_a_resource_of_another_type_can_be_taken_over(lab: MakeLab) -> None:
    here = lab(resources=(Movable,))
    here.write('resource "terraform_data" "a" { input = "k" }')
    assert here.apply().status == 0
    before = here.attributes()["terraform_data.a"]["id"]
    stored = here.apply_cleanly(MOVED % "terraform_data.a")
    assert stored == {"lab_thing.a": {"id": before, "key": "k", "size": 1}}


def test_a_move_from_elsewhere_is_refused(lab: MakeLab) -> None:
    here = lab(resources=(resource_of(Keyed),))
    here.write('resource "terraform_data" "a" { input = "k" }')
    assert here.apply().status == 0
    here.write(MOVED % "terraform_data.a")
    planned = here.plan()
    assert "A terraform_data of terraform.io/builtin/terraform cannot become a lab_thing." in planned


def test_private_state_is_kept_and_not_shown(lab: MakeLab) -> None:
    seen: list[dict[str, str]] = []

    class Private(resource_of(Thing)):  # type: ignore[misc]
        def plan(self, plan: Plan[Any], ctx: Context) -> None:
            ctx.private["planned"] = "yes"

        def create(self, planned: Any, ctx: Context) -> Any:
            ctx.private["revision"] = "1"
            return super().create(planned, ctx)

        def read(self, state: Any, ctx: Context) -> Any:
            seen.append(dict(ctx.private))
            return super().read(state, ctx)

    here = lab(resources=(Private,))
    here.apply_cleanly('resource "lab_thing" "a" {}')
    assert seen[-1] == {"planned": "yes", "revision": "1"}
    assert "revision" not in json.dumps(here.attributes())


def test_a_create_that_fails_half_way_leaves_a_tainted_object(lab: MakeLab) -> None:
    class Failing(resource_of(Thing)):  # type: ignore[misc]
        fail = True

        def create(self, planned: Any, ctx: Context) -> Any:
            state = super().create(planned, ctx)
            if Failing.fail:
                ctx.partial(planned.model_copy(update={"id": state.id}))
                raise PluginError("Half done", "The second step failed.", path=("name",))
            return state

    here = lab(resources=(Failing,))
    here.write('resource "lab_thing" "a" { name = "n" }')
    failed = here.apply()
    assert failed.status == 1
    assert "Half done" in failed
    assert 'name = "n"' in failed
    assert here.state()["resources"][0]["instances"][0]["status"] == "tainted"
    Failing.fail = False
    assert "is tainted, so must be replaced" in here.plan()
    assert here.apply().status == 0
    assert here.plan().status == 0


def test_a_create_that_fails_at_once_leaves_nothing(lab: MakeLab) -> None:
    class Failing(resource_of(Thing)):  # type: ignore[misc]
        def create(self, planned: Any, ctx: Context) -> Any:
            raise PluginError("Refused")

    here = lab(resources=(Failing,))
    here.write('resource "lab_thing" "a" {}')
    assert here.apply().status == 1
    assert here.state()["resources"] == []


@pytest.mark.parametrize("method", ["update", "delete"])
def test_a_change_that_fails_keeps_the_prior_state(lab: MakeLab, method: str) -> None:
    def fail(self: ThingResource, *_arguments: Any) -> Any:
        raise PluginError("Refused")

    here = lab(resources=(resource_of(Thing, **{method: fail}),))
    here.write('resource "lab_thing" "a" { name = "n" }')
    assert here.apply().status == 0
    before = here.attributes()
    here.write('resource "lab_thing" "a" { name = "m" }' if method == "update" else "")
    assert here.apply().status == 1
    assert here.attributes() == before
