"""What is left of an integration whose records are gone: by its names, its owner and what views say
of themselves.
"""

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
    """What this account made of an integration and is still there, in words, and the statements
    that remove it.
    """

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
    """What is left of an integration, None where that is nothing. Raises GovernanceError and
    WarehouseError.
    """
    layout = layout_of(integration)
    installed = warehouse.read_installed(session, layout)
    ours = _of_account(installed)
    views = sorted(
        place
        for place, state in ours.views.items()
        if place[0] == layout.view_schema and compiler_of(state.text) is not None
    )
    lines = tuple(_told(layout, ours, views))
    left = {f"DROP SCHEMA {identifier(schema)} RESTRICT" for schema in warehouse.schemas_left(layout, installed, views)}
    removing = [each for each in warehouse.uninstall_statements(layout, ours, views) if each not in left]
    return Remains(lines, tuple(removing)) if lines else None


def _of_account(installed: Installed) -> Installed:
    """What is there and belongs to who looks."""
    account = installed.account
    owned = {place for place, owner in installed.owners.items() if owner == account}

    return replace(
        installed,
        kinds=_among(installed.kinds, owned),
        views=_among(installed.views, owned),
        routines={each: state for each, state in installed.routines.items() if state.owner == account},
        schema_owners={schema: owner for schema, owner in installed.schema_owners.items() if owner == account},
    )


def _among(things: Mapping[Place, T], places: Container[Place]) -> dict[Place, T]:
    return {place: thing for place, thing in things.items() if place in places}


def _told(layout: Layout, installed: Installed, views: Iterable[Place]) -> Iterator[str]:
    yield from (f"the view {dotted(*place)}" for place in views)
    routines = warehouse.expected_routines(layout).keys() & installed.routines.keys()
    for noun, schema in (("procedures", layout.procedures), ("functions", layout.functions)):
        if number := sum(each.schema == schema for each in routines):
            yield f"{number} {noun} in {schema}"
    own = warehouse.expected_tables(layout) | warehouse.expected_views(layout).keys()
    yield from (
        f"the {warehouse.NOUN_OF[installed.kinds[place]]} {dotted(*place)}"
        for place in sorted(own & installed.kinds.keys())
    )
    yield from (f"the schema {dotted(schema)}" for schema in layout.own_schemas if schema in installed.schema_owners)
