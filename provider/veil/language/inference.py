"""What kind of value an expression gives, as far as the text alone tells. Columns tell nothing."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from veil.language import tree
from veil.language.functions import ALLOWED, Gives
from veil.language.static_types import StaticType
from veil.language.tree import Expression

DAYS = "Write DATEADD(day, -30, x) for an earlier day, DATEDIFF(day, a, b) for the midnights from a to b."
"""The advice where numbers stand for days."""

_MOMENTS = frozenset({StaticType.DATE, StaticType.TIMESTAMP})
_GIVEN = {
    Gives.TEXT: StaticType.TEXT,
    Gives.NUMBER: StaticType.NUMBER,
    Gives.INTEGER: StaticType.NUMBER,
    Gives.DATE: StaticType.DATE,
    Gives.TIMESTAMP: StaticType.TIMESTAMP,
}
_CAST = {
    "boolean": StaticType.CONDITION,
    "character": StaticType.TEXT,
    "character varying": StaticType.TEXT,
    "date": StaticType.DATE,
    "timestamp without time zone": StaticType.TIMESTAMP,
}


def static_type(expression: Expression) -> StaticType:
    """The kind of value that `expression` gives; UNKNOWN where only the columns' types decide."""
    return expression.gives or DEPENDENT[type(expression)](expression)


def _of_case(node: tree.Case) -> StaticType:
    return common_type([*(result for _, result in node.branches), *([node.otherwise] if node.otherwise else [])])


def _of_call(node: tree.Call) -> StaticType:
    gives = ALLOWED[node.function].gives
    return common_type(node.arguments) if gives is Gives.SAME else _GIVEN[gives]


DEPENDENT: Mapping[type[tree.Node], Callable[[Any], StaticType]] = {
    tree.Moment: lambda node: StaticType(f"a {node.type}"),
    tree.Cast: lambda node: _CAST.get(node.type, StaticType.NUMBER),
    tree.Case: _of_case,
    tree.Call: _of_call,
}
"""The constructs whose class does not say what they give, because that depends on their parts."""


def common_type(expressions: Iterable[Expression]) -> StaticType:
    """The first known kind among them."""
    known = (found for each in expressions if (found := static_type(each)) is not StaticType.UNKNOWN)
    return next(known, StaticType.UNKNOWN)


def agree(one: StaticType, other: StaticType) -> bool:
    """Whether values of the two kinds can be compared with each other."""
    return one is other or StaticType.UNKNOWN in (one, other) or {one, other} == _MOMENTS


def comparable(one: Expression, other: Expression) -> bool:
    """Whether two expressions can be compared. A text literal is read as what it is compared with."""
    literal = isinstance(one, tree.Text) or isinstance(other, tree.Text)
    return literal or agree(static_type(one), static_type(other))


def is_moment(expression: Expression) -> bool:
    """Whether `expression` gives, or may give, a date or a timestamp."""
    return static_type(expression) in (*_MOMENTS, StaticType.UNKNOWN)
