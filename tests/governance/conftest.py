"""Governance of fresh databases on the shared embedded engine."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from tests.engine import connect, engine
from veil.governance.service import Governance
from veil.local import Engine
from veil.model import Integration
from veil.warehouse import Settings
from veil.warehouse import connect as connect_session

__all__ = ["engine"]

_NUMBERS = count(1)
TABLES = ("people", "orders", "visits")
"""Raw tables: an id and a text that is to be masked."""


@contextmanager
def governances(engine: Engine) -> Iterator[Callable[..., Governance]]:
    """Makes installed integrations, each in a database of its own with the raw tables."""
    address = engine.address()
    assert address is not None
    made: list[Governance] = []

    def make(view_schema: str = "governed") -> Governance:
        name = f"g{os.getpid()}_{next(_NUMBERS)}"
        with connect(address) as admin, admin.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        with connect(address, database=name) as admin, admin.cursor() as cursor:
            cursor.execute('CREATE SCHEMA "raw"')
            for table in TABLES:
                cursor.execute(f'CREATE TABLE "raw".{table} (id INTEGER, secret VARCHAR(40))')
                cursor.execute(f"INSERT INTO \"raw\".{table} VALUES (1, '{table} secret')")
        settings = Settings(address.host, name, address.username, address.password, port=address.port, ssl=False)
        governance = Governance(name, lambda: connect_session(settings))
        governance.install(Integration("main", name, view_schema))
        made.append(governance)
        return governance

    yield make
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def new_governance(engine: Engine) -> Iterator[Callable[..., Governance]]:
    """Makes installed integrations on the shared engine."""
    with governances(engine) as make:
        yield make


@pytest.fixture
def governance(new_governance: Callable[..., Governance]) -> Governance:
    """An installed integration that governs nothing yet."""
    return new_governance()
