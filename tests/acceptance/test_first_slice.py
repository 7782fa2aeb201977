"""From HCL to rows: three people see three different things."""

from collections.abc import Callable

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace


@pytest.fixture(scope="module")
def new_workspace(new_starting_workspace: Callable[[], Workspace]) -> Callable[[], Workspace]:
    return new_starting_workspace


POLICIES = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  tags        = ["domain.sales"]
  columns = {
    email     = { tags = ["pii.email"] }
    ssn       = { tags = ["pii.ssn"], description = "US social security number" }
    territory = { tags = ["geo.region"] }
    card      = { tags = ["pii.credit_card"] }
    level     = { tags = ["access_level"] }
  }
  policies = [veil_masking_policy.identifiers.name, veil_row_policy.own_territory.name]
}
resource "veil_subscription_policy" "analysts" {
  integration = veil_integration.main.id
  name        = "analysts-read-sales"
  applies_to  = { data_source_tags = ["domain.sales"] }
  access      = "conditions"
  expression  = "@isInGroups('analysts') AND NOT @hasAttribute('employment', 'contractor')"
}
resource "veil_masking_policy" "identifiers" {
  integration = veil_integration.main.id
  name        = "hash-identifiers"
  priority    = 10
  applies_to  = { column_tags = ["pii"] }
  mask        = { hash = {} }
  exceptions  = { groups = ["hr"], attributes = [{ name = "clearance", value = "high" }] }
}
resource "veil_masking_policy" "card" {
  integration = veil_integration.main.id
  name        = "mask-card"
  priority    = 20
  applies_to  = { column_tags = ["pii.credit_card"] }
  mask        = { partial = { keep_first = 0, keep_last = 4, replacement = "*" } }
}
resource "veil_row_policy" "own_territory" {
  integration = veil_integration.main.id
  name        = "own-territory"
  applies_to  = { data_source_tags = ["domain.sales"] }
  show        = { user_matches = [{ attribute = "territory", column_tag = "geo.region" }] }
  exceptions  = { groups = ["global-sales"] }
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
  groups      = ["analysts", "hr"]
  attributes  = { territory = ["US", "CA"] }
}
resource "veil_user_profile" "bob" {
  integration = veil_integration.main.id
  user        = "bob"
  groups      = ["analysts", "global-sales"]
}
resource "veil_user_profile" "carol" {
  integration = veil_integration.main.id
  user        = "carol"
  groups      = ["analysts"]
  attributes  = { territory = ["US"], employment = ["contractor"] }
}
"""


@pytest.fixture
def applied(database: Database, workspace: Workspace) -> Database:
    workspace.write(header(database, 'baseline = { null_tags = ["pii"], closed_tags = [] }') + POLICIES)
    done = workspace.apply()
    assert done, done.text
    return database


def test_each_user_sees_what_the_policies_allow(applied: Database):
    everything = "SELECT id, name, ssn, card, territory FROM governed.customers ORDER BY id"
    alice = applied.query(everything, "alice")
    bob = applied.query(everything, "bob")

    assert [(row[0], row[2], row[4]) for row in alice] == [(1, "111-11-1111", "US"), (2, "222-22-2222", "CA")]
    assert [row[0] for row in bob] == [1, 2, 3, 4]
    assert all(len(row[2]) == 64 for row in bob[:3]) and bob[3][2] is None
    assert bob[0][3] == "************3333"
    assert applied.query(everything, "carol") == []
    assert applied.query(everything, "dave") == []


def test_the_plan_after_the_apply_is_empty(applied: Database, workspace: Workspace):
    planned = workspace.plan()
    assert planned.code == 0, planned.text


def test_destroy_leaves_nothing_of_ours(applied: Database, workspace: Workspace):
    done = workspace.destroy()
    assert done, done.text
    schemas = applied.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'immuta%' OR nspname = 'governed'")
    assert schemas == []
    assert applied.query('SELECT COUNT(*) FROM "raw".customers') == [(4,)]
