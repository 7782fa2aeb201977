"""An integration that an older version made: the plan says that it will be upgraded, and the apply
does it.
"""

from collections.abc import Callable

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace
from tests.warehouse.layouts import statements
from veil.warehouse import SCHEMA_VERSION, Layout

BODY = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  columns     = { ssn = { tags = ["id"] } }
}
resource "veil_subscription_policy" "everyone" {
  integration = veil_integration.main.id
  name        = "everyone"
  applies_to  = { data_sources = ["raw.customers"] }
  access      = "everyone"
}
resource "veil_masking_policy" "ssn" {
  integration = veil_integration.main.id
  name        = "ssn"
  applies_to  = { column_tags = ["id"] }
  mask        = { %s = {} }
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
}
"""
# The tables with rows that an upgrade has to keep, and their columns in version 1.
KEPT = {
    "object": "kind, name, part, parts, id, body, hash, updated_at",
    "salt": "name, salt",
    "published": "name, view_schema, view_name, text_hash, compiled_hash, compiler_version, updated_at",
    "profile": "immuta__userid, groups, attributes, projects, valid_tables, updated_at",
    "profile_entry": "immuta__userid, kind, name, value, expires_at",
    "revision": "revision, token",
}


def go_back(database: Database) -> None:
    """Put what version 1 would have made in the place of what is there, with the same rows."""
    view = str(database.query("SHOW VIEW governed.customers")[0][0])
    database.run(
        view.replace('e."strength"', "2").replace('e."whom"', "''"),  # No entry had those then.
        "CREATE SCHEMA kept",
        *(f"CREATE TABLE kept.{table} AS SELECT {names} FROM immuta_system.{table}" for table, names in KEPT.items()),
        *(f"DROP SCHEMA immuta_{part} CASCADE" for part in ("procedures", "functions", "system")),
        *statements(1, Layout("immuta", "governed")),
        "DELETE FROM immuta_system.revision",
        *(
            f"INSERT INTO immuta_system.{table} ({names}) SELECT {names} FROM kept.{table}"
            for table, names in KEPT.items()
        ),
        "DROP SCHEMA kept CASCADE",
    )


HASHED = "SELECT ssn FROM governed.customers ORDER BY id"

Place = tuple[Database, Workspace, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Place:
    """An integration of version 1, and the hashes that alice saw: the tests are the chapters of one
    story.
    """
    database, workspace = new_database(), new_workspace()
    workspace.write(header(database) + BODY % "hash")
    assert (done := workspace.apply()), done.text
    hashed = database.query(HASHED, "alice")
    assert [len(str(ssn)) for (ssn,) in hashed[:3]] == [64, 64, 64]
    go_back(database)
    return database, workspace, hashed


def version(database: Database) -> list[tuple[object, ...]]:
    return database.query("SELECT schema_version FROM immuta_system.integration")


def test_the_plan_says_that_the_schemas_will_be_upgraded(place: Place):
    database, workspace, _ = place
    assert version(database) == [(1,)]
    planned = workspace.plan()
    assert planned.code == 2, planned.text
    assert f"the schemas are of version 1 and are brought to version {SCHEMA_VERSION}" in " ".join(planned.text.split())
    assert f"schema_version = 1 -> {SCHEMA_VERSION}" in " ".join(planned.text.split())


def test_an_apply_upgrades_in_place_and_keeps_what_is_stored(place: Place):
    database, workspace, hashed = place
    workspace.write(header(database) + BODY % "null")
    assert (done := workspace.apply()), done.text
    assert version(database) == [(SCHEMA_VERSION,)]
    assert workspace.state("veil_integration.main")["schema_version"] == SCHEMA_VERSION
    assert (again := workspace.plan()).code == 0, again.text
    assert database.query("SELECT DISTINCT ssn FROM governed.customers", "alice") == [(None,)]
    workspace.write(header(database) + BODY % "hash")
    assert (done := workspace.apply()), done.text
    assert database.query(HASHED, "alice") == hashed
