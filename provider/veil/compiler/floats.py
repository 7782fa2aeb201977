"""Floating-point numbers, computed as DOUBLE PRECISION.

Redshift refuses results that are too large and those that are too near to 0, so that operands are
held between 2^-500 and 2^500: larger ones are NULL, smaller ones are cut to a multiple of 2^-500.
Products and quotients of such numbers, and sums of millions of them, are numbers again.
"""

from collections.abc import Sequence
from dataclasses import replace

from veil.compiler.bounds import Floating, double_literal, within_double
from veil.compiler.building import call, cast, form, infix, integer
from veil.compiler.sql import Sql, Sum
from veil.compiler.values import Value, as_double, held
from veil.language.value_types import ValueType
from veil.model import ColumnType, Family

_REACH = 500
REAL_LIMIT, _REAL_LOW = 1e37, -122
"""Redshift documents REAL from 1e-37 to 1e37; 2^-122 is the power of two above the one.

Source: Amazon Redshift Developer Guide, "Numeric types".
"""


def double_sum(terms: Sequence[tuple[str, Value]]) -> Value:
    """The sum of terms with their signs, added up from left to right."""
    operands = [(sign, _operand(as_double(term))) for sign, term in terms]
    known = [operand.floating for _, operand in operands]
    high = max(each.high for each in known) + len(terms).bit_length()
    bounds = Floating(min(each.low for each in known), high)
    return _value(Sum(tuple((sign, operand.sql) for sign, operand in operands)), bounds)


def double_product(left: Value, right: Value) -> Value:
    one, other = _operand(as_double(left)), _operand(as_double(right))
    low, high = one.floating.low + other.floating.low, one.floating.high + other.floating.high
    return _value(infix("*", one.sql, other.sql), Floating(low, high))


def double_quotient(left: Value, right: Value) -> Value:
    one, other = _operand(as_double(left)), _operand(as_double(right))
    low, high = one.floating.low - other.floating.high, one.floating.high - other.floating.low
    return _value(infix("/", one.sql, form("NULLIF", other.sql, integer(0))), Floating(low - 53, high + 1))


def as_real(value: Value) -> Sql:
    """As a REAL; NULL where it is too large for one."""
    if value.floating.single:
        return held(value)
    return cast(_held(as_double(value), REAL_LIMIT, 123, _REAL_LOW).sql, ColumnType(Family.REAL))


def _operand(value: Value) -> Value:
    return _held(value, 2.0**_REACH, _REACH, -_REACH)


def _held(value: Value, limit: float, high: int, low: int) -> Value:
    """The number below the limit in size, which is at most 2^`high`, else NULL; cut to a multiple
    of 2^`low`.
    """
    sql, known = value.sql, value.floating
    if known.high > high:
        sql, known = within_double(sql, limit), replace(known, high=high)
    if known.low < low:
        steps = call("trunc", infix("*", sql, double_literal(2.0**-low)))
        sql, known = infix("*", steps, double_literal(2.0**low)), replace(known, low=low)
    return Value(sql, ValueType.DOUBLE, known=known)


def _value(sql: Sql, known: Floating) -> Value:
    return Value(sql, ValueType.DOUBLE, known=known)
