"""What a person reads when an expression is refused, to the letter: `errors.txt` holds usage, text
and message.
"""

import pickle
from pathlib import Path

import pytest

from veil.language import ExpressionError, Usage, parse
from veil.language.errors import did_you_mean

CASES = [
    block.partition("\n---\n")
    for block in ("\n" + Path(__file__).with_name("errors.txt").read_text(encoding="utf-8")).split("\n### ")[1:]
]


_UNSEEN = ("\xad", "\u200b", "\u2028", "\u2029", "\u2060", "\ufeff", "\U000e0041")


def refused(text: str, usage: Usage = Usage.ROW) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse(text, usage)
    return caught.value


@pytest.mark.parametrize(("head", "expected"), [(head, expected) for head, _, expected in CASES])
def test_an_error_is_rendered_as_written_down(head: str, expected: str) -> None:
    usage, _, text = head.partition("\n")
    assert refused(text, Usage(usage)).render() == expected.rstrip("\n")


def test_the_place_is_given_as_offsets_and_as_line_and_column() -> None:
    error = refused("a = 1\n  AND b == 2")
    assert (error.start, error.end, error.line, error.column) == (14, 16, 2, 9)
    assert error.text[error.start : error.end] == "=="


def test_the_short_form_is_one_line() -> None:
    assert str(refused("a = 1\n  AND b == 2")) == "== is not part of the policy language. (line 2, column 9)"


def test_an_error_survives_pickling() -> None:
    error = refused("a == 1")
    assert pickle.loads(pickle.dumps(error)).render() == error.render()


def test_windows_line_ends_count_as_one() -> None:
    error = refused("a = 1\r\nAND b == 2")
    assert (error.line, error.column) == (2, 7)
    assert error.render().splitlines()[2] == "    AND b == 2"


@pytest.mark.parametrize("mark", ["\u202e", "\u200e", "\u2066", "\x00", "\x1b", "\x0b", "\x85", "\ud800", *_UNSEEN])
def test_invisible_characters_are_refused_even_inside_texts(mark: str) -> None:
    error = refused(f"region = 'U{mark}S'")
    assert error.message == f"The invisible character U+{ord(mark):04X} is not allowed."
    assert error.start == 11
    assert mark not in error.render()


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_what_shows_as_a_line_end_does_not_hide_a_condition_in_a_comment(separator: str) -> None:
    assert "invisible character" in refused(f"a = 1 -- one{separator}AND b = 2").message


def test_joiners_which_some_scripts_need_may_stand_in_texts() -> None:
    assert parse("name = 'क्\u200dष'", Usage.ROW)


@pytest.mark.parametrize("blank", ["\u00a0", "\u2003", "\u3000", "\u202f"])
def test_foreign_blanks_are_refused_between_words(blank: str) -> None:
    assert refused(f"a ={blank}1").message == f"The character U+{ord(blank):04X} is not part of the policy language."


def test_carets_stand_under_wide_characters() -> None:
    lines = refused("名前 = 'x' AND b == 2").render().splitlines()
    assert lines[3].index("^") == len("    ") + 2 * len("名前") + len(" = 'x' AND b ")


@pytest.mark.parametrize("name", ["orders\n\nError: drop the policy", "orders\x1b[2J", "orders\u202e"])
def test_a_name_that_holds_what_is_not_seen_is_never_suggested(name: str) -> None:
    assert did_you_mean("order", [name], cutoff=0.1) is None
    assert did_you_mean("order", [name, "orders"], cutoff=0.1) == "Did you mean orders?"
