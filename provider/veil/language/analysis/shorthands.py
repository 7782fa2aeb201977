"""Calls that stand for other forms of the language: CONCAT, NVL2, DECODE, CURRENT_DATE,
CONVERT_TIMEZONE.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import reduce

from veil.language import syntax, tree
from veil.language.analysis.analyzer import Analyzer, Arity
from veil.language.analysis.conditions import check_comparable
from veil.language.analysis.constants import check_varies
from veil.language.analysis.values import check_results, text
from veil.language.errors import did_you_mean
from veil.language.functions import SHORTHANDS, Takes
from veil.language.inference import static_type
from veil.language.signatures import accepts
from veil.language.syntax import Node
from veil.language.time_zones import HOURS, hours_ahead
from veil.language.tree import Expression
from veil.language.value_types import article

_MOST_TEXTS = 20
_FIXED = (tree.Text, tree.Number, tree.Boolean, tree.Moment)


TODAY: Expression = tree.Cast(tree.Call("getdate", ()), "date", ())
"""CURRENT_DATE, which is in UTC as GETDATE() is."""


def shorthand(analyzer: Analyzer, node: syntax.Call) -> Expression:
    """What the call of one of `SHORTHANDS` stands for."""
    required, most, build = _FORMS[node.function]
    advice = f"Its form: {SHORTHANDS[node.function]}."
    analyzer.check_count(node, node.arguments, Arity(node.function.upper(), required, most, advice))
    return build(analyzer, node, node.arguments)


def _concat(analyzer: Analyzer, node: syntax.Call, arguments: list[Node]) -> Expression:
    """As Redshift has it: NULL where one is NULL."""
    return reduce(tree.Concat, [text(analyzer, each) for each in arguments])


def _nvl2(analyzer: Analyzer, node: syntax.Call, arguments: list[Node]) -> Expression:
    subject, given, missing = (analyzer.expression(each) for each in arguments)
    check_varies(analyzer, node, subject)
    rewritten = tree.Case(((tree.IsNull(subject, negated=True), given),), missing)
    check_results(analyzer, node, node.function, rewritten)
    return rewritten


def _decode(analyzer: Analyzer, node: syntax.Call, arguments: list[Node]) -> Expression:
    """CASE over pairs of a value and a result. NULL is equal to NULL here, and only here."""
    subject = analyzer.operand(arguments[0])
    pairs, rest = arguments[1:], None
    if len(pairs) % 2:
        rest = analyzer.expression(pairs.pop())
    branches = tuple(
        (_equal(analyzer, each, subject), analyzer.expression(result))
        for each, result in zip(pairs[::2], pairs[1::2], strict=True)
    )
    rewritten = tree.Case(branches, rest)
    check_results(analyzer, node, node.function, rewritten)
    return rewritten


def _equal(analyzer: Analyzer, node: Node, subject: Expression) -> Expression:
    value = analyzer.operand(node)
    if isinstance(value, tree.NullValue):
        check_varies(analyzer, node, subject)
        return tree.IsNull(subject)
    check_comparable(analyzer, node, subject, value)
    check_varies(analyzer, node, subject, value)
    same = tree.Comparison("=", subject, value, span=analyzer.span(node))
    return same if isinstance(value, _FIXED) else tree.Or((same, tree.And((tree.IsNull(subject), tree.IsNull(value)))))


def _convert_timezone(analyzer: Analyzer, node: syntax.Call, arguments: list[Node]) -> Expression:
    """Between zones at fixed distances it is a move by hours, and so it is compiled and evaluated:
    of years that a TIMESTAMP has not it makes what DATEADD makes.
    """
    *zones, moment = arguments
    source, target = [0] * (2 - len(zones)) + [_zone(analyzer, each) for each in zones]
    expression = analyzer.expression(moment)
    if not accepts(Takes.MOMENT, static_type(expression)):
        problem = f"CONVERT_TIMEZONE takes a date or a timestamp here; {analyzer.spelled(moment)} is {article(static_type(expression))}."
        is_text = isinstance(moment, syntax.String)
        form = f"Write TIMESTAMP {analyzer.spelled(moment)}." if is_text else f"Its form: {SHORTHANDS[node.function]}."
        analyzer.fail(moment, problem, form)
    return tree.Call("dateadd", (tree.Text("hour"), tree.Number(Decimal(target - source)), expression))


def _zone(analyzer: Analyzer, node: Node) -> int:
    if not isinstance(node, syntax.String):
        problem = f"{analyzer.spelled(node)} is not a time zone in single quotes."
        analyzer.fail(node, problem, f"Its form: {SHORTHANDS['convert_timezone']}.")
    hours = hours_ahead(node.value)
    if hours is None:
        problem = f"{analyzer.spelled(node)} is not a time zone at a fixed distance from UTC."
        advice = "Rules of summer time differ from server to server. Write 'Etc/GMT-2' for two hours ahead of UTC."
        analyzer.fail(node, problem, did_you_mean(node.value, HOURS) or advice)
    return hours


_FORMS: Mapping[str, tuple[int, int | None, Callable[[Analyzer, syntax.Call, list[Node]], Expression]]] = {
    "concat": (2, _MOST_TEXTS, _concat),
    "nvl2": (3, 3, _nvl2),
    "decode": (3, None, _decode),
    "current_date": (0, 0, lambda analyzer, node, arguments: TODAY),
    "convert_timezone": (2, 3, _convert_timezone),
}
