"""The tree of `sql` as text: the only place where SQL is written.

The same tree always gives the same text. Whatever is composed of operators stands in brackets of its own, but where
the text around it ends it anyway; nothing depends on which operator binds how strongly.
"""

from collections.abc import Callable, Iterable
from typing import Any

from veil.compiler.quoting import identifier, literal, qualified
from veil.compiler.sql import (
    Aliased,
    Between,
    Call,
    Case,
    Cast,
    ColumnRef,
    CommonTableRef,
    CreateView,
    Exists,
    Extract,
    Form,
    From,
    In,
    Infix,
    InQuery,
    IsNull,
    Join,
    NumberLiteral,
    Output,
    OwnRef,
    Prefix,
    Relation,
    ScalarQuery,
    Select,
    Sql,
    Table,
    TextLiteral,
    With,
    Word,
)
from veil.compiler.typenames import type_name

_INDENT = "  "
_ONE_LINE = " "
_FIRST_LINE = "\n"


def print_view(view: CreateView) -> str:
    """The statement that creates or replaces the view, each clause of a query on a line of its own.

    Raises CompileError where a name or a text is one that Redshift cannot hold.
    """
    head = f"CREATE OR REPLACE VIEW {qualified(*view.name.parts)} AS /* {view.remark} */"
    return f"{head}\n{_Printer().query(view.query, _FIRST_LINE)}\nWITH NO SCHEMA BINDING"


def print_expression(expression: Sql) -> str:
    """An expression on one line, in brackets where it needs them. Raises as `print_view` does."""
    return _Printer().operand(expression, _ONE_LINE)


class _Printer:
    """Writes one statement. `line` is what stands between the clauses of a query: a space, or a line break and how far
    lines are indented.
    """

    def __init__(self) -> None:
        self._conditions: dict[tuple[int, str], str] = {}

    def bare(self, node: Sql, line: str) -> str:
        """An expression where something else ends it: a bracket, a comma, a keyword."""
        return _EXPRESSIONS[type(node)](self, node, line)

    def operand(self, node: Sql, line: str) -> str:
        """An expression beside an operator."""
        kind = type(node)
        text = _EXPRESSIONS[kind](self, node, line)
        return f"({text})" if kind in _OPERATORS else text

    def listed(self, nodes: Iterable[Sql], line: str) -> str:
        return ", ".join([_EXPRESSIONS[type(node)](self, node, line) for node in nodes])

    def condition(self, node: Sql, line: str) -> str:
        """A condition, written once: the test of the row stands before every column."""
        text = self._conditions.get((id(node), line))
        if text is None:
            text = self._conditions[id(node), line] = self.bare(node, line)
        return text

    def infix(self, node: Infix, line: str) -> str:
        return f" {node.operator} ".join([self.operand(each, line) for each in node.operands])

    def prefix(self, node: Prefix, line: str) -> str:
        return f"{node.operator} {self.operand(node.operand, line)}"

    def is_null(self, node: IsNull, line: str) -> str:
        return f"{self.operand(node.operand, line)} IS {'NOT ' if node.negated else ''}NULL"

    def between(self, node: Between, line: str) -> str:
        low, high = self.operand(node.low, line), self.operand(node.high, line)
        return f"{self.operand(node.operand, line)} BETWEEN {low} AND {high}"

    def in_list(self, node: In, line: str) -> str:
        return f"{self.operand(node.operand, line)} IN ({self.listed(node.items, line)})"

    def in_query(self, node: InQuery, line: str) -> str:
        return f"{self.operand(node.operand, line)} IN ({self.nested(node.query, line)})"

    def case(self, node: Case, line: str) -> str:
        whens = [f"WHEN {self.condition(when, line)} THEN {self.bare(then, line)}" for when, then in node.branches]
        otherwise = self.bare(node.otherwise, line)
        end = "END" if otherwise == "NULL" else f"ELSE {otherwise} END"
        return f"CASE {' '.join(whens)} {end}"

    def cast(self, node: Cast, line: str) -> str:
        return f"CAST({self.bare(node.operand, line)} AS {type_name(node.type)})"

    def call(self, node: Call, line: str) -> str:
        return f"pg_catalog.{node.function}({self.listed(node.arguments, line)})"

    def form(self, node: Form, line: str) -> str:
        return f"{node.keyword}({self.listed(node.arguments, line)})"

    def extract(self, node: Extract, line: str) -> str:
        return f"EXTRACT({node.unit} FROM {self.bare(node.operand, line)})"

    def nested(self, query: Relation, line: str) -> str:
        """A query within another."""
        return self.query(query, line if line == _ONE_LINE else line + _INDENT)

    def query(self, query: Relation, line: str) -> str:
        if isinstance(query, With):
            tables = [f"{each.name} AS ({self.nested(each.query, line)})" for each in query.tables]
            return f"WITH {f',{line}'.join(tables)}{line}{self.select(query.query, line)}"
        assert isinstance(query, Select)
        return self.select(query, line)

    def select(self, select: Select, line: str) -> str:
        further = line if line == _ONE_LINE else line + _INDENT
        outputs = f",{further}".join([self.output(each, further) for each in select.outputs])
        clauses = [f"SELECT {'DISTINCT ' if select.distinct else ''}{outputs}", self.source(select.source, line)]
        if select.where is not None:
            clauses.append(f"WHERE {self.bare(select.where, line)}")
        if select.group_by:
            clauses.append(f"GROUP BY {self.listed(select.group_by, line)}")
        if select.limit is not None:
            clauses.append(f"LIMIT {select.limit}")
        return line.join(clauses)

    def output(self, output: Output, line: str) -> str:
        value = self.bare(output.value, line)
        if not output.name:
            return value
        return f"{value} AS {identifier(output.name) if output.quoted else output.name}"

    def source(self, source: From, line: str) -> str:
        return line.join(
            [f"FROM {self.aliased(source.first, line)}", *(self.join(each, line) for each in source.joins)]
        )

    def join(self, join: Join, line: str) -> str:
        on = "" if join.on is None else f" ON {self.bare(join.on, line)}"
        return f"{join.kind} JOIN {self.aliased(join.joined, line)}{on}"

    def aliased(self, aliased: Aliased, line: str) -> str:
        relation = aliased.relation
        if isinstance(relation, Table):
            return f"{qualified(*relation.parts)} AS {aliased.alias}"
        if isinstance(relation, CommonTableRef):
            return f"{relation.name} AS {aliased.alias}"
        return f"({self.nested(relation, line)}) AS {aliased.alias}"


def _text(printer: _Printer, node: TextLiteral, line: str) -> str:
    return f"{node.type} {literal(node.text)}" if node.type else literal(node.text)


def _number(printer: _Printer, node: NumberLiteral, line: str) -> str:
    return f"({node.digits})" if node.digits.startswith("-") else node.digits


_EXPRESSIONS: dict[type[Sql], Callable[[_Printer, Any, str], str]] = {
    Word: lambda printer, node, line: node.word,
    TextLiteral: _text,
    NumberLiteral: _number,
    ColumnRef: lambda printer, node, line: f"{node.alias}.{identifier(node.name)}",
    OwnRef: lambda printer, node, line: f"{node.alias}.{node.name}",
    Infix: _Printer.infix,
    Prefix: _Printer.prefix,
    IsNull: _Printer.is_null,
    Between: _Printer.between,
    In: _Printer.in_list,
    InQuery: _Printer.in_query,
    Exists: lambda printer, node, line: f"EXISTS ({printer.nested(node.query, line)})",
    ScalarQuery: lambda printer, node, line: f"({printer.nested(node.query, line)})",
    Case: _Printer.case,
    Cast: _Printer.cast,
    Call: _Printer.call,
    Form: _Printer.form,
    Extract: _Printer.extract,
}
_OPERATORS = frozenset((Infix, Prefix, IsNull, Between, In, InQuery))
