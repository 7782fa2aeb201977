"""Plans show what changes, and nothing beside it."""

import json
import re

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace

GOVERNED = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  columns     = { email = { tags = ["pii.email"] } }
}
resource "veil_subscription_policy" "everyone" {
  integration = veil_integration.main.id
  name        = "everyone"
  applies_to  = { all_data_sources = true }
  access      = "everyone"
}
resource "veil_masking_policy" "emails" {
  integration = veil_integration.main.id
  name        = "emails"
  applies_to  = { column_tags = ["pii.email"] }
  mask        = { hash = {} }
  exceptions  = { groups = ["hr"] }
}
"""
LEFT_OUT = (
    "all_columns",
    "attributes",
    "purposes",
    "column_regex_case_insensitive",
    "data_source_tags",
    "data_sources",
    "operator",
    "untagged_columns",
)


@pytest.fixture
def applied(database: Database, workspace: Workspace) -> str:
    text = header(database) + GOVERNED
    workspace.write(text)
    planned = workspace.plan()
    for name in LEFT_OUT:
        assert not re.search(rf"\+ {name} +=", planned.text), planned.text
    assert "all_data_sources = true" in planned.text and '"pii.email",' in planned.text
    assert (done := workspace.apply()), done.text
    assert (empty := workspace.plan()).code == 0, empty.text
    return text


def test_a_change_of_tags_shows_the_tags_alone_and_the_next_read_brings_what_it_means(
    applied: str, database: Database, workspace: Workspace
):
    workspace.write(applied.replace('["pii.email"] } }', '["pii.email", "contact"] } }'))
    planned = workspace.plan()
    assert planned.code == 2 and "known after apply" not in planned.text, planned.text
    # What is found meanwhile is no part of what was planned.
    database.run('GRANT SELECT ON "raw".customers TO bob')
    done = workspace.apply("-refresh=false")
    assert done, done.text
    assert workspace.state("veil_data_source.customers")["health"] == "healthy"
    assert workspace.run("apply", "-refresh-only", "-auto-approve", "-no-color")
    health = workspace.state("veil_data_source.customers")["health"]
    assert health == "user bob can read the table raw.customers around the view."
    assert workspace.plan().code == 0


def test_a_state_of_an_earlier_version_shows_no_change(applied: str, workspace: Workspace):
    file = workspace.folder / "terraform.tfstate"
    state = json.loads(file.read_text())
    (policy,) = (each for each in state["resources"] if each["type"] == "veil_masking_policy")
    (instance,) = policy["instances"]
    place = instance["attributes"]["applies_to"]
    assert {name: value for name, value in place.items() if value is not None} == {"column_tags": ["pii.email"]}
    place |= {name: False for name in place if name.startswith("all_") or name.endswith(("insensitive", "columns"))}
    place |= {"data_source_tags": [], "data_sources": [], "operator": "any"}
    instance["attributes"]["exceptions"] |= {"operator": "any", "attributes": [], "purposes": []}
    instance["schema_version"] = 0
    file.write_text(json.dumps(state))
    for arguments in ((), ("-refresh=false",)):
        planned = workspace.plan(*arguments)
        assert planned.code == 0, planned.text


def test_an_import_says_no_more_than_somebody_would_write(applied: str, workspace: Workspace):
    workspace.forget_state()
    for address, name in (("veil_integration.main", "main"), ("veil_masking_policy.emails", "emails")):
        assert (done := workspace.import_(address, name)), done.text
    place = workspace.state("veil_masking_policy.emails")["applies_to"]
    assert {name: value for name, value in place.items() if value is not None} == {"column_tags": ["pii.email"]}
