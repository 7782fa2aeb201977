"""Which salts governed objects need, and what became of them."""

from collections.abc import Iterable

from veil.model import DataSource, Project
from veil.warehouse import Snapshot, UnsealedRow


def salt_names(things: Iterable[object]) -> frozenset[str]:
    """The names of the salts: one for each data source, one for each project with masked joins."""
    names: set[str] = set()
    for thing in things:
        if isinstance(thing, DataSource):
            names.add(thing.key)
        elif isinstance(thing, Project) and thing.masked_joins:
            names.add(thing.salt_key)
    return frozenset(names)


def what_befell_salt(snapshot: Snapshot, name: str) -> str:
    """`removed`, `altered` or, where the salt is the one that was made, nothing. One that is there
    twice was altered.
    """
    if name in snapshot.salt_names:
        return ""
    return "altered" if UnsealedRow("salt", name, "") in (snapshot.unsealed or ()) else "removed"
