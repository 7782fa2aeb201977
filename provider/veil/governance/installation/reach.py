"""What of an installation its account cannot put right: only a superuser gives schemas, tables and
views to another owner, and makes groups.
"""

from collections.abc import Collection, Iterable

from veil import warehouse
from veil.governance.admission.overlay import Overlay
from veil.governance.errors import GovernanceError
from veil.governance.installation.shapes import displacing, putting_aside
from veil.governance.installation.unexpected_objects import projects_with_rows, users_with_rows
from veil.governance.metadata import equalizing
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.governance.metadata.identity import new_id
from veil.governance.showing import shown
from veil.model import Closing, Kind
from veil.model.closings import EVERYWHERE
from veil.model.names import dotted
from veil.warehouse import Layout, identifier, qualified

Place = tuple[str, str]

_WRITTEN_BY_ALL = frozenset({"writer", "revision", "incoming", "object", "ledger", "published", "closed", "own_view"})
"""The tables that each group of changes writes."""

_TELL_NOBODY_APART = frozenset(
    {"integration", "project_profile", "salt_name", "unsealed", "access_request", "requester", "last_error"}
)
"""What neither a governed view reads nor what lets approvers in."""


SEALED = frozenset({"salt", "salt_digest", "runtime", "acknowledgement", "access_request", "approval"})
"""The tables that are written where rows without veil's seal go."""


def giving_back(deployed: DeployedState) -> list[str]:
    """The statements with which a superuser brings the schemas of the installation, and its group,
    within the reach of the account that it belongs to; none where that is a superuser, or nothing
    of these is out of its reach.
    """
    layout, snapshot = deployed.layout, deployed.snapshot
    if not layout.owner or layout.owner in snapshot.superusers:
        return []
    group = layout.impersonation_group
    schemas = (*layout.own_schemas, layout.view_schema)
    return [
        *(
            f"ALTER SCHEMA {identifier(schema)} OWNER TO {identifier(layout.owner)}"
            for schema in schemas
            if snapshot.schema_owners.get(schema, layout.owner) != layout.owner
        ),
        *([f"CREATE GROUP {identifier(group)}"] if group is not None and snapshot.impersonators is None else []),
    ]


def taken(deployed: DeployedState) -> frozenset[Place]:
    """The places of our tables and views where what stands belongs to somebody else and only a
    superuser changes that. A view of ours that was given away is none of these: it is dropped and
    made anew.
    """
    owner = deployed.layout.owner
    if not owner or deployed.gives_ownership or owner in deployed.snapshot.superusers:
        return frozenset()
    places = warehouse.expected_tables(deployed.layout) | displacing(deployed).keys()
    return frozenset(place for place in places if deployed.snapshot.owners.get(place, owner) != owner)


def giving_back_relations(deployed: DeployedState) -> list[str]:
    """The statements with which a superuser gives back what is `taken`. Salts that somebody could
    read go with it: the next apply makes others.
    """
    lost, displaced = taken(deployed), displacing(deployed)
    system = deployed.layout.system
    statements = [
        putting_aside(deployed, place)
        if place in displaced
        else f"ALTER TABLE {qualified(*place)} OWNER TO {identifier(deployed.layout.owner)}"
        for place in sorted(lost)
    ]
    if (system, "salt") in lost - displaced.keys():
        statements += forgetting_salts(deployed.layout)
    return statements


def giving_all_back(deployed: DeployedState) -> list[str]:
    """All that a superuser gives back: `giving_back` and `giving_back_relations`."""
    return [*giving_back(deployed), *giving_back_relations(deployed)]


def forgetting_salts(layout: Layout) -> list[str]:
    """The statements that remove all salts: the next apply makes others."""
    return [f"DELETE FROM {qualified(layout.system, table)}" for table in ("salt", "salt_digest")]


def require_writable_tables(deployed: DeployedState) -> None:
    """Raise GovernanceError where something is taken without which nothing can be written at
    all.
    """
    lost = sorted(place for place in taken(deployed) if place[1] in _WRITTEN_BY_ALL)
    if lost:
        statements = "; ".join(giving_all_back(deployed))
        raise GovernanceError(
            "Part of the integration belongs to somebody else",
            f"Each apply writes {_listed(lost)}, and only a superuser gives that back to {deployed.layout.owner}. Let an "
            f"administrator run this, and apply again: {statements}",
        )


def untrusted(deployed: DeployedState) -> list[Place]:
    """What is taken of that by which views tell who sees what."""
    return sorted(
        place for place in taken(deployed) if place[1] not in _WRITTEN_BY_ALL and place[1] not in _TELL_NOBODY_APART
    )


def close_untrusted(deployed: DeployedState, overlay: Overlay) -> None:
    """Close all data sources while somebody else may write what decides who sees what, and open
    them when nobody else may: in the transaction that opens them, what is `rewritten` is.
    """
    integration = deployed.integration
    if integration is None:
        return
    closings, lost = _of_integration(overlay.closings(), integration), untrusted(deployed)
    sources = frozenset(each.key for each in overlay.sources())
    if lost and not _closes_all(closings, sources):
        reason = f"{_listed(lost)} decides who sees what and belongs to {_owners(deployed, lost)}."
        made = Closing(
            new_id(), integration.id, Kind.INTEGRATION.value, integration.key, reason, EVERYWHERE, sources=sources
        )
        overlay.put(StoredObject(Kind.CLOSING, made.id, integration.id, made))
    elif not lost:
        for each in closings:
            overlay.remove(Kind.CLOSING, each.id)


def rewritten(deployed: DeployedState) -> tuple[frozenset[str], frozenset[str]]:
    """The users and projects of whom a repair writes anew what views read, since it opens what was
    closed while somebody else could write that. Where the row of a profile or project cannot be
    trusted, what is written is nothing until its own apply.
    """
    if deployed.integration is None or not _of_integration(deployed.world.closings.values(), deployed.integration):
        return frozenset(), frozenset()
    if untrusted(deployed):
        return frozenset(), frozenset()
    broken_users = {key for kind, key in deployed.broken if kind is Kind.PROFILE}
    broken_projects = {key for kind, key in deployed.broken if kind is Kind.PROJECT}
    return (
        frozenset(deployed.disturbed.keys() | broken_users & users_with_rows(deployed)),
        equalizing.disturbed(deployed.world, deployed.snapshot, deployed.shown_to_members)
        | broken_projects & projects_with_rows(deployed),
    )


def _of_integration(closings: Iterable[Closing], integration: StoredObject) -> list[Closing]:
    """What closes data sources for the integration. Of one whose row was altered only the owner may
    still be told.
    """
    return [each for each in closings if each.kind == Kind.INTEGRATION or each.owner == integration.id]


def _closes_all(closings: Iterable[Closing], sources: Collection[str]) -> bool:
    return any(each.sources.issuperset(sources) for each in closings)


def trust_lines(deployed: DeployedState) -> list[str]:
    """One readable line where the next apply of the integration closes all data sources, or opens
    them again and puts right what views read of users meanwhile.
    """
    integration, lost = deployed.integration, untrusted(deployed)
    closings = _of_integration(deployed.world.closings.values(), integration) if integration is not None else []
    if lost and not _closes_all(closings, deployed.world.data_sources):
        return [
            f"{_listed(lost)} decides who sees what and belongs to {_owners(deployed, lost)}: the apply closes all data sources"
        ]
    if closings and not lost:
        users, projects = map(len, rewritten(deployed))
        anew = (
            f", and writes anew what was altered of {users} users and {projects} projects" if users or projects else ""
        )
        return [
            f"what decides who sees what is veil's own again: the apply opens the data sources that were closed for it{anew}"
        ]
    return []


def _listed(places: list[Place]) -> str:
    return " and ".join(dotted(*place) for place in places)


def _owners(deployed: DeployedState, places: list[Place]) -> str:
    return " and ".join(sorted({shown(deployed.snapshot.owners[place]) for place in places}))
