"""What an author forgot is named."""

from typing import Any

import pytest

from veil.plugin import Model, PluginError, Provider, Resource, SchemaError, attribute, computed
from veil.plugin.api.context import Context
from veil.plugin.calls.registry import Registry
from veil.plugin.lifecycle.plan import Planner
from veil.plugin.schema.derive import derive_schema
from veil.plugin.schema.objects import bind_model


class Thing(Model):
    id: str = computed("", inputs=())
    name: str = attribute("")


class Fixed(Resource[Thing]):
    type_name = "lab_fixed"
    model = Thing


def registry(*parts: Any) -> Registry:
    return Registry(type("Lab", (Provider,), {"name": "lab", "resources": parts})())


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (type("Nameless", (Resource,), {"model": Thing}), "Nameless has no type_name, which every resource type needs"),
        (type("Shapeless", (Resource,), {"type_name": "lab_x"}), "Shapeless has no model"),
        (Fixed(), "is not a class"),
    ],
)
def test_a_part_that_lacks_something_is_named(part: Any, expected: str) -> None:
    with pytest.raises(SchemaError, match=expected):
        registry(part).resources()


def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.raises(PluginError, match="Two parts are called 'lab_fixed'"):
        registry(Fixed, type("Other", (Fixed,), {})).resources()


def test_a_change_in_place_that_nobody_can_make_is_refused_by_the_plan() -> None:
    planner = Planner(Fixed(), derive_schema(Thing), bind_model(Thing), Context())
    prior, wanted = {"id": "x", "name": "a"}, {"id": "x", "name": "b"}
    (problem,) = planner.change(wanted, {"id": None, "name": "b"}, prior).problems
    assert "Fixed has no update()" in str(problem)
    assert not planner.change(prior, {"id": None, "name": "a"}, prior).problems


@pytest.mark.parametrize("method", ["create", "read", "delete"])
def test_a_method_that_is_missing_is_named(method: str) -> None:
    with pytest.raises(NotImplementedError, match=rf"Fixed has no {method}\(\)"):
        getattr(Fixed(), method)(None, Context())
