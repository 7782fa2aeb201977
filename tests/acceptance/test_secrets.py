"""Passwords are nowhere but where their owner wrote them: not in logs, plans, state or errors."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.accounts import READER_PASSWORD, SYSTEM_PASSWORD, Accounts
from tests.acceptance.conftest import Database
from tests.acceptance.terraform import Workspace


@pytest.fixture(scope="module")
def new_workspace(new_starting_workspace: Callable[[], Workspace]) -> Callable[[], Workspace]:
    return new_starting_workspace


BODY = """
resource "veil_integration" "main" {
  name        = "main"
  database    = "%s"
  view_schema = "governed"
}
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
}
"""


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> tuple[Accounts, Workspace]:
    accounts, workspace = Accounts(new_database()), new_workspace()
    accounts.make()
    header = 'terraform {\n  required_providers { veil = { source = "veil-data/veil" } }\n}\n'
    provider = accounts.provider().replace(f'"{SYSTEM_PASSWORD}"', "var.password")
    variable = 'variable "password" {\n  sensitive = true\n}\n'
    workspace.write(header + variable + provider + BODY % accounts.database.name)
    workspace.environment |= {
        "TF_VAR_password": SYSTEM_PASSWORD,
        "TF_LOG": "trace",
        "TF_LOG_PATH": str(workspace.folder / "trace.log"),
    }
    return accounts, workspace


def leaks(folder: Path, secret: str) -> list[str]:
    """The files below a folder that hold a text."""
    return [path.name for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


def test_a_traced_apply_leaves_the_password_nowhere(place: tuple[Accounts, Workspace]):
    _, workspace = place
    planned = workspace.plan("-out=plan.bin")
    assert planned.code == 2, planned.text
    # A saved plan holds the values of variables, for the apply: that is Terraform's own doing, and
    # its documentation says so.
    (workspace.folder / "plan.bin").rename(workspace.folder.parent / "plan.bin")
    done = workspace.run("apply", "-no-color", "-input=false", "../plan.bin")
    assert done, done.text
    trace = (workspace.folder / "trace.log").read_text()
    assert "veil_data_source" in trace and len(trace) > 10_000
    assert leaks(workspace.folder, SYSTEM_PASSWORD) == []
    assert SYSTEM_PASSWORD not in planned.text + done.text


def test_no_salt_is_in_the_trace_or_the_state(place: tuple[Accounts, Workspace]):
    accounts, workspace = place
    salts = [str(salt) for (salt,) in accounts.database.query("SELECT salt FROM immuta_system.salt")]
    assert [len(salt) for salt in salts] == [64, 64]  # The data source's, and what seals users' rows.
    assert [name for salt in salts for name in leaks(workspace.folder, salt)] == []


def test_a_wrong_password_is_refused_without_being_repeated(place: tuple[Accounts, Workspace]):
    accounts, workspace = place
    workspace.environment["TF_VAR_password"] = READER_PASSWORD
    refused = workspace.plan()
    assert "The warehouse did not accept the password" in refused.text
    assert accounts.system in " ".join(refused.text.split())
    assert READER_PASSWORD not in refused.text
    assert leaks(workspace.folder, READER_PASSWORD) == []
