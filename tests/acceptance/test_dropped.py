"""What an apply needs and somebody has dropped or replaced: it is put right, or told with what to
do.
"""

from collections.abc import Callable

import pytest

from tests.acceptance.conftest import PASSWORD, Database, header
from tests.acceptance.terraform import Workspace

Place = tuple[Database, Workspace, str]


def configuration(database: Database, *, mask: str = "null = {}", acting: str = "bob") -> str:
    group = f"may_act_{database.name}"
    return (
        header(database, f'impersonation = {{ group = "{group}" }}')
        + f"""
resource "veil_data_source" "customers" {{
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  columns     = {{ ssn = {{ tags = ["pii"] }} }}
}}
resource "veil_masking_policy" "ssn" {{
  integration = veil_integration.main.id
  name        = "ssn"
  applies_to  = {{ column_tags = ["pii"] }}
  mask        = {{ {mask} }}
}}
resource "veil_user_profile" "alice" {{
  integration = veil_integration.main.id
  user        = "alice"
}}
resource "veil_impersonation" "acting" {{
  integration = veil_integration.main.id
  user        = "{acting}"
  as_users    = [veil_user_profile.alice.user]
}}
"""
    )


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Place:
    database, workspace = new_database(), new_workspace()
    gone = f"gone_{database.name}"
    database.run(f"CREATE USER {gone} PASSWORD '{PASSWORD}'")
    workspace.write(configuration(database))
    assert (done := workspace.apply()), done.text
    return database, workspace, gone


def refused(workspace: Workspace) -> str:
    done = workspace.apply()
    assert done.code == 1, done.text
    assert "Internal error" not in done.text and "The warehouse refused a statement" not in done.text, done.text
    return " ".join(done.text.split())


def test_a_table_in_the_place_of_a_view_is_left_alone_and_told_of(place: Place):
    database, workspace, _ = place
    database.run("DROP VIEW governed.customers", "CREATE TABLE governed.customers AS SELECT 1 AS theirs")
    planned = workspace.plan()
    assert planned.code == 0, planned.text
    warned = " ".join(planned.text.split())
    assert "An apply cannot repair this: raw.customers" in warned
    assert "stands where the view of raw.customers is to be" in warned
    workspace.write(configuration(database, mask='constant = { value = "x" }'))
    told = refused(workspace)
    assert "The view cannot be made" in told
    assert "governed.customers is where the view of raw.customers was" in told and "Rename or drop it" in told
    assert database.query("SELECT * FROM governed.customers") == [(1,)]
    database.run("DROP TABLE governed.customers")
    assert (done := workspace.apply()), done.text
    planned = workspace.plan()
    assert planned.code == 0, planned.text


def test_a_user_who_was_dropped_keeps_nothing_else_waiting_and_is_told_of(place: Place):
    database, workspace, gone = place
    workspace.write(configuration(database, acting=gone))
    assert (done := workspace.apply()), done.text
    database.run(f"DROP USER {gone}")
    workspace.write(configuration(database, mask="hash = {}", acting=gone))
    told = refused(workspace)
    assert told.count("Error: ") == 1, told
    assert "Error: A user, group or role is not there" in told
    assert f'"{gone}" does not exist' in told and "Let an administrator make it again" in told
    assert workspace.state("veil_masking_policy.ssn")["mask"]["hash"] is not None, "all else is made"
    database.run(f"CREATE USER {gone} PASSWORD '{PASSWORD}'")
    assert (done := workspace.apply()), done.text


def test_whole_schemas_and_the_group_that_were_dropped_are_made_again(place: Place):
    database, workspace, _ = place
    database.run(
        "DROP SCHEMA governed CASCADE", "DROP SCHEMA immuta_procedures CASCADE", f"DROP GROUP may_act_{database.name}"
    )
    assert (done := workspace.apply()) or (done := workspace.apply()), done.text
    assert (planned := workspace.plan()).code == 0, planned.text
    assert database.query("SELECT COUNT(*) FROM governed.customers", "alice") == [(0,)]


def test_what_is_in_the_place_of_a_view_outlives_the_integration(place: Place):
    database, workspace, _ = place
    database.run("DROP VIEW governed.customers", "CREATE TABLE governed.customers AS SELECT 1 AS theirs")
    # Terraform removes the policy by itself, while the data source waits for what refers to it.
    assert (done := workspace.destroy("-target=veil_masking_policy.ssn")), done.text
    assert (done := workspace.destroy()), done.text
    assert database.query("SELECT * FROM governed.customers") == [(1,)]
