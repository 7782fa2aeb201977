"""Attempts to get SQL past the parser. Each is refused, or harmlessly read as the text that it
is.
"""

from pathlib import Path

import pytest

from veil.language import ExpressionError, Usage, parse, to_text, tree, walk

ATTACKS = [
    "1) ; DROP TABLE t; --",
    "a = 1); DROP TABLE t; --",
    "a = 1; SELECT 1",
    "a = 1 UNION SELECT password FROM pg_shadow",
    "a = 1) UNION (SELECT 1",
    "a IN (SELECT b FROM s.t UNION ALL SELECT c FROM s.u)",
    "a IN (SELECT b FROM s.t INTERSECT SELECT c FROM s.u)",
    "a IN (SELECT b FROM s.t) UNION SELECT 1",
    "a IN (SELECT b FROM s.t; DELETE FROM s.t)",
    "a IN (SELECT b INTO x FROM s.t)",
    "a IN (SELECT b FROM s.t FOR UPDATE)",
    "a IN (SELECT b FROM s.t WHERE TRUE ORDER BY 1)",
    "a IN (SELECT b FROM s.t TABLESAMPLE SYSTEM (1))",
    "a IN (SELECT b FROM s.f(1))",
    "a IN (SELECT b FROM s.t AS t (b))",
    "a IN (SELECT b FROM ONLY s.t)",
    "a IN (SELECT b FROM s.t CROSS JOIN s.u)",
    "a IN (SELECT b FROM s.t, LATERAL s.u)",
    "a IN (SELECT b FROM (VALUES (1)) AS v)",
    "a IN (SELECT DISTINCT ON (b) b FROM s.t)",
    "a IN (SELECT TOP 1 b FROM s.t)",
    "a IN (SELECT ALL b FROM s.t)",
    "a IN (VALUES (1))",
    "a IN (TABLE s.t)",
    "a IN s.t",
    "a = ANY (SELECT b FROM s.t)",
    "a = ALL (ARRAY[1])",
    "(SELECT 1) = 1",
    "EXISTS (SELECT 1)",
    "NOT EXISTS (SELECT 1 FROM s.t)",
    "WITH x AS (SELECT 1) SELECT 1",
    "SELECT 1",
    "SELECT a FROM s.t",
    "DELETE FROM s.t",
    "GRANT ALL ON s.t TO PUBLIC",
    "CASE WHEN a = 1 THEN (SELECT 1) END = 1",
    "COALESCE((SELECT 1), 2) = 1",
    "POSITION('a' IN (SELECT b FROM s.t)) > 0",
    "EXTRACT(year FROM (SELECT b FROM s.t)) > 0",
    "EXTRACT((SELECT 1) FROM a) > 0",
    "CAST((SELECT 1) AS int) = 1",
    "CAST(a AS (SELECT 1)) = 1",
    "a::int OPERATOR(pg_catalog.+) 1 = 2",
    "a OPERATOR(pg_catalog.=) 1",
    "a COLLATE \"C\" = 'x'",
    "COUNT(*) > 0",
    "COUNT(*) OVER () > 0",
    "LOWER(a) OVER (PARTITION BY b) = 'x'",
    "LOWER(DISTINCT a) = 'x'",
    "LOWER(a ORDER BY b) = 'x'",
    "LOWER(a) FILTER (WHERE TRUE) = 'x'",
    "LOWER(VARIADIC a) = 'x'",
    "LOWER(x => a) = 'x'",
    "LOWER(x := a) = 'x'",
    "ROW(a, b) = ROW(1, 2)",
    "(a, b) IN ((1, 2))",
    "(a).b = 1",
    "a[1] = 1",
    "a.b[0].c = 1",
    "ARRAY[1] = a",
    "a -> 'b' = 'c'",
    "a #>> '{b}' = 'c'",
    "a @> b",
    "a ? 'b'",
    ":name = 1",
    "$1 = 1",
    "? = 1",
    "%s = 1",
    "{{ a }} = 1",
    "${a} = 1",
    "`a` = 1",
    "[a] = 1",
    "a = E'x\\'; DROP TABLE t; --'",
    "a = U&'\\0041'",
    "a = B'1'",
    "a = X'1F'",
    "a = N'x'",
    "a = $$x$$",
    "a = $tag$x$tag$",
    "a = 'x' 'y'",
    "a = 'x'\n'y'",
    "a = 'x\\'",
    "a = 'x' -- '\n OR 'b'",
    "a = 1 /* x */ */",
    "a /* /* */ */ = 1",
    "a = 1 --\rOR 'b'",
    "a = 1 # comment",
    "a = 1 \\g",
    "a = 1 \\",
    "a = 1 \x00 OR TRUE",
    "v0 = 1 OR v1 (2)",
    "@v0 = 1",
    "@ value = 1",
    "@'value' = 1",
    "@\"isInGroups\"('x')",
    "@isInGroups('a') @isInGroups('b')",
    "@isInGroups('a'; 'b')",
    "@isInGroups((SELECT 'a'))",
    "@isInGroups(*)",
    "@@isInGroups('a')",
    "@isInGroups.x('a')",
    "x.@isInGroups('a')",
    "current_user = 'x'",
    "session_user = 'x'",
    "user = 'x'",
    "CURRENT_USER() = 'x'",
    "a AT TIME ZONE 'UTC' > GETDATE()",
    "INTERVAL '1' DAY > a",
    "a NOTNULL",
    "a ISNULL",
    "a OVERLAPS b",
    "a BETWEEN SYMMETRIC 1 AND 2",
    "a LIKE ANY ('x')",
    "a LIKE 'x' || b",
    "a SIMILAR TO 'x'",
    "a ~ 'x'",
    "a !~* 'x'",
    "a ^ 2 = 4",
    "|/ a = 2",
    "a ! = 2",
    "DEFAULT = 1 = 2",
    "TRUE; TRUE",
    "IF(a = 1, b, c) = 1",
    "DATE (a) = 1",
    "TIMESTAMP WITH TIME ZONE '2026-01-01' > a",
    "TABLE = 1 s.t",
    "* = 1",
    "a.* = 1",
    "a = *",
    "a, b",
    "a AS b",
    "a = 1 AS b",
    "a = 1 FROM s.t",
    "a = 1 WHERE TRUE",
    "a = 1 LIMIT 1",
    "a = 1 GROUP BY a",
    "'pg_shadow'::regclass = a",
    "a::regclass = 'x'",
    "a::\"regclass\" = 'x'",
    "a::oid = 1",
    "a::text[] = 'x'",
    "CAST(a AS regproc) = 'x'",
    "CAST(a AS pg_catalog.int4) = 1",
    "pg_catalog.lower(a) = 'x'",
    "\"lower\"(a) = 'x'",
    "a = '' || chr(39)",
    "a = {fn now()}",
    "DATE 'infinity' = a",
    "TIMESTAMP 'now' = a",
    "EXECUTE x",
    "PREPARE x AS SELECT 1",
    "DO $$ BEGIN END $$",
    "t.ctid = a",
    "a IS DISTINCT FROM",
    "a IS DISTINCT FROM b, c",
    "a IS DISTINCT FROM (SELECT b FROM s.t)",
    "a IS DISTINCT b",
    "a IS NOT NOT TRUE",
    "a IS TRUE OR",
    "a = 0x1F",
    "a = 1_000",
]


@pytest.mark.parametrize("usage", Usage)
@pytest.mark.parametrize("text", ATTACKS)
def test_it_is_refused(text: str, usage: Usage) -> None:
    with pytest.raises(ExpressionError):
        parse(text, usage)


MORE = Path(__file__).with_name("breakouts.txt").read_text(encoding="utf-8").splitlines()
"""One to a line: what other parsers take for SQL, for a comment, for a placeholder, for a name of
ours.
"""


@pytest.mark.parametrize("usage", Usage)
def test_nothing_of_a_long_list_is_taken(usage: Usage) -> None:
    taken = []
    for text in MORE:
        try:
            taken.append((text, parse(text, usage)))
        except ExpressionError as error:
            assert error.render().replace("\n", "").isprintable()
    assert taken == []


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("a = 'x' /*! OR TRUE */", "a = 'x'"),
        ("a = 'x' --+ OR TRUE", "a = 'x'"),
        ("@isInGroups/**/('x')", "@isInGroups('x')"),
        ("@isInGroups -- ('x')\n('y')", "@isInGroups('y')"),
        ("a = '\\\\' OR b = '--'", "a = '\\\\' OR b = '--'"),
        ("a = '\\\\\\' OR TRUE --'", "a = '\\\\'' OR TRUE --'"),
        ("a = '''' OR b = ''''", "a = '''' OR b = ''''"),
        ("\u0430 = 'x'", "\"\u0430\" = 'x'"),
        ("\uff41 = 'x'", "\"\uff41\" = 'x'"),
        ("t = d AND e = k1 AND n1 = c2", "t = d AND e = k1 AND n1 = c2"),
        ("ctid = '(0,1)' OR xmin = 1", "ctid = '(0,1)' OR xmin = 1"),
        ("nan = 1 OR infinity = 2", "nan = 1 OR infinity = 2"),
        ("@columnReference('a\"; DROP TABLE t; --') = 1", "@columnReference('a\"; DROP TABLE t; --') = 1"),
        ("@columnReference('t\".\"a') = 1", "@columnReference('t\".\"a') = 1"),
        ("@columnTagged('x'';--') = '*'", "@columnTagged('x'';--') = '*'"),
        ("@hasAttribute('%', '_') OR @isInGroups('*')", "@hasAttribute('%', '_') OR @isInGroups('*')"),
        ('a IN (SELECT "b""c" FROM s."t; DROP")', 'a IN (SELECT "b""c" FROM s."t; drop")'),
        ("a IN (SELECT b FROM s.t WHERE t.a = t.b)", "a IN (SELECT b FROM s.t WHERE a = b)"),
    ],
)
def test_what_looks_like_more_than_it_is_stays_what_it_is(text: str, canonical: str) -> None:
    assert to_text(parse(text, Usage.ROW)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE t; --'",
        "'x'') OR (''1'' = ''1'",
        "'\\\\'",
        "'\\\\'' OR 1 = 1 --'",
        "'x\\' OR 1 = 1 --'",
        "'/* '",
        "'$$'",
        "'@isInGroups(''x'')'",
        "'v0'",
        "'{{ x }}'",
        "'%s'",
    ],
)
def test_in_a_text_it_is_only_text(text: str) -> None:
    found = parse(f"a = {text}", Usage.ROW)
    assert isinstance(found, tree.Comparison)
    assert isinstance(found.right, tree.Text)
    assert parse(to_text(found), Usage.ROW) == found


@pytest.mark.parametrize("name", ["v0", "v1", "#1", "varchar", "a; drop table t", "--", "select", "@value", "a.b", "*"])
def test_in_a_quoted_name_it_is_only_a_name(name: str) -> None:
    assert parse(f'"{name}" IS NULL', Usage.ROW) == tree.IsNull(tree.ColumnName(name))


def test_names_like_the_parsers_own_placeholders_stay_apart() -> None:
    found = parse("v4 = v0 AND v2 = '0' AND v8 = 12", Usage.ROW)
    names = [each.name for each in walk(found) if isinstance(each, tree.ColumnName)]
    assert names == ["v4", "v0", "v2", "v8"]
