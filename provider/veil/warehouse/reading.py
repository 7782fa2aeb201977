"""Reading everything an integration is judged by, in a fixed number of queries."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from veil.model.names import split
from veil.warehouse import catalog, decoding
from veil.warehouse.base_tables import HERE, Tables, columns_of
from veil.warehouse.errors import NotInstalledError, WarehouseError
from veil.warehouse.layout import Layout
from veil.warehouse.quoting import identifier
from veil.warehouse.rights import rights_across, rights_of
from veil.warehouse.rows import ImpersonationRow, ObjectRow, Snapshot
from veil.warehouse.session import Row, Session
from veil.warehouse.templates import names, render_one
from veil.warehouse.writes import hold_writers

RESTARTS = 4
"""How often a read begins again because another process wrote meanwhile, before it makes writers wait."""

_FROM = re.compile(r"\bFROM (\S+\.\w+)")
_DENIED = "42501"
_MISSING = ("42P01", "3F000")
_NEEDED = frozenset({"revision", "integration"})
"""Without these nothing can be read. Any other table counts as empty while it is missing; `owners` tells that it is."""


Whereabouts = Callable[[Sequence[ObjectRow]], Tables]
"""Tells from the objects where base tables are."""


def read(
    session: Session, layout: Layout, *, schemas: Iterable[str] = (), whereabouts: Whereabouts = lambda _: HERE
) -> Snapshot:
    """The whole governed state. As many queries for ten data sources as for ten thousand.

    Columns and grants are those of the tables that are data sources; `schemas` names further schemas whose grants
    and owners are wanted. The revision is read first and last, and all begins again where it moved; where
    it does not stand still, the last attempt makes writers wait.

    Raises NotInstalledError where the tables are not there that everything else rests on, WarehouseError where the revision does
    not stand still and writers cannot be made to wait.
    """
    wanted = frozenset(schemas)
    for _ in range(RESTARTS):
        before = _revision(session, layout)
        snapshot = _read_once(session, layout, wanted, whereabouts)
        if _revision(session, layout) == before:
            return replace(snapshot, revision=before[0], token=before[1])
    return _read_undisturbed(session, layout, wanted, whereabouts)


def _read_undisturbed(session: Session, layout: Layout, further: frozenset[str], whereabouts: Whereabouts) -> Snapshot:
    try:
        with session.transaction():
            hold_writers(session, layout)
            revision, token = _revision(session, layout)
            return replace(_read_once(session, layout, further, whereabouts), revision=revision, token=token)
    except WarehouseError as error:
        if error.sqlstate != _DENIED:
            raise
        raise WarehouseError(
            "The integration does not stand still",
            f"Other processes changed it {RESTARTS} times while it was being read, and this account may not make them "
            "wait. Try again.",
        ) from error


def _revision(session: Session, layout: Layout) -> tuple[int, str]:
    rows = _rows(session, layout, "revision")
    if len(rows) != 1:
        raise _not_installed(layout, f"{layout.system}.revision has {len(rows)} rows instead of one.")
    return int(rows[0][0]), str(rows[0][1])


def _read_once(session: Session, layout: Layout, further: frozenset[str], whereabouts: Whereabouts) -> Snapshot:
    marks = _rows(session, layout, "integration")
    if len(marks) != 1:
        raise _not_installed(layout, f"{layout.system}.integration has {len(marks)} rows instead of one.")
    objects = decoding.objects(_rows(session, layout, "objects"))
    published = decoding.published(_rows(session, layout, "published"))
    tables = _tables([*published, *(row.name for row in objects if row.kind == "data_source")])
    view_schemas = {layout.view_schema, layout.system, *(row.view_schema for row in published.values())}
    own = {*layout.own_schemas, *view_schemas}
    place, schemas = whereabouts(objects), {schema for schema, _ in tables}
    rights = rights_of(session, {*own, *further, *(() if place.database else schemas)})
    group = layout.impersonation_group
    routines, forms = catalog.routines_of(session, layout.own_schemas)
    return Snapshot(
        revision=0,
        token="",
        schema_version=int(marks[0][0]),
        provider_version=str(marks[0][1]),
        account=str(marks[0][4]),
        objects=objects,
        profiles=decoding.profiles(_rows(session, layout, "profiles")),
        entries=decoding.entries(_rows(session, layout, "entries")),
        project_entries=decoding.project_entries(_rows(session, layout, "project_entries")),
        runtimes=decoding.runtimes(_rows(session, layout, "runtimes"), _rows(session, layout, "acknowledgements")),
        impersonations=frozenset(ImpersonationRow(*row) for row in _rows(session, layout, "impersonations")),
        impersonators=None if group is None else catalog.read_group_members(session, group),
        superusers=frozenset(str(row[0]) for row in _rows(session, layout, "superusers")),
        salt_names=frozenset(str(row[0]) for row in _rows(session, layout, "salts")),
        published=published,
        views=catalog.views_of(session, view_schemas, rights.table_grants),
        columns=columns_of(session, tables, place),
        owners=rights.owners,
        table_grants=rights.table_grants,
        routines=routines,
        routine_forms=forms,
        schema_owners=rights.schema_owners,
        schema_privileges=rights.schema_privileges,
        base=rights_across(session, place.database, schemas) if place.database else rights,
    )


def _rows(session: Session, layout: Layout, what: str) -> list[Row]:
    sql = render_one(f"reads/{what}", names(layout))
    try:
        return session.query(sql)
    except WarehouseError as error:
        if error.sqlstate == _DENIED:
            raise _denied(session, layout, sql, error) from error
        if error.sqlstate not in _MISSING:
            raise
        if what in _NEEDED:
            raise _not_installed(layout, error.detail) from error
        return []


def _denied(session: Session, layout: Layout, sql: str, error: WarehouseError) -> WarehouseError:
    found = _FROM.search(sql)
    table, account = found[1] if found else layout.system, session.settings.username
    gives = (
        f"ALTER TABLE {table} OWNER TO {identifier(account)}"
        if account == layout.owner
        else f"GRANT SELECT ON TABLE {table} TO {identifier(account)}"
    )
    return WarehouseError(
        "The account may not read the integration's tables",
        f"{error.detail} The provider signed in as {account}. Let an administrator run this, and try again: {gives}",
        sqlstate=error.sqlstate,
    )


def _tables(keys: Iterable[str]) -> frozenset[tuple[str, str]]:
    found = set()
    for key in keys:
        try:
            schema, table = split(key)
        except ValueError:
            continue  # not a key that governance wrote; the row's own hash tells
        found.add((schema, table))
    return frozenset(found)


def _not_installed(layout: Layout, found: str) -> NotInstalledError:
    return NotInstalledError(
        "No integration here",
        f"The schemas of an integration with the prefix {layout.prefix!r} are not complete in this database. {found} "
        "Restore what is missing, or drop these schemas and apply again.",
    )
