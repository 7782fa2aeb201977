"""Expressions as people write them."""

from functools import lru_cache

from veil.language.analysis import analyze
from veil.language.lexer import tokenize
from veil.language.parser import parse_syntax
from veil.language.tokens import Source
from veil.language.tree import Expression
from veil.language.usage import Usage

_INSTEAD = {
    Usage.ROW: "Write a condition, such as region = 'US'.",
    Usage.AUDIENCE: "Write a condition, such as @isInGroups('analysts').",
    Usage.SUBSCRIPTION: "Write a condition, such as @isInGroups('analysts').",
    Usage.MASK: "Write a value, such as LEFT(@value, 3).",
}
"""In place of nothing."""


@lru_cache(maxsize=4096)
def parse(text: str, usage: Usage) -> Expression:
    """The tree of an expression that stands in `usage`.

    Raises ExpressionError for whatever the policy language does not have. Nothing of the text but
    the tree goes on: comments, spelling and layout are gone.
    """
    source = Source(text, tuple(tokenize(text)))
    if len(source.tokens) == 1:
        source.fail(0, "The expression is empty.", _INSTEAD[usage])
    return analyze(source, usage, parse_syntax(source))
