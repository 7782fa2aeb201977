"""Acting in a project: its purposes and those above them, hashes that join, and members who all see
the same.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace

GOVERNED = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  tags        = ["sales"]
  columns = {
    id        = { tags = ["customer"] }
    ssn       = { tags = ["pii.ssn"] }
    territory = { tags = ["geo.region"] }
  }
}
resource "veil_data_source" "orders" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "orders"
  tags        = ["sales"]
  columns     = { customer_id = { tags = ["customer"] } }
}
resource "veil_subscription_policy" "analysts" {
  integration = veil_integration.main.id
  name        = "analysts"
  applies_to  = { data_source_tags = ["sales"] }
  access      = "conditions"
  expression  = "@isInGroups('analysts') AND NOT @hasAttribute('employment', 'contractor')"
}
resource "veil_masking_policy" "customer" {
  integration = veil_integration.main.id
  name        = "hash-customers"
  applies_to  = { column_tags = ["customer"] }
  mask        = { hash = {} }
}
resource "veil_masking_policy" "pii" {
  integration = veil_integration.main.id
  name        = "hash-pii"
  applies_to  = { column_tags = ["pii"] }
  mask        = { hash = {} }
  exceptions  = { groups = ["hr"], purposes = ["fraud"] }
}
resource "veil_row_policy" "territory" {
  integration = veil_integration.main.id
  name        = "own-territory"
  applies_to  = { column_tags = ["geo.region"] }
  show        = { user_matches = [{ attribute = "territory", column_tag = "geo.region" }] }
}
resource "veil_user_profiles" "all" {
  integration = veil_integration.main.id
  users = {
    alice = { groups = ["analysts", "hr"], attributes = { territory = ["US", "CA"] } }
    bob   = { groups = ["analysts"], attributes = { territory = ["US", "FR"] } }
    carol = { groups = ["analysts"], attributes = { territory = ["US"], employment = ["contractor"] } }
  }
}
resource "veil_purpose" "fraud" {
  integration     = veil_integration.main.id
  name            = "fraud"
  acknowledgement = "I agree."
}
resource "veil_purpose" "cards" {
  integration = veil_integration.main.id
  name        = "${veil_purpose.fraud.name}.cards"
}
resource "veil_project" "joined" {
  integration  = veil_integration.main.id
  name         = "joined"
  members      = ["bob"]
  data_sources = [veil_data_source.customers.id, veil_data_source.orders.id]
  masked_joins = true
}
resource "veil_project" "cards" {
  integration  = veil_integration.main.id
  name         = "cards"
  members      = ["bob"]
  data_sources = [veil_data_source.customers.id]
  purposes     = [veil_purpose.cards.name]
}
resource "veil_project" "equal" {
  integration  = veil_integration.main.id
  name         = "equal"
  members      = ["alice", "bob"]
  data_sources = [veil_data_source.customers.id]
  purposes     = [veil_purpose.fraud.name]
  equalized    = true
}
resource "veil_project" "mixed" {
  integration  = veil_integration.main.id
  name         = "mixed"
  members      = ["alice", "carol"]
  data_sources = [veil_data_source.customers.id]
  equalized    = true
}
resource "veil_project" "lacking" {
  integration  = veil_integration.main.id
  name         = "lacking"
  members      = ["bob", "erin"]
  data_sources = [veil_data_source.customers.id]
  equalized    = true
}
"""
JOINED = "SELECT COUNT(*) FROM governed.customers AS c JOIN governed.orders AS o ON o.customer_id = c.id"
SEEN = "SELECT territory, ssn FROM governed.customers ORDER BY territory"
ACKNOWLEDGE = "CALL immuta_procedures.acknowledge_purpose('{}', 'I agree.')"


@pytest.fixture(scope="module")
def applied(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> tuple[Database, Workspace]:
    database, workspace = new_database(), new_workspace()
    workspace.write(header(database) + GOVERNED)
    done = workspace.apply()
    assert done, done.text
    told = re.findall(r"have no user profile, and the plan has not come to one: ([^.]*)\.", " ".join(done.text.split()))
    assert told == ["erin"], "the plan warns, before there is anything, and it alone"
    return database, workspace


def under(database: Database, user: str, project: str | None, *statements: str) -> list[tuple[Any, ...]]:
    """The rows of the last statement of the user's, after a switch to the project."""
    name = "NULL" if project is None else f"'{project}'"
    with database.connect(user) as connection, connection.cursor() as cursor:
        for statement in (f"CALL immuta_procedures.switch_project({name})", *statements):
            cursor.execute(statement)
        return [tuple(row) for row in cursor.fetchall()]


def clear(rows: list[tuple[Any, ...]]) -> list[bool]:
    """Of each row, whether it shows a social security number."""
    return [len(ssn) == 11 for _, ssn in rows]


def test_hashed_columns_join_while_acting_in_a_project_with_masked_joins_and_only_then(
    applied: tuple[Database, Workspace],
):
    database, _ = applied
    hashes = "SELECT id FROM governed.customers ORDER BY 1"
    alone = under(database, "bob", None, hashes)
    assert under(database, "bob", None, JOINED) == [(0,)]
    assert under(database, "bob", "joined", JOINED) == [(1,)]
    assert under(database, "bob", "joined", hashes) != alone == under(database, "bob", None, hashes)


def test_a_policy_for_a_purpose_covers_a_sub_purpose_that_is_agreed_to_in_the_inherited_words(
    applied: tuple[Database, Workspace],
):
    database, _ = applied
    assert clear(under(database, "bob", "cards", SEEN)) == [False, False]
    assert "the words to agree to are: I agree." in database.refusal(
        "CALL immuta_procedures.acknowledge_purpose('fraud.cards', 'No.')", "bob"
    )
    assert clear(under(database, "bob", "cards", ACKNOWLEDGE.format("fraud.cards"), SEEN)) == [True, True]
    assert clear(under(database, "bob", None, SEEN)) == [False, False]


def test_members_of_an_equalized_project_see_what_all_of_them_may_see(applied: tuple[Database, Workspace]):
    database, _ = applied
    assert [row[0] for row in under(database, "alice", None, SEEN)] == ["CA", "US"]
    assert clear(under(database, "alice", None, SEEN)) == [True, True]
    together = under(database, "alice", "equal", SEEN)
    assert [row[0] for row in together] == ["US"] and clear(together) == [False]
    assert under(database, "bob", "equal", SEEN) == together


def test_a_purpose_counts_in_an_equalized_project_once_every_member_has_agreed(applied: tuple[Database, Workspace]):
    database, _ = applied
    assert clear(under(database, "alice", "equal", ACKNOWLEDGE.format("fraud"), SEEN)) == [False]
    assert clear(under(database, "bob", "equal", ACKNOWLEDGE.format("fraud"), SEEN)) == [True]
    assert clear(under(database, "alice", "equal", SEEN)) == [True]


def test_what_only_some_members_hold_lets_nobody_pass_a_negated_test(applied: tuple[Database, Workspace]):
    database, _ = applied
    assert under(database, "carol", None, SEEN) == []
    assert under(database, "carol", "mixed", SEEN) == []
    assert under(database, "alice", "mixed", SEEN) == []


def test_choices_of_users_are_no_drift_and_altered_shares_are_repaired(applied: tuple[Database, Workspace]):
    database, workspace = applied
    assert (empty := workspace.plan()).code == 0, empty.text
    database.run(
        "DELETE FROM immuta_system.project_entry WHERE kind = 'equalized' AND project = 'equal'",
        "INSERT INTO immuta_system.project_entry SELECT * FROM immuta_system.project_entry WHERE project = 'mixed'",
    )
    found = workspace.plan()
    assert "veil_project.mixed will be updated" in found.text, "every row is there twice"
    assert found.code == 2 and "what its members share was altered" in found.text, found.text
    assert (done := workspace.apply()), done.text
    assert [row[0] for row in under(database, "alice", "equal", SEEN)] == ["US"]


def test_a_changed_profile_changes_what_all_members_see_and_no_view(applied: tuple[Database, Workspace]):
    database, workspace = applied
    views = database.query("SELECT name, text_hash, updated_at FROM immuta_system.published ORDER BY name")
    workspace.write((workspace.folder / "main.tf").read_text().replace('["US", "FR"]', '["US", "CA", "FR"]'))
    assert list(workspace.actions()) == ["veil_user_profiles.all"]
    assert (done := workspace.apply()), done.text
    assert [row[0] for row in under(database, "alice", "equal", SEEN)] == ["CA", "US"]
    assert database.query("SELECT name, text_hash, updated_at FROM immuta_system.published ORDER BY name") == views
    assert (empty := workspace.plan()).code == 0, empty.text


def test_an_equalized_project_with_a_member_who_has_no_profile_shows_nobody_anything(
    applied: tuple[Database, Workspace],
):
    database, workspace = applied
    main = workspace.folder / "main.tf"
    assert [row[0] for row in under(database, "bob", "equal", SEEN)] == ["CA", "US"]
    workspace.write(main.read_text().replace('["alice", "bob"]', '["alice", "bob", "dave"]'))
    # As JSON: for people, Terraform shows only the first of several warnings of one title.
    assert (done := workspace.apply("-json")), done.text
    assert "has not come to one: dave" in " ".join(done.text.split()), done.text
    told = " ".join(workspace.plan().text.split())
    assert 'Project "equal" is equalized, and these of its members have no user profile: dave.' in told, told
    assert under(database, "alice", "equal", SEEN) == under(database, "bob", "equal", SEEN) == []
    assert [row[0] for row in under(database, "alice", None, SEEN)] == ["CA", "US"]
    profile = '    dave  = { groups = ["analysts"], attributes = { territory = ["US"] } }\n'
    workspace.write(main.read_text().replace("    carol =", f"{profile}    carol ="))
    assert (done := workspace.apply()), done.text
    assert [row[0] for row in under(database, "alice", "equal", SEEN)] == ["US"]
    workspace.write(main.read_text().replace(profile, ""))
    assert "dave" in workspace.plan().text
    assert (done := workspace.apply()), done.text
    assert under(database, "alice", "equal", SEEN) == under(database, "bob", "equal", SEEN) == []


def test_whoever_gets_the_name_of_a_user_who_left_has_agreed_to_nothing_and_acts_in_no_project(
    applied: tuple[Database, Workspace],
):
    database, workspace = applied
    main = workspace.folder / "main.tf"
    configuration = main.read_text()
    assert all(clear(under(database, "bob", "cards", ACKNOWLEDGE.format("fraud.cards"), SEEN)))
    left = "SELECT immuta__userid FROM immuta_system.{} WHERE immuta__userid = 'bob'"
    assert database.query(left.format("runtime")) == [("bob",)]
    for table in ("runtime", "acknowledgement"):
        database.run(
            f"CREATE TABLE public.kept_{table} AS SELECT * FROM immuta_system.{table} WHERE immuta__userid = 'bob'"
        )
    (profile,) = re.findall(r"^ +bob +=.*\n", configuration, re.MULTILINE)
    workspace.write(configuration.replace(profile, ""))
    assert (done := workspace.apply()), done.text
    for table in ("runtime", "acknowledgement"):
        assert database.query(left.format(table)) == [], table
    # As an older version left them, or a removal that a transaction of the user's kept waiting:
    # sealed as they were.
    for table in ("runtime", "acknowledgement"):
        database.run(
            f"INSERT INTO immuta_system.{table} SELECT * FROM public.kept_{table}", f"DROP TABLE public.kept_{table}"
        )
    workspace.write(configuration)
    assert (done := workspace.apply()), done.text
    for table in ("runtime", "acknowledgement"):
        assert database.query(left.format(table)) == [], table
    seen = clear(under(database, "bob", "cards", SEEN))
    assert seen and not any(seen)
    assert all(clear(under(database, "bob", "cards", ACKNOWLEDGE.format("fraud.cards"), SEEN)))
    assert (empty := workspace.plan()).code == 0, empty.text
