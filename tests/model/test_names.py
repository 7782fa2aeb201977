"""Names and values that users write: what can be compared safely."""

import pytest

from veil.model.names import problem_with_identifier, problem_with_value


@pytest.mark.parametrize(
    "mark", ["\x85", "\xad", "\u200b", "\u2028", "\u202e", "\u2060", "\u2066", "\ufeff", "\U000e0041"]
)
def test_a_value_has_no_character_that_nobody_sees(mark: str) -> None:
    assert problem_with_value(f"h{mark}r") == f"it contains the invisible character U+{ord(mark):04X}"
    assert problem_with_identifier(f"h{mark}r") is None


@pytest.mark.parametrize(
    "text", ["क्\u200dष", "\u0645\u06cc\u200c\u062e", "\u05d0\u200f", "größe 表 🙂", "a'b\"c\\d; DROP TABLE x; --"]
)
def test_what_scripts_need_and_what_looks_like_sql_is_a_value_like_others(text: str) -> None:
    assert problem_with_value(text) is None
