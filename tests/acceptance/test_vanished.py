"""What is gone from the warehouse since it was applied: a plan warns of it, an apply refuses it,
and a destroy works at once.
"""

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Run, Workspace

Place = tuple[Database, Workspace]

SOURCE = """
resource "veil_data_source" "customers" {
  integration       = veil_integration.main.id
  schema            = "raw"
  table             = "customers"
  columns           = { ssn = { tags = ["pii"] }, %s }
  event_time_column = "created_at"
}
"""
POLICIES = """
resource "veil_masking_policy" "pii" {
  integration = veil_integration.main.id
  name        = "pii"
  applies_to  = { column_tags = ["pii"] }
  mask        = { null = {} }
  where       = "level > 2"
}
resource "veil_row_policy" "balance" {
  integration = veil_integration.main.id
  name        = "balance"
  applies_to  = { data_sources = ["raw.orders"] }
  show        = { where = "total > 5" }
}
resource "veil_data_source" "orders" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "orders"
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
}
"""


def configuration(database: Database, columns: str = 'email = { tags = ["mail"] }') -> str:
    return header(database) + SOURCE % columns + POLICIES


def said(run: Run) -> str:
    return " ".join(run.text.split())


@pytest.fixture
def place(database: Database, workspace: Workspace) -> Place:
    workspace.write(configuration(database))
    assert (done := workspace.apply()), done.text
    return database, workspace


def views(database: Database) -> list[tuple[object, ...]]:
    return database.query("SELECT viewname FROM pg_views WHERE schemaname = 'governed' ORDER BY 1")


def test_a_declared_column_that_was_dropped_is_warned_of_and_refused_by_an_apply_alone(place: Place):
    database, workspace = place
    database.run(*(f'ALTER TABLE "raw".customers DROP COLUMN {name}' for name in ("email", "ssn", "created_at")))
    planned = workspace.plan()
    assert planned.code == 2, planned.text
    assert "Warning: An apply will refuse this: raw.customers" in said(planned)
    assert "no longer has the columns created_at, email, ssn, which this configuration names" in said(planned)
    assert "No apply repairs this as long as it refuses the rest: - the column created_at was dropped" in said(planned)
    applied = workspace.apply()
    assert applied.code == 1
    assert "Error: Unknown column" in applied.text and "has no column 'email'" in said(applied)
    assert (done := workspace.destroy()), done.text
    assert views(database) == []


def test_a_name_that_was_never_a_column_is_an_error_in_the_plan_although_others_were_dropped(place: Place):
    database, workspace = place
    database.run('ALTER TABLE "raw".customers DROP COLUMN email')
    workspace.write(configuration(database, 'email = { tags = ["mail"] }, aeg = { tags = ["age"] }'))
    planned = workspace.plan()
    assert planned.code == 1
    assert "Error: Unknown column" in planned.text and "has no column 'aeg'" in said(planned)


def test_taking_a_dropped_column_out_of_the_configuration_works_at_once(place: Place):
    database, workspace = place
    database.run('ALTER TABLE "raw".customers DROP COLUMN email')
    workspace.write(configuration(database, ""))
    planned = workspace.plan()
    assert planned.code == 2 and "An apply will refuse" not in planned.text, planned.text
    assert "The apply will repair: - the column email was dropped" in said(planned)
    assert (done := workspace.apply()), done.text
    assert (planned := workspace.plan()).code == 0, planned.text


def test_replacing_a_data_source_whose_column_was_dropped_works_at_once(place: Place):
    database, workspace = place
    database.run(
        'CREATE TABLE "raw".people AS SELECT * FROM "raw".customers', 'ALTER TABLE "raw".customers DROP COLUMN email'
    )
    workspace.write(configuration(database).replace('"customers"\n  columns', '"people"\n  columns'))
    assert (done := workspace.apply()), done.text
    assert views(database) == [("orders",), ("people",)]


def test_a_column_that_policies_name_is_gone_or_another_and_stops_neither_plan_nor_destroy(place: Place):
    database, workspace = place
    database.run(
        'ALTER TABLE "raw".customers DROP COLUMN level',
        'ALTER TABLE "raw".orders DROP COLUMN total',
        'ALTER TABLE "raw".orders ADD COLUMN total VARCHAR(9)',
    )
    planned = workspace.plan()
    assert planned.code == 2, planned.text
    assert "Warning: Expression names an unknown column" in said(planned)
    assert "somebody has altered the table since" in said(planned)
    assert (done := workspace.destroy()), done.text
    assert views(database) == []


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param(['DROP SCHEMA "raw" CASCADE'], id="schema"),
        pytest.param(
            [
                'DROP SCHEMA "raw" CASCADE',
                "UPDATE immuta_system.object SET body = body || ' ' WHERE kind = 'data_source'",
            ],
            id="schema and what veil stored",
        ),
    ],
)
def test_a_destroy_needs_nothing_of_what_was_governed(place: Place, statements: list[str]):
    database, workspace = place
    database.run(*statements)
    assert (planned := workspace.plan()).code != 1, planned.text
    assert (done := workspace.destroy()), done.text
    assert views(database) == []
