"""NUMERIC, which Redshift holds to 38 digits: each operation is given operands whose result cannot
have more.

A result has the decimals that Redshift gives it. Where it could have more than 38 digits, operands
that are too large for it are NULL.

Source: Amazon Redshift Developer Guide, "Computations with numeric values".
"""

from collections.abc import Sequence
from decimal import Decimal

from veil.compiler.bounds import EXACT, MOST_DIGITS, Exact, numeric, power_of_ten, within_exact
from veil.compiler.building import call, cast, form, infix, integer
from veil.compiler.sql import Sql, Sum
from veil.compiler.values import Value, held, null_of
from veil.language.value_types import ValueType
from veil.model import ColumnType, Family

_WHOLE = ColumnType(Family.NUMERIC, precision=20, scale=0)
_ENOUGH_DECIMALS, _MOST_DECIMALS, _FEWEST_DECIMALS = 12, 20, 4
"""Those of a quotient: enough where the dividend has fewer, no more than so many together with the
divisor's, and no fewer than Redshift gives.
"""


def exact_sum(terms: Sequence[tuple[str, Value]]) -> Value:
    """The sum of terms with their signs."""
    known = [term.exact for _, term in terms]
    scale, digits = max(each.scale for each in known), max(each.digits for each in known)
    digits += len(str(len(terms) - 1)) if len(terms) > 1 else 0
    if digits + scale <= MOST_DIGITS:
        return _value(Sum(tuple((sign, _as_summand(term)) for sign, term in terms)), digits, scale)
    limit = Decimal(10**MOST_DIGITS // len(terms)).scaleb(-scale, EXACT)
    summands = tuple((sign, _below(term, limit)) for sign, term in terms)
    return _value(Sum(summands), MOST_DIGITS - scale, scale)


def _as_summand(value: Value) -> Sql:
    """Two integers that are added up before a NUMERIC is must not be added up as such."""
    return cast(value.sql, numeric(value.exact.digits + 1, 0)) if value.value_type is ValueType.INTEGER else held(value)


def exact_product(left: Value, right: Value) -> Value:
    """Factors that are too large for their product are NULL, as is all of it where it has more
    decimals than digits.
    """
    one, other = left.exact, right.exact
    scale = one.scale + other.scale
    room = MOST_DIGITS - scale
    if room < 1:
        return null_of(ValueType.NUMERIC)
    first = min(one.digits, max(room - other.digits, room // 2))
    second = min(other.digits, room - first)
    product = infix("*", _of_digits(left, first), _of_digits(right, second))
    return _value(product, first + second, scale)


def exact_quotient(left: Value, right: Value) -> Value:
    """Spelled so that both engines give it as many decimals: Redshift cuts them to what 38 digits
    leave, PostgreSQL adds some.
    """
    divisor = right.exact.scale
    most = min(max(_ENOUGH_DECIMALS, left.exact.scale), _MOST_DECIMALS - divisor)
    scale = max(_FEWEST_DECIMALS, most)
    room = MOST_DIGITS - scale - divisor
    if room < 1:
        return null_of(ValueType.NUMERIC)
    rounded = exact_rounded(left, scale + divisor)
    # No wider than it has to be: what is left of the 38 digits are decimals of the quotient, of
    # which ROUND needs more than it keeps, since no page of AWS says whether those that do not fit
    # are rounded or cut.
    width = max(1, min(room, rounded.exact.digits))
    dividend = cast(_of_digits(rounded, room), numeric(width, scale + divisor))
    quotient = infix("/", dividend, form("NULLIF", as_exact(right), integer(0)))
    digits = min(MOST_DIGITS - scale, rounded.exact.digits + divisor)
    return _value(cast(call("round", quotient, integer(scale)), numeric(MOST_DIGITS, scale)), digits, scale)


def exact_remainder(left: Value, right: Value) -> Value:
    """With the sign of the dividend."""
    scale = max(left.exact.scale, right.exact.scale)
    room = MOST_DIGITS - scale
    dividend, divisor = (_of_digits(each, min(room, each.exact.digits)) for each in (left, right))
    digits = min(room, left.exact.digits, right.exact.digits)
    return _value(call("mod", dividend, form("NULLIF", divisor, integer(0))), digits, scale)


def exact_rounded(value: Value, decimals: int) -> Value:
    """Rounded half away from zero, where it has more decimals. ROUND keeps the type of what it is
    given, so a number that fills all 38 digits and would get one more is NULL.
    """
    digits, scale = value.exact.digits, value.exact.scale
    if decimals >= scale:
        return value
    rounded = call("round", _without_carry(value, Decimal(5).scaleb(-decimals - 1)), integer(decimals))
    digits, scale = min(digits + 1, MOST_DIGITS - scale), max(0, decimals)
    return _value(cast(rounded, numeric(digits, scale)), digits, scale)


def exact_integral(function: str, value: Value) -> Value:
    """FLOOR and CEIL."""
    digits = min(value.exact.digits + 1, MOST_DIGITS - value.exact.scale)
    whole = call(function, _without_carry(value, Decimal(1)))
    return _value(cast(whole, numeric(digits, 0)), digits, 0)


def exact_absolute(value: Value) -> Value:
    return _value(call("abs", as_exact(value)), value.exact.digits, value.exact.scale)


def exact_as(value: Value, column_type: ColumnType) -> Sql:
    """As another NUMERIC, rounded to its scale; NULL where it is out of range. What is cast needs
    no rounding any more: whether a cast rounds or cuts, a session can set.
    """
    precision, scale = column_type.precision or 18, column_type.scale or 0
    known = value.exact
    if known.scale <= scale:
        return cast(_of_digits(value, precision - scale), column_type)
    if known.digits < precision - scale:
        return cast(exact_rounded(value, scale).sql, column_type)
    held = _limited(value, EXACT.subtract(power_of_ten(precision - scale), Decimal(5).scaleb(-scale - 1)))
    return cast(call("round", held, integer(scale)), column_type)


def common_exact(values: Sequence[Value]) -> tuple[list[Sql], Exact]:
    """Results of which one is chosen, in the one type that holds them: all their digits before the
    point, and as many decimals as fit beside those.
    """
    known = [value.exact for value in values if not value.is_null]
    digits = max(each.digits for each in known)
    scale = min(max(each.scale for each in known), MOST_DIGITS - digits)
    common = Exact(digits, scale)
    if digits + scale <= _SMALL:
        return [held(value) for value in values], common
    return [
        held(value) if value.is_null or _is(value, common) else exact_as(value, common.type) for value in values
    ], common


_SMALL = 18
"""Of numbers of so many digits Redshift itself finds the common type, by its documented rule."""


def _is(value: Value, known: Exact) -> bool:
    return value.value_type is ValueType.NUMERIC and value.exact == known


def as_exact(value: Value) -> Sql:
    """An integer, or a NUMERIC, as an operand: a BIGINT is one of 20 digits, since Redshift's
    NUMERIC of 19 does not hold the smallest.
    """
    if value.value_type is ValueType.INTEGER and value.whole.family is Family.BIGINT:
        return cast(value.sql, _WHOLE)
    return held(value)


def _without_carry(value: Value, step: Decimal) -> Sql:
    """The number where it may grow by the step and still have 38 digits with its decimals. A step
    that is larger than all those digits leaves 0.
    """
    room = MOST_DIGITS - value.exact.scale
    limit = EXACT.subtract(power_of_ten(room), step)
    return as_exact(value) if value.exact.digits < room or limit <= 0 else _limited(value, limit)


def _of_digits(value: Value, digits: int) -> Sql:
    """The number where it has at most so many digits before the point, else NULL."""
    return as_exact(value) if value.exact.digits <= digits else _limited(value, power_of_ten(digits))


def _below(value: Value, limit: Decimal) -> Sql:
    return _as_summand(value) if power_of_ten(value.exact.digits) <= limit else _limited(value, limit)


def _limited(value: Value, limit: Decimal) -> Sql:
    return within_exact(as_exact(value), limit, value.exact.scale)


def _value(sql: Sql, digits: int, scale: int) -> Value:
    return Value(sql, ValueType.NUMERIC, known=Exact(digits, scale))
