"""What the policies on a data source look up in."""

from collections.abc import Iterator
from functools import lru_cache

from veil.language import ExpressionError, Usage, lookups, parse
from veil.language.tree import Expression, Lookup
from veil.model import DataSource, MaskingPolicy, RowPolicy, Where, World
from veil.policy.resolve import resolve
from veil.policy.resolved import Conditions, Resolved


def looked_up(world: World, source: DataSource) -> tuple[Lookup, ...]:
    """Every lookup of the policies on this data source, also those whose tables do not have what
    they name.
    """
    untyped = resolve(world, source, {})
    return tuple(each for expression in _expressions(untyped) for each in lookups(expression))


def tables_looked_up(thing: object) -> frozenset[tuple[str, ...]]:
    """The tables that a policy names in lookups, wherever it applies; none for what is no such
    policy, or is broken.
    """
    return frozenset(each.table for text in _conditions(thing) for each in lookups_in(text))


def _conditions(thing: object) -> Iterator[str]:
    if isinstance(thing, MaskingPolicy) and thing.where is not None:
        yield thing.where
    if isinstance(thing, RowPolicy):
        yield from (each.expression for each in (thing.show, thing.otherwise) if isinstance(each, Where))


@lru_cache(maxsize=4_096)
def lookups_in(text: str) -> tuple[Lookup, ...]:
    """The lookups of a policy's text; none of a broken one."""
    try:
        return lookups(parse(text, Usage.ROW))
    except ExpressionError:
        return ()  # A broken text is a finding of its own.


def _expressions(resolved: Resolved) -> Iterator[Expression]:
    for rows in resolved.rows:
        for test in (rows.test, rows.otherwise):
            yield from test.expressions if isinstance(test, Conditions) else ()
    for column in resolved.columns:
        for mask in column.masks:
            yield from mask.where or ()
