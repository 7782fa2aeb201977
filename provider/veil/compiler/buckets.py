"""Numbers rounded down to the multiples of a bucket."""

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from math import inf, nextafter

from veil.compiler.bounds import DOUBLE, Exact, within_double
from veil.compiler.building import NULL, call, case, cast, conjunction, guard, infix, integer
from veil.compiler.casts import number_as
from veil.compiler.sql import NumberLiteral, Sql, TextLiteral
from veil.compiler.values import Value, held, read_column
from veil.language.value_types import ValueType
from veil.model import ColumnType, Family

MOST_DIGITS = 38
"""What Redshift's NUMERIC holds."""
_ALL_DIGITS = Context(prec=100)
FLOATING = (Family.REAL, Family.DOUBLE)
_DIGITS = {Family.REAL: 24, Family.DOUBLE: 53}
"""How many binary digits the numbers of a type have."""
_EXACT = 1 << 53
"""DOUBLE holds every integer up to this."""
_LARGEST = 1.7976931348623157e308
_NEXT_TO_ZERO = 1e-200
"""Smaller than every bucket, and so far from the smallest number that no quotient of what is larger
becomes zero, which PostgreSQL refuses.
"""
_ABOVE_THE_LARGEST_REAL = nextafter((2 - 2**-23) * 2.0**127, inf)
_FAR_FROM_THE_LARGEST_REAL = 1e30
"""Two of these buckets more than the largest REAL round to it, and cannot overflow."""


def rounded_down(value: Sql, column_type: ColumnType, bucket: Decimal) -> Sql:
    """The largest multiple of the bucket that is not above the value; NULL where the type cannot
    hold it.

    Where the type cannot hold every multiple, an exact number is cut down further to its digits (to
    round there could give the value itself back). A floating-point number is a multiple where it is
    the nearest number to one.
    """
    if column_type.family in FLOATING:
        return _floating(cast(value, column_type), column_type, bucket)
    if column_type.family.is_integer:
        wide = ColumnType(Family.NUMERIC, precision=20, scale=0)
        return _exact(value, cast(value, wide), wide, column_type, bucket)
    return _exact(value, held(read_column(value, column_type)), column_type, column_type, bucket)


def _exact(value: Sql, exact: Sql, wide: ColumnType, column_type: ColumnType, bucket: Decimal) -> Sql:
    """An exact number, `exact` as the NUMERIC `wide`. No step needs more than NUMERIC's 38 digits:
    where one could, the few numbers for which it would give NULL.
    """
    precision, scale = wide.precision or 18, wide.scale or 0
    unit, width = Decimal(1).scaleb(-scale), Fraction(bucket)
    if Fraction(unit) % width == 0:
        return value
    if width >= 10 ** (precision - scale):
        return guard(infix(">=", exact, integer(0)), cast(integer(0), column_type))
    multiple, slack = _multiple_below(exact, bucket), bucket
    digits = max(scale, -int(bucket.normalize(_ALL_DIGITS).as_tuple().exponent))
    if digits > scale:
        multiple, slack = _multiple_below(multiple, unit), _ALL_DIGITS.add(bucket, unit)
    if precision - scale + digits < MOST_DIGITS:
        return _as_column(multiple, precision - scale + 1, digits, column_type)
    reach = Decimal(10) ** (MOST_DIGITS - digits)
    guards = [infix(">=", exact, NumberLiteral(f"{_ALL_DIGITS.subtract(slack, reach):f}"))]
    if precision - scale + digits > MOST_DIGITS:
        guards.append(infix("<", exact, NumberLiteral(f"{reach:f}")))
    is_whole = column_type.family.is_integer
    held = _as_column(multiple, MOST_DIGITS - digits, digits, column_type) if is_whole else cast(multiple, column_type)
    return guard(conjunction(guards), held)


def _as_column(number: Sql, digits: int, decimals: int, column_type: ColumnType) -> Sql:
    return number_as(Value(number, ValueType.NUMERIC, known=Exact(digits, decimals)), column_type).sql


def _multiple_below(exact: Sql, step: Decimal) -> Sql:
    width = NumberLiteral(f"{step:f}")
    rest = call("mod", exact, width)
    return infix("-", exact, rest, case([(infix("<", rest, integer(0)), width)], integer(0)))


@dataclass(frozen=True, slots=True)
class _Grid:
    """The multiples of a bucket as numbers of DOUBLE: of each whole k the one nearest to k times
    the bucket.

    Multiplying by the bucket gives it where DOUBLE holds the bucket, as it does 0.25 and 100. Else
    the bucket is a fraction of two integers that DOUBLE holds, 0.3 being 3 / 10, and dividing the
    exact k * 3 by 10 rounds once; 0.3 itself would be off already. A bucket with more digits than
    that counts as the number nearest to it.
    """

    step: Fraction
    denominator: int

    @classmethod
    def of(cls, bucket: Decimal) -> "_Grid":
        exact, nearest = Fraction(bucket), Fraction(float(bucket))
        if nearest == exact or max(exact.numerator, exact.denominator) > _EXACT:
            return cls(nearest, 1)
        return cls(Fraction(exact.numerator), exact.denominator)

    @property
    def bucket(self) -> Fraction:
        return self.step / self.denominator

    @property
    def reach(self) -> Fraction | None:
        """Below this size k * step is exact, and a quotient so near to k that k is found beside it;
        None where that is so for all numbers between which there are multiples.
        """
        return None if self.denominator == 1 or self.step == 1 else Fraction(_EXACT // 2, self.denominator)

    def quotient(self, value: Sql) -> Sql:
        scaled = value if self.denominator == 1 else infix("*", value, _double(self.denominator))
        return scaled if self.step == 1 else infix("/", scaled, _double(self.step))

    def multiple(self, count: Sql) -> Sql:
        scaled = count if self.step == 1 else infix("*", count, _double(self.step))
        return scaled if self.denominator == 1 else infix("/", scaled, _double(self.denominator))


def _floating(value: Sql, column_type: ColumnType, bucket: Decimal) -> Sql:
    """The quotient may lie on the wrong side of an integer, by rounding or because the value is the
    nearest to a multiple above it. So the multiples beside it are compared with the value.

    Numbers so large that none lies between two multiples are multiples all. NaN and the infinities
    give NULL.
    """
    grid = _Grid.of(bucket)
    # Of a REAL beside a DOUBLE, AWS documents that the DOUBLE would become a REAL (see
    # `values.align`).
    wide = value if column_type.family is Family.DOUBLE else cast(value, DOUBLE)
    size, count = call("abs", wide), call("floor", grid.quotient(wide))
    offset = case(
        [
            (infix("<=", _held(grid.multiple(infix("+", count, integer(1))), column_type, bucket), value), integer(1)),
            (infix("<=", _held(grid.multiple(count), column_type, bucket), value), integer(0)),
        ],
        integer(-1),
    )
    multiple = _held(grid.multiple(infix("+", count, offset)), column_type, bucket)
    full = grid.bucket * (1 << _DIGITS[column_type.family])
    branches = [(infix("<", size, _double(min(full, grid.reach or full))), multiple)]
    if grid.step > 1 and column_type.family is Family.DOUBLE:  # No other quotient comes near to zero.
        nearest = case([(infix("<", value, integer(0)), _double(-grid.bucket))], integer(0))
        branches.insert(0, (infix("<", size, _double(_NEXT_TO_ZERO)), nearest))
    if grid.reach is not None and grid.reach < full:
        branches.append((infix("<", size, _double(full)), NULL))
    return case([*branches, (infix("<=", size, _double(_LARGEST)), value)])


def _held(number: Sql, column_type: ColumnType, bucket: Decimal) -> Sql:
    """A multiple as a number of the column's type, NULL where that has none so large."""
    if column_type.family is Family.DOUBLE:
        return number
    if bucket < _FAR_FROM_THE_LARGEST_REAL:
        return cast(number, column_type)
    return cast(within_double(number, _ABOVE_THE_LARGEST_REAL), column_type)


def _double(number: float | Fraction) -> Sql:
    """A number beside one of DOUBLE, written so that it is read as it is: whole ones become DOUBLE
    by themselves.
    """
    exact = Fraction(number)
    if exact.denominator == 1 and abs(exact) < 1 << 31:
        return integer(int(exact))
    return cast(TextLiteral(repr(float(exact))), DOUBLE)
