"""Reading everything an integration is judged by, in a fixed number of queries."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from veil.model.names import parts_of
from veil.warehouse import catalog, decoding
from veil.warehouse.base_tables import HERE, Tables, columns_of, read_looked_up
from veil.warehouse.errors import NotInstalledError, WarehouseError
from veil.warehouse.install import SEAL, expected_views
from veil.warehouse.layout import Layout
from veil.warehouse.other_views import first_mentions, read_other_views
from veil.warehouse.own_views import Standing, standing_of
from veil.warehouse.quoting import identifier, literal, literals
from veil.warehouse.relations import RelationKind
from veil.warehouse.revision import hold_writers, read_revision
from veil.warehouse.rights import rights_across, rights_of
from veil.warehouse.rows import ObjectRow, Revision, Snapshot, UnsealedRow, ViewState
from veil.warehouse.session import Row, Session
from veil.warehouse.tables import Tables as OwnTables
from veil.warehouse.tables import answers, expected_columns, has_all_columns, is_as_made, read_tables
from veil.warehouse.templates import names, render_one
from veil.warehouse.together import read_together
from veil.warehouse.versions import version_of

RESTARTS = 4
"""How often a read begins again because another process wrote meanwhile, before it makes writers
wait.
"""

_FROM = re.compile(r"\bFROM (\S+\.(\w+))")
_DENIED = "42501"
_DANGLING = ("42P01", "42703")
"""A view, or what it reads, is not as we made it."""
_SALT_NAMES, _FOR_PLANNERS = "salt_name", "salts_for_planners"
_SEALED_SINCE = 3
"""The version of the schemas from which on the revision, salts and what users choose carry a
seal.
"""
_SEALED = ("salt", "salt_digest", "runtime", "acknowledgement", "access_request", "approval")
"""The tables that the view `unsealed` reads."""


@dataclass(frozen=True, slots=True)
class Bearings:
    """Where an integration's things are: its base tables and, where that is told, the schema of its
    views and the group of who may act as others. `further` are schemas beside those of data
    sources, in the database of the base tables, whose grants and owners are wanted: of lookups, and
    monitored ones. `looked_up` are the tables that policies look up in, by where they are.
    `functions` are the schemas of users' functions that masks call. `bound` is as in Layout.
    """

    tables: Tables = HERE
    view_schema: str | None = None
    impersonation_group: str | None = None
    further: frozenset[str] = frozenset()
    looked_up: Mapping[Tables, frozenset[tuple[str, str]]] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()
    bound: bool = False


_ROWS = (
    "versions", "objects", "ledger", "published", "profiles", "entries", "project_entries", "project_profiles", "runtimes",
    "acknowledgements", "impersonations", "closed", "own_views", "access_requests", "approvals", "approvers", "request_ends",
    "last_errors", "appliers",
)  # fmt: skip
"""What is read of our tables, template by template."""
_DOCUMENTS = ("profiles", "project_profiles")
"""Those that give SUPER."""

_KEYS = {
    "published": ("published", 1),
    "runtime": ("runtimes", 1),
    "acknowledgement": ("acknowledgements", 2),
    "impersonation": ("impersonations", 2),
}
"""By table, the template that reads it, and how many of its first columns identify a row."""

Whereabouts = Callable[[Sequence[ObjectRow]], Bearings]
"""Tells from the objects where things are. What it leaves open is as the mark says."""


def read(
    session: Session,
    layout: Layout,
    *,
    schemas: Iterable[str] = (),
    whereabouts: Whereabouts = lambda _: Bearings(),
    tables: OwnTables | None = None,
) -> Snapshot:
    """The whole governed state. As many queries for ten data sources as for ten thousand. `tables`
    is what was found in the system schema a moment ago.

    Columns and grants are those of the tables that are data sources; `schemas` names further
    schemas whose grants and owners are wanted. The revision is read first and last, and all begins
    again where it moved; where it does not stand still, the last attempt makes writers wait.

    A table of ours that is missing, or lacks columns, counts as empty: `tables` tells. Raises
    NotInstalledError where there is none at all, WarehouseError where the revision does not stand
    still and writers cannot be made to wait.
    """
    wanted = frozenset(schemas)
    for _ in range(RESTARTS):
        look = _Look(session, layout, tables)
        tables = None
        before, rows = look.all_rows()
        snapshot, after = _read_once(look, rows, wanted, whereabouts)
        if after == before:
            return _at(snapshot, before)
    return _read_undisturbed(session, layout, wanted, whereabouts)


def _read_undisturbed(session: Session, layout: Layout, further: frozenset[str], whereabouts: Whereabouts) -> Snapshot:
    try:
        with session.transaction():
            hold_writers(session, layout)
            look = _Look(session, layout)
            _, rows = look.all_rows()
            return _at(*_read_once(look, rows, further, whereabouts))
    except WarehouseError as error:
        if error.sqlstate != _DENIED:
            raise
        raise WarehouseError(
            "The integration does not stand still",
            f"Other processes changed it {RESTARTS} times while it was being read, and this account may not make them "
            "wait. Try again.",
        ) from error


def _at(snapshot: Snapshot, revision: Revision) -> Snapshot:
    # Somebody may have taken the seal away with its column.
    sealed = snapshot.schema_version < _SEALED_SINCE or all(len(row) == 3 for row in revision.rows)
    sound = revision.sound and sealed
    return replace(
        snapshot,
        revision=revision.number,
        token=revision.token,
        unsound=None if sound else replace(revision, sound=False),
    )


class _Look:
    """Our tables, as far as they are there."""

    def __init__(self, session: Session, layout: Layout, tables: OwnTables | None = None) -> None:
        self.session, self.layout = session, layout
        self.found = read_tables(session, layout) if tables is None else tables
        if not self.found.keys() & expected_columns().keys():
            raise NotInstalledError(
                "No integration here",
                f"This database has no table of an integration with the prefix {layout.prefix!r}.",
            )

    def revision(self) -> Revision:
        with self._telling("reads/revision"):
            return read_revision(self.session, self.layout, self.found)

    def all_rows(self) -> tuple[Revision, dict[str, list[Row]]]:
        """The revision, and what our tables hold no earlier than that, by template. Two statements:
        those with SUPER apart from those without it. Tables that are not as this version makes them
        are asked one by one; all are where the revision's is among them, or others would be read
        before it.
        """
        asked = {}
        for what in ("revision", *_ROWS, self._salt_names_from()):
            sql = render_one(f"reads/{what}", names(self.layout))
            table = _FROM.search(sql)
            if what == _FOR_PLANNERS or (table is not None and is_as_made(table[2], self.found)):
                asked[what] = sql
        documents = {what: asked.pop(what) for what in _DOCUMENTS if what in asked}
        with read_together(self.session, asked if "revision" in asked else {}):
            revision = self.revision()  # Before all else, also where each is sent alone.
            with read_together(self.session, documents):
                rows = {what: self.rows(what) for what in _ROWS}
                return revision, rows | {"salts": self.salt_names()}

    def rows(self, what: str) -> list[Row]:
        """The rows of a template; none where its table lacks what it names."""
        sql = render_one(f"reads/{what}", names(self.layout))
        table = _FROM.search(sql)
        if table is not None and not answers(sql, table[2], self.found):
            return []
        with self._telling(f"reads/{what}"):
            return self.session.query(sql)

    def _salt_names_from(self) -> str:
        """The template of the names of salts: their owner reads the salts themselves, whatever
        became of the view that planners read.
        """
        view = self.found.get(_SALT_NAMES)
        if self.session.settings.username == self.layout.owner or view is None or view.kind is not RelationKind.VIEW:
            return "salts"
        return _FOR_PLANNERS

    def salt_names(self) -> list[Row]:
        """The names of salts."""
        if self._salt_names_from() == "salts":
            return self.rows("salts")
        with self._telling(f"reads/{_FOR_PLANNERS}"):
            try:
                return self.session.query(render_one(f"reads/{_FOR_PLANNERS}", names(self.layout)))
            except WarehouseError as error:
                if error.sqlstate not in _DANGLING:
                    raise
                return []

    def tells_unsealed(self, stored: Snapshot, views: Mapping[tuple[str, str], ViewState], layout: Layout) -> bool:
        """Whether the view that tells what none of our procedures wrote, and what that reads, are
        ours. What stands in its place may be anybody's, and run what they like.
        """
        place = (self.layout.system, "unsealed")
        state, made = views.get(place), expected_views(layout)[place]
        if state is None or state.owner != layout.owner:
            return False
        if standing_of(state.text, made, stored.own_views.get(place[1])) is not Standing.AS_MADE and state.text != made:
            return False
        return all(has_all_columns(table, self.found) for table in _SEALED)

    def last(self, *, unsealed: bool) -> tuple[frozenset[UnsealedRow] | None, Revision]:
        """What none of our procedures wrote, None where it is not asked, and the revision. To be
        read after all else.
        """
        asked = {what: render_one(f"reads/{what}", names(self.layout)) for what in ("unsealed", "revision")}
        with read_together(self.session, asked if unsealed and is_as_made("revision", self.found) else {}):
            rows = None
            if unsealed:
                with self._telling("reads/unsealed"):
                    rows = decoding.unsealed(self.session.query(asked["unsealed"]))
            return rows, self.revision()

    @contextmanager
    def _telling(self, template: str) -> Iterator[None]:
        try:
            yield
        except WarehouseError as error:
            if error.sqlstate != _DENIED:
                raise
            raise _denied(self.session, self.layout, render_one(template, names(self.layout)), error) from error


def _read_once(
    look: _Look, rows: Mapping[str, Sequence[Row]], further: frozenset[str], whereabouts: Whereabouts
) -> tuple[Snapshot, Revision]:
    """What is there, and the revision after all of it was read."""
    session = look.session
    stored = _from_rows(rows)
    tables = _tables([*stored.published, *(row.name for row in stored.objects if row.kind == "data_source")])
    bearings = whereabouts(stored.objects)
    schemas = {*bearings.further, *(schema for schema, _ in tables)}
    layout, place = _layout(look.layout, bearings), bearings.tables
    view_schemas = {layout.view_schema, layout.system, *(row.view_schema for row in stored.published.values())}
    own = {*layout.own_schemas, *view_schemas}
    righted = {*own, *bearings.functions, *further, *(() if place.database else schemas)}
    group = layout.impersonation_group
    with (
        read_together(session, _catalog_reads(righted, own | bearings.functions, view_schemas, group)),
        read_together(session, _text_reads(view_schemas)),
    ):
        rights = rights_of(session, righted)
        every = catalog.routines_of(session, own | bearings.functions)
        views = catalog.views_of(session, view_schemas, rights.table_grants)
        members = None if group is None else catalog.read_group_members(session, group)
        superusers = catalog.read_superusers(session)
        other_views = read_other_views(session, view_schemas)
    routines = {each: state for each, state in every.items() if each.schema in own}
    version = version_of(stored.marked_version, look.found, routines, layout)
    account = rights.reader.name if rights.reader is not None else ""
    columns, lookups = columns_of(session, tables, place), read_looked_up(session, bearings.looked_up)
    base = rights_across(session, place.database, schemas) if place.database else rights
    seen_by = replace(layout, owner=layout.owner or account)
    sealed = version >= _SEALED_SINCE
    unsealed_rows, revision = look.last(unsealed=sealed and look.tells_unsealed(stored, views, seen_by))
    unsealed = unsealed_rows if sealed else frozenset()
    snapshot = replace(
        stored,
        schema_version=version,
        salt_names=stored.salt_names - {each.name for each in unsealed or () if each.kind == "salt"},
        unsealed=unsealed,
        account=account,
        reader=rights.reader,
        impersonators=members,
        superusers=superusers,
        views=views,
        columns=columns,
        lookups=lookups,
        owners=rights.owners,
        kinds=rights.kinds,
        unread=rights.unread,
        table_grants=rights.table_grants,
        default_grants=rights.default_grants,
        routines=routines,
        functions={each: state for each, state in every.items() if each.schema in bearings.functions},
        schema_owners=rights.schema_owners,
        schema_privileges=rights.schema_privileges,
        database_privileges=rights.database_privileges,
        other_views=other_views,
        base=base,
        tables=look.found,
    )
    return snapshot, revision


def _catalog_reads(
    schemas: Iterable[str], routines: Iterable[str], views: Iterable[str], group: str | None
) -> dict[str, str]:
    """What is asked of the leader node's catalogs: about these schemas, the routines and the
    comments on views in some, and who is in a group.
    """
    values = {"schemas": literals(schemas), "named": "TRUE"}
    reads = dict.fromkeys(("external_schemas", "account", "relation_states", "schema_owners", "superusers"), values)
    reads |= {
        "routines": {"schemas": literals(routines)},
        "comments": {"schemas": literals(views)},
        "view_dependencies": {},
    }
    if group is not None:
        reads["group_members"] = {"group": literal(group)}
    return {what: render_one(f"reads/{what}", values) for what, values in reads.items()}


def _text_reads(schemas: Iterable[str]) -> dict[str, str]:
    """What is asked of the texts of views: apart from all else, so that they stay as long as they
    are.
    """
    views = render_one("reads/views", {"schemas": literals(schemas), "named": "TRUE"})
    return {"views": views, "view_mentions": first_mentions(schemas)}


def _from_rows(rows: Mapping[str, Sequence[Row]]) -> Snapshot:
    """What our tables hold, without what the catalog says."""
    versions = [row for row in rows["versions"] if isinstance(row[0], int)]
    return Snapshot(
        revision=0,
        token="",
        schema_version=0,
        marked_version=max((row[0] for row in versions), default=None),
        provider_version=str(versions[0][1] or "unknown") if versions else "unknown",
        account="",
        objects=decoding.objects(rows["objects"], rows["ledger"]),
        has_ledger=bool(rows["ledger"]) or not rows["objects"],
        profiles=decoding.profiles(rows["profiles"]),
        entries=decoding.entries(rows["entries"]),
        project_entries=decoding.project_entries(rows["project_entries"]),
        project_profiles=decoding.project_profiles(rows["project_profiles"]),
        runtimes=decoding.runtimes(rows["runtimes"], rows["acknowledgements"]),
        impersonations=frozenset(decoding.impersonations(rows["impersonations"])),
        salt_names=frozenset(name for (name,) in decoding.keys(rows["salts"], 1)) - {SEAL},
        published=decoding.published(rows["published"]),
        closed=frozenset(decoding.closed(rows["closed"])),
        own_views=decoding.own_views(rows["own_views"]),
        requests=decoding.requests(rows["access_requests"]),
        approvals=decoding.approvals(rows["approvals"]),
        approvers=decoding.approvers(rows["approvers"]),
        request_ends=decoding.request_ends(rows["request_ends"]),
        errors=decoding.errors(rows["last_errors"]),
        appliers=frozenset((user, schema) for user, schema in decoding.keys(rows["appliers"], 2)),
        doubled={table: decoding.doubled(rows[template], columns) for table, (template, columns) in _KEYS.items()},
    )


def _layout(layout: Layout, bearings: Bearings) -> Layout:
    if bearings.view_schema is None:
        return layout
    return replace(
        layout,
        view_schema=bearings.view_schema,
        impersonation_group=bearings.impersonation_group,
        bound=bearings.bound,
    )


def _denied(session: Session, layout: Layout, sql: str, error: WarehouseError) -> WarehouseError:
    match = _FROM.search(sql)
    table, account = match[1] if match else layout.system, session.settings.username
    gives = (
        f"ALTER TABLE {table} OWNER TO {identifier(account)}"
        if account == layout.owner
        else f"GRANT SELECT ON TABLE {table} TO {identifier(account)}"
    )
    return WarehouseError(
        "The account may not read the integration's tables",
        f"{error.found} The provider signed in as {account}. Let an administrator run this, and try again: {gives}",
        sqlstate=error.sqlstate,
    )


def _tables(keys: Iterable[str]) -> frozenset[tuple[str, str]]:
    places = set()
    for key in keys:
        try:
            schema, table = parts_of(key)
        except ValueError:
            continue  # not a key that governance wrote; the row's own hash tells
        places.add((schema, table))
    return frozenset(places)
