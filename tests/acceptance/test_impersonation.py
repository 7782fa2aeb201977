"""Acting as somebody else, and only as somebody one may act as."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace
from tests.acceptance.test_first_slice import POLICIES

SUPPORT = """
resource "veil_impersonation" "support" {
  integration = veil_integration.main.id
  user        = "erin"
  as_users    = ["alice"]
}
"""
ROWS = "SELECT id, ssn FROM governed.customers ORDER BY id"


@pytest.fixture(scope="module")
def applied(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> tuple[Database, Workspace]:
    database, workspace = new_database(), new_workspace()
    group = f"support_{database.name}"
    workspace.write(header(database, f'impersonation = {{ group = "{group}" }}') + POLICIES + SUPPORT)
    assert (done := workspace.apply()), done.text
    return database, workspace


def session(database: Database, user: str, *statements: str) -> list[tuple[Any, ...]]:
    """The rows of the last statement of one session."""
    with database.connect(user) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return [tuple(row) for row in cursor.fetchall()]


def test_the_impersonator_sees_what_the_impersonated_sees(applied: tuple[Database, Workspace]):
    database, _ = applied
    assert database.query(ROWS, "erin") == []
    acting = session(database, "erin", "CALL immuta_procedures.impersonate_user('alice')", ROWS)
    assert acting == database.query(ROWS, "alice") != []


def test_ending_it_shows_ones_own_rows_again(applied: tuple[Database, Workspace]):
    database, _ = applied
    statements = ("CALL immuta_procedures.impersonate_user('alice')", "CALL immuta_procedures.impersonate_user(NULL)")
    assert session(database, "erin", *statements, ROWS) == []


def test_nobody_acts_as_somebody_they_were_not_given(applied: tuple[Database, Workspace]):
    database, _ = applied
    assert "may not impersonate bob" in database.refusal("CALL immuta_procedures.impersonate_user('bob')", "erin")
    assert "permission denied" in database.refusal("CALL immuta_procedures.impersonate_user('alice')", "dave")


@pytest.mark.parametrize("user", ["dave", "bob", "erin"])
def test_setting_the_request_by_hand_shows_nothing_that_is_not_granted(applied: tuple[Database, Workspace], user: str):
    database, _ = applied
    target = "bob" if user == "erin" else "alice"
    assert session(database, user, f"SET app.immuta_impersonate TO '{target}'", ROWS) == []


def test_who_calls_a_procedure_of_an_impersonators_does_not_choose_whom_it_acts_as(applied: tuple[Database, Workspace]):
    """In a procedure that runs with its owner's rights, the owner asks and the caller's session
    says as whom.
    """
    database, _ = applied
    database.run("CREATE SCHEMA shared AUTHORIZATION erin", "GRANT USAGE ON SCHEMA shared TO PUBLIC")
    for rights in ("DEFINER", "INVOKER"):
        database.run(
            f"CREATE PROCEDURE shared.count_{rights}(INOUT counted BIGINT) AS $$ BEGIN"
            " SELECT COUNT(*) INTO counted FROM governed.customers; END; $$"
            f" LANGUAGE plpgsql SECURITY {rights}",
            f"GRANT EXECUTE ON PROCEDURE shared.count_{rights}(BIGINT) TO PUBLIC",
            user="erin",
        )
        call = f"CALL shared.count_{rights}(0)"
        for user in ("dave", "bob"):
            assert session(database, user, "SET app.immuta_impersonate TO 'alice'", call) == [(0,)]
        assert session(database, "erin", "CALL immuta_procedures.impersonate_user('alice')", call) == [(2,)]
    database.run("DROP SCHEMA shared CASCADE")


def test_the_plan_is_empty_and_taking_it_away_ends_it(applied: tuple[Database, Workspace]):
    database, workspace = applied
    assert (empty := workspace.plan()).code == 0, empty.text
    database.run('CALL immuta_procedures.grant_impersonation(\'[{"userid": "dave", "target": "alice"}]\')')
    found = workspace.plan()
    assert found.code == 2 and "dave was allowed to act as alice" in found.text
    assert (done := workspace.apply()), done.text
    assert (empty := workspace.plan()).code == 0, empty.text

    configuration = (workspace.folder / "main.tf").read_text().replace(SUPPORT, "")
    workspace.write(configuration)
    assert (done := workspace.apply()), done.text
    assert "permission denied" in database.refusal("CALL immuta_procedures.impersonate_user('alice')", "erin")
    assert (done := workspace.destroy()), done.text
    assert database.query(f"SELECT groname FROM pg_group WHERE groname = 'support_{database.name}'") == []
