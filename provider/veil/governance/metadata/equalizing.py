"""What the members of equalized projects share: the rows of `project_entry` and `project_profile`
that a World means.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from veil.diff import Admitted
from veil.governance.metadata.people import are_storable, given_by
from veil.model import Change, Kind, Profile, Project, Put, World
from veil.warehouse import ProjectEntryRow, ProjectProfileRow, Snapshot, tables_digest

Fact = tuple[str, str, str]
"""Kind, name and value, as in a user's entries."""


def entries_of(world: World, project: Project) -> frozenset[ProjectEntryRow]:
    """What the warehouse is to hold of one project; nothing where it is not equalized. A member
    without a profile holds nothing, and is marked: while there is one, the project shows nobody
    anything.
    """
    if not project.equalized:
        return frozenset()
    held = [_facts(world.profiles.get(member)) for member in project.members]
    rows = {
        row
        for fact in {fact for each in held for fact in each}
        for row in _shared(project.name, fact, [each[fact] for each in held if fact in each], len(held))
    }
    rows |= {
        ProjectEntryRow(project.name, "member", "", _stored(member), 2 if member in world.profiles else 1)
        for member in project.members
    }
    rows |= set(_subscriptions(world, project)) | {ProjectEntryRow(project.name, "equalized", "", "", 2)}
    return frozenset(each for each in rows if are_storable(each.project, each.name, each.value))


def profile_of(world: World, project: Project, admitted: Admitted) -> ProjectProfileRow | None:
    """What each member of an equalized project holds, for people to read, with the data sources
    that each is `admitted` to; None where it is not equalized.
    """
    if not project.equalized or not are_storable(project.name):
        return None
    held = [_facts(world.profiles.get(member)) for member in project.members]
    common = frozenset.intersection(*map(frozenset, held)) if held else frozenset()
    attributes: dict[str, set[str]] = {}
    for kind, name, value in common:
        if kind == "attribute":
            attributes.setdefault(name, set()).add(value)
    return ProjectProfileRow(
        project.name,
        groups=frozenset(value for kind, _, value in common if kind == "group"),
        attributes={name: frozenset(values) for name, values in attributes.items()},
        projects=frozenset(name for name, each in world.projects.items() if project.members <= each.members),
        valid_tables=tables_digest(admitted.of_all(project.members)),
        updated_at=admitted.now,
    )


def _stored(member: str) -> str:
    """A member by a text that our tables can keep: one with any other name counts as well, and
    agrees to nothing.
    """
    return member if are_storable(member) else f"?{sha256(member.encode()).hexdigest()}"


def touched(
    before: World,
    after: World,
    changes: Iterable[Change],
    users: frozenset[str],
    held: Snapshot,
    admitted: Admitted,
) -> frozenset[str]:
    """The names of the projects whose rows these changes may alter; `users` are those whose own may
    be altered, `held` has what the warehouse holds, `admitted` who could query what afterwards. A
    project that is put gets the rows that it should have, whatever was added by hand.
    """
    changed: set[str] = set()
    for change in changes:
        if isinstance(change, Put) and isinstance(change.thing, Project):
            changed.add(change.thing.name)
        elif not isinstance(change, Put) and change.kind is Kind.PROJECT:
            changed.add(change.key)
    shared = (name for name, each in after.projects.items() if each.equalized and each.members & users)
    concerned = (each.get(name) for name in changed for each in (before.projects, after.projects))
    equalized = {each.name for each in concerned if each is not None and each.equalized}
    shown = {each.project: each.valid_tables for each in held.project_profiles}
    stored = {each.project for each in held.project_entries} | shown.keys()
    # Where policies changed, and where there is no such row: versions before 5 wrote none.
    outdated = {
        name
        for name, each in after.projects.items()
        if each.equalized and shown.get(name) != tables_digest(admitted.of_all(each.members))
    }
    return frozenset(equalized | set(shared) | stored & changed | outdated)


def disturbed(world: World, held: Snapshot, shown: Callable[[Project], ProjectProfileRow | None]) -> frozenset[str]:
    """The projects of whose members the warehouse holds something else than it is to hold; `shown`
    gives what people are to read of one.
    """
    by_project: dict[str, list[ProjectEntryRow]] = {}
    for row in held.project_entries:
        by_project.setdefault(row.project, []).append(row)
    profiles = {row.project: row for row in held.project_profiles}
    return frozenset(
        name
        for name, project in world.projects.items()
        if differs(world, project, by_project.get(name, ())) or profiles.get(name) != shown(project)
    )


def differs(world: World, project: Project, rows: Collection[ProjectEntryRow]) -> bool:
    """Whether these rows are not the entries that the warehouse is to hold of a project, each
    once.
    """
    expected = entries_of(world, project)
    return frozenset(rows) != expected or len(rows) != len(expected)


def _facts(profile: Profile | None) -> dict[Fact, datetime | None]:
    """What a profile gives, and when that ends."""
    rows = given_by(profile) if profile is not None else ()
    return {(each.kind, each.name, each.value): each.expires_at for each in rows}


def _shared(project: str, fact: Fact, ends: Sequence[datetime | None], people: int) -> Iterator[ProjectEntryRow]:
    """The rows of a fact that so many of the people hold as there are `ends`: all of them hold it
    until the first of these, some until the last.
    """
    known = [each for each in ends if each is not None]
    first, last = min(known, default=None), max(known) if len(known) == len(ends) else None
    if len(ends) == people:
        yield ProjectEntryRow(project, *fact, 2, first)
    if len(ends) < people or first != last:
        yield ProjectEntryRow(project, *fact, 1, last)


def _subscriptions(world: World, project: Project) -> Iterator[ProjectEntryRow]:
    """The data sources that every member is subscribed to, until the first of these subscriptions
    ends.
    """
    for key in sorted(project.data_sources):
        subscriptions = [world.subscriptions.get((member, key)) for member in project.members & world.profiles.keys()]
        live = [each for each in subscriptions if each is not None]
        if live and len(live) == len(project.members):
            ends: list[datetime] = [each.expires_at for each in live if each.expires_at is not None]
            yield ProjectEntryRow(project.name, "subscription", "", key, 2, min(ends, default=None))
