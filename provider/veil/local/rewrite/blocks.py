"""The query blocks of a statement, and which of them names what another one reads: correlation, as
far as the text shows it.

A column without its table's name is nobody's here: whose it is, only the catalog knows.

Source: Amazon Redshift Database Developer Guide, "Correlated subqueries" (r_correlated_subqueries),
"Scalar subqueries" (r_scalar_subqueries) and "Limitations" of SUPER (limitations-super).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from veil.local.rewrite.edits import OPENING, Sql
from veil.local.rewrite.errors import RefusalError, unsupported
from veil.local.rewrite.sources import Source

_SETS = frozenset({"union", "intersect", "except", "minus"})
_CLAUSES = frozenset({"select", "from", "where", "group", "having", "order", "limit", "on", "join", "set"})
_AGGREGATES = frozenset(
    {"sum", "avg", "count", "listagg", "median", "stddev", "variance", "any_value", "bool_and", "bool_or"}
)
_VOLATILE = frozenset({"random", "timeofday"})


@dataclass
class Block:
    """One SELECT, from its first word to its end, or the statement itself where it is none."""

    start: int
    end: int
    parent: Block | None
    sources: list[Source] = field(default_factory=list)
    outer: set[int] = field(default_factory=set)  # how many blocks out what it names is read

    def reads(self, names: Sequence[str]) -> bool:
        """Whether a dotted name begins with something that this block reads."""
        return any(
            names[0] == one.alias or (len(names) > 2 and len(one.parts) > 1 and one.parts[-2:] == tuple(names[:2]))
            for one in self.sources
        )


def check_blocks(sql: Sql, start: int, end: int, sources: Sequence[Source], arrays: Iterable[Source]) -> None:
    """Refuses queries within queries that Redshift does not run, and SUPER where it may not stand.

    Raises:
        RefusalError: with what it is that Redshift does not run.
    """
    unnested = list(arrays)
    if not unnested and sum(sql.word(at) == "select" for at in range(start, end)) < 2:
        return
    blocks = find_blocks(sql, start, end, sources)
    _note_correlation(sql, blocks, {source.start for source in sources})
    for block in blocks[1:]:
        _check_block(sql, block, blocks)
    for array in unnested:
        _check_unnesting(sql, innermost(blocks, array.start))


def find_blocks(sql: Sql, start: int, end: int, sources: Iterable[Source]) -> list[Block]:
    """The statement, then its blocks in the order of the text, each with those of the sources that
    it reads itself.
    """
    blocks = [Block(start, end, None)]
    open_blocks: list[Block | None] = [blocks[0]]
    for at in range(start, end):
        word = sql.word(at)
        if word == "(":
            open_blocks.append(None)
        elif word == ")" and len(open_blocks) > 1:
            open_blocks.pop()
        elif word == "select" and sql.word(at - 1) != ".":
            parent = next((one for one in reversed(open_blocks[:-1]) if one is not None), None)
            block = Block(at, _end(sql, at, end), parent or blocks[0])
            blocks.append(block)
            open_blocks[-1] = block
    for source in sources:
        innermost(blocks, source.start).sources.append(source)
    return blocks


def _end(sql: Sql, at: int, end: int) -> int:
    while at < end and sql.word(at) not in (")", ";", *_SETS):
        at = sql.closing(at) + 1 if sql.word(at) in OPENING else at + 1
    return min(at, end)


def innermost(blocks: Sequence[Block], at: int) -> Block:
    """The block that a token is in, of a statement's."""
    return max((one for one in reversed(blocks) if one.start <= at < one.end), key=lambda one: one.start)


def _note_correlation(sql: Sql, blocks: list[Block], from_items: set[int]) -> None:
    start, end = blocks[0].start, blocks[0].end
    for at in range(start, end):
        if sql.word(at + 1) != "." or not sql.is_name(at) or sql.word(at - 1) == "." or at in from_items:
            continue
        names, following = [sql.name(at)], at + 1
        while sql.word(following) == "." and sql.is_name(following + 1):
            names.append(sql.name(following + 1))
            following += 2
        if sql.word(following) == "(":
            continue  # a function of a schema
        path: list[Block] = []
        block: Block | None = innermost(blocks, at)
        while block is not None and not block.reads(names):
            path.append(block)
            block = block.parent
        if block is not None:
            for inner in path:
                inner.outer.add(len(path) - path.index(inner))


def _check_block(sql: Sql, block: Block, blocks: list[Block]) -> None:
    for at in own_tokens(sql, block):
        if sql.words(at, 2) == ("group", "by"):
            _check_grouping(sql, block, at, blocks)
        elif sql.word(at) == "having" and any(sql.word(k) == "select" for k in range(at, block.end)):
            raise unsupported("A subquery in HAVING", "Join what it gives instead.")
    if not block.outer:
        return
    if max(block.outer) > 1:
        raise _correlated("It names a table of a query block that is not the one right around it.")
    opening = block.start - 1
    if _clause_of(sql, opening, block.parent) == "on":
        raise _correlated("It stands in the ON clause of a join.")
    own = list(own_tokens(sql, block))
    if any(sql.words(at, 2) == ("over", "(") for at in own):
        raise _correlated("It has a window function.")
    grouped = any(sql.words(at, 2) == ("group", "by") for at in own)
    if grouped and sql.words(opening - 1, 2) == ("in", "(") and any(sql.word(at) in _AGGREGATES for at in own):
        raise _correlated("It is joined by IN, with GROUP BY and an aggregate function that is not MIN or MAX.")


def _correlated(why: str) -> RefusalError:
    return RefusalError("0A000", "This type of correlated subquery pattern is not supported yet", why)


def own_tokens(sql: Sql, block: Block) -> Iterator[int]:
    """The tokens of a block outside of brackets."""
    at = block.start
    while at < block.end:
        yield at
        at = sql.closing(at) + 1 if sql.word(at) in OPENING else at + 1


def _clause_of(sql: Sql, opening: int, parent: Block | None) -> str:
    """The clause of the parent in which a bracket stands."""
    if parent is None:
        return ""
    clause = ""
    for at in _own_until(sql, parent, opening):
        if sql.word(at) in _CLAUSES and sql.word(at - 1) != ".":
            clause = sql.word(at)
    return clause


def _own_until(sql: Sql, block: Block, until: int) -> Iterator[int]:
    """The tokens of a block before one of its own, outside of brackets that are closed before
    it.
    """
    at = block.start
    while at < until:
        yield at
        at = sql.closing(at) + 1 if sql.word(at) in OPENING and sql.closing(at) < until else at + 1


def _check_grouping(sql: Sql, block: Block, group: int, blocks: list[Block]) -> None:
    stop = next(
        (k for k in own_tokens(sql, block) if k > group and sql.word(k) in ("having", "order", "limit")), block.end
    )
    if any(sql.word(k) == "select" for k in range(group, stop)):
        raise unsupported("A subquery in GROUP BY", "Group by a column of a subquery in FROM.")
    named = {sql.name(k) for k in range(group + 2, stop) if sql.is_name(k) and sql.word(k - 1) != "."}
    for alias, first, last in select_list(sql, block):
        if alias in named and any(one.parent is block and one.outer and first <= one.start < last for one in blocks):
            raise _correlated("GROUP BY names what it gives.")


def select_list(sql: Sql, block: Block) -> Iterator[tuple[str, int, int]]:
    """The aliases of a block's SELECT list that AS gives, with what they stand for."""
    start = block.start + 1
    for at in own_tokens(sql, block):
        if sql.word(at) in (",", "from") and at > start:
            if sql.word(at - 2) == "as" and sql.is_name(at - 1):
                yield sql.name(at - 1), start, at - 2
            start = at + 1
        if sql.word(at) == "from":
            return


def _check_unnesting(sql: Sql, block: Block) -> None:
    for at in _own_until(sql, block, block.end):
        if sql.words(at, 2) in (("right", "join"), ("full", "join"), ("right", "outer"), ("full", "outer")):
            raise unsupported("SUPER in a RIGHT or FULL outer join", "Unnest the array in a query of its own.")
    for at in range(block.start, block.end):
        if sql.word(at) in _VOLATILE and sql.word(at + 1) == "(":
            raise unsupported(f"{sql.word(at).upper()} in a query that unnests an array", "It is volatile.")
