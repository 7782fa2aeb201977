"""Nulls among the elements of collections, and values of the wrong type, in the words of HCL."""

import re
from typing import Any

import pytest
from pydantic import ValidationError, field_validator

from veil.plugin import UNKNOWN, Diagnostic, Model, attribute
from veil.plugin.schema.derive import derive_schema
from veil.plugin.schema.validation import _plain_message, validate


class Part(Model):
    name: str = attribute("")
    words: list[str] | None = attribute("")


class Thing(Model):
    words: list[str] | None = attribute("")
    distinct: frozenset[str] | None = attribute("", min_length=1)
    numbers: dict[str, int] | None = attribute("")
    flags: list[bool] | None = attribute("")
    deep: dict[str, list[dict[str, frozenset[str]]]] | None = attribute("")
    pair: tuple[str, int | None] | None = attribute("")
    parts: list[Part] | None = attribute("")
    named: dict[str, Part] | None = attribute("")
    tokens: dict[str, str] | None = attribute("", sensitive=True)
    open: list[str | None] | None = attribute("")
    anything: Any = attribute("", default=None)

    @field_validator("words", mode="before")
    @classmethod
    def _stripped(cls, words: Any) -> Any:
        return [each.strip() for each in words]


SCHEMA = derive_schema(Thing)


def check(**config: Any) -> list[Diagnostic]:
    return validate(Thing, SCHEMA.attributes, dict.fromkeys(SCHEMA.attributes) | config)


@pytest.mark.parametrize(
    ("config", "path", "says"),
    [
        ({"words": ["a", None]}, ("words", 1), "words[1] is null. Leave it out, or write a string."),
        ({"distinct": [None]}, ("distinct",), "An element of distinct is null. Leave it out, or write a string."),
        ({"numbers": {"a": None}}, ("numbers", "a"), 'numbers["a"] is null. Leave the key out, or write a number.'),
        ({"flags": [None]}, ("flags", 0), "flags[0] is null. Leave it out, or write true or false."),
        ({"deep": {"k": None}}, ("deep", "k"), 'deep["k"] is null. Leave the key out, or write [] for none.'),
        ({"deep": {"k": [None]}}, ("deep", "k"), 'deep["k"][0] is null. Leave it out, or write {} for none.'),
        (
            {"deep": {"k": [{"l": None}]}},
            ("deep", "k"),
            'deep["k"][0]["l"] is null. Leave the key out, or write [] for none.',
        ),
        ({"deep": {"k": [{"l": [None]}]}}, ("deep", "k"), 'An element of deep["k"][0]["l"] is null.'),
        ({"pair": [None, None]}, ("pair", 0), "pair[0] is null. Write a string."),
        ({"parts": [None]}, ("parts", 0), "parts[0] is null. Leave it out, or write an object."),
        (
            {"parts": [{"name": "a", "words": [None]}]},
            ("parts", 0, "words", 0),
            "parts[0].words[0] is null. Leave it out, or write a string.",
        ),
        ({"named": {"x.y": None}}, ("named", "x.y"), 'named["x.y"] is null. Leave the key out, or write an object.'),
        ({"tokens": {"secret": None}}, ("tokens", "secret"), "An element of it is null. Leave it out."),
    ],
)
def test_a_null_in_a_collection_is_named_and_nothing_else_is_said(
    config: dict[str, Any], path: tuple[str | int, ...], says: str
) -> None:
    (found,) = check(**config)
    assert tuple(found.path) == path
    assert found.detail.startswith(says)
    assert "secret" not in found.detail


def test_each_null_is_named() -> None:
    found = check(numbers={"a": None, "b": 1, "c": None}, parts=[None, {"name": "a", "words": None}, None])
    assert [each.detail.split(" is ")[0] for each in found] == ['numbers["a"]', 'numbers["c"]', "parts[0]", "parts[2]"]


@pytest.mark.parametrize(
    "config",
    [
        {"open": ["a", None]},
        {"pair": ["a", None]},
        {"anything": [None]},
        {"words": [UNKNOWN]},
        {"deep": {"k": UNKNOWN}},
    ],
)
def test_a_null_that_may_be_there_and_what_is_not_known_are_left_alone(config: dict[str, Any]) -> None:
    assert check(**config) == []


def test_a_null_attribute_of_an_element_is_required_where_it_is() -> None:
    (found,) = check(parts=[{"name": None, "words": None}])
    assert (found.summary, tuple(found.path)) == ("name is required", ("parts", 0, "name"))


PYTHON = re.compile(r"\b(dict|dictionary|frozenset|instance|tuple|None|Decimal|str|int|bool|Input|Thing|Part)\b", re.I)
WRONG: list[Any] = [
    "x",
    5,
    1.5,
    True,
    None,
    [5],
    ["x"],
    {"a": "x"},
    {"a": None},
    {5: 5},
    [[]],
    [{}],
    b"x",
    object(),
    "1e5",
]


def _named(value: object) -> str:
    """A name that is the same in every process: that of a plain object would be its address."""
    return "object" if type(value) is object else repr(value)


@pytest.mark.parametrize("value", WRONG, ids=_named)
@pytest.mark.parametrize("name", [each for each in SCHEMA.attributes if each != "words"])
def test_no_error_about_a_type_speaks_of_python(name: str, value: Any) -> None:
    """What Terraform itself lets through has the right type; should it not, people are told in
    their words.
    """
    try:
        Thing.model_validate({name: value})
    except ValidationError as error:
        for item in error.errors():
            said = _plain_message(item) or item["msg"]
            assert not PYTHON.search(said), item
