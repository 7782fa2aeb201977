"""What a comparison of two Worlds finds, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


class Verdict(StrEnum):
    """What becomes of somebody's access. Whoever may see something that they did not see gains,
    whatever they lose; they may gain where no row was found that shows it, and it could not be
    excluded either. For whom a mask of which more can be read takes the place of another, it
    weakens.
    """

    GAINS = "gains"
    MAY_GAIN = "may_gain"
    WEAKENS = "weakens"
    LOSES = "loses"
    CHANGES = "changes"

    @property
    def label(self) -> str:
        """The word that people read."""
        return self.value.replace("_", " ").upper()

    @property
    def is_gain(self) -> bool:
        """Whether it counts as a gain: what may be one does."""
        return self in (Verdict.GAINS, Verdict.MAY_GAIN)


Aspect = Literal["access", "rows", "column", "identity"]
"""What it is about: whether any row shows at all, which rows, a column, or as whom somebody may
act.
"""


@dataclass(frozen=True)
class Because:
    """Why something changes: what changes of which object in words, the policies that decide before
    and after, and the addresses of the resources that change it.
    """

    reasons: tuple[str, ...]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Witness:
    """A row, with those of the tables that policies look up in, that shows a user what no row
    showed before; `agreed` where it does once they have acknowledged every purpose. It is made of
    what people hold, and is never told.
    """

    user: str
    row: Mapping[str, Any]
    lookups: Mapping[tuple[str, ...], Sequence[Mapping[str, Any]]]
    agreed: bool


@dataclass(frozen=True)
class Finding:
    """What changes for some users on one data source. `column` is there where it is about one.

    `shows` tells of each column of the view what of it shows afterwards, where whole rows change:
    "clear", "sometimes" or "masked". Where that is not so for all of the users, `partly` says for
    whom; the others see the column masked. `tags` are those of the column, or of the columns that
    show. `perhaps` are the columns of which no row was found that shows a value newly, though some
    may. `witnesses` are the rows that were found, by column, and None for a row that shows at all.
    `own` tells that the users change themselves, by their profile, a subscription or a
    project, and would not have gained or lost by the policies alone. `also_loses` tells that
    somebody who gains, or for whom a mask weakens, loses something else of the same.
    """

    verdict: Verdict
    aspect: Aspect
    data_source: str
    view: str
    column: str | None
    before: str
    after: str
    users: Sequence[str]
    who: str
    because: Because
    own: bool = False
    also_loses: bool = False
    shows: Mapping[str, str] = field(default_factory=dict)
    partly: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    perhaps: frozenset[str] = frozenset()
    witnesses: Mapping[str | None, Witness] = field(default_factory=dict, compare=False)

    @property
    def reveals(self) -> frozenset[str]:
        """The columns of which values show in the clear to whom gains, or may, where they did
        not.
        """
        if not self.verdict.is_gain:
            return frozenset()
        return frozenset(name for name, state in self.shows.items() if state != "masked")

    def sees(self, column: str) -> Sequence[str]:
        """Those of the users to whom the column can show in the clear."""
        return self.partly.get(column, self.users) if self.shows.get(column, "masked") != "masked" else ()


@dataclass(frozen=True)
class Gap:
    """What could not be compared, and why: it is not known to stay as it is."""

    subject: str
    reason: str


@dataclass(frozen=True)
class Bypass:
    """What lets somebody read a data source's table around its view, before and after."""

    data_source: str
    ways: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """All that was found. `sources` and `users` are how many there are, `compared` how many data
    sources were looked at.
    """

    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()
    bypasses: tuple[Bypass, ...] = ()
    sources: int = 0
    users: int = 0
    compared: int = 0

    def of(self, verdict: Verdict) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.verdict is verdict)

    @property
    def gains(self) -> tuple[Finding, ...]:
        """What somebody gains or may gain."""
        return tuple(each for each in self.findings if each.verdict.is_gain)
