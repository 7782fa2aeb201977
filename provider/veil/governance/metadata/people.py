"""The rows of `profile` and `profile_entry` that a World means."""

from collections.abc import Iterable, Iterator

from veil.model import KINDS, Change, Profile, Project, Put, Subscription, World, covering, key_of, kind_of, words
from veil.model.names import problem_with_stored
from veil.warehouse import EntryRow, ProfileRow, acknowledgement_hash

Rows = tuple[ProfileRow, frozenset[EntryRow]]
"""What the warehouse holds of a user: the row for people and the entries for views."""


def rows_of(world: World, user: str) -> Rows | None:
    """What the warehouse is to hold of one user. None without a profile."""
    return rows_of_all(world, (user,)).get(user)


def rows_of_all(world: World, users: Iterable[str]) -> dict[str, Rows]:
    """What the warehouse is to hold of these users, as far as they have profiles."""
    return dict(rows_of_each(world, users))


def rows_of_each(world: World, users: Iterable[str]) -> Iterator[tuple[str, Rows]]:
    """The same, user by user: of a large directory, one at a time is in memory."""
    wanted = {user: world.profiles[user] for user in users if user in world.profiles and are_storable(user)}
    projects: dict[str, list[Project]] = {}
    for project in world.projects.values():
        for member in project.members & wanted.keys():
            projects.setdefault(member, []).append(project)
    subscriptions: dict[str, list[Subscription]] = {}
    for each in world.subscriptions.values():
        if each.user in wanted:
            subscriptions.setdefault(each.user, []).append(each)
    for user, profile in wanted.items():
        yield user, _rows(world, profile, projects.get(user, ()), subscriptions.get(user, ()))


def _rows(world: World, profile: Profile, projects: Iterable[Project], subscriptions: Iterable[Subscription]) -> Rows:
    user = profile.user
    row = ProfileRow(
        user,
        groups=profile.groups,
        attributes={name: frozenset(values) for name, values in profile.attributes.items()},
        projects=frozenset(each.name for each in projects),
    )
    entries = [*given_by(profile)]
    entries += [EntryRow(user, "subscription", "", each.data_source, each.expires_at) for each in subscriptions]
    for project in projects:
        entries += acting(world, user, project)
    return row, frozenset(each for each in entries if are_storable(each.name, each.value))


def are_storable(*texts: str) -> bool:
    """Whether our tables can distinguish these strings from others. A row written long ago, or by
    others, may say what nobody may declare now: nobody holds that, and no other change waits for
    it.
    """
    return all(problem_with_stored(each) is None for each in texts)


def affected(before: World, after: World, changes: Iterable[Change]) -> frozenset[str]:
    """The users whose rows these changes may alter."""
    users: set[str] = set()
    for change in changes:
        if isinstance(change, Put):
            users |= KINDS[kind_of(change.thing)].concerned(key_of(change.thing), before, after)
        else:
            users |= KINDS[change.kind].concerned(change.key, before, before)
    return frozenset(users)


def given_by(profile: Profile) -> Iterator[EntryRow]:
    """The entries of a profile itself: the user's groups, and the values of attributes, with their
    ends.
    """
    expires = profile.expires
    for group in profile.groups:
        yield EntryRow(profile.user, "group", "", group, expires.of_group(group))
    for name, values in profile.attributes.items():
        for value in values:
            yield EntryRow(profile.user, "attribute", name, value, expires.of_value(name, value))


def acting(world: World, user: str, project: Project) -> Iterable[EntryRow]:
    """The entries that membership in a project gives a user."""
    yield EntryRow(user, "project", "", project.name)
    for source in project.data_sources:
        yield EntryRow(user, "project_source", project.name, source)
    if project.masked_joins:
        yield EntryRow(user, "project_salt", project.name, project.salt_key)
    for name in project.purposes:
        yield EntryRow(user, "project_purpose", project.name, name)
        for above in covering(name)[1:]:
            yield EntryRow(user, "covering_purpose", name, above)
        if text := words(world.purposes, name):
            yield EntryRow(user, "acknowledgement", name, acknowledgement_hash(text))
