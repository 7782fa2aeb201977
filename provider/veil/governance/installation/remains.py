"""What is left of an integration whose records are gone: by its names, its owner and what views say of themselves."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from veil import warehouse
from veil.compiler import compiler_of
from veil.governance.installation.installing import layout_of
from veil.governance.metadata.deployed import DeployedState
from veil.model import Integration
from veil.model.names import dotted
from veil.warehouse import Installed, Layout, Session, identifier

T = TypeVar("T")
Place = tuple[str, str]

RECORDS_GONE = "what veil recorded of it is gone, and all of it is made anew"
"""The line of an integration's `drift` where something of it is left."""


@dataclass(frozen=True)
class Remains:
    """What this account made of an integration and is still there, in words, and the statements that remove it."""

    found: tuple[str, ...]
    removing: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"What veil recorded of this integration is gone, so nothing that it made was touched. These stay: {', '.join(self.found)}. "
            f"Once nobody needs them, run: {'; '.join(self.removing)}"
        )


def has_no_record(deployed: DeployedState | None) -> bool:
    """Whether nothing in the warehouse tells of an integration."""
    return deployed is None or deployed.integration is None


def read_remains(session: Session, integration: Integration) -> Remains | None:
    """What is left of an integration, None where that is nothing. Raises GovernanceError and WarehouseError."""
    layout = layout_of(integration)
    found = warehouse.read_installed(session, layout)
    ours = _of_account(found)
    views = sorted(
        place
        for place, state in ours.views.items()
        if place[0] == layout.view_schema and compiler_of(state.text) is not None
    )
    told = tuple(_told(layout, ours, views))
    left = {f"DROP SCHEMA {identifier(schema)} RESTRICT" for schema in warehouse.schemas_left(layout, found, views)}
    removing = [each for each in warehouse.uninstall_statements(layout, ours, views) if each not in left]
    return Remains(told, tuple(removing)) if told else None


def _of_account(found: Installed) -> Installed:
    """What is there and belongs to who looks."""
    mine = found.account
    owned = {place for place, owner in found.owners.items() if owner == mine}

    return replace(
        found,
        kinds=_among(found.kinds, owned),
        views=_among(found.views, owned),
        routines={each: state for each, state in found.routines.items() if state.owner == mine},
        schema_owners={schema: owner for schema, owner in found.schema_owners.items() if owner == mine},
    )


def _among(things: Mapping[Place, T], places: Container[Place]) -> dict[Place, T]:
    return {place: thing for place, thing in things.items() if place in places}


def _told(layout: Layout, found: Installed, views: Iterable[Place]) -> Iterator[str]:
    yield from (f"the view {dotted(*place)}" for place in views)
    routines = warehouse.expected_routines(layout).keys() & found.routines.keys()
    for noun, schema in (("procedures", layout.procedures), ("functions", layout.functions)):
        if number := sum(each.schema == schema for each in routines):
            yield f"{number} {noun} in {schema}"
    own = warehouse.expected_tables(layout) | warehouse.expected_views(layout).keys()
    yield from (
        f"the {warehouse.NOUN_OF[found.kinds[place]]} {dotted(*place)}" for place in sorted(own & found.kinds.keys())
    )
    yield from (f"the schema {dotted(schema)}" for schema in layout.own_schemas if schema in found.schema_owners)
