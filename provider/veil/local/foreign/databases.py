"""The gateway's own connections to PostgreSQL, as the superuser that nobody else can sign in as."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from veil.local.cluster.setup import OWNER
from veil.local.foreign.letterbox import REACHED, Letterbox, split_question

if TYPE_CHECKING:
    import asyncpg

Answer = Callable[[str], Awaitable[str]]

# `pg_veil.internal` ends the way to further databases; without event triggers a temporary view stays what it is.
_SETTINGS = {"pg_veil.internal": "on", "event_triggers": "off", "lock_timeout": "20s"}

_NAMES = "SELECT datname FROM pg_catalog.pg_database WHERE datname <> 'postgres' AND NOT datistemplate"


class Databases:
    """Opens connections to any database, each for one piece of work: an open one would keep its database from being dropped."""

    def __init__(self, socket: Path, password: str) -> None:
        self._socket = socket
        self._password = password

    async def names(self) -> list[str]:
        """The databases that people use."""
        async with self.connection("template1") as connection:
            return [row[0] for row in await connection.fetch(_NAMES)]

    @asynccontextmanager
    async def connection(self, database: str, answer: Answer | None = None) -> AsyncIterator[asyncpg.Connection]:
        """A connection for the time of a `with`. `answer` answers the questions that come up in its statements.

        Raises:
            asyncpg.PostgresError: there is no such database.
        """
        import asyncpg  # only where it is needed: the engine starts faster without it

        found = await asyncpg.connect(
            host=str(self._socket.parent),
            user=OWNER,
            password=self._password,
            database=database,
            server_settings=_SETTINGS,
            statement_cache_size=0,
        )
        letterbox = Letterbox(self._socket.parent)
        if answer is not None:
            found.add_log_listener(_listener(letterbox, answer))
        try:
            yield found
        finally:
            await found.close()
            letterbox.empty()


def _listener(letterbox: Letterbox, answer: Answer) -> Callable[[Any, Any], Coroutine[Any, Any, None]]:
    async def listen(connection: Any, message: Any) -> None:
        asked = split_question(message.message) if message.sqlstate == REACHED else None
        if asked is not None:
            await letterbox.put_result(asked[0], answer(asked[1]))

    return listen
