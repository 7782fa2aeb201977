"""The integration's own schemas, tables, views and procedures: what was altered, and what puts it right."""

from collections.abc import Iterator

from veil import warehouse
from veil.governance.deployed import Deployed
from veil.governance.errors import NOUNS, GovernanceError
from veil.governance.impersonating import rows_of
from veil.governance.upgrading import is_older, upgrade_line
from veil.model import Kind
from veil.model.names import dotted
from veil.warehouse import (
    PUBLIC,
    Grant,
    Grantee,
    ImpersonationRow,
    Layout,
    RoutineState,
    ViewState,
    identifier,
    qualified,
)


def installation_drift(deployed: Deployed) -> Iterator[str]:
    """One readable line per alteration that `repair_statements` puts right."""
    if is_older(deployed):
        # Its views and procedures are as that version made them: there is nothing to compare them with here.
        yield upgrade_line(deployed)
        return
    yield from _routines(deployed)
    yield from _views(deployed)
    yield from _tables(deployed)
    yield from _schemas(deployed)
    for user in strangers(deployed):
        yield f"the profile of user {user} was added outside veil"
    for row in _strange_impersonations(deployed):
        yield f"{row.user} was allowed to act as {row.as_user}"


def repair_statements(deployed: Deployed, layout: Layout) -> list[str]:
    """Statements that bring the installation to what this version of veil makes for `layout`, in one transaction.

    Raises GovernanceError where something belongs to somebody else and only a superuser can change that.
    """
    _refuse_taken(deployed)
    return [
        *_take_back(deployed),
        *warehouse.install_statements(layout),
        *warehouse.delete_profiles(layout, strangers(deployed)),
        *warehouse.revoke_impersonation(layout, _strange_impersonations(deployed)),
    ]


def _refuse_taken(deployed: Deployed) -> None:
    owner, snapshot = deployed.layout.owner, deployed.snapshot
    if deployed.gives_ownership:
        return
    statements = [
        f"ALTER SCHEMA {identifier(schema)} OWNER TO {identifier(owner)}"
        for schema in (*deployed.layout.own_schemas, deployed.layout.view_schema)
        if snapshot.schema_owners.get(schema, owner) != owner
    ] + [
        f"ALTER TABLE {qualified(*place)} OWNER TO {identifier(owner)}"
        for place in sorted(warehouse.expected_tables(deployed.layout))
        if snapshot.owners.get(place, owner) != owner
    ]
    if statements:
        raise GovernanceError(
            "Part of the integration belongs to somebody else",
            f"Only a superuser gives it back to {owner}. Let an administrator run this, and apply again: "
            f"{'; '.join(statements)}",
        )


def _strange_impersonations(deployed: Deployed) -> list[ImpersonationRow]:
    """Permissions to act as others that no impersonation of ours gives."""
    return sorted(deployed.snapshot.impersonations - rows_of(deployed.world, deployed.snapshot), key=str)


def strangers(deployed: Deployed) -> list[str]:
    """Users with rows that no profile of ours stands for."""
    with_rows = deployed.profile_rows.keys() | {each.user for each in deployed.snapshot.entries}
    ours = {key for kind, key in deployed.stored if kind is Kind.PROFILE}
    return sorted(with_rows - ours)


def _routines(deployed: Deployed) -> Iterator[str]:
    found = deployed.snapshot.routines
    for name, body in sorted(warehouse.expected_routines(deployed.layout).items()):
        state = found.get(name)
        if state is None:
            yield f"the procedure {name} is missing"
        else:
            yield from _routine(name, body, state, deployed.layout)
    for form in _strange_forms(deployed):
        what, _, name = form.partition(" ")
        yield f"the {what.lower()} {name} was added to the integration's schemas"


def _routine(name: str, body: str, state: RoutineState, layout: Layout) -> Iterator[str]:
    # With several forms of one name this one may be another's; that there are several is told already.
    if state.overloads == 1 and (state.body != body or not state.security_definer):
        yield f"the procedure {name} was replaced"
    if state.owner != layout.owner:
        yield f"the procedure {name} is owned by {state.owner}"
    if state.public_execute != (name in warehouse.PUBLIC_ROUTINES):
        yield f"EXECUTE on the procedure {name} was {'granted to' if state.public_execute else 'revoked from'} PUBLIC"
    for grantee in _intruders(name, state, layout):
        yield f"EXECUTE on the procedure {name} was granted to {grantee.type} {grantee.name}"


def _intruders(name: str, state: RoutineState, layout: Layout) -> list[Grantee]:
    group = layout.impersonation_group
    allowed = {Grantee("group", group)} if name == "impersonate_user" and group is not None else set()
    return sorted(state.grantees - allowed)


def _strange_forms(deployed: Deployed) -> list[str]:
    return sorted(deployed.snapshot.routine_forms - warehouse.expected_forms(deployed.layout))


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


def _tables(deployed: Deployed) -> Iterator[str]:
    owners, owner = deployed.snapshot.owners, deployed.layout.owner
    for place in sorted(warehouse.expected_tables(deployed.layout)):
        if place not in owners:
            yield f"the table {dotted(*place)} is missing"
        if (other := owners.get(place, owner)) != owner:
            yield f"the table {dotted(*place)} is owned by {other}"
        for grant in _exposing(deployed, place):
            yield f"{grant.privilege} on the table {dotted(*place)} was granted to {_named(grant.grantee)}"


def _exposing(deployed: Deployed, place: tuple[str, str]) -> list[Grant]:
    """The grants on a table of ours that nobody should hold. Reading, salts aside, is what planners are granted."""
    grants = deployed.snapshot.table_grants.get(place, ())
    return [
        each
        for each in grants
        if each.grantee != Grantee("user", deployed.snapshot.owners.get(place, deployed.layout.owner))
        and (each.grantee == PUBLIC or each.privilege != "SELECT" or place[1] == "salt")
    ]


def _schemas(deployed: Deployed) -> Iterator[str]:
    layout, snapshot = deployed.layout, deployed.snapshot
    for schema in (*layout.own_schemas, layout.view_schema):
        if (owner := snapshot.schema_owners.get(schema, layout.owner)) != layout.owner:
            yield f"the schema {schema} is owned by {owner}"
        grants = snapshot.schema_privileges.get(schema, ())
        if not any(each.grantee == PUBLIC and each.privilege == "USAGE" for each in grants):
            yield f"USAGE on the schema {schema} was revoked from PUBLIC"
        for grantee in _makers(deployed, schema):
            yield f"CREATE on the schema {schema} was granted to {_named(grantee)}"


def _makers(deployed: Deployed, schema: str) -> list[Grantee]:
    """Who may create in a schema and should not. In the view schema, named users may have things of their own."""
    grants = deployed.snapshot.schema_privileges.get(schema, ())
    makers = {each.grantee for each in grants if each.privilege == "CREATE" and not each.scope}
    owner = deployed.snapshot.schema_owners.get(schema, deployed.layout.owner)
    others = makers - {Grantee("user", owner)}
    return sorted(others & {PUBLIC} if schema == deployed.layout.view_schema else others)


def _named(grantee: Grantee) -> str:
    return grantee.name if grantee == PUBLIC else f"{grantee.type} {grantee.name}"


def _take_back(deployed: Deployed) -> Iterator[str]:
    """What install_statements alone would leave: other owners and grantees, and routines that are not ours."""
    yield from _take_schemas(deployed)
    for form in _strange_forms(deployed):
        yield f"DROP {form}"
    for name, form in _own_forms(deployed).items():
        state = deployed.snapshot.routines[name]
        for grantee in _intruders(name, state, deployed.layout):
            yield f"REVOKE ALL ON {form} FROM {grantee.sql}"
        if state.owner != deployed.layout.owner:
            yield (
                f"ALTER {form} OWNER TO {identifier(deployed.layout.owner)}"
                if deployed.gives_ownership
                else f"DROP {form}"
            )
    for place in warehouse.expected_views(deployed.layout):
        yield from _take_view(deployed, place)
    for place in sorted(warehouse.expected_tables(deployed.layout)):
        yield from _take_relation(deployed, place)
        for grant in _exposing(deployed, place):
            yield f"REVOKE ALL ON {qualified(*place)} FROM {grant.grantee.sql}"


def _take_view(deployed: Deployed, place: tuple[str, str]) -> Iterator[str]:
    state = deployed.snapshot.views.get(place)
    if state is None:
        return
    if state.owner != deployed.layout.owner and not deployed.gives_ownership:
        yield f"DROP VIEW {qualified(*place)}"
        return
    yield from _take_relation(deployed, place)
    for grantee in _others(state):
        yield f"REVOKE ALL ON {qualified(*place)} FROM {grantee.sql}"


def _take_schemas(deployed: Deployed) -> Iterator[str]:
    layout = deployed.layout
    for schema in (*layout.own_schemas, layout.view_schema):
        if deployed.snapshot.schema_owners.get(schema, layout.owner) != layout.owner:
            yield f"ALTER SCHEMA {identifier(schema)} OWNER TO {identifier(layout.owner)}"
        for grantee in _makers(deployed, schema):
            yield f"REVOKE CREATE ON SCHEMA {identifier(schema)} FROM {grantee.sql}"


def _own_forms(deployed: Deployed) -> dict[str, str]:
    """By name, how statements name the procedures of ours that are there."""
    forms = sorted(deployed.snapshot.routine_forms & warehouse.expected_forms(deployed.layout))
    return {form.partition("(")[0].rpartition(".")[2]: form for form in forms}


def _take_relation(deployed: Deployed, place: tuple[str, str]) -> Iterator[str]:
    owner = deployed.layout.owner
    if deployed.snapshot.owners.get(place, owner) != owner:
        yield f"ALTER TABLE {qualified(*place)} OWNER TO {identifier(owner)}"


__all__ = ["NOUNS", "installation_drift", "repair_statements", "strangers"]
