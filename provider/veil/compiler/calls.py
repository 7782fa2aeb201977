"""The allowed functions as SQL: qualified, and in the form that both engines read alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from veil.compiler.arithmetic import WIDEST, absolute, arithmetic, within_bigint
from veil.compiler.building import NULL, call, cast, form, where
from veil.compiler.sql import Extract, Sql, TextLiteral, Word
from veil.compiler.values import Value, align, as_text, as_timestamp, at_utc, compare, null_of
from veil.language.tree import Expression, Number, Text
from veil.model import ColumnType, Family
from veil.policy.shapes import Shape
from veil.policy.signatures import call_shape

_TRIMS = ("btrim", "ltrim", "rtrim")
_PADS = ("lpad", "rpad")
_TEXTS = frozenset(
    ("lower", "upper", *_TRIMS, "left", "right", "substring", "replace", "split_part", *_PADS, "translate")
)


def call_function(function: str, arguments: Sequence[Expression], values: Sequence[Value]) -> Value:
    """A call of an allowed function. A NULL argument of one that is not about NULLs makes it NULL here."""
    shape = call_shape(function, [value.shape for value in values])
    if shape is None or shape is Shape.NULL or shape is Shape.LOST:
        return null_of(shape or Shape.NULL)
    if function in _ABOUT_NULL:
        return _ABOUT_NULL[function](shape, values)
    if any(value.is_null for value in values):
        return null_of(shape)
    if function in _TEXTS:
        return Value(call(function, *map(_argument, values)), shape)
    if function in _MOMENTS:
        unit = arguments[0].value if isinstance(arguments[0], Text) else ""
        operands = [as_timestamp(value).sql for value in values[1:]]
        return Value(_MOMENTS[function](unit, operands), shape, bits=48)
    if function == "round" and len(values) == 2 and isinstance(digits := arguments[1], Number) and digits.value < 0:
        return _zeros(shape, *values)
    return _OTHERS[function](shape, values)


def _argument(value: Value) -> Sql:
    return value.sql if value.shape is Shape.INTEGER else as_text(value)


def _coalesce(shape: Shape, values: Sequence[Value]) -> Value:
    return _listed("COALESCE", shape, values)


def _extreme(keyword: str) -> Callable[[Shape, Sequence[Value]], Value]:
    return lambda shape, values: _listed(keyword, shape, values)


def _listed(keyword: str, shape: Shape, values: Sequence[Value]) -> Value:
    given = [value for value in values if not value.is_null]
    if shape is not Shape.TEXT:
        given = list(align(given))
    sql = given[0].sql if len(given) == 1 else form(keyword, *(value.sql for value in given))
    return Value(sql, shape)


def _nullif(shape: Shape, values: Sequence[Value]) -> Value:
    left, right = values
    if left.is_null or right.is_null:
        return left
    return Value(where(compare("=", left, right), NULL, left.sql), shape)


def _rounding(function: str) -> Callable[[Shape, Sequence[Value]], Value]:
    """FLOOR, CEIL and ROUND leave whole numbers as they are: PostgreSQL would make them floating-point ones."""

    def compiled(shape: Shape, values: Sequence[Value]) -> Value:
        if values[0].shape is Shape.INTEGER:
            return values[0]
        return Value(call(function, *(value.sql for value in values)), shape)

    return compiled


def _zeros(shape: Shape, value: Value, digits: Value) -> Value:
    """ROUND to tens, hundreds and so on. Whole numbers stay whole; in their widest type none overflows."""
    if shape is Shape.INTEGER:
        return within_bigint(call("round", cast(value.sql, WIDEST), digits.sql))
    wide = value.sql if value.scale is None else cast(value.sql, replace(WIDEST, scale=value.scale))
    return Value(call("round", wide, digits.sql), shape)


def _abs(shape: Shape, values: Sequence[Value]) -> Value:
    return absolute(values[0])


def _mod(shape: Shape, values: Sequence[Value]) -> Value:
    return arithmetic("%", *values)


def _length(shape: Shape, values: Sequence[Value]) -> Value:
    return Value(call("len", as_text(values[0])), shape, bits=31)


def _strpos(shape: Shape, values: Sequence[Value]) -> Value:
    return Value(call("strpos", *map(as_text, values)), shape, bits=31)


def _getdate(shape: Shape, values: Sequence[Value]) -> Value:
    return Value(now(), shape)


def now() -> Sql:
    """The moment of the query, at UTC and without a fraction.

    GETDATE() is in the time zone of the caller's session (Amazon Redshift Developer Guide, GETDATE), which callers set
    as they like.
    """
    return at_utc(cast(call("getdate"), ColumnType(Family.TIMESTAMPTZ)))


def _date_trunc(unit: str, operands: Sequence[Sql]) -> Sql:
    return call("date_trunc", TextLiteral(unit), operands[0])


def _dateadd(unit: str, operands: Sequence[Sql]) -> Sql:
    return form("DATEADD", Word(unit), *operands)


def _datediff(unit: str, operands: Sequence[Sql]) -> Sql:
    return form("DATEDIFF", Word(unit), *operands)


def _date_part(unit: str, operands: Sequence[Sql]) -> Sql:
    return cast(Extract(unit, operands[0]), ColumnType(Family.INTEGER))


_ABOUT_NULL: Mapping[str, Callable[[Shape, Sequence[Value]], Value]] = {
    "coalesce": _coalesce,
    "greatest": _extreme("GREATEST"),
    "least": _extreme("LEAST"),
    "nullif": _nullif,
}
_MOMENTS: Mapping[str, Callable[[str, Sequence[Sql]], Sql]] = {
    "date_trunc": _date_trunc,
    "dateadd": _dateadd,
    "datediff": _datediff,
    "date_part": _date_part,
}
_OTHERS: Mapping[str, Callable[[Shape, Sequence[Value]], Value]] = {
    "abs": _abs,
    "ceil": _rounding("ceil"),
    "floor": _rounding("floor"),
    "round": _rounding("round"),
    "mod": _mod,
    "length": _length,
    "strpos": _strpos,
    "getdate": _getdate,
}
