"""The integration's own schemas, tables, views and procedures: what was altered, and what puts it right."""

from collections.abc import Iterator

from veil import warehouse
from veil.governance.deployed import Deployed
from veil.governance.errors import NOUNS
from veil.governance.impersonating import rows_of
from veil.model import Kind
from veil.model.names import dotted
from veil.warehouse import PUBLIC, Grantee, ImpersonationRow, Layout, RoutineState, ViewState, qualified


def installation_drift(deployed: Deployed) -> Iterator[str]:
    """One readable line per alteration that `repair_statements` puts right."""
    yield from _routines(deployed)
    yield from _views(deployed)
    yield from _schemas(deployed)
    for user in strangers(deployed):
        yield f"the profile of user {user} was added outside veil"
    for row in _strange_impersonations(deployed):
        yield f"{row.user} was allowed to act as {row.as_user}"


def repair_statements(deployed: Deployed, layout: Layout) -> list[str]:
    """Statements that bring the installation to what this version of veil makes for `layout`, in one transaction."""
    return [
        *_take_back(deployed),
        *warehouse.install_statements(layout),
        *warehouse.delete_profiles(layout, strangers(deployed)),
        *warehouse.revoke_impersonation(layout, _strange_impersonations(deployed)),
    ]


def _strange_impersonations(deployed: Deployed) -> list[ImpersonationRow]:
    """Permissions to act as others that no impersonation of ours gives."""
    return sorted(deployed.snapshot.impersonations - rows_of(deployed.world, deployed.snapshot), key=str)


def strangers(deployed: Deployed) -> list[str]:
    """Users with rows that no profile of ours stands for."""
    with_rows = deployed.profile_rows.keys() | {each.user for each in deployed.snapshot.entries}
    ours = {key for kind, key in deployed.stored if kind is Kind.PROFILE}
    return sorted(with_rows - ours)


def _routines(deployed: Deployed) -> Iterator[str]:
    expected = warehouse.expected_routines(deployed.layout)
    found = deployed.snapshot.routines
    for name, body in sorted(expected.items()):
        state = found.get(name)
        if state is None:
            yield f"the procedure {name} is missing"
            continue
        yield from _routine(name, body, state, deployed.layout.owner)
    for name in sorted(found.keys() - expected.keys()):
        yield f"a procedure or function {name} was added to the integration's schemas"


def _routine(name: str, body: str, state: RoutineState, owner: str) -> Iterator[str]:
    if state.body != body or not state.security_definer:
        yield f"the procedure {name} was replaced"
    if state.overloads != 1:
        yield f"the procedure {name} has a second form with other arguments"
    if state.owner != owner:
        yield f"the procedure {name} is owned by {state.owner}"
    if state.public_execute != (name in warehouse.PUBLIC_ROUTINES):
        yield f"EXECUTE on the procedure {name} was {'granted to' if state.public_execute else 'revoked from'} PUBLIC"


def _views(deployed: Deployed) -> Iterator[str]:
    for place, text in sorted(warehouse.expected_views(deployed.layout).items()):
        state = deployed.snapshot.views.get(place)
        name = dotted(*place)
        if state is None:
            yield f"the view {name} is missing"
            continue
        if state.text != text:
            yield f"the view {name} was replaced"
        if state.owner != deployed.layout.owner:
            yield f"the view {name} is owned by {state.owner}"
        if PUBLIC not in state.select_grantees:
            yield f"SELECT on the view {name} was revoked from PUBLIC"
        for grantee in _others(state):
            yield f"SELECT on the view {name} was granted to {grantee.type} {grantee.name}"


def _others(state: ViewState) -> list[Grantee]:
    return sorted((each for each in state.select_grantees - {PUBLIC} if each.name != state.owner), key=str)


def _schemas(deployed: Deployed) -> Iterator[str]:
    layout, snapshot = deployed.layout, deployed.snapshot
    for schema in (*layout.own_schemas, layout.view_schema):
        grants = snapshot.schema_privileges.get(schema, ())
        if not any(each.grantee == PUBLIC and each.privilege == "USAGE" for each in grants):
            yield f"USAGE on the schema {schema} was revoked from PUBLIC"
        if any(each.grantee == PUBLIC and each.privilege == "CREATE" for each in grants):
            yield f"CREATE on the schema {schema} was granted to PUBLIC"


def _take_back(deployed: Deployed) -> Iterator[str]:
    """What install_statements alone would leave: other owners and grantees, and procedures that are not ours."""
    for place in warehouse.expected_views(deployed.layout):
        state = deployed.snapshot.views.get(place)
        for grantee in _others(state) if state else ():
            yield f"REVOKE ALL ON {qualified(*place)} FROM {grantee.sql}"


__all__ = ["NOUNS", "installation_drift", "repair_statements", "strangers"]
