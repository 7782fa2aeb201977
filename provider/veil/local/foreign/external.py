"""External tables: carries out what is asked of the data catalog, and brings every database in line
with it.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from veil.local.folder import Folder
from veil.local.foreign.databases import Databases, impatient
from veil.local.spectrum import Catalog, read_rows

_SCHEMAS = """
    SELECT n.nspname FROM pg_veil.external_schema AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.schema
"""


class External:
    """The external schemas and tables of all databases."""

    def __init__(self, databases: Databases, folder: Folder) -> None:
        self._databases = databases
        self._folder = folder
        self._catalog = Catalog(folder.data_catalog)
        self._lock = asyncio.Lock()
        self._schemas: dict[str, frozenset[str]] = {}

    def schemas(self, database: str) -> frozenset[str]:
        """The names of a database's external schemas, as far as this engine has met them."""
        return self._schemas.get(database, frozenset())

    async def rows(self, asked: dict[str, Any]) -> str:
        """The rows of an external table as a JSON array of objects.

        Raises:
            RefusalError: the table is not there, or a file does not fit it.
        """
        table = self._catalog.table(asked["database"], asked["table"])
        return json.dumps(await asyncio.to_thread(read_rows, table, self._folder.storage))

    async def change(self, asked: dict[str, Any]) -> str:
        """Carries out external DDL.

        Raises:
            RefusalError: it cannot be done.
        """
        kind, database = asked["kind"], asked["database"]
        async with self._lock:
            if kind == "drop_external_schema":
                if asked["drop_database"]:
                    self._catalog.drop_database(database)
            elif kind == "create_external_schema":
                if asked["make"]:
                    self._catalog.create_database(database)
            else:
                self._catalog.change(asked)
            await self._sync(database)
        return ""

    async def look_again(self, database: str) -> None:
        """Notes which external schemas a database has, after DDL in it or when it is first met."""
        import asyncpg

        try:
            async with self._databases.connection(database) as connection:
                self._schemas[database] = frozenset(row[0] for row in await connection.fetch(_SCHEMAS))
        except asyncpg.InvalidCatalogNameError:
            self._schemas.pop(database, None)

    async def forget_dropped(self) -> None:
        """Forgets the databases that are gone: one made later may have the name of one of them."""
        there = await self._databases.names()
        self._schemas = {name: schemas for name, schemas in self._schemas.items() if name in there}

    def has_met(self, database: str) -> bool:
        """True if it is known which external schemas a database has."""
        return database in self._schemas or not self._folder.data_catalog.exists()

    async def _sync(self, catalog_database: str) -> None:
        tables = {name: one.to_json() for name, one in self._catalog.tables(catalog_database).items()}
        for database in await self._databases.names():
            async with self._databases.connection(database) as connection, impatient(connection):
                await connection.execute("CALL pg_veil.sync_external($1, $2)", catalog_database, json.dumps(tables))
            await self.look_again(database)
