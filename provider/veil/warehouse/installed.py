"""What of an integration is there, by the catalog alone: nothing needs to be complete, or to be an integration at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from veil.warehouse import catalog
from veil.warehouse.grants import Grant
from veil.warehouse.layout import Layout
from veil.warehouse.relations import RelationKind
from veil.warehouse.rows import RoutineState, ViewState
from veil.warehouse.session import Session
from veil.warehouse.signatures import Signature

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Installed:
    """Owners, kinds, grants and texts of what stands in the schemas of a layout, as in Snapshot. `account` is who looks, and
    `group_exists` tells of the layout's impersonation group.
    """

    account: str
    schema_owners: Mapping[str, str]
    schema_privileges: Mapping[str, tuple[Grant, ...]]
    owners: Mapping[Place, str]
    kinds: Mapping[Place, RelationKind]
    table_grants: Mapping[Place, tuple[Grant, ...]]
    views: Mapping[Place, ViewState]
    routines: Mapping[Signature, RoutineState]
    group_exists: bool


def read_installed(session: Session, layout: Layout) -> Installed:
    """What is there of a layout. Ten queries at most."""
    schemas = (*layout.own_schemas, layout.view_schema)
    grants = catalog.relation_grants(session, schemas)
    owners, kinds = catalog.relations_of(session, schemas)
    group = layout.impersonation_group
    return Installed(
        account=str(session.query("SELECT CURRENT_USER")[0][0]),
        schema_owners=catalog.schema_owners(session, schemas),
        schema_privileges=catalog.schema_grants(session, schemas),
        owners=owners,
        kinds=kinds,
        table_grants=grants,
        views=catalog.views_of(session, schemas, grants),
        routines=catalog.routines_of(session, schemas),
        group_exists=group is None or catalog.read_group_members(session, group) is not None,
    )
