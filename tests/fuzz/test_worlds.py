"""What the fuzzer draws is what configurations can say."""

from datetime import UTC, datetime

import pytest

from tests.fuzz.drawing import seeded
from tests.fuzz.worlds import case
from veil.model.codec import decode, encode

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(24))
def test_all_that_is_drawn_can_be_stored_and_is_read_back(seed: int) -> None:
    """What a field cannot hold is no policy, whatever the interpreter and the compiler make of
    it.
    """
    world = case(seeded(f"stored {seed}"), NOW, most_sources=2).world
    for held in (
        world.masking_policies,
        world.row_policies,
        world.subscription_policies,
        world.profiles,
        world.projects,
    ):
        for thing in held.values():  # type: ignore[attr-defined]
            assert decode(encode(thing)) == thing
