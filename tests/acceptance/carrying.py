"""Carries an installation from one engine to another, as statements.

The engine imitates what Redshift's catalogs show, and has become truer over time: a provider of an
older version works on the engine of its own time alone, and the present one on the present engine.
"""

from collections.abc import Iterator

from tests.acceptance.conftest import Database
from tests.warehouse.layouts import statements
from veil.model.quoting import quoted_name, quoted_text
from veil.warehouse import Layout

SYSTEM = "immuta_system"


def schemas_of(version: int) -> list[str]:
    """Statements that make the schemas as a version made them."""
    return statements(version, Layout("immuta", "governed"))


def carried(database: Database) -> Iterator[str]:
    """Statements that, after those of `schemas_of`, make what is there: all rows, veil's own views
    by their texts, and the governed ones.
    """
    tables = [str(name) for (name,) in database.query(_TABLES)]
    for table in tables:
        yield f"DELETE FROM {SYSTEM}.{table}"
        yield from _rows(database, table)
    views = database.query(_VIEWS)
    for schema, name, text in views:
        place = f"{quoted_name(schema)}.{quoted_name(name)}"
        if schema == SYSTEM:
            yield f"DROP VIEW {place}"
        yield str(text).removesuffix(";")
        yield f"REVOKE ALL ON TABLE {place} FROM PUBLIC"
        if schema != SYSTEM or name == "user_profile":
            yield f"GRANT SELECT ON TABLE {place} TO PUBLIC"


_TABLES = f"SELECT tablename FROM pg_tables WHERE schemaname = '{SYSTEM}' ORDER BY tablename"
_VIEWS = (
    f"SELECT schemaname, viewname, definition FROM pg_views WHERE schemaname IN ('{SYSTEM}', 'governed')"
    " ORDER BY schemaname, viewname"
)


def _rows(database: Database, table: str) -> Iterator[str]:
    columns = database.query(
        f"SELECT column_name, data_type FROM svv_columns WHERE table_schema = '{SYSTEM}' AND table_name = '{table}'"
        " ORDER BY ordinal_position"
    )
    names = ", ".join(quoted_name(name) for name, _ in columns)
    read = ", ".join(
        f"JSON_SERIALIZE({quoted_name(name)})" if kind == "super" else f"CAST({quoted_name(name)} AS VARCHAR(65535))"
        for name, kind in columns
    )
    order = ", ".join(str(number) for number in range(1, len(columns) + 1))
    for row in database.query(f"SELECT {read} FROM {SYSTEM}.{table} ORDER BY {order}"):
        values = ", ".join(_value(cell, kind) for cell, (_, kind) in zip(row, columns, strict=True))
        yield f"INSERT INTO {SYSTEM}.{table} ({names}) VALUES ({values})"


def _value(cell: object, kind: str) -> str:
    if cell is None:
        return "NULL"
    return f"JSON_PARSE({quoted_text(str(cell))})" if kind == "super" else quoted_text(str(cell))
