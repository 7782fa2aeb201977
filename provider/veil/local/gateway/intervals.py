"""Intervals between the server, which has one type of them, and clients, for which Redshift has
two.

INTERVAL YEAR TO MONTH is a number of months, INTERVAL DAY TO SECOND a number of microseconds.
Source: Amazon Redshift Database Developer Guide, "Interval data types and literals"
(r_interval_data_types); type numbers and binary forms: Amazon's drivers (redshift_connector,
utils/oids.py and utils/type_utils.py).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from veil.local.gateway import wire

INTERVAL = 1186
YEAR_TO_MONTH, DAY_TO_SECOND = 1188, 1190
SIZES = {YEAR_TO_MONTH: 4, DAY_TO_SECOND: 8}
"""The bytes of a value, by type."""

_MONTHS = 0b110  # the fields YEAR and MONTH of an interval's type modifier (PostgreSQL, utils/timestamp.h)
_FIELDS = 0x7FFF
_DAY = 86_400_000_000  # microseconds
_SERVER = struct.Struct(">qii")  # microseconds, days, months
_MONTHS_ALONE = struct.Struct(">i")
_MICROSECONDS_ALONE = struct.Struct(">q")
_BOUND_TO_MICROSECONDS = (-(2**63), 2**63 - 1)


def redshift_type(modifier: int) -> int:
    """The number of Redshift's type for an interval of this type modifier; that of INTERVAL where
    it names no fields.
    """
    if modifier < 0:
        return INTERVAL
    fields = (modifier >> 16) & _FIELDS
    if fields == _FIELDS:
        return INTERVAL
    return DAY_TO_SECOND if fields & ~_MONTHS else YEAR_TO_MONTH


def from_server(value: bytes, kind: int) -> bytes:
    """A binary value of the server's as Redshift sends one of this type."""
    microseconds, days, months = _SERVER.unpack(value)
    if kind == YEAR_TO_MONTH:
        return _MONTHS_ALONE.pack(months)
    least, most = _BOUND_TO_MICROSECONDS
    return _MICROSECONDS_ALONE.pack(min(max(microseconds + days * _DAY, least), most))


def to_server(value: bytes, kind: int) -> bytes:
    """A binary value of a client's as the server takes it.

    Raises:
        ValueError: it has not the size of its type.
    """
    if len(value) != SIZES[kind]:
        raise ValueError("an interval has another size")
    if kind == YEAR_TO_MONTH:
        return _SERVER.pack(0, 0, *_MONTHS_ALONE.unpack(value))
    # Whole days go apart, as the server's own texts of an interval have them.
    (microseconds,) = _MICROSECONDS_ALONE.unpack(value)
    days = abs(microseconds) // _DAY * (1 if microseconds >= 0 else -1)
    return _SERVER.pack(microseconds - days * _DAY, days, 0)


def parsed(whole: bytes, at: int) -> tuple[bytes, dict[int, int]]:
    """The types of a Parse message's parameters, which begin at `at`, as the server knows them; and
    which are intervals.

    Raises:
        ValueError: the message is malformed.
    """
    types = bytearray(whole[at:])
    intervals: dict[int, int] = {}
    for number in range(wire.read_word(whole, at)):
        kind = wire.read_length(types, 2 + 4 * number)
        if kind in SIZES:
            intervals[number] = kind
            types[2 + 4 * number : 6 + 4 * number] = INTERVAL.to_bytes(4, "big")
    return bytes(types), intervals


def bound(whole: bytes, bind: wire.Bound, kinds: Mapping[int, int]) -> bytes:
    """A Bind message with its binary intervals as the server takes them. `kinds` are the types by
    the parameters' numbers.

    Raises:
        ValueError: a value has not the size of its type.
    """
    values = b"".join(
        wire.value(
            to_server(one, kinds[number])
            if one is not None and number in kinds and wire.format_of(bind.formats, number) == 1
            else one
        )
        for number, one in enumerate(bind.values)
    )
    return wire.message(b"B", whole[5 : bind.begin] + values + whole[bind.end :])
