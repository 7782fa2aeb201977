"""What is known of a value before any row is read: how large a number can be, how long a text.

Both engines end a query whose computation overflows, and so would reveal something of a row to
somebody who may not see it. So every computation is given operands that cannot make it overflow:
where what is known does not say so, `within` makes NULL of those that could.
"""

from dataclasses import dataclass
from decimal import Context, Decimal
from math import frexp

from veil.compiler.building import cast, form
from veil.compiler.sql import Sql, TextLiteral
from veil.model import ColumnType, Family

MOST_DIGITS = 38
"""Source: Amazon Redshift Developer Guide, "Numeric types"."""

EXACT = Context(prec=100)
"""In which limits are computed: they have more digits than Python computes with by itself."""

BIGINT_LIMIT = 1 << 63
_LIMITS = {Family.SMALLINT: 1 << 15, Family.INTEGER: 1 << 31, Family.BIGINT: BIGINT_LIMIT}
_DIGITS = {Family.SMALLINT: 5, Family.INTEGER: 10, Family.BIGINT: 19}

WIDEST = ColumnType(Family.NUMERIC, precision=MOST_DIGITS, scale=0)
DOUBLE = ColumnType(Family.DOUBLE)
BIGINT = ColumnType(Family.BIGINT)
SMALLEST_BIGINT = cast(TextLiteral(str(-BIGINT_LIMIT)), BIGINT)
"""The one that has no opposite. Written as a number it would be one that no BIGINT holds,
negated.
"""


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer of this type, no larger than `most`, which may be less than the type holds."""

    family: Family = Family.BIGINT
    most: int = BIGINT_LIMIT

    @property
    def digits(self) -> int:
        """How many digits Redshift gives the type as a DECIMAL."""
        return _DIGITS[self.family]


@dataclass(frozen=True, slots=True)
class Exact:
    """A NUMERIC below 10^`digits`, with so many decimals."""

    digits: int = MOST_DIGITS
    scale: int = 0

    @property
    def type(self) -> ColumnType:
        return numeric(self.digits, self.scale)


@dataclass(frozen=True, slots=True)
class Floating:
    """A floating-point number below 2^`high` in size, and a multiple of 2^`low`. Of a DOUBLE column
    nothing is known; it may hold an infinity, too.
    """

    low: int = -1074
    high: int = 1025
    single: bool = False


def whole_of(family: Family) -> Whole:
    """A column of the integer type."""
    return Whole(family, _LIMITS[family])


def whole_literal(number: int) -> Whole:
    """A number as written: of the smallest type that holds it."""
    family = next(each for each, limit in _LIMITS.items() if -limit <= number < limit)
    return Whole(family, abs(number))


def numeric(digits: int, scale: int) -> ColumnType:
    """A NUMERIC with so many digits before the point, as far as it holds them, and so many
    decimals.
    """
    return ColumnType(Family.NUMERIC, precision=max(1, min(MOST_DIGITS, digits + scale)), scale=scale)


def power_of_ten(exponent: int) -> Decimal:
    return Decimal(10**exponent)


def exact_of(number: Decimal) -> Exact | None:
    """A number as written; None where no NUMERIC holds it."""
    scale = max(0, -int(number.as_tuple().exponent))
    digits = len(str(abs(int(number)))) if int(number) else 0
    return Exact(digits, scale) if digits + scale <= MOST_DIGITS and scale < MOST_DIGITS else None


def floating_of(exact: Exact) -> Floating:
    """A NUMERIC as a DOUBLE, rounded: one of 53 binary digits, the last of which is worth less than
    a decimal.
    """
    return Floating(-(exact.scale * 10 // 3) - 54, exact.digits * 10 // 3 + 2)


def floating_literal(number: float) -> Floating:
    """A DOUBLE as written."""
    high = frexp(number)[1]
    return Floating(high - 53, high)


def exact_literal(number: Decimal, column_type: ColumnType) -> Sql:
    """A number of the NUMERIC type, spelled so that no engine takes it for another."""
    return cast(TextLiteral(f"{number:f}"), column_type)


def double_literal(number: float) -> Sql:
    return cast(TextLiteral(repr(number)), DOUBLE)


def within(number: Sql, low: Sql, high: Sql) -> Sql:
    """The number where it lies between the two, which it may not equal, else NULL. It stands there
    once, however much it is: the text of what is computed grows with what is written, and not with
    a power of it.
    """
    held = form("GREATEST", form("LEAST", number, high), low)
    return form("NULLIF", form("NULLIF", held, high), low)


def within_exact(number: Sql, limit: Decimal, scale: int) -> Sql:
    """A NUMERIC, or an integer, below the limit in size, else NULL."""
    scale = max(scale, -int(limit.as_tuple().exponent), 0)
    column_type = ColumnType(Family.NUMERIC, precision=MOST_DIGITS, scale=scale)
    return within(number, exact_literal(limit.copy_negate(), column_type), exact_literal(limit, column_type))


def within_double(number: Sql, limit: float) -> Sql:
    """A DOUBLE below the limit in size, else NULL."""
    return within(number, double_literal(-limit), double_literal(limit))
