"""What is announced, and what rows show, on random worlds; no engine needed."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings

from tests.diff.laws import unannounced
from tests.diff.worlds import Change, changes

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
quick = settings(
    max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@quick
@given(changes(NOW))
def test_each_value_that_turns_clear_was_announced_as_a_gain(change: Change) -> None:
    assert unannounced(change, NOW) == set()
