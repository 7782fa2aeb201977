"""What is announced, against what users see on the embedded engine before and after random changes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.diff.laws import unannounced
from tests.diff.worlds import change
from tests.engine import engine
from tests.fuzz.check import Tally, check
from tests.fuzz.drawing import seeded
from tests.fuzz.report import described
from tests.fuzz.stage import Place, Stage
from veil.local import Engine

__all__ = ["engine"]


@pytest.fixture(scope="module")
def stage(engine: Engine) -> Iterator[Stage]:
    address = engine.address()
    assert address is not None
    found = Stage(Place(address.host, address.port, address.database, address.username, address.password))
    yield found
    found.close()


@pytest.mark.parametrize("seed", [15, 21, 38, 41])
def test_each_value_that_turns_clear_on_the_engine_was_announced_as_a_gain(stage: Stage, seed: int) -> None:
    """Every user's rows are queried before and after, and are the interpreter's: so it is known which values turn clear."""
    now = datetime.now(UTC)
    drawn = change(seeded(f"gain {seed}"), now)
    for world in (drawn.case.world, drawn.after):
        found = next(check(stage, replace(drawn.case, world=world), Tally()), None)
        assert found is None, described(found)
    assert unannounced(drawn, now) == set()
