"""`veil export` brings a warehouse that Terraform has lost track of back under Terraform."""

from collections.abc import Callable

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.exporting import export, take_over
from tests.acceptance.lifecycle import CASES, INTEGRATION, act, look, prepare, resources
from tests.acceptance.lookalikes import heard, plant
from tests.acceptance.terraform import Workspace
from veil.local import Engine

ODD = r"""
resource "veil_data_source" "odd" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "odd \"ta.ble\" ${"$"}{x}"
  view_schema = "governed"
  view_name   = "odd"
  tags        = ["odd"]
  new_columns = "null"
  policies    = [veil_masking_policy.odd.name, veil_row_policy.recent.name]
  filter_columns = ["at", "for"]
  columns     = { "for" = { tags = ["odd"], description = "a \\ back\tslash\nand a line %%{if}" } }
  event_time_column = "at"
}
resource "veil_masking_policy" "odd" {
  integration = veil_integration.main.id
  name        = "1. \"odd\" é"
  applies_to  = { column_tags = ["odd"], column_regex = "^f[a-z]+$" }
  mask        = { regex = { pattern = "[0-9]\\d", replacement = "${"$"}{" } }
  where       = "\"for\" LIKE '%%{'"
  exceptions  = { operator = "all", groups = ["a"], attributes = [{ name = "b", value = "c d" }, { name = "a", value = "z" }] }
}
resource "veil_masking_policy" "odd_too" {
  integration = veil_integration.main.id
  name        = "1 odd é"
  priority    = -3
  staged      = true
  applies_to  = { all_columns = true }
  for_everyone_who = "@isInGroups('it''s')"
  mask        = { noise = { percent = 2.5 } }
  otherwise   = { round = { bucket = 0.05 } }
}
resource "veil_row_policy" "recent" {
  integration = veil_integration.main.id
  name        = "recent"
  applies_to  = { data_source_tags = ["odd"] }
  show        = { newer_than = { days = 90 } }
  exceptions  = { expression = "@isInGroups('everything')" }
}
resource "veil_subscription_policy" "guard" {
  integration = veil_integration.main.id
  name        = "guard"
  mode        = "guardrail"
  applies_to  = { data_source_tags = ["nowhere"] }
  access      = "individual"
}
resource "veil_user_profiles" "commas" {
  integration = veil_integration.main.id
  users       = { "a,b" = { groups = ["x"], attributes = { "odd name" = ["1", "2"] } }, "IAM:c" = {} }
}
"""


@pytest.fixture(scope="module")
def place(
    engine: Engine, new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]
) -> tuple[Database, Workspace]:
    database, workspace = new_database(), new_workspace()
    prepare(database)
    database = plant(engine, database, "public")
    database.run('CREATE TABLE "raw"."odd ""ta.ble"" ${x}" ("for" VARCHAR(80), at TIMESTAMP)')
    workspace.write(header(database, INTEGRATION.before) + resources() + ODD)
    assert (done := workspace.apply()), done.text
    act(database)
    return database, workspace


def test_everything_is_exported_and_nothing_changes_when_it_is_imported(
    engine: Engine,
    place: tuple[Database, Workspace],
    new_workspace: Callable[[], Workspace],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    database, before = place
    monkeypatch.setenv("VEIL_LOCAL_DIR", before.environment["VEIL_LOCAL_DIR"])
    heir = new_workspace()
    assert export(database, heir) == 0
    assert "`terraform plan` there shows that many imports and no change." in capsys.readouterr().out
    take_over(heir)
    for case in (INTEGRATION, *CASES):
        assert look(database, case) == case.seen[0], case.address

    assert export(database, heir) == 1
    assert "The folder holds a configuration" in capsys.readouterr().err

    text = "".join(path.read_text() for path in heir.folder.glob("*.tf"))
    assert database.address.password not in text
    assert heir.validate().text.count("Warning: Columns of which nothing is said") == 0
    assert "data_source = veil_data_source.audited.id" in text
    assert "data_sources = [veil_data_source.customers.id]" in text
    assert "purposes     = [veil_purpose.fraud.name]" in text

    assert (done := heir.destroy()), done.text
    assert database.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'immuta%'") == []
    assert heard(engine, database) == []
