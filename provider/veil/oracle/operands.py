"""Typed values: what the parts of an expression evaluate to, and how two of them compare.

The interpreter types values by itself, and shares neither the types nor the tables of the
typechecker, on purpose: an error in those must show as a difference between what it sees and what a
view shows.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from veil.language.tree import Comparator
from veil.model import ColumnType, Family
from veil.oracle.lengths import LONGEST, Length, of_bytes
from veil.oracle.logic import Truth
from veil.oracle.reading import read, read_exact
from veil.oracle.values import EXACT, MOST_DIGITS, Value, at_utc, rtrim, text_length, text_of


class Group(Enum):
    """Types that may be compared with each other."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    MOMENT = "date or timestamp"


TEXT = ColumnType(Family.VARCHAR)
WHOLE = ColumnType(Family.BIGINT)
INTEGER = ColumnType(Family.INTEGER)
DOUBLE = ColumnType(Family.DOUBLE)
BOOLEAN = ColumnType(Family.BOOLEAN)
DATE = ColumnType(Family.DATE)
TIMESTAMP = ColumnType(Family.TIMESTAMP)
_COMPARATORS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_LONGEST_NAME = 256
"""Bytes of a user's name."""


def numeric(digits: int, scale: int) -> ColumnType:
    """A NUMERIC with so many digits before the point, and so many decimals."""
    return ColumnType(Family.NUMERIC, precision=digits + scale, scale=scale)


@dataclass(frozen=True, slots=True)
class Operand:
    """A value and its type. Without a type it is a NULL as written.

    `literal` marks a text as written in the expression: compared with another type, it is read as
    that type. A NUMERIC that is `computed` compares, but has no one text unless it is cast.
    An exact number that is `of_lookup`, a column of one, compares with a text by its own text.
    `length` is how long a text can get. What is not `decided` is unknown because a part of the
    expression means nothing here, and not because of any value: nothing may be made of its being
    unknown.
    """

    value: Value = None
    type: ColumnType | None = None
    literal: bool = False
    decided: bool = True
    computed: bool = False
    of_lookup: bool = False
    extent: Length | None = None

    @property
    def length(self) -> Length:
        """How long the text can get."""
        if self.extent is not None:
            return self.extent
        size = len(self.value.encode()) if isinstance(self.value, str) else 0
        return of_bytes(size) if self.literal else Length(LONGEST, size)

    @property
    def group(self) -> Group | None:
        family = self.type.family if self.type else Family.OTHER
        if family.is_text:
            return Group.TEXT
        if family.is_number:
            return Group.NUMBER
        if family.is_moment:
            return Group.MOMENT
        return Group.BOOLEAN if family is Family.BOOLEAN else None

    @property
    def text(self) -> str | None:
        """The canonical text, or None where it is NULL or has none."""
        return text_of(self.value, self.type) if self.type is not None and self.has_text else None

    @property
    def has_text(self) -> bool:
        """Whether values of the type have one text. Those that a NUMERIC is computed to have no
        certain one.
        """
        if self.type is None or (self.computed and self.type.family is Family.NUMERIC):
            return False
        return self.type.family not in (Family.REAL, Family.DOUBLE)

    @property
    def truth(self) -> Truth:
        """As a condition; what is no BOOLEAN is unknown."""
        return self.value if isinstance(self.value, bool) and self.group is Group.BOOLEAN else None


UNTYPED = Operand()
"""NULL as written, which takes the type of whatever stands beside it."""

NOTHING = Operand(None, ColumnType(Family.OTHER, name="nothing"), decided=False)
"""What could not be evaluated: a column that is not there, a function of the wrong type. It mixes
with no type, so that whatever holds it is unknown.
"""


def boolean(truth: Truth, *, decided: bool = True) -> Operand:
    return Operand(truth, BOOLEAN, decided=decided)


def text(value: str | None) -> Operand:
    return Operand(value, TEXT)


def as_written(value: str) -> Operand:
    """A text that is known before any row is read."""
    return Operand(value, TEXT, extent=of_bytes(len(value.encode())))


def of_name(value: str | None) -> Operand:
    """A user's name."""
    return Operand(value, TEXT, extent=Length(_LONGEST_NAME, len((value or "").encode())))


def smallest_whole(value: int) -> ColumnType:
    """The smallest integer type that holds the number."""
    bits = value.bit_length() if value >= 0 else (-value - 1).bit_length()
    return ColumnType(Family.SMALLINT if bits < 16 else Family.INTEGER if bits < 32 else Family.BIGINT)


def of_column(value: Value, kind: ColumnType) -> Operand:
    """A column's value. Spaces that pad a CHAR are no part of it; a value of the wrong Python type
    is NULL.
    """
    if isinstance(value, str) and kind.family is Family.CHAR:
        value = rtrim(value)
    operand = Operand(value, kind, extent=_extent(value, kind))
    return (
        operand
        if operand.group is None or value is None or _is_of(value, operand.group)
        else replace(operand, value=None)
    )


def _extent(value: Value, kind: ColumnType) -> Length | None:
    if not kind.family.is_text:
        return None
    most, size = text_length(kind), len(value.encode()) if isinstance(value, str) else 0
    return Length(most, size if kind.family is Family.VARCHAR else most)


def of_python(value: Value) -> Operand:
    """A value whose column type is not known, as in the table of a lookup: typed by what it is."""
    match value:
        case bool():
            return Operand(value, BOOLEAN)
        case str():
            return text(value)
        case int():
            return Operand(value, WHOLE)
        case float():
            return Operand(value, DOUBLE)
        case Decimal():
            scale = max(0, -int(value.as_tuple().exponent))
            return Operand(value, numeric(MOST_DIGITS - scale, scale))
        case _:
            return UNTYPED if value is None else Operand(value, TIMESTAMP if hasattr(value, "hour") else DATE)


def compare(comparator: Comparator, left: Operand, right: Operand) -> Truth:
    """SQL's comparison: texts without trailing spaces, by code point; numbers exactly; moments at
    UTC.

    Mixed types are unknown, but that a string literal is read as the other side's type.
    """
    pair = aligned(left, right)
    if pair is None:
        return None
    a, b = pair
    return bool(_COMPARATORS[comparator](a, b))


def aligned(left: Operand, right: Operand) -> tuple[object, object] | None:
    """Both values in one Python type that orders as SQL does; None where either is NULL or the
    types do not mix.
    """
    left, right = _as_other(left, right), _as_other(right, left)
    if left.value is None or right.value is None or left.group is None or left.group is not right.group:
        return None
    if left.group is Group.NUMBER and (isinstance(left.value, float) or isinstance(right.value, float)):
        return _double(left.value), _double(right.value)
    return _ordered(left), _ordered(right)


def meet(left: Operand, right: Operand) -> bool:
    """Whether values of these types compare; a string literal does with what it can be read as.
    What is not decided compares with nothing.
    """
    if not (left.decided and right.decided):
        return False
    sides = (left, _as_other(left, right)), (right, _as_other(right, left))
    if any(written.literal and read_as.value is None for written, read_as in sides):
        return False
    left, right = sides[0][1], sides[1][1]
    if left.type is None or right.type is None:
        return True
    return left.group is not None and left.group is right.group


def _as_other(side: Operand, other: Operand) -> Operand:
    """A string literal read as the type of the other side, NULL where it cannot be read; a lookup's
    exact number beside another text as its text. Nothing else of a lookup meets a text: how it is
    written is for a session to say.
    """
    if side.of_lookup and other.group is Group.TEXT and not other.literal:
        return Operand(side.text, TEXT) if _is_exact(side) else side
    if other.of_lookup and side.literal and other.group is not Group.TEXT and not _is_exact(other):
        return Operand(None, other.type)
    if not side.literal or other.type is None or other.group in (None, Group.TEXT) or not isinstance(side.value, str):
        return side
    if other.type.family is Family.NUMERIC:
        return Operand(read_exact(side.value), other.type)
    return Operand(read(side.value, other.type), other.type)


def _is_exact(side: Operand) -> bool:
    return side.group is Group.NUMBER and side.has_text


def _ordered(side: Operand) -> object:
    value = side.value
    if isinstance(value, str):
        return rtrim(value)
    return at_utc(value) if isinstance(value, date) else value


def _double(value: Value) -> float:
    return float(EXACT.create_decimal(value)) if isinstance(value, int | Decimal) else float(value)  # type: ignore[arg-type]


def _is_of(value: Value, group: Group | None) -> bool:
    if isinstance(value, bool):
        return group is Group.BOOLEAN
    if isinstance(value, str):
        return group is Group.TEXT
    return group is (Group.MOMENT if isinstance(value, date) else Group.NUMBER)
