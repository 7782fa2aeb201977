"""Keeps the stand-ins for relations of other databases like the relations themselves."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable

from veil.local.foreign.attempt import attempt
from veil.local.foreign.databases import Databases, impatient
from veil.local.rewrite.foreign import Relation

_COLUMNS = "SELECT pg_veil.columns_for_others($1, $2)"
_KNOWN = "SELECT database_name, schema_name, table_name FROM pg_veil.foreign_relation"


class StandIns:
    """Makes stand-ins before they are named, and again after DDL. All DDL comes through the
    gateway, so none is missed.
    """

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._known: dict[str, set[Relation]] | None = None  # by the database that they are in
        self._fresh: set[tuple[str, Relation]] = set()
        self._lock = asyncio.Lock()

    async def ensure(self, database: str, wanted: Iterable[Relation]) -> None:
        """Makes the stand-ins that a statement for `database` names, where they are missing or out
        of date.
        """
        stale = [relation for relation in wanted if (database, relation) not in self._fresh]
        if stale:
            async with self._lock:
                (await self._load())[database].update(stale)
                await self._renew(database, stale)

    async def after_ddl(self, database: str) -> None:
        """Brings the stand-ins in other databases up to date with the relations of `database`."""
        async with self._lock:
            for reader, relations in (await self._load()).items():
                stale = [relation for relation in relations if relation.database == database]
                self._fresh.difference_update((reader, relation) for relation in stale)
                if stale:
                    await attempt(self._renew(reader, stale))

    def forget(self) -> None:
        """Looks again at what there is when it is next needed: databases came or went."""
        self._known = None
        self._fresh.clear()

    async def _renew(self, database: str, relations: Iterable[Relation]) -> None:
        by_database: dict[str, list[Relation]] = defaultdict(list)
        for relation in relations:
            by_database[relation.database].append(relation)
        columns: dict[Relation, str | None] = {}
        for other, ones in by_database.items():
            columns |= await self._columns(other, ones)
        async with self._databases.connection(database) as connection, impatient(connection):
            for one, column_text in columns.items():
                await connection.execute(
                    "CALL pg_veil.stand_in($1, $2, $3, $4, $5)",
                    one.stand_in,
                    one.database,
                    one.schema,
                    one.name,
                    column_text,
                )
        self._fresh.update((database, one) for one in columns)

    async def _columns(self, database: str, relations: Iterable[Relation]) -> dict[Relation, str | None]:
        """The columns of some relations of one database, as JSON; None for those that are not
        there.
        """
        import asyncpg

        try:
            async with self._databases.connection(database) as connection:
                return {one: await connection.fetchval(_COLUMNS, one.schema, one.name) for one in relations}
        except asyncpg.InvalidCatalogNameError:
            return dict.fromkeys(relations)

    async def _load(self) -> dict[str, set[Relation]]:
        """What the databases have from earlier runs, read once."""
        if self._known is None:
            known: dict[str, set[Relation]] = defaultdict(set)
            for name in await self._databases.names():
                async with self._databases.connection(name) as connection:
                    known[name] = {Relation(*row) for row in await connection.fetch(_KNOWN)}
            self._known = known
        return self._known
