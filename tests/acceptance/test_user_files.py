"""Users from a file: what they see, what the state keeps, and a file that changes."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace

RESOURCES = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  tags        = ["open"]
  columns     = { territory = { tags = ["geo"] } }
}
resource "veil_subscription_policy" "analysts" {
  integration = veil_integration.main.id
  name        = "analysts"
  applies_to  = { data_source_tags = ["open"] }
  access      = "conditions"
  expression  = "@isInGroups('analysts')"
}
resource "veil_row_policy" "own" {
  integration = veil_integration.main.id
  name        = "own"
  show        = { user_matches = [{ attribute = "territory", column_tag = "geo" }] }
}
resource "veil_subscription" "carol" {
  integration = veil_integration.main.id
  user        = "carol"
  data_source = veil_data_source.orders.id
}
resource "veil_data_source" "orders" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "orders"
}
"""
CSV = "user,groups,attributes.territory\nalice,analysts,US;CA\nbob,analysts,FR\ncarol,,US\n"


def directory(body: str, name: str = "directory") -> str:
    return f'resource "veil_user_profiles" "{name}" {{\n  integration = veil_integration.main.id\n  {body}\n}}\n'


@dataclass(frozen=True)
class Place:
    """A governed table, and users from a file."""

    database: Database
    workspace: Workspace

    def say(self, csv: str) -> None:
        self.workspace.write(csv, "users.csv")

    def configure(self, body: str = 'file = "${path.module}/users.csv"', further: str = "") -> None:
        self.workspace.write(header(self.database) + RESOURCES + directory(body) + further)

    def apply(self) -> str:
        done = self.workspace.apply()
        assert done, done.text
        return done.text

    def seen(self) -> dict[str, list[int]]:
        """The ids of the rows that each user sees."""
        sql = "SELECT id FROM governed.customers ORDER BY id"
        return {user: [row[0] for row in self.database.query(sql, user)] for user in ("alice", "bob", "carol")}

    def watch(self) -> None:
        """Mark every user's row, so that one that is written shows."""
        self.database.run("UPDATE immuta_system.profile SET updated_at = '2000-01-01'")

    def written(self) -> set[str]:
        """The users whose rows were written since."""
        sql = "SELECT immuta__userid FROM immuta_system.profile WHERE updated_at > '2000-01-01'"
        return {row[0] for row in self.database.query(sql)}


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Place:
    found = Place(new_database(), new_workspace())
    found.say(CSV)
    found.configure()
    found.apply()
    return found


@pytest.fixture(autouse=True)
def as_applied(place: Place) -> None:
    """Each test begins with the same file, whatever it does to it."""
    place.say(CSV)
    place.configure()


def test_users_see_what_the_file_gives_them(place: Place):
    assert place.seen() == {"alice": [1, 2], "bob": [3], "carol": []}


def test_the_profile_rows_are_for_the_system_account_and_name_the_tables_that_one_could_query(place: Place):
    rows = place.database.query("SELECT immuta__userid, valid_tables FROM immuta_system.profile")
    assert {user: json.loads(tables) for user, tables in rows} == {
        "alice": ["raw.customers"],
        "bob": ["raw.customers"],
        "carol": ["raw.orders"],
    }
    assert "permission denied" in place.database.refusal("SELECT 1 FROM immuta_system.profile", "carol")


def test_the_state_knows_the_file_by_its_hash_and_names_nobody(place: Place):
    state = place.workspace.state("veil_user_profiles.directory")
    assert (state["users"], state["user_count"]) == (None, 3)
    assert state["file_hash"].startswith("sha256:")
    assert not [user for user in ("alice", "bob", "carol") if user in json.dumps(state)]


def test_the_same_said_otherwise_is_no_change(place: Place):
    place.say("attributes.territory,user,groups\nUS,carol,\nFR,bob,analysts\nCA,alice,\nUS,alice,analysts\n")
    assert (planned := place.workspace.plan()).code == 0, planned.text


def test_only_who_changed_is_written_whatever_the_form(place: Place):
    place.watch()
    held = {
        "alice": {"groups": ["analysts"], "attributes": {"territory": ["FR"]}},
        "bob": {"groups": ["analysts"], "attributes": {"territory": ["FR"]}},
        "dave": {"groups": ["analysts"]},
    }
    place.workspace.write(json.dumps(held), "users.json")
    place.configure('file = "users.json"')
    place.apply()
    assert place.seen() == {"alice": [3], "bob": [3], "carol": []}
    assert place.written() == {"alice", "dave"}
    held_by_carol = "SELECT 1 FROM immuta_system.profile WHERE immuta__userid = 'carol'"
    assert place.database.query(held_by_carol) == []
    place.configure()
    place.apply()


def test_what_was_altered_is_told_by_user_and_repaired(place: Place):
    place.database.run(
        "INSERT INTO immuta_system.profile_entry (immuta__userid, kind, name, value)"
        " VALUES ('carol', 'group', '', 'analysts')",
        "DELETE FROM immuta_system.profile WHERE immuta__userid = 'bob'",
        "DELETE FROM immuta_system.object WHERE kind = 'user_profile' AND name = 'alice'",
    )
    planned = place.workspace.plan()
    assert planned.code == 2
    assert "carol: the group 'analysts' was added" in planned.text
    assert "bob: its profile row is missing" in planned.text
    assert "its metadata row was removed outside veil" in planned.text
    place.apply()
    assert place.seen() == {"alice": [1, 2], "bob": [3], "carol": []}
    assert (planned := place.workspace.plan()).code == 0, planned.text


def test_a_file_that_changed_since_the_plan_is_refused(place: Place):
    place.say(CSV.replace("FR", "US"))
    assert place.workspace.run("plan", "-no-color", "-out=later.bin")
    place.say(CSV.replace("carol,", "carol,analysts"))
    place.watch()
    done = place.workspace.run("apply", "-no-color", "later.bin")
    assert not done
    assert "file_hash" in done.text
    assert place.written() == set()
    assert place.seen()["carol"] == []


def test_a_broken_file_fails_the_plan_and_says_where(place: Place):
    place.say(CSV + "dave,hr\n")
    planned = place.workspace.plan()
    assert planned.code == 1
    assert "The user file cannot be used" in planned.text
    assert "- line 5: it has 2 cells, and the first line names 3 columns" in planned.text


def test_a_user_who_has_a_profile_elsewhere_is_refused(place: Place):
    place.workspace.write('{"bob": {}, "carol": {}, "erin": {}}', "others.json")
    place.configure(further=directory('file = "others.json"', "others"))
    planned = place.workspace.plan()
    assert planned.code == 1
    told = " ".join(planned.text.split())
    assert told.count("Error: Two profiles of one user") == 1
    assert 'Another veil_user_profiles of this configuration is about the same: "bob", "carol".' in told


def test_the_resource_is_imported_by_its_file(place: Place, new_workspace: Callable[[], Workspace]):
    other = Place(place.database, new_workspace())
    other.say(CSV)
    names = {"veil_integration.main": "main", "veil_user_profiles.directory": "file:users.csv"}
    imports = "".join(f'import {{\n  to = {address}\n  id = "{name}"\n}}\n' for address, name in names.items())
    other.configure('file = "users.csv"', imports)
    assert not other.workspace.actions().keys() & names.keys()
