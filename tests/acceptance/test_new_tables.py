"""Tables that come into monitored schemas are noticed: by plans, the status, `veil doctor`; and
nothing stops for them.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.exporting import export
from tests.acceptance.terraform import Workspace
from veil.cli import doctor

SOURCE = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "shop"
  table       = "customers"
}
"""


@dataclass(frozen=True)
class Place:
    """A warehouse with a schema that is monitored."""

    database: Database
    workspace: Workspace

    def configure(self, monitored: str, further: str = "") -> None:
        self.workspace.write(header(self.database, monitored) + SOURCE + further)

    def apply(self) -> None:
        assert (done := self.workspace.apply()), done.text

    def plan(self) -> str:
        """What an empty plan says, on one line."""
        planned = self.workspace.plan()
        assert planned.code == 0, planned.text
        return " ".join(planned.text.replace("│", " ").split())


@pytest.fixture
def place(database: Database, workspace: Workspace) -> Place:
    database.run(
        "CREATE SCHEMA shop",
        "CREATE TABLE shop.customers (id INTEGER)",
        "CREATE TABLE shop.leads (id INTEGER)",
        "CREATE VIEW shop.best AS SELECT id FROM shop.leads",
        "GRANT SELECT ON shop.leads TO bob",
    )
    return Place(database, workspace)


def test_a_new_table_is_told_with_owner_and_readers_and_the_plan_stays_empty(
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    new_workspace: Callable[[], Workspace],
):
    place.configure('monitored_schemas = ["SHOP"]')
    place.apply()
    told = place.plan()
    owner = place.database.query("SELECT current_user")[0][0]
    assert "Warning: Tables that are not governed" in told
    assert (
        f"- shop.best (view of {owner}, granted to nobody else) - shop.leads (table of {owner}, read by the user bob)"
        in told
    )
    place.workspace.run("refresh")
    state = place.workspace.state("veil_integration.main")
    assert (state["new_tables"], state["status"]) == (["shop.best", "shop.leads"], "enabled")

    monkeypatch.setenv("VEIL_LOCAL_DIR", place.workspace.environment["VEIL_LOCAL_DIR"])
    where = ["--engine", "local", "--database", place.database.name, "--json"]
    assert doctor.main(where) == 0
    assert found(capsys) == "warning"

    place.configure('monitored_schemas = ["shop"]\n  on_new_tables = "error"')
    place.apply()
    assert place.workspace.state("veil_integration.main")["status"] == "recurringValidationError"
    assert "Tables that are not governed" in place.plan()
    assert doctor.main(where) == 1
    assert found(capsys) == "failed"

    heir = new_workspace()
    assert export(place.database, heir) == 0
    assert 'monitored_schemas = ["shop"]' in (Path(heir.folder) / "main.tf").read_text()
    assert 'on_new_tables     = "error"' in (Path(heir.folder) / "main.tf").read_text()
    capsys.readouterr()

    place.configure('monitored_schemas = ["shop"]\n  on_new_tables = "ignore"')
    place.apply()
    assert "not governed" not in place.plan()
    assert place.workspace.state("veil_integration.main")["new_tables"] == ["shop.best", "shop.leads"]
    assert doctor.main(where) == 0
    assert found(capsys) == "passed"


def found(capsys: pytest.CaptureFixture[str]) -> str:
    """How the check ended."""
    checks = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    return checks["new_tables"]["status"]


def test_a_table_that_comes_later_is_noticed_and_one_that_is_governed_is_not(place: Place):
    place.database.run("DROP VIEW shop.best", "DROP TABLE shop.leads")
    place.configure('monitored_schemas = ["shop"]')
    place.apply()
    assert "not governed" not in place.plan()
    place.database.run('CREATE TABLE shop."Odd name" (id INTEGER)', "CREATE TABLE shop.orders (id INTEGER)")
    assert 'shop."odd name" (table' in place.plan().replace('"Odd', '"odd')
    orders = SOURCE.replace("customers", "orders")
    place.configure('monitored_schemas = ["shop"]', orders)
    place.apply()
    told = place.plan()
    assert "shop.orders (table" not in told and "odd name" in told.lower()


def test_a_schema_that_is_not_there_is_told(place: Place):
    place.configure('monitored_schemas = ["shop", "shpo"]')
    place.apply()
    told = place.plan()
    assert "Warning: A monitored schema is not there" in told
    assert "There is no schema shpo in the database of the raw tables" in told


def test_an_external_table_of_a_monitored_schema_is_noticed_as_soon_as_it_is_there(place: Place):
    role = "arn:aws:iam::123456789012:role/lake"
    place.database.run(
        f"CREATE EXTERNAL SCHEMA bay FROM DATA CATALOG DATABASE '{place.database.name}' IAM_ROLE '{role}'"
        " CREATE EXTERNAL DATABASE IF NOT EXISTS",
        "GRANT USAGE ON SCHEMA bay TO carol",
    )
    place.configure('monitored_schemas = ["bay"]\n  on_new_tables = "error"')
    place.apply()
    assert "not governed" not in place.plan()
    place.database.run(
        "CREATE EXTERNAL TABLE bay.visits (id INTEGER) STORED AS PARQUET LOCATION 's3://bay/visits/'",
    )
    assert "- bay.visits (external table, read by the user carol)" in place.plan()
    place.apply()
    state = place.workspace.state("veil_integration.main")
    assert (state["new_tables"], state["status"]) == (["bay.visits"], "recurringValidationError")


def test_veil_s_own_schemas_are_refused_by_validate(place: Place):
    place.configure('monitored_schemas = ["immuta_system"]')
    done = place.workspace.validate()
    assert not done
    assert "immuta_system is one of veil's own schemas. It has no tables to govern" in " ".join(done.text.split())


def test_monitoring_takes_a_plan_one_statement_more(
    place: Place, new_starting_workspace: Callable[[], Workspace], tmp_path: Path
):
    log, workspace = tmp_path / "provider.log", new_starting_workspace()
    workspace.environment |= {"TF_LOG_PROVIDER": "DEBUG", "TF_LOG_PATH": str(log)}
    counts = []
    for monitored in ("", 'monitored_schemas = ["shop", "raw"]'):
        workspace.write(header(place.database, monitored) + SOURCE)
        assert (done := workspace.apply()), done.text
        log.unlink(missing_ok=True)
        assert (planned := workspace.plan()).code == 0, planned.text
        counts += map(int, re.findall(r"(\d+) statements were sent", log.read_text()))
    without, with_them = counts
    assert with_them == without + 1
