"""What the warehouse held at the last look, and what we have written since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol, TypeVar

from veil.governance.errors import NewerFormatError
from veil.governance.metadata import codec
from veil.governance.metadata.identity import object_key
from veil.governance.metadata.people import Rows, rows_of_each
from veil.model import Integration, Kind, Put, Runtime, World
from veil.model.change import Governed, apply
from veil.warehouse import EntryRow, Layout, ObjectRow, ProfileRow, Snapshot


@dataclass(frozen=True)
class Stored:
    """One object's metadata row. `thing` is None where the row was tampered with or cannot be read: it is never
    compiled from.
    """

    kind: Kind
    key: Any
    id: str
    thing: Governed | None


@dataclass(frozen=True)
class Deployed:
    """An installed integration: its objects, and the facts about the warehouse that drift is judged by."""

    layout: Layout
    snapshot: Snapshot
    stored: Mapping[tuple[Kind, Any], Stored]
    world: World
    """Everything whose row can be trusted. Where the integration's own row cannot, a stand-in without a baseline."""
    strange: tuple[ObjectRow, ...] = ()
    """Rows of no kind of ours, which nothing of veil wrote. They mean nothing."""
    mark: Layout | None = None
    """What the mark says by which the installation was found. `layout` is what the integration's own row says, where
    that can be trusted.
    """

    @cached_property
    def integration(self) -> Stored | None:
        return next((each for (kind, _), each in self.stored.items() if kind is Kind.INTEGRATION), None)

    @property
    def gives_ownership(self) -> bool:
        """Whether this account may change the owner of what others own: only superusers may."""
        return self.snapshot.account in self.snapshot.superusers

    @cached_property
    def by_id(self) -> Mapping[tuple[Kind, str], Stored]:
        return {(each.kind, each.id): each for each in self.stored.values()}

    @cached_property
    def profile_rows(self) -> Mapping[str, Sequence[ProfileRow]]:
        return _by_user(self.snapshot.profiles)

    @cached_property
    def _entries(self) -> Mapping[str, Sequence[EntryRow]]:
        return _by_user(self.snapshot.entries)

    @cached_property
    def disturbed(self) -> Mapping[str, Rows]:
        """What the warehouse is to hold of each user of whom it holds something else. Users without a profile are not
        looked at.
        """
        found = {}
        for user, (row, entries) in rows_of_each(self.world, self.world.profiles):
            held = self._entries.get(user, ())
            if self.profile_rows.get(user) != [row] or len(held) != len(entries) or frozenset(held) != entries:
                found[user] = (row, entries)
        return found

    def entries_of(self, user: str, *kinds: str) -> list[EntryRow]:
        """The entries of these kinds, or of all, that views read for a user."""
        return [each for each in self._entries.get(user, ()) if not kinds or each.kind in kinds]

    @cached_property
    def broken(self) -> frozenset[tuple[Kind, Any]]:
        """The rows that nothing may be compiled from."""
        return frozenset(place for place, each in self.stored.items() if each.thing is None)


class _OfUser(Protocol):
    @property
    def user(self) -> str: ...


R = TypeVar("R", bound=_OfUser)


def _by_user(rows: Iterable[R]) -> dict[str, list[R]]:
    grouped: dict[str, list[R]] = {}
    for row in rows:
        grouped.setdefault(row.user, []).append(row)
    return grouped


def deployed_from(layout: Layout, snapshot: Snapshot) -> Deployed:
    """Read the metadata rows of a snapshot. Rows that do not match their own hash, or do not parse, are kept as broken.

    Raises codec.NewerFormatError where a newer version of veil wrote a row.
    """
    stored: dict[tuple[Kind, Any], Stored] = {}
    strange: list[ObjectRow] = []
    for row in snapshot.objects:
        place = _place(row)
        if place is None:
            strange.append(row)
        else:
            stored[place] = Stored(*place, row.id, _thing(row.body) if row.intact else None)
    runtimes = {row.user: Runtime(row.user, row.current_project, row.acknowledgements) for row in snapshot.runtimes}
    world = replace(_world(layout, stored.values()), runtimes=runtimes)
    found = Deployed(layout, snapshot, stored, world, tuple(strange), mark=layout)
    integration = found.integration.thing if found.integration is not None else None
    if not isinstance(integration, Integration):
        return found
    group = integration.impersonation_group
    return replace(found, layout=replace(layout, view_schema=integration.view_schema, impersonation_group=group))


def _place(row: ObjectRow) -> tuple[Kind, Any] | None:
    """Where a row's object belongs; None where somebody else than veil made the row up."""
    try:
        kind = Kind(row.kind)
        return kind, object_key(kind, row.name)
    except ValueError as problem:
        if row.intact:
            raise NewerFormatError(
                f"the metadata holds a {row.kind!r} named {row.name!r}, which this version of veil does not know"
            ) from problem
        return None


def _world(layout: Layout, stored: Iterable[Stored]) -> World:
    trusted = [each.thing for each in stored if each.thing is not None]
    stand_in = Integration("", "", layout.view_schema, schema_prefix=layout.prefix)
    integration = next((thing for thing in trusted if isinstance(thing, Integration)), stand_in)
    return apply(World(integration), *(Put(thing) for thing in trusted if not isinstance(thing, Integration)))


def _thing(body: str) -> Governed | None:
    try:
        return codec.decode(body)
    except NewerFormatError:
        raise
    except (ValueError, TypeError, KeyError):
        return None
