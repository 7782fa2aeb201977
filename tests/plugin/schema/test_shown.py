"""Models from what `terraform show -json` tells of a plan."""

import json
from decimal import Decimal

import pytest

from veil.plugin import UNKNOWN, Model, attribute, from_shown


class Inner(Model):
    """Something nested."""

    tags: frozenset[str] = attribute("Tags.", default=frozenset())


class Thing(Model):
    """A thing."""

    name: str = attribute("Its name.")
    size: int | None = attribute("How large it is.")
    inner: Inner | None = attribute("What is in it.")
    parts: dict[str, Inner] = attribute("Its parts.", default={})


def shown(values: str, unknown: object = False) -> Thing:
    return from_shown(Thing, json.loads(values, parse_float=Decimal), unknown)


def test_what_is_told_is_what_it_was():
    found = shown('{"name": "a", "size": 3, "inner": {"tags": ["x"]}, "parts": {"p": {"tags": []}}}')
    assert (found.name, found.size, found.inner, found.parts) == ("a", 3, Inner(tags={"x"}), {"p": Inner()})


def test_what_is_left_out_is_null():
    assert shown('{"name": "a"}').inner is None


def test_a_value_is_unknown_where_the_plan_says_so_at_any_depth():
    found = shown('{"name": "a", "parts": {"p": {"tags": null}}}', {"size": True, "parts": {"p": {"tags": True}}})
    assert found.size is UNKNOWN
    assert found.parts["p"].tags is UNKNOWN
    assert found.name == "a"


def test_one_element_of_a_list_may_be_unknown():
    found = shown('{"name": "a", "inner": {"tags": ["x", null]}}', {"inner": {"tags": [False, True]}})
    assert found.inner is not None
    assert found.inner.tags == {"x", UNKNOWN}


def test_nothing_is_unknown_where_the_shape_alone_is_told():
    assert shown('{"name": "a", "inner": null}', {"inner": {"tags": []}, "parts": {}}).inner is None


def test_attributes_of_another_schema_are_refused():
    with pytest.raises(ValueError, match="unsupported attribute 'colour'"):
        shown('{"name": "a", "colour": "red"}')
