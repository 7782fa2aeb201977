"""Conditions: logic, comparisons, ranges, patterns."""

from dataclasses import replace
from typing import NoReturn

from veil.language import syntax, tree
from veil.language.analysis.analyzer import Analyzer
from veil.language.analysis.constants import check_varies
from veil.language.analysis.lookups import lookup
from veil.language.analysis.row_values import check_compared, check_listed, check_looked_up, check_null
from veil.language.inference import DAYS, comparable, static_type
from veil.language.syntax import Node
from veil.language.tree import Expression
from veil.language.value_types import article


def chain(analyzer: Analyzer, node: syntax.Chain) -> Expression:
    """AND and OR."""
    operands = tuple(map(analyzer.condition, node.operands))
    return tree.And(operands) if node.operator == "AND" else tree.Or(operands)


def negation(analyzer: Analyzer, node: syntax.Not) -> Expression:
    """NOT, which a test without parentheses takes in: `NOT x IN (…)` is `x NOT IN (…)`."""
    operand = analyzer.condition(node.operand)
    if isinstance(node.operand, syntax.Condition) and isinstance(operand, tree.DENIABLE) and not operand.negated:
        return replace(operand, negated=True)
    return tree.Not(operand)


def comparison(analyzer: Analyzer, node: syntax.Comparison) -> Expression:
    """=, <>, <, <=, >, >=."""
    _check_brackets(analyzer, node)
    check_compared(analyzer, node.left, node.right, node.operator)
    left, right = analyzer.operand(node.left), analyzer.operand(node.right)
    other = node.left if isinstance(right, tree.NullValue) else node.right
    if isinstance(left, tree.NullValue) or isinstance(right, tree.NullValue):
        form = {"=": "IS NULL", "<>": "IS NOT NULL"}.get(node.operator)
        advice = f"Write {analyzer.spelled(other)} {form}." if form else None
        analyzer.fail(node, "A comparison with NULL is never TRUE.", advice)
    check_comparable(analyzer, node, left, right)
    check_varies(analyzer, node, left, right)
    return tree.Comparison(node.operator, left, right)


def _check_brackets(analyzer: Analyzer, node: syntax.Comparison) -> None:
    """Refuse `a = b IS NULL` and its like with both ways to read it: SQL's dialects read it in one
    or the other.
    """
    right = node.right
    if not isinstance(right, syntax.Test):
        return
    inner: Node = right
    while isinstance(inner, syntax.Test):
        inner = inner.left
    shortened = analyzer.source.shortened
    one = f"({shortened(node.start, inner.end)}) {shortened(inner.end, right.end)}"
    other = f"{shortened(node.start, right.start)} ({shortened(right.start, right.end)})"
    analyzer.fail(node, f"{analyzer.spelled(node)} can be read in two ways.", f"Write {one}, or {other}.")


def check_comparable(analyzer: Analyzer, node: Node, left: Expression, right: Expression) -> None:
    """Refuse a comparison whose sides are known to differ in kind."""
    if not comparable(left, right):
        types = (static_type(left), static_type(right))
        problem = f"This compares {article(types[0])} with {article(types[1])}."
        is_of_days = any(each.is_number for each in types) and any(each.is_moment for each in types)
        analyzer.fail(node, problem, DAYS if is_of_days else "Make both sides the same: CAST(x AS type).")


def is_test(analyzer: Analyzer, node: syntax.Is) -> Expression:
    """IS NULL, IS TRUE, IS FALSE, IS UNKNOWN."""
    right = node.right
    if isinstance(right, syntax.Constant) and right.value == "NULL":
        check_null(analyzer, node)
    operand = analyzer.operand(node.left)
    check_varies(analyzer, node, operand)
    if isinstance(right, syntax.Constant) and right.value == "NULL":
        return tree.IsNull(operand, node.negated)
    if isinstance(right, syntax.Name) and right.is_word and right.value == "unknown":
        analyzer.check_condition(node.left, operand)
        return tree.IsNull(operand, node.negated)
    if isinstance(right, syntax.Constant):
        analyzer.check_condition(node.left, operand)
        return tree.BooleanTest(operand, right.value == "TRUE", node.negated)
    return _refuse_is(analyzer, node)


def _refuse_is(analyzer: Analyzer, node: syntax.Is) -> NoReturn:
    """Where other systems have `x IS y`, NULL is equal to NULL in it."""
    left, right = analyzer.spelled(node.left), analyzer.spelled(node.right)
    form = f"{left} IS {'' if node.negated else 'NOT '}DISTINCT FROM {right}"
    equals = f"{left} {'<>' if node.negated else '='} {right}"
    advice = f"Write {equals}, or {form} where NULL counts as a value like others."
    analyzer.fail(node, "IS tests for NULL, TRUE, FALSE and UNKNOWN only.", advice)


def distinct(analyzer: Analyzer, node: syntax.Distinct) -> Expression:
    """IS [NOT] DISTINCT FROM. With NULL beside it, it asks whether the other side is NULL."""
    operator = "IS NOT DISTINCT FROM" if node.negated else "IS DISTINCT FROM"
    check_compared(analyzer, node.left, node.right, operator)
    left, right = analyzer.operand(node.left), analyzer.operand(node.right)
    check_comparable(analyzer, node, left, right)
    check_varies(analyzer, node, left, right)
    if isinstance(right, tree.NullValue):
        return tree.IsNull(left, negated=not node.negated)
    if isinstance(left, tree.NullValue):
        return tree.IsNull(right, negated=not node.negated)
    return tree.IsDistinct(left, right, node.negated)


def looked_up(analyzer: Analyzer, node: syntax.InQuery) -> Expression:
    """IN with a lookup."""
    check_looked_up(analyzer, node)
    return tree.InLookup(analyzer.operand(node.left), lookup(analyzer, node.query), node.negated)


def membership(analyzer: Analyzer, node: syntax.In) -> Expression:
    """IN with a list."""
    check_listed(analyzer, node)
    operand = analyzer.operand(node.left)
    items = tuple(_item(analyzer, node, operand, each) for each in node.items)
    check_varies(analyzer, node, operand, *items)
    return tree.In(operand, items, node.negated)


def _item(analyzer: Analyzer, node: syntax.In, operand: Expression, item: Node) -> Expression:
    expression = analyzer.expression(item)
    if isinstance(expression, tree.NullValue):
        spelled = analyzer.spelled(node.left)
        advice = f"Take it out. To find NULL too: {spelled} IN (…) OR {spelled} IS NULL."
        if node.negated:
            advice = f"Take it out. Without it {spelled} NOT IN (…) is unknown where {spelled} is NULL."
        analyzer.fail(item, "NULL in a list is never equal to anything, and makes NOT IN never TRUE.", advice)
    check_comparable(analyzer, item, operand, expression)
    return expression


def between(analyzer: Analyzer, node: syntax.Between) -> Expression:
    """BETWEEN low AND high."""
    operand, low, high = map(analyzer.operand, (node.left, node.low, node.high))
    for bound in (low, high):
        if isinstance(bound, tree.NullValue):
            form = f"{'<' if bound is high else '>'}" if node.negated else f"{'>=' if bound is high else '<='}"
            kept = analyzer.spelled(node.low if bound is high else node.high)
            advice = f"To leave that bound open write {analyzer.spelled(node.left)} {form} {kept}."
            analyzer.fail(node, "A comparison with NULL is never TRUE.", advice)
        check_comparable(analyzer, node, operand, bound)
    check_varies(analyzer, node, operand, low, high)
    return tree.Between(operand, low, high, node.negated)


def like(analyzer: Analyzer, node: syntax.Like) -> Expression:
    """LIKE and ILIKE with a literal pattern."""
    operand = analyzer.operand(node.left)
    if not isinstance(node.pattern, syntax.String):
        sought = "= 0" if node.negated else "> 0"
        advice = f"Write LIKE 'a%'. To find a text of a column: STRPOS(x, y) {sought}."
        analyzer.fail(node.pattern, "A pattern is a string literal.", advice)
    pattern = node.pattern.value
    if (len(pattern) - len(pattern.rstrip("\\"))) % 2:
        problem = "The pattern ends in a single backslash, which escapes nothing."
        analyzer.fail(node.pattern, problem, "Write \\\\\\\\ for a backslash.")
    check_varies(analyzer, node, operand)
    return tree.Like(operand, tree.Text(pattern), node.case_insensitive, node.negated)
