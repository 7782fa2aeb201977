"""The statements that put an installation right."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from veil import warehouse
from veil.governance.installation.reach import SEALED, forgetting_salts, require_writable_tables, taken
from veil.governance.installation.shapes import displacing, putting_aside, reshaping
from veil.governance.installation.unexpected_objects import (
    allowed_callers,
    copies,
    doubled_impersonations,
    exposing,
    exposing_view,
    has_leaking_salts,
    inherited,
    schema_excess,
    scoped,
    standings_of,
    strange_appliers,
    strange_impersonations,
    strange_rows,
    strangers,
    stray_projects,
    stray_records,
    wanted_salts,
)
from veil.governance.metadata.access_requests import strange_refusals
from veil.governance.metadata.deployed import DeployedState
from veil.governance.privileges import may_be_passed_on, take_back, take_back_schema, take_back_table
from veil.model import Integration, World
from veil.warehouse import Layout, Session, Signature, Snapshot, Standing, identifier, qualified


def hold_for_repair(session: Session, deployed: DeployedState) -> None:
    """Make other writers wait, in the open transaction, though the table that they wait for may be
    missing.

    Raises warehouse.RevisionMovedError where another process wrote since `deployed` was read, and
    GovernanceError where what is written by every apply belongs to somebody else.
    """
    require_writable_tables(deployed)
    writer = (deployed.layout.system, "writer")
    if writer in displacing(deployed):
        session.execute(putting_aside(deployed, writer))
    if writer not in deployed.snapshot.kinds or writer in displacing(deployed):
        for statement in warehouse.install_pieces(deployed.layout)["table", "writer"]:
            session.execute(statement)
    warehouse.require_unmoved(session, deployed.layout, deployed.snapshot)


def repair_statements(deployed: DeployedState, layout: Layout) -> list[str]:
    """Statements that bring the installation, rows aside, to what this version of veil makes for
    `layout`. What is taken is left as it is.
    """
    lost = taken(deployed)
    return [
        *taking_back(deployed),
        *_dropping_replaced(deployed, lost),
        *reshaping(deployed, layout, lost),
        *warehouse.install_statements(layout, without=lost),
    ]


def _dropping_replaced(deployed: DeployedState, lost: Collection[tuple[str, str]]) -> Iterator[str]:
    """Statements that drop our own views where somebody replaced them: theirs may have columns that
    ours do not replace. A bound view is not made over what is taken, so the one that is there
    stays.
    """
    if lost and deployed.layout.bound:
        return
    for place, standing in sorted(standings_of(deployed).items()):
        if standing is not Standing.AS_MADE:
            yield f"DROP VIEW IF EXISTS {qualified(*place)}"


def row_statements(deployed: DeployedState, layout: Layout) -> list[str]:
    """Statements that remove the rows that veil did not write, or that are there more than once."""
    snapshot = deployed.snapshot
    doubled = doubled_impersonations(deployed)
    impersonations = [
        *warehouse.remove_impersonations(layout, [*strange_impersonations(deployed), *doubled]),
        *warehouse.grant_impersonation(layout, doubled),
    ]
    users = (user for (user,) in snapshot.doubled.get("runtime", ()))
    refused = [(each.user, each.source) for each in strange_refusals(deployed)]
    agreements = snapshot.doubled.get("acknowledgement", ())
    removing = (
        (SEALED, _resealing(deployed, layout)),
        ((), warehouse.remove_objects(layout, strange_rows(deployed))),
        (("profile", "profile_entry"), warehouse.remove_profiles(layout, strangers(deployed))),
        (("project_entry", "project_profile"), warehouse.remove_project_entries(layout, stray_projects(deployed))),
        ((), warehouse.remove_published(layout, stray_records(deployed))),
        (("impersonation",), impersonations),
        (("applier",), warehouse.remove_appliers(layout, strange_appliers(deployed))),
        (("request_end",), warehouse.remove_request_ends(layout, refused)),
        (("runtime",), warehouse.remove_runtimes(layout, users)),
        (("acknowledgement",), warehouse.remove_acknowledgements(layout, agreements)),
    )
    lost = {name for _, name in taken(deployed)}
    return [each for tables, statements in removing if lost.isdisjoint(tables) for each in statements]


def _resealing(deployed: DeployedState, layout: Layout) -> list[str]:
    """Statements after which all salts, and what users chose, are as our procedures write them.
    What is not is found in the warehouse, so that it goes even where nothing tells what it is.
    """
    if deployed.snapshot.unsealed == frozenset() and not has_leaking_salts(deployed):
        return []
    return [
        *warehouse.sealing_statements(layout),
        *warehouse.create_salts(layout, sorted(wanted_salts(deployed))),
        *warehouse.remove_unsealed(layout),
    ]


def taking_back(deployed: DeployedState) -> Iterator[str]:
    """Statements against what install_statements alone would leave: other owners and grantees, and
    copies of governed views. What others made is left to them.
    """
    yield from _take_schemas(deployed)
    for place in copies(deployed):
        yield f"DROP VIEW {qualified(*place)}"
    for signature in _own_routines(deployed):
        state = deployed.snapshot.routines[signature]
        for grantee in sorted(state.grantees - allowed_callers(signature.name, deployed)):
            # The one privilege on a routine: of functions AWS documents no ALL (Amazon Redshift
            # Database Developer Guide, REVOKE).
            yield f"REVOKE EXECUTE ON {signature.sql} FROM {grantee.sql}"
        if state.owner != deployed.layout.owner:
            yield (
                f"ALTER {signature.sql} OWNER TO {identifier(deployed.layout.owner)}"
                if deployed.gives_ownership
                else f"DROP {signature.sql}"
            )
        replaceable = warehouse.is_replaceable(signature.name, state)
        if not replaceable and (deployed.gives_ownership or state.owner == deployed.layout.owner):
            yield f"DROP {signature.sql}"
    for place in sorted(warehouse.expected_views(deployed.layout).keys() - displacing(deployed).keys()):
        yield from _take_view(deployed, place)
    for place in sorted(warehouse.expected_tables(deployed.layout) - displacing(deployed).keys() - taken(deployed)):
        yield from _take_relation(deployed, place)
        yield from take_back_table(exposing(deployed, place), place)


def taking_back_by_hand(deployed: DeployedState) -> Iterator[str]:
    """The same for a superuser to run. Salts that somebody could have read go last: the next apply
    makes others.
    """
    snapshot = deployed.snapshot
    all_powerful = replace(snapshot, superusers=snapshot.superusers | {snapshot.account, deployed.layout.owner})
    yield from taking_back(replace(deployed, snapshot=all_powerful))
    if has_leaking_salts(deployed):
        yield from forgetting_salts(deployed.layout)


def _take_view(deployed: DeployedState, place: tuple[str, str]) -> Iterator[str]:
    state = deployed.snapshot.views.get(place)
    if state is None:
        return
    if state.owner != deployed.layout.owner and not deployed.gives_ownership:
        yield f"DROP VIEW {qualified(*place)}"
        return
    yield from _take_relation(deployed, place)
    strange = exposing_view(deployed, place, state)
    if may_be_passed_on(strange):
        yield f"DROP VIEW {qualified(*place)}"
        yield from warehouse.install_pieces(deployed.layout)["view", place[1]]
        return
    yield from take_back(strange, place)


_MADE = {"RELATION": "TABLES", "FUNCTION": "FUNCTIONS", "PROCEDURE": "PROCEDURES"}
"""What ALTER DEFAULT PRIVILEGES calls that of which the catalog says otherwise."""


def closing_tables(session: Session, layout: Layout, account: str) -> list[str]:
    """Statements against what defaults gave away of the tables of a new installation, in its own
    transaction.
    """
    installed = warehouse.read_installed(session, layout)
    layout = replace(layout, owner=account)
    snapshot = Snapshot(
        0, "", warehouse.SCHEMA_VERSION, "", account, table_grants=installed.table_grants, owners=installed.owners
    )
    made = DeployedState(layout, snapshot, {}, World(Integration("", "", layout.view_schema)))
    places = sorted(warehouse.expected_tables(layout))
    return [each for place in places for each in take_back_table(exposing(made, place), place)]


def closing_statements(session: Session, deployed: DeployedState) -> list[str]:
    """Statements against what stands open after a repair, in its own transaction: what was made by
    it took the privileges that defaults give, ours for any schema among them. Asks the catalog, for
    the last word is its.
    """
    installed = warehouse.read_installed(session, deployed.layout)
    snapshot = replace(
        deployed.snapshot,
        schema_owners=installed.schema_owners,
        schema_privileges=installed.schema_privileges,
        owners=installed.owners,
        table_grants=installed.table_grants,
        views=installed.views,
        routines=installed.routines,
        default_grants=frozenset(),
    )
    return list(taking_back(replace(deployed, snapshot=snapshot)))


def salt_statements(deployed: DeployedState, layout: Layout) -> list[str]:
    """Statements that make the salts anew where somebody could have read them, and somebody else
    could not write them.
    """
    lost = {name for _, name in taken(deployed)}
    if not has_leaking_salts(deployed) or not lost.isdisjoint(("salt", "salt_digest")):
        return []
    names = sorted(deployed.snapshot.salt_names)
    return [
        *forgetting_salts(layout),
        *warehouse.sealing_statements(layout),
        *warehouse.create_salts(layout, names),
    ]


def _take_schemas(deployed: DeployedState) -> Iterator[str]:
    layout = deployed.layout
    for schema in (*layout.own_schemas, layout.view_schema):
        if deployed.snapshot.schema_owners.get(schema, layout.owner) != layout.owner:
            yield f"ALTER SCHEMA {identifier(schema)} OWNER TO {identifier(layout.owner)}"
        yield from take_back_schema(schema_excess(deployed, schema), schema)
        for objects, grantee in sorted({(each.objects, each.grant.grantee) for each in inherited(deployed, schema)}):
            yield (
                f"ALTER DEFAULT PRIVILEGES FOR USER {identifier(layout.owner)} IN SCHEMA {identifier(schema)} "
                f"REVOKE ALL ON {_MADE[objects]} FROM {grantee.sql}"
            )
    for schema in layout.own_schemas:
        for grant in scoped(deployed, schema):
            yield f"REVOKE {grant.privilege} FOR {grant.scope} IN SCHEMA {identifier(schema)} FROM {grant.grantee.sql}"


def _own_routines(deployed: DeployedState) -> list[Signature]:
    """The procedures of ours that are there."""
    return sorted(deployed.snapshot.routines.keys() & warehouse.expected_routines(deployed.layout).keys())


def _take_relation(deployed: DeployedState, place: tuple[str, str]) -> Iterator[str]:
    owner = deployed.layout.owner
    if deployed.snapshot.owners.get(place, owner) != owner:
        yield f"ALTER TABLE {qualified(*place)} OWNER TO {identifier(owner)}"
