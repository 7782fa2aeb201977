"""Calls that stand for other forms of the language: CONCAT, NVL2, DECODE, CURRENT_DATE."""

from collections.abc import Callable, Mapping
from functools import reduce

from sqlglot import exp

from veil.language import tree
from veil.language.build.builder import Arity, Builder
from veil.language.build.conditions import check_comparable
from veil.language.build.constants import check_varies
from veil.language.build.values import check_results, text
from veil.language.functions import SHORTHANDS
from veil.language.tree import Expression

_MOST_TEXTS = 20
_FIXED = (tree.Text, tree.Number, tree.Boolean, tree.Moment)


def shorthand(builder: Builder, node: exp.Expr, name: str, arguments: list[exp.Expr]) -> Expression:
    """What the call of `name`, one of `SHORTHANDS`, stands for."""
    required, most, build = _FORMS[name]
    advice = f"Its form: {SHORTHANDS[name]}."
    builder.check_count(node, arguments, Arity(name.upper(), required, most, advice))
    return build(builder, node, arguments)


def today() -> Expression:
    """CURRENT_DATE, which is in UTC as GETDATE() is."""
    return tree.Cast(tree.Call("getdate", ()), "date", ())


def _concat(builder: Builder, node: exp.Expr, arguments: list[exp.Expr]) -> Expression:
    """As Redshift has it: NULL where one is NULL."""
    return reduce(tree.Concat, [text(builder, each) for each in arguments])


def _nvl2(builder: Builder, node: exp.Expr, arguments: list[exp.Expr]) -> Expression:
    subject, given, missing = (builder.expression(each) for each in arguments)
    check_varies(builder, node, subject)
    found = tree.Case(((tree.IsNull(subject, negated=True), given),), missing)
    check_results(builder, node, found)
    return found


def _decode(builder: Builder, node: exp.Expr, arguments: list[exp.Expr]) -> Expression:
    """CASE over pairs of a value and a result. NULL is equal to NULL here, and only here."""
    subject = builder.operand(arguments[0])
    pairs, rest = arguments[1:], None
    if len(pairs) % 2:
        rest = builder.expression(pairs.pop())
    branches = tuple(
        (_equal(builder, each, subject), builder.expression(result))
        for each, result in zip(pairs[::2], pairs[1::2], strict=True)
    )
    found = tree.Case(branches, rest)
    check_results(builder, node, found)
    return found


def _equal(builder: Builder, node: exp.Expr, subject: Expression) -> Expression:
    value = builder.operand(node)
    if isinstance(value, tree.NullValue):
        check_varies(builder, node, subject)
        return tree.IsNull(subject)
    check_comparable(builder, node, subject, value)
    check_varies(builder, node, subject, value)
    same = tree.Comparison("=", subject, value)
    return same if isinstance(value, _FIXED) else tree.Or((same, tree.And((tree.IsNull(subject), tree.IsNull(value)))))


_FORMS: Mapping[str, tuple[int, int | None, Callable[[Builder, exp.Expr, list[exp.Expr]], Expression]]] = {
    "concat": (2, _MOST_TEXTS, _concat),
    "nvl2": (3, 3, _nvl2),
    "decode": (3, None, _decode),
    "current_date": (0, 0, lambda builder, node, arguments: today()),
}
