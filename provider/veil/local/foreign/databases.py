"""The gateway's own connections to PostgreSQL, as the superuser that nobody else can sign in as."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from veil.local.cluster.setup import OWNER

if TYPE_CHECKING:
    import asyncpg

# `pg_veil.internal` tells pg_veil.ask that nobody would answer; without event triggers a temporary view stays what it is.
_SETTINGS = {"pg_veil.internal": "on", "event_triggers": "off", "lock_timeout": "20s"}


class Databases:
    """Opens connections to any database, each for one piece of work: an open one would keep its database from being dropped."""

    def __init__(self, socket: Path, password: str) -> None:
        self._socket = socket
        self._password = password

    @asynccontextmanager
    async def connection(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection for the time of a `with`.

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
        try:
            yield found
        finally:
            await found.close()
