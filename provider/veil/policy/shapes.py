"""What kind of value an expression has, as far as comparing values goes."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from veil.language.tree import Boolean, Expression, Moment, NullValue, Number, Text
from veil.model import ColumnType, Family


class Shape(StrEnum):
    """The kinds of value that the policy language tells apart. Timestamps with a time zone are read at UTC."""

    TEXT = "text"
    INTEGER = "integer"
    NUMERIC = "numeric"
    DOUBLE = "floating-point number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    NULL = "null"
    ANY = "column of a lookup"
    OPAQUE = "value without comparisons"
    LOST = "value that cannot be decided"

    @property
    def is_number(self) -> bool:
        return self in (Shape.INTEGER, Shape.NUMERIC, Shape.DOUBLE)

    @property
    def is_moment(self) -> bool:
        return self in (Shape.DATE, Shape.TIMESTAMP)

    @property
    def is_open(self) -> bool:
        """Whether it goes with every other shape: NULL, what a problem made unknown, and a lookup's column, whose
        type only the warehouse knows.
        """
        return self in (Shape.NULL, Shape.ANY, Shape.LOST)


_SHAPES = {
    Family.SMALLINT: Shape.INTEGER,
    Family.INTEGER: Shape.INTEGER,
    Family.BIGINT: Shape.INTEGER,
    Family.NUMERIC: Shape.NUMERIC,
    Family.REAL: Shape.DOUBLE,
    Family.DOUBLE: Shape.DOUBLE,
    Family.BOOLEAN: Shape.BOOLEAN,
    Family.CHAR: Shape.TEXT,
    Family.VARCHAR: Shape.TEXT,
    Family.DATE: Shape.DATE,
    Family.TIMESTAMP: Shape.TIMESTAMP,
    Family.TIMESTAMPTZ: Shape.TIMESTAMP,
}


def shape_of(column_type: ColumnType) -> Shape:
    """The shape of a column's values."""
    return _SHAPES.get(column_type.family, Shape.OPAQUE)


def has_canonical_text(column_type: ColumnType) -> bool:
    """Whether values of the type have one text in which they are compared with what users hold, and hashed.

    Floating-point numbers print differently from server to server, and types without a shape in no agreed way.
    """
    return shape_of(column_type) not in (Shape.OPAQUE, Shape.DOUBLE)


def meet(left: Shape, right: Shape) -> bool:
    """Whether values of the two shapes can be compared as they are."""
    if Shape.OPAQUE in (left, right):
        return False
    if left.is_open or right.is_open or left is right:
        return True
    return (left.is_number and right.is_number) or (left.is_moment and right.is_moment)


_WHOLE = re.compile(r"[+-]?[0-9]{1,38}\Z")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,38}(\.[0-9]{0,37})?|\.[0-9]{1,37})([eE][+-]?[0-9]{1,2})?\Z")
_TIMESTAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?))?\Z")
_ZONE = re.compile(r" ?(Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)\Z")
_BITS = {Family.SMALLINT: 16, Family.INTEGER: 32, Family.BIGINT: 64}
_BOOLEANS = {"true": True, "t": True, "yes": True, "y": True, "1": True}
_BOOLEANS |= {"false": False, "f": False, "no": False, "n": False, "0": False}


def read(text: str, column_type: ColumnType) -> Expression | None:
    """Read a text as a literal of the type, as an SQL literal of it is read, or None where it cannot be."""
    text, family = text.strip(" "), column_type.family
    if family.is_integer:
        return _read_whole(text, _BITS[family])
    if family.is_number:
        found = Decimal(text) if _DECIMAL.match(text) else None
        return None if found is None or (family is Family.NUMERIC and not _is_numeric(found)) else Number(found)
    if family is Family.BOOLEAN:
        truth = _BOOLEANS.get(text.lower())
        return None if truth is None else Boolean(truth)
    return _read_moment(text, family) if family.is_moment else None


def _is_numeric(value: Decimal) -> bool:
    """Whether a NUMERIC holds the number to its last digit.

    Source: Amazon Redshift Developer Guide, "Numeric types".
    """
    decimals, whole = max(0, -int(value.as_tuple().exponent)), abs(int(value))
    return decimals <= 37 and decimals + (len(str(whole)) if whole else 0) <= 38


def _read_whole(text: str, bits: int) -> Number | None:
    if not _WHOLE.match(text):
        return None
    value = int(text)
    return Number(Decimal(value)) if -(1 << (bits - 1)) <= value < 1 << (bits - 1) else None


def _read_moment(text: str, family: Family) -> Moment | None:
    zone = _ZONE.search(text) if family is Family.TIMESTAMPTZ and len(text) > 10 else None
    found = _TIMESTAMP.match(text[: zone.start()] if zone else text)
    if not found or (family is Family.DATE and found[2]):
        return None
    try:
        if family is Family.DATE:
            return Moment("date", date.fromisoformat(found[1]).isoformat())
        head, _, fraction = (found[2] or "00:00").partition(".")
        moment = datetime.fromisoformat(f"{found[1]} {head}") + timedelta(microseconds=int(fraction.ljust(6, "0") or 0))
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


def literal_shape(literal: Text | Number | Boolean | NullValue | Moment) -> Shape:
    """The shape of a literal. A number without a decimal point that a BIGINT holds is an integer."""
    match literal:
        case Text():
            return Shape.TEXT
        case Boolean():
            return Shape.BOOLEAN
        case NullValue():
            return Shape.NULL
        case Moment(type=kind):
            return Shape.DATE if kind == "date" else Shape.TIMESTAMP
        case Number(value=value):
            whole = value.as_tuple().exponent == 0 and abs(value) < 2**63
            return Shape.INTEGER if whole else Shape.NUMERIC


def article(kind: str) -> str:
    """A kind of value with its article: `an integer`."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
