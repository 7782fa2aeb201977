"""Each mistake gives one clear diagnostic, as early as it can be known, and leaves nothing
behind.
"""

import json
import re
from pathlib import Path

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace

SOURCE = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  columns     = { ssn = { tags = ["pii"] } }
}
"""


def mask(where: str) -> str:
    return f"""
resource "veil_masking_policy" "ssn" {{
  integration = veil_integration.main.id
  name        = "ssn"
  applies_to  = {{ column_tags = ["pii"] }}
  mask        = {{ hash = {{}} }}
  where       = {json.dumps(where)}
}}
"""


def errors(text: str) -> list[str]:
    return re.findall(r"^Error: (.*)$", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("where", "says"),
    {
        "a syntax error": ("territory = = 'US'", "where"),
        "two statements": ("territory = 'US'; DROP TABLE raw.customers", ";"),
        "a misspelt function": ("@isInGroup('hr')", "@isInGroups"),
        "a volatile function": ("random() < 0.5", "random"),
        "an empty text": ("", "empty"),
    }.values(),
    ids=["a syntax error", "two statements", "a misspelt function", "a volatile function", "an empty text"],
)
def test_validate_finds_a_broken_expression_without_a_warehouse(
    workspace: Workspace, database: Database, tmp_path: Path, where: str, says: str
):
    workspace.environment["VEIL_LOCAL_DIR"] = str(tmp_path / "no-engine-here")
    workspace.write(header(database) + SOURCE + mask(where))
    done = workspace.validate()
    assert len(errors(done.text)) == 1, done.text
    assert says in done.text
    assert 'in resource "veil_masking_policy" "ssn"' in done.text


NULLS = """
resource "veil_data_source" "a" {
  integration = "x/y"
  schema      = "s"
  table       = "t"
  columns     = { id = null, ssn = { tags = [null] } }
}
resource "veil_user_profile" "a" {
  integration = "x/y"
  user        = "a"
  attributes  = { territory = null }
}
resource "veil_user_profiles" "a" {
  integration = "x/y"
  users       = { bob = null, eve = { groups = [null] } }
}
resource "veil_row_policy" "a" {
  integration = "x/y"
  name        = "n"
  applies_to  = { all_data_sources = true }
  exceptions  = { attributes = [null] }
  show        = { user_matches = [null] }
}
resource "veil_row_policy" "b" {
  integration = "x/y"
  name        = "n2"
  applies_to  = null
  show        = { value_in = { column_tag = "t", values = [null] } }
}
"""


def test_a_null_in_a_collection_is_named_in_the_words_of_hcl(workspace: Workspace, database: Database):
    workspace.write(header(database) + NULLS)
    text = " ".join(workspace.validate().text.split())
    for place in ('columns["id"]', 'attributes["territory"]', 'users["bob"]', "show.user_matches[0]"):
        assert f"{place} is null. Leave" in text, text
    for place in ('columns["ssn"].tags', 'users["eve"].groups', "exceptions.attributes", "show.value_in.values"):
        assert f"An element of {place} is null. Leave it out" in text, text
    assert not re.search(r"frozenset|instance|Model|values is required|bug", text), text


LATE = """
resource "terraform_data" "late" { input = "known after apply" }
"""


def test_plan_finds_an_unknown_column_in_a_where_beside_descriptions_that_are_not_known_yet(
    workspace: Workspace, database: Database
):
    described = "{ description = terraform_data.late.output, tags"
    policy = mask("teritory = 'US'").replace("  where ", "  description = terraform_data.late.output\n  where ")
    workspace.write(header(database) + LATE + SOURCE.replace("{ tags", described) + policy)
    planned = workspace.plan()
    assert planned.code == 1
    assert len(errors(planned.text)) == 1, planned.text
    assert "teritory" in planned.text and "raw.customers" in planned.text


def test_plan_points_at_the_where_once_the_data_source_is_there(workspace: Workspace, database: Database):
    workspace.write(header(database) + SOURCE)
    assert (done := workspace.apply()), done.text
    workspace.write(header(database) + SOURCE + mask("teritory = 'US'"))
    planned = workspace.plan()
    assert planned.code == 1
    assert len(errors(planned.text)) == 1, planned.text
    assert 'where       = "teritory' in planned.text


def test_a_plan_judges_what_policy_and_data_source_are_planned_to_be(workspace: Workspace, database: Database):
    tag = 'columns     = { ssn = { tags = ["pii"] }, territory = { tags = ["geo"] } }'
    source = SOURCE.replace('columns     = { ssn = { tags = ["pii"] } }', tag)
    policies = """
resource "veil_subscription_policy" "all" {
  integration = veil_integration.main.id
  name        = "all"
  applies_to  = { data_sources = ["raw.nothing"] }
  access      = "everyone"
}
resource "veil_row_policy" "geo" {
  integration = veil_integration.main.id
  name        = "geo"
  applies_to  = { data_sources = ["raw.customers"] }
  show        = { where = "@columnTagged('region') = 'US'" }
}
"""
    workspace.write(header(database) + source + policies + mask("territory = 'US'"))
    assert (done := workspace.apply()), done.text
    told = " ".join(workspace.plan().text.split())
    assert told.count("no column of raw.customers carries the tag 'region'") == 1, told
    assert told.count("No subscription policy grants access to data source raw.customers") == 1, told
    mended = policies.replace("raw.nothing", "raw.customers").replace("region", "land")
    database.run('ALTER TABLE "raw".customers RENAME COLUMN territory TO land')
    workspace.write(
        header(database)
        + source.replace('territory = { tags = ["geo"]', 'land = { tags = ["land"]')
        + mended
        + mask("land = 'US'")
    )
    planned = workspace.plan()
    assert planned.code == 2, planned.text
    for gone in ("that no column carries", "that nobody may read", "matches nothing", "unknown column"):
        assert gone not in planned.text, planned.text
    assert (done := workspace.apply()), done.text
    assert workspace.plan().code == 0


def test_plan_finds_a_table_that_is_not_there(workspace: Workspace, database: Database):
    workspace.write(header(database) + SOURCE.replace('"customers"\n', '"custmers"\n'))
    planned = workspace.plan()
    assert errors(planned.text) == ["No such table"], planned.text
    assert "raw.custmers" in planned.text


def test_plan_finds_a_view_name_that_is_taken(workspace: Workspace, database: Database):
    database.run("CREATE SCHEMA governed", "CREATE TABLE governed.customers (id INTEGER)")
    workspace.write(header(database) + SOURCE)
    planned = workspace.plan()
    assert planned.code == 2 and "Warning: An apply will refuse this: raw.customers" in planned.text, planned.text
    assert "governed.customers exists and veil did not make it" in planned.text.replace("\n", " ")
    refused = workspace.apply()
    assert errors(refused.text) == ["View name already taken"], refused.text
    done = workspace.destroy()
    assert done, done.text
    assert database.query("SELECT COUNT(*) FROM governed.customers") == [(0,)]


def test_a_wrong_password_is_one_diagnostic_and_shows_no_password(workspace: Workspace, database: Database):
    address = database.address
    configuration = (header(database) + SOURCE).replace(
        '  engine   = "local"\n',
        f'  host = "{address.host}"\n  port = {address.port}\n  ssl = false\n'
        f'  username = "{address.username}"\n  password = "not-the-Passw0rd"\n',
    )
    workspace.write(configuration)
    planned = workspace.plan()
    assert len(errors(planned.text)) == 1, planned.text
    assert "password" in planned.text.lower()
    assert "not-the-Passw0rd" not in planned.text


def test_an_engine_that_is_down_is_one_diagnostic_that_says_what_to_run(
    workspace: Workspace, database: Database, tmp_path: Path
):
    workspace.environment["VEIL_LOCAL_DIR"] = str(tmp_path / "no-engine-here")
    workspace.write(header(database) + SOURCE)
    planned = workspace.plan()
    assert errors(planned.text) == ["The embedded engine is not running"], planned.text
    assert "veil local up" in planned.text


def test_a_warehouse_that_does_not_answer_is_one_diagnostic(workspace: Workspace, database: Database):
    configuration = (header(database) + SOURCE).replace(
        '  engine   = "local"\n',
        '  host = "127.0.0.1"\n  port = 1\n  ssl = false\n  username = "u"\n  password = "p"\n',
    )
    workspace.write(configuration)
    planned = workspace.plan()
    assert len(errors(planned.text)) == 1, planned.text
    assert "127.0.0.1:1" in planned.text


@pytest.mark.parametrize(
    ("where", "says"),
    {
        "an unknown column": ("territory NOT IN (SELECT levl FROM raw.access_tree)", "no column 'levl'"),
        "an unknown table": ("territory NOT IN (SELECT level FROM raw.access_tre)", "no table or view raw.access_tre"),
    }.values(),
    ids=["an unknown column", "an unknown table"],
)
def test_plan_finds_what_a_lookup_does_not_have(workspace: Workspace, database: Database, where: str, says: str):
    workspace.write(header(database) + SOURCE + mask(where))
    planned = workspace.plan()
    assert len(errors(planned.text)) == 1, planned.text
    assert says in planned.text.replace("\n", " ")
    assert "  where " in planned.text or "where       =" in planned.text


MISSPELT = """
resource "veil_data_source" "customers" {
  integration = "x"
  schema      = "raw"
  table       = "customers"
  id          = "mine"
}
resource "veil_data_source" "orders" {
  integration = "x"
  schema      = "raw"
  table       = "orders"
  columns     = { ssn = { tag = ["pii"] }, email = { tags = [] } }
}
resource "veil_integration" "main" {
  name          = "main"
  database      = "d"
  view_schema   = "immuta_system"
  baseline      = { null_tag = ["pii"] }
}
resource "veil_integration" "odd" {
  name          = "odd"
  database      = "d"
  view_schema   = "governed"
  schema_prefix = "My Prefix"
}
resource "veil_row_policy" "rows" {
  integration = "x"
  name        = "rows"
  applies_to  = { column_tag = ["pii"] }
  show        = { where = "" }
  exceptions  = { group = ["hr"] }
}
resource "veil_masking_policy" "mask" {
  integration = "x"
  name        = "mask"
  priority    = 1.5
  applies_to  = { column_tags = ["pii"] }
  mask        = { sql = { expression = "" } }
  where       = "created_at - 30 > GETDATE() OR id ="
}
"""


def test_validate_says_what_terraform_leaves_out_and_what_to_write_instead(workspace: Workspace):
    workspace.write('terraform {\n  required_providers { veil = { source = "veil-data/veil" } }\n}\n' + MISSPELT)
    done = " ".join(workspace.validate().text.split())
    for said in (
        "Error: id cannot be set",
        "Warning: Columns of which nothing is said",
        "In columns, ssn has neither tags nor a description. Terraform leaves out keys that it does not know",
        "baseline is empty: none of null_tags, closed_tags, filter_column_tags is given. Terraform leaves out keys",
        "'My Prefix' cannot begin the names of veil's own schemas.",
        "applies_to is empty, so the policy would apply nowhere. Name a place,",
        "exceptions is empty: none of groups, attributes, purposes, expression is given. Terraform leaves out keys",
        "Write a condition, such as region = 'US'.",
        "Write a value, such as LEFT(@value, 3).",
        "It must be a whole number. Found: 1.5.",
    ):
        assert said in done, (said, done)
    assert "^." not in done and "email has neither" not in done


OWN = """
resource "veil_data_source" "own" {
  integration = veil_integration.main.id
  schema      = "immuta_system"
  table       = "salt"
}
resource "veil_data_source" "among" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "orders"
  view_schema = "immuta_functions"
}
"""


def test_plan_keeps_veils_own_schemas_apart(workspace: Workspace, database: Database):
    workspace.write(header(database))
    assert (done := workspace.apply()), done.text
    salted = mask("territory IN (SELECT salt FROM immuta_system.salt)")
    workspace.write(header(database) + SOURCE + OWN + salted)
    planned = workspace.plan()
    assert sorted(errors(planned.text)) == [
        "A table of veil's own cannot be a data source",
        "A table of veil's own cannot be a lookup",
        "A view cannot go into veil's own schemas",
    ], planned.text


def test_plan_warns_of_a_tag_that_no_column_of_a_planned_source_carries(workspace: Workspace, database: Database):
    workspace.write(header(database) + SOURCE + mask("@columnTagged('geo.region') = 'US'"))
    planned = workspace.plan()
    assert planned.code == 2, planned.text
    assert planned.text.count("Warning: Tag that no column carries") == 1, planned.text
    assert "no column of raw.customers carries the tag 'geo.region'" in " ".join(planned.text.split())


def test_a_failed_apply_leaves_nothing_of_the_failed_object_behind(workspace: Workspace, database: Database):
    workspace.write(header(database) + SOURCE)
    assert (done := workspace.apply()), done.text
    broken = mask("territory NOT IN (SELECT access_level FROM raw.access_tree)")
    workspace.write(header(database) + SOURCE + broken)
    workspace.run("plan", "-out=plan.bin", "-input=false")
    database.run('ALTER TABLE "raw".access_tree RENAME COLUMN access_level TO lvl')
    done = workspace.run("apply", "-no-color", "-input=false", "plan.bin")
    assert done.code == 1
    assert len(errors(done.text)) == 1, done.text
    kinds = {row[0] for row in database.query("SELECT kind FROM immuta_system.object")}
    # The closing stands for what the policy would have covered.
    assert kinds == {"integration", "data_source", "closing"}
