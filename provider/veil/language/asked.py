"""What a test of the user asks for by name."""

from dataclasses import dataclass
from enum import StrEnum


class Holding(StrEnum):
    """What a user holds, or acts under."""

    GROUP = "group"
    ATTRIBUTE = "attribute"
    PURPOSE = "purpose"


@dataclass(frozen=True, slots=True)
class Asked:
    """A group, an attribute or a purpose, by its name; of an attribute also one of its values, None
    where any will do.
    """

    what: Holding
    name: str
    value: str | None = None
