"""Reads the catalog of another database."""

from __future__ import annotations

from veil.local.foreign.databases import Databases, rolled_back
from veil.local.rewrite.lexer import quote_name


async def fetch(databases: Databases, database: str, view: str, user: str) -> str:
    """What a view of `pg_veil` shows this user there, as a JSON array of objects; an empty one
    without such a database.
    """
    import asyncpg

    try:
        async with databases.connection(database) as connection, rolled_back(connection):
            await connection.execute(f"SET LOCAL SESSION AUTHORIZATION {quote_name(user)}")
            rows_json = await connection.fetchval(
                f"SELECT COALESCE(pg_catalog.json_agg(r)::text, '[]') FROM pg_veil.{quote_name(view)} AS r"
            )
    except asyncpg.InvalidCatalogNameError:
        return "[]"
    return str(rows_json)
