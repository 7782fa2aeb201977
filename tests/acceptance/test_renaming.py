"""Names that change places, and names that two resources have: what the plan says, and what one
apply does.
"""

import json
from typing import Any

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace

CONFIGURATION = """
variable "names" {
  type    = map(string)
  default = { a = "one", b = "two" }
}
locals {
  tables = { a = "customers", b = "orders", c = "access_tree" }
  masked = { a = "ssn", b = "total", c = "root" }
}
resource "veil_masking_policy" "m" {
  for_each    = var.names
  integration = veil_integration.main.id
  name        = "mask ${each.value}"
  applies_to  = { column_tags = ["pii.${each.key}"] }
  mask        = { null = {} }
  exceptions  = { purposes = [veil_purpose.p[each.key].name] }
}
resource "veil_row_policy" "r" {
  for_each    = var.names
  integration = veil_integration.main.id
  name        = "rows ${each.value}"
  applies_to  = { data_sources = ["raw.${local.tables[each.key]}"] }
  show        = { percent = 100 }
}
resource "veil_subscription_policy" "s" {
  for_each    = var.names
  integration = veil_integration.main.id
  name        = each.value
  applies_to  = { data_sources = ["raw.${local.tables[each.key]}"] }
  access      = "everyone"
}
resource "veil_purpose" "p" {
  for_each        = var.names
  integration     = veil_integration.main.id
  name            = each.value
  acknowledgement = "yes to ${each.key}"
}
resource "veil_project" "j" {
  for_each     = var.names
  integration  = veil_integration.main.id
  name         = each.value
  description  = each.key
  members      = ["alice"]
  data_sources = [veil_data_source.d[each.key].id]
  purposes     = [veil_purpose.p[each.key].name]
  masked_joins = true
}
resource "veil_data_source" "d" {
  for_each    = var.names
  integration = veil_integration.main.id
  schema      = "raw"
  table       = local.tables[each.key]
  view_name   = "v_${each.value}"
  columns     = { (local.masked[each.key]) = { tags = ["pii.${each.key}"] } }
  policies    = [veil_masking_policy.m[each.key].name, veil_row_policy.r[each.key].name]
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
}
"""
KINDS = ("masking_policy", "row_policy", "subscription_policy", "purpose", "project")


def bodies(database: Database) -> dict[tuple[str, str], str]:
    """What is stored under each kind and name, with nothing of the name itself."""
    rows = database.query("SELECT kind, name, body FROM immuta_system.object")
    return {(kind, name.rpartition(" ")[2]): json.loads(body) for kind, name, body in rows if kind in KINDS}


def contents(database: Database) -> dict[str, dict[str, str]]:
    """By kind, which of a, b and c has which name."""
    told: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    tables = {"raw.customers": "a", "raw.orders": "b", "raw.access_tree": "c"}
    for (kind, name), body in bodies(database).items():
        match kind:
            case "masking_policy":
                key = body["applies_to"]["column_tags"][0][-1]
            case "row_policy" | "subscription_policy":
                key = tables[body["applies_to"]["data_sources"][0]]
            case "purpose":
                key = body["acknowledgement"][-1]
            case _:
                key = body["description"]
        told[kind][key] = name
    return told


def shown(database: Database, name: str) -> tuple[str, ...]:
    """The columns of the view of this name, and whether alice sees the tagged one."""
    with database.connect("alice") as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM governed.v_{name} LIMIT 1")
        columns = [column[0].decode() if isinstance(column[0], bytes) else column[0] for column in cursor.description]
        row = dict(zip(columns, cursor.fetchone(), strict=True))
    masked = next(each for each in ("ssn", "total", "root") if each in columns)
    return masked, "masked" if row[masked] is None else "clear"


def variables(**names: str) -> tuple[str, str]:
    return "-var", f"names={json.dumps(names)}"


SEEN = {"a": ("ssn", "masked"), "b": ("total", "masked"), "c": ("root", "masked")}


def test_names_change_places_in_one_apply(database: Database, workspace: Workspace):
    workspace.write(header(database) + CONFIGURATION)
    # Then a swap, one by one, and a chain whose end is destroyed.
    steps: tuple[tuple[int, dict[str, str]], ...] = (
        (10, {"a": "one", "b": "two"}),
        (1, {"a": "two", "b": "one"}),
        (10, {"a": "one"}),
    )
    for parallelism, wanted in steps:
        done = workspace.apply(f"-parallelism={parallelism}", *variables(**wanted))
        assert done, f"{wanted}: {done.text}"
        assert contents(database) == dict.fromkeys(KINDS, wanted)
        assert {key: shown(database, name) for key, name in wanted.items()} == {key: SEEN[key] for key in wanted}
    planned = workspace.plan(*variables(a="one"))
    assert planned.code == 0, planned.text


def resources(**given: dict[str, dict[str, Any]]) -> str:
    """These resources, in Terraform's JSON, and those that they need."""
    integration = "${veil_integration.main.id}"
    everything = {f"veil_{kind}": named for kind, named in given.items()}
    for each in everything.values():
        for body in each.values():
            body["integration"] = integration
    return json.dumps({"resource": everything})


ROWS: dict[str, Any] = {"applies_to": {"all_data_sources": True}, "show": {"never": True}}
MASK: dict[str, Any] = {"applies_to": {"column_tags": ["pii"]}, "mask": {"null": {}}}
GRANT: dict[str, Any] = {"applies_to": {"all_data_sources": True}, "access": "everyone"}
TWICE = resources(
    masking_policy={each: {"name": "one", **MASK} for each in "ab"} | {"c": {"name": "shared", **MASK}},
    row_policy={each: {"name": "two", **ROWS} for each in "ab"} | {"c": {"name": "shared", **ROWS}},
    subscription_policy={each: {"name": "one", **GRANT} for each in "ab"},
    purpose={each: {"name": "one", "acknowledgement": "yes"} for each in "ab"},
    project={each: {"name": "one"} for each in "ab"},
    user_profile={each: {"user": "dan"} for each in "ab"} | {"e": {"user": "erin"}},
    user_profiles={"c": {"users": {"erin": {}, "dora": {}}}, "d": {"users": {"dora": {}}}},
    impersonation={each: {"user": "support", "all": True} for each in "ab"},
    data_source={"a": {"schema": "raw", "table": "customers"}, "b": {"schema": "RAW", "table": "Customers"}}
    | {"c": {"schema": "raw", "table": "orders", "view_name": "customers"}},
)
TOLD = {
    "Two masking policies of one name": '"one" here, "one" there',
    "Two row policies of one name": '"two" here, "two" there',
    "Two policies of one name": "'shared' have one name",
    "Two subscription policies of one name": '"one" here, "one" there',
    "Two purposes of one name": '"one" here, "one" there',
    "Two projects of one name": '"one" here, "one" there',
    "Two impersonations of one user": '"support" here, "support" there',
    "Two data sources on one table": '"raw.customers"',
    "Two data sources with one view": '"governed.customers" here, "governed.customers" there',
}


def told(text: str) -> dict[str, list[str]]:
    """The details of errors by their titles."""
    found: dict[str, list[str]] = {}
    for each in text.split("Warning: ", maxsplit=1)[0].split("Error: ")[1:]:
        title, _, detail = each.partition("\n")
        found.setdefault(title, []).append(" ".join(detail.split()))
    return found


def test_two_resources_for_one_thing_are_an_error_of_the_plan(database: Database, workspace: Workspace):
    workspace.write(header(database))
    workspace.write(TWICE, "twice.tf.json")
    errors = told(workspace.plan().text)
    for title, shares in TOLD.items():
        assert any(shares in detail for detail in errors[title]), (title, errors)
        assert len(errors[title]) == (2 if title == "Two data sources with one view" else 1), errors
    profiles = " ".join(errors["Two profiles of one user"])
    assert len(errors["Two profiles of one user"]) == 3 and all(
        f'"{user}"' in profiles for user in ("dan", "erin", "dora")
    )
    assert errors.keys() == TOLD.keys() | {"Two profiles of one user"}


TWO_OF_ONE = """
resource "veil_purpose" "later" {
  integration     = veil_integration.main.id
  name            = terraform_data.name.output
  acknowledgement = "yes"
}
resource "veil_subscription" "b" {
  integration = veil_integration.main.id
  user        = "alice"
  data_source = veil_data_source.customers.id
}
"""
UNUSABLE = """
resource "veil_user_profile" "dan" {
  integration = veil_integration.main.id
  user        = "${terraform_data.name.output} "
}
resource "veil_user_profile" "much" {
  integration = veil_integration.main.id
  user        = "much"
  groups      = [for n in range(80) : "${terraform_data.name.output}${n}${join("", [for _ in range(100) : "groupgroup"])}"]
}
"""
KNOWN = """
variable "users" {
  type    = map(string)
  default = { a = "bob", b = "carol" }
}
resource "terraform_data" "name" { input = "one" }
resource "veil_purpose" "known" {
  integration     = veil_integration.main.id
  name            = "one"
  acknowledgement = "yes"
}
resource "veil_subscription" "a" {
  integration = veil_integration.main.id
  user        = "alice"
  data_source = veil_data_source.customers.id
}
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
}
resource "veil_user_profile" "u" {
  for_each    = var.users
  integration = veil_integration.main.id
  user        = each.value
  groups      = [each.key]
}
"""


def test_what_is_known_only_at_apply_fails_alone_and_users_change_places(database: Database, workspace: Workspace):
    workspace.write(header(database) + KNOWN + TWO_OF_ONE + UNUSABLE)
    errors = told(workspace.apply().text)
    assert errors.keys() == {
        "Two purposes of one name",
        "Two subscriptions of one user to one data source",
        "Invalid value for user",
        "A user who holds too much",
    }, errors
    assert all(len(each) == 1 for each in errors.values())
    assert "'one ' cannot be a Redshift user: it ends in a space" in errors["Invalid value for user"][0]
    assert "What much holds" in errors["A user who holds too much"][0]
    kinds = dict(database.query("SELECT kind, COUNT(*) FROM immuta_system.object GROUP BY kind"))
    assert kinds == {"integration": 1, "data_source": 1, "purpose": 1, "subscription": 1, "user_profile": 2}
    state = json.loads((workspace.folder / "terraform.tfstate").read_text())
    made = [each["type"] for each in state["resources"] for instance in each["instances"] if "status" not in instance]
    assert (made.count("veil_purpose"), made.count("veil_subscription")) == (1, 1)

    workspace.write(header(database) + KNOWN)
    for parallelism, a, b in ((1, "carol", "bob"), (10, "bob", "carol")):
        swap = ("-var", f'users={{a="{a}",b="{b}"}}')
        done = workspace.apply(f"-parallelism={parallelism}", *swap)
        if not done:
            assert "gives it up in this apply, apply again: nothing is lost" in " ".join(done.text.split()), done.text
            done = workspace.apply(*swap)
        assert done, done.text
        held = dict(database.query("SELECT immuta__userid, groups FROM immuta_system.profile"))
        assert held == {a: '["a"]', b: '["b"]'}
        assert (planned := workspace.plan(*swap)).code == 0, planned.text
