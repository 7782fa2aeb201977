"""Rights that end by themselves: what users see before and after, with no apply, and what plans,
commands and exports say.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.exporting import export, take_over
from tests.acceptance.terraform import Workspace
from tests.acceptance.test_projects import under
from veil.cli.main import main

PAST, AHEAD = "2001-01-01T00:00:00Z", "2199-01-01T01:00:00+01:00"
USERS = f"""
resource "veil_user_profile" "alice" {{
  integration = veil_integration.main.id
  user        = "alice"
  groups      = ["analysts", "hr"]
  attributes  = {{ territory = ["US", "CA", "FR"] }}
  expires = {{
    groups     = {{ hr = "{AHEAD}" }}
    attributes = {{ territory = {{ US = "{AHEAD}", FR = "{PAST}" }} }}
  }}
}}
resource "veil_user_profiles" "directory" {{
  integration = veil_integration.main.id
  users = {{
    bob = {{
      groups     = ["analysts", "hr"]
      attributes = {{ territory = ["US", "FR"] }}
      expires    = {{ groups = {{ hr = "{PAST}" }} }}
    }}
  }}
}}
resource "veil_user_profiles" "file" {{
  integration = veil_integration.main.id
  file        = "${{path.module}}/users.csv"
}}
"""
FILE = f"""user,groups,attributes.territory,expires
carol,analysts,US,{PAST}
dave,analysts,,
dave,hr,US,{AHEAD}
"""
POLICIES = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  columns     = { territory = { tags = ["geo"] }, email = { tags = ["pii"] } }
}
resource "veil_subscription_policy" "analysts" {
  integration = veil_integration.main.id
  name        = "analysts"
  applies_to  = { all_data_sources = true }
  access      = "conditions"
  expression  = "@isInGroups('analysts')"
}
resource "veil_masking_policy" "emails" {
  integration = veil_integration.main.id
  name        = "emails"
  applies_to  = { column_tags = ["pii"] }
  mask        = { null = {} }
  exceptions  = { groups = ["hr"] }
}
resource "veil_row_policy" "own" {
  integration = veil_integration.main.id
  name        = "own"
  applies_to  = { all_data_sources = true }
  show        = { user_matches = [{ attribute = "territory", column_tag = "geo" }] }
}
resource "veil_project" "equal" {
  integration  = veil_integration.main.id
  name         = "equal"
  members      = ["alice", "bob"]
  data_sources = [veil_data_source.customers.id]
  equalized    = true
}
"""
ACCESS = """
data "veil_effective_access" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
  data_source = veil_data_source.customers.id
  depends_on  = [veil_user_profile.alice, veil_masking_policy.emails]
}
output "ends" {
  value = data.veil_effective_access.alice.expires
}
"""


@dataclass(frozen=True)
class Place:
    """A governed table, and users some of whose rights have ended."""

    database: Database
    workspace: Workspace

    def seen(self, user: str) -> list[tuple[int, bool]]:
        """The rows that a user sees, and whether their e-mail addresses show."""
        sql = "SELECT id, email IS NOT NULL FROM governed.customers ORDER BY id"
        return [(row[0], row[1]) for row in self.database.query(sql, user)]


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Place:
    database, workspace = new_database(), new_workspace()
    workspace.write(FILE, "users.csv")
    workspace.write(header(database) + POLICIES + USERS + ACCESS)
    assert (done := workspace.apply()), done.text
    return Place(database, workspace)


def test_views_decide_by_now_what_a_user_still_holds(place: Place):
    assert place.seen("alice") == [(1, True), (2, True)]
    assert place.seen("bob") == [(1, False), (3, False)]
    assert place.seen("carol") == []
    assert place.seen("dave") == [(1, True)]


def test_members_of_an_equalized_project_share_what_has_ended_for_nobody(place: Place):
    asked = "SELECT id, email IS NOT NULL FROM governed.customers ORDER BY id"
    assert under(place.database, "alice", "equal", asked) == [(1, False)]
    assert under(place.database, "alice", None, asked) == [(1, True), (2, True)]


def test_a_right_that_has_ended_is_no_change_for_a_plan(place: Place):
    assert (planned := place.workspace.plan()).code == 0, planned.text


def test_explain_and_effective_access_tell_what_ends_and_when(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("VEIL_LOCAL_DIR", place.workspace.environment["VEIL_LOCAL_DIR"])
    asked = ["explain", "--engine", "local", "--database", place.database.name, "--table", "raw.customers"]
    assert main([*asked, "--user", "alice"]) == 0
    assert (
        "Ends without an apply: group hr at 2199-01-01T00:00:00Z; territory = US at 2199-01-01T00:00:00Z."
        in capsys.readouterr().out
    )
    assert json.loads(place.workspace.run("output", "-json", "ends").text) == {
        "groups": {"hr": "2199-01-01T00:00:00Z"},
        "attributes": {"territory": {"US": "2199-01-01T00:00:00Z"}},
        "subscription": None,
    }


def test_an_end_that_was_put_off_by_hand_is_told_and_repaired(place: Place):
    place.database.run(
        "UPDATE immuta_system.profile_entry SET expires_at = NULL WHERE immuta__userid = 'bob' AND value = 'hr'"
    )
    assert place.seen("bob") == [(1, True), (3, True)]
    planned = place.workspace.plan()
    assert "bob: the group 'hr' was altered, or is there twice" in planned.text
    assert (done := place.workspace.apply()), done.text
    assert place.seen("bob") == [(1, False), (3, False)]
    assert (planned := place.workspace.plan()).code == 0, planned.text


def test_ends_are_exported_and_importing_them_changes_nothing(
    place: Place, new_workspace: Callable[[], Workspace], monkeypatch: pytest.MonkeyPatch
):
    heir = new_workspace()
    monkeypatch.setenv("VEIL_LOCAL_DIR", heir.environment["VEIL_LOCAL_DIR"])
    assert export(place.database, heir) == 0
    written = "".join(path.read_text() for path in Path(heir.folder).glob("*.tf"))
    assert written.count('"2199-01-01T00:00:00Z"') == 4
    take_over(heir)


def test_an_end_of_what_is_not_held_is_refused_by_validate(place: Place, new_workspace: Callable[[], Workspace]):
    other = new_workspace()
    other.write(
        header(place.database) + USERS.replace('["analysts", "hr"]', '["analysts"]').replace("file        =", "file =")
    )
    done = other.validate()
    assert not done
    told = " ".join(done.text.split())
    assert "An end of what is not held" in told
    assert "expires gives the group 'hr' an end, and the user does not hold it." in told
