"""What an analyst can reach, and what their own SQL can find out."""

from collections.abc import Callable

import pytest

from tests.acceptance.conftest import Database, header, psql
from tests.acceptance.terraform import Workspace
from tests.acceptance.test_first_slice import POLICIES
from tests.engine import take_barriers
from veil.local import Engine


@pytest.fixture(scope="module")
def applied(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Database:
    """One applied configuration: these tests only look."""
    database, workspace = new_database(), new_workspace()
    workspace.write(header(database, 'baseline = { null_tags = ["pii"], closed_tags = [] }') + POLICIES)
    assert (done := workspace.apply()), done.text
    return database


@pytest.fixture(scope="module")
def probed(engine: Engine, applied: Database, barred: bool) -> Database:
    if not barred:
        take_barriers(engine, applied.name)
    return applied


SECRET_TABLES = ("profile", "profile_entry", "object", "salt", "published", "revision", "runtime", "integration")


def test_the_base_table_is_out_of_reach(applied: Database):
    assert "permission denied" in applied.refusal('SELECT * FROM "raw".customers', "alice")


@pytest.mark.parametrize("table", SECRET_TABLES)
def test_the_metadata_is_out_of_reach(applied: Database, table: str):
    assert "permission denied" in applied.refusal(f"SELECT * FROM immuta_system.{table}", "alice")
    assert "permission denied" in applied.refusal(f"DELETE FROM immuta_system.{table}", "alice")


def test_the_procedures_that_write_are_out_of_reach(applied: Database):
    for call in ("upsert_profiles('[]')", "upsert_objects('[]')", "advance_revision(1, 'x')", "delete_profiles('[]')"):
        assert "permission denied" in applied.refusal(f"CALL immuta_procedures.{call}", "alice")


def test_psql_shows_the_same_rows_as_the_driver(applied: Database):
    sql = "SELECT id, territory FROM governed.customers ORDER BY id"
    assert psql(applied, "alice", sql).splitlines() == ["1|US", "2|CA"]


def test_a_user_without_a_profile_and_one_without_a_subscription_see_no_rows(applied: Database):
    assert applied.query("SELECT * FROM governed.customers", "dave") == []
    assert applied.query("SELECT * FROM governed.customers", "carol") == []


@pytest.mark.parametrize(
    "predicate",
    [
        "1 / (id - 3) > 0",
        "CAST(ssn AS INTEGER) > 0",
        "CAST(name AS INTEGER) = 1",
        "CAST(territory AS DATE) IS NULL",
        "1 / (balance - 0) > 0",
    ],
)
def test_a_callers_failing_predicate_tells_nothing_to_somebody_who_sees_no_rows(probed: Database, predicate: str):
    assert probed.query(f"SELECT 1 FROM governed.customers WHERE {predicate}", "carol") == []
    assert probed.query(f"SELECT 1 FROM governed.customers WHERE {predicate}", "dave") == []


def test_a_callers_division_by_a_hidden_rows_value_does_not_fail(probed: Database):
    # Row 3 is French; alice sees the US and Canada only.
    assert probed.query("SELECT id FROM governed.customers WHERE 1 / (id - 3) <= 0 ORDER BY id", "alice") == [
        (1,),
        (2,),
    ]


def test_a_callers_cast_of_a_masked_value_fails_on_the_mask_and_never_shows_the_value(probed: Database):
    message = probed.refusal("SELECT CAST(ssn AS INTEGER) FROM governed.customers WHERE id = 3", "bob")
    assert "333-33-3333" not in message


def test_look_alike_functions_and_tables_earlier_in_the_search_path_change_nothing(applied: Database):
    before = applied.query("SELECT * FROM governed.customers ORDER BY id", "bob")
    applied.run("CREATE SCHEMA trap", "GRANT ALL ON SCHEMA trap TO PUBLIC")
    with applied.connect("bob") as connection, connection.cursor() as cursor:
        for statement in (
            "CREATE FUNCTION trap.sha2(VARCHAR, INTEGER) RETURNS VARCHAR IMMUTABLE AS $$ SELECT $1 $$ LANGUAGE sql",
            "CREATE FUNCTION trap.rtrim(VARCHAR) RETURNS VARCHAR IMMUTABLE AS $$ SELECT 'US'::VARCHAR $$ LANGUAGE sql",
            "CREATE TABLE trap.user_entry (kind VARCHAR(20), name VARCHAR(20), value VARCHAR(20))",
            "SET search_path TO trap, pg_catalog, public",
            "SET TimeZone TO 'Asia/Tokyo'",
            "SET datestyle TO 'German'",
        ):
            cursor.execute(statement)
        cursor.execute("SELECT * FROM governed.customers ORDER BY id")
        assert [tuple(row) for row in cursor.fetchall()] == before
