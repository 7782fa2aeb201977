"""The life of a resource of every type: made, planned again, changed, imported, lost, destroyed.

The tests are the chapters of one story on one database: each finds the first form of the
configuration applied and leaves it so.
"""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.lifecycle import CASES, INTEGRATION, act, look, prepare, resources
from tests.acceptance.terraform import Workspace, find_terraform


@pytest.fixture(scope="module")
def new_workspace(new_starting_workspace: Callable[[], Workspace]) -> Callable[[], Workspace]:
    return new_starting_workspace


ALL = (INTEGRATION, *CASES)
ADDRESSES = frozenset(case.address for case in ALL)

# A name is an attribute like any other: it can be changed where the resource is.
RENAMED = {
    'name        = "main"': 'name        = "main renamed"',
    'name = "orders"': 'name = "orders renamed"',
    'name = "card"': 'name = "card renamed"',
    'name = "own"': 'name = "own renamed"',
    'name = "fraud"': 'name = "fraud renamed"',
    'name = "audit"': 'name = "audit renamed"',
    'table = "customers"': 'table = "customers"\nview_name = "clients"',
    'view_schema = "governed"': 'view_schema = "curated"',
}
# Only these make something else of a resource; what refers to the data source goes with it.
REPLACED = {
    'table       = "plain"': 'table       = "letters"',
    'user = "alice"': 'user = "mallory"',
    'user = "erin"': 'user = "carol"',
    'user = "dave"': 'user = "erin"',
}


def configuration(database: Database, *, changed: bool = False) -> str:
    baseline = INTEGRATION.after if changed else INTEGRATION.before
    return header(database, baseline) + resources(changed=changed)


def altered(text: str, changes: Mapping[str, str]) -> str:
    for before, after in changes.items():
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def ids(workspace: Workspace) -> dict[str, str]:
    shown = subprocess.run(
        [find_terraform() or "terraform", "show", "-json"],
        cwd=workspace.folder,
        env=workspace.environment,
        capture_output=True,
        check=True,
    )
    found = json.loads(shown.stdout)["values"]["root_module"]["resources"]
    return {each["address"]: each["values"]["id"] for each in found}


def seen(database: Database) -> dict[str, object]:
    return {case.address: look(database, case) for case in ALL}


@pytest.fixture(scope="module")
def place(
    new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]
) -> Iterator[tuple[Database, Workspace]]:
    database, workspace = new_database(), new_workspace()
    prepare(database)
    workspace.write(configuration(database))
    assert (done := workspace.apply()), done.text
    act(database)
    yield database, workspace


def test_the_plan_after_the_creation_is_empty_with_and_without_a_look(place: tuple[Database, Workspace]):
    database, workspace = place
    assert seen(database) == {case.address: case.seen[0] for case in ALL}
    for arguments in ((), ("-refresh=false",)):
        planned = workspace.plan(*arguments)
        assert planned.code == 0, planned.text


def test_every_resource_is_changed_in_place_and_the_change_is_seen(place: tuple[Database, Workspace]):
    database, workspace = place
    made = ids(workspace)
    workspace.write(configuration(database, changed=True))
    assert workspace.actions() == {address: ["update"] for address in ADDRESSES}
    assert (done := workspace.apply("plan.bin")), done.text
    assert seen(database) == {case.address: case.seen[1] for case in ALL}
    assert ids(workspace) == made
    assert (planned := workspace.plan()).code == 0, planned.text

    workspace.write(configuration(database))
    assert (done := workspace.apply()), done.text
    act(database)
    assert seen(database) == {case.address: case.seen[0] for case in ALL}


def views(database: Database, schema: str) -> set[str]:
    return {row[0] for row in database.query(f"SELECT viewname FROM pg_views WHERE schemaname = '{schema}'")}


def test_names_and_the_schema_of_views_are_changed_in_place(place: tuple[Database, Workspace]):
    database, workspace = place
    made, before = ids(workspace), views(database, "governed")
    workspace.write(altered(configuration(database), RENAMED))
    actions = workspace.actions()
    without_names = {"veil_user_profile.alice", "veil_user_profiles.directory", "veil_impersonation.support"}
    pairs = {"veil_subscription.audit", "veil_access_refusal.erin"}
    assert actions.keys() >= ADDRESSES - without_names - pairs
    assert set(map(tuple, actions.values())) == {("update",)}
    assert (done := workspace.apply("plan.bin")), done.text
    assert ids(workspace) == made
    assert views(database, "curated") == before - {"customers"} | {"clients"}
    assert views(database, "governed") == set()
    assert database.query("SELECT COUNT(*) FROM curated.clients", "carol") == [(4,)]
    assert (planned := workspace.plan()).code == 0, planned.text

    workspace.write(configuration(database))
    assert (done := workspace.apply()), done.text
    act(database)
    assert seen(database) == {case.address: case.seen[0] for case in ALL}
    database.run("DROP SCHEMA curated")


def test_only_what_a_resource_is_replaces_it(place: tuple[Database, Workspace]):
    database, workspace = place
    database.run('CREATE TABLE "raw".letters AS SELECT * FROM "raw".plain')
    workspace.write(altered(configuration(database), REPLACED))
    assert workspace.actions() == {
        "veil_data_source.plain": ["delete", "create"],
        "veil_user_profile.alice": ["delete", "create"],
        "veil_subscription.audit": ["delete", "create"],
        "veil_access_refusal.erin": ["delete", "create"],
    }
    workspace.write(configuration(database))


def test_every_resource_is_imported_by_its_readable_name(
    place: tuple[Database, Workspace], new_workspace: Callable[[], Workspace]
):
    database, workspace = place
    other = new_workspace()
    others = {
        **{f"veil_data_source.{name}": f"raw.{name}" for name in ("plain", "audited", "filtered", "orders")},
        "veil_subscription_policy.open": "open",
        "veil_subscription_policy.on_request": "on request",
        "veil_masking_policy.ssn": "ssn",
        "veil_masking_policy.email": "email",
        "veil_project.fraud_team": "fraud-team",
        "veil_subscription_policy.auditors": "auditors",
        **{f'veil_user_profile.others["{user}"]': user for user in ("bob", "erin")},
    }
    names = {case.address: case.imported_as for case in ALL} | others
    blocks = "".join(f'import {{\n  to = {address}\n  id = "{name}"\n}}\n' for address, name in names.items())
    other.write(configuration(database) + blocks)
    # A plan that imports and changes nothing says so; nothing else is in it.
    assert (planned := other.plan()).code == 2, planned.text
    assert f"Plan: {len(names)} to import, 0 to add, 0 to change, 0 to destroy." in planned.text, planned.text
    assert (done := other.apply()), done.text
    assert ids(other) == ids(workspace)
    assert (planned := other.plan()).code == 0, planned.text


def test_the_command_imports_too_and_says_what_there_is_where_a_name_is_wrong(
    place: tuple[Database, Workspace], new_workspace: Callable[[], Workspace]
):
    database, _ = place
    other = new_workspace()
    other.write(configuration(database))
    assert (done := other.import_("veil_integration.main", "main")), done.text
    assert (done := other.import_("veil_subscription.audit", "dave/governed.audited")), done.text
    wrong = other.import_("veil_masking_policy.card", "crad")
    assert wrong.code == 1
    assert "No such masking policy" in wrong.text
    assert "There are: card, email, ssn." in " ".join(wrong.text.split())


def test_what_was_removed_by_hand_is_made_again(place: tuple[Database, Workspace]):
    database, workspace = place
    database.run("DELETE FROM immuta_system.object WHERE kind <> 'integration'", "DROP VIEW governed.customers")
    actions = workspace.actions()
    # The integration too: without its row nothing declares that somebody may act as somebody else,
    # so it takes that away before the impersonation gives it again.
    assert {address for address, action in actions.items() if action == ["update"]} == ids(workspace).keys()
    assert (done := workspace.apply()), done.text
    act(database)
    assert seen(database) == {case.address: case.seen[0] for case in ALL}
    assert (planned := workspace.plan()).code == 0, planned.text


def test_an_integration_that_was_removed_by_hand_is_made_again(place: tuple[Database, Workspace]):
    database, workspace = place
    database.run(
        *(f"DROP SCHEMA immuta_{name} CASCADE" for name in ("system", "functions", "procedures")),
        *(f"DROP VIEW governed.{view}" for view in views(database, "governed")),
    )
    assert set(map(tuple, workspace.actions().values())) == {("create",)}
    assert (done := workspace.apply()), done.text
    act(database)
    assert seen(database) == {case.address: case.seen[0] for case in ALL}
    assert (planned := workspace.plan()).code == 0, planned.text


def test_what_is_gone_already_can_be_destroyed_and_nothing_is_left(place: tuple[Database, Workspace]):
    database, workspace = place
    database.run(
        "DELETE FROM immuta_system.object WHERE kind <> 'integration' AND name <> 'raw.plain'",
        "DROP VIEW governed.plain",
    )
    assert (done := workspace.destroy()), done.text
    names = "nspname LIKE 'immuta%' OR nspname IN ('governed', 'curated')"
    assert database.query(f"SELECT nspname FROM pg_namespace WHERE {names}") == []
    assert database.query('SELECT COUNT(*) FROM "raw".customers') == [(4,)]
