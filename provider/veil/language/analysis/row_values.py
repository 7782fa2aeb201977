"""`(a, b)`: a row of values, which the language does not have. What to write instead depends on what is asked of it."""

from collections.abc import Sequence
from typing import NoReturn

from sqlglot import exp

from veil.language.analysis.analyzer import LOOSE, Analyzer, bare
from veil.language.tokens import Kind
from veil.language.words import LOOKUP_FORM

_PROBLEM = "A list stands only behind IN."
_LONGEST = 600
"""No advice is longer than that."""
_UNKNOWN = (
    "Where a value is NULL this is FALSE, whatever the list would be: a row policy hides the row, but a mask's where "
    "leaves it in the clear."
)

Row = Sequence[exp.Expr]


def row_of(analyzer: Analyzer, node: exp.Expr) -> Row | None:
    """The values of a bracketed list of several; None where `node` is none."""
    node = bare(node)
    if isinstance(node, exp.Anonymous) and analyzer.token(node).is_symbol("(") and len(node.expressions) > 1:
        return node.expressions
    return None


def fail_row(analyzer: Analyzer, node: exp.Expr, advice: str | None = None) -> NoReturn:
    """Refuse a row of values."""
    fits = advice is not None and len(advice) <= _LONGEST
    analyzer.fail(node, _PROBLEM, f"Write {advice}" if fits else "Test the values one by one, joined by AND and OR.")


def check_compared(analyzer: Analyzer, node: exp.Expr, operator: str) -> None:
    """Refuse a comparison, or IS [NOT] DISTINCT FROM, of rows."""
    left, right = row_of(analyzer, node.this), row_of(analyzer, node.expression)
    place = node.this if left is not None else node.expression
    if left is None and right is None:
        return
    if left is None or right is None or len(left) != len(right):
        fail_row(analyzer, place)
    pairs = [(_written(analyzer, one), _written(analyzer, other)) for one, other in zip(left, right, strict=True)]
    fail_row(analyzer, place, f"{_compared(operator, pairs)}.")


def _compared(operator: str, pairs: Sequence[tuple[str, str]]) -> str:
    """The comparison of two rows, value by value. The first pair that differs decides which row is the smaller."""
    if operator in ("=", "IS NOT DISTINCT FROM"):
        return " AND ".join(f"{one} {operator} {other}" for one, other in pairs)
    if operator in ("<>", "IS DISTINCT FROM"):
        return " OR ".join(f"{one} {operator} {other}" for one, other in pairs)
    (one, other), *rest = pairs
    if not rest:
        return f"{one} {operator} {other}"
    following = _compared(operator, rest)
    bracketed = f"({following})" if len(rest) > 1 else following
    return f"{one} {operator[0]} {other} OR ({one} = {other} AND {bracketed})"


def check_null(analyzer: Analyzer, node: exp.Expr, *, negated: bool) -> None:
    """Refuse IS [NOT] NULL of a row, which asks it of every value."""
    row = row_of(analyzer, node.this)
    if row is not None:
        form = "IS NOT NULL" if negated else "IS NULL"
        fail_row(analyzer, node.this, " AND ".join(f"{_written(analyzer, each)} {form}" for each in row) + ".")


def check_listed(analyzer: Analyzer, node: exp.Expr, *, negated: bool) -> None:
    """Refuse a row that is looked for in a list of rows."""
    row = row_of(analyzer, node.this)
    if row is None:
        return
    items = [row_of(analyzer, each) for each in node.expressions]
    if not items or any(item is None or len(item) != len(row) for item in items):
        fail_row(analyzer, node.this)
    tests = [
        _compared(
            "=", [(_written(analyzer, mine), _written(analyzer, its)) for mine, its in zip(row, item, strict=True)]
        )
        for item in items
        if item is not None
    ]
    either = " OR ".join(f"({test})" for test in tests)
    fail_row(analyzer, node.this, f"NOT ({either})." if negated else f"{either}.")


def check_looked_up(analyzer: Analyzer, node: exp.Expr, query: exp.Expr, *, negated: bool) -> None:
    """Refuse a row that is looked for among the rows of a sub-select."""
    row = row_of(analyzer, node.this)
    if row is None:
        return
    columns = _columns(analyzer, query)
    outer = [_reached(analyzer, each) for each in row]
    if columns is None or len(columns) != len(row) or None in outer:
        fail_row(analyzer, node.this, f"a lookup for one of the values. {LOOKUP_FORM}")
    reached = [each for each in outer if each is not None]
    form = _denied if negated else _found
    fail_row(analyzer, node.this, form(analyzer, row, columns, reached, query.this))


def _found(analyzer: Analyzer, row: Row, columns: Sequence[str], reached: Sequence[str], select: exp.Expr) -> str:
    """Where the sub-select compares a column with the user, that is what is looked for, and else the first value."""
    where = select.args.get("where")
    tests = [] if where is None else _conjuncts(where.this)
    users = [_of_user(analyzer, each) for each in tests]
    named = next((each for each in users if each is not None), None)
    rest = [
        _bracketed(analyzer, each) for each, user in zip(tests, users, strict=True) if user is None or user != named
    ]
    keys = [f"{column} = {outer}" for column, outer in zip(columns, reached, strict=True)]
    sought, column = ("@username", named) if named is not None else (_written(analyzer, row[0]), columns[0])
    condition = " AND ".join([*(keys if named is not None else keys[1:]), *rest])
    return f"{sought} IN (SELECT {column} FROM {_table(analyzer, select)} WHERE {condition}). {_UNKNOWN}"


def _denied(analyzer: Analyzer, row: Row, columns: Sequence[str], reached: Sequence[str], select: exp.Expr) -> str:
    """NOT IN must stay untrue where a value of either side is NULL and the others are equal."""
    where = select.args.get("where")
    tests = [] if where is None else [_bracketed(analyzer, each) for each in _conjuncts(where.this)]
    written = [_written(analyzer, each) for each in row]
    given = " AND ".join(f"{each} IS NOT NULL" for each in written)
    keys = [f"({each} = {outer} OR {each} IS NULL)" for each, outer in zip(columns[1:], reached[1:], strict=True)]
    condition = " AND ".join([*keys, *tests])
    lookup = f"SELECT {columns[0]} FROM {_table(analyzer, select)} WHERE {condition}"
    return f"{given} AND {written[0]} NOT IN ({lookup}). {_UNKNOWN}"


def _columns(analyzer: Analyzer, query: exp.Expr) -> list[str] | None:
    """What the sub-select selects, where that is bare columns."""
    select = query.this
    if not isinstance(select, exp.Select) or select.args.get("from_") is None:
        return None
    if not all(isinstance(each, exp.Column) for each in select.expressions):
        return None
    return [_written(analyzer, each) for each in select.expressions]


def _reached(analyzer: Analyzer, node: exp.Expr) -> str | None:
    """How a value of the protected row is written inside a lookup, where it is a column's."""
    node = bare(node)
    token = analyzer.token(node)
    if isinstance(node, exp.Column) and not node.args.get("table") and token.kind in (Kind.NAME, Kind.QUOTED):
        name = token.value.replace("\\", "\\\\").replace("'", "''")
        return f"@columnReference('{name}')"
    return _written(analyzer, node) if token.kind is Kind.TEMPLATE else None


def _of_user(analyzer: Analyzer, test: exp.Expr) -> str | None:
    """The column that a test compares with `@username`."""
    if not isinstance(test, exp.EQ):
        return None
    for one, other in ((test.this, test.expression), (test.expression, test.this)):
        token = analyzer.token(one)
        if token.kind is Kind.TEMPLATE and token.value.lower() == "username" and isinstance(bare(other), exp.Column):
            return _written(analyzer, other)
    return None


def _conjuncts(node: exp.Expr) -> list[exp.Expr]:
    node = bare(node)
    return [*_conjuncts(node.this), *_conjuncts(node.expression)] if isinstance(node, exp.And) else [node]


def _bracketed(analyzer: Analyzer, node: exp.Expr) -> str:
    """A condition beside AND."""
    return f"({analyzer.written(node)})" if isinstance(bare(node), exp.Or) else analyzer.written(node)


def _written(analyzer: Analyzer, node: exp.Expr) -> str:
    """A value beside an operator."""
    return f"({analyzer.written(node)})" if isinstance(bare(node), LOOSE) else analyzer.written(node)


def _table(analyzer: Analyzer, select: exp.Expr) -> str:
    return analyzer.written(select.args["from_"].this)
