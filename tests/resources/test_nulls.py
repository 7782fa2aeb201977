"""A null among the elements of any list, set or map of any resource, at any depth, is answered in
the words of HCL.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.resources.test_names import models
from veil.plugin import UNKNOWN, Diagnostic, Model
from veil.plugin.schema.bindings import Binding, MapBinding, SequenceBinding, SetBinding
from veil.plugin.schema.declare import behaviour_of
from veil.plugin.schema.derive import derive_schema, settings_schema
from veil.plugin.schema.objects import ObjectBinding, bind_model
from veil.plugin.schema.validation import validate

KEY = "a key"
PYTHON = re.compile(
    r"\b(frozenset|set of|dict|dictionary|instance|NoneType|None|tuple|str|int|Model|Input)\b|[a-z][A-Z]"
)


def planted(binding: Binding, written: str = "") -> Iterator[tuple[str, Any]]:
    """Values of the binding with a null for one element, and how that element is written in HCL."""
    match binding:
        case ObjectBinding():
            for name, (python, inner) in binding.fields.items():
                if not behaviour_of(binding.model.model_fields[python]).get("only"):
                    for place, value in planted(inner, f"{written}.{name}".lstrip(".")):
                        yield place, {**dict.fromkeys(binding.fields), name: value}
        case MapBinding():
            place = f'{written}["{KEY}"]'
            yield place, {KEY: None}
            yield from ((deeper, {KEY: value}) for deeper, value in planted(binding.element, place))
        case SequenceBinding():
            yield f"{written}[0]", [None]
            yield from ((deeper, [value]) for deeper, value in planted(binding.element, f"{written}[0]"))
        case SetBinding():
            yield f"An element of {written}", [None]
            yield from ((deeper, [value]) for deeper, value in planted(binding.element, written))


def told(model: type[Model], config: Any) -> list[Diagnostic]:
    schema = settings_schema(model) if model.__name__ == "ProviderModel" else derive_schema(model)
    return validate(model, schema.attributes, config)


PLANTED = [(name, place, config) for name, model in models().items() for place, config in planted(bind_model(model))]


def test_nulls_are_planted_wherever_they_can_be() -> None:
    found = {(name, place) for name, place, _ in PLANTED}
    assert {
        ("resource veil_data_source", f'columns["{KEY}"]'),
        ("resource veil_data_source", f'An element of columns["{KEY}"].tags'),
        ("resource veil_user_profile", f'attributes["{KEY}"]'),
        ("resource veil_user_profiles", f'users["{KEY}"]'),
        ("resource veil_user_profiles", f'An element of users["{KEY}"].attributes["{KEY}"]'),
        ("resource veil_row_policy", "show.user_matches[0]"),
        ("resource veil_row_policy", "An element of show.value_in.values"),
        ("resource veil_row_policy", "An element of exceptions.attributes"),
        ("data veil_dbt_tags", f'meta_tags["{KEY}"]'),
    } <= found
    assert len(found) > 40


@pytest.mark.parametrize(("name", "place", "config"), PLANTED, ids=[f"{name} {place}" for name, place, _ in PLANTED])
def test_a_null_is_named_and_what_to_write_instead(name: str, place: str, config: Any) -> None:
    found = told(models()[name], config)
    about = [each for each in found if place in each.detail]
    assert len(about) == 1, found
    assert about[0].detail.startswith(f"{place} is null. Leave ")
    assert about[0].summary.startswith("Invalid value for ")
    assert about[0].path and about[0].path[0] in place.replace("An element of ", "")
    assert not any(PYTHON.search(f"{each.summary} {each.detail}") for each in found)
    same = [each for each in found if each.path[:1] == about[0].path[:1] and "is required" not in each.summary]
    assert same == about, "nothing else is said of it"


@pytest.mark.parametrize(("name", "place", "config"), PLANTED, ids=[f"{name} {place}" for name, place, _ in PLANTED])
def test_an_element_that_is_not_known_yet_is_not_judged(name: str, place: str, config: Any) -> None:
    found = told(models()[name], _replaced(config))
    assert [each for each in found if "null." in each.detail and "required" not in each.summary] == []
    assert not any(PYTHON.search(f"{each.summary} {each.detail}") for each in found)


def _replaced(value: Any) -> Any:
    """The value with what is planted made unknown; attributes that are not set stay so."""
    if isinstance(value, list):
        return [UNKNOWN if each is None else _replaced(each) for each in value]
    if isinstance(value, dict) and set(value) == {KEY}:
        return {KEY: UNKNOWN if value[KEY] is None else _replaced(value[KEY])}
    return {name: _replaced(each) for name, each in value.items()} if isinstance(value, dict) else value
