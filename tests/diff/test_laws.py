"""What is announced, and what rows show, on random worlds; no engine needed. `tests.diff.run` tries
many more.
"""

from datetime import UTC, datetime

import pytest

from tests.diff.laws import unannounced
from tests.diff.witnesses import announced, is_certain, unwitnessed
from tests.diff.worlds import change, clear_cells
from tests.fuzz.drawing import seeded
from veil.diff import compare

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("seed", [2, 8, 15, 24, 25, 28, 44, 46])
def test_each_value_that_turns_clear_was_announced_as_a_gain(seed: int) -> None:
    found = change(seeded(f"gain {seed}"), NOW)
    before, after = (clear_cells(world, found.case.seed, NOW) for world in (found.case.world, found.after))
    assert after - before, "nothing turns clear, so that nothing is tried"
    assert unannounced(found, NOW) == set()


@pytest.mark.parametrize("seed", [15, 52, 59, 60, 63, 74, 78, 84, 85, 109])
def test_what_is_said_of_every_row_that_shows_is_shown_by_one(seed: int) -> None:
    found = change(seeded(f"gain {seed}"), NOW)
    comparison = compare(found.case.world, found.after, now=NOW, renames=found.renames)
    certain = [each for each in announced(comparison) if is_certain(each)]
    assert certain, "nothing certain is announced, so that nothing is tried"
    assert [(each.user, each.finding.data_source, each.column) for each in unwitnessed(found, certain, NOW, 20)] == []


@pytest.mark.parametrize("seed", [15, 24, 28, 37, 44, 46, 65])
def test_what_is_said_of_some_rows_is_shown_by_one(seed: int) -> None:
    """Gains that a condition decides: which rows meet it, nobody tells, and one is found that
    does.
    """
    found = change(seeded(f"gain {seed}"), NOW)
    comparison = compare(found.case.world, found.after, now=NOW, renames=found.renames)
    conditional = [each for each in announced(comparison) if not is_certain(each)][:6]
    assert conditional, "nothing conditional is announced, so that nothing is tried"
    unseen = unwitnessed(found, conditional, NOW, 20)
    assert [(each.user, each.finding.data_source, each.column) for each in unseen] == []
