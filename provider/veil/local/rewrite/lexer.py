"""Cuts Redshift SQL into tokens that remember where they stood, so that the text can be edited in
place.

Redshift's lexical grammar is PostgreSQL's, except that a backslash always escapes in a plain
string. sqlglot's tokenizer is not used for this: it takes more than three times as long, and would
tie the engine to the parser whose output it tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from veil.local.rewrite.errors import RefusalError


class Kind(Enum):
    """What a token is."""

    WORD = auto()  # a keyword or an identifier without quotes
    QUOTED = auto()  # an identifier in double quotes
    STRING = auto()  # '...', E'...', b'...'
    DOLLAR = auto()  # $$...$$
    NUMBER = auto()
    PARAMETER = auto()  # $1
    SYMBOL = auto()


@dataclass(slots=True)
class Token:
    """One token. `word` is a WORD in lower case, else the token's own text (an identifier without
    its quotes).
    """

    kind: Kind
    word: str
    start: int
    end: int


_TOKEN = re.compile(
    r"""
      (?P<blank>\s+|--[^\r\n]*)
    | (?P<comment>/\*)
    | (?P<string>[eEnNbBxX]?'(?:[^'\\]|\\.|'')*')
    | (?P<word>[A-Za-z_\u0080-\U0010ffff\#][\w$\u0080-\U0010ffff\#]*)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<dollar>\$(?:[A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff]*)?\$)
    | (?P<parameter>\$\d+)
    | (?P<symbol>::|\|\||:=|<=|>=|<>|!=|=>|->>?|!~\*?|~\*|[-+*/%^<>=~!@&|?.,;:()\[\]{}\#$\\`])
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_KINDS = {
    "word": Kind.WORD,
    "quoted": Kind.QUOTED,
    "string": Kind.STRING,
    "number": Kind.NUMBER,
    "parameter": Kind.PARAMETER,
    "symbol": Kind.SYMBOL,
}


def lex(text: str) -> list[Token]:
    """The tokens of a text, without blanks and comments.

    Raises:
        RefusalError: a string, quoted identifier or comment has no end.
    """
    tokens: list[Token] = []
    at, size = 0, len(text)
    while at < size:
        match = _TOKEN.match(text, at)
        if match is None:
            raise RefusalError("42601", f'syntax error at or near "{text[at : at + 20]}"')
        group, end = match.lastgroup, match.end()
        if group == "comment":
            end = _comment_end(text, end)
        elif group == "dollar":
            end = _dollar_end(text, match.group(), end)
            tokens.append(Token(Kind.DOLLAR, text[at:end], at, end))
        elif group == "word":
            tokens.append(Token(Kind.WORD, match.group().lower(), at, end))
        elif group == "quoted":
            tokens.append(Token(Kind.QUOTED, match.group()[1:-1].replace('""', '"'), at, end))
        elif group is not None and group != "blank":
            tokens.append(Token(_KINDS[group], match.group(), at, end))
        at = end
    return tokens


def separated(text: str, tokens: list[Token]) -> str:
    """The text with a blank between a number and a word right after it (`WHEN 4THEN`), which
    PostgreSQL 8.0 read as two tokens and later ones refuse, or read as one (`0x1f`, `1_000`).
    """
    joints = [
        token.end
        for token, after in pairwise(tokens)
        if token.kind in (Kind.NUMBER, Kind.PARAMETER) and after.kind is Kind.WORD and token.end == after.start
    ]
    for at in reversed(joints):
        text = f"{text[:at]} {text[at:]}"
    return text


def _comment_end(text: str, at: int) -> int:
    depth = 1
    while depth:
        edge = _COMMENT_EDGE.search(text, at)
        if edge is None:
            raise RefusalError("42601", "unterminated /* comment")
        depth += 1 if edge.group() == "/*" else -1
        at = edge.end()
    return at


def _dollar_end(text: str, tag: str, at: int) -> int:
    end = text.find(tag, at)
    if end < 0:
        raise RefusalError("42601", "unterminated dollar-quoted string")
    return end + len(tag)


_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))|''", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def string_value(literal: str) -> str:
    """The value of a string token ('...', E'...' or $$...$$)."""
    if literal[0] == "$":
        tag = literal[: literal.index("$", 1) + 1]
        return literal[len(tag) : -len(tag)]

    def plain(match: re.Match[str]) -> str:
        octal, hexadecimal, other = match.groups()
        if octal or hexadecimal:
            return chr(int(octal or hexadecimal, 8 if octal else 16))
        return _CONTROL.get(other, other) if other else "'"

    return _ESCAPE.sub(plain, literal[literal.index("'") + 1 : -1])


def quote_string(value: str) -> str:
    """A string literal of this value, for a server on which a backslash escapes."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def quote_name(name: str) -> str:
    """A quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def dollar_quote(value: str) -> str:
    """A dollar-quoted string whose tag does not occur in the value."""
    tag, number = "$veil$", 0
    while tag in value:
        number += 1
        tag = f"$veil{number}$"
    return tag + value + tag
