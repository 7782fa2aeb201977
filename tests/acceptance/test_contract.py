"""The whole surface that users write, in one configuration: `contract.tf` is what must always work
as written.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.conftest import Database, sample
from tests.acceptance.exporting import export, take_over
from tests.acceptance.terraform import Workspace
from veil.local import Address

CONTRACT = Path(__file__).with_name("contract.tf")


@pytest.fixture(scope="module")
def applied(users: Address, new_workspace: Callable[[], Workspace]) -> tuple[Database, Workspace]:
    # The provider block of the contract names no database, so it means the engine's own.
    database, workspace = Database(users.database, users), new_workspace()
    database.run(*sample())
    workspace.write(CONTRACT.read_text())
    assert (done := workspace.apply()), done.text
    return database, workspace


def test_the_plan_after_the_apply_is_empty(applied: tuple[Database, Workspace]):
    _, workspace = applied
    assert (planned := workspace.plan()).code == 0, planned.text


def test_alice_bob_and_carol_see_what_it_says(applied: tuple[Database, Workspace]):
    database, _ = applied
    rows = "SELECT id, ssn, card FROM governed.customers ORDER BY id"
    alice, bob, carol = (database.query(rows, user) for user in ("alice", "bob", "carol"))
    assert [row[0] for row in alice] == [1, 2] and all(len(row[1]) == 64 for row in alice)
    assert bob == [(3, "333-33-3333", "************5555")]
    assert [row[0] for row in carol] == [1, 2, 3, 4]


def test_the_access_data_source_agrees(applied: tuple[Database, Workspace]):
    _, workspace = applied
    access = workspace.state("data.veil_effective_access.alice")
    assert access["enforced"] and access["admitted"] and access["columns"]["ssn"]["masked"]
    assert not access["columns"]["name"]["masked"]


def test_the_postcondition_fails_the_apply_that_would_show_an_ssn(applied: tuple[Database, Workspace]):
    _, workspace = applied
    text = CONTRACT.read_text()
    workspace.write(text.replace('groups     = ["hr"]', 'groups     = ["hr", "analysts"]'))
    done = workspace.apply()
    assert done.code == 1
    assert "alice would see social security numbers." in done.text
    workspace.write(text)
    assert (done := workspace.apply()), done.text


def test_many_users_of_one_resource_are_updated_repaired_imported_and_removed(applied: tuple[Database, Workspace]):
    database, workspace = applied
    text = CONTRACT.read_text()
    workspace.write(text.replace('bob   = { groups = ["analysts", "hr"]', 'bob   = { groups = ["analysts"]'))
    assert workspace.actions() == {"veil_user_profiles.directory": ["update"]}
    assert (done := workspace.apply()), done.text
    assert len(database.query("SELECT ssn FROM governed.customers", "bob")[0][0]) == 64

    database.run("DELETE FROM immuta_system.profile_entry WHERE immuta__userid = 'carol'")
    found = workspace.plan()
    assert found.code == 2 and "carol: the group 'analysts' was removed" in found.text
    assert (done := workspace.apply()), done.text
    assert (planned := workspace.plan()).code == 0, planned.text

    assert workspace.run("state", "rm", "veil_user_profiles.directory")
    assert (done := workspace.import_("veil_user_profiles.directory", "bob,carol")), done.text
    assert (planned := workspace.plan()).code == 0, planned.text


def test_it_is_exported_lost_and_brought_back(
    applied: tuple[Database, Workspace], new_workspace: Callable[[], Workspace], monkeypatch: pytest.MonkeyPatch
):
    database, workspace = applied
    monkeypatch.setenv("VEIL_LOCAL_DIR", workspace.environment["VEIL_LOCAL_DIR"])
    heir = new_workspace()
    assert export(database, heir) == 0
    take_over(heir)
    for name in ("integration", "data_source", "masking_policy", "subscription", "user_profiles", "impersonation"):
        assert f'resource "veil_{name}"' in "".join(path.read_text() for path in heir.folder.glob("*.tf"))
    assert (planned := workspace.plan()).code == 0, planned.text


def test_destroy_leaves_nothing(applied: tuple[Database, Workspace]):
    database, workspace = applied
    assert (done := workspace.destroy()), done.text
    found = database.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'immuta%' OR nspname = 'governed'")
    assert found == []
