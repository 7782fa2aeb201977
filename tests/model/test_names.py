"""Names and values that users write: what can be compared safely."""

import pytest

from veil.model.names import (
    problem_with_column,
    problem_with_identifier,
    problem_with_stored,
    problem_with_text,
    problem_with_value,
)

UNSEEN = (
    *("\xad", "\u200b", "\u2028", "\u202e", "\u2060", "\u2066", "\u206f", "\ufeff", "\U000e0041"),
    *("\u180e", "\u3164", "\u115f", "\u2800", "\ufff9", "\uffff", "\U0001d173"),
    *("\u200c", "\u200d", "\u200e", "\u200f", "\u061c", "\u034f", "\ufe0f", "\U000e0100"),
)
"""Among ASCII characters nobody sees any of them."""


@pytest.mark.parametrize("mark", UNSEEN)
@pytest.mark.parametrize("text", ["h{}r", "{}hr", "hr{}", "{}"])
def test_a_name_has_no_character_that_nobody_sees(text: str, mark: str) -> None:
    told = f"it contains the invisible character U+{ord(mark):04X}"
    assert problem_with_value(text.format(mark)) == problem_with_identifier(text.format(mark)) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("dan ", "it ends in a space, which Redshift ignores when it compares"),
        (" ", "it ends in a space, which Redshift ignores when it compares"),
        ("dan\xa0", "it ends in the white space U+00A0, which nobody sees"),
        ("dan\u3000", "it ends in the white space U+3000, which nobody sees"),
        ("d\tan", "it contains a control character"),
        ("dan\n", "it contains a control character"),
        ("d\0an", "it contains a control character"),
        ("d\x85an", "it contains a control character"),
        ("d\ud800an", "it contains half a character (a surrogate)"),
    ],
)
def test_what_two_texts_may_not_differ_in_is_told(text: str, told: str) -> None:
    assert problem_with_value(text) == problem_with_identifier(text) == told


def test_lengths_count_in_bytes() -> None:
    assert problem_with_identifier("ü" * 63) is None
    assert problem_with_identifier("ü" * 64) == "it is 128 bytes long, Redshift allows 127"
    assert problem_with_value("表" * 341) is None
    assert problem_with_value("表" * 342) == "it is 1026 bytes long, at most 1024 are kept"
    assert problem_with_identifier("") == problem_with_column("") == "it is empty"
    assert problem_with_value("") is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "क्\u200dष",
            "\u0645\u06cc\u200c\u062e",
            "\u05d0\u200f",
            "größe 表 🙂",
            "👩\u200d💻",
            "1\ufe0f\u20e3",
            "✔\ufe0f",
        ),
        *("a'b\"c\\d; DROP TABLE x; --", " leading", "a b", "a\xa0b"),
    ],
)
def test_what_scripts_need_and_what_looks_like_sql_is_a_value_like_others(text: str) -> None:
    assert problem_with_value(text) is None


def test_columns_of_tables_that_are_there_may_be_called_oddly() -> None:
    assert problem_with_column("id ") is problem_with_column("i\u200bd") is None
    assert problem_with_column("i\0d") == "it contains a control character"


def test_what_was_written_under_earlier_rules_can_still_be_kept_apart() -> None:
    assert problem_with_stored("h\u200br") is None
    assert problem_with_stored("hr ") == "it ends in a space, which Redshift ignores when it compares"
    assert problem_with_stored("h\x1fr") == "it contains a control character"


def test_a_free_text_may_have_lines_and_no_nul() -> None:
    assert problem_with_text("two\nlines\t \u200b") is None
    assert problem_with_text("a\0b") == "it contains a NUL character"
