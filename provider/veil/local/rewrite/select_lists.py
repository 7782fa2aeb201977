"""The SELECT lists of query blocks, item by item."""

from __future__ import annotations

from collections.abc import Sequence

from veil.local.rewrite.blocks import Block, own_tokens
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.lexer import Kind

STAR = "*"
_NO_ALIAS = frozenset({"end", "null", "true", "false", "sysdate"})
_BEFORE_OPERAND = frozenset(
    {
        *("::", "precision", "over", "collate", "time", "and", "or", "not", "is", "in", "like", "ilike", "between"),
        *("similar", "to", "escape", "case", "when", "then", "else", "any", "all", "distinct"),
    }
)
"""What a name stands behind that is part of the expression."""


def outermost(sql: Sql, blocks: Sequence[Block], start: int, end: int) -> list[Block]:
    """The blocks between two tokens that stand in no bracket there: one, or several with set
    operations between them.
    """
    starts = {block.start: block for block in blocks[1:]}
    outer: list[Block] = []
    at = start
    while at < end:
        if at in starts:
            outer.append(starts[at])
        at = sql.closing(at) + 1 if sql.word(at) == "(" else at + 1
    return outer


def items(sql: Sql, block: Block) -> list[tuple[str, int, int]]:
    """Each item of a SELECT list: what its column is called ("" where the text does not say, STAR
    for all of them), and the tokens of its expression.
    """
    select_items: list[tuple[str, int, int]] = []
    start = block.start + (2 if sql.word(block.start + 1) in ("distinct", "all") else 1)
    stop = next((at for at in own_tokens(sql, block) if sql.word(at) in ("from", "into", "where")), block.end)
    for at in (*(k for k in own_tokens(sql, block) if k < stop and sql.word(k) == ","), stop):
        if at > start:
            select_items.append(_item(sql, start, at))
        start = at + 1
    return select_items


def _item(sql: Sql, start: int, end: int) -> tuple[str, int, int]:
    last = end - 1
    if sql.word(last) == STAR:
        return STAR, start, end
    if not sql.is_name(last) or (sql.tokens[last].kind is Kind.WORD and sql.word(last) in _NO_ALIAS):
        return "", start, end
    if last == start or sql.word(last - 1) == ".":
        return sql.name(last), start, end
    if sql.word(last - 1) == "as":
        return sql.name(last), start, last - 1
    if sql.word(last - 1) in _BEFORE_OPERAND or _is_operator(sql, last - 1):
        return "", start, end
    return sql.name(last), start, last


def _is_operator(sql: Sql, at: int) -> bool:
    return sql.tokens[at].kind is Kind.SYMBOL and sql.word(at) not in (")", "]")
