"""Queries within queries that Redshift documents as not supported.

Source: "Correlated subqueries" (r_correlated_subqueries), "Scalar subqueries"
(r_scalar_subqueries).
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

_SPARED = (exp.Min, exp.Max)


def unsupported_subqueries(parsed: exp.Expression) -> Iterator[str]:
    """In words, each that no cluster runs. A column without its relation's name is nobody's
    here.
    """
    for select in parsed.find_all(exp.Select):
        for clause, where in (("group", "GROUP BY"), ("having", "HAVING")):
            found = select.args.get(clause)
            if found is not None and found.find(exp.Select) is not None:
                yield f"a subquery in {where}"
    for scope in traverse_scope(parsed):
        yield from _of_correlated(scope)


def _of_correlated(scope: Scope) -> Iterator[str]:
    query = scope.expression
    distances = {_distance(scope, column.table) for column in scope.find_all(exp.Column) if column.table}
    outer = {each for each in distances if each}
    if not outer or not isinstance(query, exp.Select):
        return
    if max(outer) > 1:
        yield "a correlation that skips a query block"
    if isinstance(query.find_ancestor(exp.Join, exp.Select), exp.Join) and query.find_ancestor(exp.Subquery, exp.In):
        yield "a correlation from a subquery in ON"
    if query.find(exp.Window) is not None:
        yield "a correlation from a subquery with a window function"
    grouped = query.args.get("group") is not None
    counted = any(not isinstance(each, _SPARED) for each in query.find_all(exp.AggFunc))
    if grouped and counted and isinstance(query.parent, exp.In | exp.Subquery) and query.find_ancestor(exp.In):
        yield "a correlation from a subquery with an aggregate and GROUP BY, joined by IN"
    alias = query.find_ancestor(exp.Alias)
    around = query.find_ancestor(exp.Select)
    if alias is not None and around is not None and alias in around.expressions and _groups_by(around, alias.alias):
        yield "GROUP BY what a correlated subquery gives"


def _distance(scope: Scope, name: str) -> int:
    """How many query blocks out a relation of this name is read; 0 for the block itself, or where
    nothing has the name.
    """
    steps, at = 0, scope
    while at is not None and name not in at.sources:
        at, steps = at.parent, steps + 1
    return steps if at is not None else 0


def _groups_by(select: exp.Select, alias: str) -> bool:
    group = select.args.get("group")
    return group is not None and any(each.name == alias and not each.table for each in group.find_all(exp.Column))
