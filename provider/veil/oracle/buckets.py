"""Numbers rounded down to the multiples of a bucket."""

from decimal import Decimal
from fractions import Fraction
from math import floor, isfinite

from veil.model import ColumnType, Family
from veil.oracle.values import EXACT, Value, number_as, single

_DIGITS = {Family.REAL: 24, Family.DOUBLE: 53}
"""How many binary digits the numbers of a type have."""
_EXACT = 1 << 53


def rounded_down(value: int | Decimal | float, bucket: Decimal, kind: ColumnType) -> Value:
    """The largest multiple that is not above the value, or None where the type cannot hold it.
    Exact numbers are cut down further to the digits of the type.
    """
    if isinstance(value, float):
        return _floating(value, bucket, kind)
    width, digits = Fraction(bucket), kind.scale or 0
    if Fraction(1, 10**digits) % width == 0:
        return value
    if width < 10 ** (_precision(kind) - digits) and not _is_in_reach(value, bucket, kind):
        return None
    multiple = floor(Fraction(value) / width) * width
    cut = Fraction(floor(multiple * 10**digits), 10**digits)
    return number_as(EXACT.divide(Decimal(cut.numerator), Decimal(cut.denominator)), kind)


def _precision(kind: ColumnType) -> int:
    """How many digits exact numbers of the type have; integers are taken as NUMERIC(20, 0)."""
    return 20 if kind.family.is_integer else kind.precision or 18


def _is_in_reach(value: int | Decimal, bucket: Decimal, kind: ColumnType) -> bool:
    """Whether the value, and a bucket less than it, have no more than NUMERIC's 38 digits beside
    the decimals of both.
    """
    scale = kind.scale or 0
    digits = max(scale, -int(bucket.normalize(EXACT).as_tuple().exponent))
    if _precision(kind) - scale + digits < 38:
        return True
    reach = Fraction(10) ** (38 - digits)
    slack = Fraction(bucket) + (Fraction(1, 10**scale) if digits > scale else 0)
    return slack - reach <= Fraction(value) < reach


def _floating(value: float, bucket: Decimal, kind: ColumnType) -> Value:
    """A multiple of floating-point numbers is the nearest one to a multiple, so that 0.3 is one of
    0.1.

    Beyond the digits of the type all numbers are multiples. A bucket that is neither a number of
    the type DOUBLE nor a part of 1 reaches less far: beyond that it gives None.
    """
    if not isfinite(value):
        return None
    width = _width(bucket)
    if abs(value) >= width * (1 << _DIGITS[kind.family]):
        return value
    is_divided = Fraction(float(width)) != width and width.numerator > 1
    if is_divided and abs(value) >= float(Fraction(_EXACT // 2, width.denominator)):
        return None
    count = floor(Fraction(value) / width)
    above = _held(float((count + 1) * width), kind)
    if above is not None and above <= value:
        return above
    return _held(float(count * width), kind)


def _held(multiple: float, kind: ColumnType) -> float | None:
    """A multiple as a number of the type, None where that has none so large."""
    if kind.family is not Family.REAL:
        return multiple if isfinite(multiple) else None
    return single(multiple) if abs(multiple) <= _LARGEST_REAL else None


_LARGEST_REAL = (2 - 2**-23) * 2.0**127


def _width(bucket: Decimal) -> Fraction:
    """The bucket, or the number nearest to it where it has more digits than DOUBLE
    distinguishes.
    """
    exact = Fraction(bucket)
    return exact if max(exact.numerator, exact.denominator) <= _EXACT else Fraction(float(bucket))
