"""An installed integration of its own for each test, on the shared embedded engine."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import pytest

from tests.engine import engine
from tests.warehouse.removal import clearing
from veil.local import Engine
from veil.warehouse import Layout, Session, Settings, connect, install_statements

__all__ = ["engine"]

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def settings(engine: Engine) -> Settings:
    """How the system account reaches the engine."""
    address = engine.address()
    assert address is not None
    return Settings(
        host=address.host,
        port=address.port,
        database=address.database,
        username=address.username,
        password=address.password,
        ssl=False,
    )


@pytest.fixture(scope="session")
def admin(settings: Settings) -> Iterator[Session]:
    """One session of the system account for all tests."""
    with connect(settings) as session:
        yield session


@pytest.fixture
def layout() -> Layout:
    """Names that no other test uses."""
    number = next(_NUMBERS)
    return Layout(f"p{number}", f"views {number}")


Login = Callable[[str], Session]


@pytest.fixture
def login(settings: Settings, admin: Session) -> Iterator[Login]:
    """Sessions of ordinary users, made on demand and removed after the test."""
    sessions: dict[str, Session] = {}

    def make(user: str) -> Session:
        if user not in sessions:
            admin.execute(f"CREATE USER \"{user}\" PASSWORD 'Abcdefg1'")
            sessions[user] = connect(replace(settings, username=user, password="Abcdefg1"))
        return sessions[user]

    yield make
    for user, session in sessions.items():
        session.close()
        admin.execute(f'DROP USER "{user}"')


@pytest.fixture
def installed(admin: Session, layout: Layout, login: Login) -> Iterator[Layout]:
    """A fresh integration, which goes before the users do: they may hold privileges on it."""
    run(admin, install_statements(layout))
    yield layout
    for statement in clearing(layout):
        admin.execute(statement)


def run(session: Session, statements: list[str]) -> None:
    """Run statements as one transaction."""
    with session.transaction():
        for statement in statements:
            session.execute(statement)
