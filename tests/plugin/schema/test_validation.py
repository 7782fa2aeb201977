"""A configuration is checked as far as it is known, and errors point at their place."""

from decimal import Decimal
from typing import Any, Literal

import pytest
from pydantic import field_validator, model_validator

from veil.plugin import UNKNOWN, Diagnostic, Model, attribute, computed
from veil.plugin.schema.derive import derive_schema
from veil.plugin.schema.validation import validate


class Range(Model):
    low: int = attribute("")
    high: int = attribute("", default=10, le=100)

    @model_validator(mode="after")
    def _ordered(self) -> "Range":
        if self.low > self.high:
            raise ValueError("low must not exceed high")
        return self


class Thing(Model):
    id: str = computed("")
    name: str = attribute("", min_length=2)
    mode: Literal["all", "any"] = attribute("", default="all")
    password: str | None = attribute("", sensitive=True, min_length=8)
    words: list[str] | None = attribute("")
    listed: frozenset[str] | None = attribute("", min_length=1, max_length=2)
    one: Range | None = attribute("")
    several: list[Range] | None = attribute("")
    distinct: frozenset[Range] | None = attribute("")
    named: dict[str, Range] | None = attribute("")
    anything: Any = attribute("", default=None)

    @field_validator("name")
    @classmethod
    def _lower(cls, name: str) -> str:
        if name != name.lower():
            raise ValueError("names are in lower case")
        return name

    @field_validator("words", mode="before")
    @classmethod
    def _stripped(cls, words: Any) -> Any:
        return [word.strip() for word in words]

    @model_validator(mode="after")
    def _together(self) -> "Thing":
        if self.mode == "any" and not self.words:
            raise ValueError('mode "any" needs words')
        return self


SCHEMA = derive_schema(Thing)


def check(**config: Any) -> list[Diagnostic]:
    complete = dict.fromkeys(SCHEMA.attributes) | {"name": "nn"} | config
    return validate(Thing, SCHEMA.attributes, complete)


def one(**config: Any) -> tuple[tuple[str | int, ...], str]:
    (found,) = check(**config)
    return tuple(found.path), f"{found.summary}: {found.detail}"


def test_a_sound_configuration_has_nothing_to_say() -> None:
    assert check() == []
    assert check(one={"low": 1, "high": None}, words=["a"], mode="any") == []


def test_a_constraint_names_what_was_found() -> None:
    assert one(name="n") == (("name",), 'Invalid value for name: It must have at least 2 characters. Found: "n".')


@pytest.mark.parametrize(("items", "says"), [([], "It must not be empty."), (["a", "b", "c"], "at most 2 items.")])
def test_a_length_is_told_in_words_and_not_in_types(items: list[str], says: str) -> None:
    path, message = one(listed=items)
    assert path == ("listed",) and message.endswith(says)


def test_allowed_values_are_listed() -> None:
    assert one(mode="some") == (("mode",), "Invalid value for mode: It must be 'all' or 'any'. Found: \"some\".")


def test_a_required_attribute_that_is_null_is_said_to_be_required() -> None:
    assert one(name=None) == (("name",), "name is required: It must be set to a value that is not null.")


def test_the_words_of_a_validator_are_the_detail() -> None:
    assert one(name="UP") == (("name",), "Invalid value for name: names are in lower case.")


def test_a_model_validator_speaks_for_the_whole() -> None:
    assert one(mode="any") == ((), 'Invalid configuration: mode "any" needs words.')


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({"one": {"low": 20, "high": None}}, ("one",)),
        ({"one": {"low": 1, "high": 101}}, ("one", "high")),
        ({"several": [{"low": 1, "high": None}, {"low": 1, "high": 101}]}, ("several", 1, "high")),
        ({"named": {"a b": {"low": 1, "high": 101}}}, ("named", "a b", "high")),
        ({"distinct": [{"low": 1, "high": 101}]}, ("distinct",)),
        ({"words": ["a", "b"], "name": "x"}, ("name",)),
    ],
)
def test_paths_lead_as_deep_as_terraform_can_follow(config: dict[str, Any], path: tuple[str | int, ...]) -> None:
    assert one(**config)[0] == path


def test_a_secret_is_not_repeated() -> None:
    path, text = one(password="short")
    assert path == ("password",)
    assert "short" not in text


@pytest.mark.parametrize(
    "config",
    [
        {"name": UNKNOWN},
        {"mode": UNKNOWN},
        {"mode": "any", "words": UNKNOWN},
        {"words": ["a", UNKNOWN]},
        {"one": UNKNOWN},
        {"one": {"low": UNKNOWN, "high": 5}},
        {"one": {"low": 20, "high": UNKNOWN}},
        {"several": [UNKNOWN]},
        {"named": {"a": UNKNOWN}},
        {"distinct": [UNKNOWN, {"low": UNKNOWN, "high": None}]},
        {"password": UNKNOWN},
    ],
)
def test_what_is_not_known_is_not_judged(config: dict[str, Any]) -> None:
    assert check(**config) == []


def test_what_is_known_is_judged_beside_what_is_not() -> None:
    found = check(name=UNKNOWN, several=[{"low": UNKNOWN, "high": 101}, {"low": 20, "high": 2}])
    assert [tuple(item.path) for item in found] == [("several", 0, "high"), ("several", 1)]


def test_a_bug_in_a_validator_is_not_mistaken_for_a_wrong_configuration() -> None:
    with pytest.raises(AttributeError):
        check(words=[5])


@pytest.mark.parametrize("number", ["1e999999999", "-1e999999999", "1.5"])
def test_a_number_that_is_no_int_is_refused_without_writing_it_out(number: str) -> None:
    config = {
        **dict.fromkeys(derive_schema(Thing).attributes),
        "name": "nn",
        "several": [{"low": Decimal(number), "high": 3}],
    }
    (found,) = validate(Thing, derive_schema(Thing).attributes, config)
    assert found.path == ("several", 0, "low")
