"""Which salts governed objects need."""

from collections.abc import Iterable

from veil.model import DataSource, Project


def salt_names(things: Iterable[object]) -> frozenset[str]:
    """The names of the salts: one for each data source, one for each project with masked joins."""
    found: set[str] = set()
    for thing in things:
        if isinstance(thing, DataSource):
            found.add(thing.key)
        elif isinstance(thing, Project) and thing.masked_joins:
            found.add(thing.salt_key)
    return frozenset(found)
