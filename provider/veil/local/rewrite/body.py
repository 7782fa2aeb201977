"""The bodies of functions and procedures: each statement in them is rewritten as if it had been
sent by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from veil.local.rewrite.edits import OPENING, Sql
from veil.local.rewrite.errors import RefusalError
from veil.local.rewrite.lexer import lex
from veil.local.rewrite.query import rewrite_query
from veil.local.rewrite.reserved import check_qualifiers

_OPENS_STATEMENT = frozenset({"begin", "then", "else", "loop", "declare", "exception"})
_BEFORE_STATEMENT = _OPENS_STATEMENT | {"", ";", ">"}

RewriteStatement = Callable[[Sql, int, int], str]
"""Gives a statement of a body, a range of its tokens, rewritten."""


def rewrite_expression_body(text: str, outer: Sql) -> str:
    """The body of a SQL function."""
    inner = _within(text, outer)
    return _around(inner, [(0, len(inner.tokens), rewrite_query(inner, 0, len(inner.tokens)))])


def rewrite_procedure_body(text: str, outer: Sql, rewrite: RewriteStatement, *, nonatomic: bool) -> str:
    """The body of a PL/pgSQL procedure, each of its statements rewritten by `rewrite`.

    Raises:
        RefusalError: a statement in it is not Redshift's.
    """
    inner = _within(text, outer)
    if not nonatomic:
        _rethrow(inner)
    return _around(inner, [(start, end, rewrite(inner, start, end)) for start, end in _statements(inner)])


def _within(text: str, outer: Sql) -> Sql:
    inner = Sql(text, lex(text), outer.scope, outer.rules, foreign=outer.foreign)
    check_qualifiers(inner)
    return inner


def _around(sql: Sql, parts: list[tuple[int, int, str]]) -> str:
    """The text with these ranges of tokens replaced, comments and blanks between them kept."""
    out: list[str] = []
    done = 0
    for start, end, replacement in parts:
        if start < end:
            out += (sql.text[done : sql.tokens[start].start], replacement)
            done = sql.tokens[end - 1].end
    out.append(sql.text[done:])
    return "".join(out)


def _statements(sql: Sql) -> Iterator[tuple[int, int]]:
    """The statements of a body: what stands between semicolons and the keywords of blocks."""
    start = at = 0
    while at < len(sql.tokens):
        word = sql.word(at)
        if word == ";" or word in _OPENS_STATEMENT:
            yield start, at
            start = at = at + 1
        elif word == "case" and at > start:
            at = _case_end(sql, at)
        elif word in OPENING:
            at = sql.closing(at) + 1
        else:
            at += 1
    yield start, at


def _rethrow(sql: Sql) -> None:
    """Makes every exception handler raise its error again when it ends, as Redshift's do in an
    atomic procedure.

    Redshift also commits what the handler wrote, which PostgreSQL cannot: here it is rolled back
    with the rest.
    """
    open_blocks: list[str] = []
    at = 0
    while at < len(sql.tokens):
        word = sql.word(at)
        if word in ("begin", "loop", "case") or (word == "if" and sql.word(at - 1) in _BEFORE_STATEMENT):
            open_blocks.append(word)
        elif word == "exception" and sql.word(at + 1) == "when" and open_blocks:
            open_blocks[-1] = word
            if sql.words(at + 2, 2) != ("others", "then"):
                raise RefusalError("0A000", "An exception handler can only be for WHEN OTHERS")
        elif word == "end" and open_blocks:
            if open_blocks.pop() == "exception":
                sql.insertions[at] = " RAISE; "
            at += 1 if sql.word(at + 1) in ("if", "loop", "case") else 0
        at += 1


def _case_end(sql: Sql, at: int) -> int:
    """The token after the END of a CASE expression."""
    depth = 0
    while at < len(sql.tokens):
        if sql.word(at) == "case":
            depth += 1
        elif sql.word(at) == "end":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    raise RefusalError("42601", "CASE without END")
