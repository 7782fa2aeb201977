"""bootstrap = "manual": an administrator makes the schemas, veil says what is missing and makes
nothing itself.
"""

from collections.abc import Callable

import pytest

from tests.acceptance.accounts import SYSTEM_PASSWORD, Accounts
from tests.acceptance.conftest import Database
from tests.acceptance.terraform import Workspace
from veil.governance.installation.manual_bootstrap import Gap, find_gaps
from veil.governance.installation.repairing import taking_back_by_hand
from veil.governance.metadata.reading import read_deployed
from veil.warehouse import Layout, Settings, connect

Place = tuple[Accounts, Workspace]


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Place:
    """Accounts without anything else: the tests are the chapters of one story."""
    accounts, workspace = Accounts(new_database()), new_workspace()
    accounts.database.run(f"CREATE USER {accounts.system} PASSWORD '{SYSTEM_PASSWORD}'")
    workspace.write(f"""
terraform {{
  required_providers {{ veil = {{ source = "veil-data/veil" }} }}
}}
{accounts.provider()}
resource "veil_integration" "main" {{
  name        = "main"
  database    = "{accounts.database.name}"
  view_schema = "governed"
  bootstrap   = "manual"
}}
resource "veil_data_source" "customers" {{
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
}}
""")
    return accounts, workspace


def gaps(accounts: Accounts) -> list[Gap]:
    """What the plan lists, as it is before Terraform breaks its lines."""
    with connect(settings_of(accounts)) as session:
        return find_gaps(session, Layout("immuta", "governed"))


def settings_of(accounts: Accounts) -> Settings:
    address = accounts.database.address
    return Settings(address.host, accounts.database.name, accounts.system, SYSTEM_PASSWORD, address.port, ssl=False)


def told(text: str) -> str:
    return " ".join(text.split())


def test_where_nothing_is_there_the_plan_names_the_schemas_and_the_script(place: Place):
    accounts, workspace = place
    planned = workspace.plan()
    shown = told(planned.text)
    assert planned.code == 1, planned.text
    assert "The administrator's script is not complete" in shown
    assert "- the schema immuta_system is missing:" in shown
    assert f'CREATE SCHEMA "immuta_system" AUTHORIZATION "{accounts.system}";' in shown
    assert f"veil bootstrap-sql --database {accounts.database.name} --system-user {accounts.system}" in shown


def test_what_the_script_left_out_is_told_line_by_line_and_its_statements_give_it(place: Place):
    accounts, workspace = place
    database = accounts.database
    database.run(f"DROP USER {accounts.system}")
    accounts.make()
    database.run(
        "DROP VIEW immuta_system.user_entry",
        "DROP TABLE immuta_system.salt",
        "REVOKE USAGE ON SCHEMA governed FROM PUBLIC",
        "GRANT EXECUTE ON PROCEDURE immuta_procedures.delete_objects(VARCHAR) TO PUBLIC",
        "ALTER TABLE immuta_system.writer OWNER TO bob",
        f'REVOKE CREATE ON DATABASE "{database.name}" FROM "{accounts.system}"',
    )
    planned = workspace.plan()
    shown = told(planned.text)
    for line in (
        "the view immuta_system.user_entry is missing: DELETE FROM \"immuta_system\".own_view WHERE name IN ('user_entry');",
        'CREATE OR REPLACE VIEW "immuta_system".user_entry AS',
        "the table immuta_system.salt is missing: CREATE TABLE IF NOT EXISTS",
        'PUBLIC has no USAGE on the schema governed: GRANT USAGE ON SCHEMA "governed" TO PUBLIC;',
        "PUBLIC may call the procedure immuta_procedures.delete_objects: REVOKE ALL ON PROCEDURE",
        f'the table immuta_system.writer is owned by bob: ALTER TABLE "immuta_system"."writer" OWNER TO "{accounts.system}";',
    ):
        assert line in shown, planned.text
    assert len(gaps(accounts)) == 5
    database.run(*(statement for gap in gaps(accounts) for statement in gap.statements))
    assert gaps(accounts) == []
    assert (done := workspace.apply()), done.text
    assert (again := workspace.plan()).code == 0, again.text
    assert workspace.state("veil_integration.main")["status"] == "enabled"
    assert database.query("SELECT COUNT(*) FROM governed.customers", "alice") == [(0,)]


def test_what_is_altered_later_fails_a_check_and_is_left_to_the_administrator_but_for_rows(place: Place):
    accounts, workspace = place
    database = accounts.database
    database.run(
        "DROP PROCEDURE immuta_procedures.forget_published(VARCHAR)",
        "GRANT SELECT ON immuta_system.salt TO bob",
        "INSERT INTO immuta_system.profile_entry VALUES ('mallory', 'group', '', 'hr', NULL)",
    )
    planned = workspace.plan()
    shown = told(planned.text)
    assert planned.code == 2, planned.text
    assert "the profile of user mallory was added outside veil" in shown
    assert "An apply cannot repair this: the integration" in shown and "the salts may have been read" in shown
    assert (again := workspace.apply()), again.text
    assert database.query("SELECT * FROM immuta_system.profile_entry") == []
    integration = workspace.state("veil_integration.main")
    objects = {each["name"]: each for each in integration["validation_results"]}["objects"]
    assert integration["status"] == "recurringValidationError"
    assert objects["message"] == (
        "SELECT on the table immuta_system.salt was granted to user bob; the procedure forget_published is missing; "
        "the salts may have been read"
    )
    assert integration["drift"] == []


def test_salts_that_somebody_could_have_read_are_renewed_by_hand_and_the_next_apply(place: Place):
    accounts, workspace = place
    database, salts = accounts.database, "SELECT name, salt FROM immuta_system.salt"
    before = dict(database.query(salts))
    with connect(settings_of(accounts)) as session:
        deployed = read_deployed(session, database.name)
    assert deployed is not None
    database.run(*taking_back_by_hand(deployed))
    planned = workspace.plan()
    assert planned.code == 2, planned.text
    assert "its salt was removed: what it hashes will hash otherwise" in told(planned.text)
    assert (done := workspace.apply()), done.text
    after = dict(database.query(salts))
    assert after.keys() == before.keys() and not set(after.values()) & set(before.values())
    planned = workspace.plan()
    assert planned.code == 0, planned.text
    assert "salt" not in planned.text


def test_destroying_removes_what_veil_made_and_leaves_the_administrator_s_schemas(place: Place):
    accounts, workspace = place
    accounts.make("--without-accounts")
    assert (done := workspace.destroy()), done.text
    database = accounts.database
    assert database.query("SELECT viewname FROM pg_views WHERE schemaname = 'governed'") == []
    assert database.query("SELECT COUNT(*) FROM immuta_system.object") == [(0,)]
