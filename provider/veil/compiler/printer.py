"""The tree of `sql` as text: the only place where SQL is written.

The same tree always gives the same text. Whatever is composed of operators stands in parentheses of
its own, but where the text around it ends it anyway; nothing depends on which operator binds how
strongly.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from veil.compiler.quoting import identifier, literal, qualified
from veil.compiler.sql import (
    COUNT_OVER,
    Aliased,
    Between,
    Call,
    Case,
    Cast,
    ColumnRef,
    CommonTableRef,
    CountOver,
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
    LiteralRows,
    NumberLiteral,
    Output,
    OwnRef,
    PerColumn,
    Prefix,
    Query,
    Relation,
    ScalarQuery,
    Select,
    Sql,
    Sum,
    Table,
    TextLiteral,
    ThisColumn,
    UserCall,
    With,
    Word,
)
from veil.compiler.typenames import type_name

_INDENT = "  "
_ONE_LINE = " "
_FIRST_LINE = "\n"
_QUALIFIER = "pg_catalog."

MOST_BYTES = 1_000_000
"""Of a statement. Redshift takes 16 MB (Amazon Redshift Developer Guide, "Using SQL"); a view of
even a part of that is none that a query should be made of.
"""


class StatementTooLongError(Exception):
    """A statement of more than `MOST_BYTES`."""


def print_view(view: CreateView) -> str:
    """The statement that creates or replaces the view, each clause of a query on a line of its own.

    Raises CompileError where a name or a text is one that Redshift cannot hold, and
    StatementTooLongError.
    """
    head = f"CREATE OR REPLACE VIEW {qualified(*view.name.parts)} AS /* {view.remark} */"
    printer = _Printer("" if view.is_bound else _QUALIFIER)
    text = f"{head}\n{printer.query(view.query, _FIRST_LINE)}"
    if not view.is_bound:
        text += "\nWITH NO SCHEMA BINDING"
    if len(text.encode()) > MOST_BYTES:
        raise StatementTooLongError
    return text


def print_query(query: Query) -> str:
    """A SELECT to be sent as it is. Raises as `print_view` does."""
    text = _Printer().query(query, _FIRST_LINE)
    _require_short(len(text.encode()))
    return text


def functions_called(view: CreateView) -> frozenset[str]:
    """The built-in functions that a view calls, COUNT over a window as COUNT_OVER. Raises as
    `print_view` does.
    """
    printer = _Printer()
    printer.query(view.query, _FIRST_LINE)
    return frozenset(printer.called)


def print_expression(expression: Sql) -> str:
    """An expression, in parentheses where it needs them. Each clause of a query is on a line of its
    own, and so is each part of an outermost AND or OR. Raises as `print_view` does.
    """
    printer = _Printer()
    if not (isinstance(expression, Infix) and expression.operator in ("AND", "OR")):
        text = printer.expression(expression, _FIRST_LINE)
        return f"({text})" if type(expression) in _OPERATORS else text
    line = _FIRST_LINE + _INDENT
    parts = [
        f"({text})" if type(operand) in _OPERATORS else text
        for operand in expression.operands
        for text in [printer.expression(operand, line)]
    ]
    text = f"({line}{f'{line}{expression.operator} '.join(parts)}{_FIRST_LINE})"
    _require_short(len(text))
    return text


class _Printer:
    """Writes one statement. `line` is what stands between the clauses of a query: a space, or a
    line break and how far lines are indented.

    What is still to be written lies on a stack, its beginning on top: an expression may be nested
    more deeply than functions can be.
    """

    def __init__(self, qualifier: str = _QUALIFIER) -> None:
        self._conditions: dict[tuple[int, str], str] = {}
        self._bodies: dict[tuple[int, str], str] = {}
        self._qualifier = qualifier
        self.called: set[str] = set()

    def expression(self, node: Sql, line: str) -> str:
        """An expression where something else ends it: a parenthesis, a comma, a keyword. One that
        is too long is not written to its end, which might be far away: it may hold a part many
        times.
        """
        kind = type(node)
        if kind is PerColumn:
            return self.per_column(cast(PerColumn, node), line)
        if (leaf := _LEAVES.get(kind)) is not None:
            return leaf(node)
        written: list[str] = []
        todo: list[Sql | str] = [node]
        looked_at, write, next_part = _LOOK, written.append, todo.pop
        while todo:
            part = next_part()
            if type(part) is str:
                write(part)
            elif (leaf := _LEAVES.get(type(part))) is not None:
                write(leaf(part))
            else:
                _WRITERS[type(part)](self, part, todo, line)
                if len(written) > looked_at:
                    looked_at += _LOOK
                    _require_short(sum(map(len, written)))
        text = "".join(written)
        _require_short(len(text))
        return text

    def condition(self, node: Sql, line: str) -> str:
        """A condition, written once: the test of the row stands before every column."""
        text = self._conditions.get((id(node), line))
        if text is None:
            text = self._conditions[id(node), line] = self.expression(node, line)
        return text

    def per_column(self, node: PerColumn, line: str) -> str:
        """The body is written once, and its column put in wherever it stands."""
        text = self._bodies.get((id(node.body), line))
        if text is None:
            text = self._bodies[id(node.body), line] = self.expression(node.body, line)
        return text.replace(_THIS_COLUMN, _column(node.column))

    def infix(self, node: Infix, todo: list[Sql | str], line: str) -> None:
        texts = _leaves(node.operands)
        if texts is not None:
            todo.append(f" {node.operator} ".join(texts))
            return
        between = ""
        for operand in reversed(node.operands):
            if between:
                todo.append(between)
            between = f" {node.operator} "
            _push_operand(operand, todo)

    def sum(self, node: Sum, todo: list[Sql | str], line: str) -> None:
        for sign, term in reversed(node.terms[1:]):
            _push_operand(term, todo)
            todo.append(f" {sign} ")
        sign, first = node.terms[0]
        _push_operand(first, todo)
        if sign == "-":
            todo.append("- ")

    def prefix(self, node: Prefix, todo: list[Sql | str], line: str) -> None:
        _push_operand(node.operand, todo)
        todo.append(f"{node.operator} ")

    def is_null(self, node: IsNull, todo: list[Sql | str], line: str) -> None:
        todo.append(" IS NOT NULL" if node.negated else " IS NULL")
        _push_operand(node.operand, todo)

    def between(self, node: Between, todo: list[Sql | str], line: str) -> None:
        _push_operand(node.high, todo)
        todo.append(" AND ")
        _push_operand(node.low, todo)
        todo.append(" BETWEEN ")
        _push_operand(node.operand, todo)

    def in_list(self, node: In, todo: list[Sql | str], line: str) -> None:
        _push_list(node.items, todo)
        todo.append(" IN (")
        _push_operand(node.operand, todo)

    def in_query(self, node: InQuery, todo: list[Sql | str], line: str) -> None:
        todo.append(f" IN ({self.nested(node.query, line)})")
        _push_operand(node.operand, todo)

    def case(self, node: Case, todo: list[Sql | str], line: str) -> None:
        otherwise = node.otherwise
        if type(otherwise) is Word and otherwise.word == "NULL":
            todo.append(" END")
        else:
            todo += (" END", otherwise, " ELSE ")
        for when, then in reversed(node.branches):
            todo += (then, f" WHEN {self.condition(when, line)} THEN ")
        if node.operand is not None:
            _push_operand(node.operand, todo)
            todo.append(" ")
        todo.append("CASE")

    def cast(self, node: Cast, todo: list[Sql | str], line: str) -> None:
        todo += (f" AS {type_name(node.type)})", node.operand, "CAST(")

    def call(self, node: Call, todo: list[Sql | str], line: str) -> None:
        _push_list(node.arguments, todo)
        self.called.add(node.function)
        todo.append(f"{self._qualifier}{node.function}(")

    def user_call(self, node: UserCall, todo: list[Sql | str], line: str) -> None:
        _push_list(node.arguments, todo)
        todo.append(f"{qualified(node.schema, node.name)}(")

    def form(self, node: Form, todo: list[Sql | str], line: str) -> None:
        _push_list(node.arguments, todo)
        todo.append(f"{node.keyword}(")

    def count_over(self, node: CountOver, todo: list[Sql | str], line: str) -> None:
        _push_list(node.partition, todo)
        self.called |= {"count", COUNT_OVER}
        todo.append(f"{self._qualifier}count(*) OVER (PARTITION BY ")

    def extract(self, node: Extract, todo: list[Sql | str], line: str) -> None:
        todo += (")", node.operand, f"EXTRACT({node.unit} FROM ")

    def scalar(self, node: ScalarQuery, line: str) -> str:
        """One value of a common table goes on one line."""
        query = node.query
        is_short = isinstance(query, Select) and isinstance(query.source.first.relation, CommonTableRef)
        return f"({self.nested(query, _ONE_LINE if is_short else line)})"

    def nested(self, query: Relation, line: str) -> str:
        """A query within another."""
        return self.query(query, line if line == _ONE_LINE else line + _INDENT)

    def query(self, query: Relation, line: str) -> str:
        if isinstance(query, With):
            tables = [f"{each.name} AS ({self.nested(each.query, line)})" for each in query.tables]
            return f"WITH {f',{line}'.join(tables)}{line}{self.select(query.query, line)}"
        if isinstance(query, LiteralRows):
            rows = (", ".join([self.output(each, line) for each in row]) for row in query.rows)
            return f"{line}UNION ALL ".join(f"SELECT {each}" for each in rows)
        assert isinstance(query, Select)
        return self.select(query, line)

    def select(self, select: Select, line: str) -> str:
        further = line if line == _ONE_LINE else line + _INDENT
        outputs = f",{further}".join([self.output(each, further) for each in select.outputs])
        clauses = [f"SELECT {'DISTINCT ' if select.distinct else ''}{outputs}", self.source(select.source, line)]
        if select.where is not None:
            clauses.append(f"WHERE {self.expression(select.where, line)}")
        if select.group_by:
            clauses.append(f"GROUP BY {', '.join([self.expression(each, line) for each in select.group_by])}")
        if select.limit is not None:
            clauses.append(f"LIMIT {select.limit}")
        return line.join(clauses)

    def output(self, output: Output, line: str) -> str:
        value = self.expression(output.value, line)
        if not output.name:
            return value
        return f"{value} AS {identifier(output.name) if output.quoted else output.name}"

    def source(self, source: From, line: str) -> str:
        return line.join(
            [f"FROM {self.aliased(source.first, line)}", *(self.join(each, line) for each in source.joins)]
        )

    def join(self, join: Join, line: str) -> str:
        on = "" if join.on is None else f" ON {self.expression(join.on, line)}"
        return f"{join.kind} JOIN {self.aliased(join.joined, line)}{on}"

    def aliased(self, aliased: Aliased, line: str) -> str:
        relation = aliased.relation
        if isinstance(relation, Table):
            return f"{qualified(*relation.parts)} AS {aliased.alias}"
        if isinstance(relation, CommonTableRef):
            return f"{relation.name} AS {aliased.alias}"
        return f"({self.nested(relation, line)}) AS {aliased.alias}"


def _require_short(length: int) -> None:
    if length > MOST_BYTES:
        raise StatementTooLongError


def _push_operand(node: Sql, todo: list[Sql | str]) -> None:
    """An expression beside an operator."""
    todo += (")", node, "(") if type(node) in _OPERATORS else (node,)


def _push_list(nodes: Sequence[Sql], todo: list[Sql | str]) -> None:
    """Expressions with commas between them, and the parenthesis that closes their list."""
    texts = _leaves(nodes)
    if texts is not None:
        todo.append(f"{', '.join(texts)})")
        return
    todo.append(")")
    for node in nodes[:0:-1]:
        todo += (node, ", ")
    todo += nodes[:1]


def _leaves(nodes: Sequence[Sql]) -> list[str] | None:
    """The texts of nodes that hold no others; None where one does."""
    texts = []
    for node in nodes:
        leaf = _LEAVES.get(type(node))
        if leaf is None:
            return None
        texts.append(leaf(node))
    return texts


def _text(node: TextLiteral) -> str:
    return f"{node.type} {literal(node.text)}" if node.type else literal(node.text)


def _number(node: NumberLiteral) -> str:
    return f"({node.digits})" if node.digits.startswith("-") else node.digits


def _column(node: ColumnRef) -> str:
    return f"{node.alias}.{identifier(node.name)}"


_THIS_COLUMN = "\0"
"""Stands for the column in the text of a body. Names and literals refuse it (see `quoting`), so
that it is no part of any.
"""
_LOOK = 10_000
"""After so many parts it is looked how long they are together."""
_LEAVES: dict[type, Callable[[Any], str]] = {
    Word: lambda node: str(node.word),
    TextLiteral: _text,
    NumberLiteral: _number,
    ColumnRef: _column,
    ThisColumn: lambda node: _THIS_COLUMN,
    OwnRef: lambda node: f"{node.alias}.{node.name}",
}
_WRITERS: dict[type, Callable[[_Printer, Any, list[Sql | str], str], None]] = {
    PerColumn: lambda printer, node, todo, line: todo.append(printer.per_column(node, line)),
    Infix: _Printer.infix,
    Sum: _Printer.sum,
    Prefix: _Printer.prefix,
    IsNull: _Printer.is_null,
    Between: _Printer.between,
    In: _Printer.in_list,
    InQuery: _Printer.in_query,
    Exists: lambda printer, node, todo, line: todo.append(f"EXISTS ({printer.nested(node.query, line)})"),
    ScalarQuery: lambda printer, node, todo, line: todo.append(printer.scalar(node, line)),
    Case: _Printer.case,
    Cast: _Printer.cast,
    Call: _Printer.call,
    UserCall: _Printer.user_call,
    Form: _Printer.form,
    CountOver: _Printer.count_over,
    Extract: _Printer.extract,
}
_OPERATORS = frozenset((PerColumn, Infix, Sum, Prefix, IsNull, Between, In, InQuery))
