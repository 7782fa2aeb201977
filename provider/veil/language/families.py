"""What kind of value an expression gives, as far as the text alone tells. Columns tell nothing."""

from collections.abc import Iterable
from enum import StrEnum

from veil.language import tree
from veil.language.functions import ALLOWED, Gives
from veil.language.tree import Expression


class Family(StrEnum):
    """The kind of a value, in the words of messages."""

    TEXT = "a text"
    NUMBER = "a number"
    CONDITION = "a condition"
    DATE = "a date"
    TIMESTAMP = "a timestamp"
    UNKNOWN = "a value"


DAYS = "Write DATEADD(day, -30, x) for an earlier day, DATEDIFF(day, a, b) for the midnights from a to b."
"""The advice where numbers stand for days."""

_MOMENTS = frozenset({Family.DATE, Family.TIMESTAMP})
_GIVEN = {
    Gives.TEXT: Family.TEXT,
    Gives.NUMBER: Family.NUMBER,
    Gives.INTEGER: Family.NUMBER,
    Gives.TIMESTAMP: Family.TIMESTAMP,
}
_CAST = {
    "boolean": Family.CONDITION,
    "character": Family.TEXT,
    "character varying": Family.TEXT,
    "date": Family.DATE,
    "timestamp without time zone": Family.TIMESTAMP,
}
_UNKNOWN = (tree.ColumnName, tree.ColumnReference, tree.ColumnTagged, tree.MaskedValue, tree.NullValue)
_TEXTS = (tree.Text, tree.Concat, tree.Username, tree.Iam, tree.Infrastructure)
_NUMBERS = (tree.Number, tree.Arithmetic, tree.Negative)


def family_of(expression: Expression) -> Family:
    """The kind of value that `expression` gives; UNKNOWN where only the columns' types decide."""
    match expression:
        case tree.Moment(type=kind):
            return Family(f"a {kind}")
        case tree.Cast(type=kind):
            return _CAST.get(kind, Family.NUMBER)
        case tree.Case(branches=branches, otherwise=otherwise):
            return common_family([*(result for _, result in branches), *([otherwise] if otherwise else [])])
        case tree.Call(function=name, arguments=arguments):
            gives = ALLOWED[name].gives
            return common_family(arguments) if gives is Gives.SAME else _GIVEN[gives]
    if isinstance(expression, _UNKNOWN):
        return Family.UNKNOWN
    if isinstance(expression, _TEXTS):
        return Family.TEXT
    return Family.NUMBER if isinstance(expression, _NUMBERS) else Family.CONDITION


def common_family(expressions: Iterable[Expression]) -> Family:
    """The first known family among them."""
    return next((found for each in expressions if (found := family_of(each)) is not Family.UNKNOWN), Family.UNKNOWN)


def agree(one: Family, other: Family) -> bool:
    """Whether values of the two families can be compared with each other."""
    return one is other or Family.UNKNOWN in (one, other) or {one, other} == _MOMENTS


def comparable(one: Expression, other: Expression) -> bool:
    """Whether two expressions can be compared. A text literal is read as what it is compared with."""
    literal = isinstance(one, tree.Text) or isinstance(other, tree.Text)
    return literal or agree(family_of(one), family_of(other))


def is_moment(expression: Expression) -> bool:
    """Whether `expression` gives, or may give, a date or a timestamp."""
    return family_of(expression) in (*_MOMENTS, Family.UNKNOWN)
