"""Making a whole integration in one transaction."""

import secrets
from collections.abc import Iterable
from dataclasses import replace

from veil import warehouse
from veil.governance.admission.calls import object_row
from veil.governance.errors import GovernanceError
from veil.governance.installation.accounts import explaining_rights
from veil.governance.installation.binding import (
    find_unresolved,
    is_rebound,
    require_bindable,
    take_views_away,
)
from veil.governance.installation.clock import finds_utc_clock, require_clock
from veil.governance.installation.manual_bootstrap import require_made
from veil.governance.installation.preconditions import refuse_case_sensitive, require_place
from veil.governance.installation.repairing import closing_tables
from veil.governance.installation.session_variables import require_impersonable
from veil.governance.metadata import impersonating
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.governance.metadata.identity import new_integration_id
from veil.model import Integration, Kind
from veil.warehouse import Layout, Session


def layout_of(integration: Integration) -> Layout:
    """Where an integration keeps its things. Raises GovernanceError where its prefix cannot be
    used.
    """
    try:
        return Layout(
            integration.schema_prefix,
            integration.view_schema,
            impersonation_group=integration.impersonation_group,
            bound=bool(integration.unresolved),
            utc_clock=integration.utc_clock,
        )
    except ValueError as problem:
        raise GovernanceError("Invalid schema prefix", f"{problem}.", ("schema_prefix",)) from problem


def install(
    session: Session, database: str, integration: Integration, present: DeployedState | None, token: str | None = None
) -> StoredObject:
    """Make the integration; take over one of the same content, which an apply that was cut off left
    behind. `token` is the one that it had before its records were lost.

    Raises GovernanceError where the database has another integration, or where something of our
    names belongs to somebody else.
    """
    layout = layout_of(integration)
    _require_free(present, integration, database)
    if present is not None:
        layout = replace(layout, read_only_role=present.layout.read_only_role)
    require_ready(session, integration, database)
    if integration.bootstrap == "automatic":
        require_own_names(session, layout)
    with explaining_rights(session.settings.username, database):
        unresolved = _unresolved(session, integration, layout, present)
        utc_clock = finds_utc_clock(session, present.world.integration if present is not None else integration)
    require_clock(integration, utc_clock=utc_clock)
    layout = replace(layout, bound=bool(unresolved), utc_clock=utc_clock)
    token = token or new_integration_id(database)
    made = replace(integration, unresolved=unresolved, utc_clock=utc_clock)
    stored = StoredObject(Kind.INTEGRATION, integration.name, token, made)

    def work(session: Session) -> None:
        if present is not None and is_rebound(present, unresolved):
            take_views_away(session, present)
        if integration.bootstrap == "automatic":
            version = present.snapshot.schema_version if present is not None else warehouse.SCHEMA_VERSION
            _run(session, warehouse.upgrade_statements(layout, version))
            _run(session, closing_tables(session, layout, session.settings.username))
        else:
            # An integration that was here before took it along.
            _run(session, warehouse.sealing_statements(layout))
        warehouse.record_own_views(session, layout)
        if present is not None:
            _take_over(session, layout, present)
        _run(session, warehouse.upsert_objects(layout, [object_row(stored)]))

    with explaining_rights(session.settings.username, database):
        if integration.bootstrap == "automatic":
            impersonating.make_group(session, integration)
        warehouse.run_in_transaction(session, work)
    return stored


def _unresolved(
    session: Session, integration: Integration, layout: Layout, present: DeployedState | None
) -> frozenset[str]:
    """The functions that late-binding views do not find, tried in schemas that are made for it
    where there are none.
    """
    known = present.world.integration.unresolved if present is not None else frozenset()
    made = present is not None or integration.bootstrap == "manual"
    observed = find_unresolved(session, layout, () if made else warehouse.scratch_statements(layout))
    unresolved = known if observed is None else observed
    require_bindable(integration, unresolved)
    return unresolved


def _take_over(session: Session, layout: Layout, present: DeployedState) -> None:
    """Go on from what is there, once that is repaired: the very procedure may have been."""
    warehouse.move_on(session, layout, present.snapshot, secrets.token_hex(16))
    if present.snapshot.schema_version == warehouse.SCHEMA_VERSION and not present.snapshot.has_ledger:
        # An upgrade fills it. Else the objects that are there would be taken for somebody else's.
        _run(session, warehouse.fill_ledger(layout))


def _run(session: Session, statements: Iterable[str]) -> None:
    for statement in statements:
        session.execute(statement)


def require_ready(session: Session, integration: Integration, database: str) -> None:
    """Raise GovernanceError where an integration could not work in this database, or where an
    administrator has yet to make something of it.
    """
    require_place(session, integration)
    refuse_case_sensitive(session)
    require_impersonable(session, integration)
    if integration.bootstrap == "manual":
        require_made(session, layout_of(integration), database)


def require_own_names(session: Session, layout: Layout, *, there: bool = False) -> None:
    """Raise GovernanceError where something of this layout's names belongs to somebody else. Where
    the integration is `there`, the schemas alone are looked at: a repair knows what to do with all
    else.
    """
    if foreign := (warehouse.check_foreign_schemas if there else warehouse.check_foreign)(session, layout):
        raise GovernanceError(
            "Names already taken",
            f"veil does not install into objects that others own. {' '.join(foreign)} Drop them, or choose another "
            "schema_prefix or view_schema.",
            ("schema_prefix",),
        )


def _require_free(present: DeployedState | None, integration: Integration, database: str) -> None:
    if present is None or present.integration is None:
        return
    if present.integration.thing is not None and _same(present.integration.thing, integration):
        return
    raise GovernanceError(
        "This database has an integration",
        f"The database {database} already has the integration {present.integration.key}; a database has one. Bring it under "
        f'this configuration with: import {{ to = <this resource> id = "{present.integration.key}" }}.',
        ("database",),
    )


def _same(one: object, other: Integration) -> bool:
    return isinstance(one, Integration) and _as_declared(one) == _as_declared(other)


def _as_declared(integration: Integration) -> Integration:
    return replace(integration, hostname="", unresolved=frozenset(), utc_clock=False)
