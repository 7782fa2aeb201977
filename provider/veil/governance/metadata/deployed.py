"""What the warehouse held at the last look, and what we have written since."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Protocol, TypeVar

from veil.compiler import COMPILER_VERSION, compiler_of
from veil.diff import Admitted
from veil.governance.errors import NewerFormatError
from veil.governance.metadata.equalizing import profile_of
from veil.governance.metadata.frozen import FrozenView, frozen_views
from veil.governance.metadata.identity import object_key, readable
from veil.governance.metadata.lookup_columns import as_found
from veil.governance.metadata.people import Rows, rows_of_each
from veil.governance.metadata.user_functions import as_read, functions_in
from veil.governance.metadata.valid_tables import Expected
from veil.model import Closing, Integration, Kind, Project, Put, Runtime, Subscription, World, codec, key_of, kind_of
from veil.model.change import apply
from veil.model.kinds import Governed
from veil.model.names import canonical, folded
from veil.warehouse import (
    SCHEMA_VERSION,
    EntryRow,
    Grantee,
    Layout,
    ObjectRow,
    ProfileRow,
    ProjectProfileRow,
    RuntimeRow,
    Snapshot,
    UnsealedRow,
    digest,
)


@dataclass(frozen=True)
class StoredObject:
    """One object's metadata row. `thing` is None where the row was tampered with, lost or cannot be
    read: it is never compiled from. `claimed` is what such a row says all the same, for people to
    know; where nothing but its entry in the ledger is left, it was `removed`.
    """

    kind: Kind
    key: Any
    id: str
    thing: Governed | None
    claimed: Governed | None = None
    removed: bool = False

    @property
    def shown(self) -> str:
        """The key, for people to read."""
        return readable(self.key)

    @property
    def fate(self) -> str:
        """What became of a row that cannot be trusted."""
        return "removed" if self.removed else "altered"


@dataclass(frozen=True)
class DeployedState:
    """An installed integration: its objects, and the facts about the warehouse that drift is judged
    by.
    """

    layout: Layout
    snapshot: Snapshot
    stored: Mapping[tuple[Kind, Any], StoredObject]
    world: World
    """Everything whose row can be trusted. Where the integration's own row cannot, a stand-in
    without a baseline.
    """
    strange: tuple[ObjectRow, ...] = ()
    """Rows that nothing of veil wrote. They mean nothing."""
    mark: Layout | None = None
    """What the mark says by which the installation was found. `layout` is what the integration's
    own row says, where that can be trusted.
    """
    listed: Admitted | None = field(default=None, compare=False)
    """Who could query what when this process wrote last: the rows list it."""
    waiting: Mapping[tuple[Kind, str], Governed] = field(default_factory=dict)
    """By kind and token, what objects are to be called once the name is free. Known to this process
    only; another one finds that the name is not the one that was applied.
    """

    @cached_property
    def integration(self) -> StoredObject | None:
        return next((each for (kind, _), each in self.stored.items() if kind is Kind.INTEGRATION), None)

    @cached_property
    def sources_by_view(self) -> Mapping[str, str]:
        """By the views' names, the data sources that they stand for."""
        return {canonical(each.view): each.key for each in self.world.data_sources.values()}

    @cached_property
    def published_views(self) -> frozenset[tuple[str, str]]:
        """The views that veil made, of data sources whose rows were lost or altered too."""
        return frozenset((folded(row.view_schema), folded(row.view_name)) for row in self.snapshot.published.values())

    @property
    def written_by_this_version(self) -> frozenset[str]:
        """The keys of the data sources whose views this version of the compiler wrote."""
        published = self.snapshot.published.items()
        return frozenset(key for key, row in published if row.compiler_version == COMPILER_VERSION)

    @property
    def gives_ownership(self) -> bool:
        """Whether this account may change the owner of what others own: only superusers may."""
        return self.snapshot.account in self.snapshot.superusers

    @cached_property
    def frozen(self) -> Mapping[str, tuple[FrozenView, ...]]:
        """By data source, the views of others that hold on to what its view once was."""
        return frozen_views(self.snapshot, self.world.data_sources.values(), self.layout.system)

    def frozen_at(self, place: tuple[str, str]) -> tuple[FrozenView, ...]:
        """The views of others that hold on to what the governed view there was."""
        published = self.snapshot.published.items()
        keys = [key for key, row in published if (row.view_schema, row.view_name) == place]
        return tuple(sorted({view for key in keys for view in self.frozen.get(key, ())}))

    @cached_property
    def by_id(self) -> Mapping[tuple[Kind, str], StoredObject]:
        return {(each.kind, each.id): each for each in self.stored.values()}

    def closing_after(self, owner: str) -> Closing | None:
        """What closes data sources since the last create or update of this owner's policy
        failed.
        """
        stored = self.by_id.get((Kind.CLOSING, owner))
        return stored.thing if stored is not None and isinstance(stored.thing, Closing) else None

    @cached_property
    def profile_rows(self) -> Mapping[str, Sequence[ProfileRow]]:
        return _by_user(self.snapshot.profiles)

    @cached_property
    def _entries(self) -> Mapping[str, Sequence[EntryRow]]:
        return _by_user(self.snapshot.entries)

    @cached_property
    def disturbed(self) -> Mapping[str, Rows]:
        """What the warehouse is to hold of each user of whom it holds something else. Users without
        a profile are not looked at.
        """
        disturbed_rows = {}
        tables = self._expected_tables
        for user, (plain, entries) in rows_of_each(self.world, self.world.profiles):
            held = self._entries.get(user, ())
            row = replace(plain, valid_tables=tables.get(user, plain.valid_tables))
            if self.profile_rows.get(user) != [row] or len(held) != len(entries) or frozenset(held) != entries:
                disturbed_rows[user] = (row, entries)
        return disturbed_rows

    @cached_property
    def _expected(self) -> Expected:
        return Expected(self.world, datetime.now(UTC))

    @property
    def _expected_tables(self) -> Mapping[str, str]:
        """By user the digest of the list of tables; that which is held, where nobody knows what
        counts.
        """
        rows = {user: user_rows[0] for user, user_rows in self.profile_rows.items()}
        if self.broken:
            return {user: row.valid_tables for user, row in rows.items()}
        known = self.world.profiles.keys()
        return self._expected.digests({user: row.updated_at for user, row in rows.items() if user in known})

    def shown_to_members(self, project: Project) -> ProjectProfileRow | None:
        """What people are to read of an equalized project, as of when it was written; None of any
        other.
        """
        held = self._project_profiles.get(project.name)
        expected = profile_of(self.world, project, self._expected.found(held.updated_at if held is not None else None))
        if expected is None or held is None or not self.broken:
            return expected
        return replace(expected, valid_tables=held.valid_tables)

    @cached_property
    def _project_profiles(self) -> Mapping[str, ProjectProfileRow]:
        return {row.project: row for row in self.snapshot.project_profiles}

    def entries_of(self, user: str, *kinds: str) -> list[EntryRow]:
        """The entries of these kinds, or of all, that views read for a user."""
        return [each for each in self._entries.get(user, ()) if not kinds or each.kind in kinds]

    def recorded_views(self, but: Container[str] = ()) -> frozenset[tuple[str, str]]:
        """The views that were published for data sources, those of `but` left out: as far as they
        are there and are ours. A record alone is no reason to touch anything, or whoever can write
        one could have any view dropped.
        """
        records = (record for key, record in self.snapshot.published.items() if key not in but)
        return frozenset(place for each in records if self.is_ours(place := (each.view_schema, each.view_name)))

    def is_ours(self, place: tuple[str, str]) -> bool:
        """Whether what stands there is a view that veil made, or a copy of one: it is our
        account's, and says so or asks who asks.
        """
        state = self.snapshot.views.get(place)
        if state is None or state.owner != self.layout.owner:
            return False
        return compiler_of(state.text) is not None or self._asking.search(state.text) is not None

    def is_copy(self, place: tuple[str, str]) -> bool:
        """Whether what stands there is a governed view under another name than any that veil gave
        it. Policies would change, and it would not.
        """
        state = self.snapshot.views.get(place)
        if state is None or state.owner != self.layout.owner or place in self.view_places:
            return False
        return compiler_of(state.text) is not None or digest(state.text) in self._recorded_texts

    @cached_property
    def view_places(self) -> frozenset[tuple[str, str]]:
        """Where the views of the data sources are, or are to be."""
        recorded = {(each.view_schema, each.view_name) for each in self.snapshot.published.values()}
        return frozenset(recorded | {(each.view_schema, each.view_name) for each in self.world.data_sources.values()})

    @cached_property
    def _recorded_texts(self) -> frozenset[str]:
        return frozenset(each.text_hash for each in self.snapshot.published.values())

    @cached_property
    def _asking(self) -> re.Pattern[str]:
        return re.compile(rf'\b{self.layout.system}"?\."?user_(entry|profile)\b')

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


def deployed_from(layout: Layout, snapshot: Snapshot) -> DeployedState:
    """Read the metadata rows of a snapshot. Rows that are not as our procedures wrote them, or do
    not parse, are kept as broken; those that nothing of ours wrote, as strange.

    Raises NewerFormatError where a newer version of veil wrote a row.
    """
    newer = snapshot.schema_version > SCHEMA_VERSION
    stored: dict[tuple[Kind, Any], StoredObject] = {}
    strange: list[ObjectRow] = []
    for row in snapshot.objects:
        place = _place(row, newer=newer)
        if place is None or not (row.entered or _must_stay(row, snapshot)):
            strange.append(row)
        else:
            stored[place] = _stored(*place, row, snapshot, newer=newer)
    runtimes = {row.user: _runtime(row, snapshot) for row in snapshot.runtimes}
    world = replace(_world(layout, stored.values()), runtimes=runtimes)
    world = replace(world, approvals=_approvals(snapshot))
    world = replace(world, functions=as_read(snapshot, layout.owner, functions_in(world)))
    world = replace(world, lookups=as_found(world, snapshot.lookups))
    deployed = DeployedState(_with_planners(layout, snapshot), snapshot, stored, world, tuple(strange), mark=layout)
    integration = deployed.integration.thing if deployed.integration is not None else None
    if not isinstance(integration, Integration):
        return deployed
    group = integration.impersonation_group
    kept = replace(
        deployed.layout,
        view_schema=integration.view_schema,
        impersonation_group=group,
        bound=bool(integration.unresolved),
        utc_clock=integration.utc_clock,
    )
    return replace(deployed, layout=kept)


def _with_planners(layout: Layout, snapshot: Snapshot) -> Layout:
    """The layout without the role of planners where that reads nothing: whoever can write its name
    into the mark would else have a repair grant it everything that planners read.
    """
    planners = Grantee("role", layout.read_only_role or "")
    held = (grants for (schema, _), grants in snapshot.table_grants.items() if schema == layout.system)
    if snapshot.unread or any(each.grantee == planners for grants in held for each in grants):
        return layout
    return replace(layout, read_only_role=None)


def _runtime(row: RuntimeRow, snapshot: Snapshot) -> Runtime:
    """What a user chose, without what the user did not choose. Of an agreement that is there twice,
    one may be the user's.
    """
    unsealed = snapshot.unsealed or frozenset()
    doubled = snapshot.doubled.get("acknowledgement", frozenset())
    agreed = {
        purpose: text_hash
        for purpose, text_hash in row.acknowledgements.items()
        if UnsealedRow("acknowledgement", row.user, purpose) not in unsealed or (row.user, purpose) in doubled
    }
    project = None if UnsealedRow("runtime", row.user, "") in unsealed else row.current_project
    return Runtime(row.user, project, agreed)


def _approvals(snapshot: Snapshot) -> dict[tuple[str, str], Subscription]:
    """What was approved at run time and counts, by whom it is for and what for: with our
    procedure's seal, and younger than what an apply ended. Of several, as of one, what lasts
    longest counts.
    """
    unsealed, ended = (
        snapshot.unsealed or frozenset(),
        {(each.user, each.source): each for each in snapshot.request_ends},
    )
    approvals: dict[tuple[str, str], Subscription] = {}
    for row in snapshot.approvals:
        pair, end = (row.user, row.source), ended.get((row.user, row.source))
        if UnsealedRow("approval", *pair) in unsealed or row.approved_at is None:
            continue
        if end is not None and (end.ended_at is None or end.ended_at >= row.approved_at):
            continue
        other = approvals.get(pair)
        if other is None or (
            other.expires_at is not None and (row.expires_at is None or row.expires_at > other.expires_at)
        ):
            approvals[pair] = Subscription(row.user, row.source, row.expires_at)
    return approvals


def _place(row: ObjectRow, *, newer: bool) -> tuple[Kind, Any] | None:
    """Where a row's object belongs; None where somebody else than veil made the row up."""
    try:
        kind = Kind(row.kind)
        return kind, object_key(kind, row.name)
    except ValueError as problem:
        if newer and row.intact:
            raise NewerFormatError(
                f"the metadata contains a {row.kind!r} named {row.name!r}, which this version of veil does not know"
            ) from problem
        return None


def _must_stay(row: ObjectRow, snapshot: Snapshot) -> bool:
    """Whether a row stands for something that is there, although the ledger does not know it: the
    ledger may have been altered, and what the row's owner would lose with it could not be made
    again.
    """
    others = [each for each in snapshot.objects if each.kind == row.kind and each.entered]
    return (
        (row.kind == Kind.INTEGRATION and not others)
        or (row.kind == Kind.DATA_SOURCE and row.name in snapshot.published)
        or (row.kind == Kind.CLOSING and any(each.id == row.name for each in snapshot.closed))
    )


def _stored(kind: Kind, key: Any, row: ObjectRow, snapshot: Snapshot, *, newer: bool) -> StoredObject:
    thing = _thing(kind, key, row.body, newer=newer)
    if row.intact and row.entered:
        return StoredObject(kind, key, row.id, thing)
    if kind is Kind.CLOSING:
        return StoredObject(kind, key, row.id, _altered_closing(key, row, snapshot), thing)
    return StoredObject(kind, key, row.id, None, thing, removed=not row.body)


def _altered_closing(id: str, row: ObjectRow, snapshot: Snapshot) -> Closing:  # noqa: A002
    """In the place of a closing whose row was altered: it closes what its rows in `closed` do, and
    whatever is made later.
    """
    rows = sorted(each for each in snapshot.closed if each.id == id)
    place = (rows[0].kind, rows[0].name) if rows else ("policy", "?")
    reason = "What was stored of it was altered outside veil."
    return Closing(id, row.id, *place, reason, sources=frozenset(each.source for each in rows))


def _world(layout: Layout, stored: Iterable[StoredObject]) -> World:
    trusted = [each.thing for each in stored if each.thing is not None]
    stand_in = Integration("", "", layout.view_schema, schema_prefix=layout.prefix)
    integration = next((thing for thing in trusted if isinstance(thing, Integration)), stand_in)
    return apply(World(integration), *(Put(thing) for thing in trusted if not isinstance(thing, Integration)))


def _thing(kind: Kind, key: Any, body: str, *, newer: bool) -> Governed | None:
    """The object of a body, None where that is none, or another one."""
    try:
        thing = codec.decode(body)
    except codec.UnknownNameError as problem:
        if newer:
            raise NewerFormatError(str(problem)) from problem
        return None
    except ValueError:
        return None
    return thing if (kind_of(thing), key_of(thing)) == (kind, key) else None
