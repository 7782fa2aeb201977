"""Text literals read as what they are compared with."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from veil.language.tree import Boolean, Expression, Moment, Number
from veil.model import ColumnType, Family

_WHOLE = re.compile(r"[+-]?[0-9]{1,38}\Z")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,38}(\.[0-9]{0,37})?|\.[0-9]{1,37})([eE][+-]?[0-9]{1,2})?\Z")
_TIMESTAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?))?\Z")
_ZONE = re.compile(r" ?(Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)\Z")
_BITS = {Family.SMALLINT: 16, Family.INTEGER: 32, Family.BIGINT: 64}
_BOOLEANS = {"true": True, "t": True, "yes": True, "y": True, "1": True}
_BOOLEANS |= {"false": False, "f": False, "no": False, "n": False, "0": False}


def read(text: str, column_type: ColumnType) -> Expression | None:
    """Read a string as a literal of the type, as an SQL literal of it is read, or None where it
    cannot be.
    """
    text, family = text.strip(" "), column_type.family
    if family.is_integer:
        return _read_whole(text, _BITS[family])
    if family.is_number:
        number = Decimal(text) if _DECIMAL.match(text) else None
        return None if number is None or (family is Family.NUMERIC and not _is_numeric(number)) else Number(number)
    if family is Family.BOOLEAN:
        truth = _BOOLEANS.get(text.lower())
        return None if truth is None else Boolean(truth)
    return _read_moment(text, family) if family.is_moment else None


def decimals(number: Decimal) -> int:
    """How many decimals a number is written with."""
    return max(0, -int(number.as_tuple().exponent))


def _is_numeric(value: Decimal) -> bool:
    """Whether a NUMERIC holds the number to its last digit.

    Source: Amazon Redshift Developer Guide, "Numeric types".
    """
    scale, whole = decimals(value), abs(int(value))
    return scale <= 37 and scale + (len(str(whole)) if whole else 0) <= 38


def _read_whole(text: str, bits: int) -> Number | None:
    if not _WHOLE.match(text):
        return None
    value = int(text)
    return Number(Decimal(value)) if -(1 << (bits - 1)) <= value < 1 << (bits - 1) else None


def _read_moment(text: str, family: Family) -> Moment | None:
    zone = _ZONE.search(text) if family is Family.TIMESTAMPTZ and len(text) > 10 else None
    match = _TIMESTAMP.match(text[: zone.start()] if zone else text)
    if not match or (family is Family.DATE and match[2]):
        return None
    try:
        if family is Family.DATE:
            return Moment("date", date.fromisoformat(match[1]).isoformat())
        head, _, fraction = (match[2] or "00:00").partition(".")
        moment = datetime.fromisoformat(f"{match[1]} {head}") + timedelta(microseconds=int(fraction.ljust(6, "0") or 0))
        if zone and zone[1][0] in "+-":
            moment -= _offset(zone[1])
    except (ValueError, OverflowError):
        return None
    return Moment("timestamp", moment.isoformat(sep=" "))


def _offset(zone: str) -> timedelta:
    digits = zone[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 15 or minutes > 59:
        raise ValueError(zone)
    size = timedelta(hours=hours, minutes=minutes)
    return -size if zone[0] == "-" else size
