"""What lets somebody around a view, in sentences."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from veil.governance.access.direct_access import ways_around
from veil.governance.access.lookup_writers import lookups_of, writers
from veil.governance.metadata.deployed import DeployedState
from veil.model import DataSource
from veil.model.names import dotted
from veil.warehouse import PUBLIC, Grantee, Rights, Tables

RightsAt = Callable[[Tables, str], Rights]
"""Tells the rights on a schema."""


@dataclass(frozen=True)
class Person:
    """A user of the warehouse, and the (type, name) of the groups and roles that they are in."""

    user: str
    memberships: Collection[tuple[str, str]] = ()

    def holds(self, grantee: Grantee) -> bool:
        """Whether what is granted to the grantee is theirs."""
        return grantee in (PUBLIC, Grantee("user", self.user)) or (grantee.type, grantee.name) in self.memberships


def bypass_of(deployed: DeployedState, person: Person, source: DataSource, rights_at: RightsAt) -> Iterator[str]:
    """Everything that lets this user read the table without its view, or decide what the view
    shows.
    """
    place, base = (source.schema, source.table), deployed.snapshot.base
    user, name = person.user, dotted(*place)
    if user in deployed.snapshot.superusers:
        yield f"{user} is a superuser."
    if user == deployed.layout.owner:
        yield f"{user} is the system account, which owns the views and reads their tables."
    if base.unread:
        yield f"Who may read the table {name} is not known. {base.unread}"
    if base.owners.get(place) == user:
        yield f"{user} owns the table {name}."
    if base.schema_owners.get(source.schema) == user and base.is_external(*place):
        yield f"{user} owns the external schema {source.schema}."
    yield from (way.right for way in sorted(ways_around(deployed, source)) if person.holds(way.grantee))
    yield from _through_lookups(deployed, person, source, rights_at)


def _through_lookups(deployed: DeployedState, person: Person, source: DataSource, rights_at: RightsAt) -> Iterator[str]:
    for tables, schema, table in sorted(lookups_of(deployed.world, source), key=str):
        rights = rights_at(tables, schema)
        if rights.unread:
            yield f"Who may write the lookup {dotted(schema, table)} is not known. {rights.unread}"
        yield from sorted({right for grantee, right in writers(rights, schema, table) if person.holds(grantee)})
