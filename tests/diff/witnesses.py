"""Rows that show what is announced: for each gain one is looked for that shows to its users what
did not show before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from tests.diff.worlds import Change, switched
from tests.fuzz.rows import lookups_of, rows_of
from tests.fuzz.stage import salts_of
from veil.diff import Comparison, Finding, Verdict
from veil.model import DataSource, Runtime, World, words
from veil.oracle import see
from veil.oracle.facts import acknowledgement_hash


@dataclass(frozen=True)
class Announced:
    """That a user is said to see a column of a data source in the clear, which they did not."""

    finding: Finding
    user: str
    column: str


def announced(comparison: Comparison) -> list[Announced]:
    """All that is said to turn clear, each for one of the users who stands for all."""
    gains = comparison.gains
    return [Announced(each, each.sees(name)[0], name) for each in gains for name in sorted(each.reveals)]


def is_certain(each: Announced) -> bool:
    """Whether it is said of every row that shows, so that none had to be looked for."""
    finding = each.finding
    return finding.verdict is Verdict.GAINS and not finding.witnesses and each.column not in finding.perhaps


def unwitnessed(change: Change, found: Iterable[Announced], now: datetime, tries: int) -> Iterator[Announced]:
    """What is announced though no row is found that shows it, in so many draws of the table's
    rows.
    """
    for each in found:
        if not any(_shows(each, change, now, change.case.seed + at) for at in range(tries)):
            yield each


def _shows(each: Announced, change: Change, now: datetime, seed: int) -> bool:
    source = change.after.data_sources[each.finding.data_source]
    for agreed in (False, True):
        worlds = (agreed_by_all(world) if agreed else world for world in (change.case.world, change.after))
        before, after = (_clear(world, each, seed, now, source) for world in worlds)
        if after - before:
            return True
    return False


def agreed_by_all(world: World) -> World:
    """The World once everybody has acknowledged every purpose, which they may without anybody's
    leave.
    """
    texts = {name: text for name in world.purposes if (text := words(world.purposes, name))}
    hashes = {name: acknowledgement_hash(text) for name, text in texts.items()}
    known = {user: world.runtimes.get(user) or Runtime(user) for user in world.profiles}
    return replace(world, runtimes={user: replace(each, acknowledgements=hashes) for user, each in known.items()})


def _clear(world: World, each: Announced, seed: int, now: datetime, source: DataSource) -> set[int]:
    """The rows whose value of the column shows in the clear to the user, in any project that they
    may switch to: since no mask decides, or since one hands back the very value.
    """
    found: set[int] = set()
    key = each.finding.data_source
    if key not in world.data_sources:
        return found
    rows, lookups = rows_of(source, seed, now), lookups_of(seed, now)
    for project in (None, *(name for name, one in world.projects.items() if each.user in one.members)):
        there = switched(world, each.user, project)
        for row in see(there, each.user, key, rows, now=now, salts=salts_of(world), lookups=lookups).rows:
            decision = row.decisions.get(each.column)
            value = rows[row.index].get(each.column)
            kept = value is not None and row.values.get(each.column) == value
            if decision is not None and (decision.outcome == "clear" or kept):
                found.add(row.index)
    return found
