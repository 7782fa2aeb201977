"""SUPER: paths into values (`t.col.a[0]`) and arrays in FROM (`FROM t, t.col AS x AT i`), by syntax
alone.

A path starts with the alias of a table (then a column comes next) or of an unnested array (then a
field does), or has brackets. In a two-part name that opens a FROM clause the first part is a
schema, even if an alias is called so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from veil.local.refusals import UNNEST_LITERAL
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import unsupported
from veil.local.rewrite.lexer import Kind, quote_name, quote_string
from veil.local.rewrite.sources import Source

Step = str | tuple[int, int]  # a field's name, or the tokens of an index


@dataclass(frozen=True)
class Aliases:
    """The names that a path may start with."""

    tables: frozenset[str]
    arrays: frozenset[str]


def plan(sql: Sql, start: int, end: int, sources: Sequence[Source]) -> frozenset[Source]:
    """Plans the edits for all SUPER paths and unnested arrays between two tokens; gives the arrays
    among the sources.
    """
    if not any(sql.word(at) in (".", "[") for at in range(start, end)) and not any(len(s.parts) == 1 for s in sources):
        return frozenset()
    arrays: list[Source] = []
    tables: set[str] = set()
    for source in sources:
        known = Aliases(frozenset(tables), frozenset(one.alias for one in arrays))
        if _is_array(source, known):
            arrays.append(source)
            _check_made_by_a_table(sql, source, sources)
            _plan_array(sql, source, known)
        tables.add(source.alias)
    names = frozenset(one.alias for one in arrays)
    _plan_paths(sql, start, end, sources, Aliases(frozenset(tables) - names, names))
    return frozenset(arrays)


def _is_array(source: Source, known: Aliases) -> bool:
    if not source.parts:
        return False
    head, length = source.parts[0], len(source.parts)
    if head in known.arrays:
        return True
    return head in known.tables and length >= 2 and not (source.first and length == 2)


def _check_made_by_a_table(sql: Sql, array: Source, sources: Sequence[Source]) -> None:
    """Source: "Querying semistructured data", which unnests arrays of tables."""
    if UNNEST_LITERAL in sql.scope.refused and any(s.alias == array.parts[0] and not s.parts for s in sources):
        raise unsupported("Unnesting an array that a query makes", "Put it into a table.")


def _plan_array(sql: Sql, source: Source, known: Aliases) -> None:
    value = path(sql, source.start, source.name_end, known)
    alias = quote_name(source.alias)
    if source.index_alias:
        numbered = f"SELECT e.v, e.n - 1 FROM pg_veil.elements({value}) WITH ORDINALITY AS e(v, n)"
        text = f"LATERAL ({numbered}) AS {alias}({alias}, {quote_name(source.index_alias)})"
    else:
        text = f"LATERAL pg_veil.elements({value}) AS {alias}({alias})"
    sql.replace(source.start, source.end, text)


def _plan_paths(sql: Sql, start: int, end: int, sources: Sequence[Source], known: Aliases) -> None:
    in_from = {source.start for source in sources if source.parts}
    listed = _select_list_items(sql, start, end)
    at = start
    while at < end:
        if at in in_from or not sql.is_name(at) or sql.word(at - 1) in (".", "::"):
            at += 1
            continue
        following = _path_end(sql, at)
        if following > at + 1 and following <= end and _is_path(sql, at, following, known):
            name = _last_field(sql, at, following)
            if at in listed and name and following < end and sql.word(following) in (",", "from", "into"):
                sql.insertions[following] = f" AS {quote_name(name)}"
            sql.replace(at, following, path(sql, at, following, known))
        at = max(following, at + 1)


def _select_list_items(sql: Sql, start: int, end: int) -> set[int]:
    """Where the items of SELECT lists begin."""
    starts: set[int] = set()
    in_list = [False]
    for at in range(start, end):
        word = sql.word(at)
        if word == "(":
            in_list.append(False)
        elif word == ")" and len(in_list) > 1:
            in_list.pop()
        elif word in ("select", "from"):
            in_list[-1] = word == "select"
        if in_list[-1] and word in ("select", "distinct", ","):
            starts.add(at + 1)
    return starts


def _last_field(sql: Sql, start: int, end: int) -> str:
    """What a path in a SELECT list is called: its last field; empty if it ends with an index."""
    return sql.name(end - 1) if end - start > 1 and sql.word(end - 2) == "." else ""


def _path_end(sql: Sql, at: int) -> int:
    k = at + 1
    while True:
        if sql.word(k) == "." and sql.is_name(k + 1):
            k += 2
        elif sql.word(k) == "[" and sql.word(at) not in ("array", "select", "in"):
            k = sql.closing(k) + 1
        else:
            return k


def _is_path(sql: Sql, start: int, end: int, known: Aliases) -> bool:
    if sql.word(end) in ("(", ".") or (sql.tokens[start].kind is Kind.WORD and sql.word(start) == "pg_catalog"):
        return False
    head = sql.name(start)
    dots = sum(1 for at in range(start, end) if sql.word(at) == ".")
    brackets = any(sql.word(at) == "[" for at in range(start, end))
    return head in known.arrays or (head in known.tables and dots >= 2) or brackets


def path(sql: Sql, start: int, end: int, known: Aliases) -> str:
    """The text that walks along a path."""
    head = sql.name(start)
    at = start + 1
    if head in known.arrays:
        text = f"{quote_name(head)}.{quote_name(head)}"
    elif head in known.tables and sql.word(at) == ".":
        text = f"{quote_name(head)}.{quote_name(sql.name(at + 1))}"
        at += 2
    else:
        while sql.word(at) == ".":
            at += 2
        text = sql.render(start, at)
    for step in _steps(sql, at, end):
        if isinstance(step, str):
            text = f"pg_veil.field({text}, {quote_string(step)})"
        else:
            text = f"pg_veil.element({text}, {sql.render(*step)})"
    return text


def _steps(sql: Sql, at: int, end: int) -> list[Step]:
    steps: list[Step] = []
    while at < end:
        if sql.word(at) == ".":
            steps.append(sql.name(at + 1))
            at += 2
        else:
            closing = sql.closing(at)
            steps.append((at + 1, closing))
            at = closing + 1
    return steps
