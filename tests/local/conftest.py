"""What the tests of the local engine share: one engine, and a way to run SQL on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import redshift_connector

from tests.engine import connect, engine
from veil.local import Engine

__all__ = ["engine"]

Rows = list[tuple[Any, ...]]


class Client:
    """One connection: `client("SELECT 1")` gives the rows; a server's error is a `ServerError` with
    its code.
    """

    def __init__(self, connection: redshift_connector.Connection) -> None:
        self.connection = connection

    def __call__(self, sql: str, *arguments: object) -> Rows:
        with self.connection.cursor() as cursor:
            try:
                cursor.execute(sql, arguments or None)
            except redshift_connector.ProgrammingError as error:
                raise ServerError(error.args[0]) from None
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def one(self, sql: str, *arguments: object) -> Any:
        """The only value of the only row."""
        ((value,),) = self(sql, *arguments)
        return value


class ServerError(Exception):
    """What the server answered: SQLSTATE, message, hint."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(fields)
        self.code, self.message, self.hint = fields["C"], fields["M"], fields.get("H", "")


@pytest.fixture(scope="session")
def sign_in(engine: Engine) -> Iterator[Callable[..., Client]]:
    """Opens connections: `sign_in()` as the administrator, `sign_in("alice", "Secret123")` as
    somebody else.
    """
    address = engine.address()
    assert address is not None
    opened: list[redshift_connector.Connection] = []

    def open_one(user: str | None = None, password: str | None = None, database: str | None = None) -> Client:
        opened.append(connect(address, user, password, database))
        return Client(opened[-1])

    yield open_one
    for connection in opened:
        connection.close()


@pytest.fixture(scope="session")
def admin(sign_in: Callable[..., Client]) -> Client:
    """The administrator's connection."""
    return sign_in()


@pytest.fixture
def schema(admin: Client, request: pytest.FixtureRequest) -> str:
    """A new schema of the test's own."""
    name = f"s{abs(hash(request.node.nodeid)) % 10**12}"
    admin(f"DROP SCHEMA IF EXISTS {name} CASCADE")
    admin(f"CREATE SCHEMA {name}")
    return name


@pytest.fixture
def user(engine: Engine, admin: Client, schema: str) -> Iterator[Client]:
    """A user with no privileges, named as the test's schema. The session ends with the test: left
    open, those of all tests would be more than the engine takes.
    """
    address = engine.address()
    assert address is not None
    admin(f"CREATE USER u_{schema} PASSWORD 'Secret123'")
    with closing(connect(address, f"u_{schema}", "Secret123")) as connection:
        yield Client(connection)
