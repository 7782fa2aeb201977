"""Dynamic values inside collections: those of blocks may differ in type, all others may not."""

from typing import Any

import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from veil.plugin.codec import CodecError, decode_json, decode_msgpack, encode_msgpack
from veil.plugin.values.raw import Typed, equal
from veil.plugin.values.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, ObjectType, SetType, Type
from veil.plugin.values.unknown import UNKNOWN

from .strategies import values

BLOCK = ObjectType(
    {"name": STRING, "value": DYNAMIC, "list": ListType(DYNAMIC), "deep": ListType(ObjectType({"x": DYNAMIC}))}
)
INNER = ObjectType({"any": DYNAMIC, "more": ListType(BLOCK, loose=True)})
SCHEMA = ObjectType({"several": ListType(INNER, loose=True), "named": MapType(BLOCK, loose=True), "one": BLOCK})


def block(**members: Any) -> dict[str, Any]:
    return {"name": None, "value": None, "list": None, "deep": None} | members


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(values(SCHEMA))
def test_blocks_with_dynamic_values_survive_the_way_there_and_back(value: Any) -> None:
    assert equal(decode_msgpack(encode_msgpack(value, SCHEMA), SCHEMA), value, SCHEMA)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(values(BLOCK), max_size=3))
def test_several_blocks_may_differ_in_type(items: list[Any]) -> None:
    kind = ListType(BLOCK, loose=True)
    assert equal(decode_msgpack(encode_msgpack(items, kind), kind), items, kind)


def test_they_travel_as_a_tuple_in_which_nothing_is_wrapped() -> None:
    kind = ListType(ObjectType({"value": DYNAMIC}), loose=True)
    encoded = encode_msgpack([{"value": Typed(STRING, "a")}, {"value": Typed(BOOL, True)}, {"value": None}], kind)
    written, plain = msgpack.unpackb(encoded)
    assert (
        written
        == b'["tuple",[["object",{"value":"string"}],["object",{"value":"bool"}],["object",{"value":"dynamic"}]]]'
    )
    assert plain == [{"value": "a"}, {"value": True}, {"value": None}]


def test_labelled_ones_travel_as_an_object() -> None:
    kind = MapType(ObjectType({"value": DYNAMIC}), loose=True)
    written, plain = msgpack.unpackb(encode_msgpack({"k": {"value": Typed(NUMBER, 1)}}, kind))
    assert written == b'["object",{"k":["object",{"value":"number"}]}]'
    assert plain == {"k": {"value": 1}}


def test_they_are_read_from_a_state_as_well() -> None:
    kind = ListType(ObjectType({"value": DYNAMIC}), loose=True)
    stored = '{"type": ["tuple", [["object", {"value": ["list", "string"]}]]], "value": [{"value": ["a"]}]}'
    assert decode_json(stored, kind) == [{"value": Typed(ListType(STRING), ["a"])}]


@pytest.mark.parametrize(
    "encoded",
    [
        [b'["tuple",["string"]]', ["a"]],
        [b'["object",{}]', {}],
        [b'"string"', "a"],
        [b'["tuple",[["object",{"other":"string"}]]]', [{"other": "a"}]],
        ["x"],
    ],
)
def test_something_else_than_blocks_is_refused(encoded: Any) -> None:
    with pytest.raises(CodecError):
        decode_msgpack(msgpack.packb(encoded), ListType(ObjectType({"value": DYNAMIC}), loose=True))


TEXT, FLAG = Typed(STRING, "a"), Typed(BOOL, True)


@pytest.mark.parametrize(
    ("kind", "value", "path"),
    [
        (ListType(DYNAMIC), [TEXT, FLAG], ()),
        (MapType(DYNAMIC), {"a": TEXT, "b": FLAG}, ()),
        (SetType(DYNAMIC), [TEXT, FLAG], ()),
        (ObjectType({"x": ListType(DYNAMIC)}), {"x": [TEXT, FLAG]}, ("x",)),
        (ObjectType({"x": ListType(ListType(DYNAMIC))}), {"x": [[], [TEXT, FLAG]]}, ("x", 1)),
        (ListType(ObjectType({"x": DYNAMIC})), [{"x": TEXT}, {"x": FLAG}], ()),
        (ListType(ObjectType({"x": DYNAMIC})), [{"x": TEXT}, {"x": None}], ()),
    ],
    ids=str,
)
def test_other_collections_of_several_types_would_kill_terraform_and_are_refused(
    kind: Type, value: Any, path: tuple[Any, ...]
) -> None:
    with pytest.raises(CodecError, match="must all have the same type") as refused:
        encode_msgpack(value, kind)
    assert refused.value.path == path


@pytest.mark.parametrize("value", [[TEXT, TEXT], [TEXT, None], [UNKNOWN, TEXT], [None], []], ids=str)
def test_elements_of_one_type_pass(value: Any) -> None:
    assert encode_msgpack(value, ListType(DYNAMIC))
