"""What the interpreter answers: rows shown and hidden, and which policy decided each cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from veil.oracle.values import Value


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a cell shows what it shows: the policy that decided, or None, and the reason in words.

    `outcome` is "clear" only where the raw value shows.
    """

    outcome: Literal["clear", "masked"]
    policy: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row as the user sees it. `index` is its place among the rows that were given."""

    index: int
    values: Mapping[str, Value]
    decisions: Mapping[str, Decision]


@dataclass(frozen=True, slots=True)
class HiddenRow:
    """A row that the user does not see, and every row policy that hides it; none where all rows are
    hidden.
    """

    index: int
    policies: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether the user is let in at all, and why; `reasons` are complete sentences without a full
    stop.
    """

    admitted: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a user sees of the rows of a data source. Without admission, or with `closed` reasons,
    no row at all.
    """

    admitted: bool
    reasons: tuple[str, ...]
    closed: tuple[str, ...]
    rows: tuple[SeenRow, ...] = ()
    hidden: tuple[HiddenRow, ...] = ()
