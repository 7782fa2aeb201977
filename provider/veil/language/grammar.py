"""sqlglot gives the tokens their structure: what belongs to what, by Redshift's precedence.

It sees no character of the user's: every name, literal and templated function goes in as a placeholder that carries
its token's index, so nothing in a text can break out of it, no function is rewritten, and every node leads back to
its place.
"""

from typing import NoReturn

from sqlglot import exp
from sqlglot.dialects.redshift import Redshift
from sqlglot.errors import ErrorLevel, ParseError
from sqlglot.tokenizer_core import Token as SqlToken
from sqlglot.tokenizer_core import TokenType

from veil.language.tokens import Kind, Source, Token
from veil.language.words import DISTINCT_FROM

_SYMBOLS = {
    "(": TokenType.L_PAREN,
    ")": TokenType.R_PAREN,
    ",": TokenType.COMMA,
    ".": TokenType.DOT,
    "=": TokenType.EQ,
    "<>": TokenType.NEQ,
    "<": TokenType.LT,
    "<=": TokenType.LTE,
    ">": TokenType.GT,
    ">=": TokenType.GTE,
    "+": TokenType.PLUS,
    "-": TokenType.DASH,
    "*": TokenType.STAR,
    "/": TokenType.SLASH,
    "%": TokenType.MOD,
    "||": TokenType.DPIPE,
    "::": TokenType.DCOLON,
}
_KEYWORDS = {
    "AND": TokenType.AND,
    "OR": TokenType.OR,
    "NOT": TokenType.NOT,
    "IS": TokenType.IS,
    "IN": TokenType.IN,
    "BETWEEN": TokenType.BETWEEN,
    "LIKE": TokenType.LIKE,
    "ILIKE": TokenType.ILIKE,
    "CASE": TokenType.CASE,
    "WHEN": TokenType.WHEN,
    "THEN": TokenType.THEN,
    "ELSE": TokenType.ELSE,
    "END": TokenType.END,
    "CAST": TokenType.VAR,
    "AS": TokenType.ALIAS,
    "SELECT": TokenType.SELECT,
    "DISTINCT": TokenType.DISTINCT,
    "FROM": TokenType.FROM,
    "WHERE": TokenType.WHERE,
}
_FORMS = {
    "CASE": "CASE WHEN condition THEN value ELSE value END",
    "BETWEEN": "x BETWEEN low AND high",
    "CAST": "CAST(x AS type)",
    "SELECT": "x IN (SELECT column FROM schema.table WHERE condition)",
}
_PLACEHOLDERS = (TokenType.VAR, TokenType.STRING, TokenType.NUMBER)
_LEAVES = (exp.Identifier, exp.Literal, exp.Anonymous)


def structure(source: Source) -> exp.Expr:
    """The tree of a screened source, in sqlglot's nodes. Raises ExpressionError."""
    tokens = [each for index in range(len(source.tokens) - 1) for each in _placeholders(source.tokens, index)]
    try:
        parsed = Redshift().parser(error_level=ErrorLevel.IMMEDIATE).parse_into(exp.Condition, tokens, "")
    except ParseError as error:
        column = error.errors[0].get("col") if error.errors else None
        _refuse(source, column if isinstance(column, int) else 0)
    if len(parsed) != 1 or parsed[0] is None:
        source.fail(0, "This is not one expression.", last=len(source.tokens) - 2)
    _check_complete(source, parsed[0], tokens)
    return parsed[0]


def index_of(node: exp.Expr) -> int:
    """The index of the token that a leaf or a call stands for."""
    leaf = node.this
    while isinstance(leaf, exp.Expr):
        leaf = leaf.this
    return int(str(leaf).lstrip("v"))


def leaves_of(node: exp.Expr) -> list[exp.Expr]:
    """The names, literals and calls in `node`: what carries an index."""
    return [each for each in node.walk() if isinstance(each, _LEAVES)]


def _check_complete(source: Source, parsed: exp.Expr, tokens: list[SqlToken]) -> None:
    """Refuse a tree that lost a token, or in which sqlglot took a keyword for a name."""
    given = {token.text: token.col for token in tokens if token.token_type in _PLACEHOLDERS and token.text != "CAST"}
    found = {str(leaf.this) for leaf in leaves_of(parsed)}
    if found != given.keys():
        _refuse(source, min((column for text, column in given.items() if text not in found), default=0))


def _placeholders(tokens: tuple[Token, ...], index: int) -> list[SqlToken]:
    """What sqlglot sees of the token at `index`; its column carries the index into errors."""
    token = tokens[index]
    if token.is_symbol("(") and _groups(tokens, index):
        return [SqlToken(TokenType.VAR, f"v{index}", 1, index), SqlToken(TokenType.L_PAREN, "(", 1, index)]
    if token.kind is Kind.SYMBOL:
        return [SqlToken(_SYMBOLS[token.value], token.value, 1, index)]
    if token.kind is Kind.STRING:
        return [SqlToken(TokenType.STRING, str(index), 1, index)]
    if token.kind is Kind.NUMBER:
        return [SqlToken(TokenType.NUMBER, str(index), 1, index)]
    if token.kind is Kind.TYPE:
        shape = (
            (TokenType.VARCHAR, "VARCHAR"),
            (TokenType.L_PAREN, "("),
            (TokenType.NUMBER, str(index)),
            (TokenType.R_PAREN, ")"),
        )
        return [SqlToken(kind, text, 1, index) for kind, text in shape]
    if token.kind is Kind.KEYWORD and token.value in (*_KEYWORDS, *DISTINCT_FROM):
        return [SqlToken(_KEYWORDS[word], word, 1, index) for word in token.value.split()]
    if token.is_keyword("NULL") and _belongs_to_is(tokens, index):
        return [SqlToken(TokenType.NULL, "NULL", 1, index)]
    return [SqlToken(TokenType.VAR, f"v{index}", 1, index)]


def _groups(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether this bracket only groups. It goes in as a call, because sqlglot adds brackets of its own to comparisons
    with IS, and the user's must be told from those.
    """
    before = tokens[index - 1] if index else None
    return before is None or not (before.kind in (Kind.NAME, Kind.TEMPLATE) or before.is_keyword("IN", "CAST"))


def _belongs_to_is(tokens: tuple[Token, ...], index: int) -> bool:
    before = tokens[index - 1 : index]
    if before and before[0].is_keyword("NOT"):
        before = tokens[index - 2 : index - 1]
    return bool(before) and before[0].is_keyword("IS")


def _refuse(source: Source, index: int) -> NoReturn:
    """Say what is wrong at the token that sqlglot stopped at."""
    index = min(index, len(source.tokens) - 2)
    opened = next((word for word in map(_form, reversed(source.tokens[: index + 1])) if word), None)
    if opened:
        source.fail(index, f"{opened} is not complete at {source.named(index)}.", f"Its form: {_FORMS[opened]}.")
    subject = source.named(index)
    if source.tokens[index].kind is Kind.SYMBOL:
        subject = subject[0].upper() + subject[1:]
    source.fail(index, f"{subject} does not fit here.")


def _form(token: Token) -> str | None:
    """The construct of several words that a token belongs to."""
    word = "CASE" if token.is_keyword("WHEN", "THEN", "ELSE", "END") else token.value
    return word if token.kind is Kind.KEYWORD and word in _FORMS else None
