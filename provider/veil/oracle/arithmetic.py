"""Arithmetic: integers and NUMERIC exactly, floats in DOUBLE; what Redshift could not compute is
NULL.

A NUMERIC has a type of so many digits before and after the point, which says of which size its
operands may be: where a result could have more than 38 digits, operands that are too large for it
make it NULL. So do operands of a DOUBLE that are not below 2^500; what is nearer to 0 than 2^-500
counts as 0, in steps of which all operands are.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from veil.language.tree import Operator
from veil.model import ColumnType, Family
from veil.oracle.operands import DOUBLE, NOTHING, UNTYPED, WHOLE, Group, Operand, numeric
from veil.oracle.values import EXACT, MOST_DIGITS, carries, digits_of, rounded

_REACH = 2.0**500
_LIMIT = 1 << 63
_ENOUGH_DECIMALS, _MOST_DECIMALS, _FEWEST_DECIMALS = 12, 20, 4
"""Decimals of a quotient."""

_NO_EXACT = numeric(1, 0)
"""The type of a NUMERIC that is NULL whatever the row holds."""


@dataclass(frozen=True, slots=True)
class OpenSum:
    """Terms with their signs, 1 or -1, to which others may be added: a sum counts as a whole."""

    kind: ColumnType
    terms: tuple[tuple[int, Operand], ...]


Summand = Operand | OpenSum


def added(sign: int, left: Summand, right: Summand) -> Summand:
    """`left + right`, or `left - right`."""
    uncomputed = _without(left, right)
    if uncomputed is not None:
        return uncomputed
    kind = _kind(left, right)
    return OpenSum(kind, (*_terms(1, left, kind), *_terms(sign, right, kind)))


def negated(operand: Summand) -> Summand:
    """`-operand`; the smallest BIGINT has no opposite."""
    if operand == UNTYPED or not _is_number(operand):
        return operand if operand == UNTYPED else NOTHING
    kind = _kind(operand, operand)
    return OpenSum(kind, _terms(-1, operand, kind))


def summed(summand: Summand) -> Operand:
    """The value of a sum. Only what it comes to has to be a BIGINT, not what it passes through."""
    if isinstance(summand, Operand):
        return summand
    return _SUMS[summand.kind.family](summand.terms)


def calculate(operator: Operator, left: Operand, right: Operand) -> Operand:
    """`left operator right`, but for sums. Integers divide to an integer, towards zero; a division
    by zero is NULL.

    The engines do not share a remainder of floating-point numbers, so that is NOTHING.
    """
    uncomputed = _without(left, right)
    if uncomputed is not None:
        return uncomputed
    operation = _OPERATIONS.get((operator, _kind(left, right).family))
    return NOTHING if operation is None else operation(left, right)


def negative(operand: Operand) -> Operand:
    return summed(negated(operand))


def is_whole(operand: Operand) -> bool:
    return operand.type is not None and operand.type.family.is_integer


def is_float(operand: Operand) -> bool:
    return operand.type is not None and operand.type.family in (Family.REAL, Family.DOUBLE)


def exact(value: Decimal | None, digits: int, scale: int) -> Operand:
    """A NUMERIC that is computed."""
    return Operand(value, numeric(digits, scale), computed=True)


def exactly_rounded(operand: Operand, decimals: int) -> Operand:
    """Rounded half away from zero, where it has more decimals than that."""
    digits, scale = _digits(operand), _scale(operand)
    if decimals >= scale:
        return operand
    value = _decimal(operand)
    nearest = None if value is None or carries(value, decimals, operand.type) else rounded(value, decimals)
    return exact(nearest, min(digits + 1, MOST_DIGITS - scale), max(0, decimals))


def _without(left: Summand, right: Summand) -> Operand | None:
    """What there is without computing: of NULL as written NULL, of what are no numbers NOTHING."""
    if UNTYPED in (left, right):
        other = right if left == UNTYPED else left
        if other == UNTYPED or not _is_number(other):
            return UNTYPED if other == UNTYPED else NOTHING
        kind = _kind(other, other)
        return Operand(None, _NO_EXACT if kind.family is Family.NUMERIC else kind, computed=True)
    return None if _is_number(left) and _is_number(right) else NOTHING


def _is_number(summand: Summand) -> bool:
    return isinstance(summand, OpenSum) or summand.group is Group.NUMBER


def _kind(left: Summand, right: Summand) -> ColumnType:
    kinds = [each.kind if isinstance(each, OpenSum) else _kind_of(each) for each in (left, right)]
    return next(kind for kind in (DOUBLE, _NO_EXACT, WHOLE) if kind in kinds)


def _kind_of(operand: Operand) -> ColumnType:
    if is_float(operand):
        return DOUBLE
    return WHOLE if is_whole(operand) else _NO_EXACT


def _terms(sign: int, summand: Summand, kind: ColumnType) -> tuple[tuple[int, Operand], ...]:
    """The terms of a sum of the same kind; any other is one term."""
    if isinstance(summand, OpenSum) and summand.kind == kind:
        return tuple((sign * own, term) for own, term in summand.terms)
    return ((sign, summed(summand)),)


def _whole_sum(terms: Sequence[tuple[int, Operand]]) -> Operand:
    total = 0
    for sign, term in terms:
        if not isinstance(term.value, int):
            return Operand(None, WHOLE)
        total += sign * term.value
    return _in_bigint(total)


def _in_bigint(whole: int) -> Operand:
    return Operand(whole if -_LIMIT <= whole < _LIMIT else None, WHOLE)


def _exact_sum(terms: Sequence[tuple[int, Operand]]) -> Operand:
    scale = max(_scale(term) for _, term in terms)
    digits = max(_digits(term) for _, term in terms) + (len(str(len(terms) - 1)) if len(terms) > 1 else 0)
    limit = Decimal(10**MOST_DIGITS)
    if digits + scale > MOST_DIGITS:
        digits = MOST_DIGITS - scale
        limit = Decimal(10**MOST_DIGITS // len(terms)).scaleb(-scale, EXACT)
    values = [_decimal(term) for _, term in terms]
    if any(value is None or value.copy_abs() >= limit for value in values):
        return exact(None, digits, scale)
    total = Decimal(0)
    for (sign, _), value in zip(terms, values, strict=True):
        total = EXACT.add(total, EXACT.multiply(sign, value or Decimal(0)))
    return exact(total, digits, scale)


def _floating_sum(terms: Sequence[tuple[int, Operand]]) -> Operand:
    """Added up from left to right."""
    values = [_held(term) for _, term in terms]
    if None in values:
        return Operand(None, DOUBLE)
    first, *rest = (sign * (value or 0.0) for (sign, _), value in zip(terms, values, strict=True))
    for value in rest:
        first += value
    return Operand(first, DOUBLE)


def _whole_product(left: Operand, right: Operand) -> Operand:
    if left.value is None or right.value is None:
        return Operand(None, WHOLE)
    return _in_bigint(int(left.value) * int(right.value))  # type: ignore[arg-type]


def _whole_division(left: Operand, right: Operand) -> tuple[int, int] | None:
    """Dividend and divisor. The smallest BIGINT is no dividend: by -1 its quotient would be one too
    large.
    """
    if left.value in (None, -_LIMIT) or right.value in (None, 0):
        return None
    return int(left.value), int(right.value)  # type: ignore[arg-type]


def _whole_quotient(left: Operand, right: Operand) -> Operand:
    operands = _whole_division(left, right)
    return Operand(None if operands is None else _towards_zero(*operands), WHOLE)


def _whole_remainder(left: Operand, right: Operand) -> Operand:
    operands = _whole_division(left, right)
    if operands is None:
        return Operand(None, WHOLE)
    dividend, divisor = operands
    return Operand(dividend - _towards_zero(dividend, divisor) * divisor, WHOLE)


def _towards_zero(dividend: int, divisor: int) -> int:
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend < 0) is (divisor < 0) else -quotient


def _exact_product(left: Operand, right: Operand) -> Operand:
    scale = _scale(left) + _scale(right)
    room = MOST_DIGITS - scale
    if room < 1:
        return exact(None, 1, 0)
    first = min(_digits(left), max(room - _digits(right), room // 2))
    second = min(_digits(right), room - first)
    one, other = _of_digits(left, first), _of_digits(right, second)
    product = None if one is None or other is None else EXACT.multiply(one, other)
    return exact(product, first + second, scale)


def _exact_quotient(left: Operand, right: Operand) -> Operand:
    wanted = min(max(_ENOUGH_DECIMALS, _scale(left)), _MOST_DECIMALS - _scale(right))
    scale = max(_FEWEST_DECIMALS, wanted)
    room = MOST_DIGITS - scale - _scale(right)
    if room < 1:
        return exact(None, 1, 0)
    dividend = exactly_rounded(left, scale + _scale(right))
    digits = min(MOST_DIGITS - scale, _digits(dividend) + _scale(right))
    one, other = _of_digits(dividend, room), _decimal(right)
    if one is None or not other:
        return exact(None, digits, scale)
    return exact(rounded(EXACT.divide(one, other), scale), digits, scale)


def _exact_remainder(left: Operand, right: Operand) -> Operand:
    scale = max(_scale(left), _scale(right))
    room = MOST_DIGITS - scale
    digits = min(room, _digits(left), _digits(right))
    one, other = _of_digits(left, room), _of_digits(right, room)
    if one is None or not other:
        return exact(None, digits, scale)
    return exact(EXACT.remainder(one, other), digits, scale)


def _floating(compute: Callable[[float, float], float | None]) -> Callable[[Operand, Operand], Operand]:
    def computed(left: Operand, right: Operand) -> Operand:
        one, other = _held(left), _held(right)
        return Operand(None if one is None or other is None else compute(one, other), DOUBLE)

    return computed


def _held(operand: Operand) -> float | None:
    """As an operand in floating-point arithmetic."""
    if operand.value is None:
        return None
    value = float(operand.value)  # type: ignore[arg-type]
    return math.trunc(value * _REACH) / _REACH if abs(value) < _REACH else None


def _of_digits(operand: Operand, digits: int) -> Decimal | None:
    """The number where it has at most so many digits before the point."""
    value = _decimal(operand)
    return None if value is None or value.copy_abs() >= Decimal(10**digits) else value


def _decimal(operand: Operand) -> Decimal | None:
    return None if operand.value is None else Decimal(operand.value)  # type: ignore[arg-type]


def _digits(operand: Operand) -> int:
    assert operand.type is not None
    return digits_of(operand.type)


def _scale(operand: Operand) -> int:
    return (operand.type.scale or 0) if operand.type is not None else 0


_SUMS: dict[Family, Callable[[Sequence[tuple[int, Operand]]], Operand]] = {
    Family.BIGINT: _whole_sum,
    Family.NUMERIC: _exact_sum,
    Family.DOUBLE: _floating_sum,
}
_OPERATIONS: dict[tuple[Operator, Family], Callable[[Operand, Operand], Operand]] = {
    ("*", Family.BIGINT): _whole_product,
    ("/", Family.BIGINT): _whole_quotient,
    ("%", Family.BIGINT): _whole_remainder,
    ("*", Family.NUMERIC): _exact_product,
    ("/", Family.NUMERIC): _exact_quotient,
    ("%", Family.NUMERIC): _exact_remainder,
    ("*", Family.DOUBLE): _floating(lambda one, other: one * other),
    ("/", Family.DOUBLE): _floating(lambda one, other: one / other if other else None),
}
