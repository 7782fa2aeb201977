"""What goes wrong with the databases of an integration is told before anything is made, at the
attribute it is about.
"""

from pathlib import Path

import pytest

from tests.acceptance.conftest import Database
from tests.acceptance.terraform import Workspace
from veil.local import Engine


def configuration(database: str, *attributes: str) -> str:
    block = "\n".join(f"  {each}" for each in attributes)
    return f"""
terraform {{
  required_providers {{ veil = {{ source = "veil-data/veil" }} }}
}}
provider "veil" {{
  engine   = "local"
  database = "{database}"
}}
resource "veil_integration" "main" {{
  name        = "main"
  view_schema = "governed"
  database    = "{database}"
{block}
}}
"""


def said(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("attributes", "title", "says"),
    [
        (['mode = "multi_database"'], "source_database is missing", "the raw tables in another one"),
        (
            ['mode = "multi_database"', 'source_database = "Analytics"'],
            "source_database is database",
            "would both be in the database Analytics",
        ),
        (['source_database = "raw_db"'], "source_database without multi_database", 'goes with mode = "multi_database"'),
        (
            ['mode = "spectrum"', 'source_database = "raw_db"'],
            "source_database without multi_database",
            "the raw tables are in the external schemas of database",
        ),
    ],
    ids=["missing", "the same", "single", "spectrum"],
)
def test_validate_finds_databases_that_do_not_go_with_the_mode(
    workspace: Workspace, tmp_path: Path, attributes: list[str], title: str, says: str
):
    workspace.environment["VEIL_LOCAL_DIR"] = str(tmp_path / "no-engine-here")
    workspace.write(configuration("analytics", *attributes))
    done = workspace.validate()
    assert done.text.count("Error: ") == 1, done.text
    assert f"Error: {title}" in done.text
    assert says in said(done.text)


def test_plan_finds_a_source_database_that_is_not_there(workspace: Workspace, database: Database):
    workspace.write(configuration(database.name, 'mode = "multi_database"', 'source_database = "rwa_db"'))
    planned = workspace.plan()
    assert planned.code == 1
    assert planned.text.count("Error: ") == 1, planned.text
    assert "Error: No such database" in planned.text
    assert "source_database = " in planned.text
    assert "The cluster has no database rwa_db" in said(planned.text)
    assert "analytics" in said(planned.text)


def test_plan_finds_an_external_schema_that_is_not_there(workspace: Workspace, database: Database):
    workspace.write(
        configuration(database.name, 'mode = "spectrum"')
        + """
resource "veil_data_source" "events" {
  integration = veil_integration.main.id
  schema      = "lake"
  table       = "events"
}
"""
    )
    planned = workspace.plan()
    assert planned.code == 1
    assert planned.text.count("Error: ") == 1, planned.text
    assert "Error: No such external schema" in planned.text
    assert 'CREATE EXTERNAL SCHEMA "lake" FROM DATA CATALOG DATABASE' in said(planned.text)
    assert 'schema      = "lake"' in planned.text


def test_plan_finds_a_cluster_without_cross_database_queries(workspace: Workspace, tmp_path: Path):
    other = Engine(tmp_path / "dc2")
    other.up(progress=lambda line: None, cross_database=False)
    try:
        workspace.environment["VEIL_LOCAL_DIR"] = str(other.directory)
        workspace.write(configuration("analytics", 'mode = "multi_database"', 'source_database = "dev"'))
        planned = workspace.plan()
    finally:
        other.reset()
    assert planned.code == 1
    assert planned.text.count("Error: ") == 1, planned.text
    assert "Error: No cross-database queries here" in planned.text
    assert "cross-database references are not implemented" in said(planned.text)
    assert 'set mode = "single_database" and database = "dev".' in said(planned.text)
