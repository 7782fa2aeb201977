"""Rows that show what is announced: for each gain one is looked for that shows to its users what did not show before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.diff.worlds import Change, clear_cells
from veil.diff import Comparison, Finding, Verdict


@dataclass(frozen=True)
class Unwitnessed:
    """A gain of which no row was found that shows it to a user."""

    finding: Finding
    user: str


def unwitnessed(change: Change, comparison: Comparison, now: datetime, tries: int) -> Iterator[Unwitnessed]:
    """The gains of clear values for whose first user no row shows it, in so many draws of the rows of all tables."""
    wanted = {
        (finding.users[0], finding.data_source, column): finding
        for finding in comparison.of(Verdict.GAINS)
        for column in sorted(finding.reveals)
        if finding.users
    }
    for at in range(tries):
        if not wanted:
            return
        seed = change.case.seed + at
        before, after = (clear_cells(world, seed, now) for world in (change.case.world, change.after))
        for user, key, _, column in after - before:
            wanted.pop((user, key, column), None)
    yield from (Unwitnessed(finding, user) for (user, _, _), finding in wanted.items())
