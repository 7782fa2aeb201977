"""Plans show what changes, and nothing beside it."""

import json
import re

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace
from tests.engine import STATEMENT_LOG
from tests.warehouse.test_reading import ASKED
from veil.local import Engine
from veil.warehouse import Layout, expected_routines

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

BESIDE_THE_READ = {
    "CURRENT_SETTING": "whether names keep their case: what is right already must not be set, or row-level security refuses us",
    "SET_CONFIG": "what else could change what our statements mean",
    "view_schema": "where the views are: which of the columns the mark has is known only now",
    "HAS_TABLE_PRIVILEGE": "what this account may read of the schemas that the read found, and whether it can tell of readers",
    "user_entry": "whether veil's own views answer, which only asking them tells",
}
"""What a plan with no change sends besides what a read asks, a statement each by a word of it, and
why. And SHOW PROCEDURE for each of our procedures: what they are set to is in no catalog that AWS
documents, and AWS documents no way to ask for several.
"""


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


def test_a_plan_with_no_change_sends_no_statement_that_is_not_accounted_for(
    applied: str, engine: Engine, workspace: Workspace
):
    workspace.write(applied.replace('engine   = "local"', 'engine   = "local"\n  application_name = "counted"'))
    assert (planned := workspace.plan()).code == 0, planned.text
    log = (engine.directory.parent / STATEMENT_LOG).read_text(encoding="utf-8").splitlines()
    sent = [entry["sql"] for entry in map(json.loads, log) if entry["application"] == "counted"]
    procedures = [each for each in expected_routines(Layout("immuta", "governed")) if each.kind == "PROCEDURE"]
    assert sum(each.startswith("SHOW PROCEDURE") for each in sent) == len(procedures)
    others = [each for each in sent if not each.startswith("SHOW PROCEDURE")]
    assert len(others) == len(ASKED) + len(BESIDE_THE_READ), "\n".join(others)
    assert all(any(word in each for each in others) for word in BESIDE_THE_READ)
