"""The integration's own schemas, tables, views and procedures: what was altered."""

from collections.abc import Collection, Iterator

from veil import warehouse
from veil.governance.installation.accounts import applies_by_procedures
from veil.governance.installation.reach import SEALED, giving_back, taken, trust_lines
from veil.governance.installation.shapes import displacing, shape_lines
from veil.governance.installation.unexpected_objects import (
    allowed_callers,
    callers,
    copies,
    doubled_impersonations,
    exposing,
    exposing_view,
    has_leaking_salts,
    inherited,
    is_seal_broken,
    planted_agreements,
    planted_projects,
    planted_requests,
    schema_excess,
    scoped,
    standings_of,
    strange_appliers,
    strange_impersonations,
    strange_rows,
    strange_view_records,
    strangers,
    stray_projects,
    stray_records,
    stray_salts,
    unrecorded_views,
)
from veil.governance.installation.upgrading import is_manual, is_older, upgrade_line
from veil.governance.metadata.access_requests import altered_approvers, strange_refusals
from veil.governance.metadata.deployed import DeployedState
from veil.governance.privileges import named, was_granted
from veil.governance.showing import shown
from veil.model.names import dotted
from veil.warehouse import EVERYBODY_READS, PUBLIC, Layout, RoutineState, Signature, Standing


def installation_drift(deployed: DeployedState) -> Iterator[str]:
    """One readable line per alteration that an apply puts right: where an administrator makes the
    schemas, or somebody else owns one, only that of rows; nothing of what is taken.
    """
    if applies_by_procedures(deployed):
        return  # What no procedure repairs is for the owner: `left_for_a_person` tells it.
    lost = taken(deployed)
    only_rows = is_manual(deployed) or giving_back(deployed)
    yield from _rows(deployed, lost) if only_rows else alterations(deployed, lost)
    yield from trust_lines(deployed)


def left_for_a_person(deployed: DeployedState) -> list[str]:
    """One readable line per alteration that no apply repairs."""
    if is_older(deployed):
        return []
    return sorted(set(alterations(deployed)).difference(installation_drift(deployed)))


def superusers_made(deployed: DeployedState, known: Collection[str]) -> Iterator[str]:
    """One line for each superuser who is none of the `known` ones. No apply takes that away from
    them.
    """
    for user in sorted(deployed.snapshot.superusers.difference(known)):
        yield f"{shown(user)} was made a superuser, from whom nothing is hidden: the apply takes it as known"


def alterations(deployed: DeployedState, lost: Collection[tuple[str, str]] = ()) -> Iterator[str]:
    """One readable line per alteration, whoever puts it right, but for what is about tables and
    views at the places of `lost`.
    """
    if is_older(deployed):
        # Its views and procedures are as that version made them: there is nothing to compare them
        # with here.
        yield upgrade_line(deployed)
        return
    yield from _marks(deployed, lost)
    yield from _routines(deployed)
    yield from _views(deployed)
    yield from _tables(deployed, lost)
    yield from _schemas(deployed, lost)
    yield from _rows(deployed, lost)


def _rows(deployed: DeployedState, lost: Collection[tuple[str, str]]) -> Iterator[str]:
    tables = {name for _, name in lost}
    if tables.isdisjoint(("profile", "profile_entry")):
        for user in strangers(deployed):
            yield f"the profile of user {shown(user)} was added outside veil"
    if tables.isdisjoint(("project_entry", "project_profile")):
        for project in stray_projects(deployed):
            yield f"what the members of the project {shown(project)} share was added outside veil"
    for name in unrecorded_views(deployed):
        yield f"what the warehouse showed of the view {dotted(deployed.layout.system, name)} when it was made is not recorded"
    for name in strange_view_records(deployed):
        yield f"what a view {shown(name)} was made from was recorded outside veil"
    if "impersonation" not in tables:
        for each in strange_impersonations(deployed):
            yield f"{shown(each.user)} was allowed to act as {shown(each.as_user)}"
        for each in doubled_impersonations(deployed):
            yield f"that {each.user} may act as {each.as_user} is there twice"
    for row in strange_rows(deployed):
        yield f"the metadata row {shown(row.kind)} {shown(row.name)} was added outside veil"
    for key in stray_records(deployed):
        yield f"what was published for {shown(key)} was recorded outside veil"
    if "runtime" not in tables:
        for (user,) in sorted(deployed.snapshot.doubled.get("runtime", ())):
            yield f"the project that {shown(user)} acts in is there twice: it will be none"
    if "acknowledgement" not in tables:
        for user, purpose in sorted(deployed.snapshot.doubled.get("acknowledgement", ())):
            yield f"what {shown(user)} agreed to for the purpose {shown(purpose)} is there twice, and has to be agreed to again"
    if "approver" not in tables:
        for source in altered_approvers(deployed):
            yield f"who may approve requests for {shown(source)} was altered outside veil"
    if "applier" not in tables:
        for user in strange_appliers(deployed):
            yield f"{shown(user)} was put on the list of accounts that apply by the procedures"
    if "request_end" not in tables:
        for refused in strange_refusals(deployed):
            yield f"{shown(refused.user)} was kept from asking for {shown(refused.source)} outside veil"
    if tables.isdisjoint(SEALED):
        yield from _sealed(deployed)


def _sealed(deployed: DeployedState) -> Iterator[str]:
    """What none of our procedures wrote of salts and of what users chose."""
    if deployed.snapshot.unsealed is None:
        yield (
            "whether salts and what users chose are as veil's procedures wrote them cannot be determined: what is not goes, and "
            "what is hashed with such salts will hash otherwise"
        )
    if is_seal_broken(deployed):
        yield (
            "the salt that seals what users choose was altered: all act in no project, have to agree to purposes again, and what was "
            "asked for or approved at run time is over"
        )
    for name in stray_salts(deployed):
        yield f"the salt {shown(name)} was added outside veil"
    for user in planted_projects(deployed):
        yield f"the project that {shown(user)} acts in was set outside veil: it will be none"
    for user, purpose in planted_agreements(deployed):
        yield f"what {shown(user)} is said to have agreed to for the purpose {shown(purpose)} was added outside veil"
    for user, source in planted_requests(deployed, "request"):
        yield f"the request of {shown(user)} for {shown(source)} was added or altered outside veil"
    for user, source in planted_requests(deployed, "approval"):
        yield f"the approval of {shown(user)} for {shown(source)} was added or altered outside veil, and admits nobody"


def _marks(deployed: DeployedState, lost: Collection[tuple[str, str]]) -> Iterator[str]:
    layout, group = deployed.layout, deployed.layout.impersonation_group
    is_reached = (layout.system, "integration") not in lost
    if is_reached and deployed.mark is not None and not _is_as_written(deployed.mark, deployed):
        yield f"the row of the table {dotted(layout.system, 'integration')} was altered"
    if is_reached and deployed.mark is not None and (role := deployed.mark.read_only_role) != layout.read_only_role:
        yield (
            f"the role {shown(role or '')}, which the row of the table {dotted(layout.system, 'integration')} names for accounts "
            "that plan, may read nothing: the row will name none. `veil bootstrap-sql` prints what makes a role for planners"
        )
    if not deployed.snapshot.has_ledger and "ledger" in deployed.snapshot.tables:
        yield f"the rows of the table {dotted(layout.system, 'ledger')} were removed"
    if deployed.snapshot.unsound is not None:
        yield f"the row of the table {dotted(layout.system, 'revision')} was altered"
    if group is not None and deployed.snapshot.impersonators is None:
        yield f"the group {group} is missing"


def _is_as_written(mark: Layout, deployed: DeployedState) -> bool:
    snapshot = deployed.snapshot
    return mark == deployed.layout and mark.marked and snapshot.marked_version == snapshot.schema_version


def _routines(deployed: DeployedState) -> Iterator[str]:
    routines = deployed.snapshot.routines
    for signature, body in sorted(warehouse.expected_routines(deployed.layout).items()):
        state = routines.get(signature)
        if state is None:
            yield f"the {signature.kind.lower()} {signature.name} is missing"
        else:
            yield from _routine(signature, body, state, deployed)


def _routine(signature: Signature, body: str, state: RoutineState, deployed: DeployedState) -> Iterator[str]:
    name = signature.name
    called = f"the {signature.kind.lower()} {name}"
    if not warehouse.is_as_made(name, body, state):
        yield f"{called} was replaced"
    if state.owner != deployed.layout.owner:
        yield f"{called} is owned by {state.owner}"
    if state.public_execute != (name in warehouse.PUBLIC_ROUTINES):
        yield f"EXECUTE on {called} was {'granted to' if state.public_execute else 'revoked from'} PUBLIC"
    for grantee in sorted(state.grantees - allowed_callers(name, deployed)):
        yield f"EXECUTE on {called} was granted to {named(grantee)}"
    for grantee in sorted(callers(name, deployed.layout) - state.grantees):
        yield f"EXECUTE on {called} was revoked from {named(grantee)}"


def _views(deployed: DeployedState) -> Iterator[str]:
    standings = standings_of(deployed)
    for place in sorted(warehouse.expected_views(deployed.layout)):
        state = deployed.snapshot.views.get(place)
        name = dotted(*place)
        if state is None:
            if place not in displacing(deployed):
                yield f"the view {name} is missing"
            continue
        if standings[place] is Standing.REPLACED:
            yield f"the view {name} was replaced"
        if state.owner != deployed.layout.owner:
            yield f"the view {name} is owned by {state.owner}"
        public = place[1] in warehouse.PUBLIC_VIEWS
        if public and EVERYBODY_READS not in state.grants:
            yield f"SELECT on the view {name} was revoked from PUBLIC"
        for grant in exposing_view(deployed, place, state):
            yield was_granted(grant, f"the view {name}")
    for place in copies(deployed):
        yield f"the view {dotted(*place)} was added, and shows what no data source of veil stands for"


def _tables(deployed: DeployedState, lost: Collection[tuple[str, str]]) -> Iterator[str]:
    owners, owner = deployed.snapshot.owners, deployed.layout.owner
    yield from shape_lines(deployed, lost)
    for place in sorted(warehouse.expected_tables(deployed.layout) - displacing(deployed).keys() - set(lost)):
        if place not in owners:
            yield f"the table {dotted(*place)} is missing"
        if (other := owners.get(place, owner)) != owner:
            yield f"the table {dotted(*place)} is owned by {other}"
        for grant in exposing(deployed, place):
            yield was_granted(grant, f"the table {dotted(*place)}")


def _schemas(deployed: DeployedState, lost: Collection[tuple[str, str]]) -> Iterator[str]:
    layout, snapshot = deployed.layout, deployed.snapshot
    for schema in (*layout.own_schemas, layout.view_schema):
        if (owner := snapshot.schema_owners.get(schema, layout.owner)) != layout.owner:
            yield f"the schema {schema} is owned by {owner}"
        grants = snapshot.schema_privileges.get(schema, ())
        if not any(each.grantee == PUBLIC and each.privilege == "USAGE" for each in grants):
            yield f"USAGE on the schema {schema} was revoked from PUBLIC"
        for grant in schema_excess(deployed, schema):
            yield was_granted(grant, f"the schema {schema}")
        for default in inherited(deployed, schema):
            what, to = f"{default.grant.privilege} on each {default.objects.lower()}", named(default.grant.grantee)
            yield f"{what} that is made in the schema {schema} goes to {to} by default"
    for schema in layout.own_schemas:
        for grant in scoped(deployed, schema):
            yield f"{grant.privilege} for all {grant.scope.lower()} of the schema {schema} was granted to {named(grant.grantee)}"
    if has_leaking_salts(deployed) and (layout.system, "salt") not in lost:
        # An administrator has to take the privilege away before new salts are secret.
        made = (
            ""
            if is_manual(deployed)
            else " and are made anew: what is hashed will hash otherwise, and purposes have to be agreed to again"
        )
        yield f"the salts may have been read{made}"
