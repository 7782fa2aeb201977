"""Values of rows: their one text, and whether a column can hold them.

The text of a value is what user values are compared with, what is hashed and what decides percentages. Types without
such a text (SUPER, REAL, TIME, ...) give None, and whatever needs it is unknown.
"""

import math
import struct
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal

from veil.model import ColumnType, Family

Value = None | str | int | Decimal | float | bool | date | datetime

EXACT = Context(prec=200)
"""Wide enough that no sum or product of NUMERIC(38) values is ever rounded."""

_INTEGER_BITS = {Family.SMALLINT: 16, Family.INTEGER: 32, Family.BIGINT: 64}
_DEFAULT_TEXT_LENGTH = {Family.VARCHAR: 256, Family.CHAR: 1}
_DEFAULT_PRECISION = 18
_LARGEST_REAL = (2 - 2**-23) * 2.0**127


def rtrim(text: str) -> str:
    """Without trailing blanks, which Redshift ignores when it compares."""
    return text.rstrip(" ")


def at_utc(moment: date | datetime) -> datetime:
    """The naive UTC timestamp of a date (its midnight), a naive timestamp (UTC already) or an aware one."""
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def timestamp_text(moment: datetime) -> str:
    """`YYYY-MM-DD HH24:MI:SS` at UTC, and what there is of a fraction: `10:00:00.5`, as a cast to VARCHAR writes it."""
    return at_utc(moment).isoformat(sep=" ", timespec="microseconds").rstrip("0").rstrip(".")


def rounded(value: Decimal, scale: int) -> Decimal:
    """Rounded half away from zero to `scale` decimals, as NUMERIC rounds; NUMERIC has no negative zero."""
    found = value.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP, context=EXACT)
    return found if found else abs(found)


def text_of(value: Value, kind: ColumnType) -> str | None:
    """The one text of a value of this type; None for NULL, and for every type that has none."""
    family = kind.family
    if value is None:
        return None
    if isinstance(value, bool) or family is Family.BOOLEAN:
        return ("true" if value else "false") if isinstance(value, bool) and family is Family.BOOLEAN else None
    if isinstance(value, str):
        return rtrim(value) if family.is_text else None
    if isinstance(value, datetime):
        return timestamp_text(value) if family in (Family.TIMESTAMP, Family.TIMESTAMPTZ) else None
    if isinstance(value, date):
        return value.isoformat() if family is Family.DATE else None
    if family.is_integer:
        return str(int(value)) if value == int(value) else None
    if family is Family.NUMERIC:
        return f"{rounded(Decimal(value), kind.scale or 0):f}"
    return None


def fits_text(text: str, kind: ColumnType) -> bool:
    """Whether a CHAR or VARCHAR column holds this text: `length` counts bytes of UTF-8, and CHAR holds ASCII only.

    Source: Amazon Redshift Developer Guide, "Character types".
    """
    if kind.family is Family.CHAR and not text.isascii():
        return False
    return len(text.encode()) <= (kind.length or _DEFAULT_TEXT_LENGTH[kind.family])


def number_as(value: Decimal | int | float, kind: ColumnType) -> Value:
    """A number as a value of a number column, rounded half away from zero to its scale; None where out of range."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        if kind.family is Family.DOUBLE:
            return value
        if kind.family is Family.REAL:
            return _single(value) if abs(value) <= _LARGEST_REAL else None
    if kind.family in (Family.DOUBLE, Family.REAL):
        return number_as(float(value), kind)
    exact = Decimal(value)
    if kind.family.is_integer:
        whole = int(rounded(exact, 0))
        limit = 1 << (_INTEGER_BITS[kind.family] - 1)
        return whole if -limit <= whole < limit else None
    precision, scale = kind.precision or _DEFAULT_PRECISION, kind.scale or 0
    held = rounded(exact, scale)
    return held if abs(held) < Decimal(10) ** (precision - scale) else None


def _single(value: float) -> float:
    """The nearest number of single precision."""
    found: float = struct.unpack("<f", struct.pack("<f", value))[0]
    return found
