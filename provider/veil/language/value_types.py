"""The types of values that the policy language tells apart.

There is this one list of them. `inference` says what the text of an expression alone tells, for the
checks that need no data source; the typechecker of policies knows the columns too, and decides what
the text leaves open. The interpreter types values by itself, on purpose: it is there to find errors
made here.
"""

from collections.abc import Iterable
from enum import StrEnum


class ValueType(StrEnum):
    """The type of a value, in the words of messages. Timestamps with a time zone are read at
    UTC.
    """

    TEXT = "string"
    INTEGER = "integer"
    NUMERIC = "decimal number"
    DOUBLE = "floating-point number"
    NUMBER = "number"
    """One of the three above: the columns in an expression tell which. The typechecker never gives
    it.
    """
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    NULL = "null"
    UNKNOWN = "value"
    """Only the type of a column tells it. To the typechecker that is a column of a lookup, whose
    table it has not seen.
    """
    OPAQUE = "value without comparisons"
    """A column's of a type that the language only passes on, such as SUPER."""
    LOST = "value that cannot be decided"
    """What a problem made unknown."""

    @property
    def is_number(self) -> bool:
        return self in (ValueType.INTEGER, ValueType.NUMERIC, ValueType.DOUBLE, ValueType.NUMBER)

    @property
    def is_moment(self) -> bool:
        return self in (ValueType.DATE, ValueType.TIMESTAMP)

    @property
    def is_open(self) -> bool:
        """Whether it goes with every other type: NULL, what a problem made unknown, and what only a
        column tells.
        """
        return self in (ValueType.NULL, ValueType.UNKNOWN, ValueType.LOST)


def meet(left: ValueType, right: ValueType) -> bool:
    """Whether values of the two types can be compared as they are."""
    if ValueType.OPAQUE in (left, right):
        return False
    if left.is_open or right.is_open or left is right:
        return True
    return (left.is_number and right.is_number) or (left.is_moment and right.is_moment)


def unified(types: Iterable[ValueType]) -> ValueType | None:
    """The one type that all of these can become, None where there is none: NULL goes with anything,
    numbers widen, dates become timestamps.
    """
    known = {each for each in types if each is not ValueType.NULL}
    if ValueType.LOST in known:
        return ValueType.LOST
    if ValueType.OPAQUE in known:
        return None
    if ValueType.UNKNOWN in known and len(known) > 1:
        known.discard(ValueType.UNKNOWN)
    if len(known) <= 1:
        return known.pop() if known else ValueType.NULL
    if all(each.is_number for each in known):
        widest = (ValueType.DOUBLE, ValueType.NUMBER, ValueType.NUMERIC)
        return next(each for each in widest if each in known)
    return ValueType.TIMESTAMP if all(each.is_moment for each in known) else None


def article(kind: str) -> str:
    """A type of value with its article: `an integer`."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
