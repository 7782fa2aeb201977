"""Diagnostics as they reach Terraform, which prints what it is given."""

import pytest

from veil.plugin.calls.translate import write_diagnostics
from veil.plugin.diagnostics import Diagnostic


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("orders\x1b[2J", r"orders\x1b[2J"),
        ("orders\r\x00\x08\x7f\x9b", r"orders\r\x00\x08\x7f\x9b"),
        ("\u202eorders\u2066\u200b\ufeff", r"\u202eorders\u2066\u200b\ufeff"),
        ("orders\u2028\u2029", r"orders\u2028\u2029"),
        ("a line\n\tand another, größer 日本 🙂\xa0%", "a line\n\tand another, größer 日本 🙂\xa0%"),
        ("half \ud800", "half ?"),
    ],
)
def test_what_a_terminal_would_act_upon_is_told_as_an_escape(text: str, told: str) -> None:
    (written,) = write_diagnostics([Diagnostic.error(text, text)], {})
    assert (written.summary, written.detail) == (told, told)
