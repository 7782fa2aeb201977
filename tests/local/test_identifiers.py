"""Identifiers and literals: case, length, escapes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.local.conftest import Client, ServerError
from veil.local.rewrite.lexer import quote_string


def test_quoted_names_fold_like_unquoted_ones(admin: Client, schema: str) -> None:
    admin(f'CREATE TABLE "{schema.upper()}"."Mixed" ("Id" INTEGER, "ÄÖ" INTEGER)')
    admin(f"INSERT INTO {schema}.mixed (ID) VALUES (1)")
    assert admin(f'SELECT "ID" AS "Alias" FROM "{schema}"."MIXED" WHERE "iD" = 1') == [(1,)]
    assert admin(f"SELECT column_name FROM svv_columns WHERE table_schema = '{schema}' ORDER BY 1") == [
        ("id",),
        ("ÄÖ",),
    ]


def test_the_session_s_setting_keeps_case(sign_in: Callable[..., Client], schema: str) -> None:
    client = sign_in()
    assert client.one("SHOW enable_case_sensitive_identifier") == "false"
    client("SET enable_case_sensitive_identifier TO true")
    assert client.one("SHOW enable_case_sensitive_identifier") == "true"
    client(f'CREATE TABLE {schema}."Mixed" ("Id" INTEGER, "id" INTEGER)')
    client(f'CREATE VIEW {schema}."V" AS SELECT "Id", "id" AS other FROM {schema}."Mixed" WITH NO SCHEMA BINDING')
    assert client(f'SELECT "Id" FROM {schema}."V"') == []
    client("RESET enable_case_sensitive_identifier")
    with pytest.raises(ServerError):
        client(f'SELECT 1 FROM {schema}."Mixed"')


def test_the_older_setting_keeps_case_as_well(sign_in: Callable[..., Client], schema: str) -> None:
    client = sign_in()
    client("SET downcase_delimited_identifier TO off")
    client(f'CREATE TABLE {schema}."Mixed" ("Id" INTEGER, "id" INTEGER)')
    client("SET downcase_delimited_identifier TO on")
    with pytest.raises(ServerError):
        client(f'SELECT 1 FROM {schema}."Mixed"')


def test_the_setting_is_followed_through_transactions(sign_in: Callable[..., Client], schema: str) -> None:
    client = sign_in()
    client("BEGIN")
    client("SET enable_case_sensitive_identifier TO on")
    client(f'CREATE TABLE {schema}."A" (x INTEGER)')
    client("ROLLBACK")
    client(f'CREATE TABLE {schema}."B" (x INTEGER)')
    assert client(f"SELECT table_name FROM svv_tables WHERE table_schema = '{schema}'") == [("b",)]
    client("BEGIN")
    client("SET enable_case_sensitive_identifier TO on")
    client("COMMIT")
    client(f'CREATE TABLE {schema}."C" (x INTEGER)')
    assert client(f"SELECT table_name FROM svv_tables WHERE table_schema = '{schema}' ORDER BY 1") == [("C",), ("b",)]


def test_a_failed_set_changes_nothing(sign_in: Callable[..., Client], schema: str) -> None:
    client = sign_in()
    client("BEGIN")
    with pytest.raises(ServerError):
        client("SELECT 1 / 0")
    with pytest.raises(ServerError):
        client("SET enable_case_sensitive_identifier TO true")
    client("ROLLBACK")
    client(f'CREATE TABLE {schema}."T" (x INTEGER)')
    assert client(f"SELECT table_name FROM svv_tables WHERE table_schema = '{schema}'") == [("t",)]


def test_a_name_of_63_bytes_is_taken_and_a_longer_one_is_refused_never_cut(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.{'a' * 63} (id INTEGER)")
    for name in ("a" * 64, f'"{"é" * 32}"', '"' + "a" * 100 + '"'):
        with pytest.raises(ServerError) as error:
            admin(f"CREATE TABLE {schema}.{name} (id INTEGER)")
        assert error.value.code == "42622"
    with pytest.raises(ServerError):
        admin(f"SELECT 1 AS {'b' * 64}")
    assert admin.one(f"SELECT COUNT(*) FROM svv_tables WHERE table_schema = '{schema}'") == 1


def test_a_backslash_escapes_in_a_plain_literal(admin: Client) -> None:
    assert admin.one(r"SELECT 'it\'s'") == "it's"
    assert admin.one(r"SELECT 'a\\b'") == "a\\b"
    assert admin.one(r"SELECT 'a\nb'") == "a\nb"
    assert admin.one("SELECT 'it''s'") == "it's"
    with pytest.raises(ServerError):
        admin(r"SELECT 'open\'")


@pytest.mark.parametrize("name", ["standard_conforming_strings", "backslash_quote", "escape_string_warning"])
def test_nobody_changes_what_a_literal_means(admin: Client, name: str) -> None:
    for statement in (
        f"SET {name} TO on",
        f'SET "{name}" TO on',
        f"RESET {name}",
        f"SET LOCAL {name} = on",
        f"SET SESSION {name} TO on",
    ):
        with pytest.raises(ServerError) as error:
            admin(statement)
        assert error.value.code == "42704"
    assert admin.one(r"SELECT 'a\\b'") == "a\\b"


def test_strings_comments_and_dollar_quotes_hide_what_is_in_them(admin: Client) -> None:
    assert admin.one("SELECT 'NVL(\"A\", SYSDATE)' /* NVL( \" */ -- DECODE('\n") == 'NVL("A", SYSDATE)'
    assert admin.one("SELECT /* outer /* inner */ still */ $x$ 'NVL' $$ $x$") == " 'NVL' $$ "
    assert admin.one("SELECT $$it's \\ NVL$$") == "it's \\ NVL"


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60))
def test_any_text_passes_as_a_literal_and_as_a_quoted_name(admin: Client, text: str) -> None:
    assert admin.one(f"SELECT NVL({quote_string(text)}, '')") == text
    assert admin.one("SELECT NVL(%s, '')", text) == text
    if text and len(text.encode()) < 60:
        name = text.replace('"', '""')
        assert admin(f'SELECT "{name}" FROM (SELECT NVL(NULL, 1) AS "{name}") AS x') == [(1,)]
