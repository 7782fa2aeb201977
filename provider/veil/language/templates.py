"""How a templated function is declared: its arguments, and where it may stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from veil.language.usage import Usage


class Subject(Enum):
    """What a templated function speaks about."""

    USER = auto()
    COLUMN = auto()
    TAG = auto()
    PLACE = auto()
    VALUE = auto()


class Takes(StrEnum):
    """What may stand for one argument."""

    LITERAL = "a string in single quotes"
    """A name that people are compared by: not empty, without control characters or a trailing
    space.
    """
    HELD = "a value in single quotes"
    """Like LITERAL, but it may be empty, and may hold infrastructure variables in a
    subscription.
    """
    COLUMN = "a column's name in single quotes"
    TAG = "a tag in single quotes"
    PLACE = "'dataSource' or 'column'"
    VALUE = "a column or an expression"
    """An expression; a string literal is a column's name."""


@dataclass(frozen=True, slots=True)
class Template:
    """A templated function by its canonical name. Parameters beyond `required` are optional; with
    `repeats` the last one may come any number of times.
    """

    name: str
    subject: Subject
    example: str
    parameters: tuple[Takes, ...] = ()
    required: int = 0
    repeats: bool = False
    also: frozenset[Usage] = frozenset()
    """Where it may stand beside what its subject allows."""

    @property
    def usages(self) -> frozenset[Usage]:
        """Where it may stand."""
        return _USAGES[self.subject] | self.also


_CONDITIONS = frozenset({Usage.ROW, Usage.AUDIENCE, Usage.SUBSCRIPTION})
_USAGES = {
    Subject.USER: _CONDITIONS,
    Subject.COLUMN: frozenset({Usage.ROW}),
    Subject.TAG: frozenset({Usage.SUBSCRIPTION}),
    Subject.PLACE: frozenset({Usage.SUBSCRIPTION}),
    Subject.VALUE: frozenset({Usage.MASK}),
}
WHY_NOT: Mapping[tuple[Subject, Usage], str] = {
    (Subject.COLUMN, Usage.AUDIENCE): "It sees only the user, no row. Put conditions on rows in where.",
    (Subject.COLUMN, Usage.SUBSCRIPTION): "It sees only the user and the data source's tags and place, no row.",
    (Subject.COLUMN, Usage.MASK): "It sees @value and @columnReference('name').",
    (
        Subject.TAG,
        Usage.ROW,
    ): "Tag functions stand in subscription policies. For a tagged column use @columnTagged('tag').",
    (
        Subject.TAG,
        Usage.AUDIENCE,
    ): "Tag functions stand in subscription policies. Use applies_to to choose places by tag.",
    (
        Subject.PLACE,
        Usage.ROW,
    ): "Infrastructure variables stand in subscription policies. Use applies_to to choose places.",
    (
        Subject.PLACE,
        Usage.AUDIENCE,
    ): "Infrastructure variables stand in subscription policies. Use applies_to to choose places.",
    (Subject.USER, Usage.MASK): "It sees @value and @columnReference('name'). Put tests of the user in exceptions.",
    (Subject.TAG, Usage.MASK): "It sees @value and @columnReference('name').",
    (Subject.PLACE, Usage.MASK): "It sees @value and @columnReference('name').",
    (Subject.VALUE, Usage.ROW): "@value is the value that a sql mask changes. Name the column instead.",
    (Subject.VALUE, Usage.AUDIENCE): "@value is the value that a sql mask changes.",
    (Subject.VALUE, Usage.SUBSCRIPTION): "@value is the value that a sql mask changes.",
}
"""What to do where a function on that subject does not belong."""
