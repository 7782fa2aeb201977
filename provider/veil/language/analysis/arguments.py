"""Arguments of allowed SQL functions."""

from collections.abc import Mapping
from typing import NoReturn

from veil.language import syntax, tree
from veil.language.analysis.analyzer import Analyzer
from veil.language.errors import did_you_mean
from veil.language.functions import UNIT_SYNONYMS, Signature, Takes
from veil.language.inference import static_type
from veil.language.signatures import accepts
from veil.language.syntax import Node
from veil.language.tree import Expression
from veil.language.value_types import article

_LARGEST = 2**31 - 1
_RANGES: Mapping[Takes, tuple[int, int]] = {
    Takes.INTEGER: (-_LARGEST, _LARGEST),
    Takes.COUNT: (0, _LARGEST),
    Takes.ORDINAL: (1, _LARGEST),
    Takes.DIGITS: (-37, 37),
    Takes.WIDTH: (0, 16_383),
}


def argument(analyzer: Analyzer, signature: Signature, position: int, node: Node) -> Expression:
    """One argument of a call. Literals are demanded where the data could make the call fail."""
    takes = signature.parameters[position]
    if takes is Takes.UNIT:
        return _unit(analyzer, signature, node)
    if takes in _RANGES:
        return _whole_number(analyzer, signature, takes, node)
    if takes in (Takes.FILL, Takes.CHARACTERS):
        return _literal(analyzer, signature, takes, node)
    expression = analyzer.expression(node)
    if not accepts(takes, static_type(expression)):
        _refuse(analyzer, signature, takes, node, f"{analyzer.spelled(node)} is {article(static_type(expression))}")
    return expression


def _unit(analyzer: Analyzer, signature: Signature, node: Node) -> tree.Text:
    if not isinstance(node, syntax.String) and not (isinstance(node, syntax.Name) and node.is_word):
        _refuse(analyzer, signature, Takes.UNIT, node, f"{analyzer.spelled(node)} is none")
    word = node.value.lower()
    unit = UNIT_SYNONYMS.get(word, word)
    if unit not in signature.units:
        near = did_you_mean(unit, signature.units)
        problem = f"{analyzer.spelled(node)} is not a unit that {signature.name.upper()} knows."
        analyzer.fail(node, problem, near or f"It knows {', '.join(signature.units)}.")
    return tree.Text(unit)


def _whole_number(analyzer: Analyzer, signature: Signature, takes: Takes, node: Node) -> Expression:
    smallest, largest = _RANGES[takes]
    expression = analyzer.expression(node)
    if (
        isinstance(expression, tree.Number)
        and expression.value == int(expression.value)
        and smallest <= expression.value <= largest
    ):
        return expression
    return _refuse(analyzer, signature, takes, node, f"{analyzer.spelled(node)} is not {takes}")


def _literal(analyzer: Analyzer, signature: Signature, takes: Takes, node: Node) -> Expression:
    expression = analyzer.expression(node)
    if isinstance(expression, tree.Text) and (
        expression.value.isascii() if takes is Takes.CHARACTERS else expression.value
    ):
        return expression
    return _refuse(analyzer, signature, takes, node, f"{analyzer.spelled(node)} is not")


def check_translation(analyzer: Analyzer, arguments: list[Node], analyzed: tuple[Expression, ...]) -> None:
    """Refuse a TRANSLATE that engines could read differently. Its characters are literals."""
    old, new = (each.value for each in analyzed[1:] if isinstance(each, tree.Text))
    twice = next((each for each in old if old.count(each) > 1), None)
    if twice is not None:
        analyzer.fail(arguments[1], f"'{twice}' is to be translated twice.", "Write each character once.")
    if len(new) > len(old):
        problem = f"TRANSLATE has {len(new)} characters to put in the place of {len(old)}."
        analyzer.fail(arguments[2], problem, "Write one for each; characters without one are removed.")


def _refuse(analyzer: Analyzer, signature: Signature, takes: Takes, node: Node, mismatch: str) -> NoReturn:
    problem = f"{signature.name.upper()} takes {takes} here; {mismatch}."
    if takes is Takes.MOMENT and isinstance(node, syntax.String):
        analyzer.fail(node, problem, f"Write TIMESTAMP {analyzer.spelled(node)}.")
    analyzer.fail(node, problem, f"Its form: {signature.usage}.")
