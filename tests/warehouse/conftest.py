"""An installed integration of its own for each test, in a database of its own on the shared
embedded engine.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import pytest

from tests.engine import copy_database, drop_database, engine
from veil.local import Engine
from veil.warehouse import Layout, Session, Settings, connect, install_statements

__all__ = ["engine"]

_NUMBERS = count(1)
INSTALLED = Layout("installed", "installed views")


@pytest.fixture(scope="session")
def shared_settings(engine: Engine) -> Settings:
    """How the system account reaches the database of the tests that need none of their own."""
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
def shared_admin(shared_settings: Settings) -> Iterator[Session]:
    """One session of the system account in that database."""
    with connect(shared_settings) as session:
        yield session


@pytest.fixture(scope="session")
def template(shared_settings: Settings, shared_admin: Session) -> str:
    """A database that has an integration of the layout INSTALLED."""
    name = f"installed{os.getpid()}"
    shared_admin.execute(f"CREATE DATABASE {name}")
    with connect(replace(shared_settings, database=name)) as session:
        run(session, install_statements(INSTALLED))
    return name


@pytest.fixture
def settings(
    engine: Engine, shared_settings: Settings, users: list[str], request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """How the system account reaches the test's database: a copy of `template`, where the test is
    about what is installed.
    """
    if "installed" not in request.fixturenames:
        yield shared_settings
        return
    name = f"w{os.getpid()}_{next(_NUMBERS)}"
    copy_database(engine, request.getfixturevalue("template"), name)
    yield replace(shared_settings, database=name)
    drop_database(engine, name)


@pytest.fixture
def admin(settings: Settings, shared_settings: Settings, shared_admin: Session) -> Iterator[Session]:
    """A session of the system account in the test's database."""
    if settings is shared_settings:
        yield shared_admin
        return
    with connect(settings) as session:
        yield session


@pytest.fixture
def layout() -> Layout:
    """Names that no other test uses."""
    number = next(_NUMBERS)
    return Layout(f"p{number}", f"views {number}")


Login = Callable[[str], Session]


@pytest.fixture
def users(shared_admin: Session) -> Iterator[list[str]]:
    """The users that `login` made. They go last: before, they may hold privileges in the test's
    database.
    """
    made: list[str] = []
    yield made
    for user in made:
        shared_admin.execute(f'DROP USER "{user}"')


@pytest.fixture
def login(settings: Settings, shared_admin: Session, users: list[str]) -> Iterator[Login]:
    """Sessions of ordinary users, made on demand and removed after the test."""
    sessions: dict[str, Session] = {}

    def make(user: str) -> Session:
        if user not in sessions:
            shared_admin.execute(f"CREATE USER \"{user}\" PASSWORD 'Abcdefg1'")
            users.append(user)
            sessions[user] = connect(replace(settings, username=user, password="Abcdefg1"))
        return sessions[user]

    yield make
    for session in sessions.values():
        session.close()


@pytest.fixture
def installed(settings: Settings) -> Layout:
    """The layout of a fresh integration, in the test's own database."""
    return INSTALLED


def run(session: Session, statements: list[str]) -> None:
    """Run statements as one transaction."""
    with session.transaction():
        for statement in statements:
            session.execute(statement)
