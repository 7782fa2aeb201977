"""What of an integration is there: nothing needs to be complete, or to be an integration at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from veil.warehouse import catalog
from veil.warehouse.decoding import own_views
from veil.warehouse.grants import Grant
from veil.warehouse.layout import Layout
from veil.warehouse.relations import RelationKind
from veil.warehouse.rows import OwnViewRow, RoutineState, ViewState
from veil.warehouse.session import Session
from veil.warehouse.signatures import Signature
from veil.warehouse.tables import answers, read_tables
from veil.warehouse.templates import names, render_one

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Installed:
    """Owners, kinds, grants and texts of what stands in the schemas of a layout, as in Snapshot.
    `account` is who looks, and `group_exists` is about the layout's impersonation group,
    `own_views` what our own views were made from.
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
    own_views: Mapping[str, OwnViewRow] = field(default_factory=dict)


def read_installed(session: Session, layout: Layout) -> Installed:
    """What is there of a layout. Twelve queries at most."""
    schemas = (*layout.own_schemas, layout.view_schema)
    grants = catalog.relation_grants(session, schemas)
    owners, kinds = catalog.relations_of(session, schemas)
    group = layout.impersonation_group
    account = str(session.query("SELECT CURRENT_USER")[0][0])
    readable = owners.get((layout.system, "own_view")) == account
    return Installed(
        account=account,
        schema_owners=catalog.schema_owners(session, schemas),
        schema_privileges=catalog.schema_grants(session, schemas),
        owners=owners,
        kinds=kinds,
        table_grants=grants,
        views=catalog.views_of(session, schemas, grants),
        routines=catalog.routines_of(session, schemas),
        group_exists=group is None or catalog.read_group_members(session, group) is not None,
        own_views=_own_views(session, layout) if readable else {},
    )


def _own_views(session: Session, layout: Layout) -> Mapping[str, OwnViewRow]:
    sql = render_one("reads/own_views", names(layout))
    return own_views(session.query(sql)) if answers(sql, "own_view", read_tables(session, layout)) else {}
