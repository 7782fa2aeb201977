"""Text to tokens. Comments are dropped here: what is compiled is rebuilt from the tree and carries
none.
"""

import re

from veil.language.errors import ExpressionError
from veil.language.keywords import DISTINCT_FROM, KEYWORDS, REFUSED_SYMBOLS, SYMBOLS, fold
from veil.language.quoted import check_name, read_name, read_string
from veil.language.tokens import Kind, Token

MAX_BYTES = 32 * 1024
"""The longest expression, in bytes of UTF-8."""

_BLANK = re.compile(r"[ \t\r\n]+")
_WORD = re.compile(r"[^\W\d][\w$]*")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_AFTER_NUMBER = re.compile(r"[\w$.]+")
_TEMPLATE = re.compile(r"@([A-Za-z_]\w*)")
_LINE_COMMENT = re.compile(r"--[^\r\n]*")
_TYPOGRAPHIC = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "a single quote (')"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", "a quote (' for strings, \" for names)"),
}
_INVISIBLE = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\xad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f"
    "\\ud800-\\udfff\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]"
)
"""Control characters, lone surrogates, and the marks that make a string read otherwise than it is:
a line separator would show what stands behind it on a line of its own, and still be in the comment.
Joiners, which some scripts need, may stay.
"""


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, closed by an END token. Raises ExpressionError."""
    _check_characters(text)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        skipped = _skip(text, position)
        if skipped > position:
            position = skipped
            continue
        token = _token(text, position)
        position = token.end
        tokens.append(_joined(tokens, token) if token.is_keyword("FROM") else token)
    end = len(text.rstrip())
    tokens.append(Token(Kind.END, "", end, end))
    return tokens


def _check_characters(text: str) -> None:
    if match := _INVISIBLE.search(text):
        problem = f"The invisible character U+{ord(match.group()):04X} is not allowed."
        raise ExpressionError(problem, text, match.start(), match.end(), "Delete it.")
    if len(text.encode()) > MAX_BYTES:
        problem = f"The expression is {len(text.encode())} bytes long; at most {MAX_BYTES} are allowed."
        raise ExpressionError(problem, text, 0, 1, "Put long lists into a lookup table: x IN (SELECT …).")


def _skip(text: str, position: int) -> int:
    """The offset after a run of spaces or a comment that begins here, or `position` itself."""
    if match := _BLANK.match(text, position) or _LINE_COMMENT.match(text, position):
        return match.end()
    if not text.startswith("/*", position):
        return position
    close = text.find("*/", position + 2)
    if close < 0:
        raise ExpressionError("This comment is not closed.", text, position, position + 2, "Close it with */.")
    nested = text.find("/*", position + 2, close)
    if nested >= 0:
        raise ExpressionError("A comment begins inside a comment.", text, nested, nested + 2, "Comments do not nest.")
    return close + 2


def _token(text: str, start: int) -> Token:
    character = text[start]
    if character == "'":
        value, end = read_string(text, start)
        return Token(Kind.STRING, value, start, end)
    if character == '"':
        value, end = read_name(text, start)
        return Token(Kind.QUOTED, fold(value), start, end)
    if match := _NUMBER.match(text, start):
        return _number(text, start, match.end())
    if match := _WORD.match(text, start):
        return _word(text, start, match.end())
    if match := _TEMPLATE.match(text, start):
        return Token(Kind.TEMPLATE, match.group(1), start, match.end())
    return _symbol(text, start)


def _joined(before: list[Token], from_: Token) -> Token:
    """IS [NOT] DISTINCT FROM as one operator, where FROM ends it; its first words are taken off
    `before`.
    """
    for phrase in DISTINCT_FROM:
        words = phrase.split()[:-1]
        tail = before[-len(words) :]
        if len(tail) == len(words) and all(each.is_keyword(word) for each, word in zip(tail, words, strict=True)):
            del before[-len(words) :]
            return Token(Kind.KEYWORD, phrase, tail[0].start, from_.end)
    return from_


def _number(text: str, start: int, end: int) -> Token:
    if trailing := _AFTER_NUMBER.match(text, end):
        problem = f"{text[start : trailing.end()]} is not a number."
        advice = 'Write it in plain digits, such as 1000 or 0.5. A name that begins with a digit stands in double quotes: "1st".'
        raise ExpressionError(problem, text, start, trailing.end(), advice)
    digits = text[start:end]
    if len(digits.replace(".", "")) > 38 or len(digits.partition(".")[2]) > 37:
        problem = "This number has more than 38 digits, or 37 decimals, which Redshift cannot hold."
        raise ExpressionError(problem, text, start, end)
    return Token(Kind.NUMBER, digits, start, end)


def _word(text: str, start: int, end: int) -> Token:
    word = text[start:end]
    if word.upper() in KEYWORDS and word.isascii():
        return Token(Kind.KEYWORD, word.upper(), start, end)
    check_name(word, text, start, end)
    return Token(Kind.NAME, fold(word), start, end)


def _symbol(text: str, start: int) -> Token:
    for symbol, advice in REFUSED_SYMBOLS.items():
        if text.startswith(symbol, start) and not text.startswith(("!=", "||", "::"), start):
            raise ExpressionError(
                f"{symbol} is not part of the policy language.", text, start, start + len(symbol), advice
            )
    for symbol in SYMBOLS:
        if text.startswith(symbol, start):
            return Token(Kind.SYMBOL, "<>" if symbol == "!=" else symbol, start, start + len(symbol))
    character = text[start]
    if character in _TYPOGRAPHIC:
        advice = f"Write {_TYPOGRAPHIC[character]}."
        raise ExpressionError(f"{character} is a typographic quote.", text, start, start + 1, advice)
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    raise ExpressionError(f"The character {shown} is not part of the policy language.", text, start, start + 1)
