"""Where an integration's base tables and lookups are."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from veil.governance.metadata.user_functions import functions_of
from veil.model import Function, Integration, Kind, codec
from veil.model.kinds import Governed
from veil.model.names import folded
from veil.policy.looking import tables_looked_up
from veil.warehouse import Bearings, ObjectRow, Tables

Name = tuple[str, ...]
"""A table as policies name it, with its database or without."""

_LOOKING = (Kind.MASKING_POLICY.value, Kind.ROW_POLICY.value)
_SELECT = re.compile("select", re.IGNORECASE)
_CALLING = re.compile(rf'"\$":"{Function.stored_name}"')
"""What the row of a policy with such a mask says."""


def tables_of(integration: Integration) -> Tables:
    """Where the base tables of this integration are, and the lookups that name no database."""
    return Tables(integration.other_database, external=integration.mode != "single_database")


def tables_in(integration: Integration, database: str) -> Tables:
    """The tables of a database, which is the integration's own, that of its base tables, or any
    other.
    """
    if folded(database) == folded(integration.database):
        return Tables(external=integration.mode != "single_database")
    return Tables(database, external=True)


def whereabouts(objects: Sequence[ObjectRow]) -> Bearings:
    """Where things are by what is stored. An altered row will do: this says where to look and
    nothing more.
    """
    thing = next((_decoded(row) for row in objects if row.kind == Kind.INTEGRATION.value), None)
    if not isinstance(thing, Integration):
        # Whoever reads all objects says what is wrong. Until it is repaired tables elsewhere count
        # as gone.
        return Bearings()
    looked_up = by_database(_looked_up(objects), thing)
    return Bearings(
        tables_of(thing),
        thing.view_schema,
        thing.impersonation_group,
        frozenset(schema for schema, _ in looked_up.get(tables_of(thing), ())) | thing.monitored_schemas,
        functions=_function_schemas(objects),
        looked_up=looked_up,
        bound=bool(thing.unresolved),
    )


def _looked_up(objects: Sequence[ObjectRow]) -> frozenset[Name]:
    """The tables that policies look up in."""
    policies = (_decoded(row) for row in objects if row.kind in _LOOKING and _SELECT.search(row.body))
    return frozenset(table for each in policies for table in tables_looked_up(each))


def _function_schemas(objects: Sequence[ObjectRow]) -> frozenset[str]:
    """The schemas of the functions that masks call."""
    policies = (_decoded(row) for row in objects if row.kind == Kind.MASKING_POLICY.value and _CALLING.search(row.body))
    return frozenset(schema for each in policies for schema, _ in functions_of(each))


def _decoded(row: ObjectRow) -> Governed | None:
    try:
        return codec.decode(row.body)
    except ValueError:
        return None


def lookup_place(table: Name, integration: Integration) -> tuple[Tables, str, str]:
    """Where the table is that a lookup names, with or without its database; its schema; its
    name.
    """
    *database, schema, name = table
    return tables_in(integration, database[0]) if database else tables_of(integration), schema, name


def by_database(tables: Iterable[Name], integration: Integration) -> Mapping[Tables, frozenset[tuple[str, str]]]:
    """The schemas and names of tables, by where they are."""
    places: dict[Tables, set[tuple[str, str]]] = defaultdict(set)
    for table in tables:
        where, schema, name = lookup_place(table, integration)
        places[where].add((schema, name))
    return {where: frozenset(names) for where, names in places.items()}
