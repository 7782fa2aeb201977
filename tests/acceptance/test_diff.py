"""`veil diff` says of a real plan who gains and who loses by it."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.lookalikes import heard, plant
from tests.acceptance.terraform import Workspace
from veil.cli.main import main
from veil.local import Engine

BEFORE = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  columns = {
    email     = { tags = ["pii.email"] }
    ssn       = { tags = ["pii.ssn"] }
    territory = { tags = ["geo"] }
  }
}
resource "veil_subscription_policy" "open" {
  integration = veil_integration.main.id
  name        = "open"
  applies_to  = { data_sources = ["raw.customers"] }
  access      = "everyone"
}
resource "veil_masking_policy" "emails" {
  integration = veil_integration.main.id
  name        = "emails"
  applies_to  = { column_tags = ["pii.email"] }
  mask        = { hash = {} }
  exceptions  = { groups = [%(excepted)s] }
}
resource "veil_masking_policy" "numbers" {
  integration = veil_integration.main.id
  name        = "numbers"
  applies_to  = { column_tags = ["pii.ssn"] }
  mask        = { %(mask)s = {} }
}
resource "veil_row_policy" "territories" {
  integration = veil_integration.main.id
  name        = "territories"
  show        = { user_matches = [{ column_tag = "geo", attribute = "territory" }] }
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
  groups      = ["hr"]
  attributes  = { territory = ["US", "CA"] }
}
resource "veil_user_profile" "bob" {
  integration = veil_integration.main.id
  user        = "bob"
  groups      = ["contractors"]
  attributes  = { territory = ["US"%(more)s] }
}
resource "veil_user_profile" "carol" {
  integration = veil_integration.main.id
  user        = "carol"
  groups      = ["contractors", "finance"]
  attributes  = { territory = ["CA"] }
}
"""
NEW = """
resource "veil_data_source" "orders" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "orders"
}
resource "veil_subscription" "carol" {
  integration = veil_integration.main.id
  user        = "carol"
  data_source = veil_data_source.orders.id
}
"""


def configuration(excepted: str = '"hr"', mask: str = "hash", more: str = "") -> str:
    return BEFORE % {"excepted": excepted, "mask": mask, "more": more}


AFTER = configuration('"hr", "contractors"', "null", ', "FR"') + NEW


@dataclass(frozen=True)
class Said:
    """What the command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found

    def findings(self) -> set[tuple[str, str, str, str, str]]:
        """Each as (verdict, users, place, before, after)."""
        return {
            (
                each["verdict"],
                ",".join(each["users"]["names"]),
                f"{each['view']}.{each['column'] or each['about']}",
                each["before"],
                each["after"],
            )
            for each in self.told["findings"]
        }


Diff = Callable[..., Said]


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> tuple[Database, Workspace]:
    """What is applied, and in the workspace a saved plan of what is to come."""
    database, workspace = new_database(), new_workspace()
    workspace.write(header(database) + configuration())
    assert (done := workspace.apply()), done.text
    workspace.write(header(database) + AFTER)
    assert (done := workspace.run("plan", "-no-color", "-input=false", "-out=plan.tfplan")), done.text
    return database, workspace


@pytest.fixture
def diff(
    place: tuple[Database, Workspace], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Diff:
    database, workspace = place
    monkeypatch.chdir(workspace.folder)
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("VEIL_LOCAL_DIR", "TF_CLI_CONFIG_FILE"):
        monkeypatch.setenv(name, workspace.environment[name])

    def run(*arguments: str, plan: str = "plan.tfplan") -> Said:
        where = () if "--offline" in arguments else ("--engine", "local", "--database", database.name)
        code = main(["diff", plan, *where, *arguments])
        return Said(code, *capsys.readouterr())

    return run


FINDINGS = {
    ("gains", "bob,carol", "governed.customers.email", "hash", "clear"),
    ("gains", "bob", "governed.customers.rows", "some rows by territories", "some rows by territories"),
    ("gains", "carol", "governed.orders.access", "not admitted", "all rows, 3 of 3 columns clear"),
    ("changes", "alice,bob,carol", "governed.customers.ssn", "hash", "null"),
}


def without_conditions(found: set[tuple[str, str, str, str, str]]) -> set[tuple[str, str, str, str, str]]:
    return {(*rest, before.split(" (")[0], after.split(" (")[0]) for *rest, before, after in found}


def test_a_saved_plan_is_compared_with_what_the_warehouse_holds(diff: Diff):
    said = diff("--format", "json")
    assert said.code == 3, said.err
    assert without_conditions(said.findings()) == FINDINGS
    assert said.told["gaps"] == []


def test_the_line_names_the_users_by_what_they_share_and_the_change_that_does_it(diff: Diff):
    said = diff()
    lines = [line.split() for line in said.out.splitlines()]
    wanted = "GAINS 2 users (group contractors) governed.customers.email hash -> clear"
    assert wanted.split() in lines, said.out
    because = 'because masking policy "emails" now excepts group contractors [veil_masking_policy.emails]'
    assert because.split() in lines, said.out


def test_who_gains_by_their_own_profile_is_told_apart(diff: Diff):
    (rows,) = [each for each in diff("--format", "json").told["findings"] if each["about"] == "rows"]
    assert rows["own_change"] and rows["addresses"] == ["veil_user_profile.bob"]
    assert rows["because"] == ['user profile "bob" changes its territory']


def test_a_plan_alone_tells_the_same_without_a_warehouse(
    diff: Diff, place: tuple[Database, Workspace], monkeypatch: pytest.MonkeyPatch
):
    _, workspace = place
    shown = json.dumps(workspace.shown("plan.tfplan"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(shown.encode())))
    said = diff("--offline", "--format", "json", plan="-")
    assert said.code == 3, said.err
    found = without_conditions(said.findings())
    # Of a table that was never governed no column is known but those that are named: here none is.
    orders = ("gains", "carol", "governed.orders.access", "not admitted", "all rows, 1 of 1 columns clear")
    assert found == {each for each in FINDINGS if "orders" not in each[2]} | {orders}


def test_a_denied_gain_fails_by_the_name_of_its_rule(diff: Diff, tmp_path: Path):
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[[deny]]\nname = "personal data"\ngains = "clear"\ncolumn_tags = ["pii"]\nunless_group = "privacy"\n'
        '[[deny]]\nname = "not in finance"\ngains = "clear"\ncolumn_tags = ["pii"]\nunless_group = "contractors"\n'
        '[[require]]\nname = "numbers stay masked"\ncolumn_tags = ["pii.ssn"]\n'
    )
    said = diff("--rules", str(rules))
    assert said.code == 1
    assert said.err == "veil: The rule 'personal data' is broken\n"
    assert "RULE     personal data: bob and carol, governed.customers.email" in said.out


def test_only_what_is_named_fails_a_pipeline(diff: Diff):
    assert diff("--fail-on", "gap").code == 0
    assert diff("--fail-on", "gain").code == 3


@pytest.fixture
def more_rows(place: tuple[Database, Workspace]) -> Iterator[None]:
    """Enough rows to be counted: 41 customers in the US, 31 in France, 74 in all; 32 orders."""
    database, _ = place
    numbers = "SELECT x.n FROM (SELECT ROW_NUMBER() OVER (ORDER BY relname) AS n FROM pg_class) AS x WHERE x.n <= {}"
    for count, land in ((40, "US"), (30, "FR")):
        database.run(
            f"INSERT INTO \"raw\".customers (id, territory) SELECT 100 + y.n, '{land}' FROM ({numbers.format(count)}) AS y"
        )
    database.run(f'INSERT INTO "raw".orders SELECT 100 + y.n, 1, 1.00 FROM ({numbers.format(30)}) AS y')
    yield
    database.run('DELETE FROM "raw".customers WHERE id > 100', 'DELETE FROM "raw".orders WHERE id > 100')


WIDER, NEW_ROWS = "41 -> 72 of 74 rows", "0 -> 32 of 32 rows"


def test_rows_are_counted_for_a_typical_member_of_each_class(diff: Diff, more_rows: None):
    found = {
        (each["users"]["names"][0], each["view"], each["about"]): each["rows"]
        for each in diff("--rows", "--format", "json").told["findings"]
    }
    assert found == {
        ("bob", "governed.customers", "rows"): WIDER,
        ("bob", "governed.customers", "column"): WIDER,
        ("carol", "governed.orders", "access"): NEW_ROWS,
        ("alice", "governed.customers", "column"): "42 -> 42 of 74 rows",
    }


@pytest.mark.parametrize("form", ["table", "markdown", "html", "sarif"])
def test_rows_stand_in_every_format(diff: Diff, more_rows: None, form: str):
    out = diff("--rows", "--format", form).out.replace("&gt;", ">").replace("\\->", "->").replace("\\>", ">")
    for rows in (WIDER, NEW_ROWS):
        assert rows in out.replace("\\", ""), out
    assert rows not in diff("--format", form).out


def test_a_few_rows_are_not_told_how_many(diff: Diff):
    found = {each["rows"] for each in diff("--rows", "--format", "json").told["findings"]}
    assert found == {"<10 -> <10 of <10 rows", "0 -> <10 of <10 rows"}


def test_rows_that_cannot_be_counted_are_a_note_and_the_rest_stands(diff: Diff, place: tuple[Database, Workspace]):
    database, _ = place
    database.run('ALTER TABLE "raw".customers RENAME TO gone')
    try:
        said = diff("--rows", "--format", "json")
    finally:
        database.run('ALTER TABLE "raw".gone RENAME TO customers')
    assert any(each.startswith("Rows of raw.customers are not counted: ") for each in said.told["notes"]), said.out
    counted = {each["data_source"]: "rows" in each for each in said.told["findings"]}
    assert counted == {"raw.customers": False, "raw.orders": True}


def test_without_a_warehouse_no_rows_are_counted(diff: Diff):
    said = diff("--offline", "--rows")
    assert (said.code, said.out) == (1, "")
    assert "With --offline there is no warehouse that holds rows." in said.err


def test_a_plan_that_changes_nothing_ends_in_0(place: tuple[Database, Workspace], diff: Diff):
    database, workspace = place
    workspace.write(header(database) + configuration())
    assert (done := workspace.run("plan", "-no-color", "-input=false", "-out=empty.tfplan")), done.text
    said = diff(plan="empty.tfplan")
    assert (said.code, said.out) == (0, "Nobody's access changes.\n"), said.err


def test_what_is_not_known_before_the_apply_is_a_gap(place: tuple[Database, Workspace], diff: Diff):
    database, workspace = place
    workspace.write(
        header(database)
        + configuration(excepted="terraform_data.group.output")
        + 'resource "terraform_data" "group" { input = "contractors" }\n'
    )
    assert (done := workspace.run("plan", "-no-color", "-input=false", "-out=unknown.tfplan")), done.text
    said = diff("--format", "json", plan="unknown.tfplan")
    assert said.code == 4, said.out
    assert said.told["gaps"] == [{"subject": "veil_masking_policy.emails", "reason": "exceptions is known after apply"}]
    assert said.told["summary"]["text"] == "Nobody's access changes as far as is known; 1 gap."


def test_what_was_announced_is_what_people_see_after_the_apply(place: tuple[Database, Workspace]):
    database, workspace = place
    sql = "SELECT email, ssn, territory FROM governed.customers"
    assert [row[0] == "ann@example.com" for row in database.query(sql, "bob")] == [False]
    workspace.write(header(database) + AFTER)
    assert (done := workspace.apply()), done.text
    assert sorted(row[0] for row in database.query(sql, "bob")) == ["ann@example.com", "cid@example.com"]
    assert [row[1] for row in database.query(sql, "alice")] == [None, None]
    assert len(database.query("SELECT * FROM governed.orders", "carol")) == 2


def test_nothing_that_an_analyst_planted_is_run_while_rows_are_counted(
    engine: Engine, diff: Diff, place: tuple[Database, Workspace]
):
    """The last of these tests: look-alikes of all that statements of ours name stay in the
    database.
    """
    database, _ = place
    before = diff("--rows", "--format", "json").told["findings"]
    plant(engine, database, "public")
    assert diff("--rows", "--format", "json").told["findings"] == before
    assert heard(engine, database) == []


def planned(place: tuple[Database, Workspace], text: str, *arguments: str) -> str:
    """The name of a saved plan of this configuration."""
    database, workspace = place
    workspace.write(header(database) + text)
    done = workspace.run("plan", "-no-color", "-input=false", "-out=odd.tfplan", *arguments)
    assert done, done.text
    return "odd.tfplan"


MOVED = """
moved {
  from = veil_masking_policy.emails
  to   = veil_masking_policy.mail
}
"""
FORGOTTEN = """
removed {
  from = veil_masking_policy.numbers
  lifecycle {
    destroy = false
  }
}
"""
IMPORTED = """
import {
  to = veil_masking_policy.numbers
  id = "numbers"
}
"""


def test_what_moves_is_forgotten_replaced_or_imported_is_what_the_apply_makes_of_it(
    place: tuple[Database, Workspace], diff: Diff
):
    """After the apply of the test before: contractors see addresses, and numbers are NULL."""
    _, workspace = place
    narrower = configuration('"hr"', "null", ', "FR"') + NEW
    moved = narrower.replace('"veil_masking_policy" "emails"', '"veil_masking_policy" "mail"') + MOVED
    said = diff("--format", "json", plan=planned(place, moved, "-replace=veil_row_policy.territories"))
    assert said.findings() == {("loses", "bob,carol", "governed.customers.email", "clear", "hash")}
    assert (said.code, said.told["gaps"]) == (2, [])
    assert said.told["findings"][0]["addresses"] == ["veil_masking_policy.mail"]
    begin, end = AFTER.index('resource "veil_masking_policy" "numbers"'), AFTER.index('resource "veil_row_policy"')
    without = AFTER[:begin] + AFTER[end:]
    assert diff(plan=planned(place, without + FORGOTTEN)).out == "Nobody's access changes.\n"
    said = diff("--format", "json", plan=planned(place, without))
    assert said.findings() == {("gains", "alice,bob,carol", "governed.customers.ssn", "null", "clear")}
    assert (done := workspace.run("state", "rm", "veil_masking_policy.numbers")), done.text
    hashing = configuration('"hr", "contractors"', "hash", ', "FR"') + NEW
    said = diff("--format", "json", plan=planned(place, hashing + IMPORTED))
    assert said.findings() == {("weakens", "alice,bob,carol", "governed.customers.ssn", "null", "hash")}
    assert (said.code, said.told["gaps"]) == (2, [])
