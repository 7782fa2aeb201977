"""Text to tree, in one go. The only way to sqlglot, so that importing the package does not load it."""

from veil.language.analysis.analyzer import Analyzer
from veil.language.analysis.table import HANDLERS
from veil.language.grammar import structure
from veil.language.lexer import tokenize
from veil.language.phrases import join_phrases
from veil.language.screen import fail_nesting, screen
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


def read(text: str, usage: Usage) -> Expression:
    """The tree of `text`. Raises ExpressionError."""
    source = Source(text, join_phrases(text, tokenize(text)))
    if len(source.tokens) == 1:
        source.fail(0, "The expression is empty.", _INSTEAD[usage])
    screen(source)
    analyzer = Analyzer(source, usage, HANDLERS)
    try:
        node = structure(source)
        return analyzer.condition(node) if usage.is_condition else analyzer.expression(node)
    except RecursionError:
        fail_nesting(source, 0)
