"""Values: arithmetic, joined texts, casts, CASE."""

from collections.abc import Iterable
from decimal import Decimal

from veil.language import syntax, tree
from veil.language.analysis.analyzer import Analyzer
from veil.language.analysis.constants import check_varies
from veil.language.inference import DAYS, results, static_type
from veil.language.syntax import Node
from veil.language.tree import Expression
from veil.language.value_types import ValueType, article, meet


def group(analyzer: Analyzer, node: syntax.Group) -> Expression:
    """Parentheses, which the tree does without."""
    return analyzer.expression(node.inner)


def infix(analyzer: Analyzer, node: syntax.Infix) -> Expression:
    """+, -, *, /, % and ||."""
    if node.operator == "||":
        return tree.Concat(text(analyzer, node.left), text(analyzer, node.right))
    left, right = _number(analyzer, node.left), _number(analyzer, node.right)
    return tree.Arithmetic(node.operator, left, right)


def minus(analyzer: Analyzer, node: syntax.Negative) -> Expression:
    """A minus sign; with a number behind it, a negative number."""
    if isinstance(node.operand, syntax.Number):
        return tree.Number(-Decimal(node.operand.value))
    return tree.Negative(_number(analyzer, node.operand))


def _number(analyzer: Analyzer, node: Node) -> Expression:
    operand = analyzer.operand(node)
    kind = static_type(operand)
    if not meet(kind, ValueType.NUMBER):
        advice = DAYS if kind.is_moment else "Strings are joined with ||."
        if isinstance(operand, tree.Text) and operand.value.isdecimal():
            advice = f"Write {operand.value} without quotes."
        analyzer.fail(node, f"{analyzer.spelled(node)} is {article(kind)}, not a number.", advice)
    return operand


def text(analyzer: Analyzer, node: Node) -> Expression:
    """An operand of ||."""
    operand = analyzer.expression(node)
    kind = static_type(operand)
    if kind is ValueType.BOOLEAN:
        analyzer.fail(node, "|| joins strings.", "Between conditions write OR.")
    if not meet(kind, ValueType.TEXT):
        spelled = analyzer.spelled(node)
        analyzer.fail(node, f"{spelled} is {article(kind)}, not a string.", f"Write CAST({spelled} AS VARCHAR(40)).")
    return operand


def cast(analyzer: Analyzer, node: syntax.Cast) -> Expression:
    """CAST(x AS type) and x::type."""
    return tree.Cast(analyzer.operand(node.operand), node.type, node.arguments)


def case(analyzer: Analyzer, node: syntax.Case) -> Expression:
    """CASE in both its forms; `CASE x WHEN v` becomes `CASE WHEN x = v`."""
    subject = None if node.subject is None else analyzer.operand(node.subject)
    branches = tuple(_branch(analyzer, subject, each) for each in node.branches)
    otherwise = None if node.otherwise is None else analyzer.expression(node.otherwise)
    expression = tree.Case(branches, otherwise)
    check_results(analyzer, node, "case", expression)
    return expression


def check_results(analyzer: Analyzer, node: Node, word: str, expression: tree.Case) -> None:
    """Refuse a CASE, written as `word`, whose results are of several kinds."""
    check_alike(analyzer, node, f"The results of this {word.upper()}", results(expression))


def check_alike(analyzer: Analyzer, node: Node, subject: str, values: Iterable[Expression]) -> None:
    """Refuse values, of which `subject` speaks in messages, that no one type goes with."""
    first, *others = [static_type(each) for each in values]
    for each in others:
        if not meet(first, each):
            problem = f"{subject} are of several kinds: {article(first)} and {article(each)}."
            analyzer.fail(node, problem, "Make them the same: CAST(x AS type).")
        first = each if first.is_open else first


def _branch(analyzer: Analyzer, subject: Expression | None, node: syntax.When) -> tuple[Expression, Expression]:
    if subject is None:
        return analyzer.condition(node.test), analyzer.expression(node.result)
    value = analyzer.operand(node.test)
    if isinstance(value, tree.NullValue):
        analyzer.fail(node, "WHEN NULL is never TRUE.", "Write CASE WHEN x IS NULL THEN … END.")
    check_varies(analyzer, node, subject, value)
    test = tree.Comparison("=", subject, value, span=analyzer.span(node.test))
    return test, analyzer.expression(node.result)
