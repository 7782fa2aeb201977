"""Which columns of which relations a name may stand for, for the server to look their types up: the
text does not have them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from functools import cached_property

from veil.local.rewrite.blocks import Block, find_blocks, innermost
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.lexer import quote_string
from veil.local.rewrite.reserved import RESERVED
from veil.local.rewrite.select_lists import STAR, items, outermost
from veil.local.rewrite.sources import Source, dotted_name

Describe = Callable[[int, int], "str | None"]
"""Gives the type of an expression, from one token to another, in the words of
ColumnTypes.decimal_of.
"""

_DEEPEST = 16  # queries within queries that a column is followed through


class ColumnTypes:
    """The columns of the relations, sub-queries and common table expressions that a statement
    reads.
    """

    def __init__(
        self, sql: Sql, start: int, end: int, sources: Sequence[Source], without_relation: Collection[Source]
    ) -> None:
        """`without_relation` are sources that no relation of this name stands behind: unnested
        arrays, common table expressions.
        """
        self._sql = sql
        self._start = start
        self._end = end
        self._sources = sources
        self._without_relation = without_relation
        self._depth = 0

    @cached_property
    def blocks(self) -> list[Block]:
        """The query blocks, which most statements never ask for; an UPDATE reads its target,
        too.
        """
        sql = self._sql
        blocks = find_blocks(sql, self._start, self._end, self._sources)
        if sql.word(self._start) == "update" and sql.is_name(self._start + 1):
            name_end, parts = dotted_name(sql, self._start + 1)
            target = Source(self._start + 1, name_end, name_end, tuple(parts), parts[-1], "", first=True)
            blocks[0].sources.append(target)
        return blocks

    @property
    def reads_queries(self) -> bool:
        """Whether something that the statement reads is no relation, so that a column may be what a
        query computes.
        """
        return any(not self._relation(one) for one in self._sources)

    def decimal_of(self, start: int, end: int, describe: Describe) -> str | None:
        """An expression that gives the type of a column as pg_veil.column_decimal does; None where
        the tokens are no column of a relation of this database, or of a query whose text tells what
        it is. `describe` tells what such a query computes.
        """
        sql = self._sql
        if sql.word(start) in RESERVED or (not self.blocks[0].sources and len(self.blocks) == 1):
            return None
        if not all(sql.is_name(at) if (at - start) % 2 == 0 else sql.word(at) == "." for at in range(start, end)):
            return None
        names = [sql.name(at) for at in range(start, end, 2)]
        return self._described(innermost(self.blocks, start), names, describe)

    def _described(self, block: Block | None, names: Sequence[str], describe: Describe) -> str | None:
        """The type of a column that a block names. The relations that may have it are listed by
        block, from the inside out.
        """
        *qualifier, name = names
        levels: list[list[list[str]]] = []
        while block is not None:
            if qualifier and block.reads([*qualifier, ""]):
                named = [one for one in block.sources if _is_called(one, qualifier)]
                if len(named) == 1 and not self._relation(named[0]):
                    return self._derived(named[0], name, describe)
                levels = [[relation for one in named if (relation := self._relation(one))]]
                break
            if not qualifier:
                relations = [relation for one in block.sources if (relation := self._relation(one))]
                levels.append(relations)
                if len(relations) < len(block.sources):
                    # The others may have the column, too.
                    if len(block.sources) == 1 and not any(levels[:-1]):
                        return self._derived(block.sources[0], name, describe)
                    break
            block = block.parent
        if not any(levels):
            return None
        return f"pg_veil.column_decimal({quote_string(json.dumps(levels))}, {quote_string(name)})"

    def starred(self, block: Block) -> list[str]:
        """The name of the relation that is all that a block reads; nothing where that is several or
        none.
        """
        return self._relation(block.sources[0]) if len(block.sources) == 1 else []

    def _relation(self, source: Source) -> list[str]:
        """The name of the relation; nothing for what is none, or is in another database."""
        if not source.parts or source in self._without_relation:
            return []
        if len(source.parts) == 3 and source.parts[0] != self._sql.scope.database:
            return []
        return list(source.parts[-2:])

    def _derived(self, source: Source, name: str, describe: Describe) -> str | None:
        """The type of a column of a sub-query or common table expression."""
        opening = self._opening(source)
        if opening is None or self._depth >= _DEEPEST:
            return None
        queries = outermost(self._sql, self.blocks, opening + 1, self._sql.closing(opening))
        if not queries:
            return None
        self._depth += 1
        try:
            listed = self._listed(source, opening)
            if len(queries) > 1:
                return self._united(queries, name, listed, describe)
            return self._of_item(queries[0], name, listed, describe)
        finally:
            self._depth -= 1

    def _united(self, queries: Sequence[Block], name: str, listed: Sequence[str], describe: Describe) -> str | None:
        """The type of what queries with set operators between them call so: the first gives the
        names.
        """
        lists = [items(self._sql, each) for each in queries]
        names = [*listed, *(called for called, _, _ in lists[0][len(listed) :])]
        if name not in names or any(called == STAR for each in lists for called, _, _ in each):
            return None
        at = names.index(name)
        kinds = [describe(*each[at][1:]) if at < len(each) else None for each in lists]
        whole = kinds[0]
        for kind in kinds[1:]:
            whole = None if whole is None or kind is None else f"pg_veil.decimal_chosen({whole}, {kind})"
        return whole

    def _of_item(self, query: Block, name: str, listed: Sequence[str], describe: Describe) -> str | None:
        """The type of what a query calls so. `listed` are the names that its columns have instead
        of their own.
        """
        select_items = items(self._sql, query)
        for at, (called, first, last) in enumerate(select_items):
            if called == STAR and not listed and len(select_items) == 1:
                return self._described(query, [*self._qualifier(first, last), name], describe)
            if called != STAR and (listed[at] if at < len(listed) else called) == name:
                return describe(first, last)
        return None

    def _opening(self, source: Source) -> int | None:
        """The bracket before the query of a source."""
        sql = self._sql
        if sql.word(source.start) == "(":
            return source.start
        if len(source.parts) != 1:
            return None
        for at in range(self._start, self._end - 2):
            if sql.is_name(at) and sql.name(at) == source.parts[0] and sql.word(at - 1) in ("with", ","):
                after = sql.closing(at + 1) + 1 if sql.word(at + 1) == "(" else at + 1
                if sql.words(after, 2) == ("as", "("):
                    return after + 1
        return None

    def _listed(self, source: Source, opening: int) -> list[str]:
        """The names that `AS x (a, b)`, or `x (a, b) AS (` of a WITH clause, gives the columns."""
        sql = self._sql
        before = opening - 2  # after a common table expression's name, with its columns
        if opening == source.start:
            before = source.end - 1 if source.end > source.name_end and sql.word(source.end - 1) == ")" else -1
        if sql.word(before) != ")":
            return []
        first = next(at for at in range(before, -1, -1) if sql.word(at) == "(" and sql.closing(at) == before)
        return [sql.name(start) for start, _ in sql.arguments(first) if sql.is_name(start)]

    def _qualifier(self, first: int, last: int) -> list[str]:
        """What stands before the star of a SELECT list's item."""
        return [self._sql.name(at) for at in range(first, last - 1, 2)]


def _is_called(source: Source, qualifier: Sequence[str]) -> bool:
    return source.alias == qualifier[0] if len(qualifier) == 1 else source.parts[-2:] == tuple(qualifier[-2:])
