"""An account that owns nothing and applies by veil's procedures alone."""

from collections.abc import Callable

import pytest
import redshift_connector

from tests.acceptance.accounts import APPLIER_PASSWORD, Accounts
from tests.acceptance.conftest import Database
from tests.acceptance.terraform import Workspace

INTEGRATION = """
resource "veil_integration" "main" {{
  name        = "main"
  database    = "{database}"
  view_schema = "governed"
  bootstrap   = "manual"
  baseline    = {{ null_tags = [{tags}] }}
}}
"""
BODY = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  columns     = { ssn = { tags = ["id.ssn"] } }
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
MASK = """
resource "veil_masking_policy" "ssn" {
  integration = veil_integration.main.id
  name        = "ssn; DROP TABLE raw.customers --"
  applies_to  = { column_tags = ["id"] }
  mask        = { constant = { value = "it's;--/*$$" } }
}
"""
ROWS = "SELECT ssn FROM governed.customers WHERE id = 1"


class Place:
    """A database whose schemas an administrator made, with an account that applies by
    procedures.
    """

    def __init__(self, database: Database, workspace: Workspace) -> None:
        self.database, self.workspace, self.accounts = database, workspace, Accounts(database)
        self.accounts.make("--applier", self.accounts.applier)

    def write(self, body: str, *, applier: bool = True, tags: str = "") -> None:
        head = 'terraform {\n  required_providers { veil = { source = "veil-data/veil" } }\n}\n'
        made = INTEGRATION.format(database=self.database.name, tags=tags)
        self.workspace.write(head + self.accounts.provider(applier=applier) + made + body)


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Place:
    return Place(new_database(), new_workspace())


def test_it_applies_what_its_owner_began_and_plans_nothing_more(place: Place) -> None:
    place.write("", applier=False)
    assert (done := place.workspace.apply()), done.text
    place.write(BODY)
    assert (done := place.workspace.apply()), done.text
    assert place.database.query(ROWS, "alice") == [("111-11-1111",)]
    assert (quiet := place.workspace.plan()), quiet.text


def test_the_procedures_make_policies_replace_views_and_rename_them(place: Place) -> None:
    place.write(BODY + MASK)
    assert (done := place.workspace.apply()), done.text
    assert place.database.query(ROWS, "alice") == [("it's;--/*$$",)]
    place.write(
        BODY.replace('table       = "customers"', 'table       = "customers"\n  view_name   = "clients"') + MASK
    )
    assert (done := place.workspace.apply()), done.text
    assert place.database.query("SELECT COUNT(*) FROM governed.clients", "alice") == [(4,)]
    assert "customers" not in {
        row[0] for row in place.database.query("SELECT viewname FROM pg_views WHERE schemaname = 'governed'")
    }
    place.write(BODY + MASK)
    assert (done := place.workspace.apply()), done.text
    assert (quiet := place.workspace.plan()), quiet.text


def test_a_view_that_its_owner_made_is_replaced_by_the_procedures_and_back(place: Place) -> None:
    place.write(BODY, applier=False)
    assert (done := place.workspace.apply()), done.text
    place.write(BODY + MASK)
    assert (done := place.workspace.apply()), done.text
    assert (quiet := place.workspace.plan()), quiet.text


def test_the_integration_is_for_its_owner_to_change(place: Place) -> None:
    place.write(BODY + MASK, tags='"secret"')
    failed = place.workspace.apply()
    assert not failed
    assert "The integration is for its owner to change" in failed.text
    place.write(BODY + MASK)
    assert (done := place.workspace.apply()), done.text


def test_what_it_cannot_repair_is_told_and_not_planned(place: Place) -> None:
    place.database.run("GRANT EXECUTE ON PROCEDURE immuta_procedures.upsert_objects(VARCHAR) TO bob")
    planned = place.workspace.plan()
    assert planned.code == 0, planned.text
    assert "EXECUTE on the procedure upsert_objects was granted to user bob" in " ".join(planned.text.split())
    place.database.run("REVOKE EXECUTE ON PROCEDURE immuta_procedures.upsert_objects(VARCHAR) FROM bob")


def test_execute_without_a_place_on_the_list_applies_nothing(place: Place) -> None:
    place.database.run(f"DELETE FROM immuta_system.applier WHERE immuta__userid = '{place.accounts.applier}'")
    place.write(BODY)
    failed = place.workspace.apply()
    assert not failed
    assert "This account only reads" in failed.text
    call = "CALL immuta_procedures.create_view('governed', 'leak', 'SELECT c.ssn AS ssn FROM raw.customers AS c', 5, 1)"
    with pytest.raises(redshift_connector.ProgrammingError, match="only the system account may call this procedure"):
        place.database.query(call, place.accounts.applier, APPLIER_PASSWORD)
    assert "permission denied" in place.database.refusal(call, "alice")
