"""For whom a policy makes an exception."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute a user holds: a name and one of its values."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Who passes a policy: any or all of the listed groups, attributes and purposes, or an
    expression of the templated language.

    Where both lists and `expression` are given, the expression counts as one more item of the list.
    No item at all never holds, under `all` too.
    """

    operator: Literal["any", "all"] = "any"
    groups: frozenset[str] = frozenset()
    attributes: frozenset[Attribute] = frozenset()
    purposes: frozenset[str] = frozenset()
    expression: str | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.groups or self.attributes or self.purposes or self.expression is not None)


NOBODY = Exceptions()
"""The exception that nobody passes."""
