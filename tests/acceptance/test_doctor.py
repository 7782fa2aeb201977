"""What an integration's checks say, in the state and in `veil doctor`, and what veil refuses to
work with.
"""

import json
from collections.abc import Callable

import pytest

from tests.acceptance.accounts import SYSTEM_PASSWORD, Accounts
from tests.acceptance.conftest import Database
from tests.acceptance.lookalikes import heard, plant
from tests.acceptance.terraform import Workspace
from veil.cli import doctor
from veil.cli import explain as explaining
from veil.local import Engine

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

Place = tuple[Accounts, Workspace]


@pytest.fixture(scope="module")
def place(engine: Engine, new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Place:
    """An applied configuration, among things of an analyst's that have the names that veil uses."""
    accounts, workspace = Accounts(plant(engine, new_database(), "public")), new_workspace()
    accounts.make()
    accounts.database.run(f'ALTER USER "{accounts.system}" SET search_path TO public, pg_catalog')
    header = 'terraform {\n  required_providers { veil = { source = "veil-data/veil" } }\n}\n'
    workspace.write(header + accounts.provider() + BODY % accounts.database.name)
    assert (done := workspace.apply()), done.text
    return accounts, workspace


@pytest.fixture
def where(place: Place, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The options by which a command signs in as the system account."""
    accounts, _ = place
    monkeypatch.setenv("REDSHIFT_PASSWORD", SYSTEM_PASSWORD)
    address = accounts.database.address
    server = ["--host", address.host, "--port", str(address.port), "--database", accounts.database.name, "--no-ssl"]
    return [*server, "--username", accounts.system]


@pytest.fixture
def ask(where: list[str]) -> Callable[..., int]:
    """Runs `veil doctor` as the system account."""
    return lambda *options: doctor.main([*where, *options])


@pytest.fixture
def explain(where: list[str]) -> Callable[..., int]:
    """Runs `veil explain` as the system account."""
    return lambda *options: explaining.main([*where, *options])


def answers(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    return {each["name"]: each for each in json.loads(capsys.readouterr().out)}


def test_all_checks_pass_for_what_bootstrap_and_apply_made(
    place: Place, ask: Callable[..., int], capsys: pytest.CaptureFixture[str]
):
    assert ask("--json") == 0
    found = answers(capsys)
    # These three the command tells, and the state does not.
    assert found.pop("procedure_settings")["status"] == "passed"
    assert found.pop("changes")["status"] == "passed"
    policies = found.pop("policies")
    assert policies["status"] == "warning"
    assert "No subscription policy grants access to data source raw.customers" in str(policies["message"])
    assert {name: each["status"] for name, each in found.items()} == dict.fromkeys(
        (
            "connection",
            "integration",
            "rights",
            "case_sensitivity",
            "objects",
            "others",
            "metadata",
            "base_tables",
            "dependent_views",
            "profile",
            "members",
            "readers",
            "binding",
            "views",
            "probes",
            "closed",
        ),
        "passed",
    )
    integration = place[1].state("veil_integration.main")
    assert integration["status"] == "enabled"
    assert {each["name"] for each in integration["validation_results"]} == found.keys() - {"connection", "integration"}


def test_settings_of_a_procedure_are_told_and_gone_once_it_is_made_anew(
    place: Place, ask: Callable[..., int], capsys: pytest.CaptureFixture[str]
):
    accounts, workspace = place
    database, name = accounts.database, "immuta_procedures.forget_published"
    (made,) = database.query(f"SHOW PROCEDURE {name}(VARCHAR)")[0]
    assert "SET search_path TO pg_catalog, pg_temp" in made
    database.run(
        made.replace("SET search_path TO pg_catalog, pg_temp", "SET search_path TO public SET datestyle TO German")
    )
    assert ask("--json") == 0
    found = answers(capsys)["procedure_settings"]
    assert found["status"] == "warning"
    assert "search_path is set to public in the procedure forget_published" in str(found["message"])
    assert "datestyle is set to " in str(found["message"])
    assert "search_path is set to public in the procedure forget_published" in " ".join(workspace.plan().text.split())
    assert (done := workspace.apply()), done.text
    assert ask("--json") == 0
    assert answers(capsys)["procedure_settings"]["status"] == "passed"


WAYS = (
    ("GRANT SELECT ON \"raw\".customers TO alice", "user alice can read the table raw.customers around"),
    ("GRANT SELECT ON \"raw\".customers TO PUBLIC", "PUBLIC can read the table raw.customers around"),
    ("GRANT SELECT ON \"raw\".customers TO GROUP {group}", "group {group} can read the table raw.customers around"),
    ("GRANT SELECT ON \"raw\".customers TO ROLE {role}", "role {role} can read the table raw.customers around"),
    ("GRANT SELECT FOR TABLES IN SCHEMA \"raw\" TO dave", "user dave can read all tables of the schema raw around the views"),
    ("GRANT SELECT (ssn) ON \"raw\".customers TO bob", "user bob can read the column ssn of the table raw.customers around"),
    ("ALTER DEFAULT PRIVILEGES IN SCHEMA \"raw\" GRANT SELECT ON TABLES TO carol", "makes in the schema raw goes to user carol"),
)  # fmt: skip


def test_every_way_around_the_view_is_told(place: Place, ask: Callable[..., int], capsys: pytest.CaptureFixture[str]):
    database = place[0].database
    names = {"group": f"g_{database.name}", "role": f"r_{database.name}"}
    database.run(f"CREATE GROUP {names['group']}", f"CREATE ROLE {names['role']}")
    database.run(*(statement.format(**names) for statement, _ in WAYS))
    assert ask("--json") == 0, "a way around is a warning: no apply can close it"
    found = answers(capsys)["base_tables"]
    assert found["status"] == "warning"
    for _, told in WAYS:
        assert told.format(**names) in str(found["message"])
    assert place[0].database.query('SELECT COUNT(*) FROM "raw".customers') == [(4,)]
    undo = (statement.replace("GRANT", "REVOKE").replace(" TO ", " FROM ").format(**names) for statement, _ in WAYS)
    database.run(*undo)


def test_what_is_missing_is_told_with_the_statement_that_gives_it(
    place: Place, ask: Callable[..., int], capsys: pytest.CaptureFixture[str]
):
    accounts, _ = place
    database = accounts.database
    database.run(
        f'REVOKE ACCESS SYSTEM TABLE FROM ROLE "{accounts.system}_catalog"',
        f'REVOKE SELECT ON "raw".customers FROM "{accounts.system}"',
        f'REVOKE SELECT FOR TABLES IN SCHEMA "raw" FROM "{accounts.system}"',
        "GRANT SELECT ON immuta_system.profile TO dave",
        "DROP VIEW immuta_system.user_entry",
        f'ALTER USER "{accounts.system}" SET enable_case_sensitive_identifier TO true',
    )
    assert ask() == 1
    shown = " ".join(capsys.readouterr().out.split())
    for told in (
        "rights failed",
        f"no role of the account {accounts.system} has ACCESS SYSTEM TABLE",
        f'GRANT ACCESS SYSTEM TABLE TO ROLE "{accounts.system}_catalog"',
        "may not read raw.customers",
        f'GRANT SELECT ON "raw"."customers" TO "{accounts.system}"',
        "case_sensitivity failed",
        "objects failed the view immuta_system.user_entry is missing",
        "Who may read the table raw.customers is not known.",
        "probes failed",
    ):
        assert told in shown, told


def test_explain_says_what_it_cannot_know(
    place: Place, explain: Callable[..., int], capsys: pytest.CaptureFixture[str]
):
    accounts, _ = place
    assert explain("--user", "alice", "--table", "raw.customers") == 0
    told = (
        f"Attention: Who may read the table raw.customers is not known. The account {accounts.system} does not see what"
    )
    assert told in capsys.readouterr().out
    assert explain("--user", "alice", "--table", "raw.customers", "--json") == 0
    (line,) = json.loads(capsys.readouterr().out)["bypass"]
    assert line.startswith("Who may read the table raw.customers is not known.")


def test_no_check_ran_what_an_analyst_had_made(engine: Engine, place: Place):
    assert heard(engine, place[0].database) == []


def test_a_case_sensitive_warehouse_is_refused_before_anything_is_written(place: Place):
    accounts, workspace = place
    planned = workspace.plan()
    told = " ".join(planned.text.split())
    assert planned.code == 1, planned.text
    assert "Names keep their case here" in told
    assert "has the parameter enable_case_sensitive_identifier set" in told
    assert f'ALTER USER "{accounts.system}" RESET enable_case_sensitive_identifier' in told
    accounts.database.run(
        f'ALTER USER "{accounts.system}" RESET enable_case_sensitive_identifier',
        f'GRANT ACCESS SYSTEM TABLE TO ROLE "{accounts.system}_catalog"',
        f'GRANT SELECT ON "raw".customers TO "{accounts.system}"',
        "REVOKE SELECT ON immuta_system.profile FROM dave",
    )


def test_a_second_integration_in_a_database_is_refused(place: Place, workspace: Workspace):
    accounts, _ = place
    header = 'terraform {\n  required_providers { veil = { source = "veil-data/veil" } }\n}\n'
    second = (BODY % accounts.database.name).replace('"main"\n  database', '"second"\n  database')
    workspace.write(header + accounts.provider() + second)
    refused = workspace.apply()
    told = " ".join(refused.text.split())
    assert "This database has an integration" in told, refused.text
    assert f"The database {accounts.database.name} already has the integration main; a database has one." in told


def test_a_connection_that_fails_is_the_one_check_that_is_told(
    place: Place, ask: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("REDSHIFT_PASSWORD", "Wrong1pass")
    assert ask() == 1
    shown = capsys.readouterr().out
    assert "connection  failed   The warehouse did not accept the password." in shown
    assert "Wrong1pass" not in shown
