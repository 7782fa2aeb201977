"""An alias of the SELECT list that WHERE uses, over catalogs alone: the drivers' own questions are
written so.

A column of what the query reads comes before an alias of the same name. Whose columns a user's
table has, only the catalog knows; so this is done where all that a block reads is a catalog whose
columns are known here. Source: "SELECT list" (r_SELECT_list), on lateral aliases; that WHERE knows
them is what AWS's driver and sqlalchemy-redshift rest on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from veil.local.rewrite.blocks import Block, find_blocks, own_tokens, select_list
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.sources import Source

_AFTER_WHERE = frozenset({"group", "having", "order", "limit", "window", "qualify"})


def plan_aliases(
    sql: Sql, start: int, end: int, sources: Sequence[Source], columns: Mapping[str, frozenset[str]]
) -> None:
    """Plans that an alias in WHERE stands for its expression. `columns`: those of the catalogs, by
    the catalogs' names.
    """
    if not any(sql.word(at) == "where" for at in range(start, end)):
        return
    for block in find_blocks(sql, start, end, sources)[1:]:
        read = [_columns_of(sql, one, columns) for one in block.sources]
        if read and None not in read:
            _plan_block(sql, block, frozenset().union(*(one for one in read if one is not None)))


def _columns_of(sql: Sql, source: Source, columns: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    """The columns of what a query reads; None where they are not known here."""
    if source.parts:
        return columns.get(source.parts[-1]) if source.is_catalog else None
    bracket = next((at for at in range(source.name_end, source.end) if sql.word(at) == "("), None)
    if bracket is None or sql.word(source.start) == "(":
        return None  # a query of its own
    return frozenset(sql.name(first) for first, _ in sql.arguments(bracket) if sql.is_name(first))


def _plan_block(sql: Sql, block: Block, known: frozenset[str]) -> None:
    meant = {alias: (first, last) for alias, first, last in select_list(sql, block) if alias not in known}
    where = next((at for at in own_tokens(sql, block) if sql.word(at) == "where"), None)
    if where is None or not meant:
        return
    stop = next((at for at in own_tokens(sql, block) if at > where and sql.word(at) in _AFTER_WHERE), block.end)
    for at in range(where + 1, stop):
        if sql.word(at) == "select":
            return  # a subquery has names of its own
        is_bare = sql.word(at - 1) not in (".", "as", "::") and sql.word(at + 1) not in (".", "(")
        if is_bare and sql.is_name(at) and sql.name(at) in meant:
            sql.replace(at, at + 1, f"({sql.render(*meant[sql.name(at)])})")
