"""The procedure calls that write what a group of requests stores."""

from collections.abc import Sequence
from typing import Any

from veil import warehouse
from veil.governance.admission.storable import require_holdable
from veil.governance.metadata import closings, codec, equalizing
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.governance.metadata.identity import key_text
from veil.governance.metadata.people import affected, rows_of_all
from veil.governance.metadata.salts import salt_names
from veil.model import Change, Kind
from veil.warehouse import EntryRow, Layout, ObjectRow, ProfileRow


def metadata_statements(
    before: DeployedState, following: DeployedState, places: Sequence[tuple[Kind, Any]], changes: Sequence[Change]
) -> list[str]:
    """CALL statements in the order in which they must run: removals, then what is stored. Raises GovernanceError where a
    user would hold more than can be kept. `places` are those of the objects that change.
    """
    layout = before.layout
    stored = [following.stored[place] for place in places if place in following.stored]
    gone = [before.stored[place] for place in places if place not in following.stored and place in before.stored]
    altered = [each for each in gone if each.thing is None or each.claimed is not None]
    return [
        *warehouse.delete_objects(layout, (_key_row(each) for each in gone if each not in altered)),
        *warehouse.remove_objects(layout, map(_key_row, altered)),
        *warehouse.upsert_objects(layout, [object_row(each) for each in stored]),
        *_people(before, following, changes),
        *_salts(layout, before, stored),
        *closings.statements(layout, before, following, changes),
    ]


def _key_row(stored: StoredObject) -> ObjectRow:
    return ObjectRow(stored.kind.value, key_text(stored.key), stored.id, "")


def object_row(stored: StoredObject) -> ObjectRow:
    """The metadata row of a stored object. A broken one has no body: such a row is only ever deleted."""
    body = codec.encode(stored.thing) if stored.thing is not None else ""
    return ObjectRow(stored.kind.value, key_text(stored.key), stored.id, body)


def _people(before: DeployedState, following: DeployedState, changes: Sequence[Change]) -> list[str]:
    profiles: list[ProfileRow] = []
    entries: list[EntryRow] = []
    without: list[str] = []
    users = affected(before.world, following.world, changes)
    found = rows_of_all(following.world, users)
    for user in sorted(users):
        rows = found.get(user)
        if rows is None:
            without.append(user)
            continue
        require_holdable(rows[0])
        profiles.append(rows[0])
        entries += sorted(rows[1], key=lambda each: (each.kind, each.name, each.value))
    layout = before.layout
    return [
        *warehouse.delete_profiles(layout, without),
        *warehouse.upsert_profiles(layout, profiles, entries),
        *_projects(before, following, changes, users),
    ]


def _projects(
    before: DeployedState, following: DeployedState, changes: Sequence[Change], users: frozenset[str]
) -> list[str]:
    names = equalizing.touched(before.world, following.world, changes, users, before.snapshot.project_entries)
    projects = (following.world.projects[name] for name in sorted(names & following.world.projects.keys()))
    rows = [row for each in projects for row in sorted(equalizing.entries_of(following.world, each), key=str)]
    return warehouse.put_project_entries(before.layout, names, rows)


def _salts(layout: Layout, before: DeployedState, stored: Sequence[StoredObject]) -> list[str]:
    wanted = salt_names(each.thing for each in stored if each.thing is not None)
    return warehouse.create_salts(layout, sorted(wanted - before.snapshot.salt_names))
