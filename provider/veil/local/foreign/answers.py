"""Answers what the server asks about other databases."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any

from veil.local.foreign import catalog, rows
from veil.local.foreign.databases import Databases
from veil.local.foreign.stand_ins import StandIns
from veil.local.rewrite.foreign import Relation


class Foreign:
    """All that the gateway knows beyond one database. One serves all connections."""

    def __init__(self, socket: Path, password: str) -> None:
        self._databases = Databases(socket, password)
        self._stand_ins = StandIns(self._databases)

    async def before_statement(self, database: str, relations: Iterable[Relation]) -> None:
        """Sees to it that what a statement names in other databases has its stand-ins."""
        await _attempt(self._stand_ins.ensure(database, relations))

    async def after_ddl(self, database: str) -> None:
        """Notes that relations of a database may have changed."""
        await _attempt(self._stand_ins.after_ddl(database))

    async def answer(self, question: str) -> str:
        """The answer to a question of `pg_veil.ask`, which is a JSON object.

        Raises:
            RefusalError: the answer is an error.
            asyncpg.PostgresError: the other database answers with an error.
        """
        asked = json.loads(question)
        if asked["kind"] == "catalog":
            return await catalog.fetch(self._databases, asked["database"], asked["view"], asked["user"])
        columns = tuple((name, kind) for name, kind in asked["columns"])
        reading = rows.Reading(
            asked["database"], asked["schema"], asked["table"], columns, asked["reader"], asked["user"]
        )
        return await rows.fetch(self._databases, reading)


async def _attempt(work: Coroutine[Any, Any, None]) -> None:
    """Does what a client's statement does not fail for. Without its stand-in a relation does not exist, or is as it was."""
    try:
        await work
    except Exception:
        print(traceback.format_exc(), file=sys.stderr, flush=True)
