"""Literals and names."""

from collections.abc import Mapping
from decimal import Decimal

from veil.language import syntax, tree
from veil.language.analysis.analyzer import Analyzer
from veil.language.analysis.shorthands import TODAY
from veil.language.tree import Expression
from veil.language.usage import Usage

_CONSTANTS: Mapping[str, Expression] = {
    "TRUE": tree.Boolean(True),
    "FALSE": tree.Boolean(False),
    "NULL": tree.NullValue(),
}
_CLOCKS: Mapping[str, Expression] = {"sysdate": tree.Call("getdate", ()), "current_date": TODAY}
"""Calls that SQL writes without parentheses. In double quotes they are names of columns."""


def string(analyzer: Analyzer, node: syntax.String) -> Expression:
    return tree.Text(node.value)


def number(analyzer: Analyzer, node: syntax.Number) -> Expression:
    return tree.Number(Decimal(node.value))


def constant(analyzer: Analyzer, node: syntax.Constant) -> Expression:
    return _CONSTANTS[node.value]


def moment(analyzer: Analyzer, node: syntax.Moment) -> Expression:
    return tree.Moment(node.type, node.text)


def name(analyzer: Analyzer, node: syntax.Name) -> Expression:
    """A column, where columns may stand, or a clock. A qualifier is dropped."""
    if node.qualifier:
        _check_qualifier(analyzer, node)
    elif node.is_word and node.value in _CLOCKS:
        return _CLOCKS[node.value]
    if analyzer.usage in tree.ColumnName.usages:
        return tree.ColumnName(node.value)
    if analyzer.usage is Usage.MASK:
        advice = f"Write @columnReference('{node.value}') for another column, @value for the one that is masked."
        analyzer.fail(node, "A sql mask names columns by @columnReference.", advice)
    problem = f"There is no column {node.value} here: {analyzer.usage.place} sees only the user, no row."
    return analyzer.fail(node, problem, _userly(analyzer, node))


def _userly(analyzer: Analyzer, node: syntax.Name) -> str:
    """What somebody may have meant by a bare word where there are no columns."""
    word = node.value
    if analyzer.usage is Usage.SUBSCRIPTION and word == "everyone":
        return 'To admit everyone write access = "everyone" instead of an expression.'
    if node is analyzer.root:
        return f"Write @isInGroups('{word}') for the members of a group."
    return f"If it is a string, write '{word}' in single quotes. What the user holds: @hasAttribute('{word}', '…')."


def _check_qualifier(analyzer: Analyzer, node: syntax.Name) -> None:
    """Refuse a qualifier but for the table inside a lookup."""
    qualifier = tuple(each.value for each in node.qualifier)
    if analyzer.lookup is None:
        alone = analyzer.source.shortened(node.token.start, node.token.end)
        advice = f"Write {alone} alone: a bare name is a column of the protected row."
        analyzer.fail(node, "A column is named without its table here.", advice)
    if qualifier not in analyzer.lookup.accepted:
        problem = f"{'.'.join(qualifier)} is not the lookup's table."
        advice = f"Name the lookup's columns alone, and those of the protected row as @columnReference('{node.value}')."
        analyzer.fail(node, problem, advice)
