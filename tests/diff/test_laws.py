"""What is announced, and what rows show, on random worlds; no engine needed. `tests.diff.run` tries many more."""

from datetime import UTC, datetime

import pytest

from tests.diff.laws import unannounced
from tests.diff.worlds import change, clear_cells
from tests.fuzz.drawing import seeded

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("seed", [15, 19, 21, 24, 31, 38, 41, 42])
def test_each_value_that_turns_clear_was_announced_as_a_gain(seed: int) -> None:
    found = change(seeded(f"gain {seed}"), NOW)
    before, after = (clear_cells(world, found.case.seed, NOW) for world in (found.case.world, found.after))
    assert after - before, "nothing turns clear, so that nothing is tried"
    assert unannounced(found, NOW) == set()
