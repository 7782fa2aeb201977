"""Computations with numbers, none of which fails: a whole number out of BIGINT's range is NULL, as is a quotient by
zero. A failure would end the query of somebody who may not even see the row that caused it.
"""

from collections.abc import Callable
from dataclasses import replace

from veil.compiler.building import call, cast, form, infix, integer, where
from veil.compiler.casts import number_as
from veil.compiler.sql import Prefix, Sql
from veil.compiler.values import Value, null_of
from veil.model import ColumnType, Family
from veil.policy.shapes import Shape
from veil.policy.signatures import unified

BIGINT = ColumnType(Family.BIGINT)
WIDEST = ColumnType(Family.NUMERIC, precision=38, scale=0)
_SAFE_BITS = 62

_RESULT_BITS: dict[str, Callable[[int, int], int]] = {
    "+": lambda left, right: max(left, right) + 1,
    "-": lambda left, right: max(left, right) + 1,
    "*": lambda left, right: left + right,
    "/": lambda left, right: left,
    "%": min,
}
"""How large a result can be where |left| <= 2^left and |right| <= 2^right."""


def arithmetic(operator: str, left: Value, right: Value) -> Value:
    """`left operator right`. Whole numbers divide to whole ones, towards zero."""
    shape = unified((left.shape, right.shape))
    if left.is_null or right.is_null or shape is None:
        return null_of(shape or Shape.NULL)
    if shape is not Shape.INTEGER:
        return Value(_plain(operator, left.sql, right.sql), shape)
    bits = _RESULT_BITS[operator](left.bits, right.bits)
    if bits > _SAFE_BITS and operator in ("+", "-", "*"):
        return within_bigint(infix(operator, cast(left.sql, WIDEST), cast(right.sql, WIDEST)))
    left, right = widened(left), widened(right)
    if bits > _SAFE_BITS and operator == "/":
        by_minus_one = infix("=", right.sql, integer(-1))
        sql = where(by_minus_one, negative(left).sql, _plain(operator, left.sql, right.sql))
        return Value(sql, shape, wide=True)
    return Value(_plain(operator, left.sql, right.sql), shape, wide=True, bits=bits)


def negative(value: Value) -> Value:
    """The number with the other sign."""
    if value.shape is Shape.INTEGER and value.bits > _SAFE_BITS:
        return within_bigint(Prefix("-", cast(value.sql, WIDEST)))
    value = widened(value)
    return value if value.is_null else replace(value, sql=Prefix("-", value.sql))


def absolute(value: Value) -> Value:
    """The number without its sign."""
    if value.shape is Shape.INTEGER and value.bits > _SAFE_BITS:
        return within_bigint(call("abs", cast(value.sql, WIDEST)))
    value = widened(value)
    return replace(value, sql=call("abs", value.sql))


def widened(value: Value) -> Value:
    """A whole number to be computed with: as a BIGINT, so that no small type overflows."""
    if value.shape is not Shape.INTEGER or value.wide:
        return value
    return replace(value, sql=cast(value.sql, BIGINT), wide=True)


def _plain(operator: str, left: Sql, right: Sql) -> Sql:
    divisor = form("NULLIF", right, integer(0))
    if operator == "%":
        return call("mod", left, divisor)
    return infix(operator, left, divisor if operator == "/" else right)


def within_bigint(exact: Sql) -> Value:
    """A whole number of up to 38 digits as a BIGINT, or NULL."""
    return Value(number_as(exact, Shape.INTEGER, BIGINT), Shape.INTEGER, wide=True)
