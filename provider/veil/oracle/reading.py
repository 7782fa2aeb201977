"""Reading a text as a value of a column's type, as an SQL literal of that type is read."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from veil.model import ColumnType, Family
from veil.oracle.values import Value, at_utc, fits_text, is_numeric, number_as

_WHOLE = re.compile(r"[+-]?[0-9]+\Z")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?\Z")
_ZONE = re.compile(r" ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)\Z")
_LARGEST_OFFSET = "15:59"
"""The engines read no offset above it; the largest in use is 14 hours."""
_TRUE, _FALSE = frozenset({"true", "t", "yes", "y", "1"}), frozenset({"false", "f", "no", "n", "0"})


def read(text: str, kind: ColumnType) -> Value:
    """The value that the text stands for in a column of this type; None where it stands for
    none.
    """
    if kind.family.is_text:
        return text if fits_text(text, kind) else None
    reader = _READERS.get(kind.family)
    return reader(text.strip(" "), kind) if reader else None


def _number(text: str, kind: ColumnType) -> Value:
    pattern = _WHOLE if kind.family.is_integer else _DECIMAL
    if not pattern.match(text):
        return None
    if kind.family.is_integer and not -(1 << 63) <= int(text) < 1 << 63:
        return None
    return number_as(Decimal(text), kind)


def read_exact(text: str) -> Decimal | None:
    """The number that the text stands for, with all its decimals; None where no NUMERIC holds
    it.
    """
    text = text.strip(" ")
    number = Decimal(text) if _DECIMAL.match(text) else None
    return number if number is not None and is_numeric(number) else None


def _boolean(text: str, kind: ColumnType) -> Value:
    folded = text.lower()
    return True if folded in _TRUE else False if folded in _FALSE else None


def _date(text: str, kind: ColumnType) -> Value:
    return _parsed(date.fromisoformat, text) if _DATE.match(text) else None


def _timestamp(text: str, kind: ColumnType) -> Value:
    return _parsed(datetime.fromisoformat, _padded(text)) if _TIMESTAMP.match(text) else None


def _timestamptz(text: str, kind: ColumnType) -> Value:
    """Without a zone the text is at UTC."""
    zone = _ZONE.search(text) if len(text) > 10 else None
    moment = _timestamp(text[: zone.start()] if zone else text, kind)
    if not isinstance(moment, datetime):
        return None
    if zone is None or zone[1] in ("Z", "UTC"):
        return moment.replace(tzinfo=UTC)
    offset = _offset(zone[1])
    if offset[1:] > _LARGEST_OFFSET:
        return None
    shifted = _parsed(datetime.fromisoformat, moment.isoformat() + offset)
    return at_utc(shifted).replace(tzinfo=UTC) if isinstance(shifted, datetime) else None


def _offset(zone: str) -> str:
    digits = zone[1:].replace(":", "")
    return f"{zone[0]}{digits[:2]}:{digits[2:] or '00'}"


def _padded(text: str) -> str:
    """With the six digits of fraction that Python 3.11 reads on every release."""
    head, dot, fraction = text.partition(".")
    return f"{head}.{fraction.ljust(6, '0')}" if dot else head


def _parsed(parse: Callable[[str], date], text: str) -> date | None:
    try:
        return parse(text)
    except (ValueError, InvalidOperation, OverflowError):
        return None


_READERS: dict[Family, Callable[[str, ColumnType], Value]] = {
    Family.SMALLINT: _number,
    Family.INTEGER: _number,
    Family.BIGINT: _number,
    Family.NUMERIC: _number,
    Family.REAL: _number,
    Family.DOUBLE: _number,
    Family.BOOLEAN: _boolean,
    Family.DATE: _date,
    Family.TIMESTAMP: _timestamp,
    Family.TIMESTAMPTZ: _timestamptz,
}
