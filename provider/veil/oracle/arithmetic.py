"""Arithmetic: whole numbers and NUMERIC exactly, floats in DOUBLE; what SQL would refuse is NULL."""

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from veil.language.tree import Operator
from veil.model import ColumnType, Family
from veil.oracle.operands import DOUBLE, NOTHING, TEXT, UNSCALED, UNTYPED, WHOLE, Group, Operand, text
from veil.oracle.values import EXACT


def calculate(operator: Operator, left: Operand, right: Operand) -> Operand:
    """`left operator right`. Whole numbers divide to a whole number, towards zero; a division by zero is NULL.

    The engines do not share a remainder of floating-point numbers, so that is NOTHING.
    """
    if UNTYPED in (left, right):
        return replace(right if left == UNTYPED else left, value=None)
    if not _are_numbers(left, right):
        return NOTHING
    kind = _kind(left, right)
    if kind is DOUBLE and operator == "%":
        return NOTHING
    if left.value is None or right.value is None:
        return Operand(None, kind)
    if kind is DOUBLE:
        return Operand(_floating(operator, _float(left), _float(right)), DOUBLE)
    return _exactly(operator, Fraction(left.value), Fraction(right.value), kind)  # type: ignore[arg-type]


def negative(operand: Operand) -> Operand:
    """`-operand`; the smallest BIGINT has no opposite."""
    return calculate("-", Operand(0, WHOLE), operand)


def concatenated(left: Operand, right: Operand) -> Operand:
    """`a || b` of two texts; NULL where either is NULL."""
    if not all(each == UNTYPED or each.group is Group.TEXT for each in (left, right)):
        return NOTHING
    if isinstance(left.value, str) and isinstance(right.value, str):
        return text(left.value + right.value)
    return Operand(None, TEXT)


def exact(value: Fraction, kind: ColumnType) -> Operand:
    """A fraction in this type; a quotient that does not end is cut at 200 digits."""
    return Operand(EXACT.divide(Decimal(value.numerator), Decimal(value.denominator)), kind)


def towards_zero(value: Fraction) -> int:
    return math.trunc(value)


def is_whole(operand: Operand) -> bool:
    return operand.type is not None and operand.type.family.is_integer


def is_float(operand: Operand) -> bool:
    return operand.type is not None and operand.type.family in (Family.REAL, Family.DOUBLE)


def _kind(left: Operand, right: Operand) -> ColumnType:
    if is_float(left) or is_float(right):
        return DOUBLE
    return WHOLE if is_whole(left) and is_whole(right) else UNSCALED


def _exactly(operator: Operator, left: Fraction, right: Fraction, kind: ColumnType) -> Operand:
    if operator in ("/", "%") and right == 0:
        return Operand(None, kind)
    value = _EXACT[operator](left, right)
    if kind is not WHOLE:
        return exact(value, kind)
    whole = towards_zero(value)
    return Operand(whole if -(1 << 63) <= whole < 1 << 63 else None, WHOLE)


def _floating(operator: Operator, left: float, right: float) -> float | None:
    if operator == "/" and right == 0:
        return None
    try:
        found = _FLOATING[operator](left, right)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def _remainder(left: Fraction, right: Fraction) -> Fraction:
    return left - towards_zero(left / right) * right


_EXACT: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": _remainder,
}
_FLOATING: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def _are_numbers(left: Operand, right: Operand) -> bool:
    return left.group is Group.NUMBER and right.group is Group.NUMBER


def _float(operand: Operand) -> float:
    return float(operand.value)  # type: ignore[arg-type]
