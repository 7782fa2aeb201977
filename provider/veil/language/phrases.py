"""Several tokens that mean one thing, joined: data types, typed literals, and arguments that SQL sets off by words.

`EXTRACT(year FROM x)` and `POSITION(a IN b)` get commas here, so that they are calls like all others.
"""

from veil.language.errors import ExpressionError
from veil.language.moments import canonical_date, canonical_timestamp
from veil.language.tokens import Kind, Token
from veil.language.types import CASTABLE, LONGEST_SPELLING, advice_about, problem_with_arguments
from veil.language.words import DISTINCT_FROM

_MOMENTS = {"date": canonical_date, "timestamp": canonical_timestamp}
_SET_OFF = {"extract": "FROM", "position": "IN"}
"""The word that stands for a comma in the call of a function."""


def join_phrases(text: str, tokens: list[Token]) -> tuple[Token, ...]:
    """The tokens with every phrase joined to one token. Raises ExpressionError for an unknown type or a bad date."""
    joined: list[Token] = []
    opened: list[str] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        previous = joined[-1] if joined else None
        if token.is_symbol("("):
            opened.append(previous.value if previous else "")
        elif token.is_symbol(")") and opened:
            opened.pop()
        if previous and _announces_type(previous, opened):
            phrase, position = _type(text, tokens, position)
            joined.append(phrase)
            continue
        if token.kind is Kind.NAME and token.value in _MOMENTS and tokens[position + 1].kind is Kind.STRING:
            joined.append(_moment(text, token, tokens[position + 1]))
            position += 2
            continue
        if (distinct := _distinct(tokens, position)) is not None:
            joined.append(distinct)
            position += len(distinct.value.split())
            continue
        if opened and opened[-1] == "CAST" and token.is_symbol(","):
            problem = "CAST takes a value and, behind AS, a type."
            raise ExpressionError(problem, text, token.start, token.end, "Write CAST(x AS INTEGER), for example.")
        if opened and token.is_keyword(_SET_OFF.get(opened[-1], "")):
            opened[-1] = ""
            token = Token(Kind.SYMBOL, ",", token.start, token.end)
        joined.append(token)
        position += 1
    return tuple(joined)


def _distinct(tokens: list[Token], first: int) -> Token | None:
    """The operator IS [NOT] DISTINCT FROM, where it begins at index `first`."""
    for phrase in DISTINCT_FROM:
        words = phrase.split()
        found = tokens[first : first + len(words)]
        if len(found) == len(words) and all(each.is_keyword(word) for each, word in zip(found, words, strict=True)):
            return Token(Kind.KEYWORD, phrase, found[0].start, found[-1].end)
    return None


def _announces_type(previous: Token, opened: list[str]) -> bool:
    return previous.is_symbol("::") or (previous.is_keyword("AS") and bool(opened) and opened[-1] == "CAST")


def _moment(text: str, word: Token, literal: Token) -> Token:
    try:
        value = _MOMENTS[word.value](literal.value)
    except ValueError as error:
        problem = f"'{literal.value}' is not a {word.value}: {error}."
        raise ExpressionError(problem, text, literal.start, literal.end) from None
    return Token(Kind.MOMENT, value, word.start, literal.end, type=word.value)


def _type(text: str, tokens: list[Token], first: int) -> tuple[Token, int]:
    """The data type that begins at index `first`, and the index after it."""
    words: list[str] = []
    while tokens[first + len(words)].kind is Kind.NAME and len(words) < LONGEST_SPELLING:
        words.append(tokens[first + len(words)].value)
    count = next((n for n in range(len(words), 0, -1) if " ".join(words[:n]) in CASTABLE), 0)
    end = tokens[first + max(len(words), 1) - 1].end
    if not count or tokens[first + count].kind is Kind.NAME:
        spelling = " ".join(words)
        problem = (
            f"{spelling.upper()} is not a type that values can be cast to." if words else "A data type is missing here."
        )
        raise ExpressionError(problem, text, tokens[first].start, end, advice_about(spelling))
    cast_type = CASTABLE[" ".join(words[:count])]
    arguments, following = _arguments(text, tokens, first + count)
    start, end = tokens[first].start, tokens[following - 1].end
    if misfit := problem_with_arguments(cast_type, arguments):
        raise ExpressionError(misfit, text, start, end)
    complete = (arguments + cast_type.defaults[len(arguments) :]) if cast_type.defaults else ()
    return Token(Kind.TYPE, cast_type.name, start, end, cast_type.name, complete), following


def _arguments(text: str, tokens: list[Token], first: int) -> tuple[tuple[int, ...], int]:
    """The bracketed integers at index `first`, if any, and the index after them."""
    if not tokens[first].is_symbol("("):
        return (), first
    values: list[int] = []
    position = first + 1
    while (
        tokens[position].kind is Kind.NUMBER and tokens[position].value.isdigit() and len(tokens[position].value) < 10
    ):
        values.append(int(tokens[position].value))
        closing = tokens[position + 1]
        position += 2
        if closing.is_symbol(")"):
            return tuple(values), position
        if not closing.is_symbol(","):
            break
    at = tokens[min(position, len(tokens) - 1)]
    problem = "A type's length, or precision and scale, are whole numbers in round brackets."
    raise ExpressionError(problem, text, at.start, at.end, "Write VARCHAR(20) or NUMERIC(12, 2), for example.")
