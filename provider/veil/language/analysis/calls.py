"""Calls of allowed SQL functions."""

from veil.language import syntax, tree
from veil.language.analysis.analyzer import Analyzer, Arity
from veil.language.analysis.arguments import argument, check_translation
from veil.language.analysis.shorthands import shorthand
from veil.language.analysis.values import check_alike
from veil.language.functions import ALLOWED, SHORTHANDS, SWAPPED
from veil.language.tree import Expression


def call(analyzer: Analyzer, node: syntax.Call) -> Expression:
    """The call of an SQL function, which the parser knows."""
    arguments = node.arguments
    if node.function in SHORTHANDS:
        return shorthand(analyzer, node)
    signature = ALLOWED[node.function]
    most = None if signature.repeats else len(signature.parameters)
    advice = f"Its form: {signature.usage}."
    analyzer.check_count(node, arguments, Arity(node.function.upper(), signature.required, most, advice))
    if node.function in SWAPPED:
        arguments = arguments[::-1]
    last = len(signature.parameters) - 1
    analyzed = tuple(argument(analyzer, signature, min(at, last), each) for at, each in enumerate(arguments))
    if signature.gives is None:
        check_alike(analyzer, node, "The arguments", analyzed)
    if signature.name == "translate":
        check_translation(analyzer, arguments, analyzed)
    return tree.Call(signature.name, analyzed)
