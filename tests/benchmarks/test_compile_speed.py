"""Compiling a view costs less than parsing it, counted in calls."""

from tests.benchmarks.compile_speed import calls_of_both


def test_compiling_a_view_makes_fewer_calls_than_parsing_its_text_once():
    compiling, parsing = calls_of_both()
    assert compiling < parsing / 2
