"""Conditions: logic, comparisons, ranges, patterns."""

from typing import NoReturn

from sqlglot import exp

from veil.language import tree
from veil.language.analysis.analyzer import LOOSE, Analyzer, bare
from veil.language.analysis.constants import check_varies
from veil.language.analysis.lookups import lookup
from veil.language.analysis.row_values import check_compared, check_listed, check_looked_up, check_null
from veil.language.families import DAYS, Family, comparable, family_of
from veil.language.tokens import Kind
from veil.language.tree import Comparator, Expression

COMPARATORS: dict[type[exp.Expr], Comparator] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}


def logic(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """AND and OR, with all operands of one chain side by side."""
    chain: list[exp.Expr] = []
    left = node
    while type(left) is type(node):
        chain.append(left.expression)
        left = left.this
    operands = tuple(analyzer.condition(each) for each in (left, *reversed(chain)))
    return tree.And(operands) if isinstance(node, exp.And) else tree.Or(operands)


def negation(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """NOT, which sqlglot also puts around IN, BETWEEN and IS NULL where they are negated."""
    operand = analyzer.condition(node.this)
    match operand if isinstance(node.this, exp.In | exp.Between | exp.Is) else None:
        case tree.In(operand=x, items=items):
            return tree.In(x, items, negated=True)
        case tree.InLookup(operand=x, lookup=found):
            return tree.InLookup(x, found, negated=True)
        case tree.Between(operand=x, low=low, high=high):
            return tree.Between(x, low, high, negated=True)
        case tree.IsNull(operand=x):
            return tree.IsNull(x, negated=True)
        case tree.BooleanTest(operand=x, truth=truth):
            return tree.BooleanTest(x, truth, negated=True)
    return tree.Not(operand)


def comparison(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """=, <>, <, <=, >, >=."""
    operator = COMPARATORS[type(node)]
    _check_brackets(analyzer, node)
    check_compared(analyzer, node, operator)
    left, right = analyzer.operand(node.this), analyzer.operand(node.expression)
    other = node.this if isinstance(right, tree.NullValue) else node.expression
    if isinstance(left, tree.NullValue) or isinstance(right, tree.NullValue):
        form = {"=": "IS NULL", "<>": "IS NOT NULL"}.get(operator)
        advice = f"Write {analyzer.spelled(other)} {form}." if form else None
        analyzer.fail(node, "A comparison with NULL is never TRUE.", advice)
    check_comparable(analyzer, node, left, right)
    check_varies(analyzer, node, left, right)
    return tree.Comparison(operator, left, right)


def _check_brackets(analyzer: Analyzer, node: exp.Expr) -> None:
    """Refuse `a = b IS NULL` and its like with both ways to read it: SQL's dialects read it in one or the other."""
    inner = right = bare(node.expression)
    while isinstance(inner, LOOSE):
        inner = bare(inner.this)
    if inner is right or analyzer.token(right).is_keyword("NOT"):
        return
    (first, _), (start, last), end = analyzer.span(node.this), analyzer.span(right), analyzer.span(inner)[1]
    spelled = analyzer.source.spelled
    one = f"({spelled(first, end)}) {spelled(end + 1, last)}"
    other = f"{spelled(first, start - 1)} ({spelled(start, last)})"
    analyzer.source.fail(
        first, f"{spelled(first, last)} can be read in two ways.", f"Write {one}, or {other}.", last=last
    )


def check_comparable(analyzer: Analyzer, node: exp.Expr, left: Expression, right: Expression) -> None:
    """Refuse a comparison whose sides are known to differ in kind."""
    if not comparable(left, right):
        families = {family_of(left), family_of(right)}
        problem = f"This compares {family_of(left)} with {family_of(right)}."
        moments = Family.NUMBER in families and families & {Family.DATE, Family.TIMESTAMP}
        analyzer.fail(node, problem, DAYS if moments else "Make both sides the same: CAST(x AS type).")


def is_test(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """IS NULL, IS TRUE, IS FALSE, IS UNKNOWN. Where sqlglot puts their NOT in the node, it is IS NOT NULL."""
    if isinstance(node.expression, exp.Null):
        check_null(analyzer, node, negated=analyzer.is_denied(node.this))
    operand = analyzer.operand(node.this)
    check_varies(analyzer, node, operand)
    if isinstance(node.expression, exp.Null):
        return tree.IsNull(operand, negated=bool(node.args.get("negate")))
    token = analyzer.token(node.expression) if isinstance(node.expression, exp.Column) else None
    if token is not None and token.kind is Kind.NAME and token.value == "unknown":
        analyzer.check_condition(node.this, operand)
        return tree.IsNull(operand)
    if token is not None and token.is_keyword("TRUE", "FALSE"):
        analyzer.check_condition(node.this, operand)
        return tree.BooleanTest(operand, token.value == "TRUE")
    return _refuse_is(analyzer, node)


def _refuse_is(analyzer: Analyzer, node: exp.Expr) -> NoReturn:
    """Where other systems have `x IS y`, NULL is equal to NULL in it."""
    left, right = analyzer.spelled(node.this), analyzer.spelled(node.expression)
    negated = analyzer.is_denied(node.this)
    form = f"{left} IS {'' if negated else 'NOT '}DISTINCT FROM {right}"
    equals = f"{left} {'<>' if negated else '='} {right}"
    advice = f"Write {equals}, or {form} where NULL counts as a value like others."
    plain = analyzer.span(node.expression)[0] == analyzer.span(node.this)[1] + 2 + negated
    analyzer.fail(node, "IS tests for NULL, TRUE, FALSE and UNKNOWN only.", advice if plain else None)


def distinct(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """IS [NOT] DISTINCT FROM. With NULL beside it, it asks whether the other side is NULL."""
    negated = isinstance(node, exp.NullSafeEQ)
    check_compared(analyzer, node, "IS NOT DISTINCT FROM" if negated else "IS DISTINCT FROM")
    left, right = analyzer.operand(node.this), analyzer.operand(node.expression)
    check_comparable(analyzer, node, left, right)
    check_varies(analyzer, node, left, right)
    if isinstance(right, tree.NullValue):
        return tree.IsNull(left, negated=not negated)
    if isinstance(left, tree.NullValue):
        return tree.IsNull(right, negated=not negated)
    return tree.IsDistinct(left, right, negated)


def membership(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """IN, with a list or a lookup."""
    negated = analyzer.is_denied(node.this)
    if query := node.args.get("query"):
        check_looked_up(analyzer, node, query, negated=negated)
        return tree.InLookup(analyzer.operand(node.this), lookup(analyzer, query))
    check_listed(analyzer, node, negated=negated)
    operand = analyzer.operand(node.this)
    items = tuple(_item(analyzer, node, operand, each) for each in node.expressions)
    if not items:
        analyzer.fail(node, "IN needs a list in round brackets.", "Write x IN ('a', 'b').")
    check_varies(analyzer, node, operand, *items)
    return tree.In(operand, items)


def _item(analyzer: Analyzer, node: exp.Expr, operand: Expression, item: exp.Expr) -> Expression:
    found = analyzer.expression(item)
    if isinstance(found, tree.NullValue):
        spelled = analyzer.spelled(node.this)
        advice = f"Take it out. To find NULL too: {spelled} IN (…) OR {spelled} IS NULL."
        if analyzer.is_denied(node.this):
            advice = f"Take it out. Without it {spelled} NOT IN (…) is unknown where {spelled} is NULL."
        analyzer.fail(item, "NULL in a list is never equal to anything, and makes NOT IN never TRUE.", advice)
    check_comparable(analyzer, item, operand, found)
    return found


def between(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """BETWEEN low AND high."""
    if node.args.get("symmetric") is not None:
        analyzer.fail(node, "SYMMETRIC is not part of the policy language.")
    operand, low, high = (analyzer.operand(node.args[key]) for key in ("this", "low", "high"))
    for bound in (low, high):
        if isinstance(bound, tree.NullValue):
            denied = analyzer.is_denied(node.this)
            form = f"{'<' if bound is high else '>'}" if denied else f"{'>=' if bound is high else '<='}"
            kept = analyzer.spelled(node.args["low" if bound is high else "high"])
            advice = f"To leave that bound open write {analyzer.spelled(node.this)} {form} {kept}."
            analyzer.fail(node, "A comparison with NULL is never TRUE.", advice)
        check_comparable(analyzer, node, operand, bound)
    check_varies(analyzer, node, operand, low, high)
    return tree.Between(operand, low, high)


def like(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """LIKE and ILIKE with a literal pattern."""
    operand = analyzer.operand(node.this)
    if not isinstance(node.expression, exp.Literal) or analyzer.token(node.expression).kind is not Kind.STRING:
        analyzer.fail(
            node.expression,
            "A pattern is a text literal.",
            f"Write LIKE 'a%'. To find a text of a column: STRPOS(x, y) {'= 0' if analyzer.is_denied(node.this) else '> 0'}.",
        )
    pattern = analyzer.token(node.expression).value
    if (len(pattern) - len(pattern.rstrip("\\"))) % 2:
        analyzer.fail(
            node.expression,
            "The pattern ends in a single backslash, which escapes nothing.",
            "Write \\\\\\\\ for a backslash.",
        )
    check_varies(analyzer, node, operand)
    return tree.Like(operand, tree.Text(pattern), isinstance(node, exp.ILike), bool(node.args.get("negate")))
