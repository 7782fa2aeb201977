"""Which rows a row policy shows."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

TimeUnit = Literal["minutes", "hours", "days", "years"]


@dataclass(frozen=True, slots=True)
class Match:
    """The value of every column under `column_tag` is among the user's values of `attribute`, or
    the user's groups where it is None.
    """

    column_tag: str
    attribute: str | None = None


@dataclass(frozen=True, slots=True)
class UserMatches:
    """Rows whose tagged columns match what the user holds."""

    matches: tuple[Match, ...]
    operator: Literal["any", "all"] = "all"


@dataclass(frozen=True, slots=True)
class Where:
    """Rows where an expression of the policy language is TRUE."""

    expression: str


@dataclass(frozen=True, slots=True)
class ValueIn:
    """Rows whose tagged columns hold one of `values` (none of them, where `negated`). NULL is
    hidden both ways.
    """

    column_tag: str
    values: frozenset[str]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """Rows whose event time is newer, or older, than `amount` units before now (UTC)."""

    direction: Literal["newer", "older"]
    amount: int
    unit: TimeUnit


@dataclass(frozen=True, slots=True)
class Purposes:
    """All rows, for users who act under any of these purposes; none for others."""

    purposes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Percent:
    """About `percent` of the rows, chosen by salt and row: the same ones for every user and
    query.
    """

    percent: Decimal


@dataclass(frozen=True, slots=True)
class Never:
    """No row."""


RowRule = UserMatches | Where | ValueIn | TimeWindow | Purposes | Percent | Never
