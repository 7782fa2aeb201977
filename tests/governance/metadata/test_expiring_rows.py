"""The rows of users and projects, read as views read them, against the interpreter: at every moment
both know the same.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.fuzz.drawing import seeded
from tests.fuzz.worlds import case, ending
from veil.governance.metadata import equalizing
from veil.governance.metadata.people import rows_of
from veil.model import World
from veil.oracle import Facts, facts_in

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
MOMENTS = [NOW + timedelta(hours=hours) for hours in (-3, 0, 3)]
Strengths = dict[tuple[str, str, str], int]


def read(rows: Iterable[tuple[str, str, str, int, datetime | None]], now: datetime) -> Strengths:
    """What user_entry gives views of these rows: kind, name, value, strength and end each. A view
    takes the greatest strength.
    """
    found: Strengths = {}
    for kind, name, value, strength, end in rows:
        if kind in ("group", "attribute") and (end is None or end > now):
            found[kind, name, value] = max(strength, found.get((kind, name, value), 0))
    return found


def known(facts: Facts) -> Strengths:
    """What the interpreter knows of the same."""
    held = [("group", "", facts.groups), *(("attribute", name, each) for name, each in facts.attributes.items())]
    certain = {(kind, name, value): 2 for kind, name, each in held for value in each.certain}
    return certain | {(kind, name, value): 1 for kind, name, each in held for value in each.doubtful}


def questions(world: World) -> Iterator[tuple[str, str | None]]:
    for user in world.profiles:
        yield user, None
        yield from ((user, name) for name, each in world.projects.items() if each.equalized and user in each.members)


@pytest.mark.parametrize("seed", range(12))
def test_the_rows_say_at_every_moment_what_the_interpreter_says(seed: int):
    draw = seeded(f"rows {seed}")
    world = ending(draw, case(draw, NOW).world, NOW)
    asked = list(questions(world))
    assert asked
    for user, project in asked:
        if project is None:
            rows = [
                (each.kind, each.name, each.value, 2, each.expires_at) for each in (rows_of(world, user) or ((), ()))[1]
            ]
        else:
            entries = equalizing.entries_of(world, world.projects[project])
            rows = [(each.kind, each.name, each.value, each.strength, each.expires_at) for each in entries]
        for now in MOMENTS:
            facts = facts_in(world, user, now, project)
            assert facts is not None
            assert read(rows, now) == known(facts), (user, project, now)
