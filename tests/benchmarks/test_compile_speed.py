"""Compiling a view costs less than parsing it, by the ratio of the two on the same machine."""

from tests.benchmarks.compile_speed import ratio


def test_compiling_a_view_costs_less_than_parsing_its_text_once():
    *_, share = ratio()
    assert share < 1
