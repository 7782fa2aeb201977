"""Fetches the rows of a relation from another database, with the permissions of whoever reads
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from veil.local.foreign.databases import Answer, Databases, rolled_back
from veil.local.rewrite.errors import RefusalError
from veil.local.rewrite.lexer import quote_name

if TYPE_CHECKING:
    import asyncpg

_RELATION = """
    SELECT c.relkind::text, pg_catalog.has_schema_privilege($3, n.oid, 'USAGE'),
      EXISTS (SELECT 1 FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2
"""


@dataclass(frozen=True)
class Reading:
    """Which rows are wanted: `reader` is whose permissions count, `user` who the rows are for (a
    view's `current_user`).
    """

    database: str
    schema: str
    table: str
    columns: tuple[tuple[str, str], ...]
    reader: str
    user: str

    @classmethod
    def from_json(cls, asked: dict[str, Any]) -> Reading:
        """What `pg_veil.foreign_rows` asks for."""
        columns = tuple((name, kind) for name, kind in asked["columns"])
        return cls(asked["database"], asked["schema"], asked["table"], columns, asked["reader"], asked["user"])


async def fetch(databases: Databases, reading: Reading, answer: Answer) -> str:
    """The rows as a JSON array of objects. `answer` answers what comes up over there (a view may
    read external tables).

    Raises:
        RefusalError: there is no such relation, or it cannot be read across databases.
        asyncpg.PostgresError: reading it fails, for lack of a permission among others.
    """
    async with databases.connection(reading.database, answer) as connection, rolled_back(connection):
        kind = await _check(connection, reading)
        target = f"{quote_name(reading.schema)}.{quote_name(reading.table)}"
        reads_as = reading.reader
        if kind != "r" and reading.reader != reading.user:
            target, reads_as = await _lent(connection, target, reading), reading.user
        await connection.execute(f"SET LOCAL SESSION AUTHORIZATION {quote_name(reads_as)}")
        rows_json = await connection.fetchval(
            f"SELECT COALESCE(pg_catalog.json_agg(r)::text, '[]') FROM (SELECT {_columns(reading)} FROM {target}) AS r"
        )
        return str(rows_json)


async def _check(connection: asyncpg.Connection, reading: Reading) -> str:
    """The kind of the relation, once it is clear that it may be read."""
    relation = await connection.fetchrow(_RELATION, reading.schema, reading.table, reading.reader)
    if relation is None:
        name = f"{reading.database}.{reading.schema}.{reading.table}"
        raise RefusalError("42P01", f'relation "{name}" does not exist')
    kind, may_use_schema, has_column_privileges = relation
    if not may_use_schema:
        raise RefusalError("42501", f"permission denied for schema {reading.schema}")
    if has_column_privileges:
        raise RefusalError(
            "0A000",
            f'"{reading.table}" has column-level privileges; it cannot be read from another database',
            "Amazon Redshift has no cross-database queries of such tables.",
        )
    return str(kind)


async def _lent(connection: asyncpg.Connection, target: str, reading: Reading) -> str:
    """A temporary view of the reader's over a view, so that the reader's permissions count and the
    user is `current_user`.
    """
    await connection.execute(f"CREATE TEMP VIEW veil_lent AS SELECT {_columns(reading)} FROM {target}")
    await connection.execute(f"ALTER VIEW veil_lent OWNER TO {quote_name(reading.reader)}")
    await connection.execute(f"GRANT SELECT ON veil_lent TO {quote_name(reading.user)}")
    return "veil_lent"


def _columns(reading: Reading) -> str:
    return ", ".join(
        f"{quote_name(name)}::jsonb AS {quote_name(name)}" if kind == "super" else quote_name(name)
        for name, kind in reading.columns
    )
