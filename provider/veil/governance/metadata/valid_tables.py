"""The data sources that users could query, as rows of `profile` list them for people to read.
Nothing decides by them.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from veil.diff import Admitted, admitted, ends_of
from veil.model import World
from veil.warehouse import ProfileRow, tables_digest


@dataclass(frozen=True)
class Lists:
    """What a transaction writes: the lists with the users who get them, and each such user's
    digest.
    """

    found: Admitted
    given: Sequence[tuple[tuple[str, ...], Sequence[str]]] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    is_complete: bool = True
    """Whether the rows list what was found of everybody, once these are written."""

    def only(self, users: Collection[str]) -> "Lists":
        """The same without the lists of anybody else."""
        given = [(keys, [each for each in getting if each in users]) for keys, getting in self.given]
        digests = {user: digest for user, digest in self.digests.items() if user in users}
        return Lists(self.found, [each for each in given if each[1]], digests, is_complete=False)

    @property
    def moment(self) -> datetime:
        """As of when the lists are right."""
        return self.found.now


def outdated(
    admissions: Admitted, rows: Iterable[ProfileRow], written: frozenset[str], before: Admitted | None
) -> Lists:
    """The lists that differ from those in the rows, and those of users whose rows are `written`
    anew without any. What was found `before` is in the rows already.
    """
    if before is not None and not written and admissions.side is before.side and admissions.sources == before.sources:
        return Lists(admissions)
    held = {row.user: row.valid_tables for row in rows if row.intact}
    given: list[tuple[tuple[str, ...], Sequence[str]]] = []
    digests: dict[str, str] = {}
    for keys, users in admissions.lists():
        digest = tables_digest(keys)
        getting = [user for user in users if user in written or held.get(user) != digest]
        if getting:
            given.append((keys, getting))
            digests.update(dict.fromkeys(getting, digest))
    return Lists(admissions, given, digests)


class Expected:
    """What the lists should be, each as of the moment at which it was written: what has ended since
    then is no alteration.
    """

    def __init__(self, world: World, now: datetime) -> None:
        self._world, self._now = world, now
        self._ends = sorted(ends_of(world))
        self._found: dict[int, Admitted] = {}

    def found(self, moment: datetime | None) -> Admitted:
        """Who could query what at a moment. Between two ends of something nothing changes."""
        at = moment or self._now
        place = bisect_right(self._ends, at)
        if place not in self._found:
            self._found[place] = admitted(self._world, at)
        return self._found[place]

    def digests(self, rows: Mapping[str, datetime | None]) -> dict[str, str]:
        """By user the digest of the list that a row of this moment should have."""
        by_found: dict[int, list[str]] = {}
        for user, moment in rows.items():
            by_found.setdefault(bisect_right(self._ends, moment or self._now), []).append(user)
        lists = (each for users in by_found.values() for each in self.found(rows[users[0]]).lists(users))
        return {user: digest for keys, users in lists for digest in (tables_digest(keys),) for user in users}
