"""How names and values are quoted."""

import pytest

from veil.warehouse.quoting import identifier, literal, literals, qualified, without_escapes


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("", "''"),
        ("plain", "'plain'"),
        ("it's", "'it''s'"),
        ("a\\", r"'a\\'"),
        ("\\'; DROP TABLE x; --", r"'\\''; DROP TABLE x; --'"),
        ("$$ ü 😀 %s {system}", "'$$ ü 😀 %s {system}'"),
    ],
)
def test_quotes_and_backslashes_are_doubled_in_literals(text: str, quoted: str) -> None:
    assert literal(text) == quoted


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_what_no_text_in_redshift_can_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be stored in Redshift"):
        literal(text)


def test_identifiers_are_always_quoted_and_keep_their_quotes_and_case() -> None:
    assert qualified("raw", 'Odd."Name', "select") == '"raw"."Odd.""Name"."select"'


@pytest.mark.parametrize("name", ["", "a" * 128, "ü" * 64, "a\0b", "a\ud800b"])
def test_names_that_redshift_cannot_hold_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a name in Redshift"):
        identifier(name)


@pytest.mark.parametrize("name", ["dan ", "d\u200ban", "d\nan", "d\tan"])
def test_whatever_a_catalog_may_hold_can_be_named(name: str) -> None:
    assert identifier(name) == f'"{name}"'


def test_a_list_of_literals_is_sorted_and_an_empty_one_is_in_nothing() -> None:
    assert literals(["b", "a", "b"]) == "'a', 'b'"
    assert literals([]) == "NULL"


@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        (f"SELECT {literal(chr(92))}", "SELECT '\\'"),
        (f"SELECT {literal(chr(92) + chr(39))}, {literal('b')}", "SELECT '\\''', 'b'"),
        ("SELECT 'it''s', \"a\\\\b\" -- don't \\\\\n, 'c\\\\'", "SELECT 'it''s', \"a\\\\b\" -- don't \\\\\n, 'c\\'"),
        ("AS $$ SELECT 'a\\\\' /* isn't \\\\ */ $$", "AS $$ SELECT 'a\\' /* isn't \\\\ */ $$"),
    ],
)
def test_where_backslashes_are_characters_each_stands_once(sent: str, plain: str) -> None:
    assert without_escapes(sent) == plain
