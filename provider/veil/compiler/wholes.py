"""Integers. They are computed as BIGINT where the result is known to fit, else as NUMERIC of 38
digits, which holds any product of two and any sum, and are NULL out of BIGINT's range.
"""

from collections.abc import Sequence
from decimal import Decimal

from veil.compiler.bounds import BIGINT, BIGINT_LIMIT, SMALLEST_BIGINT, WIDEST, Whole, exact_literal, within
from veil.compiler.building import call, cast, form, infix, integer
from veil.compiler.sql import Prefix, Sql, Sum
from veil.compiler.values import Value, held
from veil.language.value_types import ValueType
from veil.model import Family


def whole_sum(terms: Sequence[tuple[str, Value]]) -> Value:
    """The sum of terms with their signs. Only the sum itself has to be a BIGINT, not what it passes
    through.
    """
    most = sum(term.whole.most for _, term in terms)
    if most < BIGINT_LIMIT:
        (sign, first), *rest = terms
        return _bigint(Sum(((sign, widened(first)), *((each, term.sql) for each, term in rest))), most)
    if len(terms) == 1:
        ((sign, term),) = terms
        return term if sign == "+" else _bigint(Prefix("-", with_opposite(term)), most)
    return as_bigint(Sum(tuple((sign, _widest(term)) for sign, term in terms)))


def whole_product(left: Value, right: Value) -> Value:
    most = left.whole.most * right.whole.most
    if most < BIGINT_LIMIT:
        return _bigint(infix("*", widened(left), right.sql), most)
    return as_bigint(infix("*", _widest(left), _widest(right)))


def whole_quotient(left: Value, right: Value) -> Value:
    """Towards zero. The smallest BIGINT has none: by -1 it would be one too large."""
    return _bigint(infix("/", with_opposite(left), divisor(right)), left.whole.most)


def whole_remainder(left: Value, right: Value) -> Value:
    return _bigint(call("mod", with_opposite(left), divisor(right)), min(left.whole.most, right.whole.most))


def whole_absolute(value: Value) -> Value:
    return _bigint(call("abs", with_opposite(value)), value.whole.most)


def whole_zeros(value: Value, digits: Sql) -> Value:
    """Rounded to tens, hundreds and so on."""
    return as_bigint(call("round", _widest(value), digits))


def widened(value: Value) -> Sql:
    """As a BIGINT, so that no smaller type overflows."""
    return held(value) if value.whole.family is Family.BIGINT else cast(value.sql, BIGINT)


def with_opposite(value: Value) -> Sql:
    """As a BIGINT that has an opposite: the smallest is NULL."""
    wide = widened(value)
    return form("NULLIF", wide, SMALLEST_BIGINT) if value.whole.most >= BIGINT_LIMIT else wide


def divisor(value: Value) -> Sql:
    """What may be divided by: NULL for 0."""
    return form("NULLIF", value.sql, integer(0))


def as_bigint(exact: Sql) -> Value:
    """An integer of up to 38 digits as a BIGINT, or NULL."""
    low, high = (exact_literal(Decimal(limit), WIDEST) for limit in (-BIGINT_LIMIT - 1, BIGINT_LIMIT))
    return _bigint(cast(within(exact, low, high), BIGINT), BIGINT_LIMIT)


def _widest(value: Value) -> Sql:
    return cast(value.sql, WIDEST)


def _bigint(sql: Sql, most: int) -> Value:
    return Value(sql, ValueType.INTEGER, known=Whole(Family.BIGINT, min(most, BIGINT_LIMIT)))
