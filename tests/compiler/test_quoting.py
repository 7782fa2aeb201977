"""No text of a person leaves its quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veil.compiler import CompileError, identifier, literal, qualified

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def unescaped(text: str) -> str:
    """What Redshift reads between the quotes of a literal: a backslash takes the next character as
    it is.
    """
    read, characters = "", iter(text)
    for character in characters:
        assert character != "'" or next(characters) == "'", "the literal ends early"
        read += next(characters) if character == "\\" else character
    return read


@given(TEXTS)
def test_a_literal_reads_back_to_the_letter(text: str):
    quoted = literal(text)
    assert quoted[0] == quoted[-1] == "'"
    assert unescaped(quoted[1:-1]) == text


@given(TEXTS.filter(lambda text: 0 < len(text.encode()) < 128))
def test_an_identifier_reads_back_to_the_letter(name: str):
    quoted = identifier(name)
    assert quoted[0] == quoted[-1] == '"'
    assert quoted[1:-1].replace('""', "") == name.replace('"', "")
    assert quoted[1:-1].replace('""', '"') == name


def test_names_that_redshift_cannot_hold_are_refused():
    for name in ("", "a\0b", "x" * 128, "é" * 64):
        with pytest.raises(CompileError):
            identifier(name)
    assert identifier("é" * 63) == f'"{"é" * 63}"'


def test_a_text_with_a_nul_is_refused():
    with pytest.raises(CompileError, match="NUL"):
        literal("a\0b")


def test_qualified_quotes_every_part():
    assert qualified("db", 'odd"name', "T") == '"db"."odd""name"."T"'
