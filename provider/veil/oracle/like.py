"""LIKE and ILIKE: `%` any run, `_` any one character, backslash takes the next character as it
is.
"""

import re

from veil.oracle.logic import Truth
from veil.oracle.operands import Group, Operand


def like(operand: Operand, pattern: str, case_insensitive: bool) -> Truth:
    """Whether the whole text matches; trailing spaces count. Unknown for NULL and for what is no
    text.

    Without regard to case, only the letters of ASCII have two (Amazon Redshift Developer Guide,
    LIKE). A pattern that ends in a lone backslash is an error in SQL: unknown.
    """
    if operand.group is not Group.TEXT or not isinstance(operand.value, str):
        return None
    expression = _expression(pattern)
    if expression is None:
        return None
    flags = re.DOTALL | (re.IGNORECASE | re.ASCII if case_insensitive else 0)
    return re.fullmatch(expression, operand.value, flags) is not None


def _expression(pattern: str) -> str | None:
    pieces, characters = [], iter(pattern)
    for character in characters:
        if character == "\\":
            taken = next(characters, None)
            if taken is None:
                return None
            pieces.append(re.escape(taken))
        else:
            pieces.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
    return "".join(pieces)
