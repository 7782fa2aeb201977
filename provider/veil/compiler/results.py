"""Several results of which one is chosen, as CASE, COALESCE and GREATEST do, in one type."""

from collections.abc import Sequence
from typing import assert_never

from veil.compiler.bounds import Exact, Floating, Whole
from veil.compiler.exacts import common_exact
from veil.compiler.lengths import Length, any_of
from veil.compiler.sql import Sql
from veil.compiler.values import Value, align, as_double, as_text, held, length_of
from veil.language.value_types import ValueType


def as_results(
    values: Sequence[Value], value_type: ValueType
) -> tuple[list[Sql], Whole | Exact | Floating | Length | None]:
    """The values in the form of the type that they have in common, and what is known of any of
    them.
    """
    given = [value for value in values if not value.is_null]
    match value_type:
        case ValueType.TEXT:
            return [as_text(value) for value in values], any_of([length_of(value) for value in given])
        case ValueType.INTEGER:
            largest = max(given, key=lambda value: value.whole.digits).whole.family
            return [value.sql for value in values], Whole(largest, max(value.whole.most for value in given))
        case ValueType.NUMERIC:
            return common_exact(values)
        case ValueType.DOUBLE:
            return _as_floating(values, given)
        case (
            ValueType.BOOLEAN
            | ValueType.DATE
            | ValueType.TIMESTAMP
            | ValueType.NULL
            | ValueType.NUMBER
            | ValueType.UNKNOWN
            | ValueType.OPAQUE
            | ValueType.LOST
        ):
            return [value.sql for value in align(values)], None
        case never:
            assert_never(never)


def _as_floating(values: Sequence[Value], given: Sequence[Value]) -> tuple[list[Sql], Floating]:
    single = all(value.floating.single for value in given)
    known = [value.floating for value in given]
    common = Floating(min(each.low for each in known), max(each.high for each in known), single)
    return [held(value) if value.is_null or single else as_double(value).sql for value in values], common
