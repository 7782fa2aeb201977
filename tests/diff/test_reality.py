"""What is announced, against what users see on the embedded engine before and after random
changes.
"""

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
from tests.fuzz.rows import lookups_of, rows_of
from tests.fuzz.stage import Place, Stage, salts_of
from veil.compiler import count_rows
from veil.governance.access.row_counts import entries_of
from veil.local import Engine
from veil.model import World
from veil.oracle import facts_of, see

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
    """Every user's rows are queried before and after, and are the interpreter's: so it is known
    which values turn clear. What `--rows` would count of them is what they are.
    """
    now = datetime.now(UTC)
    drawn = change(seeded(f"gain {seed}"), now)
    for world in (drawn.case.world, drawn.after):
        found = next(check(stage, replace(drawn.case, world=world), Tally()), None)
        assert found is None, described(found)
        assert miscounted(stage, world, drawn.case.seed) == {}
    assert unannounced(drawn, now) == set()


def miscounted(stage: Stage, world: World, seed: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Where the SELECT that counts the rows of a user, of the world on the stage, does not find as
    many as the view shows.
    """
    found = {}
    for key, source in world.data_sources.items():
        now = datetime.now(UTC)
        rows, lookups = rows_of(source, seed, now), lookups_of(seed, now)
        for user in sorted(world.profiles):
            facts = facts_of(world, user, now)
            sight = see(world, user, key, rows, now=now, salts=salts_of(world), lookups=lookups)
            if facts is not None and sight.admitted and not sight.closed:
                counted = stage.count(count_rows(world, source, list(entries_of(facts))))
                shown = len(sight.rows)
                if counted != shown:
                    found[key, user] = counted, shown
    return found
