"""The contract on a warehouse that reads literals, hashes and time zones otherwise than AWS's pages
show.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.attached import Providers
from tests.acceptance.conftest import PASSWORD, Database, sample
from tests.acceptance.terraform import Workspace
from tests.acceptance.test_contract import CONTRACT
from tests.engine import STATEMENT_LOG, check_statements, running_engine
from veil.local import Engine
from veil.local.refusals import BACKSLASHES, GETDATE_ZONE, HASH_TEXT, OWN_UTC

ROWS = "SELECT id, ssn, card FROM governed.customers ORDER BY id"


@pytest.fixture(scope="module")
def otherwise() -> Iterator[Engine]:
    with running_engine(refuse=[BACKSLASHES, GETDATE_ZONE, HASH_TEXT, OWN_UTC]) as found:
        yield found


@pytest.fixture(scope="module")
def applied(
    otherwise: Engine, tmp_path_factory: pytest.TempPathFactory, cli_config: Path, providers: Providers
) -> tuple[Database, Workspace]:
    address = otherwise.address()
    assert address is not None
    database = Database(address.database, address)
    for user in ("alice", "bob", "carol", "support"):
        database.run(f"CREATE USER {user} PASSWORD '{PASSWORD}'")
    database.run(*sample())
    environment = {"VEIL_LOCAL_DIR": str(otherwise.directory)}
    workspace = Workspace(tmp_path_factory.mktemp("workspace"), cli_config, environment, providers)
    workspace.write(CONTRACT.read_text())
    assert (done := workspace.apply()), done.text
    return database, workspace


def test_the_plan_after_the_apply_is_empty(applied: tuple[Database, Workspace]):
    _, workspace = applied
    assert (planned := workspace.plan()).code == 0, planned.text
    checks = {each["name"]: each for each in workspace.state("veil_integration.main")["validation_results"]}
    assert checks["probes"]["status"] == "passed", checks["probes"]["message"]


def test_everybody_sees_what_they_see_elsewhere(applied: tuple[Database, Workspace]):
    database, _ = applied
    alice, bob, carol = (database.query(ROWS, user) for user in ("alice", "bob", "carol"))
    assert [row[0] for row in alice] == [1, 2]
    assert all(len(row[1]) == 64 and row[1] == row[1].lower() for row in alice)
    assert bob == [(3, "333-33-3333", "************5555")]
    assert [row[0] for row in carol] == [1, 2, 3, 4]


def test_what_was_altered_is_planned_and_the_next_plan_is_empty(applied: tuple[Database, Workspace]):
    database, workspace = applied
    database.run("DROP VIEW governed.customers")
    assert (done := workspace.plan()).code == 2
    assert "the view governed.customers is missing" in done.text
    assert (done := workspace.apply()), done.text
    assert (planned := workspace.plan()).code == 0, planned.text


def test_only_documented_statements_were_sent(applied: tuple[Database, Workspace], otherwise: Engine):
    check_statements(otherwise)
    log = otherwise.directory.parent / STATEMENT_LOG
    sent = [json.loads(line)["sql"] for line in log.read_text(encoding="utf-8").splitlines()]
    assert any(each.endswith("LENGTH('\\\\')") for each in sent)
