"""The words of an expression, with their offsets in the user's text."""

from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import NoReturn

from veil.language.errors import ExpressionError


class Kind(Enum):
    """What a token is."""

    NAME = auto()
    """An unquoted word that is no keyword; `value` is folded to lower case."""
    QUOTED = auto()
    """A name in double quotes; `value` is what is between them."""
    STRING = auto()
    """A text literal; `value` is the text."""
    NUMBER = auto()
    TEMPLATE = auto()
    """`@name`; `value` is the name as written, without the `@`."""
    KEYWORD = auto()
    """`value` is in upper case."""
    SYMBOL = auto()
    MOMENT = auto()
    """DATE '…' or TIMESTAMP '…'; `value` is the canonical text, `type` which of the two."""
    TYPE = auto()
    """A data type after `::` or in CAST; `type` is its standard name, `arguments` its length or digits."""
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    value: str
    start: int
    end: int
    type: str = ""
    arguments: tuple[int, ...] = ()

    def is_symbol(self, *symbols: str) -> bool:
        return self.kind is Kind.SYMBOL and self.value in symbols

    def is_keyword(self, *keywords: str) -> bool:
        return self.kind is Kind.KEYWORD and self.value in keywords


@dataclass(frozen=True)
class Source:
    """A text and its tokens. The last token is always the END sentinel."""

    text: str
    tokens: tuple[Token, ...]

    def fail(self, first: int, message: str, suggestion: str | None = None, *, last: int | None = None) -> NoReturn:
        """Raise an ExpressionError that points at the tokens from index `first` to index `last`."""
        start = self.tokens[first].start
        end = self.tokens[first if last is None else last].end
        raise ExpressionError(message, self.text, start, end, suggestion)

    def spelled(self, first: int, last: int | None = None) -> str:
        """The user's own spelling of some tokens, shortened for a message."""
        end = self.tokens[first if last is None else last].end
        text = " ".join(self.text[self.tokens[first].start : end].split())
        return text if len(text) <= 60 else text[:57] + "…"

    def named(self, index: int) -> str:
        """The token in a message; punctuation by its name."""
        token = self.tokens[index]
        return _PUNCTUATION.get(token.value, token.value) if token.kind is Kind.SYMBOL else self.spelled(index)

    @cached_property
    def partners(self) -> dict[int, int]:
        """For each bracket the index of its partner; brackets without one are left out."""
        found: dict[int, int] = {}
        opened: list[int] = []
        for index, token in enumerate(self.tokens):
            if token.is_symbol("("):
                opened.append(index)
            elif token.is_symbol(")") and opened:
                found[index] = opened.pop()
                found[found[index]] = index
        return found


_PUNCTUATION = {",": "the comma", ".": "the dot", "(": "the opening bracket", ")": "the closing bracket"}
