"""Queries and expressions: everything that is rewritten wherever it stands."""

from __future__ import annotations

from veil.local.rewrite import paths, refusals
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.sources import Source, find_sources


def rewrite_query(sql: Sql, start: int, end: int) -> str:
    """The rewritten text of a query, DML statement or expression.

    Raises:
        RefusalError: it has something that Redshift does not.
    """
    plan_query(sql, start, end)
    return sql.render(start, end)


def plan_query(sql: Sql, start: int, end: int) -> list[Source]:
    """Plans the edits of a query; gives the tables it reads (no sub-queries, common table expressions or SUPER arrays)."""
    sources = find_sources(sql, start, end)
    arrays = paths.plan(sql, start, end, sources)
    if not sources:
        return []
    expressions = common_table_expressions(sql, start, end)
    tables = [
        one
        for one in sources
        if one.parts and one not in arrays and not (len(one.parts) == 1 and one.parts[0] in expressions)
    ]
    if any(not table.is_catalog for table in tables):
        refusals.check_leader_only(sql, start, end)
    return tables


def common_table_expressions(sql: Sql, start: int, end: int) -> set[str]:
    """The names that WITH clauses define."""
    found: set[str] = set()
    for at in range(start, end):
        if sql.word(at) != "as" or sql.word(at + 1) != "(" or sql.word(at + 2) not in ("select", "with", "("):
            continue
        name = at - 1
        if sql.word(name) == ")":
            name = (
                next((k for k in range(name, start - 1, -1) if sql.word(k) == "(" and sql.closing(k) == at - 1), start)
                - 1
            )
        if name >= start and sql.is_name(name) and sql.word(name - 1) in ("with", "recursive", ","):
            found.add(sql.name(name))
    return found
