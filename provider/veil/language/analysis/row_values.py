"""`(a, b)`: a row of values, which the language does not have. What to write instead depends on
what is asked of it.
"""

from collections.abc import Sequence
from typing import NoReturn

from veil.language import syntax
from veil.language.analysis.analyzer import Analyzer
from veil.language.keywords import LOOKUP_FORM
from veil.language.syntax import Node

_PROBLEM = "A list stands only behind IN."
_LONGEST = 600
"""No advice is longer than that."""
_UNKNOWN = (
    "Where a value is NULL this is FALSE, whatever the list would be: a row policy hides the row, but a mask's where "
    "leaves it in the clear."
)

Row = Sequence[Node]


def row(analyzer: Analyzer, node: syntax.Row) -> NoReturn:
    """Refuse a row of values where none of the checks below says more."""
    fail_row(analyzer, node)


def _items(node: Node) -> Row | None:
    """The values of a row; None where `node` is none."""
    return node.items if isinstance(node, syntax.Row) else None


def fail_row(analyzer: Analyzer, node: Node, advice: str | None = None) -> NoReturn:
    """Refuse a row of values."""
    fits = advice is not None and len(advice) <= _LONGEST
    analyzer.fail(node, _PROBLEM, f"Write {advice}" if fits else "Test the values one by one, joined by AND and OR.")


def check_compared(analyzer: Analyzer, one: Node, other: Node, operator: str) -> None:
    """Refuse a comparison, or IS [NOT] DISTINCT FROM, of rows."""
    left, right = _items(one), _items(other)
    place = one if left is not None else other
    if left is None and right is None:
        return
    if left is None or right is None or len(left) != len(right):
        fail_row(analyzer, place)
    pairs = [(_written(analyzer, one), _written(analyzer, other)) for one, other in zip(left, right, strict=True)]
    fail_row(analyzer, place, f"{_compared(operator, pairs)}.")


def _compared(operator: str, pairs: Sequence[tuple[str, str]]) -> str:
    """The comparison of two rows, value by value. The first pair that differs decides which row is
    the smaller.
    """
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


def check_null(analyzer: Analyzer, node: syntax.Is) -> None:
    """Refuse IS [NOT] NULL of a row, which asks it of every value."""
    values = _items(node.left)
    if values is not None:
        form = "IS NOT NULL" if node.negated else "IS NULL"
        fail_row(analyzer, node.left, " AND ".join(f"{_written(analyzer, each)} {form}" for each in values) + ".")


def check_listed(analyzer: Analyzer, node: syntax.In) -> None:
    """Refuse a row that is looked for in a list of rows."""
    values = _items(node.left)
    if values is None:
        return
    tests = []
    for item in map(_items, node.items):
        if item is None or len(item) != len(values):
            fail_row(analyzer, node.left)
        pairs = [
            (_written(analyzer, left), _written(analyzer, right)) for left, right in zip(values, item, strict=True)
        ]
        tests.append(_compared("=", pairs))
    either = " OR ".join(f"({test})" for test in tests)
    fail_row(analyzer, node.left, f"NOT ({either})." if node.negated else f"{either}.")


def check_looked_up(analyzer: Analyzer, node: syntax.InQuery) -> None:
    """Refuse a row that is looked for among the rows of a sub-select."""
    values = _items(node.left)
    if values is None:
        return
    columns = _columns(analyzer, node.query)
    outer = [_reached(analyzer, each) for each in values]
    if columns is None or len(columns) != len(values) or None in outer:
        fail_row(analyzer, node.left, f"a lookup for one of the values. {LOOKUP_FORM}")
    reached = [each for each in outer if each is not None]
    form = _denied if node.negated else _found
    fail_row(analyzer, node.left, form(analyzer, values, columns, reached, node.query))


def _found(analyzer: Analyzer, values: Row, columns: Sequence[str], reached: Sequence[str], query: syntax.Query) -> str:
    """Where the sub-select compares a column with the user, that is what is looked for, and else
    the first value.
    """
    tests = _conjuncts(query.where)
    users = [_of_user(analyzer, each) for each in tests]
    named = next((each for each in users if each is not None), None)
    rest = [
        _bracketed(analyzer, each) for each, user in zip(tests, users, strict=True) if user is None or user != named
    ]
    keys = [f"{column} = {outer}" for column, outer in zip(columns, reached, strict=True)]
    sought, column = ("@username", named) if named is not None else (_written(analyzer, values[0]), columns[0])
    condition = " AND ".join([*(keys if named is not None else keys[1:]), *rest])
    return f"{sought} IN (SELECT {column} FROM {analyzer.written(query.table)} WHERE {condition}). {_UNKNOWN}"


def _denied(
    analyzer: Analyzer, values: Row, columns: Sequence[str], reached: Sequence[str], query: syntax.Query
) -> str:
    """NOT IN must stay untrue where a value of either side is NULL and the others are equal."""
    tests = [_bracketed(analyzer, each) for each in _conjuncts(query.where)]
    written = [_written(analyzer, each) for each in values]
    given = " AND ".join(f"{each} IS NOT NULL" for each in written)
    keys = [f"({each} = {outer} OR {each} IS NULL)" for each, outer in zip(columns[1:], reached[1:], strict=True)]
    condition = " AND ".join([*keys, *tests])
    lookup = f"SELECT {columns[0]} FROM {analyzer.written(query.table)} WHERE {condition}"
    return f"{given} AND {written[0]} NOT IN ({lookup}). {_UNKNOWN}"


def _columns(analyzer: Analyzer, query: syntax.Query) -> list[str] | None:
    """What the sub-select selects, where that is bare columns."""
    if not all(isinstance(each, syntax.Name) for each in query.columns):
        return None
    return [_written(analyzer, each) for each in query.columns]


def _reached(analyzer: Analyzer, node: Node) -> str | None:
    """How a value of the protected row is written inside a lookup, where it is a column's."""
    if isinstance(node, syntax.Name) and not node.qualifier:
        name = node.value.replace("\\", "\\\\").replace("'", "''")
        return f"@columnReference('{name}')"
    return _written(analyzer, node) if isinstance(node, syntax.Template) else None


def _of_user(analyzer: Analyzer, test: Node) -> str | None:
    """The column that a test compares with `@username`."""
    if not isinstance(test, syntax.Comparison) or test.operator != "=":
        return None
    for one, other in ((test.left, test.right), (test.right, test.left)):
        if isinstance(one, syntax.Template) and one.name.lower() == "username" and isinstance(other, syntax.Name):
            return _written(analyzer, other)
    return None


def _conjuncts(node: Node | None) -> Sequence[Node]:
    if node is None:
        return ()
    return node.operands if isinstance(node, syntax.Chain) and node.operator == "AND" else (node,)


def _bracketed(analyzer: Analyzer, node: Node) -> str:
    """A condition beside AND."""
    loose = isinstance(node, syntax.Chain) and node.operator == "OR"
    return f"({analyzer.written(node)})" if loose else analyzer.written(node)


def _written(analyzer: Analyzer, node: Node) -> str:
    """A value beside an operator."""
    return f"({analyzer.written(node)})" if isinstance(node, syntax.Condition) else analyzer.written(node)
