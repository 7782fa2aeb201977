"""An alias of a SELECT list that is used further on in the same list.

It is known right after the item that it names, and a column of what FROM reads comes before it.
Whose columns a table has, only the server knows: so a name that may be an alias is sought among the
columns first, by a query in which theirs are the inner names and the alias is the outer one. Beside
aggregates there is no such query, and an alias stands for its expression there.

Source: Amazon Redshift Database Developer Guide, "SELECT list" (r_SELECT_list).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from veil.local.rewrite.blocks import Block, find_blocks, own_tokens
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import RefusalError
from veil.local.rewrite.lexer import Kind, quote_name
from veil.local.rewrite.reserved import RESERVED
from veil.local.rewrite.select_lists import STAR, items
from veil.local.rewrite.sources import Source

_AGGREGATES = frozenset(
    {
        *("any_value", "avg", "bool_and", "bool_or", "count", "listagg", "max", "median", "min", "percentile_cont"),
        *("percentile_disc", "stddev", "stddev_pop", "stddev_samp", "sum", "var_pop", "var_samp", "variance"),
        *("bit_and", "bit_or", "approximate", "array_agg", "object_agg"),
    }
)
_TAKE_A_UNIT = frozenset({"dateadd", "date_add", "datediff", "date_diff", "date_part", "datepart", "extract"})
_NOT_BEFORE = frozenset({".", "as", "::", "over", "interval", "collate"})
_BEFORE_OPERAND = frozenset(
    {
        *("and", "or", "not", "case", "when", "then", "else", "in", "like", "ilike", "similar", "to", "escape"),
        *("between", "distinct", "all", "by", "from", "for"),
    }
)
_LARGEST = 1 << 20


def plan_lateral_aliases(sql: Sql, start: int, end: int, sources: Sequence[Source], arrays: Collection[Source]) -> None:
    """Plans that a name which may be an alias given before it, in the same SELECT list, is that
    where no column has this name. To be planned last: what an alias stands for is written out.
    """
    if not _may_be_used(sql, start, end):
        return
    blocks = find_blocks(sql, start, end, sources)
    for block in reversed(blocks[1:]):  # An alias may stand for a query that has aliases of its own.
        if not any(each in arrays for each in block.sources):
            _plan_block(sql, block)


def _may_be_used(sql: Sql, start: int, end: int) -> bool:
    """Whether any name stands there twice, once where it may be given as an alias."""
    given: set[str] = set()
    for at in range(start, end):
        if not sql.is_name(at):
            continue
        name = sql.name(at)
        if name in given and sql.word(at - 1) not in _NOT_BEFORE:
            return True
        if sql.word(at + 1) in (",", "") or sql.word(at - 1) == "as":
            given.add(name)
    return False


def _plan_block(sql: Sql, block: Block) -> None:
    known: dict[str, tuple[int, int]] = {}
    grouped = _is_grouped(sql, block)
    for name, begin, last in items(sql, block):
        if name == STAR:
            continue
        first = begin + 2 if sql.word(begin) == "top" else begin
        for at in _bare_names(sql, first, last):
            if sql.name(at) in known:
                _plan_name(sql, block, at, known[sql.name(at)], grouped=grouped)
        if _names_item(sql, name, last):
            known[name] = (first, last)


def _names_item(sql: Sql, name: str, last: int) -> bool:
    """Whether an item was given its name, behind its expression."""
    is_given = sql.word(last) == "as" or (sql.is_name(last) and sql.name(last) == name)
    return bool(name) and is_given and last < len(sql.tokens)


def _is_grouped(sql: Sql, block: Block) -> bool:
    """Whether rows are put together, so that none has columns of its own."""
    own = list(own_tokens(sql, block))
    if any(sql.words(at, 2) == ("group", "by") or sql.word(at) == "having" for at in own):
        return True
    return any(
        sql.word(at) in _AGGREGATES and sql.word(at + 1) in ("(", "count") and not _is_window(sql, at)
        for _, first, last in items(sql, block)
        for at in _outside_of_queries(sql, first, last)
    )


def _is_window(sql: Sql, at: int) -> bool:
    after = sql.closing(at + 1) + 1 if sql.word(at + 1) == "(" else at
    return sql.word(after) in ("over", "ignore", "respect")


def _bare_names(sql: Sql, first: int, last: int) -> Iterator[int]:
    """The names in an expression that may be those of columns, outside of its queries."""
    for at in _outside_of_queries(sql, first, last):
        token = sql.tokens[at]
        if not sql.is_name(at) or (token.kind is Kind.WORD and token.word in RESERVED):
            continue
        is_unit = sql.word(at - 1) == "(" and sql.word(at - 2) in _TAKE_A_UNIT
        is_typed = at + 1 < len(sql.tokens) and sql.tokens[at + 1].kind is Kind.STRING
        if (at > first and not _awaits_operand(sql, at - 1)) or is_unit or is_typed or sql.word(at + 1) in (".", "("):
            continue
        yield at


def _awaits_operand(sql: Sql, at: int) -> bool:
    """Whether a name behind this token is an operand, and not a word that SQL has there: AT TIME
    ZONE, NULLS FIRST.
    """
    if sql.tokens[at].kind is Kind.SYMBOL:
        return sql.word(at) not in (")", "]", ".", "::")
    return sql.tokens[at].kind is Kind.WORD and sql.word(at) in _BEFORE_OPERAND


def _outside_of_queries(sql: Sql, first: int, last: int) -> Iterator[int]:
    at = first
    while at < last:
        if sql.word(at) == "(" and sql.word(at + 1) in ("select", "with"):
            at = sql.closing(at) + 1
            continue
        yield at
        at += 1


def _plan_name(sql: Sql, block: Block, at: int, meant: tuple[int, int], *, grouped: bool) -> None:
    insertions = dict(sql.insertions)  # Each goes in once, and here the expression stands once more.
    expression = sql.render(*meant)
    sql.insertions = insertions
    if len(expression) > _LARGEST:
        raise RefusalError("54001", "statement too complex", "Aliases stand for each other too often. Use a subquery.")
    has_window = any(sql.word(k) == "over" for k in _outside_of_queries(sql, *meant))
    if grouped or has_window or not block.sources:
        sql.replace(at, at + 1, f"({expression})")
        return
    if not all(source.alias for source in block.sources):
        return
    name = quote_name(sql.name(at))
    read = ", ".join(f"{quote_name(source.alias)}.*" for source in block.sources)
    by_column = f"SELECT {name} FROM (SELECT {read}) AS veil_columns"
    sql.replace(at, at + 1, f"(SELECT ({by_column}) FROM (SELECT {expression} AS {name}) AS veil_aliases)")
