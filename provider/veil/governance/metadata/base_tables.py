"""Where an integration's base tables and lookups are."""

from collections.abc import Sequence

from veil.governance.errors import NewerFormatError
from veil.governance.metadata import codec
from veil.model import Integration, Kind
from veil.model.names import folded
from veil.warehouse import Bearings, ObjectRow, Tables


def tables_of(integration: Integration) -> Tables:
    """Where the base tables of this integration are, and the lookups that name no database."""
    return Tables(integration.other_database, external=integration.mode != "single_database")


def tables_in(integration: Integration, database: str) -> Tables:
    """The tables of a database, which is the integration's own, that of its base tables, or any other."""
    if folded(database) == folded(integration.database):
        return Tables(external=integration.mode != "single_database")
    return Tables(database, external=True)


def whereabouts(objects: Sequence[ObjectRow]) -> Bearings:
    """Where things are by what is stored. An altered row will do: this says where to look and nothing more."""
    for row in objects:
        if row.kind == Kind.INTEGRATION.value:
            try:
                thing = codec.decode(row.body)
            except (NewerFormatError, ValueError):
                break  # Whoever reads all objects says what is wrong. Until it is repaired tables elsewhere count as gone.
            if isinstance(thing, Integration):
                return Bearings(tables_of(thing), thing.view_schema, thing.impersonation_group)
    return Bearings()


def lookup_place(table: tuple[str, ...], integration: Integration) -> tuple[Tables, str, str]:
    """Where the table is that a lookup names, with or without its database; its schema; its name."""
    *database, schema, name = table
    return tables_in(integration, database[0]) if database else tables_of(integration), schema, name
