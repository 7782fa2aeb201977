"""Who may write the tables that policies look up in: whoever does decides what the policy shows, to
themselves too.
"""

from collections.abc import Iterator

from veil.governance.access.direct_access import with_article
from veil.governance.metadata.base_tables import lookup_place, tables_of
from veil.governance.metadata.deployed import DeployedState
from veil.model import DataSource, World
from veil.model.names import dotted
from veil.policy.looking import looked_up, tables_looked_up
from veil.warehouse import Grant, Grantee, Rights, Tables

_WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "TRUNCATE", "ALTER", "DROP", "ALL"})

Place = tuple[Tables, str, str]
"""A lookup's table: where it is, its schema and its name."""


def lookups_of(world: World, source: DataSource) -> frozenset[Place]:
    """The tables that the policies on this data source look up in."""
    return frozenset(lookup_place(each.table, world.integration) for each in looked_up(world, source))


def writers(rights: Rights, schema: str, table: str) -> Iterator[tuple[Grantee, str]]:
    """Who may write a table, and the right that lets them, in a sentence."""
    name = dotted(schema, table)
    if owner := rights.owners.get((schema, table)):
        yield Grantee("user", owner), f"{owner} owns the lookup {name}."
    yield from _granted_writes(rights, schema, table)


def other_writers(deployed: DeployedState, source: DataSource) -> Iterator[str]:
    """Who else than a lookup's owner and the system account may write what the policies on this
    data source look up in, a sentence each. Told of lookups in the database of the base tables.
    """
    world, rights = deployed.world, deployed.snapshot.base
    if not lookup_schemas(world):
        return  # Which policies are on a data source takes longer to find.
    here = tables_of(world.integration)
    for schema, table in sorted(
        (schema, table) for tables, schema, table in lookups_of(world, source) if tables == here
    ):
        owner = rights.owners.get((schema, table))
        spared = {Grantee("user", name) for name in (owner, deployed.layout.owner) if name}
        for right in sorted(
            {right for grantee, right in _granted_writes(rights, schema, table) if grantee not in spared}
        ):
            yield f"{right} Whoever writes there decides what the view shows."


def lookup_schemas(world: World) -> frozenset[str]:
    """The schemas of what policies look up in, wherever they apply, in the database of the base
    tables.
    """
    policies = (*world.masking_policies.values(), *world.row_policies.values())
    places = (lookup_place(table, world.integration) for each in policies for table in tables_looked_up(each))
    here = tables_of(world.integration)
    return frozenset(schema for tables, schema, _ in places if tables == here)


def _granted_writes(rights: Rights, schema: str, table: str) -> Iterator[tuple[Grantee, str]]:
    name = dotted(schema, table)
    for grant in rights.table_grants.get((schema, table), ()):
        if grant.privilege in _WRITES:
            yield _granted(
                grant, f"the column {grant.column} of the lookup {name}" if grant.column else f"the lookup {name}"
            )
    everything = f"all tables of the schema {dotted(schema)}, the lookup {table} among them,"
    for grant in rights.schema_privileges.get(schema, ()):
        if grant.privilege in _WRITES and grant.scope == "TABLES":
            yield _granted(grant, everything)
    for grant in rights.database_privileges:
        if grant.privilege in _WRITES and grant.scope == "TABLES":
            yield _granted(grant, f"all tables of the database, the lookup {name} among them,")


def _granted(grant: Grant, what: str) -> tuple[Grantee, str]:
    return grant.grantee, f"{grant.privilege} on {what} is granted to {with_article(grant.grantee)}."
