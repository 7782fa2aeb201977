"""Expressions of policies: parsed, evaluated once per choice of tagged columns, closed where they
cannot be read.
"""

from collections.abc import Iterable
from dataclasses import replace

from veil.language import ExpressionError, Usage, parse, referenced_tags, tree
from veil.model import Column
from veil.oracle.casts import converted
from veil.oracle.evaluate import evaluate, truth
from veil.oracle.logic import Truth
from veil.oracle.operands import of_column
from veil.oracle.scope import Scope
from veil.oracle.values import Value, fits_text


def read_expression(text: str, usage: Usage) -> tree.Expression | None:
    """The expression's tree; None where the text is none of the language. Then whatever asks is
    unknown.
    """
    try:
        return parse(text, usage)
    except ExpressionError:
        return None


def about_user(text: str, scope: Scope) -> Truth:
    """What an expression over the user alone says; in a scope for subscriptions also about the data
    source.
    """
    expression = read_expression(text, Usage.SUBSCRIPTION if scope.subscription else Usage.AUDIENCE)
    return None if expression is None else truth(expression, scope)


def tags_in(text: str) -> frozenset[str]:
    """The tags that an expression over rows names."""
    expression = read_expression(text, Usage.ROW)
    return frozenset() if expression is None else referenced_tags(expression)


def over_row(text: str, scope: Scope) -> tuple[Truth, ...]:
    """What an expression over a row says, once per way to let its tags stand for columns.

    Empty where a tag has no column; unknown where the text cannot be read.
    """
    expression = read_expression(text, Usage.ROW)
    if expression is None:
        return (None,)
    return tuple(truth(expression, each) for each in scope.choices(referenced_tags(expression)))


def shows(truths: Iterable[Truth]) -> bool:
    """Whether a row policy's expression shows the row: TRUE for every choice, of which there is at
    least one.
    """
    met = set(truths)
    return met == {True}


def passes(truths: Iterable[Truth]) -> bool:
    """Whether a mask's `where` lets a cell pass: FALSE for every choice, of which there is at least
    one.
    """
    met = set(truths)
    return met == {False}


def masking(text: str, column: Column, scope: Scope) -> Value:
    """The value of an `sql` mask's expression in the column's type; NULL where it does not fit or
    mix.
    """
    expression = read_expression(text, Usage.MASK)
    if expression is None:
        return None
    result = evaluate(expression, replace(scope, value=of_column(scope.row.get(column.name), column.type)))
    if (
        not result.decided
        or result.group is None
        or result.group is not of_column(None, column.type).group
        or result.value is None
    ):
        return None
    if isinstance(result.value, str):
        return result.value if fits_text(result.value, column.type) else None
    return converted(result, column.type)
