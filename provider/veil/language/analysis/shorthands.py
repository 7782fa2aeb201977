"""Calls that stand for other forms of the language: CONCAT, NVL2, DECODE, CURRENT_DATE."""

from collections.abc import Callable, Mapping
from functools import reduce

from sqlglot import exp

from veil.language import tree
from veil.language.analysis.analyzer import Analyzer, Arity
from veil.language.analysis.conditions import check_comparable
from veil.language.analysis.constants import check_varies
from veil.language.analysis.values import check_results, text
from veil.language.functions import SHORTHANDS
from veil.language.tree import Expression

_MOST_TEXTS = 20
_FIXED = (tree.Text, tree.Number, tree.Boolean, tree.Moment)


def shorthand(analyzer: Analyzer, node: exp.Expr, name: str, arguments: list[exp.Expr]) -> Expression:
    """What the call of `name`, one of `SHORTHANDS`, stands for."""
    required, most, build = _FORMS[name]
    advice = f"Its form: {SHORTHANDS[name]}."
    analyzer.check_count(node, arguments, Arity(name.upper(), required, most, advice))
    return build(analyzer, node, arguments)


def today() -> Expression:
    """CURRENT_DATE, which is in UTC as GETDATE() is."""
    return tree.Cast(tree.Call("getdate", ()), "date", ())


def _concat(analyzer: Analyzer, node: exp.Expr, arguments: list[exp.Expr]) -> Expression:
    """As Redshift has it: NULL where one is NULL."""
    return reduce(tree.Concat, [text(analyzer, each) for each in arguments])


def _nvl2(analyzer: Analyzer, node: exp.Expr, arguments: list[exp.Expr]) -> Expression:
    subject, given, missing = (analyzer.expression(each) for each in arguments)
    check_varies(analyzer, node, subject)
    found = tree.Case(((tree.IsNull(subject, negated=True), given),), missing)
    check_results(analyzer, node, found)
    return found


def _decode(analyzer: Analyzer, node: exp.Expr, arguments: list[exp.Expr]) -> Expression:
    """CASE over pairs of a value and a result. NULL is equal to NULL here, and only here."""
    subject = analyzer.operand(arguments[0])
    pairs, rest = arguments[1:], None
    if len(pairs) % 2:
        rest = analyzer.expression(pairs.pop())
    branches = tuple(
        (_equal(analyzer, each, subject), analyzer.expression(result))
        for each, result in zip(pairs[::2], pairs[1::2], strict=True)
    )
    found = tree.Case(branches, rest)
    check_results(analyzer, node, found)
    return found


def _equal(analyzer: Analyzer, node: exp.Expr, subject: Expression) -> Expression:
    value = analyzer.operand(node)
    if isinstance(value, tree.NullValue):
        check_varies(analyzer, node, subject)
        return tree.IsNull(subject)
    check_comparable(analyzer, node, subject, value)
    check_varies(analyzer, node, subject, value)
    same = tree.Comparison("=", subject, value)
    return same if isinstance(value, _FIXED) else tree.Or((same, tree.And((tree.IsNull(subject), tree.IsNull(value)))))


_FORMS: Mapping[str, tuple[int, int | None, Callable[[Analyzer, exp.Expr, list[exp.Expr]], Expression]]] = {
    "concat": (2, _MOST_TEXTS, _concat),
    "nvl2": (3, 3, _nvl2),
    "decode": (3, None, _decode),
    "current_date": (0, 0, lambda analyzer, node, arguments: today()),
}
