"""Where an expression stands, which decides what it may mention."""

from enum import StrEnum


class Usage(StrEnum):
    """The places of the configuration that hold an expression."""

    ROW = "row"
    """A row policy's or a cell mask's `where`: columns, lookups, user functions."""

    AUDIENCE = "audience"
    """`exceptions.expression` and `for_everyone_who`: user functions only."""

    SUBSCRIPTION = "subscription"
    """A subscription policy's `expression`: user functions, tag functions, infrastructure
    variables.
    """

    MASK = "mask"
    """A `sql` mask: `@value` and `@columnReference` only."""

    @property
    def is_condition(self) -> bool:
        """Whether the whole expression must be TRUE, FALSE or unknown, rather than a value."""
        return self is not Usage.MASK

    @property
    def place(self) -> str:
        """What people call it, for messages."""
        return {
            Usage.ROW: "a row condition",
            Usage.AUDIENCE: "an audience expression",
            Usage.SUBSCRIPTION: "a subscription expression",
            Usage.MASK: "a sql mask",
        }[self]
