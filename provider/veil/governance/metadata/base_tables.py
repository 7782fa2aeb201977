"""Where an integration's base tables and lookups are."""

import re
from collections.abc import Sequence

from veil.governance.errors import NewerFormatError
from veil.governance.metadata import codec
from veil.governance.metadata.user_functions import functions_of
from veil.model import Function, Integration, Kind
from veil.model.kinds import Governed
from veil.model.names import folded
from veil.policy.looking import tables_looked_up
from veil.warehouse import Bearings, ObjectRow, Tables

_LOOKING = (Kind.MASKING_POLICY.value, Kind.ROW_POLICY.value)
_SELECT = re.compile("select", re.IGNORECASE)
_CALLING = re.compile(rf'"\$":"{Function.stored_name}"')
"""What the row of a policy with such a mask says."""


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
    thing = next((_decoded(row) for row in objects if row.kind == Kind.INTEGRATION.value), None)
    if not isinstance(thing, Integration):
        # Whoever reads all objects says what is wrong. Until it is repaired tables elsewhere count as gone.
        return Bearings()
    return Bearings(
        tables_of(thing),
        thing.view_schema,
        thing.impersonation_group,
        _lookup_schemas(objects, thing) | thing.monitored_schemas,
        _function_schemas(objects),
        bound=bool(thing.unresolved),
    )


def _lookup_schemas(objects: Sequence[ObjectRow], integration: Integration) -> frozenset[str]:
    """The schemas of what policies look up in, as far as these tables are in the database of the base tables."""
    here = tables_of(integration)
    places = (
        lookup_place(each, integration)
        for row in objects
        if row.kind in _LOOKING and _SELECT.search(row.body)
        for each in tables_looked_up(_decoded(row))
    )
    return frozenset(schema for tables, schema, _ in places if tables == here)


def _function_schemas(objects: Sequence[ObjectRow]) -> frozenset[str]:
    """The schemas of the functions that masks call."""
    policies = (_decoded(row) for row in objects if row.kind == Kind.MASKING_POLICY.value and _CALLING.search(row.body))
    return frozenset(schema for each in policies for schema, _ in functions_of(each))


def _decoded(row: ObjectRow) -> Governed | None:
    try:
        return codec.decode(row.body)
    except (NewerFormatError, ValueError):
        return None


def lookup_place(table: tuple[str, ...], integration: Integration) -> tuple[Tables, str, str]:
    """Where the table is that a lookup names, with or without its database; its schema; its name."""
    *database, schema, name = table
    return tables_in(integration, database[0]) if database else tables_of(integration), schema, name
