"""What a comparison of two Worlds finds, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Verdict(StrEnum):
    """What becomes of somebody's access. Whoever may see something that they did not see gains,
    whatever they lose. For whom a mask of which more can be read takes the place of another, it
    weakens.
    """

    GAINS = "gains"
    WEAKENS = "weakens"
    LOSES = "loses"
    CHANGES = "changes"


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
class Finding:
    """What changes for some users on one data source. `column` is there where it is about one.

    `shows` tells of each column of the view what of it shows afterwards, where whole rows change:
    "clear", "sometimes" or "masked". Where that is not so for all of the users, `partly` says for
    whom; the others see the column masked. `tags` are those of the column, or of the columns that
    show. `own` tells that the users change themselves, by their profile, a subscription or a
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

    @property
    def reveals(self) -> frozenset[str]:
        """The columns of which values show in the clear to whom gains, where they did not."""
        if self.verdict is not Verdict.GAINS:
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
