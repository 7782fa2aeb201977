"""Which type of column a typed value would be of: what a string literal beside it is read as.

Types of value, as `veil.language.value_types` tells them apart, leave open what decides that: a
TIMESTAMPTZ takes a zone, a SMALLINT no number above 32767, and a REAL is another 0.1 than a DOUBLE.
What is made of values has one of these types too.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from veil.language import tree
from veil.language.inference import results, static_type
from veil.language.tree import Expression
from veil.language.value_types import ValueType
from veil.model import ColumnType, Family

TypeOf = Callable[[Expression], ColumnType | None]
"""The type of a part of an expression; None where it has none, as NULL has."""

BIGINT, INTEGER = ColumnType(Family.BIGINT), ColumnType(Family.INTEGER)
NUMERIC = ColumnType(Family.NUMERIC, precision=38)
"""A NUMERIC: literals are read with all their digits, whatever it holds."""
DOUBLE, DATE, TIMESTAMP = ColumnType(Family.DOUBLE), ColumnType(Family.DATE), ColumnType(Family.TIMESTAMP)

OF_VALUES: Mapping[ValueType, ColumnType] = {
    ValueType.TEXT: ColumnType(Family.VARCHAR),
    ValueType.INTEGER: BIGINT,
    ValueType.NUMERIC: NUMERIC,
    ValueType.DOUBLE: DOUBLE,
    ValueType.BOOLEAN: ColumnType(Family.BOOLEAN),
    ValueType.DATE: DATE,
    ValueType.TIMESTAMP: TIMESTAMP,
}
"""The types of values of which no more is known."""
_SMALLEST_FIRST = (Family.SMALLINT, Family.INTEGER, Family.BIGINT)


def derived_type(expression: Expression, column: TypeOf) -> ColumnType | None:
    """The type of a typed expression. `column` gives that of a column and of the value that is
    masked.
    """
    rule = DERIVED.get(type(expression))
    if rule is None:
        return None if expression.gives is None else OF_VALUES.get(expression.gives)
    return rule(expression, lambda part: derived_type(part, column), column)


def common_type(types: Iterable[ColumnType | None]) -> ColumnType | None:
    """The type of a value that is chosen from values of these. Moments of several types are read at
    UTC, and so without a zone: no document says which of the types that becomes.
    """
    known = [each for each in types if each is not None]
    families = {each.family for each in known}
    if len(families) <= 1:
        return known[0] if known else None
    if all(family.is_integer for family in families):
        return ColumnType(max(families, key=_SMALLEST_FIRST.index))
    if all(family.is_number for family in families):
        return DOUBLE if families & {Family.REAL, Family.DOUBLE} else NUMERIC
    return TIMESTAMP if all(family.is_moment for family in families) else known[0]


def computed_type(types: Iterable[ColumnType | None]) -> ColumnType | None:
    """The type of a number that is computed of these."""
    families = {each.family for each in types if each is not None}
    if not families or families & {Family.REAL, Family.DOUBLE}:
        return DOUBLE if families else None
    return BIGINT if all(family.is_integer for family in families) else NUMERIC


def _number(node: tree.Number, part: TypeOf, column: TypeOf) -> ColumnType | None:
    """An integer is of the smallest type that holds it."""
    if static_type(node) is not ValueType.INTEGER:
        return NUMERIC
    whole = int(node.value)
    bits = (whole if whole >= 0 else -whole - 1).bit_length()
    return ColumnType(Family.SMALLINT if bits < 16 else Family.INTEGER if bits < 32 else Family.BIGINT)


def _call(node: tree.Call, part: TypeOf, column: TypeOf) -> ColumnType | None:
    return CALLS[node.function](node, [part(argument) for argument in node.arguments])


def _absolute(node: tree.Call, types: list[ColumnType | None]) -> ColumnType | None:
    """Integers are computed as BIGINT. A REAL keeps its type."""
    (operand,) = types
    return BIGINT if operand is not None and operand.family.is_integer else operand


def _integral(node: tree.Call, types: list[ColumnType | None]) -> ColumnType | None:
    """FLOOR, CEIL and ROUND leave integers as they are, but for ROUND to tens, hundreds and so
    on.
    """
    operand, digits = types[0], node.arguments[1] if len(node.arguments) > 1 else None
    if operand is not None and operand.family.is_integer:
        return BIGINT if isinstance(digits, tree.Number) and digits.value < 0 else operand
    return computed_type([operand])


def _nullif(node: tree.Call, types: list[ColumnType | None]) -> ColumnType | None:
    """NULLIF gives its first argument, which is compared as a DOUBLE where it is a REAL."""
    return DOUBLE if types[0] is not None and types[0].family is Family.REAL else types[0]


def _always(column_type: ColumnType) -> Callable[[tree.Call, list[ColumnType | None]], ColumnType | None]:
    return lambda node, types: column_type


_TEXTS = (
    *("lower", "upper", "btrim", "ltrim", "rtrim", "left", "right", "substring"),
    *("replace", "split_part", "lpad", "rpad", "translate"),
)
CALLS: Mapping[str, Callable[[tree.Call, list[ColumnType | None]], ColumnType | None]] = {
    **dict.fromkeys(("coalesce", "greatest", "least"), lambda node, types: common_type(types)),
    "nullif": _nullif,
    "abs": _absolute,
    **dict.fromkeys(("floor", "ceil", "round"), _integral),
    "mod": lambda node, types: computed_type(types),
    **dict.fromkeys(_TEXTS, _always(OF_VALUES[ValueType.TEXT])),
    **dict.fromkeys(("length", "strpos", "date_part"), _always(INTEGER)),
    "datediff": _always(BIGINT),
    **dict.fromkeys(("getdate", "date_trunc", "dateadd"), _always(TIMESTAMP)),
    "last_day": _always(DATE),
}
"""What a call of each function gives, by its canonical name."""

DERIVED: Mapping[type[tree.Node], Callable[[Any, TypeOf, TypeOf], ColumnType | None]] = {
    tree.ColumnName: lambda node, part, column: column(node),
    tree.ColumnReference: lambda node, part, column: column(node),
    tree.MaskedValue: lambda node, part, column: column(node),
    tree.Number: _number,
    tree.Moment: lambda node, part, column: OF_VALUES[static_type(node)],
    tree.Cast: lambda node, part, column: cast_type(node),
    tree.Case: lambda node, part, column: common_type(map(part, results(node))),
    tree.Call: _call,
    tree.Arithmetic: lambda node, part, column: computed_type((part(node.left), part(node.right))),
    tree.Negative: lambda node, part, column: computed_type((part(node.operand),)),
}
"""The constructs whose class does not say which type of column they would be of."""


def cast_type(node: tree.Cast) -> ColumnType:
    """The type that a cast names. The parser has filled in lengths, precisions and scales."""
    family = Family(node.type)
    if family.is_text:
        return ColumnType(family, length=node.arguments[0])
    if family is Family.NUMERIC:
        return ColumnType(family, precision=node.arguments[0], scale=node.arguments[1])
    return ColumnType(family)
