"""Which functions a function in SQL calls, and what is too odd to be sure."""

import pytest

from veil.governance.metadata.called_by_sql import UnreadableBodyError, called_in


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (" SELECT $1 || '!' ", set()),
        ("SELECT pg_catalog.upper($1)", {("pg_catalog", "upper")}),
        ('SELECT "pg_catalog" . "Upper" ($1)', {("pg_catalog", "Upper")}),
        ("SELECT Upper($1)", {("upper",)}),
        ("SELECT upper /* ( */ ($1)", {("upper",)}),
        ("SELECT sec.outer_one(sec.inner_one($1), 2)", {("sec", "outer_one"), ("sec", "inner_one")}),
        ("SELECT other.sec.f($1)", {("other", "sec", "f")}),
        ("SELECT '(' || 'f(' || '''f(' || $a$ g($1) $a$ -- h($1)\n || $2", set()),
        ("SELECT CASE WHEN ($1) IN ('a') AND NOT (($2) > (3)) THEN ($1) ELSE (NULL) END", set()),
        ("SELECT CAST($1 AS VARCHAR(5))::character varying(3)::numeric(3,1)::bpchar(2)", set()),
        ("SELECT COALESCE(NULLIF($1, ''), GREATEST($2, LEAST($3, 'b')))", set()),
        ("SELECT EXTRACT(year FROM ($1))::int", set()),
        ("SELECT TRIM(BOTH 'x' FROM ($1))", set()),
        ("SELECT $1 LIKE ('a%') OR $1 NOT ILIKE ('b') OR ($1) SIMILAR TO ('c')", set()),
        ("SELECT like($1, 'a')", {("like",)}),
        ("SELECT NOT like($1, 'a')", {("like",)}),
        ("SELECT varying($1)", {("varying",)}),
        ('SELECT "coalesce"($1)', {("coalesce",)}),
        ("SELECT sec.coalesce($1)", {("sec", "coalesce")}),
        ("SELECT substring($1, 1, 2)", {("substring",)}),
        ("SELECT getdate()", {("getdate",)}),
        ('SELECT U&"\\0066"($1)', {("\\0066",)}),
        ("SELECT größe($1)", {("größe",)}),
        ("SELECT $1 -- as it is\r || sec.f($1)", {("sec", "f")}),
        ("SELECT case\u00a0($1)", {("case\u00a0",)}),
        ("SELECT $1 LI\u212aE ('a')", {("li\u212ae",)}),
    ],
)
def test_the_names_before_parentheses_are_calls_but_for_those_of_the_grammar(body: str, names: set[tuple[str, ...]]):
    assert called_in(body) == names


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("SELECT (SELECT $1)", "reads tables"),
        ("SELECT '\\' || f($1) || '", "has a backslash in a string of its body"),
        ("SELECT 'a", "has a string without an end"),
        ("SELECT $a$ f($1) $b$", "has a string without an end"),
        ("SELECT 1 /* /* */ f($1)", "has a comment without an end"),
    ],
)
def test_what_could_be_read_in_more_than_one_way_is_not_read(body: str, why: str):
    with pytest.raises(UnreadableBodyError, match=why):
        called_in(body)
