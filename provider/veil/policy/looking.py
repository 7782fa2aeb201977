"""What the policies on a data source look up in."""

from collections.abc import Iterator

from veil.language import lookups
from veil.language.tree import Expression, Lookup
from veil.model import DataSource, World
from veil.policy.resolve import resolve
from veil.policy.resolved import Conditions, Resolved


def looked_up(world: World, source: DataSource) -> tuple[Lookup, ...]:
    """Every lookup of the policies on this data source."""
    return tuple(each for expression in _expressions(resolve(world, source)) for each in lookups(expression))


def _expressions(resolved: Resolved) -> Iterator[Expression]:
    for rows in resolved.rows:
        for test in (rows.test, rows.otherwise):
            yield from test.expressions if isinstance(test, Conditions) else ()
    for column in resolved.columns:
        for mask in column.masks:
            yield from mask.where or ()
