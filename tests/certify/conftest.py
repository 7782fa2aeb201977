"""The shared embedded engine, and a database of its own for each test."""

import os
from collections.abc import Callable
from itertools import count

import pytest

from tests.engine import connect, engine
from veil.local import Engine
from veil.warehouse import Settings

__all__ = ["engine"]

_NUMBERS = count(1)


@pytest.fixture
def settings(engine: Engine) -> Settings:
    """How to connect to a fresh database, as the administrator."""
    return new_database(engine)


def new_database(engine: Engine) -> Settings:
    address = engine.address()
    assert address is not None
    name = f"certify{os.getpid()}_{next(_NUMBERS)}"
    with connect(address) as admin, admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    return Settings(address.host, name, address.username, address.password, port=address.port, ssl=False)


@pytest.fixture
def asked(settings: Settings) -> Callable[[str], list[tuple[object, ...]]]:
    """Queries of the administrator in that database."""
    from veil.warehouse import connect as connect_session

    def ask(sql: str) -> list[tuple[object, ...]]:
        with connect_session(settings) as session:
            return session.query(sql)

    return ask
