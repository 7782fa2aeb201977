"""Queries and expressions: everything that is rewritten wherever it stands."""

from __future__ import annotations

from veil.local.rewrite import paths, refusals
from veil.local.rewrite.aliases import plan_aliases
from veil.local.rewrite.blocks import check_blocks
from veil.local.rewrite.catalogs import KNOWN_COLUMNS, check_joined, plan_catalogs
from veil.local.rewrite.column_types import ColumnTypes
from veil.local.rewrite.decimals import plan_decimals, plan_output_types
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import RefusalError
from veil.local.rewrite.foreign import Relation
from veil.local.rewrite.lateral_aliases import plan_lateral_aliases
from veil.local.rewrite.lexer import Kind, quote_name
from veil.local.rewrite.sources import Source, common_table_expressions, find_sources

ONLY_READ = "The local engine reads other databases and does not write to them. Connect to that database instead."

_AFTER_CONDITION = frozenset({"and", "or", ")", "group", "order", "limit", "union", ""})


def rewrite_query(sql: Sql, start: int, end: int) -> str:
    """The rewritten text of a query, DML statement or expression.

    Raises:
        RefusalError: it has something that Redshift does not.
    """
    plan_query(sql, start, end)
    return sql.render(start, end)


def plan_query(sql: Sql, start: int, end: int, *, made: bool = False) -> list[Source]:
    """Plans the edits of a query; gives the tables it reads (no sub-queries, common table
    expressions or SUPER arrays). `made`: of what it gives a table or view is made.
    """
    refusals.check_arrays(sql, start, end)
    sources = find_sources(sql, start, end)
    arrays = paths.plan(sql, start, end, sources)
    check_blocks(sql, start, end, sources, arrays)
    refusals.check_aliases(sql, sources)
    expressions = common_table_expressions(sql, start, end) if sources else set()
    tables = [
        one
        for one in sources
        if one.parts and one not in arrays and not (len(one.parts) == 1 and one.parts[0] in expressions)
    ]
    without_relation = [one for one in sources if one not in tables]
    columns = ColumnTypes(sql, start, end, sources, without_relation)
    plan_decimals(sql, start, end, columns)
    if made:
        plan_output_types(sql, start, end, columns)
    _plan_truths(sql, start, end)
    if any(not table.is_catalog for table in tables) or _writes(sql, start, end):
        refusals.check_leader_only(sql, start, end)
    if not sources:
        plan_lateral_aliases(sql, start, end, sources, arrays)
        return []
    check_joined(sql, tables, start, end)
    plan_catalogs(sql, tables)
    plan_aliases(sql, start, end, sources, KNOWN_COLUMNS)
    for table in tables:
        relation = foreign_relation(sql, table)
        if relation is not None:
            _check_not_written(sql, start, table)
            _plan_foreign(sql, table, relation.sql)
            sql.foreign.add(relation)
    plan_lateral_aliases(sql, start, end, sources, arrays)
    return tables


def _writes(sql: Sql, start: int, end: int) -> bool:
    """Whether a statement writes what a query gives to a table, which is on the compute nodes
    whatever the query reads.
    """
    selects = any(sql.word(at) == "select" for at in range(start, end))
    return sql.word(start) == "update" or (sql.word(start) == "insert" and selects)


def _plan_truths(sql: Sql, start: int, end: int) -> None:
    """Plans that an integer as a condition of its own (`WHERE 1 AND ...`) is one: it becomes a
    BOOLEAN by itself on Redshift. Another number does not.

    Source: "Type compatibility and conversion" (c_Supported_data_types), "Limitations" of SUPER
    (limitations-super).
    """
    for at in range(start, end - 1):
        if sql.word(at) != "where" or sql.tokens[at + 1].kind is not Kind.NUMBER:
            continue
        number = sql.raw(at + 1, at + 2)
        if number.isdecimal() and sql.word(at + 2) in _AFTER_CONDITION:
            sql.replace(at + 1, at + 2, f"({number} <> 0)")


def foreign_relation(sql: Sql, table: Source) -> Relation | None:
    """What a FROM item names in another database; None if it is in this one, or if others cannot be
    reached.
    """
    if len(table.parts) != 3 or not sql.scope.database or table.parts[0] == sql.scope.database or table.is_catalog:
        return None
    return Relation(*table.parts)


def _check_not_written(sql: Sql, start: int, table: Source) -> None:
    """Refuses to delete from another database. INSERT, UPDATE and DDL need no look: the server
    refuses their targets itself.
    """
    if sql.word(start) == "delete" and table.start == start + 2:
        name = ".".join(table.parts)
        raise RefusalError("0A000", f'cross-database references are not implemented: "{name}"', ONLY_READ)


def _plan_foreign(sql: Sql, table: Source, stand_in: str) -> None:
    alias = f" AS {quote_name(table.alias)}" if table.end == table.name_end else ""
    sql.replace(table.start, table.name_end, stand_in + alias)


def plan_deferred(sql: Sql, tables: list[Source], mark: str) -> None:
    """Plans that foreign relations are put in later: their names stand in the text between two of
    these marks.
    """
    for table in tables:
        relation = foreign_relation(sql, table)
        if relation is not None:
            _plan_foreign(sql, table, mark + relation.stand_in + mark)
