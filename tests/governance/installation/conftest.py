"""Installations that are made as the provider makes them: what they are made of is what is tested."""

from collections.abc import Callable, Iterator

import pytest

from tests.governance.conftest import governances
from veil.governance.service import Governance
from veil.local import Engine


@pytest.fixture(scope="session")
def new_governance(engine: Engine) -> Iterator[Callable[..., Governance]]:
    """Makes integrations, none of them a copy."""
    with governances(engine, copied=False) as make:
        yield make
