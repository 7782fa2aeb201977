"""Tests that no row and no user can change. One over a string is nearly always a column's name in
single quotes.
"""

import re

from veil.language import tree
from veil.language.analysis.analyzer import Analyzer
from veil.language.functions import ALLOWED
from veil.language.syntax import Node
from veil.language.tree import Expression
from veil.language.usage import Usage
from veil.language.visitor import walk

_NAME = re.compile(r"[^\W\d][\w$]*\Z")
_INSTEAD = {
    Usage.ROW: 'Did you mean the column {name}? A column stands without quotes, or in double quotes: "{name}".',
    Usage.MASK: "Did you mean @columnReference('{name}')?",
    Usage.AUDIENCE: "Did you mean @hasAttribute('{name}', '…'), or @isInGroups('{name}')?",
    Usage.SUBSCRIPTION: "Did you mean @hasAttribute('{name}', '…'), or @isInGroups('{name}')?",
}


def check_varies(analyzer: Analyzer, node: Node, *operands: Expression) -> None:
    """Refuse a test of `operands` where one of them is a string and none depends on the row, the
    user or the time.
    """
    texts = [text for operand in operands for text in _texts(operand)]
    if not texts or not all(map(_is_constant, operands)):
        return
    named = next((each.value for each in texts if _NAME.match(each.value)), None)
    advice = "Write TRUE or FALSE." if named is None else _INSTEAD[analyzer.usage].format(name=named)
    analyzer.fail(
        node, f"{analyzer.spelled(node)} tests fixed strings only, so it says the same of every row and user.", advice
    )


def _texts(operand: Expression) -> list[tree.Text]:
    """The string literals in an operand, but for units of time."""
    nodes = list(walk(operand))
    units = [each.arguments[0] for each in nodes if isinstance(each, tree.Call) and ALLOWED[each.function].units]
    return [each for each in nodes if isinstance(each, tree.Text) and not any(each is unit for unit in units)]


def _is_constant(expression: Expression) -> bool:
    return all(
        isinstance(each, tree.Fixed | tree.Computed) and each != tree.Call("getdate", ()) for each in walk(expression)
    )
