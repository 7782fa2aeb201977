"""One configuration for integrations of every mode, and what people then see: the same wherever the
tables are.
"""

import json
from typing import Any

from tests.acceptance.conftest import Database
from tests.acceptance.terraform import Workspace

POLICIES = """
resource "veil_data_source" "customers" {{
  integration = veil_integration.main.id
  schema      = "{schema}"
  table       = "customers"
  tags        = ["sales"]
  columns = {{
    email     = {{ tags = ["pii.email"] }}
    ssn       = {{ tags = ["pii.ssn"] }}
    territory = {{ tags = ["geo"] }}
    card      = {{ tags = ["card"] }}
    level     = {{ tags = ["access_level"] }}
  }}
  policies = [veil_masking_policy.identifiers.name, veil_row_policy.own_territory.name]
}}
resource "veil_subscription_policy" "analysts" {{
  integration = veil_integration.main.id
  name        = "analysts"
  applies_to  = {{ data_source_tags = ["sales"] }}
  access      = "conditions"
  expression  = "@isInGroups('analysts')"
}}
resource "veil_masking_policy" "identifiers" {{
  integration = veil_integration.main.id
  name        = "identifiers"
  applies_to  = {{ column_tags = ["pii"] }}
  mask        = {{ hash = {{}} }}
  exceptions  = {{ groups = ["hr"] }}
}}
resource "veil_masking_policy" "card" {{
  integration = veil_integration.main.id
  name        = "card"
  applies_to  = {{ column_tags = ["card"] }}
  mask        = {mask}
  where       = "@columnTagged('access_level') NOT IN (SELECT access_level FROM {lookup} WHERE @attributeValuesContains('user_level', 'root'))"
}}
resource "veil_row_policy" "own_territory" {{
  integration = veil_integration.main.id
  name        = "own-territory"
  applies_to  = {{ data_source_tags = ["sales"] }}
  show        = {{ user_matches = [{{ attribute = "territory", column_tag = "geo" }}] }}
  exceptions  = {{ groups = ["global"] }}
}}
resource "veil_user_profiles" "people" {{
  integration = veil_integration.main.id
  users = {{
    alice = {{ groups = ["analysts"], attributes = {{ territory = ["US", "CA"], user_level = ["Vegetables"] }} }}
    bob   = {{ groups = ["analysts", "hr", "global"], attributes = {{ user_level = ["Pear"] }} }}
    carol = {{ groups = ["hr"], attributes = {{ territory = ["US"] }} }}
  }}
}}
data "veil_effective_access" "alice" {{
  integration = veil_integration.main.id
  user        = "alice"
  data_source = veil_data_source.customers.id
  depends_on  = [veil_masking_policy.identifiers, veil_masking_policy.card, veil_user_profiles.people]
}}
"""
PARTIAL, CONSTANT = '{ partial = { keep_last = 4, replacement = "*" } }', '{ constant = { value = "hidden" } }'

IMPORTS = {
    "veil_integration.main": "main",
    "veil_data_source.customers": "governed.customers",
    "veil_subscription_policy.analysts": "analysts",
    "veil_masking_policy.identifiers": "identifiers",
    "veil_masking_policy.card": "card",
    "veil_row_policy.own_territory": "own-territory",
    "veil_user_profiles.people": "alice,bob,carol",
}


def configuration(
    database: Database,
    provider: str,
    *attributes: str,
    schema: str = "raw",
    lookup: str = "raw.access_tree",
    mask: str = PARTIAL,
) -> str:
    """The configuration, with its provider block and what else its integration's block says."""
    block = "\n".join(f"  {each}" for each in attributes)
    return f"""
terraform {{
  required_providers {{ veil = {{ source = "veil-data/veil" }} }}
}}
{provider}
resource "veil_integration" "main" {{
  name        = "main"
  view_schema = "governed"
  database    = "{database.name}"
{block}
}}
""" + POLICIES.format(schema=schema, lookup=lookup, mask=mask)


def import_blocks() -> str:
    return "".join(f'import {{\n  to = {address}\n  id = "{name}"\n}}\n' for address, name in IMPORTS.items())


def seen(database: Database, but: str = "") -> dict[str, list[tuple[object, ...]]]:
    """By user, one of them left out: the row's number, how long its SSN shows, its card, its
    territory.
    """
    sql = "SELECT id, LEN(ssn), card, territory FROM governed.customers ORDER BY id"
    return {user: database.query(sql, user) for user in ("alice", "bob", "carol", "dave") if user != but}


def attributes(workspace: Workspace, address: str) -> dict[str, Any]:
    """What the state file holds of a resource, or of a data source as `data.<type>.<name>`."""
    stored = json.loads((workspace.folder / "terraform.tfstate").read_text())["resources"]
    found = {f"{'data.' if each['mode'] == 'data' else ''}{each['type']}.{each['name']}": each for each in stored}
    values: dict[str, Any] = found[address]["instances"][0]["attributes"]
    return values


EXPECTED = {
    # Vegetables hold level 4 and not 8; Pear holds level 8 alone.
    "alice": [(1, 64, "4000111122223333", "US"), (2, 64, "************4444", "CA")],
    "bob": [
        (1, 11, "************3333", "US"),
        (2, 11, "4000222233334444", "CA"),
        (3, 11, "************5555", "FR"),
        (4, None, None, None),
    ],
    "carol": [],
    "dave": [],
}
