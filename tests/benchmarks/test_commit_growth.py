"""A change does not cost more because much is governed already, counted in calls."""

from tests.benchmarks.calls import call_clock
from tests.benchmarks.commit_growth import FEW, MANY, growth


def test_a_change_among_many_objects_makes_about_the_calls_that_it_makes_among_few():
    with call_clock() as clock:
        among_few, among_many = growth(clock)
    assert among_few > 5_000, "the work was done where the clock does not count"
    assert among_many < among_few * MANY / FEW / 4
