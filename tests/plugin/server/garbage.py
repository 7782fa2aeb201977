"""Requests that no Terraform sends: wrong types, missing parts, depths, sizes, and bytes without a
meaning.
"""

from random import Random
from typing import Any

import msgpack

from veil.plugin.calls.table import CALLS
from veil.plugin.wire import tfplugin6_pb2 as pb

UNKNOWN = msgpack.ExtType(0, b"\x00")
REFINED = msgpack.ExtType(12, msgpack.packb({1: False, 2: "pre-"}))
DEPTHS = (10, 400, 5_000, 100_000)
LEAVES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**63, 2**64 - 1, -(2**63), 0.1, float("nan"), float("inf"), 1e308),
    *("", "x", "1e5", "1e999999999999", "-1e-999999999999", "NaN", "sNaN", "Infinity", "0x10", "1_000", "9" * 6000),
    *(b"\xff\xfe", b"", UNKNOWN, REFINED, msgpack.ExtType(12, b"\xc1"), msgpack.ExtType(99, b"abc")),
    *([], {}, {1: 2}, {b"\xff": 1}, {None: 1}, {True: 1}, "x" * 5000, "e\u0301"),
)
TYPES = (
    *(
        b'"string"',
        b'"dynamic"',
        b'["list","string"]',
        b'["object",{"a":"number"}]',
        b'["tuple",[]]',
        b'["set","dynamic"]',
    ),
    *(b"nope", b'["list"]', b"{}", b'["object",{"a":"number"},["b",1]]', b"[" * 100, '"string"', 5),
)
JSON = (
    *(
        b"",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b"nope",
        b'{"id":NaN}',
        b'{"id":"x"}',
        b'{"text":5,"id":{}}',
        b"\xff",
        b"1" * 10_000,
    ),
    *(b'{"id":"\\ud800"}', b"[" * 100_000),
)
TEXTS = ("", "nope", "x" * 100_000, "\0", "é")
INNER = {"key": "k", "rank": None, "token": None}
WIDE = {
    **{"id": None, "text": "abc", "flag": True, "whole": 3, "real": "0.1", "exact": "1.5", "color": "red", "mode": "a"},
    **{"words": ["a"], "tags": ["t"], "labels": {"a": ["b"]}, "pair": ["a", 1], "anything": [b'"string"', "x"]},
    **{"one": INNER, "several": [INNER], "distinct": [{"key": "k", "weight": 1}], "named": {"a": INNER}},
    **{"derived": None, "secret": "s", "hidden": "h", "rule": [INNER], "limit": None},
    "loose": [b'["tuple",[["object",{"value":"string"}]]]', [{"value": "x"}]],
}
SETTINGS = {"host": "h", "port": 1}


class Garbage:
    """Draws requests for the provider in ``wide``; the same ``seed`` draws the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def request(self) -> tuple[str, bytes]:
        """The name of a procedure, and something to call it with."""
        name = self.random.choice(list(CALLS))
        if self.random.random() < 0.05:
            return name, self.random.randbytes(self.random.randrange(60))
        message = getattr(pb, name).Request()
        self._fill(message, name)
        return name, message.SerializeToString()

    def _fill(self, message: Any, call: str) -> None:
        for field in message.DESCRIPTOR.fields:
            if self.random.random() < 0.05:
                continue
            if field.name == "arguments":
                message.arguments.extend(self._dynamic(call) for _ in range(self.random.randrange(5)))
            elif field.name == "flatmap":
                message.flatmap.update({"a": "b"} if self.random.random() < 0.1 else {})
            elif field.message_type is not None and field.message_type.name == "DynamicValue":
                getattr(message, field.name).CopyFrom(self._dynamic(call))
            elif field.message_type is not None:
                self._fill(getattr(message, field.name), call)
            else:
                setattr(message, field.name, self._scalar(field, call))

    def _scalar(self, field: Any, call: str) -> Any:
        if field.type == field.TYPE_STRING:
            usual = "wide_lease" if "Ephemeral" in call else "echo" if call == "CallFunction" else "wide_thing"
            return usual if self.random.random() < 0.9 else self.random.choice(TEXTS)
        if field.type == field.TYPE_BYTES:
            return self.random.choice(JSON)
        return self.random.random() < 0.5 if field.type == field.TYPE_BOOL else self.random.choice([0, 1, 2, 2**62])

    def _dynamic(self, call: str) -> pb.DynamicValue:
        match self.random.randrange(30):
            case 0:
                return pb.DynamicValue()
            case 1:
                return pb.DynamicValue(msgpack=self.random.randbytes(self.random.randrange(60)))
            case 2:
                return pb.DynamicValue(msgpack=b"\x91" * self.random.choice(DEPTHS) + b"\xc0")
            case 3:
                return pb.DynamicValue(json=self.random.choice(JSON))
            case 4 | 5:
                return pb.DynamicValue(msgpack=msgpack.packb(None))
        packed = bytearray(msgpack.packb(self._altered(SETTINGS if "Provider" in call else WIDE)))
        if self.random.random() < 0.1:
            packed[self.random.randrange(len(packed))] = self.random.randrange(256)
        return pb.DynamicValue(msgpack=bytes(packed))

    def _altered(self, whole: dict[str, Any]) -> Any:
        """``whole``, or something like it."""
        copy = dict(whole)
        match self.random.randrange(10):
            case 0:
                return self._value()
            case 1:
                del copy[self.random.choice(list(copy))]
            case 2:
                copy["stranger"] = self._value()
            case _:
                for _ in range(self.random.randrange(3)):
                    copy[self.random.choice(list(copy))] = self._value()
        return copy

    def _value(self, depth: int = 0) -> Any:
        kind = self.random.random()
        if depth > 4 or kind < 0.5:
            return self.random.choice(LEAVES)
        if kind < 0.7:
            return [self._value(depth + 1) for _ in range(self.random.randrange(4))]
        if kind < 0.8:
            return [self.random.choice(TYPES), self._value(depth + 1)]
        names = ["key", "rank", "token", "text", "weight", "value", "stranger", ""]
        return {self.random.choice(names): self._value(depth + 1) for _ in range(self.random.randrange(4))}
