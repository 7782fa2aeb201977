"""What is printed reads back as the tree that was printed, whatever binds how strongly."""

from collections.abc import Callable

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from veil.compiler import CompileError
from veil.compiler.building import NULL, TRUE, call, case, cast, conjunction, disjunction, integer, negation
from veil.compiler.printer import print_expression, print_view
from veil.compiler.sql import (
    Aliased,
    Between,
    ColumnRef,
    CommonTable,
    CommonTableRef,
    CreateView,
    From,
    In,
    Infix,
    IsNull,
    Join,
    NumberLiteral,
    Output,
    OwnRef,
    PerColumn,
    Prefix,
    ScalarQuery,
    Select,
    Sql,
    Table,
    TextLiteral,
    ThisColumn,
    With,
)
from veil.model import ColumnType, Family

BIGINT = ColumnType(Family.BIGINT)
INFIXES: dict[str, type[exp.Expression]] = {
    "+": exp.Add,
    "-": exp.Sub,
    "*": exp.Mul,
    "/": exp.Div,
    "||": exp.DPipe,
    "=": exp.EQ,
    "<": exp.LT,
    "AND": exp.And,
    "OR": exp.Or,
    "LIKE": exp.Like,
}
LEAVES = st.sampled_from([ColumnRef("t", "a"), OwnRef("d", "c1"), integer(7), integer(-7), TextLiteral("it's"), NULL])


def _composed(inner: st.SearchStrategy[Sql]) -> st.SearchStrategy[Sql]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.builds(Infix, st.sampled_from(list(INFIXES)), pair),
        st.builds(Prefix, st.sampled_from(["NOT", "-"]), inner),
        st.builds(IsNull, inner, st.booleans()),
        st.builds(Between, inner, inner, inner),
        st.builds(In, inner, pair),
        st.builds(lambda value: cast(value, BIGINT), inner),
        st.builds(lambda when, then, otherwise: case([(when, then)], otherwise), inner, inner, inner),
    )


def read_back(node: exp.Expression) -> Sql:
    """The tree of another reader as ours."""
    match node:
        case exp.Paren():
            return read_back(node.this)
        case exp.Column():
            quoted = node.this.args["quoted"]
            return (ColumnRef if quoted else OwnRef)(node.table, node.name)
        case exp.Literal():
            return TextLiteral(node.this) if node.is_string else NumberLiteral(node.this)
        case exp.Null():
            return NULL
        case exp.Not(this=exp.Is(this=operand)):
            return IsNull(read_back(operand), negated=True)
        case exp.Not():
            return Prefix("NOT", read_back(node.this))
        case exp.Neg(this=exp.Literal() as number) if not number.is_string:
            return NumberLiteral(f"-{number.this}")
        case exp.Neg():
            return Prefix("-", read_back(node.this))
        case exp.Is():
            return IsNull(read_back(node.this))
        case exp.Between():
            return Between(read_back(node.this), read_back(node.args["low"]), read_back(node.args["high"]))
        case exp.In():
            return In(read_back(node.this), tuple(map(read_back, node.expressions)))
        case exp.Cast():
            return cast(read_back(node.this), BIGINT)
        case exp.Case():
            (branch,) = node.args["ifs"]
            otherwise = node.args.get("default")
            branches = [(read_back(branch.this), read_back(branch.args["true"]))]
            return case(branches, NULL if otherwise is None else read_back(otherwise))
        case _:
            operator = next(operator for operator, kind in INFIXES.items() if type(node) is kind)
            return Infix(operator, (read_back(node.this), read_back(node.expression)))


def as_read(node: Sql) -> Sql:
    """A minus before a number is read as part of it."""
    if isinstance(node, Prefix) and node.operator == "-" and node.operand == integer(7):
        return integer(-7)
    changed: dict[type, Callable[..., Sql]] = {
        Infix: lambda: Infix(node.operator, tuple(map(as_read, node.operands))),  # type: ignore[attr-defined]
        Prefix: lambda: Prefix(node.operator, as_read(node.operand)),  # type: ignore[attr-defined]
        IsNull: lambda: IsNull(as_read(node.operand), node.negated),  # type: ignore[attr-defined]
        Between: lambda: Between(*map(as_read, (node.operand, node.low, node.high))),  # type: ignore[attr-defined]
        In: lambda: In(as_read(node.operand), tuple(map(as_read, node.items))),  # type: ignore[attr-defined]
    }
    if type(node) in changed:
        return changed[type(node)]()
    if hasattr(node, "branches"):
        return case([tuple(map(as_read, each)) for each in node.branches], as_read(node.otherwise))  # type: ignore[attr-defined, misc]
    return cast(as_read(node.operand), BIGINT) if hasattr(node, "type") and hasattr(node, "operand") else node


@given(st.recursive(LEAVES, _composed, max_leaves=12))
def test_an_expression_reads_back_as_it_was(expression: Sql):
    text = print_expression(expression)
    assert read_back(sqlglot.parse_one(text, read="redshift")) == as_read(expression)


def test_what_is_printed_stands_beside_an_operator():
    assert print_expression(conjunction([IsNull(ColumnRef("t", "a")), TRUE, OwnRef("d", "p")])) == (
        """(\n  (t."a" IS NULL)\n  AND d.p\n)"""
    )
    assert print_expression(disjunction([OwnRef("d", "p"), OwnRef("d", "p")])) == "d.p"
    assert print_expression(negation(negation(OwnRef("d", "p")))) == "d.p"


def test_a_body_is_written_about_each_of_its_columns():
    this = ThisColumn("t", "")
    body = call("left", this, integer(1))
    columns = (ColumnRef("t", "a"), ColumnRef("t", 'b"'))
    same = Infix("=", (body, this))
    either = disjunction(PerColumn(same, each) for each in columns)
    assert print_expression(either) == (
        """(\n  (pg_catalog.left(t."a", 1) = t."a")\n  OR (pg_catalog.left(t.b, 1) = t.b)\n)""".replace(
            "t.b", 't."b"""'
        )
    )


def test_no_name_leaves_its_quotes():
    assert print_expression(ColumnRef("t", 'a" OR "b')) == """t."a"" OR ""b\""""
    with pytest.raises(CompileError):
        print_expression(TextLiteral("a\0b"))


def test_a_view_stands_on_lines_and_a_query_within_it_further_in():
    inner = Select((Output(call("max", OwnRef("e", "s")), "s"),), From(Aliased(Table(("s", "entries")), "e")))
    caller = With(
        (CommonTable("caller", inner),),
        Select(
            (Output(ColumnRef("t", "a"), "a", quoted=True), Output(ScalarQuery(inner), "m")),
            From(Aliased(Table(("raw", "t")), "t"), (Join("CROSS", Aliased(CommonTableRef("caller"), "d")),)),
            where=OwnRef("d", "s"),
            limit=1,
        ),
    )
    assert print_view(CreateView(Table(("governed", "v")), caller, "made by hand")) == (
        'CREATE OR REPLACE VIEW "governed"."v" AS /* made by hand */\n'
        "WITH caller AS (SELECT pg_catalog.max(e.s) AS s\n"
        '  FROM "s"."entries" AS e)\n'
        'SELECT t."a" AS "a",\n'
        "  (SELECT pg_catalog.max(e.s) AS s\n"
        '    FROM "s"."entries" AS e) AS m\n'
        'FROM "raw"."t" AS t\n'
        "CROSS JOIN caller AS d\n"
        "WHERE d.s\n"
        "LIMIT 1\n"
        "WITH NO SCHEMA BINDING"
    )
