"""What is in an installation and what veil did not put there."""

from collections.abc import Iterable

from veil import warehouse
from veil.governance.metadata.deployed import Deployed
from veil.governance.metadata.impersonating import rows_of
from veil.model import Kind
from veil.warehouse import (
    PUBLIC,
    DefaultGrant,
    Grant,
    Grantee,
    ImpersonationRow,
    Layout,
    ObjectRow,
    Signature,
    ViewState,
    qualified,
)


def strange_impersonations(deployed: Deployed) -> list[ImpersonationRow]:
    """Permissions to act as others that no impersonation of ours gives."""
    return sorted(deployed.snapshot.impersonations - rows_of(deployed.world, deployed.snapshot), key=str)


def doubled_impersonations(deployed: Deployed) -> list[ImpersonationRow]:
    """Permissions of ours to act as others that are written down more than once."""
    doubled = {ImpersonationRow(*key) for key in deployed.snapshot.doubled.get("impersonation", ())}
    return sorted(doubled & rows_of(deployed.world, deployed.snapshot), key=str)


def stray_records(deployed: Deployed) -> list[str]:
    """Data sources of which it is recorded what was published, and nothing else."""
    ours = {key for kind, key in deployed.stored if kind is Kind.DATA_SOURCE}
    return sorted(deployed.snapshot.published.keys() - ours)


def strange_rows(deployed: Deployed) -> list[ObjectRow]:
    """Rows of objects that nothing of ours wrote."""
    return list(deployed.strange)


def strangers(deployed: Deployed) -> list[str]:
    """Users with rows that no profile of ours stands for."""
    with_rows = deployed.profile_rows.keys() | {each.user for each in deployed.snapshot.entries}
    ours = {key for kind, key in deployed.stored if kind is Kind.PROFILE}
    return sorted(with_rows - ours)


def stray_projects(deployed: Deployed) -> list[str]:
    """Names with rows of what members share, and no project of ours."""
    ours = {key for kind, key in deployed.stored if kind is Kind.PROJECT}
    return sorted({each.project for each in deployed.snapshot.project_entries} - ours)


def callers(name: str, layout: Layout) -> frozenset[Grantee]:
    """Who, but for PUBLIC and the owner, may call one of our procedures."""
    group = layout.impersonation_group
    return frozenset({Grantee("group", group)} if name == "impersonate_user" and group is not None else ())


def strange_routines(deployed: Deployed) -> list[Signature]:
    """Procedures and functions in our schemas that are not ours, and that a statement may name."""
    return [each for each in _foreign_routines(deployed) if each.is_nameable]


def unnameable_routines(deployed: Deployed) -> list[Signature]:
    """Those that no statement may name: some type of their arguments is of somebody's own making."""
    return [each for each in _foreign_routines(deployed) if not each.is_nameable]


def _foreign_routines(deployed: Deployed) -> list[Signature]:
    return sorted(deployed.snapshot.routines.keys() - warehouse.expected_routines(deployed.layout).keys())


def stray_views(deployed: Deployed) -> list[tuple[str, str]]:
    """Views that read our tables with our rights and stand for nothing: in the system schema any that we did not make,
    elsewhere copies of governed views, such as a renamed one. Policies would change, and they would not.
    """
    snapshot, layout = deployed.snapshot, deployed.layout
    ours = {(row.view_schema, row.view_name) for row in snapshot.published.values()}
    ours |= {(each.view_schema, each.view_name) for each in deployed.world.data_sources.values()}
    ours |= warehouse.expected_views(layout).keys()
    # Which of them a governed view reads depends on the version that compiled it.
    marks = [qualified(layout.system, name) for name in ("user_profile", "user_entry")]
    return sorted(
        place
        for place, state in snapshot.views.items()
        if place not in ours and (place[0] == layout.system or (state.owner == layout.owner and _reads(state, marks)))
    )


def _reads(state: ViewState, names: Iterable[str]) -> bool:
    return any(name in state.text for name in names)


def exposing(deployed: Deployed, place: tuple[str, str]) -> list[Grant]:
    """The grants on a table of ours that nobody should hold. The role of planners may read, salts aside."""
    grants = deployed.snapshot.table_grants.get(place, ())
    owner = Grantee("user", deployed.snapshot.owners.get(place, deployed.layout.owner))
    role = deployed.layout.read_only_role
    planners = None if role is None else Grantee("role", role)
    return [each for each in grants if each.grantee != owner and not _is_planners(each, place[1], planners)]


def _is_planners(grant: Grant, table: str, planners: Grantee | None) -> bool:
    reads = grant.privilege == "SELECT" and not grant.grantable and grant.grantee == planners
    return reads and (table != "salt" or grant.column == "name")


def inherited(deployed: Deployed, schema: str) -> list[DefaultGrant]:
    """What our account gives away with whatever it makes in a schema of ours."""
    owner = deployed.layout.owner
    return sorted(
        each
        for each in deployed.snapshot.default_grants
        if each.schema == schema and each.maker == owner and each.grant.grantee != Grantee("user", owner)
    )


def heirs(deployed: Deployed, schema: str) -> list[Grantee]:
    """Who is given something of each table and view that our account makes in a schema, there or anywhere."""
    found = (each for name in ("", schema) for each in inherited(deployed, name) if each.objects == "RELATION")
    return sorted({each.grant.grantee for each in found})


def scoped(deployed: Deployed, schema: str) -> list[Grant]:
    """Who holds privileges on everything of a kind in a schema that is ours alone."""
    owner = Grantee("user", deployed.snapshot.schema_owners.get(schema, deployed.layout.owner))
    grants = deployed.snapshot.schema_privileges.get(schema, ())
    return sorted(each for each in grants if each.scope and each.grantee != owner)


def has_leaking_salts(deployed: Deployed) -> bool:
    """Whether somebody could have read the salts."""
    layout, snapshot = deployed.layout, deployed.snapshot
    place = (layout.system, "salt")
    given_away = place in snapshot.owners and snapshot.owners[place] != layout.owner
    return given_away or bool(exposing(deployed, place) or scoped(deployed, layout.system))


def makers(deployed: Deployed, schema: str) -> list[Grantee]:
    """Who may create in a schema and should not. In the view schema, named users may have things of their own."""
    grants = deployed.snapshot.schema_privileges.get(schema, ())
    makers = {each.grantee for each in grants if each.privilege == "CREATE" and not each.scope}
    owner = deployed.snapshot.schema_owners.get(schema, deployed.layout.owner)
    others = makers - {Grantee("user", owner)}
    return sorted(others & {PUBLIC} if schema == deployed.layout.view_schema else others)
