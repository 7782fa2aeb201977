"""What is computed of the largest values of every type: the engine never fails, and shows what the
interpreter says.
"""

from collections.abc import Iterator

import pytest

from tests.compiler.warehouse import Warehouse
from tests.engine import engine
from tests.fuzz.computing import disagreements
from veil.local import Engine

__all__ = ["engine"]


@pytest.fixture(scope="module")
def warehouse(engine: Engine) -> Iterator[Warehouse]:
    address = engine.address()
    assert address is not None
    made = Warehouse(address)
    made.users({"ann": []})
    yield made
    made.close()


@pytest.mark.parametrize("seed", range(6))
def test_nothing_that_is_computed_fails_or_differs(warehouse: Warehouse, seed: int) -> None:
    found = next(disagreements(warehouse, f"test {seed}"), None)
    assert found is None, str(found)
