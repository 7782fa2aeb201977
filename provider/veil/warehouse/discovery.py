"""Finding what is installed, and what stands where we would install."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from veil.warehouse.errors import WarehouseError
from veil.warehouse.install import expected_routines, expected_tables, expected_views
from veil.warehouse.layout import Layout
from veil.warehouse.quoting import literals
from veil.warehouse.relations import RelationKind
from veil.warehouse.session import Row, Session
from veil.warehouse.tables import Tables, answers, expected_columns, tables_of
from veil.warehouse.templates import names, render_one

_ENOUGH = 3
"""So many of our tables make an installation, where they have one owner: others may have been
dropped, or given away.
"""
_UNKNOWN = "-"
"""Stands for the view schema where no mark names one."""


@dataclass(frozen=True, slots=True)
class Installation:
    """An integration that is there, and what stands in its system schema."""

    layout: Layout
    tables: Tables


def find_layouts(session: Session) -> tuple[Layout, ...]:
    """The integrations of this database, as `find_installations` finds them."""
    return tuple(each.layout for each in find_installations(session))


def find_installations(session: Session) -> tuple[Installation, ...]:
    """The integrations of this database, by the tables in their system schemas and the mark in one
    of these. A query, and one more for each.

    Anybody who may create schemas can leave such tables. So where some of them are ours, only those
    count; a user that owns none (a read-only one) gets all, each with its `owner`.
    """
    rows = session.query(render_one("reads/system_schemas", {"tables": literals(expected_columns())}))
    candidates = list(_candidates(rows))
    ours = [each for each in candidates if each[2]]
    there = {system: tables_of(row[3:] for row in rows if row[0] == system) for system, _, _ in ours or candidates}
    layouts = (
        (_layout(session, system, owner, there[system]), there[system]) for system, owner, _ in ours or candidates
    )
    return tuple(Installation(layout, tables) for layout, tables in layouts if layout is not None)


def _candidates(rows: Iterable[Row]) -> Iterator[tuple[str, str, bool]]:
    """System schemas with the owner of their tables, and whether that is who asks."""
    tables = {
        (str(system), str(owner), owner == account, table)
        for system, owner, account, table, kind, *_ in rows
        if RelationKind(kind) is RelationKind.TABLE and table in expected_columns()
    }
    counted = Counter(table[:3] for table in tables)
    return (candidate for candidate, number in sorted(counted.items()) if number >= _ENOUGH)


def _layout(session: Session, system: str, owner: str, tables: Tables) -> Layout | None:
    """The layout that a system schema belongs to; None where the schema is none of an
    integration's, or nothing that we may read. Raises WarehouseError where that cannot be
    determined.
    """
    prefix = system.removesuffix("_system")
    try:
        unmarked = Layout(prefix, view_schema=_UNKNOWN, owner=owner, marked=False)
        rows = _marks(session, unmarked, tables)
    except ValueError:
        return None
    except WarehouseError as error:
        if error.lost or error.timed_out or error.retryable:
            raise  # It says nothing of what is there: to take that for nothing would make all of it anew.
        return None
    try:
        ((view_schema, group, role),) = set(rows)
        if not isinstance(view_schema, str) or any(not isinstance(each, str | None) for each in (group, role)):
            return unmarked  # Whoever alters the table makes of its columns what they like.
        return Layout(
            prefix, view_schema, owner=owner, impersonation_group=group, read_only_role=role, marked=len(rows) == 1
        )
    except (TypeError, ValueError):
        return unmarked


def _marks(session: Session, layout: Layout, tables: Tables) -> list[Row]:
    """The rows of the mark: view schema, impersonation group and read-only role, which older
    versions do not have.
    """
    for template in ("reads/mark", "reads/mark_of_version_1"):
        if answers(sql := render_one(template, names(layout)), "integration", tables):
            return session.query(sql)
    return []


def check_foreign(session: Session, layout: Layout) -> list[str]:
    """What of this layout's names belongs to somebody else, as sentences. Empty: we may install.

    Looks at the schemas and, in the three of our own, at tables, views and procedures that have the
    names of ours. What else others put there is in nobody's way.
    """
    me = str(session.query(render_one("reads/current_user", {}))[0][0])
    own = literals(layout.own_schemas)
    relations = session.query(render_one("reads/relation_states", {"schemas": own, "named": "TRUE"}))
    routines = session.query(render_one("reads/routines", {"schemas": own}))
    places = expected_tables(layout) | expected_views(layout).keys()
    called = {(each.schema, each.name) for each in expected_routines(layout)}
    owned = [(f"The schema {name}", owner) for name, owner in _schema_owners(session, layout)]
    owned += [
        (f"The table or view {schema}.{name}", owner)
        for schema, name, owner, _ in relations
        if (schema, name) in places
    ]
    owned += [
        (f"The procedure or function {schema}.{name}", owner)
        for schema, name, _, owner, *_ in routines
        if (schema, name) in called
    ]
    return _of_others(owned, me)


def check_foreign_schemas(session: Session, layout: Layout) -> list[str]:
    """The same of the schemas alone: for an integration that is there, and gets another schema for
    its views.
    """
    me = str(session.query(render_one("reads/current_user", {}))[0][0])
    return _of_others([(f"The schema {name}", owner) for name, owner in _schema_owners(session, layout)], me)


def _schema_owners(session: Session, layout: Layout) -> list[Row]:
    schemas = literals((*layout.own_schemas, layout.view_schema))
    return session.query(render_one("reads/schema_owners", {"schemas": schemas}))


def _of_others(owned: Iterable[tuple[str, str]], me: str) -> list[str]:
    return sorted(f"{what} belongs to {owner}, not to {me}." for what, owner in owned if owner != me)
