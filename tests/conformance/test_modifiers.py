"""What an attribute's declaration says about a change of it."""

import json
from collections.abc import Mapping
from typing import Any

from veil.plugin import Model, attribute, computed

from .conftest import MakeLab
from .things import resource_of


def same_json(old: str, new: str) -> bool:
    return bool(json.loads(old) == json.loads(new))


class Part(Model):
    code: str = attribute("", equivalent=lambda old, new: old.lower() == new.lower())


class Named(Model):
    note: str | None = attribute("")


def same_keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return {name.lower(): each for name, each in old.items()} == {name.lower(): each for name, each in new.items()}


class Thing(Model):
    id: str = computed("", inputs=())
    size: int = attribute("", default=1, requires_replace=lambda old, new: new < old)
    document: str = attribute("", default="{}", equivalent=same_json)
    digest: str = computed("", inputs=("document",))
    parts: list[Part] = attribute("", default=[])
    named: dict[str, Named] = attribute("", default={}, equivalent=same_keys)


class Careless(resource_of(Thing)):  # type: ignore[misc]
    """Returns every document in a spelling of its own, as many services do."""

    def computed(self, planned: Any) -> dict[str, Any]:
        return {"digest": "d", "document": json.dumps(json.loads(planned.document), indent=4)}

    def read(self, state: Any, ctx: Any) -> Any:
        found = super().read(state, ctx)
        parts = [Part(code=part.code.upper()) for part in found.parts]
        return found.model_copy(update={"document": json.dumps(json.loads(found.document)), "parts": parts})


def test_a_change_replaces_only_where_the_declaration_says_so(lab: MakeLab) -> None:
    here = lab(resources=(Careless,))
    first = here.apply_cleanly('resource "lab_thing" "a" { size = 3 }')["lab_thing.a"]
    grown = here.apply_cleanly('resource "lab_thing" "a" { size = 4 }')["lab_thing.a"]
    assert grown["id"] == first["id"]
    here.write('resource "lab_thing" "a" { size = 2 }')
    assert "4 -> 2 # forces replacement" in here.plan()
    here.write(
        'resource "terraform_data" "later" { input = 9 }\n'
        'resource "lab_thing" "a" { size = terraform_data.later.output }'
    )
    assert "# forces replacement" in here.plan()
    assert here.apply().status == 0
    assert here.attributes()["lab_thing.a"]["size"] == 9
    assert here.plan().status == 0


def test_what_means_the_same_is_no_change(lab: MakeLab) -> None:
    here = lab(resources=(Careless,))
    written = 'resource "lab_thing" "a" {\n document = "%s"\n parts = [{ code = "%s" }]\n}'
    stored = here.apply_cleanly(written % ('{\\"a\\":1}', "ab"))["lab_thing.a"]
    assert stored["document"] == '{"a":1}'
    assert stored["parts"] == [{"code": "ab"}]
    assert here.apply_cleanly(written % ('{ \\"a\\": 1 }', "Ab"))["lab_thing.a"] == stored
    here.write(written % ('{\\"a\\":2}', "ab"))
    planned = here.plan()
    assert planned.status == 2
    assert "digest" in planned
    assert "1 to change" in planned


def test_a_map_of_objects_whose_keys_mean_the_same_is_no_change(lab: MakeLab) -> None:
    here = lab(resources=(Careless,))
    written = 'resource "lab_thing" "a" {\n named = { %s = { note = "%s" } }\n}'
    stored = here.apply_cleanly(written % ("One", "x"))["lab_thing.a"]
    assert stored["named"] == {"One": {"note": "x"}}
    assert here.apply_cleanly(written % ("one", "x"))["lab_thing.a"] == stored
    assert here.apply_cleanly(written % ("one", "y"))["lab_thing.a"]["named"] == {"one": {"note": "y"}}
