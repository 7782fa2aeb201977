"""`veil explain` says what a user would see of a governed table, and why."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace
from tests.acceptance.test_first_slice import POLICIES
from veil.cli.main import main

STAGED = """
resource "veil_masking_policy" "names" {
  integration = veil_integration.main.id
  name        = "names-to-come"
  applies_to  = { column_regex = "^name$" }
  mask        = { null = {} }
  staged      = true
}
data "veil_effective_access" "to_come" {
  integration    = veil_integration.main.id
  user           = "alice"
  data_source    = veil_data_source.customers.id
  include_staged = true
  depends_on     = [veil_masking_policy.names, veil_user_profile.alice]

  lifecycle {
    postcondition {
      condition     = self.columns["name"].access == "masked" && !self.columns["name"].masked && !self.enforced
      error_message = "The staged policy was not taken into account."
    }
  }
}
"""


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


Explain = Callable[..., Said]


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> tuple[Database, Workspace]:
    database, workspace = new_database(), new_workspace()
    workspace.write(header(database) + POLICIES + STAGED)
    assert (done := workspace.apply()), done.text
    return database, workspace


@pytest.fixture
def explain(
    place: tuple[Database, Workspace], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Explain:
    """Runs the command in this process; test_entitlement_table.py runs it in one of its own."""
    database, workspace = place
    monkeypatch.setenv("VEIL_LOCAL_DIR", workspace.environment["VEIL_LOCAL_DIR"])

    def run(*arguments: str) -> Said:
        code = main(["explain", "--engine", "local", "--database", database.name, *arguments])
        return Said(code, *capsys.readouterr())

    return run


def test_a_project_that_is_not_there_is_an_error_and_none_in_which_all_is_masked(explain: Explain):
    said = explain("--user", "bob", "--table", "raw.customers", "--project", "nope", "--json")
    assert said.returncode == 1 and said.stdout == ""
    assert said.stderr.startswith("veil: No such project\n  'nope' is no project here.")


def test_without_an_engine_or_a_host_the_engine_that_runs_is_meant(
    explain: Explain,
    place: tuple[Database, Workspace],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    database, _ = place
    for variable in ("REDSHIFT_HOST", "VEIL_ENGINE"):
        monkeypatch.delenv(variable, raising=False)
    asked = ["explain", "--database", database.name, "--user", "bob", "--table", "raw.customers"]
    assert main(asked) == 0
    assert capsys.readouterr().out == explain("--user", "bob", "--table", "raw.customers").stdout
    monkeypatch.setenv("VEIL_ENGINE", "postgres")
    assert main(asked) == 1
    assert capsys.readouterr().err == (
        "veil: VEIL_ENGINE names no engine\n  It is 'postgres'. Set it to redshift or local, or unset it.\n"
    )


def test_it_names_the_policy_that_decides_each_column(explain: Explain):
    said = explain("--user", "bob", "--table", "raw.customers")
    assert said.returncode == 0, said.stderr
    lines = {line.split()[0]: line for line in said.stdout.splitlines() if line}
    assert "masked" in lines["ssn"] and "hash-identifiers" in lines["ssn"]
    assert "clear" in lines["name"]


def test_the_view_may_be_named_in_place_of_the_table(explain: Explain):
    assert explain("--user", "bob", "--table", "governed.customers").stdout.startswith("bob on raw.customers")


def test_json_says_the_same_to_a_machine(explain: Explain):
    answer = json.loads(explain("--user", "alice", "--table", "raw.customers", "--json").stdout)
    assert answer["admitted"] is True and answer["enforced"] is True
    assert answer["row_policies"] == ["own-territory"]


def test_a_row_can_be_tried(explain: Explain):
    said = explain(
        "--user", "alice", "--table", "raw.customers", "--row", "id=7,territory=FR", "--row", "id=8,territory=US"
    )
    assert said.returncode == 0, said.stderr
    assert "hidden" in said.stdout and "own-territory" in said.stdout


def test_a_staged_policy_can_be_seen_at_work_before_it_is_live(explain: Explain):
    asked = ("--user", "alice", "--table", "raw.customers", "--json", "--row", "id=8,territory=US,name=Ann")
    live, staged = (json.loads(explain(*asked, *more).stdout) for more in ((), ("--include-staged",)))
    assert live["columns"]["name"]["shows"] == "clear" and live["problems"] == []
    assert live["tried"][0]["columns"]["name"]["value"] == "Ann"
    assert staged["columns"]["name"]["shows"] == "masked" and staged["enforced"] is False
    assert staged["tried"][0]["columns"]["name"]["policy"] == "names-to-come"
    assert staged["problems"] == [
        "The staged policy 'names-to-come' counts as active here. The view does not enforce it."
    ]


def test_rows_that_were_tried_are_told_to_a_machine_too(explain: Explain):
    rows = ('{"id": 7, "territory": "FR"}', '{"id": 8, "territory": "US", "ssn": "123-45-6789, or so"}')
    said = explain("--user", "alice", "--table", "raw.customers", "--json", "--row", rows[0], "--row", rows[1])
    hidden, shown = json.loads(said.stdout)["tried"]
    assert hidden == {
        "row": 0,
        "shown": False,
        "policies": ["own-territory"],
        "reason": "a row policy does not show the row",
    }
    assert shown["columns"]["id"] == {
        "value": 8,
        "shows": "clear",
        "policy": None,
        "reason": "no mask covers the column",
    }
    assert shown["columns"]["ssn"]["value"] == "123-45-6789, or so"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--table", "raw.nothing"), "raw.nothing is not governed here. Governed tables: raw.customers."),
        (("--table", "raw.customers", "--row", "colour=red"), "raw.customers has no column 'colour', only id,"),
        (("--table", "raw.customers", "--row", "red"), "'red': write COLUMN=VALUE with a column of raw.customers"),
        (("--table", "raw.customers", "--row", "{id: 7}"), "This is no JSON object"),
        (("--table", "raw.customers", "--row", "id=many"), "'many' is no integer for the column id."),
    ],
)
def test_a_mistake_is_told_in_words(explain: Explain, arguments: tuple[str, ...], says: str):
    said = explain("--user", "alice", *arguments)
    assert said.returncode == 1
    assert says in said.stderr and "Traceback" not in said.stderr
