"""What a team never lets pass: gains that are denied, and what must hold of the World
afterwards.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from veil.diff.access import Rules
from veil.diff.findings import Comparison, Finding, Verdict
from veil.diff.in_projects import InProjects, column_in
from veil.diff.nearby import Nearby, Stacks
from veil.diff.partitions import Cache, Partition, crossed
from veil.diff.people import Bits, People, policies_of, questions
from veil.model import AppliesTo, DataSource, World, covers
from veil.oracle.places import is_on_source

Gained = Literal["clear", "weaker", "any"]
GAINED: tuple[Gained, ...] = get_args(Gained)


@dataclass(frozen=True)
class Deny:
    """Gains that fail. `gains` "clear" are columns of which values turn clear, "weaker" are these
    and columns in which a mask lets more be read, "any" is that and whatever else counts as a gain.
    An empty `column_tags` is every column, an empty `data_sources` every data
    source. Users in the group `unless_group` may gain.
    """

    name: str
    gains: Gained = "clear"
    column_tags: frozenset[str] = frozenset()
    data_sources: frozenset[str] = frozenset()
    unless_group: str | None = None


@dataclass(frozen=True)
class Require:
    """What must hold afterwards of every user but those in the group `unless_group`: columns under
    `column_tags` show nothing in the clear to them.
    """

    name: str
    column_tags: frozenset[str]
    data_sources: frozenset[str] = frozenset()
    unless_group: str | None = None


@dataclass(frozen=True)
class Broken:
    """A rule that does not hold: its name, for whom, and where."""

    rule: str
    users: tuple[str, ...]
    places: tuple[str, ...]


def broken_by_gains(rules: Iterable[Deny], comparison: Comparison, after: World) -> Iterator[Broken]:
    """The denied gains among what was found, a line for each finding."""
    for rule in rules:
        for each in (*comparison.gains, *comparison.of(Verdict.WEAKENS)):
            if each.verdict is Verdict.WEAKENS and rule.gains == "clear":
                continue
            source = after.data_sources.get(each.data_source)
            if source is None:
                if rule.gains != "any" or rule.column_tags or rule.data_sources:
                    continue
            elif not _is_meant(rule.data_sources, source):
                continue
            columns = sorted(name for name in _opened(each) if _is_tagged(rule.column_tags, each.tags.get(name, ())))
            if rule.gains == "any" and not rule.column_tags:
                users = _outside(rule.unless_group, each.users, after)
                if users:
                    yield Broken(rule.name, users, (each.view or "impersonation",))
                continue
            for name in columns:
                seeing = each.sees(name) if each.verdict.is_gain else each.users
                if users := _outside(rule.unless_group, seeing, after):
                    yield Broken(rule.name, users, (f"{each.view}.{name}",))


def broken_after(rules: Iterable[Require], after: World, now: datetime) -> Iterator[Broken]:
    """The requirements that the World does not meet, a line for each data source and class of
    users.
    """
    wanted = list(rules)
    if not wanted:
        return
    people = People(after, after, questions(policies_of(after)), now)
    nearby, on_columns, cache = Nearby(after), Stacks(after, now), Cache()
    for _, source in sorted(after.data_sources.items()):
        meant = [(rule, columns) for rule in wanted if (columns := _columns(rule, source))]
        if not meant:
            continue
        seeing = _Seeing(Rules(nearby.world(source), source, now, on_columns), people, cache)
        for rule, columns in meant:
            broken: dict[tuple[str, ...], list[str]] = {}
            for name in columns:
                if users := _outside(rule.unless_group, people.named(seeing.clear(name)), after):
                    broken.setdefault(users, []).append(f"{source.view}.{name}")
            for users, where in broken.items():
                yield Broken(rule.name, users, tuple(where))


def _opened(finding: Finding) -> frozenset[str]:
    """The columns of which more shows."""
    if finding.verdict is Verdict.WEAKENS and finding.column is not None:
        return frozenset({finding.column})
    return finding.reveals


class _Seeing:
    """Who sees a column of one data source in the clear, on some row at least."""

    def __init__(self, rules: Rules, people: People, cache: Cache) -> None:
        alone = people.in_projects(rules.source.key)
        self._rules = rules
        self._partition = Partition(rules, people.sides[1], people.everybody & ~alone, cache)
        self._in_projects = InProjects(rules, people.sides[1], alone, cache)

    def clear(self, column: str) -> Bits:
        users = 0
        known = next((each for each in self._rules.columns if each.name == column), None)
        if known is None:
            return users
        rows, shows = self._partition.rows, self._partition.column(known).parts
        for pair, bits in crossed(rows, shows, lambda one, other: other.column(one) if other else None).items():
            users |= bits if pair is not None and pair.clear else 0
        members = self._in_projects
        cells = members.cells(members.stacks(known))
        for access, bits in crossed(members.rows, cells, lambda one, other: column_in(other, one)).items():
            users |= bits if access is not None and access.clear else 0
        return users


def _columns(rule: Require, source: DataSource) -> list[str]:
    if not _is_meant(rule.data_sources, source):
        return []
    return [each.name for each in source.columns if _is_tagged(rule.column_tags, each.tags)]


def _is_meant(patterns: frozenset[str], source: DataSource) -> bool:
    return not patterns or is_on_source(AppliesTo(data_sources=patterns), source)


def _is_tagged(wanted: frozenset[str], tags: Iterable[str]) -> bool:
    have = tuple(tags)
    return not wanted or any(covers(tag, each) for tag in wanted for each in have)


def _outside(group: str | None, users: Sequence[str], world: World) -> tuple[str, ...]:
    if group is None:
        return tuple(users)
    return tuple(each for each in users if (held := world.profiles.get(each)) is None or group not in held.groups)
