"""Conditions: logic, comparisons, ranges, patterns."""

from sqlglot import exp

from veil.language import tree
from veil.language.build.builder import Builder
from veil.language.build.constants import check_varies
from veil.language.build.lookups import lookup
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


def logic(builder: Builder, node: exp.Expr) -> Expression:
    """AND and OR, with all operands of one chain side by side."""
    chain: list[exp.Expr] = []
    left = node
    while type(left) is type(node):
        chain.append(left.expression)
        left = left.this
    operands = tuple(builder.condition(each) for each in (left, *reversed(chain)))
    return tree.And(operands) if isinstance(node, exp.And) else tree.Or(operands)


def negation(builder: Builder, node: exp.Expr) -> Expression:
    """NOT, which sqlglot also puts around IN, BETWEEN and IS NULL where they are negated."""
    operand = builder.condition(node.this)
    match operand if isinstance(node.this, exp.In | exp.Between | exp.Is) else None:
        case tree.In(operand=x, items=items):
            return tree.In(x, items, negated=True)
        case tree.InLookup(operand=x, lookup=found):
            return tree.InLookup(x, found, negated=True)
        case tree.Between(operand=x, low=low, high=high):
            return tree.Between(x, low, high, negated=True)
        case tree.IsNull(operand=x):
            return tree.IsNull(x, negated=True)
    return tree.Not(operand)


def comparison(builder: Builder, node: exp.Expr) -> Expression:
    """=, <>, <, <=, >, >=."""
    operator = COMPARATORS[type(node)]
    left, right = builder.operand(node.this), builder.operand(node.expression)
    other = node.this if isinstance(right, tree.NullValue) else node.expression
    if isinstance(left, tree.NullValue) or isinstance(right, tree.NullValue):
        form = "IS NOT NULL" if operator == "<>" else "IS NULL"
        builder.fail(node, "A comparison with NULL is never TRUE.", f"Write {builder.spelled(other)} {form}.")
    check_comparable(builder, node, left, right)
    check_varies(builder, node, left, right)
    return tree.Comparison(operator, left, right)


def check_comparable(builder: Builder, node: exp.Expr, left: Expression, right: Expression) -> None:
    """Refuse a comparison whose sides are known to differ in kind."""
    if not comparable(left, right):
        families = {family_of(left), family_of(right)}
        problem = f"This compares {family_of(left)} with {family_of(right)}."
        moments = Family.NUMBER in families and families & {Family.DATE, Family.TIMESTAMP}
        builder.fail(node, problem, DAYS if moments else "Make both sides the same: CAST(x AS type).")


def null_test(builder: Builder, node: exp.Expr) -> Expression:
    """IS NULL."""
    if not isinstance(node.expression, exp.Null):
        left, right = builder.spelled(node.this), builder.spelled(node.expression)
        equals = f"Write {left} {'<>' if node.args.get('negate') else '='} {right}"
        builder.fail(node, "IS tests for NULL only.", f"{equals}, or COALESCE(x, FALSE) where unknown counts as FALSE.")
    operand = builder.operand(node.this)
    check_varies(builder, node, operand)
    return tree.IsNull(operand, negated=bool(node.args.get("negate")))


def membership(builder: Builder, node: exp.Expr) -> Expression:
    """IN, with a list or a lookup."""
    operand = builder.operand(node.this)
    if query := node.args.get("query"):
        return tree.InLookup(operand, lookup(builder, query))
    items = tuple(_item(builder, node, operand, each) for each in node.expressions)
    if not items:
        builder.fail(node, "IN needs a list in round brackets.", "Write x IN ('a', 'b').")
    check_varies(builder, node, operand, *items)
    return tree.In(operand, items)


def _item(builder: Builder, node: exp.Expr, operand: Expression, item: exp.Expr) -> Expression:
    found = builder.expression(item)
    if isinstance(found, tree.NullValue):
        builder.fail(
            item,
            "NULL in a list is never equal to anything, and makes NOT IN never TRUE.",
            f"Write {builder.spelled(node.this)} IS NULL beside the list.",
        )
    check_comparable(builder, item, operand, found)
    return found


def between(builder: Builder, node: exp.Expr) -> Expression:
    """BETWEEN low AND high."""
    if node.args.get("symmetric") is not None:
        builder.fail(node, "SYMMETRIC is not part of the policy language.")
    operand, low, high = (builder.operand(node.args[key]) for key in ("this", "low", "high"))
    for bound in (low, high):
        if isinstance(bound, tree.NullValue):
            builder.fail(node, "A comparison with NULL is never TRUE.", "Write one bound with >= or <=.")
        check_comparable(builder, node, operand, bound)
    check_varies(builder, node, operand, low, high)
    return tree.Between(operand, low, high)


def like(builder: Builder, node: exp.Expr) -> Expression:
    """LIKE and ILIKE with a literal pattern."""
    operand = builder.operand(node.this)
    if not isinstance(node.expression, exp.Literal) or builder.token(node.expression).kind is not Kind.STRING:
        builder.fail(
            node.expression,
            "A pattern is a text literal.",
            "Write LIKE 'a%'. To find a text of a column: STRPOS(x, y) > 0.",
        )
    pattern = builder.token(node.expression).value
    if (len(pattern) - len(pattern.rstrip("\\"))) % 2:
        builder.fail(
            node.expression,
            "The pattern ends in a single backslash, which escapes nothing.",
            "Write \\\\\\\\ for a backslash.",
        )
    check_varies(builder, node, operand)
    return tree.Like(operand, tree.Text(pattern), isinstance(node, exp.ILike), bool(node.args.get("negate")))
