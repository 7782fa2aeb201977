"""The contract on a warehouse whose late-binding views do not find built-in functions by their
qualified names.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.attached import Providers
from tests.acceptance.conftest import PASSWORD, Database, sample
from tests.acceptance.terraform import Workspace
from tests.acceptance.test_contract import CONTRACT
from tests.engine import STATEMENT_LOG, check_statements
from veil.local import Engine
from veil.local.refusals import OTHER_COLUMNS, QUALIFIED_FUNCTIONS


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("refusing")
    engine = Engine(folder / "local")
    engine.up(
        progress=lambda line: None, refuse=[OTHER_COLUMNS, QUALIFIED_FUNCTIONS], statement_log=folder / STATEMENT_LOG
    )
    yield engine
    engine.reset()


@pytest.fixture(scope="module")
def applied(
    refusing: Engine, tmp_path_factory: pytest.TempPathFactory, cli_config: Path, providers: Providers
) -> tuple[Database, Workspace]:
    address = refusing.address()
    assert address is not None
    database = Database(address.database, address)
    for user in ("alice", "bob", "carol", "support"):
        database.run(f"CREATE USER {user} PASSWORD '{PASSWORD}'")
    database.run(*sample())
    environment = {"VEIL_LOCAL_DIR": str(refusing.directory)}
    workspace = Workspace(tmp_path_factory.mktemp("workspace"), cli_config, environment, providers)
    workspace.write(CONTRACT.read_text())
    assert (done := workspace.apply()), done.text
    return database, workspace


def test_the_plan_after_the_apply_is_empty(applied: tuple[Database, Workspace]):
    _, workspace = applied
    assert (planned := workspace.plan()).code == 0, planned.text
    (check,) = (
        each for each in workspace.state("veil_integration.main")["validation_results"] if each["name"] == "binding"
    )
    assert check["status"] == "warning"
    assert "are bound" in check["message"]


def test_everybody_sees_what_they_see_of_late_binding_views(applied: tuple[Database, Workspace]):
    database, _ = applied
    rows = "SELECT id, ssn, card FROM governed.customers ORDER BY id"
    alice, bob, carol = (database.query(rows, user) for user in ("alice", "bob", "carol"))
    assert [row[0] for row in alice] == [1, 2] and all(len(row[1]) == 64 for row in alice)
    assert bob == [(3, "333-33-3333", "************5555")]
    assert [row[0] for row in carol] == [1, 2, 3, 4]


def test_only_documented_statements_were_sent(applied: tuple[Database, Workspace], refusing: Engine):
    check_statements(refusing)
    log = refusing.directory.parent / STATEMENT_LOG
    sent = [json.loads(line)["sql"] for line in log.read_text(encoding="utf-8").splitlines()]
    assert any("AS SELECT pg_catalog." in each and each.endswith("WITH NO SCHEMA BINDING") for each in sent)


def test_what_was_altered_is_planned_and_the_next_plan_is_empty(applied: tuple[Database, Workspace]):
    database, workspace = applied
    database.run("DROP VIEW governed.customers")
    assert (done := workspace.plan()).code == 2
    assert "the view governed.customers is missing" in done.text
    assert (done := workspace.apply()), done.text
    assert (planned := workspace.plan()).code == 0, planned.text


def test_comments_on_columns_are_descriptions_and_one_that_was_altered_is_found_and_put_right(
    applied: tuple[Database, Workspace],
):
    database, workspace = applied
    sql = (
        "SELECT d.description FROM pg_description AS d INNER JOIN pg_attribute AS a ON a.attrelid = d.objoid AND a.attnum = d.objsubid"
        " WHERE d.objoid = CAST('governed.customers' AS REGCLASS) AND a.attname = 'ssn'"
    )
    assert database.query(sql) == [("US social security number",)]
    database.run("COMMENT ON COLUMN governed.customers.ssn IS 'Ask eve for access'")
    assert (done := workspace.plan()).code == 2
    assert "the comment on the column ssn of the view governed.customers is not its description" in " ".join(
        done.text.split()
    )
    assert (done := workspace.apply()), done.text
    assert database.query(sql) == [("US social security number",)]
    assert (planned := workspace.plan()).code == 0, planned.text


def test_all_of_it_is_destroyed(applied: tuple[Database, Workspace], new_workspace: Callable[[], Workspace]):
    database, workspace = applied
    assert (done := workspace.run("destroy", "-auto-approve")).code == 0, done.text
    assert database.query("SELECT viewname FROM pg_views WHERE schemaname IN ('governed', 'immuta_system')") == []
