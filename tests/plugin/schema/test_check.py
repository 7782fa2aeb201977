"""Checks across attributes run as soon as what they read is known, and read nothing else."""

from typing import Any

import pytest
from pydantic import ValidationError

from veil.plugin import UNKNOWN, Diagnostic, InvalidValueError, Model, SchemaError, attribute, block, check, is_known
from veil.plugin.schema.derive import derive_schema
from veil.plugin.schema.validation import validate


class Range(Model):
    low: int = attribute("")
    high: int = attribute("", default=10, ge=0)
    name: str | None = attribute("")

    @check("low", "high")
    def _ordered(self) -> None:
        if self.low > self.high:
            raise ValueError("low must not exceed high")


class Named(Range):
    label_: str | None = attribute("", alias="label")

    @check(given=["label_"])
    def _has_a_label(self) -> None:
        if self.label_ is None:
            raise InvalidValueError("every range has a label", ("label",), "A label is missing")


class Thing(Model):
    id: str | None = attribute("")
    mode: str = attribute("", default="plain")
    one: Range | None = attribute("")
    several: list[Range] | None = attribute("")
    distinct: frozenset[Range] | None = attribute("")
    mapped: dict[str, Named] | None = attribute("")
    rules: list[Range] = block("")
    left: str | None = attribute("")
    right: str | None = attribute("")

    @check("mode", given=["one"])
    def _strict_needs_one(self) -> None:
        if self.mode == "strict" and self.one is None:
            raise ValueError('mode "strict" needs one')

    @check(partly=["left", "right"])
    def _not_both(self) -> None:
        if all(is_known(each) and each is not None for each in (self.left, self.right)):
            raise ValueError("left or right")

    @check("several")
    def _few(self) -> None:
        if len(self.several or ()) > 2:
            raise ValueError("two at most")


SCHEMA = derive_schema(Thing)


def found(**config: Any) -> list[tuple[tuple[str | int, ...], str]]:
    complete = dict.fromkeys(SCHEMA.attributes) | {"rules": []} | config
    told: list[Diagnostic] = validate(Thing, SCHEMA.attributes, complete)
    return [(tuple(each.path), each.detail) for each in told]


def span(low: Any, high: Any = None, name: Any = None, **more: Any) -> dict[str, Any]:
    return {"low": low, "high": high, "name": name, **more}


WRONG = ((), "low must not exceed high.")


def at(*path: str | int) -> tuple[tuple[str | int, ...], str]:
    return path, "low must not exceed high."


@pytest.mark.parametrize("name", ["n", None, UNKNOWN])
def test_what_a_check_does_not_read_does_not_matter(name: Any) -> None:
    assert found(id=UNKNOWN, one=span(5, 3, name), left=UNKNOWN) == [at("one")]


def test_a_check_waits_for_everything_that_it_reads() -> None:
    assert found(one=span(5, UNKNOWN)) == found(one=span(UNKNOWN, 3)) == found(one=UNKNOWN, mode="strict") == []


def test_a_default_counts_as_what_stands_there() -> None:
    assert found(one=span(11)) == [at("one")]


def test_whether_something_is_given_is_known_before_what_is_in_it() -> None:
    assert found(mode="strict", one=span(UNKNOWN)) == []
    assert found(mode="strict", id=UNKNOWN) == [((), 'mode "strict" needs one.')]


def test_a_check_may_say_what_can_be_said_of_the_unknown() -> None:
    assert found(left="l", right="r") == [((), "left or right.")]
    assert found(left="l", right=UNKNOWN) == []


def test_elements_are_checked_beside_unknown_ones() -> None:
    bad, good = span(5, 3, UNKNOWN), span(1, 3)
    assert found(several=[UNKNOWN, bad]) == [at("several", 1)]
    assert found(distinct=[UNKNOWN, bad, good]) == [at("distinct")]
    assert found(rules=[span(UNKNOWN), bad]) == [at("rules", 1)]
    assert found(mapped={"a": UNKNOWN, "b": span(5, 3, label=UNKNOWN)}) == [at("mapped", "b")]


def test_a_check_is_inherited_and_may_name_its_place() -> None:
    told = validate(
        Thing,
        SCHEMA.attributes,
        dict.fromkeys(SCHEMA.attributes) | {"rules": [], "mapped": {"a": span(UNKNOWN, label=None)}},
    )
    assert [(tuple(each.path), each.summary) for each in told] == [(("mapped", "a", "label"), "A label is missing")]


def test_what_is_wrong_by_itself_is_not_told_twice() -> None:
    assert [path for path, _ in found(one=span(5, -1))] == [("one", "high")]
    assert [path for path, _ in found(several=[span(1), span(5, 3), span(1)])] == [("several", 1)]


def test_a_constructor_runs_the_checks_of_what_it_is_given() -> None:
    with pytest.raises(ValidationError, match="low must not exceed high"):
        Named(low=5, high=3, label="x")
    with pytest.raises(ValidationError, match="every range has a label"):
        Named(low=1)
    assert Named(low=1, label="x").high == 10


def test_a_check_reads_no_more_than_it_declares() -> None:
    class Sly(Model):
        name: str = attribute("")
        other: str = attribute("")

        @check("name")
        def _sly(self) -> None:
            if self.name == self.other:
                raise ValueError("alike")

    with pytest.raises(AttributeError, match="other"):
        Sly(name="a", other="b")


def test_a_check_of_something_that_is_no_attribute_is_the_authors_mistake() -> None:
    class Lost(Model):
        name: str = attribute("")

        @check("nmae")
        def _lost(self) -> None: ...

    with pytest.raises(SchemaError, match=r"Lost\._lost: the check reads 'nmae'"):
        derive_schema(Lost)
