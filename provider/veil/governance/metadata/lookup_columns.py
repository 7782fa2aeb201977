"""The columns of the tables that policies look up in, which views test the types of."""

from collections.abc import Mapping

from veil import warehouse
from veil.governance.metadata.base_tables import Name, by_database, lookup_place
from veil.model import LookupTables, World
from veil.policy.looking import tables_looked_up
from veil.warehouse import Columns, Session, Tables


def tables_in(world: World) -> frozenset[Name]:
    """The tables that the policies of a World look up in, wherever they apply."""
    policies = (*world.masking_policies.values(), *world.row_policies.values())
    return frozenset(table for each in policies for table in tables_looked_up(each))


def as_found(world: World, columns: Mapping[tuple[Tables, str, str], Columns]) -> LookupTables:
    """The columns of these tables, as far as they are among those that were found."""
    places = {table: lookup_place(table, world.integration) for table in tables_in(world)}
    return {table: dict(columns[place]) for table, place in places.items() if place in columns}


def read_anew(session: Session, world: World) -> LookupTables:
    """The columns that the tables have now. Of one that is not there it is known then that it has
    none.
    """
    tables = tables_in(world)
    columns = warehouse.read_looked_up(session, by_database(tables, world.integration))
    return {table: dict(columns.get(lookup_place(table, world.integration), ())) for table in tables}


def changed(before: World, after: World) -> frozenset[Name]:
    """The tables that a view over the one World finds otherwise than one over the other."""
    tables = before.lookups.keys() | after.lookups.keys()
    return frozenset(each for each in tables if before.lookups.get(each, {}) != after.lookups.get(each, {}))
