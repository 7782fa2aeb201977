"""What is announced, and what rows show, on random worlds; no engine needed. `tests.diff.run` tries
many more.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests.diff.laws import proved_by, unannounced
from tests.diff.witnesses import Announced, announced, is_certain, unwitnessed
from tests.diff.worlds import Change, change, clear_cells
from tests.fuzz.drawing import seeded
from veil.diff import Comparison, compare

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)


def drawn(is_wanted: Callable[[Change], object], least: int) -> Iterator[Change]:
    """The first changes of which something is to be tried, whatever seeds draw them."""
    tried = (change(seeded(f"gain {seed}"), NOW) for seed in range(150))
    for at, each in enumerate(each for each in tried if is_wanted(each)):
        yield each
        if at + 1 == least:
            return
    pytest.fail("too few changes are drawn of which something is tried")


def compared(each: Change) -> Comparison:
    return compare(each.case.world, each.after, now=NOW, renames=each.renames)


def turns_clear(each: Change) -> bool:
    before, after = (clear_cells(world, each.case.seed, NOW) for world in (each.case.world, each.after))
    return bool(after - before)


def certain(each: Change) -> list[Announced]:
    """What is said of every row that shows."""
    return [one for one in announced(compared(each)) if is_certain(one)]


def test_each_value_that_turns_clear_was_announced_as_a_gain() -> None:
    for each in drawn(turns_clear, 8):
        assert unannounced(each, NOW) == set()


def test_what_is_said_of_every_row_that_shows_is_shown_by_one() -> None:
    for each in drawn(certain, 8):
        unseen = unwitnessed(each, certain(each), NOW, 20)
        assert [(one.user, one.finding.data_source, one.column) for one in unseen] == []


def test_what_is_said_of_some_rows_is_shown_by_one() -> None:
    """Gains that a condition decides: which rows meet it, nobody tells, and the row that was found
    does.
    """
    for each in drawn(lambda one: any(finding.witnesses for finding in compared(one).findings), 8):
        for finding in compared(each).findings:
            assert proved_by(finding, each, NOW) == finding.witnesses.keys()
