"""Names with capitals: what is there is found whatever its spelling, and spelling it otherwise
changes nothing.
"""

import re
from collections.abc import Callable

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace

RESOURCES = """
resource "veil_data_source" "customers" {
  integration       = veil_integration.main.id
  schema            = "RAW"
  table             = "Customers"
  tags              = ["open"]
  columns           = { SSN = { tags = ["pii"] }, Territory = { tags = ["geo"] }, id = { tags = [] } }
  event_time_column = "Created_At"
}
resource "veil_subscription_policy" "all" {
  integration = veil_integration.main.id
  name        = "all"
  applies_to  = { data_sources = ["\\"RAW\\".\\"CUSTOMERS\\""] }
  access      = "everyone"
}
resource "veil_masking_policy" "pii" {
  integration = veil_integration.main.id
  name        = "pii"
  applies_to  = { column_tags = ["pii"] }
  mask        = { null = {} }
}
resource "veil_row_policy" "known" {
  integration = veil_integration.main.id
  name        = "known"
  applies_to  = { data_sources = ["Raw.Cust*"] }
  show        = { where = "\\"Level\\" IN (SELECT \\"Access_Level\\" FROM rAW.\\"Access_Tree\\") AND @columnReference('ID') < 3" }
}
resource "veil_row_policy" "new" {
  integration = veil_integration.main.id
  name        = "new"
  applies_to  = { all_data_sources = true }
  show        = { newer_than = { years = 100 } }
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
}
"""


def respelled(text: str) -> str:
    """The same in lower case wherever Redshift folds names."""
    for name in ("RAW", "Raw", "Customers", "CUSTOMERS", "SSN", "Territory", "Created_At", "Cust\\*"):
        text = re.sub(rf"(?<![A-Za-z]){name}(?![A-Za-z])", lambda found: found[0].lower(), text)
    return text


def test_tables_and_columns_are_found_however_they_are_spelled(
    database: Database, workspace: Workspace, new_workspace: Callable[[], Workspace]
):
    begin = header(database).replace(f'"{database.name}"', f'"{database.name.upper()}"')
    workspace.write(begin + RESOURCES)
    assert (done := workspace.apply()), done.text
    assert (planned := workspace.plan()).code == 0, planned.text
    found = database.query("SELECT id, ssn, territory FROM governed.customers ORDER BY id", "alice")
    assert found == [(1, None, "US"), (2, None, "CA")]
    shown = workspace.state("veil_data_source.customers")
    assert (shown["view_name"], shown["view"], shown["health"]) == ("customers", "governed.customers", "healthy")

    workspace.write(respelled(header(database) + RESOURCES))
    assert "RAW" not in respelled(RESOURCES)
    assert (planned := workspace.plan()).code == 0, planned.text

    names = {
        "veil_integration.main": "main",
        "veil_data_source.customers": 'RAW.\\"Customers\\"',
        "veil_masking_policy.pii": "pii",
    }
    imports = "".join(f'import {{\n  to = {address}\n  id = "{name}"\n}}\n' for address, name in names.items())
    other = new_workspace()
    other.write(begin + RESOURCES + imports)
    assert other.actions().keys() == {
        "veil_subscription_policy.all",
        "veil_row_policy.known",
        "veil_row_policy.new",
        "veil_user_profile.alice",
    }
