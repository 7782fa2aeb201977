"""Calls of allowed SQL functions."""

from veil.language import syntax, tree
from veil.language.analysis.analyzer import Analyzer, Arity
from veil.language.analysis.arguments import argument, check_translation
from veil.language.analysis.shorthands import shorthand
from veil.language.functions import ALLOWED, SHORTHANDS, SWAPPED, Gives
from veil.language.inference import agree, common_type, static_type
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
    found = tuple(argument(analyzer, signature, min(at, last), each) for at, each in enumerate(arguments))
    if signature.gives is Gives.SAME:
        _check_alike(analyzer, node, found)
    if signature.name == "translate":
        check_translation(analyzer, arguments, found)
    return tree.Call(signature.name, found)


def _check_alike(analyzer: Analyzer, node: syntax.Node, arguments: tuple[Expression, ...]) -> None:
    kind = common_type(arguments)
    for each in arguments:
        if not agree(kind, static_type(each)):
            problem = f"The arguments are of several kinds: {kind} and {static_type(each)}."
            analyzer.fail(node, problem, "Make them the same: CAST(x AS type).")
