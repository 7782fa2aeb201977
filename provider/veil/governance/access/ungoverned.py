"""What stands in a schema and is no data source: the one reading of what is not governed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from veil.governance.access.direct_access import readers_of, with_article
from veil.governance.metadata.deployed import DeployedState
from veil.model.names import dotted, folded
from veil.warehouse import NOUN_OF, Grantee

Place = tuple[str, str]


@dataclass(frozen=True, order=True)
class Ungoverned:
    """A table or view that is no data source and no view of veil's. `noun` says what it is; `owner`
    is empty where the catalog names none, as of external tables. `readers` are those with a grant
    by which they read it, beside its owner, superusers and veil's own account.
    """

    schema: str
    name: str
    noun: str
    owner: str = ""
    readers: tuple[Grantee, ...] = ()

    @property
    def key(self) -> str:
        """Its dotted name: what would be the data source's."""
        return dotted(self.schema, self.name)

    def __str__(self) -> str:
        owned = f" of {self.owner}" if self.owner else ""
        if not self.readers:
            return f"{self.key} ({self.noun}{owned}, granted to nobody else)"
        shown = [with_article(each) for each in self.readers[:_LISTED]]
        more = len(self.readers) - len(shown)
        return f"{self.key} ({self.noun}{owned}, read by {', '.join(shown)}{f' and {more} more' if more else ''})"


_LISTED = 3
"""So many readers of one table are named."""


def ungoverned(
    deployed: DeployedState, schemas: Collection[str], external: Collection[Place] = ()
) -> tuple[Ungoverned, ...]:
    """The tables and views in these schemas that are not governed, in the order of their names.
    `external` are the external tables there. The rights on these schemas have to be known: those of
    data sources, lookups and monitored ones are.
    """
    return tuple(sorted(_found(deployed, frozenset(schemas), external)))


def missing_schemas(
    deployed: DeployedState, schemas: Collection[str], external: Collection[Place] = ()
) -> tuple[str, ...]:
    """Which of these schemas are not there, as far as the catalog tells. Redshift lists external
    schemas to superusers and to their owners only, and a schema whose tables are seen is there.
    """
    base = deployed.snapshot.base
    there = {*base.schema_owners, *base.external_schemas, *(schema for schema, _ in (*base.owners, *external))}
    return tuple(sorted(set(schemas) - there)) if not base.unread else ()


def _found(deployed: DeployedState, schemas: frozenset[str], external: Collection[Place]) -> Iterator[Ungoverned]:
    base, world = deployed.snapshot.base, deployed.world
    governed = {(each.schema, each.table) for each in world.data_sources.values()}
    # A catalog of files may spell names otherwise.
    folded_ones = {(folded(schema), folded(table)) for schema, table in governed}
    ours = {(row.view_schema, row.view_name) for row in deployed.snapshot.published.values()}
    own_schemas = () if world.integration.other_database else deployed.layout.own_schemas
    account = deployed.layout.owner
    for place, owner in base.owners.items():
        if place[0] in schemas and place not in governed and place not in ours and place[0] not in own_schemas:
            readers = readers_of(base, place, {owner, account})
            yield Ungoverned(*place, NOUN_OF[base.kinds[place]], owner, readers)
    for place in external:
        if place[0] in schemas and tuple(map(folded, place)) not in folded_ones:
            yield Ungoverned(*place, "external table", "", readers_of(base, place, {account}))
