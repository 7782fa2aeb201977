"""The words of an expression, with their offsets in the user's text."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import NoReturn

from veil.language.errors import ExpressionError


class Kind(Enum):
    """What a token is."""

    NAME = auto()
    """An unquoted word that is no keyword; `value` is folded to lower case."""
    QUOTED = auto()
    """A name in double quotes; `value` is what is between them."""
    STRING = auto()
    """A string literal; `value` is the text."""
    NUMBER = auto()
    TEMPLATE = auto()
    """`@name`; `value` is the name as written, without the `@`."""
    KEYWORD = auto()
    """`value` is in upper case. IS [NOT] DISTINCT FROM is one keyword."""
    SYMBOL = auto()
    END = auto()


@dataclass(slots=True, eq=False)
class Token:
    kind: Kind
    value: str
    start: int
    end: int

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

    def spelled(self, index: int) -> str:
        """The user's own spelling of a token, shortened for a message."""
        return self.shortened(self.tokens[index].start, self.tokens[index].end)

    def shortened(self, start: int, end: int) -> str:
        """A part of the text on one line of 60 characters at most."""
        text = " ".join(self.text[start:end].split())
        return text if len(text) <= 60 else text[:57] + "…"

    def named(self, index: int) -> str:
        """The token in a message; punctuation by its name."""
        token = self.tokens[index]
        return _PUNCTUATION.get(token.value, token.value) if token.kind is Kind.SYMBOL else self.spelled(index)


_PUNCTUATION = {",": "the comma", ".": "the dot", "(": "the opening parenthesis", ")": "the closing parenthesis"}
