"""Values as they lie in the state file."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veil.plugin.codec import CodecError, decode_json
from veil.plugin.values.raw import Typed
from veil.plugin.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)

from .strategies import TYPES


def test_numbers_of_any_size_are_read_exactly() -> None:
    text = "[1, 123456789012345678901234567890, 0.1, 1e30, 12345678901234567890.123456789]"
    assert decode_json(text, ListType(NUMBER)) == [
        1,
        123456789012345678901234567890,
        Decimal("0.1"),
        10**30,
        Decimal("12345678901234567890.123456789"),
    ]


def test_an_object_lacks_nothing() -> None:
    kind = ObjectType({"a": STRING, "b": ObjectType({"c": BOOL})})
    assert decode_json('{"b": {}}', kind) == {"a": None, "b": {"c": None}}


def test_whitespace_and_nulls_are_read() -> None:
    assert decode_json(b' {\n "a" : null }\n', ObjectType({"a": STRING})) == {"a": None}
    assert decode_json("null", STRING) is None


def test_a_dynamic_value_is_an_object_of_type_and_value() -> None:
    text = json.dumps({"type": ["object", {"a": "number"}], "value": {"a": 1}})
    assert decode_json(text, DYNAMIC) == Typed(ObjectType({"a": NUMBER}), {"a": 1})


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("{", STRING, "the stored value is not valid JSON"),
        ("NaN", NUMBER, "the stored value is not valid JSON"),
        ("[" * 100_000, STRING, "the stored value is not valid JSON"),
        ('"5"', NUMBER, "number is required, found a string"),
        ('{"a": 1}', ObjectType({"a": STRING}), "a: string is required, found a number"),
        ('{"b": 1}', ObjectType({"a": STRING}), "unsupported attribute 'b'"),
        ('{"value": 1}', DYNAMIC, "a dynamic value must have exactly a type and a value"),
        ('{"value": 1, "type": "integer"}', DYNAMIC, '"integer" is not a Terraform type'),
        ("[1]", TupleType((NUMBER, NUMBER)), "a tuple of 2 elements is required, found 1"),
        ("{}", SetType(STRING), "a sequence is required, found a map"),
        ("[]", MapType(STRING), "a map or an object is required, found a sequence"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(text: str, kind: Type, message: str) -> None:
    with pytest.raises(CodecError) as refused:
        decode_json(text, kind)
    assert str(refused.value) == message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, TYPES)
def test_arbitrary_json_is_a_value_or_a_codec_error(data: Any, kind: Type) -> None:
    try:
        decode_json(json.dumps(data), kind)
    except CodecError as error:
        assert str(error)
