"""Expressions as people write them."""

from functools import lru_cache

from veil.language.tree import Expression
from veil.language.usage import Usage


@lru_cache(maxsize=4096)
def parse(text: str, usage: Usage) -> Expression:
    """The tree of an expression that stands in `usage`.

    Raises ExpressionError for whatever the policy language does not have. Nothing of the text but the tree goes on:
    comments, spelling and layout are gone. The first call loads sqlglot (about 0.1 s).
    """
    from veil.language.reading import read

    return read(text, usage)
