"""Values and operators must alternate.

sqlglot takes `a b` for an alias, `BETWEEN 1 2` for a range and drops a unary plus. Every such leniency shows as two
neighbours that cannot be: two values, or two operators, in a row.
"""

from itertools import pairwise

from veil.language.errors import did_you_mean
from veil.language.tokens import Kind, Source, Token
from veil.language.words import DISTINCT_FROM, KEYWORDS, LOOKUP_FORM

_VALUES = frozenset({Kind.NAME, Kind.QUOTED, Kind.STRING, Kind.NUMBER, Kind.TEMPLATE, Kind.MOMENT})
_NAMES = (Kind.NAME, Kind.QUOTED)
_PHRASES = {
    "at": "Times are UTC here. Leave AT TIME ZONE 'UTC' out; DATEADD(hour, 2, x) is two hours ahead.",
    "for": "Write SUBSTRING(text, start, length).",
    **dict.fromkeys(("both", "leading", "trailing"), "Write BTRIM(text, characters), LTRIM or RTRIM."),
    "symmetric": "Write x BETWEEN a AND b OR x BETWEEN b AND a.",
    "asymmetric": "Write x BETWEEN low AND high.",
}
_SYMMETRIC = "Write NOT (x BETWEEN a AND b OR x BETWEEN b AND a)."
"""The advice about NOT BETWEEN SYMMETRIC."""
_RANGES = ("IN", "BETWEEN", "LIKE", "ILIKE")


def check_neighbours(source: Source) -> None:
    """Raise ExpressionError at the first two tokens that cannot be neighbours. The source is not empty."""
    tokens = source.tokens
    if not begins_value(tokens[0]):
        source.fail(0, f"Something is missing before {source.named(0)}.")
    in_from = False
    for index, (token, after) in enumerate(pairwise(tokens)):
        in_from = token.is_keyword("FROM") or (in_from and not token.is_keyword("WHERE") and not token.is_symbol(")"))
        if not ends_value(token, after):
            if not _completes(source, index):
                source.fail(index, f"Something is missing after {source.named(index)}.", _gap_advice(source, index))
        elif not (_joins(source, index + 1) or (in_from and after.kind in _NAMES)):
            source.fail(index + 1, _unjoined(source, index), _joining_advice(source, index))


def ends_value(token: Token, after: Token) -> bool:
    """Whether a value ends with this token."""
    if token.kind in (*_NAMES, Kind.TEMPLATE) and after.is_symbol("("):
        return False
    if token.kind in _VALUES or token.kind is Kind.TYPE:
        return True
    return token.is_symbol(")") or token.is_keyword("NULL", "TRUE", "FALSE", "END")


def begins_value(token: Token) -> bool:
    """Whether a value may begin with this token."""
    if token.kind in _VALUES or token.is_symbol("(", "-"):
        return True
    return token.is_keyword("NULL", "TRUE", "FALSE", "CASE", "CAST", "NOT", "SELECT")


def _joins(source: Source, index: int) -> bool:
    """Whether this token may follow a value."""
    token = source.tokens[index]
    if token.kind is Kind.END or (token.kind is Kind.SYMBOL and token.value != "("):
        return True
    if token.is_keyword("NOT"):
        return source.tokens[index + 1].is_keyword(*_RANGES)
    return token.is_keyword(
        *(*_RANGES, *DISTINCT_FROM, "AND", "OR", "IS", "WHEN", "THEN", "ELSE", "END", "AS", "FROM", "WHERE")
    )


def _completes(source: Source, index: int) -> bool:
    """Whether what follows this token, which ends no value, is what it waits for."""
    token, after = source.tokens[index], source.tokens[index + 1]
    if token.is_keyword("IN", "CAST"):
        return after.is_symbol("(")
    if token.is_symbol("::"):
        return after.kind is Kind.TYPE
    if token.is_symbol("."):
        return after.kind in _NAMES
    if token.is_symbol("(") and after.is_symbol(")"):
        return source.tokens[index - 1].kind in (Kind.NAME, Kind.TEMPLATE)
    if token.is_keyword("NOT") and after.is_keyword(*_RANGES):
        return index > 0 and ends_value(source.tokens[index - 1], token)
    if token.is_keyword("AS") and after.kind is Kind.TYPE:
        return True
    if token.is_keyword("CASE") and after.is_keyword("WHEN"):
        return True
    if token.is_keyword("SELECT") and after.is_keyword("DISTINCT"):
        return True
    return begins_value(after)


def _gap_advice(source: Source, index: int) -> str | None:
    token, after = source.tokens[index], source.tokens[index + 1]
    if token.is_keyword("SELECT", "DISTINCT") and after.is_symbol("*"):
        return f"Name the one column to compare with. {LOOKUP_FORM}"
    if token.is_keyword("IN"):
        return "Put the list in round brackets: x IN ('a', 'b')."
    if token.is_symbol("(") and after.is_symbol(")"):
        return "A list has at least one item."
    if after.is_symbol("+"):
        return "Delete the plus sign: numbers are positive without it."
    if token.is_keyword("NOT") and after.is_keyword(*_RANGES) and source.tokens[index - 1].is_keyword("IS"):
        return f"Write NOT {after.value} without IS."
    if token.is_symbol("%", "_") and any(each.is_keyword("LIKE", "ILIKE") for each in source.tokens[:index]):
        return "A pattern is a text in single quotes: LIKE 'a%'."
    return None


def _unjoined(source: Source, index: int) -> str:
    token, after = source.tokens[index], source.tokens[index + 1]
    if token.kind is Kind.NAME and after.kind is Kind.STRING and token.end == after.start:
        return f"{token.value.upper()}'…' texts are not part of the policy language."
    return f"An operator is missing between {source.named(index)} and {source.named(index + 1)}."


def _joining_advice(source: Source, index: int) -> str | None:
    token, after = source.tokens[index], source.tokens[index + 1]
    if after.kind is Kind.STRING and token.kind is Kind.NAME and token.end == after.start:
        return "Write a plain text in single quotes."
    if token.kind is Kind.STRING and after.kind is Kind.STRING:
        return "Write || to join texts, a comma between the items of a list."
    if after.is_keyword("NOT") and source.tokens[index + 2].is_symbol("="):
        return "Write <> for not equal."
    for at, each in ((index + 1, after), (index, token)):
        if each.kind is Kind.NAME and each.value in _PHRASES:
            return _SYMMETRIC if each.value == "symmetric" and _is_denied(source, at) else _PHRASES[each.value]
        if each.kind is Kind.NAME and len(each.value) > 2 and (hint := _keyword_like(each.value)):
            return hint
    return "Write AND, OR, a comparison or a comma between them."


def _is_denied(source: Source, index: int) -> bool:
    """Whether NOT stands before the keyword before this word."""
    return index > 1 and source.tokens[index - 2].is_keyword("NOT")


def _keyword_like(word: str) -> str | None:
    return did_you_mean(word.upper(), sorted(KEYWORDS), cutoff=0.66)
