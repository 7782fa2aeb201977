"""The allowed functions as SQL: qualified, and in the form that both engines read alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from veil.compiler.arithmetic import arithmetic
from veil.compiler.bounds import BIGINT, Floating, Whole
from veil.compiler.building import NULL, call, cast, form, guard
from veil.compiler.exacts import exact_absolute, exact_integral, exact_rounded
from veil.compiler.lengths import MOST_BYTES_OF_CHARACTER, Length, cut, filled, replaced, with_others
from veil.compiler.moments import moved
from veil.compiler.results import as_results
from veil.compiler.sql import Extract, Sql, TextLiteral, Word
from veil.compiler.values import (
    Value,
    align,
    as_double,
    as_text,
    as_timestamp,
    compare,
    compared,
    held,
    length_of,
    null_of,
    type_of,
)
from veil.compiler.wholes import whole_absolute, whole_zeros
from veil.language.functions import ALLOWED, BUILT_IN
from veil.language.signatures import call_type
from veil.language.tree import Call, Expression, Number, Text
from veil.language.value_types import ValueType
from veil.model import ColumnType, Family

_Compiled = Callable[[ValueType, Sequence[Value]], Value]


def call_function(function: str, arguments: Sequence[Expression], values: Sequence[Value]) -> Value:
    """A call of an allowed function. A NULL argument of one that is not about NULLs makes it NULL
    here.
    """
    value_type = call_type(function, [value.value_type for value in values])
    if value_type is None or value_type is ValueType.NULL or value_type is ValueType.LOST:
        return null_of(value_type or ValueType.NULL)
    if function in _ABOUT_NULL:
        return _ABOUT_NULL[function](value_type, values)
    if any(value.is_null for value in values):
        return null_of(value_type)
    if function in BUILT_IN:
        return _built_in(function, value_type, values)
    if function in _LENGTHS:
        return Value(call(function, *map(_argument, values)), value_type, known=_LENGTHS[function](values))
    if function in _MOMENTS:
        unit = arguments[0].value if isinstance(arguments[0], Text) else ""
        return _MOMENTS[function](unit, value_type, [as_timestamp(value).sql for value in values[1:]])
    if function == "dateadd":
        return _dateadd(arguments, value_type, as_timestamp(values[2]).sql)
    if function == "round" and len(values) == 2 and isinstance(digits := arguments[1], Number):
        return _round_to(int(digits.value), value_type, values)
    return _OTHERS[function](value_type, values)


def _built_in(function: str, value_type: ValueType, values: Sequence[Value]) -> Value:
    """What both engines have under this name; `Signature` says how large it may get."""
    sql = call(
        function, *(as_timestamp(value).sql if value.value_type.is_moment else _argument(value) for value in values)
    )
    if value_type is ValueType.TEXT:
        return Value(sql, value_type, known=_same(values))
    return Value(sql, value_type, known=_COUNT) if value_type is ValueType.INTEGER else Value(sql, value_type)


def is_about_texts(function: str) -> bool:
    """Whether a function makes texts of texts, whose lengths add up until the last of them."""
    is_built_in = function in BUILT_IN and ALLOWED[function].gives is ValueType.TEXT
    return is_built_in or function in _LENGTHS or function in _ABOUT_NULL


def _argument(value: Value) -> Sql:
    return value.sql if value.value_type is ValueType.INTEGER else as_text(value)


def _same(values: Sequence[Value]) -> Length:
    text, *others = values
    return with_others(
        length_of(text), [length_of(each) for each in others if each.value_type is not ValueType.INTEGER]
    )


def _cut(values: Sequence[Value]) -> Length:
    """LEFT and RIGHT, and SUBSTRING where it says how many characters."""
    text, *counts = values
    if text.literal is None and counts and (count := counts[-1].literal) is not None:
        return cut(length_of(text), MOST_BYTES_OF_CHARACTER * int(count))
    return length_of(text)


def _substring(values: Sequence[Value]) -> Length:
    return _cut(values) if len(values) == 3 else length_of(values[0])


def _replaced(values: Sequence[Value]) -> Length:
    text, old, new = map(length_of, values)
    return with_others(replaced(text, new), [old])


def _padded(values: Sequence[Value]) -> Length:
    width = values[1].literal or 0
    return filled(length_of(values[0]), MOST_BYTES_OF_CHARACTER * int(width))


def _listed(keyword: str) -> _Compiled:
    """COALESCE, GREATEST and LEAST."""

    def compiled(value_type: ValueType, values: Sequence[Value]) -> Value:
        given = [value for value in values if not value.is_null]
        if len(given) == 1:
            return given[0]
        results, known = as_results(given, value_type)
        return Value(form(keyword, *results), value_type, known=known)

    return compiled


def _nullif(value_type: ValueType, values: Sequence[Value]) -> Value:
    left, right = values
    if left.is_null or right.is_null:
        return left
    exact = ValueType.DOUBLE in (left.value_type, right.value_type) and left.value_type is not ValueType.DOUBLE
    if ValueType.UNKNOWN in (left.value_type, right.value_type) or exact:
        return Value(guard(compare("=", left, right), NULL, left.sql), value_type, known=left.known)
    if value_type is ValueType.DOUBLE:
        left, right = as_double(left), as_double(right)
    if value_type is ValueType.TEXT:
        known = with_others(left.length, [right.length])
        return Value(form("NULLIF", left.sql, compared(right)), value_type, trimmed=left.trimmed, known=known)
    one, other = align((left, right))
    nullif = form("NULLIF", one.sql, other.sql)
    is_other = left.value_type is not right.value_type and not (
        value_type is ValueType.TIMESTAMP or right.value_type is ValueType.INTEGER
    )
    return Value(cast(nullif, type_of(left)) if is_other else nullif, value_type, known=left.known)


def _integral(function: str) -> _Compiled:
    """FLOOR, CEIL and ROUND leave integers as they are: PostgreSQL would make them floating-point
    ones.
    """

    def compiled(value_type: ValueType, values: Sequence[Value]) -> Value:
        (value,) = values
        if value.value_type is ValueType.INTEGER:
            return value
        if value.value_type is ValueType.NUMERIC:
            return exact_rounded(value, 0) if function == "round" else exact_integral(function, value)
        if value.value_type is ValueType.DOUBLE:
            value = as_double(value)
            return replace(
                value, sql=call(function, value.sql), known=Floating(0, value.floating.high + 1), literal=None
            )
        return Value(call(function, value.sql), value_type)

    return compiled


def _round_to(digits: int, value_type: ValueType, values: Sequence[Value]) -> Value:
    """ROUND to decimals, or to tens, hundreds and so on. Integers stay integers."""
    value, count = values
    if value.value_type is ValueType.INTEGER:
        return value if digits >= 0 else whole_zeros(value, count.sql)
    if value.value_type is ValueType.NUMERIC:
        return exact_rounded(value, digits)
    return Value(call("round", held(value), count.sql), value_type)


def _abs(value_type: ValueType, values: Sequence[Value]) -> Value:
    (value,) = values
    if value.value_type is ValueType.INTEGER:
        return whole_absolute(value)
    if value.value_type is ValueType.NUMERIC:
        return exact_absolute(value)
    return replace(value, sql=call("abs", held(value)), literal=None)


def _mod(value_type: ValueType, values: Sequence[Value]) -> Value:
    return arithmetic("%", *values)


_COUNT = Whole(Family.INTEGER, 1 << 31)
"""Of what the functions that count characters, and the parts of a date, give."""


def _length(value_type: ValueType, values: Sequence[Value]) -> Value:
    return Value(call("len", as_text(values[0])), value_type, known=_COUNT)


def _strpos(value_type: ValueType, values: Sequence[Value]) -> Value:
    return Value(call("strpos", *map(as_text, values)), value_type, known=_COUNT)


def _date_trunc(unit: str, value_type: ValueType, operands: Sequence[Sql]) -> Value:
    return Value(call("date_trunc", TextLiteral(unit), operands[0]), value_type)


def _dateadd(arguments: Sequence[Expression], value_type: ValueType, moment: Sql) -> Value:
    unit, amount, of = arguments
    assert isinstance(unit, Text) and isinstance(amount, Number)
    shifted = moved(unit.value, int(amount.value), moment, is_now=of == _NOW)
    return null_of(value_type) if shifted == NULL else Value(shifted, value_type)


def _datediff(unit: str, value_type: ValueType, operands: Sequence[Sql]) -> Value:
    return Value(cast(form("DATEDIFF", Word(unit), *operands), BIGINT), value_type, known=Whole(most=1 << 48))


def _date_part(unit: str, value_type: ValueType, operands: Sequence[Sql]) -> Value:
    return Value(cast(Extract(unit, operands[0]), ColumnType(Family.INTEGER)), value_type, known=_COUNT)


_ABOUT_NULL: Mapping[str, _Compiled] = {
    "coalesce": _listed("COALESCE"),
    "greatest": _listed("GREATEST"),
    "least": _listed("LEAST"),
    "nullif": _nullif,
}
_LENGTHS: Mapping[str, Callable[[Sequence[Value]], Length]] = {
    "lower": _same,
    "upper": _same,
    "btrim": _same,
    "ltrim": _same,
    "rtrim": _same,
    "left": _cut,
    "right": _cut,
    "substring": _substring,
    "replace": _replaced,
    "split_part": _same,
    "lpad": _padded,
    "rpad": _padded,
    "translate": _same,
}
"""The functions that make a text of a text, and how long it gets."""

_MOMENTS: Mapping[str, Callable[[str, ValueType, Sequence[Sql]], Value]] = {
    "date_trunc": _date_trunc,
    "datediff": _datediff,
    "date_part": _date_part,
}
_OTHERS: Mapping[str, _Compiled] = {
    "abs": _abs,
    "ceil": _integral("ceil"),
    "floor": _integral("floor"),
    "round": _integral("round"),
    "mod": _mod,
    "length": _length,
    "strpos": _strpos,
}

_NOW = Call("getdate", ())

COMPILED = BUILT_IN.union(("dateadd", *_ABOUT_NULL, *_LENGTHS, *_MOMENTS, *_OTHERS))
"""The functions that are compiled here: all but GETDATE, which is the moment of the query."""
