"""What kinds of value the text of an expression alone can tell apart."""

from enum import StrEnum


class StaticType(StrEnum):
    """The kind of a value, in the words of messages."""

    TEXT = "a text"
    NUMBER = "a number"
    CONDITION = "a condition"
    DATE = "a date"
    TIMESTAMP = "a timestamp"
    UNKNOWN = "a value"
    """Only the types of columns tell it."""
