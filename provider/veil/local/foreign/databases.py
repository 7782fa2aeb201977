"""The gateway's own connections to PostgreSQL, as the superuser that nobody else can sign in as."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from veil.local.cluster.setup import OWNER
from veil.local.foreign.letterbox import REACHED, Letterbox, split_question

if TYPE_CHECKING:
    import asyncpg

IDLE_SECONDS = 1.0

Answer = Callable[[str], Awaitable[str]]

# `pg_veil.internal` ends the way to further databases; without event triggers a temporary view
# stays what it is.
_SETTINGS = {"pg_veil.internal": "on", "event_triggers": "off"}

_NAMES = "SELECT datname FROM pg_catalog.pg_database WHERE datname <> 'postgres' AND NOT datistemplate"


class Databases:
    """Connections to all databases. One that is done with stays open for a second, since another
    piece of work often follows.
    """

    def __init__(self, socket: Path, password: str) -> None:
        self._socket = socket
        self._password = password
        self._idle: dict[str, list[asyncpg.Connection]] = defaultdict(list)
        self._generation = 0

    async def names(self) -> list[str]:
        """The databases that people use."""
        async with self.connection("template1") as connection:
            return [row[0] for row in await connection.fetch(_NAMES)]

    @asynccontextmanager
    async def connection(self, database: str, answer: Answer | None = None) -> AsyncIterator[asyncpg.Connection]:
        """A connection for the time of a `with`. `answer` answers the questions that come up in its
        statements.

        Raises:
            asyncpg.PostgresError: there is no such database.
        """
        generation = self._generation
        borrowed = self._idle[database].pop() if self._idle[database] else await self._connect(database)
        letterbox = Letterbox(self._socket.parent)
        listener = None if answer is None else _listener(letterbox, answer)
        if listener is not None:
            borrowed.add_log_listener(listener)
        try:
            yield borrowed
        except BaseException:
            generation = -1  # who knows what state it is in
            raise
        finally:
            letterbox.empty()
            if listener is not None:
                borrowed.remove_log_listener(listener)
            if generation == self._generation and not borrowed.is_closed():
                self._keep(database, borrowed)
            else:
                await borrowed.close()

    async def let_go(self) -> None:
        """Closes the idle connections, which would keep their databases from being dropped."""
        self._generation += 1
        idle = [one for ones in self._idle.values() for one in ones]
        self._idle.clear()
        for one in idle:
            await one.close()

    async def _connect(self, database: str) -> asyncpg.Connection:
        import asyncpg  # only where it is needed: the engine starts faster without it

        return await asyncpg.connect(
            host=str(self._socket.parent),
            user=OWNER,
            password=self._password,
            database=database,
            server_settings=_SETTINGS,
            statement_cache_size=0,
        )

    def _keep(self, database: str, connection: asyncpg.Connection) -> None:
        self._idle[database].append(connection)
        asyncio.get_running_loop().call_later(IDLE_SECONDS, self._expire, database, connection)

    def _expire(self, database: str, connection: asyncpg.Connection) -> None:
        """Ends a connection that is still idle. One that was used meanwhile has a later date."""
        if connection in self._idle[database]:
            self._idle[database].remove(connection)
            connection.terminate()


@asynccontextmanager
async def impatient(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """A transaction that gives up where somebody's open transaction holds what it needs: that may
    be the waiting client's own.
    """
    async with connection.transaction():
        await connection.execute("SET LOCAL lock_timeout = '5s'")
        yield


@asynccontextmanager
async def rolled_back(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """A transaction that leaves nothing behind, neither who it acted as nor what it made."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


def _listener(letterbox: Letterbox, answer: Answer) -> Callable[[Any, Any], Coroutine[Any, Any, None]]:
    async def listen(connection: Any, message: Any) -> None:
        asked = split_question(message.message) if message.sqlstate == REACHED else None
        if asked is not None:
            await letterbox.put_result(asked[0], answer(asked[1]))

    return listen
