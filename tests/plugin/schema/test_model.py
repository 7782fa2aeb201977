"""Models as Python objects."""

import pytest
from pydantic import ValidationError

from veil.plugin import UNKNOWN, Model, SchemaError, attribute, block, computed, is_known, wholly_known
from veil.plugin.schema.derive import derive_schema


class Part(Model):
    name: str = attribute("")
    size: int = attribute("", default=1, ge=0)
    tags: frozenset[str] = attribute("", default=[])
    note: str | None = attribute("")
    keyword: str | None = attribute("", alias="from")
    id: str = computed("")


class Whole(Model):
    part: Part = attribute("", default={"name": "p"})
    parts: dict[str, Part] = attribute("", default={})


def test_the_constructor_validates_and_fills_in() -> None:
    part = Part(name="n")
    assert (part.size, part.tags, part.note, part.id) == (1, frozenset(), None, None)
    with pytest.raises(ValidationError):
        Part(name="n", size=-1)
    with pytest.raises(ValidationError):
        Part()
    with pytest.raises(ValidationError):
        Part(name="n", nmae="n")


def test_a_nested_default_is_a_model() -> None:
    assert Whole().part == Part(name="p")


def test_an_alias_and_its_python_name_both_work() -> None:
    assert Part(name="n", keyword="k") == Part(**{"name": "n", "from": "k"})


def test_a_partial_instance_holds_what_it_is_given_and_none() -> None:
    part = Part.partial(id="x", name=UNKNOWN)
    assert part.id == "x"
    assert not is_known(part.name)
    assert part.size is None
    assert part.keyword is None


def test_models_with_equal_attributes_are_one_element_of_a_set() -> None:
    assert len({Whole(parts={"a": Part(name="n")}), Whole(parts={"a": Part(name="n")}), Whole()}) == 2


def test_an_unknown_value_cannot_be_taken_for_true_or_false() -> None:
    with pytest.raises(TypeError, match="not known until apply"):
        bool(UNKNOWN)


def test_an_unknown_value_is_found_at_any_depth() -> None:
    assert wholly_known(Whole(parts={"a": Part(name="n")}))
    assert not wholly_known(Whole.partial(parts={"a": Part.partial(name=UNKNOWN)}))
    assert not wholly_known([{"a": (1, frozenset({UNKNOWN}))}])
    assert is_known([UNKNOWN])
    assert not is_known(UNKNOWN)


class Early(Model):
    parts: list["Late"] = block("")
    note: "Late | None" = attribute("")


class Late(Model):
    key: str = attribute("")


class Endless(Model):
    children: list["Endless"] = attribute("")


class Lost(Model):
    part: "Nowhere" = attribute("")  # type: ignore[name-defined]  # noqa: F821


def test_a_model_may_name_one_that_is_defined_after_it() -> None:
    assert Early().parts == []
    assert Early(parts=[{"key": "k"}]).parts == [Late(key="k")]
    attributes = derive_schema(Early).attributes
    assert attributes["parts"].nested is not None
    assert attributes["note"].optional


def test_a_model_may_name_one_of_the_same_function() -> None:
    class Inner(Model):
        key: str = attribute("")

    class Outer(Model):
        inner: "list[Inner]" = attribute("")

    assert derive_schema(Outer).attributes["inner"].nested is not None


def test_a_model_that_cannot_be_expressed_is_named() -> None:
    with pytest.raises(SchemaError, match="Endless contains itself"):
        derive_schema(Endless)
    with pytest.raises(SchemaError, match="Lost: nothing is called 'Nowhere'"):
        derive_schema(Lost)
