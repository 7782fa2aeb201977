from collections.abc import Iterator

import pytest

from tests.compiler.warehouse import Warehouse
from tests.engine import engine
from veil.local import Engine

__all__ = ["engine"]


@pytest.fixture(scope="session")
def warehouse(engine: Engine) -> Iterator[Warehouse]:
    """The embedded engine with hand-made system tables and some users."""
    address = engine.address()
    assert address is not None
    made = Warehouse(address)
    yield made
    made.close()
