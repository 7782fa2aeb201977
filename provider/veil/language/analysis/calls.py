"""Calls of allowed SQL functions."""

from sqlglot import exp

from veil.language import tree
from veil.language.analysis.analyzer import Analyzer, Arity
from veil.language.analysis.arguments import argument, check_translation
from veil.language.analysis.row_values import fail_row
from veil.language.analysis.shorthands import shorthand
from veil.language.analysis.templated import templated
from veil.language.families import agree, common_family, family_of
from veil.language.functions import ALLOWED, SHORTHANDS, SWAPPED, Gives
from veil.language.tokens import Kind
from veil.language.tree import Expression


def call(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """A name with arguments, which is a templated or an SQL function, or an expression in brackets."""
    token = analyzer.token(node)
    arguments: list[exp.Expr] = node.expressions
    if token.is_symbol("("):
        if len(arguments) != 1:
            fail_row(analyzer, node)
        return analyzer.expression(arguments[0])
    if token.kind is Kind.TEMPLATE:
        return templated(analyzer, node, arguments)
    if token.kind is Kind.NAME and token.value in SHORTHANDS:
        return shorthand(analyzer, node, token.value, arguments)
    signature = ALLOWED.get(token.value) if token.kind is Kind.NAME else None
    if signature is None:
        analyzer.fail(node, f"{analyzer.spelled(node)} is not a function of the policy language.")
    most = None if signature.repeats else len(signature.parameters)
    advice = f"Its form: {signature.usage}."
    analyzer.check_count(node, arguments, Arity(token.value.upper(), signature.required, most, advice))
    if token.value in SWAPPED:
        arguments = arguments[::-1]
    last = len(signature.parameters) - 1
    found = tuple(argument(analyzer, signature, min(at, last), each) for at, each in enumerate(arguments))
    if signature.gives is Gives.SAME:
        _check_alike(analyzer, node, found)
    if signature.name == "translate":
        check_translation(analyzer, arguments)
    return tree.Call(signature.name, found)


def _check_alike(analyzer: Analyzer, node: exp.Expr, arguments: tuple[Expression, ...]) -> None:
    family = common_family(arguments)
    for each in arguments:
        if not agree(family, family_of(each)):
            problem = f"The arguments are of several kinds: {family} and {family_of(each)}."
            analyzer.fail(node, problem, "Make them the same: CAST(x AS type).")
