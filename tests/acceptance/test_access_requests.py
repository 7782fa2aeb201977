"""Access that is asked for: a request made, approved, withdrawn, expired and taken over, by people
who may and may not.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace
from veil.cli.main import main

SAID = 'Churn \u202eevil\u202c ${report} \\ "quoted"'
"""A reason with what turns text around on a terminal, and with what HCL and JSON read otherwise."""
SHOWN = 'Churn \\u202eevil\\u202c ${report} \\ "quoted"'
ASK = "CALL immuta_procedures.request_access('governed.customers', '{}')"
APPROVE = "CALL immuta_procedures.approve_request('governed.customers', '{}')"
WITHDRAW = "CALL immuta_procedures.withdraw_request('governed.customers')"
ROWS = "SELECT COUNT(*) FROM governed.customers"

BODY = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  tags        = ["sales"]
}
resource "veil_subscription_policy" "on_request" {
  integration = veil_integration.main.id
  name        = "on request"
  applies_to  = { data_source_tags = ["sales"] }
  access      = "approval"
  approval    = { groups = ["stewards"], longest = { days = 90 } }
}
resource "veil_subscription_policy" "no_contractors" {
  integration = veil_integration.main.id
  name        = "no contractors"
  mode        = "guardrail"
  applies_to  = { all_data_sources = true }
  access      = "conditions"
  expression  = "NOT @hasAttribute('employment', 'contractor')"
}
resource "veil_user_profile" "people" {
  for_each    = { alice = "staff", bob = "contractor", carol = "staff" }
  integration = veil_integration.main.id
  user        = each.key
  attributes  = { employment = [each.value] }
}
resource "veil_user_profile" "dave" {
  integration = veil_integration.main.id
  user        = "dave"
  groups      = ["stewards"]
  attributes  = { employment = ["staff"] }
}
"""
LISTED = """
data "veil_access_requests" "now" {
  integration = veil_integration.main.id
}
"""
SUBSCRIPTION = """
resource "veil_subscription" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
  data_source = veil_data_source.customers.id
  expires_at  = "%s"
}
"""


class Place:
    """A database where customers may be asked for, and its configuration."""

    def __init__(self, database: Database, workspace: Workspace) -> None:
        self.database, self.workspace = database, workspace
        self.declare()

    def declare(self, more: str = "") -> None:
        self.workspace.write(header(self.database) + BODY + LISTED + more)
        assert (done := self.workspace.apply()), done.text

    def sees(self, user: str) -> int:
        ((count,),) = self.database.query(ROWS, user)
        return int(count)

    def output(self, name: str) -> Any:
        assert (done := self.workspace.apply()), done.text
        return self.workspace.state("data.veil_access_requests.now")[name]


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Place:
    return Place(new_database(), new_workspace())


@pytest.fixture(autouse=True)
def commands_find_the_engine(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEIL_LOCAL_DIR", place.workspace.environment["VEIL_LOCAL_DIR"])


def test_a_request_is_listed_with_its_reason_escaped(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert place.sees("alice") == 0
    place.database.run(ASK.format(SAID.replace("\\", "\\\\")), user="alice")
    assert place.sees("alice") == 0
    (found,) = place.output("requests")
    assert (found["user"], found["view"], found["reason"]) == ("alice", "governed.customers", SHOWN)
    assert listed(place, capsys, "--json")["requests"][0]["reason"] == SAID
    text = listed(place, capsys)
    assert SHOWN in text and "\u202e" not in text


def listed(place: Place, capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    """What `veil requests` prints."""
    capsys.readouterr()
    assert main(["requests", "--engine", "local", "--database", place.database.name, *options]) == 0
    text = capsys.readouterr().out
    return json.loads(text) if options else text


def test_only_approvers_approve_and_nobody_for_themselves(place: Place) -> None:
    assert "may not approve requests" in place.database.refusal(APPROVE.format("alice"), "carol")
    assert "nobody approves their own request" in place.database.refusal(APPROVE.format("dave"), "dave")
    assert "erin has no profile" in place.database.refusal(ASK.format("x"), "erin")


def test_an_approval_admits_outlives_applies_is_no_drift_and_is_listed(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.database.run(APPROVE.format("alice"), user="dave")
    assert place.sees("alice") == 4
    place.declare()
    assert (quiet := place.workspace.plan()), quiet.text
    assert place.sees("alice") == 4
    (found,) = place.output("approved")
    assert (found["user"], found["approver"], place.output("requests")) == ("alice", "dave", [])
    assert "alice was approved for governed.customers by dave" in listed(place, capsys)


def test_guardrails_hold_for_whom_is_approved(place: Place) -> None:
    place.database.run(ASK.format("Please"), user="bob")
    place.database.run(APPROVE.format("bob"), user="dave")
    assert place.sees("bob") == 0


def test_a_subscription_of_the_same_content_takes_over_what_was_approved(place: Place) -> None:
    (found,) = [each for each in place.output("approved") if each["user"] == "alice"]
    place.declare(SUBSCRIPTION % found["expires_at"])
    assert place.sees("alice") == 4
    assert [each["user"] for each in place.output("approved")] == ["bob"]
    place.declare()
    assert place.sees("alice") == 0


def test_a_withdrawn_request_is_not_approved(place: Place) -> None:
    place.database.run(ASK.format("Please"), user="carol")
    place.database.run(WITHDRAW, user="carol")
    assert place.output("requests") == []
    assert "has no open request" in place.database.refusal(APPROVE.format("carol"), "dave")
