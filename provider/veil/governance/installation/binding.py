"""Whether late-binding views find the built-in functions by their qualified names, and what views
are where they do not.

That such a view finds `pg_catalog.len` is documented nowhere, and only one that is queried tells.
Unqualified is no way out: a late-binding view looks its functions up when it is queried, whoever
asks may put a schema of theirs before pg_catalog on the search_path, and a function there is then
preferred ("Preventing UDF naming conflicts", search_path): it would be handed what the view hides.
So where a function is not found, the views that call it are bound.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace

from veil import warehouse
from veil.governance.dropping import drop_view
from veil.governance.errors import GovernanceError
from veil.governance.installation.function_probes import (
    CALLS,
    OWN_CALLS,
    WINDOWS,
    impersonation_calls,
    probing_query,
)
from veil.governance.metadata.deployed import DeployedState
from veil.model import Integration
from veil.warehouse import Layout, RelationKind, Session, WarehouseError, qualified

Place = tuple[str, str]

_ABSENT = frozenset({"42883", "42601", "3F000", "0A000"})
"""No such function, a syntax error, no such schema, not supported: the codes by which a server may
say that it does not find one.
"""


class _UndoneError(Exception):
    """Ends a transaction whose work was only to be seen to work."""


def find_unresolved(session: Session, layout: Layout, before: Sequence[str] = ()) -> frozenset[str] | None:
    """The functions of views that a late-binding view does not find under pg_catalog; None where
    that cannot be determined, since this account cannot make a view in the integration's schema.

    Each trial makes a view, queries it for no rows and is rolled back: nothing stays. `before` are
    statements that make the place for it. Four statements where all is found. Outside of any
    transaction. Raises WarehouseError where the connection was lost or somebody holds a lock.
    """
    calls = CALLS | OWN_CALLS | WINDOWS
    # One by one: these fail for other reasons, too.
    absent = frozenset(
        name
        for name, call in impersonation_calls(layout.impersonation_group).items()
        if _trial(session, layout, before, {name: call}) in _ABSENT
    )
    code = _trial(session, layout, before, calls)
    if code is None:
        return absent
    if code not in _ABSENT:
        return None
    single = {name for name, call in calls.items() if _trial(session, layout, before, {name: call}) in _ABSENT}
    # Where each is found alone and all together are not, nobody knows which to trust.
    return absent | (single or calls.keys())


def _trial(session: Session, layout: Layout, before: Iterable[str], calls: dict[str, str]) -> str | None:
    """The code of the error with which a late-binding view fails that makes these calls; None where
    it works.
    """
    view = qualified(layout.system, f"probe_{secrets.token_hex(8)}")
    query = probing_query(calls, qualified(layout.system, "writer"))
    try:
        with session.transaction():
            for statement in before:
                session.execute(statement)
            session.execute(f"CREATE VIEW {view} AS SELECT {query} WITH NO SCHEMA BINDING")
            session.query(f"SELECT 1 FROM {view} LIMIT 0")
            raise _UndoneError
    except _UndoneError:
        return None
    except WarehouseError as error:
        if error.lost or error.timed_out or error.retryable:
            raise
        return error.sqlstate or "unknown"


def require_bindable(integration: Integration, unresolved: frozenset[str]) -> None:
    """Raise GovernanceError where views have to be bound and an administrator makes veil's own."""
    if unresolved and integration.bootstrap == "manual":
        raise GovernanceError(
            "Views have to be bound",
            f"Late-binding views of this warehouse do not find {', '.join(sorted(unresolved))} under pg_catalog, so that views have "
            "to be bound, veil's own among them, and all of them made anew together. An administrator's script cannot do that. "
            'Set bootstrap = "automatic".',
            ("bootstrap",),
        )


def binding_drift(deployed: DeployedState, unresolved: frozenset[str] | None, failing: str = "") -> list[str]:
    """One line where late-binding views find other functions now than when the integration was
    applied: the views are made anew in the form that is right. `failing` is the code with which
    veil's own views fail, which is all that a plan asks.
    """
    known = deployed.world.integration.unresolved
    if unresolved is None and not known and failing in _ABSENT:
        return [
            "veil's own views find something no longer that they name: the apply tries which functions late-binding views find, "
            "and makes all views anew"
        ]
    if unresolved is None or unresolved == known:
        return []
    if not unresolved:
        return [
            "late-binding views find all functions under pg_catalog now: the apply makes all views late-binding anew"
        ]
    return [
        f"late-binding views do not find {', '.join(sorted(unresolved))} under pg_catalog: the apply makes all views anew, and binds "
        "those that call one"
    ]


def is_rebound(deployed: DeployedState, unresolved: frozenset[str]) -> bool:
    """Whether a repair takes all views away first: bound ones depend on each other, and there is no
    way from one form to the other but to make a view anew.
    """
    own = (deployed.snapshot.views.get(place) for place in warehouse.expected_views(deployed.layout))
    bound = any(state is not None and not warehouse.is_late_binding(state.text) for state in own)
    return bound or bool(unresolved or deployed.world.integration.unresolved)


def take_views_away(session: Session, deployed: DeployedState) -> DeployedState:
    """Drop the governed views and veil's own in the open transaction, those that read others first;
    what is there without them.

    Raises DependedOnError where views of others depend on one.
    """
    snapshot, owner = deployed.snapshot, deployed.layout.owner
    # Ours in the opposite order to that in which they are made: one reads what was made before it.
    views = [*sorted(deployed.recorded_views()), *reversed(warehouse.expected_views(deployed.layout))]
    gone = {
        place
        for place in views
        if snapshot.kinds.get(place) is RelationKind.VIEW and snapshot.owners.get(place) == owner
    }
    for place in views:
        if place in gone:
            drop_view(session, place)
    kept = replace(
        snapshot,
        views={place: state for place, state in snapshot.views.items() if place not in gone},
        owners={place: other for place, other in snapshot.owners.items() if place not in gone},
        kinds={place: kind for place, kind in snapshot.kinds.items() if place not in gone},
    )
    return replace(deployed, snapshot=kept)
