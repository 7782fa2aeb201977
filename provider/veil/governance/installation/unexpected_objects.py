"""What is in an installation and what veil did not put there."""

from collections.abc import Mapping

from veil import warehouse
from veil.governance.metadata.deployed import DeployedState
from veil.governance.metadata.impersonating import rows_of
from veil.governance.metadata.salts import salt_names
from veil.governance.privileges import excess
from veil.model import Kind
from veil.warehouse import (
    PUBLIC,
    PUBLIC_ROUTINES,
    SEAL,
    DefaultGrant,
    Grant,
    Grantee,
    ImpersonationRow,
    Layout,
    ObjectRow,
    Standing,
    UnsealedRow,
    ViewState,
)


def strange_impersonations(deployed: DeployedState) -> list[ImpersonationRow]:
    """Permissions to act as others that no impersonation of ours gives."""
    return sorted(deployed.snapshot.impersonations - rows_of(deployed.world, deployed.snapshot), key=str)


def doubled_impersonations(deployed: DeployedState) -> list[ImpersonationRow]:
    """Permissions of ours to act as others that are written down more than once."""
    doubled = {ImpersonationRow(*key) for key in deployed.snapshot.doubled.get("impersonation", ())}
    return sorted(doubled & rows_of(deployed.world, deployed.snapshot), key=str)


def stray_records(deployed: DeployedState) -> list[str]:
    """Data sources of which it is recorded what was published, and nothing else."""
    ours = {key for kind, key in deployed.stored if kind is Kind.DATA_SOURCE}
    return sorted(deployed.snapshot.published.keys() - ours)


def strange_rows(deployed: DeployedState) -> list[ObjectRow]:
    """Rows of objects that nothing of ours wrote."""
    return list(deployed.strange)


def strangers(deployed: DeployedState) -> list[str]:
    """Users with rows that no profile of ours stands for."""
    ours = {key for kind, key in deployed.stored if kind is Kind.PROFILE}
    return sorted(users_with_rows(deployed) - ours)


def users_with_rows(deployed: DeployedState) -> frozenset[str]:
    """Users of whom the warehouse holds a profile or entries, whoever wrote them."""
    return frozenset(deployed.profile_rows.keys() | {each.user for each in deployed.snapshot.entries})


def stray_projects(deployed: DeployedState) -> list[str]:
    """Names with rows of what members share, and no project of ours."""
    ours = {key for kind, key in deployed.stored if kind is Kind.PROJECT}
    return sorted(projects_with_rows(deployed) - ours)


def projects_with_rows(deployed: DeployedState) -> frozenset[str]:
    """Names of which the warehouse holds rows of what members share, whoever wrote them."""
    snapshot = deployed.snapshot
    named = {each.project for each in snapshot.project_entries}
    return frozenset(named | {each.project for each in snapshot.project_profiles})


def is_seal_broken(deployed: DeployedState) -> bool:
    """Whether what users chose can no longer be told from what somebody wrote for them."""
    return UnsealedRow("salt", SEAL, "") in (deployed.snapshot.unsealed or ())


def stray_salts(deployed: DeployedState) -> list[str]:
    """Salts that we did not make, of nothing that is governed: what gets such a name would be
    hashed with them.
    """
    return sorted(_unsealed(deployed, "salt") - wanted_salts(deployed) - {SEAL})


def wanted_salts(deployed: DeployedState) -> frozenset[str]:
    """The salts of what is governed, though its row may be altered."""
    sources = {key for kind, key in deployed.stored if kind is Kind.DATA_SOURCE}
    return salt_names(each.thing or each.claimed for each in deployed.stored.values()) | sources


def planted_projects(deployed: DeployedState) -> list[str]:
    """Users who did not choose the project that they act in."""
    return [] if is_seal_broken(deployed) else sorted(_unsealed(deployed, "runtime"))


def planted_agreements(deployed: DeployedState) -> list[tuple[str, str]]:
    """Users and the purposes that they did not agree to, though a row says so."""
    rows = deployed.snapshot.unsealed or ()
    planted = {(each.name, each.item) for each in rows if each.kind == "acknowledgement"}
    return [] if is_seal_broken(deployed) else sorted(planted)


def planted_requests(deployed: DeployedState, kind: str) -> list[tuple[str, str]]:
    """Users, and data sources that they did not ask for (kind `request`) or that nobody approved
    for them (`approval`), though a row says so.
    """
    rows = deployed.snapshot.unsealed or ()
    planted = {(each.name, each.item) for each in rows if each.kind == kind}
    return [] if is_seal_broken(deployed) else sorted(planted)


def _unsealed(deployed: DeployedState, kind: str) -> set[str]:
    return {each.name for each in deployed.snapshot.unsealed or () if each.kind == kind}


def callers(name: str, layout: Layout) -> frozenset[Grantee]:
    """Who, but for PUBLIC and the owner, may call one of our procedures."""
    group = layout.impersonation_group
    return frozenset({Grantee("group", group)} if name == "impersonate_user" and group is not None else ())


def allowed_callers(name: str, deployed: DeployedState) -> frozenset[Grantee]:
    """The same, and those whom the owner put on the list of accounts that apply by procedures:
    those may call what writes, and without EXECUTE apply nothing.
    """
    writes = name not in PUBLIC_ROUTINES and name != "impersonate_user"
    listed = {user for user, _ in deployed.snapshot.appliers}.difference(strange_appliers(deployed)) if writes else ()
    return callers(name, deployed.layout) | {Grantee("user", user) for user in listed}


def strange_appliers(deployed: DeployedState) -> list[str]:
    """Who is on the list of accounts that apply by procedures where none is to: only with bootstrap
    = "manual" an administrator's script puts them there.
    """
    if deployed.world.integration.bootstrap == "manual":
        return []
    return sorted({user for user, _ in deployed.snapshot.appliers})


def copies(deployed: DeployedState) -> list[tuple[str, str]]:
    """Governed views under names that veil did not give them, such as a renamed one."""
    return sorted(filter(deployed.is_copy, deployed.snapshot.views))


def standings_of(deployed: DeployedState) -> Mapping[tuple[str, str], Standing]:
    """What is to be thought of each view of our own that is there."""
    views, records = deployed.snapshot.views, deployed.snapshot.own_views
    return {
        place: warehouse.standing_of(views[place].text, made, records.get(place[1]))
        for place, made in warehouse.expected_views(deployed.layout).items()
        if place in views
    }


def unrecorded_views(deployed: DeployedState) -> list[str]:
    """The names of views of our own of which it is not known what the warehouse reported when they
    were made.
    """
    return sorted(name for (_, name), each in standings_of(deployed).items() if each is Standing.UNRECORDED)


def strange_view_records(deployed: DeployedState) -> list[str]:
    """The names of views that we do not have, and of which it is recorded what they were made
    from.
    """
    return sorted(deployed.snapshot.own_views.keys() - {name for _, name in warehouse.expected_views(deployed.layout)})


def exposing(deployed: DeployedState, place: tuple[str, str]) -> list[Grant]:
    """The grants on a table of ours that nobody should hold. The role of planners may read, salts
    aside.
    """
    grants = deployed.snapshot.table_grants.get(place, ())
    owner = Grantee("user", deployed.snapshot.owners.get(place, deployed.layout.owner))
    planners = None if place[1] in ("salt", "salt_digest") else _planners(deployed)
    probe = Grantee("role", deployed.layout.probe_role) if place[1] == "writer" else None
    return [
        each
        for each in grants
        if each.grantee != owner and not _may_read(each, planners) and not _may_read(each, probe)
    ]


def exposing_view(deployed: DeployedState, place: tuple[str, str], state: ViewState) -> list[Grant]:
    """The grants on a view of ours that nobody should hold. The role of planners reads what is made
    for it.
    """
    planners = _planners(deployed)
    return [
        each
        for each in excess(state, public=place[1] in warehouse.PUBLIC_VIEWS)
        if place[1] not in warehouse.PLANNERS_VIEWS or not _may_read(each, planners)
    ]


def _planners(deployed: DeployedState) -> Grantee | None:
    role = deployed.layout.read_only_role
    return None if role is None else Grantee("role", role)


def _may_read(grant: Grant, reader: Grantee | None) -> bool:
    return grant.privilege == "SELECT" and not grant.grantable and grant.grantee == reader


def inherited(deployed: DeployedState, schema: str) -> list[DefaultGrant]:
    """What our account gives away with whatever it makes in a schema of ours."""
    owner = deployed.layout.owner
    return sorted(
        each
        for each in deployed.snapshot.default_grants
        if each.schema == schema and each.maker == owner and each.grant.grantee != Grantee("user", owner)
    )


def heirs(deployed: DeployedState, schema: str) -> list[Grantee]:
    """Who is given something of each table and view that our account makes in a schema, there or
    anywhere.
    """
    inherited_grants = (
        each for name in ("", schema) for each in inherited(deployed, name) if each.objects == "RELATION"
    )
    return sorted({each.grant.grantee for each in inherited_grants})


def scoped(deployed: DeployedState, schema: str) -> list[Grant]:
    """Who holds privileges on everything of a kind in a schema that is ours alone."""
    owner = Grantee("user", deployed.snapshot.schema_owners.get(schema, deployed.layout.owner))
    grants = deployed.snapshot.schema_privileges.get(schema, ())
    return sorted(each for each in grants if each.scope and each.grantee != owner)


def has_leaking_salts(deployed: DeployedState) -> bool:
    """Whether somebody could have read the salts."""
    layout, snapshot = deployed.layout, deployed.snapshot
    place = (layout.system, "salt")
    given_away = place in snapshot.owners and snapshot.owners[place] != layout.owner
    # Who may read the names alone, which version 2 let planners do, has read no salt.
    exposed = any((each.privilege, each.column) != ("SELECT", "name") for each in exposing(deployed, place))
    return given_away or exposed or bool(scoped(deployed, layout.system))


_EVERYBODY_USES = Grant(PUBLIC, "USAGE")


def schema_excess(deployed: DeployedState, schema: str) -> list[Grant]:
    """What is granted on a schema itself, should not be, and can be taken back: what may have been
    passed on is `tangled`.
    """
    tied = tangled(deployed, schema)
    return [each for each in _strange(deployed, schema) if each not in tied]


def tangled(deployed: DeployedState, schema: str) -> list[Grant]:
    """Privileges on a schema itself that a holder may have passed on: only that holder takes them
    back, for REVOKE has no CASCADE in Redshift's documentation.
    """
    strange = _strange(deployed, schema)
    passing = [each for each in strange if each.grantable]
    tied = {
        each.privilege
        for each in passing
        for other in strange
        if other.privilege == each.privilege and other.grantee != each.grantee
    }
    return [each for each in strange if each.privilege in tied]


def _strange(deployed: DeployedState, schema: str) -> list[Grant]:
    """In the schema of the views, named users may have things of their own; nobody alters or drops
    it.
    """
    owners = {deployed.snapshot.schema_owners.get(schema, ""), deployed.layout.owner}
    ours = {Grantee("user", owner) for owner in owners}
    grants = deployed.snapshot.schema_privileges.get(schema, ())
    strange = [each for each in grants if not each.scope and each.grantee not in ours and each != _EVERYBODY_USES]
    if schema == deployed.layout.view_schema:
        strange = [each for each in strange if each.grantee == PUBLIC or each.privilege not in ("CREATE", "USAGE")]
    return sorted(strange)
