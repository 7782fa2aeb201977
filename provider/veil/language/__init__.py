"""The policy language: expressions as text, as a typed tree, and back.

`parse` makes the tree in three steps: `lexer` makes tokens of the text, `parser` gives them their
structure (`syntax`), `analysis` turns that into the typed tree (`tree`) and refuses what the
language does not have. `walk` and its companions read the tree, `to_text` prints it.
`docs/guides/policy-language.md` describes the language for its users.
"""

from veil.language.asked import Asked, Holding
from veil.language.errors import ExpressionError
from veil.language.functions import ALLOWED
from veil.language.infrastructure import has_infrastructure, infrastructure_pieces
from veil.language.parsing import parse
from veil.language.printer import to_text
from veil.language.tree import Expression
from veil.language.types import CASTABLE
from veil.language.usage import Usage
from veil.language.visitor import (
    asks_user,
    lookup_columns,
    lookups,
    outcomes,
    purposes,
    referenced_columns,
    referenced_tags,
    walk,
)

__all__ = [
    "ALLOWED",
    "CASTABLE",
    "Asked",
    "Expression",
    "ExpressionError",
    "Holding",
    "Usage",
    "asks_user",
    "has_infrastructure",
    "infrastructure_pieces",
    "lookup_columns",
    "lookups",
    "outcomes",
    "parse",
    "purposes",
    "referenced_columns",
    "referenced_tags",
    "to_text",
    "walk",
]
