"""The tables that data sources stand on: where they are, and their columns."""

from collections.abc import Iterable
from dataclasses import dataclass

from veil.model.columns import ColumnType
from veil.warehouse.columntypes import column_type, external_type
from veil.warehouse.quoting import literal, literals
from veil.warehouse.rows import Columns
from veil.warehouse.session import Row, Session
from veil.warehouse.templates import render_one

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Tables:
    """Where tables are: in another `database` of the cluster or, without it, in the session's own. `external` ones
    count only on demand.
    """

    database: str | None = None
    external: bool = False


HERE = Tables()


def read_columns(session: Session, schema: str, tables: Tables = HERE) -> dict[str, Columns]:
    """The columns of all tables and views of a schema. One query, and one more with external tables."""
    found = _columns(session, "reads/schema_columns", {"schemas": literals([schema])}, tables)
    return {table: columns for (_, table), columns in found.items()}


def columns_of(session: Session, places: Iterable[Place], tables: Tables = HERE) -> dict[Place, Columns]:
    """The columns of these tables; one that is not there is left out. One query, and one more with external tables."""
    wanted = set(places)
    values = {
        "schemas": literals(schema for schema, _ in wanted),
        "tables": literals(table for _, table in wanted),
    }
    found = _columns(session, "reads/columns", values, tables)
    return {place: columns for place, columns in found.items() if place in wanted}


def _columns(session: Session, here: str, values: dict[str, str], tables: Tables) -> dict[Place, Columns]:
    values = values | {"database": literal(tables.database or session.settings.database)}
    template = here if tables.database is None else "reads/database_columns"
    found = _grouped((row[:3], column_type(*row[3:])) for row in session.query(render_one(template, values)))
    if tables.external:
        rows = session.query(render_one("reads/external_columns", values))
        found |= _grouped((row[:3], external_type(row[3])) for row in rows)
    return found


def _grouped(rows: Iterable[tuple[Row, ColumnType | None]]) -> dict[Place, Columns]:
    found: dict[Place, list[tuple[str, ColumnType]]] = {}
    for (schema, table, name), type_ in rows:
        columns = found.setdefault((schema, table), [])
        if type_ is not None:
            columns.append((name, type_))
    return {place: tuple(columns) for place, columns in found.items()}
