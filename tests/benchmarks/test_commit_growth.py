"""A change does not cost more because much is governed already, by the ratio of two changes in one run."""

from tests.benchmarks.commit_growth import FEW, MANY, growth


def test_a_change_among_many_objects_costs_about_what_it_costs_among_few():
    among_few, among_many = growth()
    assert among_many / among_few < MANY / FEW / 4
