"""The rewriter by itself: it edits what it must and leaves every other character as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veil.local.rewrite import Rewriter, Settings
from veil.local.rewrite.lexer import Kind, lex, quote_string, string_value
from veil.local.rewrite.script import rewrite
from veil.local.rewrite.settings import Scope


def only(sql: str) -> str:
    (one,) = rewrite(sql, Scope())
    return one.sql


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "  select a.b , c::int -- tail\n from s.t as a ;  ",
        "INSERT INTO t VALUES ('NVL(', $$SYSDATE$$, \"x\", 1.5e3, .5, $1)",
        "CALL s.p('{\"a\": [1, 2]}', 3)",
        "BEGIN",
        "",
        "-- nothing\n/* at /* all */ */",
        "SELECT t.nvl, t.sysdate, s.decode(1, 2, 3) FROM t",
        "UPDATE t SET a = 'it''s' WHERE b IN (SELECT c FROM s.u)",
    ],
)
def test_what_needs_no_change_is_the_same_object(sql: str) -> None:
    (one,) = rewrite(sql, Scope())
    assert one.sql is sql
    assert not one.changed


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT /* a */ NVL ( x , 1 ) -- b\n, y", "SELECT /* a */ COALESCE ( x , 1 ) -- b\n, y"),
        ("SELECT y -- b\r, NVL ( x , 1 )", "SELECT y -- b\r, COALESCE ( x , 1 )"),
        (
            "SELECT NVL2(NVL(a, 1), DECODE(b, 1, 'x'), 2)",
            "SELECT CASE WHEN (COALESCE(a, 1)) IS NOT NULL THEN CASE WHEN (b) IS NOT DISTINCT FROM (1) THEN 'x' END ELSE 2 END",
        ),
        ('SELECT "A"."B", "c"', 'SELECT "a"."b", "c"'),
        (
            "SELECT pg_catalog.nvl(1, 2), pg_catalog.coalesce(1), pg_catalog.len('x')",
            "SELECT COALESCE(1, 2), coalesce(1), pg_catalog.len('x')",
        ),
        ("SELECT (SELECT TOP 2 a FROM t UNION SELECT 1)", "SELECT (SELECT  a FROM t LIMIT 2 UNION SELECT 1)"),
        ("DROP ROLE r FORCE", "DROP ROLE r"),
        ("GRANT SELECT ON t TO ROLE a, ROLE b, GROUP c", "GRANT SELECT ON t TO  a,  b, GROUP c"),
        ("SELECT sysdate", "SELECT pg_catalog.sysdate()"),
    ],
)
def test_an_edit_touches_nothing_else(sql: str, expected: str) -> None:
    assert only(sql) == expected


def test_the_parts_of_a_script_are_rewritten_each_by_itself() -> None:
    results = rewrite("SELECT NVL(1, 2); CREATE INDEX i ON t (a); SELECT 'a;b'", Scope())
    assert [one.sql.split("(")[0] for one in results if "pg_veil.refusal" not in one.sql] == [
        "SELECT COALESCE",
        "SELECT 'a;b'",
    ]
    assert results[1].sql.endswith("::pg_veil.refusal[]")


def test_a_setting_changes_the_rest_of_its_script() -> None:
    results = rewrite('SELECT "A"; SET enable_case_sensitive_identifier TO true; SELECT "A"', Scope())
    assert (results[0].sql, results[2].sql) == ('SELECT "a"', 'SELECT "A"')


def test_sessions_with_other_settings_do_not_share_what_is_remembered() -> None:
    rewriter, other = Rewriter(), Settings()
    other.assign("enable_case_sensitive_identifier", "true")
    assert rewriter.script('SELECT "A"', Settings())[0].sql == 'SELECT "a"'
    assert rewriter.script('SELECT "A"', other)[0].sql == 'SELECT "A"'


def test_a_text_is_rewritten_once_for_all_databases_that_it_does_not_name() -> None:
    rewriter, text = Rewriter(), "SELECT NVL(a, 1) FROM elsewhere.public.t"
    one, other = (rewriter.script(text, Settings(database)) for database in ("dev", "analytics"))
    assert one is other
    (relation,) = one[0].foreign
    assert relation.database == "elsewhere"


@pytest.mark.parametrize("named", ["Elsewhere", '"elsewhere"', '"ELSEWHERE"'])
def test_a_name_with_three_parts_is_of_another_database_where_it_does_not_begin_with_that_of_the_session(
    named: str,
) -> None:
    rewriter, text = Rewriter(), f"SELECT 1 FROM {named}.public.t"
    for _ in range(2):
        assert rewriter.script(text, Settings("dev"))[0].foreign
        assert not rewriter.script(text, Settings("elsewhere"))[0].foreign


def test_nothing_is_of_another_database_where_none_can_be_reached() -> None:
    rewriter = Rewriter(cross_database=False)
    assert not rewriter.script("SELECT 1 FROM elsewhere.public.t", Settings("dev"))[0].foreign


sql_text = st.lists(
    st.sampled_from(
        ["SELECT", "FROM", "NVL", "DECODE", "(", ")", ",", ".", "t", '"Q"', "'s'", "'it\\'s'", "$$b$$", "$1", "1", "::", "[", "]", ";", "--c\n", "/*c*/", " ", "\n",
         "CASE", "END", "AS", "WITH", "CREATE", "VIEW", "TABLE", "GRANT", "TO", "ROLE", "PROCEDURE", "LANGUAGE", "TOP", "DATEADD", "LISTAGG", "NO", "SCHEMA", "BINDING",
         "SET", "USER", "PASSWORD", "ALTER", "GROUP", "SHOW", "*", "IN", "JOIN", "ON", "AT"]
    ),
    max_size=30,
).map(" ".join)  # fmt: skip


@given(sql_text)
def test_no_text_however_broken_makes_the_rewriter_fail(text: str) -> None:
    assert rewrite(text, Scope())


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_at_all_is_rewritten_or_refused(text: str) -> None:
    assert rewrite(text, Scope())
    assert rewrite("SELECT " + text, Scope(case_sensitive=True, database="d", external=frozenset({"e"})))


@given(sql_text)
def test_tokens_do_not_overlap_and_leave_out_only_blanks_and_comments(text: str) -> None:
    at = 0
    for token in lex(text):
        between = text[at : token.start]
        assert between.replace("--c", "").replace("/*c*/", "").strip() == ""
        assert token.start < token.end
        at = token.end


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_a_literal_is_read_back_as_its_value(text: str) -> None:
    (token,) = lex(quote_string(text))
    assert token.kind is Kind.STRING
    assert string_value(token.word) == text


@pytest.mark.parametrize(
    ("sql", "apart"),
    [
        ("SELECT CASE a WHEN 4THEN 1ELSE 2END", "SELECT CASE a WHEN 4 THEN 1 ELSE 2 END"),
        ("SELECT 1 WHERE 3=$1OR true", "SELECT 1 WHERE 3=$1 OR true"),
        ("SELECT 0x1f, 1_000", "SELECT 0 x1f, 1 _000"),
        ("SELECT 1e3, 1.5e-3, t1.a2, '4WHEN' -- 4WHEN", "SELECT 1e3, 1.5e-3, t1.a2, '4WHEN' -- 4WHEN"),
    ],
)
def test_a_word_right_after_a_number_is_a_token_of_its_own(sql: str, apart: str) -> None:
    assert only(sql) == apart


def test_an_alias_in_where_stands_for_its_expression_over_catalogs() -> None:
    asked = (
        'SELECT n.nspname AS "schema", c.relname AS rel FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace '
    )
    found = only(asked + "WHERE schema = 'x' AND rel LIKE 'y' ORDER BY schema")
    assert "WHERE (n.nspname) = 'x' AND (c.relname) LIKE 'y' ORDER BY schema" in found


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id + 1 AS more FROM s.t WHERE more = 2",  # whether t has such a column is not known
        "SELECT oid AS relname FROM pg_class WHERE relname = 'x'",  # a column comes first
        "SELECT c.relname AS rel FROM pg_class c WHERE c.rel = 'x'",
        "SELECT c.relname AS rel FROM pg_class c, s.t WHERE rel = 'x'",
    ],
)
def test_an_alias_in_where_stays_where_a_column_may_be_meant(sql: str) -> None:
    where = sql[sql.index("WHERE") :]
    assert only(sql).endswith(where)


def test_a_catalog_s_schema_goes_from_the_names_of_its_columns() -> None:
    found = only(
        "SELECT pg_catalog.pg_namespace.nspname FROM pg_catalog.pg_namespace ORDER BY pg_catalog.pg_namespace.nspname"
    )
    assert (
        found == 'SELECT pg_namespace.nspname FROM pg_veil.pg_namespace AS "pg_namespace" ORDER BY pg_namespace.nspname'
    )


def test_an_integer_is_a_condition() -> None:
    assert only("SELECT 2 FROM t WHERE 1 AND a = 1") == "SELECT 2 FROM t WHERE (1 <> 0) AND a = 1"
    assert only("SELECT 2 FROM t WHERE 1 = a") == "SELECT 2 FROM t WHERE 1 = a"


@pytest.mark.parametrize("number", ["1.5", "1.", ".5", "1e3"])
def test_a_number_that_is_no_integer_is_no_condition(number: str) -> None:
    assert only(f"SELECT 2 FROM t WHERE {number} AND a = 1") == f"SELECT 2 FROM t WHERE {number} AND a = 1"


def test_the_columns_of_a_call_are_those_of_its_definition_list() -> None:
    call = "SELECT view_name AS table_name FROM pg_get_late_binding_view_cols() c(view_name name, col_num int) WHERE "
    assert only(call + "table_name = 'x'").endswith("WHERE (view_name) = 'x'")
    listed = call.replace("col_num int", "table_name name")
    assert only(listed + "table_name = 'x'").endswith("WHERE table_name = 'x'")
