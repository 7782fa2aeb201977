"""What expressions mean: text to tree."""

from decimal import Decimal

import pytest

from veil.language import Usage, parse, syntax, tree
from veil.language.analysis.table import HANDLERS
from veil.language.lexer import tokenize
from veil.language.parser import parse_syntax
from veil.language.tokens import Source
from veil.language.tree import Expression

A, B, C = (tree.ColumnName(name) for name in "abc")
ONE, TWO = tree.Number(Decimal(1)), tree.Number(Decimal(2))
X = tree.Comparison("=", A, ONE)
Y = tree.Comparison("=", B, TWO)
Z = tree.Comparison("=", C, tree.Text("x"))
TRUE = tree.Boolean(True)


def compared(value: Expression, other: Expression = ONE) -> Expression:
    return tree.Comparison("=", value, other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1 AND b = 2 AND c = 'x'", tree.And((X, Y, Z))),
        ("a = 1 OR b = 2 AND c = 'x'", tree.Or((X, tree.And((Y, Z))))),
        ("(a = 1 OR b = 2) AND c = 'x'", tree.And((tree.Or((X, Y)), Z))),
        ("(a = 1 AND b = 2) AND c = 'x'", tree.And((tree.And((X, Y)), Z))),
        ("NOT a = 1 AND b = 2", tree.And((tree.Not(X), Y))),
        ("NOT (a = 1 AND b = 2)", tree.Not(tree.And((X, Y)))),
        ("not not a = 1", tree.Not(tree.Not(X))),
        ("((a)) = (1)", X),
        ("NOT b OR @columnTagged('x')", tree.Or((tree.Not(compared(B, TRUE)), compared(tree.ColumnTagged("x"), TRUE)))),
        ("@columnReference('t') AND a = 1", tree.And((compared(tree.ColumnReference("t"), TRUE), X))),
        ("a = 1 -- one\n AND /* two */ b = 2", tree.And((X, Y))),
        ("TRUE", tree.Boolean(True)),
        ("false", tree.Boolean(False)),
    ],
)
def test_logic(text: str, expected: Expression) -> None:
    assert parse(text, Usage.ROW) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a != 1", tree.Comparison("<>", A, ONE)),
        ("a <> 1", tree.Comparison("<>", A, ONE)),
        ("a >= 1", tree.Comparison(">=", A, ONE)),
        ("a IS NULL", tree.IsNull(A)),
        ("a IS NOT NULL", tree.IsNull(A, negated=True)),
        ("NOT a IS NULL", tree.IsNull(A, negated=True)),
        ("NOT (a IS NULL)", tree.Not(tree.IsNull(A))),
        ("a IS TRUE", tree.BooleanTest(A, truth=True)),
        ("a is not true", tree.BooleanTest(A, truth=True, negated=True)),
        ("a IS FALSE", tree.BooleanTest(A, truth=False)),
        ("a IS NOT FALSE", tree.BooleanTest(A, truth=False, negated=True)),
        ("NOT a IS TRUE", tree.BooleanTest(A, truth=True, negated=True)),
        ("NOT (a IS TRUE)", tree.Not(tree.BooleanTest(A, truth=True))),
        ("(a = 1) IS NOT TRUE", tree.BooleanTest(X, truth=True, negated=True)),
        ("a IS UNKNOWN", tree.IsNull(A)),
        ("(a = 1) IS NOT UNKNOWN", tree.IsNull(X, negated=True)),
        ("unknown IS UNKNOWN", tree.IsNull(tree.ColumnName("unknown"))),
        ("a IS DISTINCT FROM 1", tree.IsDistinct(A, ONE)),
        ("a IS NOT DISTINCT FROM b || c", tree.IsDistinct(A, tree.Concat(B, C), negated=True)),
        ("NOT a IS DISTINCT FROM b", tree.Not(tree.IsDistinct(A, B))),
        ("a IS DISTINCT FROM NULL", tree.IsNull(A, negated=True)),
        ("NULL IS NOT DISTINCT FROM a", tree.IsNull(A)),
        ("a IS DISTINCT FROM 1 AND a = 1", tree.And((tree.IsDistinct(A, ONE), X))),
        ("a IN (1, 2)", tree.In(A, (ONE, TWO))),
        ("a NOT IN (1)", tree.In(A, (ONE,), negated=True)),
        ("a BETWEEN 1 AND 2 AND b = 2", tree.And((tree.Between(A, ONE, TWO), Y))),
        ("a NOT BETWEEN 1 AND 2", tree.Between(A, ONE, TWO, negated=True)),
        ("NOT a LIKE 'x%'", tree.Like(A, tree.Text("x%"), negated=True)),
        ("NOT (a LIKE 'x%')", tree.Not(tree.Like(A, tree.Text("x%")))),
        ("a LIKE 'x%'", tree.Like(A, tree.Text("x%"))),
        ("a NOT ILIKE 'x%'", tree.Like(A, tree.Text("x%"), case_insensitive=True, negated=True)),
        ("a LIKE '50\\\\%'", tree.Like(A, tree.Text("50\\%"))),
        ("(a = 1) = TRUE", tree.Comparison("=", X, tree.Boolean(True))),
    ],
)
def test_tests(text: str, expected: Expression) -> None:
    assert parse(text, Usage.ROW) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c", tree.Arithmetic("+", A, tree.Arithmetic("*", B, C))),
        ("a - b - c", tree.Arithmetic("-", tree.Arithmetic("-", A, B), C)),
        ("a - (b - c)", tree.Arithmetic("-", A, tree.Arithmetic("-", B, C))),
        ("a % b / c", tree.Arithmetic("/", tree.Arithmetic("%", A, B), C)),
        ("a || b || c", tree.Concat(tree.Concat(A, B), C)),
        ("-a", tree.Negative(A)),
        ("-1", tree.Number(Decimal(-1))),
        ("-(1)", tree.Negative(ONE)),
        ("- -1", tree.Negative(tree.Number(Decimal(-1)))),
        ("a - -1", tree.Arithmetic("-", A, tree.Number(Decimal(-1)))),
        ("-a::int", tree.Negative(tree.Cast(A, "integer"))),
        ("0.50", tree.Number(Decimal("0.50"))),
        (".5", tree.Number(Decimal("0.5"))),
        ("CAST(a AS varchar(20))", tree.Cast(A, "character varying", (20,))),
        ("a::VARCHAR", tree.Cast(A, "character varying", (256,))),
        ("a::char", tree.Cast(A, "character", (1,))),
        ("a::numeric", tree.Cast(A, "numeric", (18, 0))),
        ("a::decimal(12)", tree.Cast(A, "numeric", (12, 0))),
        ("a::float8::int4", tree.Cast(tree.Cast(A, "double precision"), "integer")),
        ("a::timestamp without time zone", tree.Cast(A, "timestamp without time zone")),
        ("CASE WHEN a = 1 THEN b ELSE c END", tree.Case(((X, B),), C)),
        ("CASE a WHEN 1 THEN b WHEN 2 THEN c END", tree.Case(((X, B), (compared(A, TWO), C)))),
        ("CASE WHEN a = 1 THEN NULL END", tree.Case(((X, tree.NullValue()),))),
        ("DATE '2026-01-31'", tree.Moment("date", "2026-01-31")),
        ("timestamp '2026-01-31T10:00'", tree.Moment("timestamp", "2026-01-31 10:00:00")),
        ("TIMESTAMP '2026-01-31 10:00:00.5'", tree.Moment("timestamp", "2026-01-31 10:00:00.500000")),
    ],
)
def test_values(text: str, expected: Expression) -> None:
    assert parse(f"{text} IS NULL", Usage.ROW) == tree.IsNull(expected)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'it''s'", "it's"),
        ("'it\\'s'", "it's"),
        ("'a\\\\b'", "a\\b"),
        ("'say \\\"so\\\"'", 'say "so"'),
        ("''", ""),
        ("''''", "'"),
        ("'@isInGroups(''x'')'", "@isInGroups('x')"),
        ("'-- no /* comment */'", "-- no /* comment */"),
        ("'; DROP TABLE t'", "; DROP TABLE t"),
        ("'größe 😀'", "größe 😀"),
        ("'$$ $1'", "$$ $1"),
        ("'two\nlines'", "two\nlines"),
    ],
)
def test_texts_are_read_as_redshift_reads_them(text: str, value: str) -> None:
    assert parse(f"a = {text}", Usage.ROW) == tree.Comparison("=", A, tree.Text(value))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Region", "region"),
        ('"Region"', "region"),
        ('"ÄÖ"', "ÄÖ"),
        ('"odd ""name"""', 'odd "name"'),
        ('"@value"', "@value"),
        ("_x$1", "_x$1"),
        ("größe", "größe"),
        ("ÉCOLE", "École"),
        ("date", "date"),
        ("left", "left"),
        ('"user"', "user"),
        ("offset", "offset"),
        ("interval", "interval"),
    ],
)
def test_names_fold_as_redshift_folds_them(text: str, name: str) -> None:
    assert parse(f"{text} = 1", Usage.ROW) == tree.Comparison("=", tree.ColumnName(name), ONE)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT level FROM raw.tree", tree.Lookup(("raw", "tree"), tree.ColumnName("level"))),
        ("select distinct LEVEL from RAW.Tree", tree.Lookup(("raw", "tree"), tree.ColumnName("level"))),
        ('SELECT "Level" FROM db.raw."Tree"', tree.Lookup(("db", "raw", "tree"), tree.ColumnName("level"))),
        ("SELECT t.level FROM raw.tree AS t", tree.Lookup(("raw", "tree"), tree.ColumnName("level"))),
        ("SELECT tree.level FROM raw.tree", tree.Lookup(("raw", "tree"), tree.ColumnName("level"))),
        ("SELECT raw.tree.level FROM raw.tree", tree.Lookup(("raw", "tree"), tree.ColumnName("level"))),
        (
            "SELECT level FROM raw.tree t WHERE t.b = 2 AND @attributeValuesContains('user_level', 'root')",
            tree.Lookup(
                ("raw", "tree"),
                tree.ColumnName("level"),
                tree.And((Y, tree.AttributeValuesContains("user_level", tree.ColumnName("root")))),
            ),
        ),
    ],
)
def test_lookups(query: str, expected: tree.Lookup) -> None:
    assert parse(f"a IN ({query})", Usage.ROW) == tree.InLookup(A, expected)
    assert parse(f"a NOT IN ({query})", Usage.ROW) == tree.InLookup(A, expected, negated=True)


def test_every_syntax_has_a_meaning() -> None:
    def concrete(node: type[syntax.Node]) -> set[type[syntax.Node]]:
        below = node.__subclasses__()
        return {each for one in below for each in concrete(one)} if below else {node}

    parts = {syntax.When, syntax.Table, syntax.Query}
    assert concrete(syntax.Node) - parts == HANDLERS.keys()


@pytest.mark.parametrize(
    "text", ["  a = ( 1 )", "x IN (SELECT b FROM s.t)", "NOT (a OR b)", "CAST(a AS int) = 1", "- a"]
)
def test_syntax_knows_its_place(text: str) -> None:
    found = parse_syntax(Source(text, tuple(tokenize(text))))
    assert text[found.start : found.end] == text.strip()


def test_equal_texts_share_one_tree() -> None:
    assert parse("a = 1 AND b = 2", Usage.ROW) is parse("a = 1 AND b = 2", Usage.ROW)


def test_the_example_of_the_documentation() -> None:
    text = "@columnTagged('access_level') NOT IN (SELECT access_level FROM raw.access_tree WHERE @attributeValuesContains('user_level', 'root'))"
    condition = tree.AttributeValuesContains("user_level", tree.ColumnName("root"))
    found = tree.Lookup(("raw", "access_tree"), tree.ColumnName("access_level"), condition)
    assert parse(text, Usage.ROW) == tree.InLookup(tree.ColumnTagged("access_level"), found, negated=True)
