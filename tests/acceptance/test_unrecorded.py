"""Everything that veil recorded is lost: a destroy works, and an apply makes all of it anew without
touching what is others'.
"""

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Run, Workspace
from veil.warehouse import Layout
from veil.warehouse.install import expected_tables

RESOURCES = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  columns     = { ssn = { tags = ["pii"] } }
}
resource "veil_data_source" "orders" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "orders"
  view_schema = "elsewhere"
}
resource "veil_masking_policy" "pii" {
  integration = veil_integration.main.id
  name        = "pii"
  applies_to  = { column_tags = ["pii"] }
  mask        = { constant = { value = "hidden" } }
}
resource "veil_subscription_policy" "all" {
  integration = veil_integration.main.id
  name        = "all"
  applies_to  = { all_data_sources = true }
  access      = "everyone"
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
}
"""
TABLES = tuple(
    f"DROP TABLE {schema}.{table} CASCADE" for schema, table in sorted(expected_tables(Layout("immuta", "g")))
)
SCHEMA = ("DROP SCHEMA immuta_system CASCADE",)
ROWS = tuple(f"DELETE FROM immuta_system.{table}" for table in ("object", "ledger", "published", "profile"))
SEEN = [("hidden", 1), ("hidden", 2), ("hidden", 3), ("hidden", 4)]

Place = tuple[Database, Workspace]


def said(run: Run) -> str:
    return " ".join(run.text.split())


def views(database: Database) -> list[tuple[object, ...]]:
    schemas = "'governed', 'elsewhere'"
    return database.query(f"SELECT schemaname, viewname FROM pg_views WHERE schemaname IN ({schemas}) ORDER BY 1, 2")


@pytest.fixture
def place(database: Database, workspace: Workspace) -> Place:
    database.run("CREATE SCHEMA elsewhere", "GRANT USAGE ON SCHEMA elsewhere TO PUBLIC")
    workspace.write(header(database) + RESOURCES)
    assert (done := workspace.apply()), done.text
    return database, workspace


@pytest.mark.parametrize("lost", [TABLES, SCHEMA, ROWS], ids=["tables", "schema", "rows"])
def test_an_apply_makes_everything_anew_and_closes_what_was_opened_meanwhile(place: Place, lost: tuple[str, ...]):
    database, workspace = place
    database.run(
        *lost,
        "CREATE VIEW governed.theirs AS SELECT 1 AS a",
        "GRANT SELECT, INSERT ON elsewhere.orders TO bob",
        "GRANT SELECT, INSERT ON governed.customers TO bob",
    )
    planned = workspace.plan()
    assert planned.code == 2, planned.text
    assert "what veil recorded of it is gone, and all of it is made anew" in said(planned)
    assert (done := workspace.apply()), done.text
    assert (planned := workspace.plan()).code == 0, planned.text
    assert database.query("SELECT ssn, id FROM governed.customers ORDER BY id", "alice") == SEEN
    assert database.query("SELECT a FROM governed.theirs") == [(1,)]
    granted = "SELECT COUNT(*) FROM svv_relation_privileges WHERE identity_name = 'bob' AND relation_name <> 'theirs'"
    assert database.query(granted) == [(0,)]


@pytest.mark.parametrize("lost", [TABLES, SCHEMA, ROWS], ids=["tables", "schema", "rows"])
def test_a_destroy_touches_nothing_and_names_what_stays(place: Place, lost: tuple[str, ...]):
    database, workspace = place
    before = views(database)
    database.run(*lost)
    done = workspace.destroy()
    assert done, done.text
    assert "Warning: What veil made stays" in done.text
    assert "the view governed.customers" in said(done) and "procedures in immuta_procedures" in said(done)
    assert 'DROP VIEW IF EXISTS "governed"."customers"' in said(done)
    assert views(database) == before
    assert "No changes" in workspace.destroy().text


def test_views_that_others_made_meanwhile_are_each_named_and_stop_no_destroy(place: Place):
    database, workspace = place
    database.run(*TABLES)
    for view in ("governed.customers", "elsewhere.orders"):
        database.run(f"DROP VIEW {view}", f"CREATE VIEW {view} AS SELECT 1 AS theirs")
    planned = workspace.plan()
    assert planned.code == 2, planned.text
    for table, view in (("raw.customers", "governed.customers"), ("raw.orders", "elsewhere.orders")):
        assert f"An apply will refuse this: {table}" in said(planned)
        assert f"{view} exists and veil did not make it" in said(planned)
    assert (done := workspace.destroy()), done.text
    refused = workspace.apply()
    assert refused.code == 1 and refused.text.count("Error: View name already taken") == 2, refused.text
    assert database.query("SELECT theirs FROM governed.customers") == [(1,)]
    assert database.query("SELECT theirs FROM elsewhere.orders") == [(1,)]
    # What was refused is in no state any more. It stands in no destroy's way all the same, nor does
    # anything of it go.
    planned = workspace.plan()
    assert planned.code == 2 and "An apply will refuse this: raw.orders" in said(planned), planned.text
    done = workspace.destroy()
    assert done, done.text
    assert "governed.customers" in said(done)
    assert database.query("SELECT theirs FROM governed.customers") == [(1,)]
    assert database.query("SELECT theirs FROM elsewhere.orders") == [(1,)]
    assert "No changes" in workspace.destroy().text
