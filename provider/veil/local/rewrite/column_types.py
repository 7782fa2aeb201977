"""Which columns of which relations a name may stand for, for the server to look their types up: the text does not have them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import cached_property

from veil.local.rewrite.blocks import Block, find_blocks, innermost
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.lexer import quote_string
from veil.local.rewrite.reserved import RESERVED
from veil.local.rewrite.sources import Source, dotted_name


class ColumnTypes:
    """The columns of the relations that a statement reads. Those of sub-queries are nobody's."""

    def __init__(
        self, sql: Sql, start: int, end: int, sources: Sequence[Source], without_relation: Collection[Source]
    ) -> None:
        """`without_relation` are sources that no relation of this name stands behind: unnested arrays, common table
        expressions.
        """
        self._sql = sql
        self._start = start
        self._end = end
        self._sources = sources
        self._without_relation = without_relation

    @cached_property
    def _blocks(self) -> list[Block]:
        """The query blocks, which most statements never ask for; an UPDATE reads its target, too."""
        sql = self._sql
        blocks = find_blocks(sql, self._start, self._end, self._sources)
        if sql.word(self._start) == "update" and sql.is_name(self._start + 1):
            name_end, parts = dotted_name(sql, self._start + 1)
            target = Source(self._start + 1, name_end, name_end, tuple(parts), parts[-1], "", first=True)
            blocks[0].sources.append(target)
        return blocks

    def decimal_of(self, start: int, end: int) -> str | None:
        """An expression that gives the type of a column as pg_veil.column_decimal does; None where the tokens are no column of a
        relation of this database.
        """
        sql = self._sql
        if sql.word(start) in RESERVED or (not self._blocks[0].sources and len(self._blocks) == 1):
            return None
        if not all(sql.is_name(at) if (at - start) % 2 == 0 else sql.word(at) == "." for at in range(start, end)):
            return None
        names = [sql.name(at) for at in range(start, end, 2)]
        levels = self._levels(innermost(self._blocks, start), names[:-1])
        if not levels:
            return None
        return f"pg_veil.column_decimal({quote_string(json.dumps(levels))}, {quote_string(names[-1])})"

    def _levels(self, block: Block | None, qualifier: Sequence[str]) -> list[list[list[str]]]:
        """The relations that may have the column, by query block from the inside out."""
        levels: list[list[list[str]]] = []
        while block is not None:
            if qualifier and block.reads([*qualifier, ""]):
                named = [one for one in block.sources if _is_called(one, qualifier)]
                return [[relation for one in named if (relation := self._relation(one))]]
            if not qualifier:
                relations = [relation for one in block.sources if (relation := self._relation(one))]
                levels.append(relations)
                if len(relations) < len(block.sources):
                    break  # the others may have the column, too
            block = block.parent
        return levels if any(levels) else []

    def _relation(self, source: Source) -> list[str]:
        """The name of the relation; nothing for what is none, or is in another database."""
        if not source.parts or source in self._without_relation:
            return []
        if len(source.parts) == 3 and source.parts[0] != self._sql.scope.database:
            return []
        return list(source.parts[-2:])


def _is_called(source: Source, qualifier: Sequence[str]) -> bool:
    return source.alias == qualifier[0] if len(qualifier) == 1 else source.parts[-2:] == tuple(qualifier[-2:])
