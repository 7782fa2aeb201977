"""Planning twice as many policies costs about twice as much, counted in calls."""

import pytest

from tests.benchmarks.calls import call_clock
from tests.benchmarks.planned_growth import SHAPES, cost


@pytest.mark.parametrize("deployed", [False, True], ids=["new", "deployed"])
@pytest.mark.parametrize("shape", SHAPES)
def test_twice_as_many_policies_make_about_twice_as_many_calls(shape: str, deployed: bool):
    with call_clock() as clock:
        few, many = (cost(SHAPES[shape](count), deployed=deployed, clock=clock) for count in (40, 80))
    assert 1_000 < few < many < 2.7 * few
