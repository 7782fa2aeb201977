"""A local engine for tests: one per session, in a private folder, wiped at the end.

Use it from a suite's conftest.py with `from tests.engine import engine` (importing the fixture makes it known to pytest).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redshift_connector

from veil.local import Address, Engine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A fresh engine that runs."""
    directory = Path(tempfile.mkdtemp(prefix="veil-engine-"))
    found = Engine(directory / "local")
    found.up(progress=lambda line: None)
    try:
        yield found
    finally:
        found.reset()
        shutil.rmtree(directory)


def connect(
    address: Address, user: str | None = None, password: str | None = None, database: str | None = None
) -> redshift_connector.Connection:
    """A connection of the driver with autocommit; as the administrator, to the default database, unless told otherwise."""
    connection = redshift_connector.connect(
        host=address.host,
        port=address.port,
        user=user or address.username,
        password=password or address.password,
        database=database or address.database,
        ssl=False,
    )
    connection.autocommit = True
    return connection
