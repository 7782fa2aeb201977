"""Calls of allowed SQL functions."""

from sqlglot import exp

from veil.language import tree
from veil.language.build.builder import Arity, Builder
from veil.language.build.templated import templated
from veil.language.errors import did_you_mean
from veil.language.families import Family, agree, common_family, family_of, is_moment
from veil.language.functions import ALLOWED, SWAPPED, UNIT_SYNONYMS, Gives, Signature, Takes
from veil.language.tokens import Kind
from veil.language.tree import Expression

_LARGEST = 2**31 - 1


def call(builder: Builder, node: exp.Expr) -> Expression:
    """A name with arguments, which is a templated or an SQL function, or an expression in brackets."""
    token = builder.token(node)
    arguments: list[exp.Expr] = node.expressions
    if token.is_symbol("("):
        if len(arguments) != 1:
            builder.fail(node, "A list stands only behind IN.", "Compare the values one by one: a = 1 AND b = 2.")
        return builder.expression(arguments[0])
    if token.kind is Kind.TEMPLATE:
        return templated(builder, node, arguments)
    signature = ALLOWED.get(token.value) if token.kind is Kind.NAME else None
    if signature is None:
        builder.fail(node, f"{builder.spelled(node)} is not a function of the policy language.")
    most = None if signature.repeats else len(signature.parameters)
    advice = f"Its form: {signature.usage}."
    builder.check_count(node, arguments, Arity(token.value.upper(), signature.required, most, advice))
    if token.value in SWAPPED:
        arguments = arguments[::-1]
    last = len(signature.parameters) - 1
    found = tuple(_argument(builder, signature, min(at, last), each) for at, each in enumerate(arguments))
    if signature.gives is Gives.SAME:
        _check_alike(builder, node, found)
    return tree.Call(signature.name, found)


def _check_alike(builder: Builder, node: exp.Expr, arguments: tuple[Expression, ...]) -> None:
    family = common_family(arguments)
    for each in arguments:
        if not agree(family, family_of(each)):
            problem = f"The arguments are of several kinds: {family} and {family_of(each)}."
            builder.fail(node, problem, "Make them the same: CAST(x AS type).")


def _argument(builder: Builder, signature: Signature, position: int, node: exp.Expr) -> Expression:
    takes = signature.parameters[position]
    if takes is Takes.UNIT:
        return _unit(builder, signature, node)
    if takes in (Takes.INTEGER, Takes.COUNT, Takes.ORDINAL):
        return _whole_number(builder, signature, takes, node)
    found = builder.expression(node)
    fits = {
        Takes.VALUE: True,
        Takes.MOMENT: is_moment(found),
        Takes.TEXT: agree(family_of(found), Family.TEXT),
        Takes.NUMBER: agree(family_of(found), Family.NUMBER),
    }
    if not fits[takes]:
        _refuse(builder, signature, takes, node, f"{builder.spelled(node)} is {family_of(found)}")
    return found


def _unit(builder: Builder, signature: Signature, node: exp.Expr) -> tree.Text:
    token = builder.token(node)
    word = token.value.lower()
    if (
        type(node) not in (exp.Column, exp.Literal)
        or token.kind not in (Kind.NAME, Kind.STRING)
        or node.args.get("table")
    ):
        _refuse(builder, signature, Takes.UNIT, node, f"{builder.spelled(node)} is none")
    unit = UNIT_SYNONYMS.get(word, word)
    if unit not in signature.units:
        near = did_you_mean(unit, signature.units)
        problem = f"{builder.spelled(node)} is not a unit that {signature.name.upper()} knows."
        builder.fail(node, problem, near or f"It knows {', '.join(signature.units)}.")
    return tree.Text(unit)


def _whole_number(builder: Builder, signature: Signature, takes: Takes, node: exp.Expr) -> Expression:
    smallest = {Takes.INTEGER: -_LARGEST, Takes.COUNT: 0, Takes.ORDINAL: 1}[takes]
    found = builder.expression(node)
    if isinstance(found, tree.Number) and found.value == int(found.value) and smallest <= found.value <= _LARGEST:
        return found
    return _refuse(builder, signature, takes, node, f"{builder.spelled(node)} is not {takes}")


def _refuse(builder: Builder, signature: Signature, takes: Takes, node: exp.Expr, found: str) -> Expression:
    problem = f"{signature.name.upper()} takes {takes} here; {found}."
    literal = isinstance(node, exp.Literal) and builder.token(node).kind is Kind.STRING
    if takes is Takes.MOMENT and literal:
        builder.fail(node, problem, f"Write TIMESTAMP {builder.spelled(node)}.")
    builder.fail(node, problem, f"Its form: {signature.usage}.")
