"""Who may see which rows stands in a table of the warehouse, and a lookup reaches the protected row
by keys.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace

WORLD = """
resource "veil_data_source" "sales" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "sales"
  columns = {
    id      = { tags = [] }
    region  = { tags = ["geo.region"] }
    product = {}
    amount  = { tags = ["money"] }
  }
}
resource "veil_subscription_policy" "everyone" {
  integration = veil_integration.main.id
  name        = "everyone"
  applies_to  = { all_data_sources = true }
  access      = "everyone"
}
resource "veil_row_policy" "regions" {
  integration = veil_integration.main.id
  name        = "regions"
  applies_to  = { column_tags = ["geo.region"] }
  show = {
    where = <<-SQL
      @username IN (
        SELECT manager FROM raw.managers AS m
        WHERE m.region = @columnTagged('geo.region') OR m.region = '*'
      )
    SQL
  }
}
resource "veil_masking_policy" "amounts" {
  integration = veil_integration.main.id
  name        = "amounts"
  applies_to  = { column_tags = ["money"] }
  mask        = { null = {} }
  where       = <<-SQL
    @columnReference('product') NOT IN (
      SELECT product FROM raw.open_products
      WHERE region = @columnTagged('geo.region') AND @attributeValuesContains('team', team)
    )
  SQL
}
resource "veil_user_profile" "people" {
  for_each    = { alice = ["red"], bob = ["blue"], carol = ["red", "blue"] }
  integration = veil_integration.main.id
  user        = each.key
  attributes  = { team = each.value }
}
"""
TABLES = (
    'CREATE TABLE "raw".sales (id INTEGER, region VARCHAR(10), product VARCHAR(10), amount INTEGER)',
    "INSERT INTO \"raw\".sales VALUES (1, 'US', 'tea', 10), (2, 'US', 'oil', 20), (3, 'FR', 'tea', 30), (4, NULL, 'tea', 40)",
    'CREATE TABLE "raw".managers (manager VARCHAR(20), region VARCHAR(10))',
    "INSERT INTO \"raw\".managers VALUES ('alice', 'US'), ('bob', 'FR'), ('bob', 'US'), ('carol', '*'), ('dave', '*')",
    'CREATE TABLE "raw".open_products (product VARCHAR(10), region VARCHAR(10), team VARCHAR(10))',
    "INSERT INTO \"raw\".open_products VALUES ('tea', 'US', 'red'), ('tea', 'FR', 'blue'), ('oil', 'FR', 'red')",
)
SEEN = {
    "alice": [(1, 10), (2, None)],
    "bob": [(1, None), (2, None), (3, 30)],
    "carol": [(1, 10), (2, None), (3, 30), (4, None)],
    "dave": [],
}


@pytest.fixture
def sales(database: Database) -> Iterator[Database]:
    database.run(*TABLES)
    yield database


def seen(database: Database, user: str) -> list[tuple[int, int | None]]:
    return sorted((row[0], row[1]) for row in database.query("SELECT id, amount FROM governed.sales", user))


def explained(database: Database, workspace: Workspace, user: str) -> Any:
    """What `veil explain` says of the user and the rows of the table."""
    rows = database.query('SELECT id, region, product, amount FROM "raw".sales ORDER BY id')
    named = [dict(zip(("id", "region", "product", "amount"), row, strict=True)) for row in rows]
    given = [part for row in named for part in ("--row", json.dumps(row))]
    command = [sys.executable, "-m", "veil.cli.main", "explain", "--engine", "local", "--database", database.name]
    asked = [*command, "--user", user, "--table", "raw.sales", "--json", *given]
    said = subprocess.run(asked, env=workspace.environment, capture_output=True, text=True, check=False)
    return json.loads(said.stdout)


def told(database: Database, workspace: Workspace, user: str) -> list[tuple[int, int | None]]:
    answer = explained(database, workspace, user)
    assert answer["problems"] == []
    shown = [each["columns"] for each in answer["tried"] if each["shown"]]
    return [(columns["id"]["value"], columns["amount"]["value"]) for columns in shown]


def test_each_row_asks_the_table_by_its_own_keys(sales: Database, workspace: Workspace):
    workspace.write(header(sales) + WORLD)
    assert (done := workspace.apply()), done.text
    assert {user: seen(sales, user) for user in SEEN} == SEEN
    assert (empty := workspace.plan()).code == 0, empty.text
    assert {user: told(sales, workspace, user) for user in SEEN} == SEEN
    sales.run(
        "DELETE FROM \"raw\".managers WHERE manager = 'alice'", "INSERT INTO \"raw\".managers VALUES ('alice', NULL)"
    )
    assert seen(sales, "alice") == []
    assert (still := workspace.plan()).code == 0, still.text
    sales.run('DROP TABLE "raw".managers')
    answer = explained(sales, workspace, "bob")
    assert not any(row["shown"] for row in answer["tried"])
    assert "The lookup raw.managers could not be read" in answer["problems"][0]


def test_what_cannot_be_a_key_is_refused_before_anything_is_made(sales: Database, workspace: Workspace):
    workspace.write(header(sales) + WORLD.replace("m.region = @columnTagged", "m.region > @columnTagged"))
    refused = workspace.validate()
    assert not refused
    assert "the protected row is compared with the lookup's columns" in " ".join(refused.text.split())
    assert "^^^" in refused.text


def test_a_key_that_the_lookup_table_does_not_have_is_an_error_of_the_plan(sales: Database, workspace: Workspace):
    workspace.write(header(sales) + WORLD)
    assert (done := workspace.apply()), done.text
    workspace.write(header(sales) + WORLD.replace("m.region = @columnTagged", "m.regoin = @columnTagged"))
    refused = workspace.plan()
    assert refused.code == 1
    assert "Did you mean 'region'?" in " ".join(refused.text.split())
