"""Values of rows: their one text, and whether a column can hold them.

The text of a value is what user values are compared with, what is hashed and what decides
percentages. Types without such a text (SUPER, REAL, TIME, ...) give None, and whatever needs it is
unknown.
"""

import math
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal

from veil.model import ColumnType, Family


@dataclass(frozen=True, slots=True)
class Unevaluated:
    """What a user's function would give, which nobody has run."""

    call: str

    def __str__(self) -> str:
        return f"what {self.call} gives"


Value = None | str | int | Decimal | float | bool | date | datetime | Unevaluated

EXACT = Context(prec=200)
"""Wide enough that no sum or product of NUMERIC(38) values is ever rounded."""

_INTEGER_BITS = {Family.SMALLINT: 16, Family.INTEGER: 32, Family.BIGINT: 64}
_DEFAULT_TEXT_LENGTH = {Family.VARCHAR: 256, Family.CHAR: 1}
_DEFAULT_PRECISION = 18
_DIGITS = {Family.SMALLINT: 5, Family.INTEGER: 10, Family.BIGINT: 19}
MOST_DIGITS = 38
_REAL_LIMIT, _REAL_STEP = 1e37, 2.0**-122
_CERTAIN_DIGITS, _BELOW_ROUNDING = 17, Decimal("0.999999999999999")
"""From so many digits on a NUMERIC has a place for all 15 of a DOUBLE, which round it up above this
share of the limit.
"""


def rtrim(text: str) -> str:
    """Without trailing spaces, which Redshift ignores when it compares."""
    return text.rstrip(" ")


def at_utc(moment: date | datetime) -> datetime:
    """The naive UTC timestamp of a date (its midnight), a naive timestamp (UTC already) or an aware
    one.
    """
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def timestamp_text(moment: datetime) -> str:
    """`YYYY-MM-DD HH24:MI:SS` at UTC, and what there is of a fraction: `10:00:00.5`, as a cast to
    VARCHAR writes it.
    """
    return at_utc(moment).isoformat(sep=" ", timespec="microseconds").rstrip("0").rstrip(".")


def rounded(value: Decimal, scale: int) -> Decimal:
    """Rounded half away from zero to `scale` decimals, as NUMERIC rounds; NUMERIC has no negative
    zero.
    """
    nearest = value.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP, context=EXACT)
    return nearest if nearest else nearest.copy_abs()


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
    if isinstance(value, Unevaluated):
        return None
    if family.is_integer:
        return str(int(value)) if value == int(value) else None
    if family is Family.NUMERIC:
        return f"{rounded(Decimal(value), kind.scale or 0):f}"
    return None


def fits_text(text: str, kind: ColumnType) -> bool:
    """Whether a CHAR or VARCHAR column holds this text: `length` counts bytes of UTF-8, and CHAR
    holds ASCII only.

    Source: Amazon Redshift Developer Guide, "Character types".
    """
    if kind.family is Family.CHAR and not text.isascii():
        return False
    return len(text.encode()) <= text_length(kind)


def text_length(kind: ColumnType) -> int:
    """How many bytes a text column holds."""
    return kind.length or _DEFAULT_TEXT_LENGTH[kind.family]


def is_numeric(value: Decimal) -> bool:
    """Whether a NUMERIC can hold the number to its last digit."""
    scale = max(0, -int(value.as_tuple().exponent))
    whole = abs(int(value))
    return scale < MOST_DIGITS and scale + (len(str(whole)) if whole else 0) <= MOST_DIGITS


def number_as(value: Decimal | int | float, kind: ColumnType, source: ColumnType | None = None) -> Value:
    """A number as a value of a number column, rounded half away from zero to its scale; None where
    out of range.

    `source` is the type that the number has, for one that it has filled to the last of 38 digits:
    where rounding would add another digit, Redshift could not hold that, and it is None.
    """
    if kind.family is Family.REAL:
        is_single = source is not None and source.family is Family.REAL
        return float(value) if is_single else _as_real(float(value))
    if kind.family is Family.DOUBLE:
        return float(value) if math.isfinite(value) else None
    if isinstance(value, float):
        return _floating_as(value, kind)
    exact, scale = Decimal(value), 0 if kind.family.is_integer else kind.scale or 0
    if carries(exact, scale, source):
        return None
    return _in_range(rounded(exact, scale), kind)


def _in_range(held: Decimal, kind: ColumnType) -> Value:
    if kind.family.is_integer:
        limit = 1 << (_INTEGER_BITS[kind.family] - 1)
        return int(held) if -limit <= held < limit else None
    return held if held.copy_abs() < Decimal(10 ** digits_of(kind)) else None


def carries(value: Decimal, decimals: int, source: ColumnType | None, step: Decimal | None = None) -> bool:
    """Whether rounding to so many decimals, or adding the step, could take a NUMERIC of all 38
    digits beyond those.
    """
    if source is None or source.family is not Family.NUMERIC or (source.scale or 0) <= decimals:
        return False
    room = MOST_DIGITS - (source.scale or 0)
    limit = EXACT.subtract(Decimal(10**room), Decimal(5).scaleb(-decimals - 1) if step is None else step)
    return digits_of(source) >= room and 0 < limit <= value.copy_abs()


def digits_of(kind: ColumnType) -> int:
    """How many digits before the point Redshift gives a number of this type in exact arithmetic."""
    if kind.family is Family.NUMERIC:
        return (kind.precision or _DEFAULT_PRECISION) - (kind.scale or 0)
    return _DIGITS[kind.family]


def _floating_as(value: float, kind: ColumnType) -> Value:
    """A floating-point number as an exact one: by its first 15 digits as a NUMERIC, by its own as
    an integer.
    """
    if not math.isfinite(value):
        return None
    if kind.family.is_integer:
        return _in_range(rounded(Decimal(value), 0), kind) if abs(value) < 2.0**64 else None
    precision, scale = kind.precision or _DEFAULT_PRECISION, kind.scale or 0
    share = _BELOW_ROUNDING if precision >= _CERTAIN_DIGITS else Decimal(1)
    limit = EXACT.multiply(Decimal(10 ** (precision - scale)), share)
    if abs(value) >= float(limit):
        return None
    return _in_range(rounded(Decimal(f"{value:.15g}"), scale), kind)


def _as_real(value: float) -> float | None:
    """The nearest number of single precision, from 1e-37 to 1e37 in size; nearer to 0 only steps of
    2^-122 are left.
    """
    if not abs(value) < _REAL_LIMIT:
        return None
    return single(math.trunc(value / _REAL_STEP) * _REAL_STEP)


def single(value: float) -> float:
    """The nearest number of single precision."""
    nearest: float = struct.unpack("<f", struct.pack("<f", value))[0]
    return nearest
