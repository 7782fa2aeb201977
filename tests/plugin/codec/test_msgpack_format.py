"""Values on the wire, in Terraform's spelling of msgpack."""

from decimal import Decimal
from typing import Any

import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from veil.plugin.codec import CodecError, decode_msgpack, encode_msgpack
from veil.plugin.values.raw import Typed, equal
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
    decode_type,
)
from veil.plugin.values.unknown import UNKNOWN

from .strategies import TYPES, typed_values

PERSON = ObjectType({"name": STRING, "age": NUMBER})


def packed(value: Any) -> bytes:
    return bytes(msgpack.packb(value, use_bin_type=True))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(typed_values())
def test_what_is_encoded_decodes_to_the_same_value(typed: tuple[Type, Any]) -> None:
    kind, value = typed
    assert equal(decode_msgpack(encode_msgpack(value, kind), kind), value, kind)


@given(TYPES)
def test_a_type_survives_its_json_form(kind: Type) -> None:
    assert decode_type(kind.encode()) == kind


@settings(deadline=None)
@given(st.binary(max_size=60), TYPES)
def test_arbitrary_bytes_are_a_value_or_a_codec_error(data: bytes, kind: Type) -> None:
    try:
        value = decode_msgpack(data, kind)
    except CodecError:
        return
    encode_msgpack(value, kind)


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        (0, 0),
        (2**63 - 1, 2**63 - 1),
        ("9223372036854775808", 2**63),
        (0.5, Decimal("0.5")),
        ("0.1", Decimal("0.1")),
        ("0.0000001", Decimal("1e-7")),
        ("1" + "0" * 30, 10**30),
        (3.0, 3),
        ("123456789012345678901234567890.123456789", Decimal("123456789012345678901234567890.123456789")),
        (float("inf"), Decimal("Infinity")),
    ],
)
def test_numbers_are_read_in_every_form_that_terraform_sends(sent: Any, number: Any) -> None:
    value = decode_msgpack(packed(sent), NUMBER)
    assert value == number
    assert type(value) is type(number)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (5, 5),
        (-(2**63), -(2**63)),
        (-(2**63) - 1, "-9223372036854775809"),
        (2**64 - 1, 2**64 - 1),
        (2**64, "18446744073709551616"),
        (Decimal("0.1"), "0.1"),
        (Decimal("1e-7"), "0.0000001"),
        (Decimal("5.000"), 5),
        (Decimal("1e999999"), "1E+999999"),
        (Decimal("-Infinity"), float("-inf")),
    ],
)
def test_numbers_are_sent_without_losing_a_digit(number: Any, expected: Any) -> None:
    assert msgpack.unpackb(encode_msgpack(number, NUMBER)) == expected


def test_an_unknown_value_is_extension_zero() -> None:
    assert encode_msgpack(UNKNOWN, STRING) == bytes.fromhex("d40000")
    assert decode_msgpack(bytes.fromhex("d40000"), STRING) is UNKNOWN


def test_a_refined_unknown_value_is_unknown() -> None:
    refinement = packed({1: False, 2: "pre-"})
    assert decode_msgpack(packed(msgpack.ExtType(12, refinement)), STRING) is UNKNOWN


def test_unknown_values_may_be_anywhere_and_more_than_once() -> None:
    data = packed([msgpack.ExtType(0, b"\0"), "a", msgpack.ExtType(12, packed({1: False}))])
    assert decode_msgpack(data, SetType(STRING)) == [UNKNOWN, "a", UNKNOWN]


def test_a_dynamic_value_carries_its_type() -> None:
    kind = ListType(STRING)
    encoded = encode_msgpack(Typed(kind, ["a"]), DYNAMIC)
    assert msgpack.unpackb(encoded) == [b'["list","string"]', ["a"]]
    assert decode_msgpack(encoded, DYNAMIC) == Typed(kind, ["a"])


def test_a_dynamic_null_may_come_with_or_without_a_type() -> None:
    assert decode_msgpack(packed(None), DYNAMIC) is None
    assert decode_msgpack(packed([b'"string"', None]), DYNAMIC) == Typed(STRING, None)


def test_keys_are_sorted_whatever_order_they_came_in() -> None:
    backwards = {"name": "x", "age": 1}
    assert list(msgpack.unpackb(encode_msgpack(backwards, PERSON))) == ["age", "name"]
    assert list(msgpack.unpackb(encode_msgpack({"b": 1, "a": 2}, MapType(NUMBER)))) == ["a", "b"]


def test_text_may_come_as_bytes() -> None:
    assert decode_msgpack(packed(b"abc"), STRING) == "abc"


def test_nothing_is_null() -> None:
    assert decode_msgpack(b"", PERSON) is None


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        (5, STRING, "string is required, found a number"),
        ("yes", BOOL, "bool is required, found a string"),
        (1, BOOL, "bool is required, found a number"),
        (True, NUMBER, "number is required, found a bool"),
        ("many", NUMBER, "'many' is not a number"),
        (float("nan"), NUMBER, "not a number"),
        ({"name": "x"}, PERSON, "attribute 'age' is missing"),
        ({"name": "x", "age": 1, "extra": 2}, PERSON, "unsupported attribute 'extra'"),
        ({"name": 1, "age": 1}, PERSON, "name: string is required, found a number"),
        ([["a", 1]], ListType(ListType(STRING)), "[0][1]: string is required, found a number"),
        ({"k": [1, 2]}, MapType(TupleType((NUMBER,))), "k: a tuple of 1 elements is required, found 2"),
        ("abc", ListType(STRING), "a sequence is required, found a string"),
        ([1], MapType(NUMBER), "a map or an object is required, found a sequence"),
        ({1: "x"}, MapType(STRING), "a name is required, found a number"),
        ("x", DYNAMIC, "a dynamic value must be a pair of type and value"),
        ([b"nonsense", 1], DYNAMIC, "the type of a dynamic value is not JSON"),
        ([b'["list"]', 1], DYNAMIC, '["list"] is not a Terraform type'),
        ([b'"string"', 1], DYNAMIC, "string is required, found a number"),
        (b"\xff", STRING, "the string is not valid UTF-8"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_its_place(value: Any, kind: Type, message: str) -> None:
    with pytest.raises(CodecError) as refused:
        decode_msgpack(packed(value), kind)
    assert str(refused.value) == message


def test_no_message_repeats_the_value() -> None:
    with pytest.raises(CodecError) as refused:
        decode_msgpack(packed({"password": 12345}), ObjectType({"password": STRING}))
    assert "12345" not in str(refused.value)


@pytest.mark.parametrize(
    "data", [b"\xc1", b"\x81\xa1a", packed("a") + b"\x00", b"\x91" * 5000, b"\xdd\xff\xff\xff\xff"]
)
def test_broken_msgpack_is_refused_cleanly(data: bytes) -> None:
    with pytest.raises(CodecError, match="not valid msgpack"):
        decode_msgpack(data, STRING)


def test_a_type_nested_without_end_is_refused_cleanly() -> None:
    deep = b'["list",' * 100_000
    with pytest.raises(CodecError):
        decode_msgpack(packed([deep, 1]), DYNAMIC)


def test_text_that_is_not_unicode_is_not_sent() -> None:
    with pytest.raises(CodecError, match="cannot be encoded as UTF-8"):
        encode_msgpack("\ud800", STRING)


def test_the_path_of_an_error_leads_to_the_place() -> None:
    kind = ObjectType({"rules": ListType(ObjectType({"keep": NUMBER}))})
    with pytest.raises(CodecError) as refused:
        decode_msgpack(packed({"rules": [{"keep": 1}, {"keep": "x y"}]}), kind)
    assert refused.value.path == ("rules", 1, "keep")
