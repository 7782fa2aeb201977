"""Masks of numbers, in arithmetic that no value makes overflow."""

from collections.abc import Callable
from decimal import Decimal

from veil.compiler.bounds import DOUBLE, Exact, double_literal, exact_of, numeric
from veil.compiler.building import call, cast, conjunction, disjunction, guard, infix, integer
from veil.compiler.casts import number_as
from veil.compiler.exacts import exact_product
from veil.compiler.hashing import DRAWN_DIGITS, drawn_from
from veil.compiler.sql import Sql
from veil.compiler.values import Value, as_double, literal_value
from veil.language.tree import Number
from veil.language.value_types import ValueType
from veil.model import ColumnType, Family

NOISE_STEPS = 10**6
"""A value is moved by as many steps, up or down, as its hash says, of which so many are all of
`percent`.
"""

_FLOATING_DIGITS = ColumnType(Family.NUMERIC, precision=38, scale=9)
_SMALLEST, _LARGEST = 1e-20, 1e28
"""Sizes between which a floating-point number neither overflows those digits nor underflows when it
is moved.
"""


def _plain(number: Decimal) -> Sql:
    return literal_value(Number(number)).sql


def floating_noise(value: Value, column_type: ColumnType, percent: Decimal, digest_of: Callable[[Sql], Sql]) -> Sql:
    """As `noise`, in floating-point arithmetic and not rounded. The hash is of the number with nine
    decimals: how a floating-point number prints depends on settings. NULL for numbers out of all
    proportion.
    """
    wide = as_double(value).sql
    digits = cast(cast(wide, _FLOATING_DIGITS), ColumnType(Family.VARCHAR, length=64))
    factor = infix("+", double_literal(1.0), infix("*", cast(_steps(digest_of(digits)), DOUBLE), _share(percent)))
    size = call("abs", wide)
    in_reach = conjunction([infix(">=", size, double_literal(_SMALLEST)), infix("<=", size, double_literal(_LARGEST))])
    moves = disjunction([in_reach, infix("=", size, double_literal(0.0))])
    moved = Value(infix("*", wide, factor), ValueType.DOUBLE)
    return guard(moves, number_as(moved, column_type).sql)


def _share(percent: Decimal) -> Sql:
    return double_literal(float(percent / 100 / NOISE_STEPS))


def noise(value: Value, column_type: ColumnType, percent: Decimal, digest: Sql) -> Sql:
    """The value moved by up to `percent` of itself, by what its salted hash says, rounded half away
    from zero. All of it is exact: v * (1 + steps * (percent / 100 / 10^6)). NULL where that takes
    more than 38 digits.
    """
    share = percent / 100 / NOISE_STEPS
    most = exact_of(1 + percent / 100)
    factor = infix("+", integer(1), infix("*", cast(_steps(digest), numeric(7, 0)), _plain(share)))
    decimals = -int(share.as_tuple().exponent)
    digits = (most or Exact()).digits
    return number_as(
        exact_product(value, Value(factor, ValueType.NUMERIC, known=Exact(digits, decimals))), column_type
    ).sql


def _steps(digest: Sql) -> Sql:
    """An integer from -10^6 to 10^6, which the hash decides."""
    drawn = infix("*", drawn_from(digest), integer(2 * NOISE_STEPS + 1))
    return infix("-", infix("/", drawn, integer(16**DRAWN_DIGITS)), integer(NOISE_STEPS))
