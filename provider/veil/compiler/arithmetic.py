"""Computations with numbers, none of which fails: a result that its type cannot hold is NULL, as is
a quotient by zero. A failure would end the query of somebody who may not even see the row that
caused it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from veil.compiler.building import call, form, infix, integer
from veil.compiler.exacts import exact_product, exact_quotient, exact_remainder, exact_sum
from veil.compiler.floats import double_product, double_quotient, double_sum
from veil.compiler.sql import Prefix, Sql
from veil.compiler.values import Value, null_of
from veil.compiler.wholes import whole_product, whole_quotient, whole_remainder, whole_sum
from veil.language.value_types import ValueType, unified

Sign = Literal["+", "-"]


@dataclass(frozen=True, slots=True)
class OpenSum:
    """Terms that are added up, to which others may be added yet: a sum is checked once, as a
    whole.
    """

    value_type: ValueType
    terms: tuple[tuple[Sign, Value], ...]


Summand = Value | OpenSum


def added(sign: Sign, left: Summand, right: Summand) -> Summand:
    """`left + right`, `left - right`."""
    value_type = unified((left.value_type, right.value_type))
    if ValueType.NULL in (left.value_type, right.value_type) or value_type is None:
        return null_of(value_type or ValueType.NULL)
    if ValueType.UNKNOWN in (left.value_type, right.value_type):
        return Value(infix(sign, summed(left).sql, summed(right).sql), ValueType.UNKNOWN)
    return OpenSum(value_type, (*_terms("+", left, value_type), *_terms(sign, right, value_type)))


def negated(operand: Summand) -> Summand:
    """`-operand`."""
    if operand.value_type is ValueType.NULL:
        return operand
    if operand.value_type is ValueType.UNKNOWN:
        return Value(Prefix("-", summed(operand).sql), ValueType.UNKNOWN)
    return OpenSum(operand.value_type, _terms("-", operand, operand.value_type))


def _terms(sign: Sign, summand: Summand, value_type: ValueType) -> tuple[tuple[Sign, Value], ...]:
    """The terms of a sum of the same kind; any other is one term."""
    if isinstance(summand, OpenSum) and summand.value_type is value_type:
        return tuple((_FLIPPED[own] if sign == "-" else own, term) for own, term in summand.terms)
    return ((sign, summed(summand)),)


_FLIPPED: Mapping[Sign, Sign] = {"+": "-", "-": "+"}


def summed(summand: Summand) -> Value:
    """The value of a sum."""
    return summand if isinstance(summand, Value) else _SUMS[summand.value_type](summand.terms)


def arithmetic(operator: str, left: Value, right: Value) -> Value:
    """`left operator right`, but for sums. Integers divide to whole ones, towards zero."""
    value_type = unified((left.value_type, right.value_type))
    if left.is_null or right.is_null or value_type is None:
        return null_of(value_type or ValueType.NULL)
    if ValueType.UNKNOWN in (left.value_type, right.value_type):
        return Value(_unchecked(operator, left.sql, right.sql), ValueType.UNKNOWN)
    return _OPERATIONS[operator, value_type](left, right)


def _unchecked(operator: str, left: Sql, right: Sql) -> Sql:
    """With a lookup's column, of which only the warehouse knows the type."""
    if operator == "*":
        return infix("*", left, right)
    divisor = form("NULLIF", right, integer(0))
    return call("mod", left, divisor) if operator == "%" else infix("/", left, divisor)


_SUMS = {ValueType.INTEGER: whole_sum, ValueType.NUMERIC: exact_sum, ValueType.DOUBLE: double_sum}
_OPERATIONS: Mapping[tuple[str, ValueType], Callable[[Value, Value], Value]] = {
    ("*", ValueType.INTEGER): whole_product,
    ("/", ValueType.INTEGER): whole_quotient,
    ("%", ValueType.INTEGER): whole_remainder,
    ("*", ValueType.NUMERIC): exact_product,
    ("/", ValueType.NUMERIC): exact_quotient,
    ("%", ValueType.NUMERIC): exact_remainder,
    ("*", ValueType.DOUBLE): double_product,
    ("/", ValueType.DOUBLE): double_quotient,
}
