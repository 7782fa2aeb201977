"""Masks of numbers, in exact arithmetic that stays within the 38 digits of Redshift's NUMERIC."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from veil.compiler.building import call, case, cast, conjunction, disjunction, infix, integer, where
from veil.compiler.casts import number_as
from veil.compiler.sql import NumberLiteral, Sql, TextLiteral
from veil.model import ColumnType, Family
from veil.policy.shapes import Shape

NOISE_DIGITS = 7
"""Hex digits of the hash that decide by how much a value moves."""

_STEPS = 16**NOISE_DIGITS
_DOUBLE = ColumnType(Family.DOUBLE)
_WIDEST = ColumnType(Family.NUMERIC, precision=38, scale=0)
FLOATING = (Family.REAL, Family.DOUBLE)
_FLOATING_DIGITS = ColumnType(Family.NUMERIC, precision=38, scale=9)
_SMALLEST, _LARGEST = 1e-20, 1e28
"""Sizes between which a floating-point number neither overflows those digits nor underflows when it is moved."""


def drawn_from(digest: Sql) -> Sql:
    """A number below 16^7, which the hash decides."""
    return call("strtol", call("left", digest, integer(NOISE_DIGITS)), integer(16))


def rounded_down(value: Sql, column_type: ColumnType, bucket: Decimal) -> Sql:
    """The largest multiple of the bucket that is not above the value, cut down further to the digits of the type (to
    round there could give the value itself back); NULL where the type cannot hold it.
    """
    if column_type.family in FLOATING:
        return _floating_rounded_down(value, column_type, bucket)
    exact = cast(value, ColumnType(Family.NUMERIC, precision=20, scale=0)) if column_type.family.is_integer else value
    multiple = _multiple_below(exact, bucket)
    scale = column_type.scale or 0 if column_type.family is Family.NUMERIC else 0
    if Fraction(bucket) % Fraction(1, 10**scale):
        multiple = _multiple_below(multiple, Decimal(1).scaleb(-scale))
    return number_as(multiple, Shape.NUMERIC, column_type)


def _multiple_below(exact: Sql, step: Decimal) -> Sql:
    width = NumberLiteral(f"{step:f}")
    rest = call("mod", exact, width)
    return infix("-", exact, rest, case([(infix("<", rest, integer(0)), width)], integer(0)))


def _floating_rounded_down(value: Sql, column_type: ColumnType, bucket: Decimal) -> Sql:
    """A value so large that dividing it by the bucket would overflow gives NULL."""
    wide, step = cast(value, _DOUBLE), cast(NumberLiteral(f"{bucket:f}"), _DOUBLE)
    limit = cast(TextLiteral(f"{min(Decimal(1), bucket) * Decimal(10) ** 307:.3e}"), _DOUBLE)
    multiple = infix("*", call("floor", infix("/", wide, step)), step)
    return where(infix("<=", call("abs", wide), limit), number_as(multiple, Shape.DOUBLE, column_type))


def floating_noise(value: Sql, column_type: ColumnType, percent: Decimal, digest_of: Callable[[Sql], Sql]) -> Sql:
    """As `noise`, in floating-point arithmetic and not rounded. The hash is of the number with nine decimals: how a
    floating-point number prints depends on settings. NULL for numbers out of all proportion.
    """
    wide = cast(value, _DOUBLE)
    digits = cast(cast(wide, _FLOATING_DIGITS), ColumnType(Family.VARCHAR, length=64))
    drawn = cast(drawn_from(digest_of(digits)), _DOUBLE)
    least, step = _double(float(1 - percent / 100)), _double(float(percent / 50 / _STEPS))
    moved = infix("*", wide, infix("+", least, infix("*", drawn, step)))
    size = call("abs", wide)
    in_reach = conjunction([infix(">=", size, _double(_SMALLEST)), infix("<=", size, _double(_LARGEST))])
    moves = disjunction([in_reach, infix("=", size, _double(0.0))])
    return where(moves, number_as(moved, Shape.DOUBLE, column_type))


def _double(number: float) -> Sql:
    return cast(TextLiteral(repr(number)), _DOUBLE)


def noise(value: Sql, column_type: ColumnType, percent: Decimal, digest: Sql) -> Sql:
    """The value moved by up to `percent` of itself, by what its salted hash says, rounded half away from zero.

    With u the hash's share of the way from 0 to 1 the result is v + v * percent / 100 * (2u - 1). Scaled up, all of it
    is whole: v * (D + percent * (2k - 16^7)) / D with u = k / 16^7. NULL where that takes more than 38 digits.
    """
    scale = column_type.scale or 0 if column_type.family is Family.NUMERIC else 0
    decimals = max(0, -int(percent.as_tuple().exponent))
    hundredths = int(percent.scaleb(decimals))
    divisor = 100 * 10**decimals * _STEPS
    limit = (10**38 - divisor) // (2 * (divisor + abs(hundredths) * _STEPS))
    factor = infix("+", integer(divisor - hundredths * _STEPS), infix("*", integer(2 * hundredths), drawn_from(digest)))
    whole = cast(infix("*", value, integer(10**scale)) if scale else value, _WIDEST)
    doubled = infix(
        "+", infix("*", integer(2), call("abs", infix("*", whole, cast(factor, _WIDEST)))), integer(divisor)
    )
    moved = infix("/", infix("-", doubled, call("mod", doubled, integer(2 * divisor))), integer(2 * divisor))
    signs = [_sign(value), *([_sign(factor)] if percent > 100 else [])]
    result = infix("*", *signs, moved, *([NumberLiteral(f"{Decimal(1).scaleb(-scale):f}")] if scale else []))
    in_reach = infix("<=", call("abs", whole), integer(limit))
    return where(in_reach, _held(result, column_type))


def _sign(number: Sql) -> Sql:
    """1 or -1. Not SIGN, which on PostgreSQL makes a whole number a floating-point one."""
    return case([(infix("<", number, integer(0)), integer(-1))], integer(1))


def _held(number: Sql, column_type: ColumnType) -> Sql:
    """A number that needs no rounding any more, or NULL where the type cannot hold it."""
    if column_type.family is not Family.NUMERIC:
        return number_as(number, Shape.INTEGER, column_type)
    limit = NumberLiteral(f"{Decimal(10) ** ((column_type.precision or 18) - (column_type.scale or 0)):f}")
    return where(conjunction([infix("<", call("abs", number), limit)]), cast(number, column_type))
