"""The templated functions: their arguments, and where each may stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from veil.language.usage import Usage


class Family(Enum):
    """What a templated function speaks about."""

    USER = auto()
    COLUMN = auto()
    TAG = auto()
    PLACE = auto()
    VALUE = auto()


class Takes(StrEnum):
    """What may stand for one argument."""

    LITERAL = "a text in single quotes"
    """A name that people are compared by: not empty, without control characters or a trailing blank."""
    HELD = "a value in single quotes"
    """Like LITERAL, but it may be empty, and may hold infrastructure variables in a subscription."""
    COLUMN = "a column's name in single quotes"
    TAG = "a tag in single quotes"
    PLACE = "'dataSource' or 'column'"
    VALUE = "a column or an expression"
    """An expression; a text literal is a column's name."""


@dataclass(frozen=True, slots=True)
class Template:
    """A templated function by its canonical name. Parameters beyond `required` are optional; with `repeats` the
    last one may come any number of times.
    """

    name: str
    family: Family
    parameters: tuple[Takes, ...] = ()
    required: int = 0
    repeats: bool = False
    example: str = ""

    @property
    def usages(self) -> frozenset[Usage]:
        """Where it may stand."""
        return _USAGES[self.name] if self.name in _USAGES else _USAGES_OF_FAMILY[self.family]


_CONDITIONS = frozenset({Usage.ROW, Usage.AUDIENCE, Usage.SUBSCRIPTION})
_USAGES_OF_FAMILY = {
    Family.USER: _CONDITIONS,
    Family.COLUMN: frozenset({Usage.ROW}),
    Family.TAG: frozenset({Usage.SUBSCRIPTION}),
    Family.PLACE: frozenset({Usage.SUBSCRIPTION}),
    Family.VALUE: frozenset({Usage.MASK}),
}
_USAGES = {"columnReference": frozenset({Usage.ROW, Usage.MASK})}

_CONTAINS = (Takes.VALUE, Takes.LITERAL)
_ALL = (
    Template("isInGroups", Family.USER, (Takes.LITERAL,), 1, True, "@isInGroups('analysts', 'hr')"),
    Template("hasAttribute", Family.USER, (Takes.LITERAL, Takes.HELD), 2, example="@hasAttribute('clearance', 'high')"),
    Template("isUsingPurpose", Family.USER, (Takes.LITERAL,), 1, example="@isUsingPurpose('fraud')"),
    Template(
        "attributeValuesContains",
        Family.USER,
        (Takes.LITERAL, *_CONTAINS),
        2,
        example="@attributeValuesContains('territory', @columnTagged('geo.region'))",
    ),
    Template("groupsContains", Family.USER, _CONTAINS, 1, example="@groupsContains(department)"),
    Template("purposesContains", Family.USER, _CONTAINS, 1, example="@purposesContains(purpose)"),
    Template("username", Family.USER, example="@username"),
    Template("iam", Family.USER, example="@iam"),
    Template("columnTagged", Family.COLUMN, (Takes.TAG,), 1, example="@columnTagged('geo.region')"),
    Template("columnReference", Family.COLUMN, (Takes.COLUMN,), 1, example="@columnReference('territory')"),
    Template(
        "hasTagAsAttribute",
        Family.TAG,
        (Takes.LITERAL, Takes.PLACE),
        2,
        example="@hasTagAsAttribute('domain', 'dataSource')",
    ),
    Template("hasTagAsGroup", Family.TAG, (Takes.PLACE,), 1, example="@hasTagAsGroup('dataSource')"),
    *(Template(name, Family.PLACE, example=f"@{name}") for name in ("hostname", "database", "schema", "table")),
    Template("value", Family.VALUE, example="@value"),
)

TEMPLATES: Mapping[str, Template] = {each.name.lower(): each for each in _ALL}
"""Every templated function by its name in lower case; any case is accepted."""

WHY_NOT: Mapping[tuple[Family, Usage], str] = {
    (Family.COLUMN, Usage.AUDIENCE): "It sees only the user, no row. Put conditions on rows in where.",
    (Family.COLUMN, Usage.SUBSCRIPTION): "It sees only the user and the data source's tags and place, no row.",
    (Family.COLUMN, Usage.MASK): "It sees @value and @columnReference('name').",
    (
        Family.TAG,
        Usage.ROW,
    ): "Tag functions stand in subscription policies. For a tagged column use @columnTagged('tag').",
    (
        Family.TAG,
        Usage.AUDIENCE,
    ): "Tag functions stand in subscription policies. Use applies_to to choose places by tag.",
    (
        Family.PLACE,
        Usage.ROW,
    ): "Infrastructure variables stand in subscription policies. Use applies_to to choose places.",
    (
        Family.PLACE,
        Usage.AUDIENCE,
    ): "Infrastructure variables stand in subscription policies. Use applies_to to choose places.",
    (Family.USER, Usage.MASK): "It sees @value and @columnReference('name'). Put tests of the user in exceptions.",
    (Family.TAG, Usage.MASK): "It sees @value and @columnReference('name').",
    (Family.PLACE, Usage.MASK): "It sees @value and @columnReference('name').",
    (Family.VALUE, Usage.ROW): "@value is the value that a sql mask changes. Name the column instead.",
    (Family.VALUE, Usage.AUDIENCE): "@value is the value that a sql mask changes.",
    (Family.VALUE, Usage.SUBSCRIPTION): "@value is the value that a sql mask changes.",
}
"""What to do where a family of functions does not belong."""
