"""Literals and names."""

from decimal import Decimal
from typing import Literal, cast

from sqlglot import exp

from veil.language import tree
from veil.language.analysis.analyzer import Analyzer
from veil.language.analysis.shorthands import today
from veil.language.analysis.templated import templated
from veil.language.tokens import Kind, Token
from veil.language.tree import Expression
from veil.language.usage import Usage

_CONSTANTS: dict[str, Expression] = {"TRUE": tree.Boolean(True), "FALSE": tree.Boolean(False), "NULL": tree.NullValue()}


def literal(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """A text or a number."""
    token = analyzer.token(node)
    return tree.Number(Decimal(token.value)) if token.kind is Kind.NUMBER else tree.Text(token.value)


def name(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """Whatever sqlglot takes for a column: a name, a constant, a typed literal, a templated function without
    arguments.
    """
    if not isinstance(node.this, exp.Identifier):
        analyzer.fail(node, f"{analyzer.spelled(node)} does not fit here.")
    token = analyzer.token(node)
    if node.args.get("table"):
        return _qualified(analyzer, node, token)
    if token.kind is Kind.KEYWORD and token.value in _CONSTANTS:
        return _CONSTANTS[token.value]
    if token.kind is Kind.MOMENT:
        return tree.Moment(cast(Literal["date", "timestamp"], token.type), token.value)
    if token.kind is Kind.TEMPLATE:
        return templated(analyzer, node, None)
    if token.kind is Kind.NAME and token.value == "sysdate":
        return tree.Call("getdate", ())
    if token.kind is Kind.NAME and token.value == "current_date":
        return today()
    return column(analyzer, node, token)


def column(analyzer: Analyzer, node: exp.Expr, token: Token) -> tree.ColumnName:
    """A bare column, where columns may stand."""
    if token.kind not in (Kind.NAME, Kind.QUOTED):
        analyzer.fail(node, f"{analyzer.spelled(node)} does not fit here.")
    if analyzer.usage is Usage.MASK:
        advice = f"Write @columnReference('{token.value}') for another column, @value for the one that is masked."
        analyzer.fail(node, "A sql mask names columns by @columnReference.", advice)
    if analyzer.usage is not Usage.ROW:
        problem = f"There is no column {token.value} here: {analyzer.usage.place} sees only the user, no row."
        analyzer.fail(node, problem, _userly(analyzer, token.value))
    return tree.ColumnName(token.value)


def _userly(analyzer: Analyzer, word: str) -> str:
    """What somebody may have meant by a bare word where there are no columns."""
    if analyzer.usage is Usage.SUBSCRIPTION and word == "everyone":
        return 'To admit everyone write access = "everyone" instead of an expression.'
    if len(analyzer.source.tokens) == 2:
        return f"Write @isInGroups('{word}') for the members of a group."
    return f"If it is a text, write '{word}' in single quotes. What the user holds: @hasAttribute('{word}', '…')."


def _qualified(analyzer: Analyzer, node: exp.Expr, token: Token) -> Expression:
    """A name with a qualifier, which only a lookup may have, and which is dropped there."""
    parts = [part for key in ("catalog", "db", "table") if (part := node.args.get(key))]
    qualifier = tuple(analyzer.token(part).value for part in parts)
    if analyzer.lookup is None:
        advice = f"Write {analyzer.spelled(node.this)} alone: a bare name is a column of the protected row."
        analyzer.fail(node, "A column is named without its table here.", advice)
    if qualifier not in analyzer.lookup.accepted:
        problem = f"{'.'.join(qualifier)} is not the lookup's table."
        advice = (
            f"Name the lookup's columns alone, and those of the protected row as @columnReference('{token.value}')."
        )
        analyzer.fail(node, problem, advice)
    return column(analyzer, node, token)
