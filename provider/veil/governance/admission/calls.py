"""The procedure calls that write what a group of requests stores."""

from collections.abc import Collection, Sequence
from typing import Any

from veil import warehouse
from veil.diff import Admitted
from veil.governance.admission.storable import require_holdable
from veil.governance.metadata import access_requests, closings, equalizing
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.governance.metadata.identity import key_text
from veil.governance.metadata.people import affected, rows_of_all
from veil.governance.metadata.salts import salt_names
from veil.governance.metadata.valid_tables import Lists
from veil.model import Change, Kind, World, codec
from veil.warehouse import EntryRow, ErrorRow, Layout, ObjectRow, ProfileRow


def metadata_statements(
    before: DeployedState,
    following: DeployedState,
    places: Sequence[tuple[Kind, Any]],
    changes: Sequence[Change],
    admitted: Admitted | None,
) -> list[str]:
    """CALL statements in the order in which they must run: removals, then what is stored. Raises
    GovernanceError where a user would hold more than can be kept. `places` are those of the objects
    that change, `admitted` is who could query what afterwards: None where the changes are about no
    people.
    """
    layout = before.layout
    stored = [following.stored[place] for place in places if place in following.stored]
    gone = [before.stored[place] for place in places if place not in following.stored and place in before.stored]
    altered = [each for each in gone if each.thing is None or each.claimed is not None]
    return [
        *warehouse.delete_objects(layout, (_key_row(each) for each in gone if each not in altered)),
        *warehouse.remove_objects(layout, map(_key_row, altered)),
        *warehouse.upsert_objects(layout, [object_row(each) for each in stored]),
        *(_people(before, following, changes, admitted) if admitted is not None else ()),
        *_salts(layout, before, stored),
        *closings.statements(layout, before, following, changes),
        *warehouse.forget_errors(layout, _errors_of(before, places)),
        *access_requests.approver_statements(before, following, changes),
        *access_requests.ending_statements(layout, before, following, changes),
    ]


def _errors_of(before: DeployedState, places: Sequence[tuple[Kind, Any]]) -> list[ErrorRow]:
    """What is recorded of earlier changes of these objects."""
    names = {(kind.value, key_text(key)) for kind, key in places} if before.snapshot.errors else set()
    return [each for each in before.snapshot.errors if (each.kind, each.name) in names]


def _key_row(stored: StoredObject) -> ObjectRow:
    return ObjectRow(stored.kind.value, key_text(stored.key), stored.id, "")


def object_row(stored: StoredObject) -> ObjectRow:
    """The metadata row of a stored object. A broken one has no body: such a row is only ever
    deleted.
    """
    body = codec.encode(stored.thing) if stored.thing is not None else ""
    return ObjectRow(stored.kind.value, key_text(stored.key), stored.id, body)


def _people(
    before: DeployedState, following: DeployedState, changes: Sequence[Change], admitted: Admitted
) -> list[str]:
    users = affected(before.world, following.world, changes)
    names = equalizing.touched(before.world, following.world, changes, users, before.snapshot, admitted)
    return entitlement_statements(before.layout, following.world, users, names, admitted)


def entitlement_statements(
    layout: Layout, world: World, users: Collection[str], projects: Collection[str], admitted: Admitted
) -> list[str]:
    """Calls that put what a World gives these users and projects in place of all that is held of
    them: nothing of one that it does not know. The data sources that users could query are not
    among it (`listing_statements`). Raises GovernanceError where a user would hold more than can be
    kept.
    """
    profiles: list[ProfileRow] = []
    entries: list[EntryRow] = []
    without: list[str] = []
    rows_by_user = rows_of_all(world, users)
    for user in sorted(users):
        rows = rows_by_user.get(user)
        if rows is None:
            without.append(user)
            continue
        require_holdable(rows[0])
        profiles.append(rows[0])
        entries += sorted(rows[1], key=lambda each: (each.kind, each.name, each.value))
    known = [world.projects[name] for name in sorted(projects) if name in world.projects]
    shared = [row for each in known for row in sorted(equalizing.entries_of(world, each), key=str)]
    common = [
        (row, admitted.of_all(each.members))
        for each in known
        if (row := equalizing.profile_of(world, each, admitted)) is not None
    ]
    return [
        *warehouse.delete_profiles(layout, without),
        *warehouse.upsert_profiles(layout, profiles, entries),
        *warehouse.put_project_entries(layout, projects, shared, common),
    ]


def listing_statements(layout: Layout, lists: Lists) -> list[str]:
    """Calls that write the lists of data sources."""
    return warehouse.put_valid_tables(layout, lists.given, lists.moment)


def _salts(layout: Layout, before: DeployedState, stored: Sequence[StoredObject]) -> list[str]:
    wanted = salt_names(each.thing for each in stored if each.thing is not None)
    return warehouse.create_salts(layout, sorted(wanted - before.snapshot.salt_names))
