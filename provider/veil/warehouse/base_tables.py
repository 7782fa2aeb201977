"""The tables that data sources stand on: where they are, and their columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from veil.model.columns import ColumnType
from veil.warehouse.columntypes import column_type, external_type
from veil.warehouse.quoting import among, literal, literals
from veil.warehouse.session import Row, Session
from veil.warehouse.templates import render_one

Columns = tuple[tuple[str, ColumnType], ...]
"""Names and types of a table's columns, in its order."""

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Tables:
    """Where tables are: in another `database` of the cluster or, without it, in the session's own.
    `external` ones count only on demand.
    """

    database: str | None = None
    external: bool = False


HERE = Tables()


def read_columns(
    session: Session, schema: str, tables: Tables = HERE, names: Iterable[str] | None = None
) -> dict[str, Columns]:
    """The columns of the tables and views of a schema, of all or of those with these `names` (in
    lower case; a catalog of files may spell them otherwise). One query, and one more with external
    tables.
    """
    by_place = _columns(session, [schema], tables, names)
    return {table: columns for (_, table), columns in by_place.items()}


def columns_of(session: Session, places: Iterable[Place], tables: Tables = HERE) -> dict[Place, Columns]:
    """The columns of these tables; one that is not there is left out. One query, and one more with
    external tables.
    """
    wanted = set(places)
    names = {table.lower() for _, table in wanted}
    by_place = _columns(session, {schema for schema, _ in wanted}, tables, names)
    return {place: columns for place, columns in by_place.items() if place in wanted}


def read_external_tables(session: Session, schemas: Iterable[str]) -> frozenset[Place]:
    """The tables of these schemas, as far as they are external ones that the account may know of.
    One query.
    """
    values = {"schemas": literals(schemas), "database": literal(session.settings.database)}
    return frozenset(
        (str(schema), str(table)) for schema, table in session.query(render_one("reads/external_tables", values))
    )


def read_looked_up(
    session: Session, places: Mapping[Tables, Iterable[Place]]
) -> dict[tuple[Tables, str, str], Columns]:
    """The columns of tables that policies look up in, by where they are. One query for each
    database, and one more with external tables. A catalog of files may spell a table with capitals,
    which Redshift folds.
    """
    columns: dict[tuple[Tables, str, str], Columns] = {}
    for tables, wanted in places.items():
        names = {name.lower() for _, name in wanted}
        there = _columns(session, {schema for schema, _ in wanted}, tables, names)
        for schema, name in wanted:
            alike = [each for each in there if each[0] == schema and each[1].lower() == name.lower()]
            one = (schema, name) if (schema, name) in there else alike[0] if len(alike) == 1 else None
            if one is not None:
                columns[tables, schema, name] = there[one]
    return columns


def _columns(
    session: Session, schemas: Iterable[str], tables: Tables, names: Iterable[str] | None
) -> dict[Place, Columns]:
    database = literal(tables.database or session.settings.database)
    values = {"schemas": literals(schemas), "database": database}
    template = "reads/schema_columns" if tables.database is None else "reads/database_columns"
    named = values | {"named": among("table_name", names)}
    by_place = _grouped((row[:3], column_type(*row[3:])) for row in session.query(render_one(template, named)))
    if tables.external:
        named = values | {"named": among("tablename", names)}
        rows = session.query(render_one("reads/external_columns", named))
        by_place |= _grouped((row[:3], external_type(row[3])) for row in rows)
    return by_place


def _grouped(rows: Iterable[tuple[Row, ColumnType | None]]) -> dict[Place, Columns]:
    by_place: dict[Place, list[tuple[str, ColumnType]]] = {}
    for (schema, table, name), type_ in rows:
        columns = by_place.setdefault((schema, table), [])
        if type_ is not None:
            columns.append((name, type_))
    return {place: tuple(columns) for place, columns in by_place.items()}
