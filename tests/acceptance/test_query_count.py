"""A plan asks the warehouse the same few questions, however much there is to plan."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace
from veil.warehouse import Layout, expected_routines


@pytest.fixture(scope="module")
def new_workspace(new_starting_workspace: Callable[[], Workspace]) -> Callable[[], Workspace]:
    return new_starting_workspace


EACH = """
resource "veil_data_source" "many" {
  count       = local.size
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "t${count.index}"
  tags        = ["s${count.index}"]
  columns     = { id = { tags = ["c${count.index}"] } }
}
resource "veil_masking_policy" "many" {
  count       = local.size
  integration = veil_integration.main.id
  name        = "mask ${count.index}"
  applies_to  = { column_tags = ["c${count.index}"] }
  mask        = { null = {} }
  where       = "id IN (SELECT access_level FROM raw.access_tree)"
}
resource "veil_row_policy" "many" {
  count       = local.size
  integration = veil_integration.main.id
  name        = "rows ${count.index}"
  applies_to  = { data_source_tags = ["s${count.index}"] }
  show        = { where = "@isInGroups('g${count.index}')" }
}
resource "veil_subscription_policy" "many" {
  count       = local.size
  integration = veil_integration.main.id
  name        = "admits ${count.index}"
  applies_to  = { data_source_tags = ["s${count.index}"] }
  access      = "everyone"
}
resource "veil_user_profile" "many" {
  count       = local.size
  integration = veil_integration.main.id
  user        = "u${count.index}"
  groups      = ["g${count.index}"]
}
resource "veil_subscription" "many" {
  count       = local.size
  integration = veil_integration.main.id
  user        = "u${count.index}"
  data_source = veil_data_source.many[count.index].id
}
resource "veil_purpose" "many" {
  count           = local.size
  integration     = veil_integration.main.id
  name            = "p${count.index}"
  acknowledgement = "yes"
}
resource "veil_project" "many" {
  count        = local.size
  integration  = veil_integration.main.id
  name         = "project ${count.index}"
  members      = ["u${count.index}"]
  data_sources = [veil_data_source.many[count.index].id]
  purposes     = [veil_purpose.many[count.index].name]
}
data "veil_effective_access" "many" {
  count       = local.size
  integration = veil_integration.main.id
  user        = "u${count.index}"
  data_source = veil_data_source.many[count.index].id
}
"""
FEW, MANY = 1, 12


@pytest.fixture
def many(new_database: Callable[[], Database]) -> Database:
    database = new_database()
    for number in range(MANY):
        database.run(f'CREATE TABLE "raw".t{number} (id INTEGER)')
    return database


def configuration(database: Database, size: int) -> str:
    return header(database) + f"locals {{\n  size = {size}\n}}\n" + EACH


def statements(workspace: Workspace, log: Path, *arguments: str) -> int:
    """How many statements the provider sent while it planned. The plan has to succeed."""
    log.unlink(missing_ok=True)
    planned = workspace.plan("-out=plan.bin", *arguments)
    assert planned.code in (0, 2), planned.text
    (count,) = re.findall(r"(\d+) statements were sent", log.read_text())
    return int(count)


def test_the_number_of_statements_of_a_plan_does_not_grow(many: Database, workspace: Workspace, tmp_path: Path):
    log = tmp_path / "provider.log"
    workspace.environment |= {"TF_LOG_PROVIDER": "DEBUG", "TF_LOG_PATH": str(log)}
    counts: dict[str, list[int]] = {"that is empty": [], "without a look": [], "of new resources": []}
    for size in (FEW, MANY):
        workspace.write(configuration(many, size))
        statements(workspace, log)
        assert (done := workspace.apply("plan.bin")), done.text
        counts["that is empty"].append(statements(workspace, log))
        counts["without a look"].append(statements(workspace, log, "-refresh=false"))
        if size == FEW:
            for planned in (FEW + 1, MANY):
                workspace.write(configuration(many, planned))
                counts["of new resources"].append(statements(workspace, log))
    for what, (few, more) in counts.items():
        assert few == more, (what, counts)
    # One more for each procedure: no catalog tells what is set in it.
    procedures = len(expected_routines(Layout("immuta", "governed")))
    assert max(max(each) for each in counts.values()) <= 59 + procedures
