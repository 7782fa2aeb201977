"""Which functions the body of a user's function in SQL calls, as far as its text tells.

The body is one SELECT without tables (Amazon Redshift Database Developer Guide, CREATE FUNCTION:
"SQL scalar functions"), so that it depends on what it calls and on nothing else. It is read here by
its tokens alone. What is not certainly part of the grammar counts as a call: it is better to refuse
a function that is harmless than to miss one that hands the value on.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from veil.model.names import folded

Name = tuple[str, ...]
"""A name as it is written: with its schema, or without."""


class UnreadableBodyError(ValueError):
    """A body that systems may read in more than one way. The text says why, as a clause about the
    function.
    """


class _Token(NamedTuple):
    kind: str
    text: str


_TOKENS = re.compile(
    r"""
      (?P<space>[ \t\n\v\f\r]+|--[^\r\n]*)
    | (?P<comment>/\*)
    | (?P<dollar>\$(?:(?:[A-Za-z_]|[^\x00-\x7f])(?:\w|[^\x00-\x7f])*)?\$)
    | (?P<parameter>\$[0-9]+)
    | (?P<string>')
    | (?P<quoted>"(?:[^"]|"")+")
    | (?P<word>(?:[A-Za-z_]|[^\x00-\x7f])(?:[\w$]|[^\x00-\x7f])*)
    | (?P<number>[0-9][\w.]*|\.[0-9]\w*)
    | (?P<symbol>::|.)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
"""All that is not ASCII is part of a word, also what Unicode takes for a space, and a comment ends
at a carriage return, too. Written as what is not ASCII, and not as a range up to the last character,
of which Python takes ten milliseconds of each start to make a set.

Source: PostgreSQL, `scan.l`, whose grammar Redshift has.
"""
_COMMENT = re.compile(r"/\*|\*/")

_GRAMMAR = frozenset(
    [
        "select",
        "case",
        "when",
        "then",
        "else",
        "and",
        "or",
        "not",
        "in",
        "between",
        "any",
        "some",
        "all",
        "from",
        "for",
        "to",
        "as",
        "escape",
        "distinct",
        "using",
        "both",
        "leading",
        "trailing",
    ]
)
"""Reserved words that may stand before a parenthesis, and never are the name of a function
there.
"""

_FORMS = frozenset(["cast", "coalesce", "nullif", "greatest", "least", "extract", "position", "trim"])
"""What looks like a call and is part of the grammar: no search_path decides what it means."""

_TYPES = frozenset(["varchar", "char", "character", "nchar", "numeric", "decimal", "dec", "float", "time", "timestamp"])
"""Types with a length that can stand nowhere else than where a type does."""

_OPERATORS = frozenset(["like", "ilike", "similar"])
"""Between two operands these are operators, and anywhere else functions."""

_OPERANDS = frozenset({"parameter", "string", "dollar", "quoted", "number"})


def called_in(body: str) -> frozenset[Name]:
    """The names of all functions that the body of a function in SQL calls. Raises
    UnreadableBodyError where that cannot be determined.
    """
    tokens = list(_tokens(body))
    if sum(token == _Token("word", "select") for token in tokens) > 1:
        raise UnreadableBodyError("reads tables, or what could be tables")
    calls = (at for at, token in enumerate(tokens) if token == _Token("symbol", "(") and at)
    return frozenset(_name(tokens, at - 1) for at in calls if _is_call(tokens, at - 1))


def _is_call(tokens: list[_Token], at: int) -> bool:
    """Whether the token before a parenthesis is the name of a function."""
    kind, text = tokens[at]
    if kind not in ("word", "quoted"):
        return False
    before = tokens[at - 1] if at else _Token("symbol", ";")
    if kind == "quoted" or before.text == ".":
        return True
    if text in _OPERATORS:
        first = at - 2 if before.text == "not" else at - 1
        return not _is_operand(tokens, first)
    if text == "varying":
        return before.text not in ("character", "char")
    is_type = text in _TYPES or before == _Token("symbol", "::") or before == _Token("word", "as")
    return not (is_type or text in _GRAMMAR or text in _FORMS)


def _is_operand(tokens: list[_Token], at: int) -> bool:
    if at < 0:
        return False
    kind, text = tokens[at]
    return kind in _OPERANDS or text in (")", "end", "null", "true", "false")


def _name(tokens: list[_Token], at: int) -> Name:
    parts = [_text(tokens[at])]
    while at > 1 and tokens[at - 1].text == "." and tokens[at - 2].kind in ("word", "quoted"):
        at -= 2
        parts.insert(0, _text(tokens[at]))
    return tuple(parts)


def _text(token: _Token) -> str:
    return token.text if token.kind == "word" else token.text[1:-1].replace('""', '"')


def _tokens(body: str) -> Iterator[_Token]:
    """The tokens of a body but for spaces and comments, words folded."""
    at = 0
    while at < len(body):
        match = _TOKENS.match(body, at)
        assert match is not None  # Any character is a symbol.
        kind, text, at = match.lastgroup or "", match.group(), match.end()
        if kind == "comment":
            at = _after_comment(body, at)
        elif kind == "dollar":
            at = _after(body, text, at)
            yield _Token(kind, text)
        elif kind == "string":
            at = _after_string(body, at)
            yield _Token(kind, text)
        elif kind != "space":
            yield _Token(kind, folded(text) if kind == "word" else text)


def _after_comment(body: str, at: int) -> int:
    depth = 1
    while depth:
        match = _COMMENT.search(body, at)
        if match is None:
            raise UnreadableBodyError("has a comment without an end in its body")
        depth += 1 if match.group() == "/*" else -1
        at = match.end()
    return at


def _after_string(body: str, at: int) -> int:
    end = _after(body, "'", at)
    while body.startswith("'", end):
        end = _after(body, "'", end + 1)
    if "\\" in body[at:end]:
        # Whether it takes away the meaning of what follows is a setting of whoever asks.
        raise UnreadableBodyError(
            "has a backslash in a string of its body, which a setting of whoever asks gives a meaning"
        )
    return end


def _after(body: str, delimiter: str, at: int) -> int:
    end = body.find(delimiter, at)
    if end < 0:
        raise UnreadableBodyError("has a string without an end in its body")
    return end + len(delimiter)
