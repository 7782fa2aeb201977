"""Answers what the server asks about other databases, external tables and external functions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from veil.local.folder import Folder
from veil.local.foreign import catalog, rows
from veil.local.foreign.attempt import attempt
from veil.local.foreign.databases import Databases
from veil.local.foreign.external import External
from veil.local.foreign.lambdas import Lambdas
from veil.local.foreign.stand_ins import StandIns
from veil.local.rewrite.foreign import Relation


class Foreign:
    """All that the gateway knows beyond one database. One serves all connections."""

    def __init__(self, socket: Path, password: str, folder: Folder) -> None:
        self._databases = Databases(socket, password)
        self._stand_ins = StandIns(self._databases)
        self._external = External(self._databases, folder)
        self._lambdas = Lambdas(folder.functions)

    def external_schemas(self, database: str) -> frozenset[str]:
        """The names of a database's external schemas, whose statements are rewritten in their own
        way.
        """
        return self._external.schemas(database)

    async def before_session(self, database: str) -> None:
        """Sees to it that the external schemas of a database are known."""
        if not self._external.has_met(database):
            await attempt(self._external.look_again(database))

    async def before_statement(self, database: str, relations: Iterable[Relation]) -> None:
        """Sees to it that what a statement names in other databases has its stand-ins."""
        await attempt(self._stand_ins.ensure(database, relations))

    async def before_database_ddl(self) -> None:
        """Sees to it that no connection of the gateway's own is in the way of a DROP DATABASE."""
        await self._databases.let_go()

    async def after_ddl(self, database: str, *, databases_changed: bool) -> None:
        """Notes that relations of a database may have changed, or which databases there are."""
        if databases_changed:
            self._stand_ins.forget()
            await attempt(self._external.forget_dropped())
        await attempt(self._stand_ins.after_ddl(database))
        if self.external_schemas(database):
            await attempt(self._external.look_again(database))

    async def answer(self, question: str) -> str:
        """The answer to a question of `pg_veil.ask`, which is a JSON object.

        Raises:
            RefusalError: the answer is an error.
            asyncpg.PostgresError: the other database answers with an error.
        """
        asked = json.loads(question)
        kind = asked["kind"]
        if kind == "catalog":
            return await catalog.fetch(self._databases, asked["database"], asked["view"], asked["user"])
        if kind == "rows":
            return await rows.fetch(self._databases, rows.Reading.from_json(asked), self.answer)
        if kind == "lambda":
            return await self._lambdas.answer(asked)
        if kind == "files":
            return await self._external.rows(asked)
        return await self._external.change(asked)
