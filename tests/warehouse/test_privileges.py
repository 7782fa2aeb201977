"""What an ordinary user can reach, which is as little as possible."""

from collections.abc import Iterator

import pytest

from tests.warehouse.conftest import Login, run
from tests.warehouse.removal import clearing
from veil.warehouse import (
    PUBLIC,
    Grantee,
    Layout,
    Session,
    WarehouseError,
    create_salts,
    find_layouts,
    install_statements,
    read,
    read_only_statements,
)
from veil.warehouse.install import PUBLIC_ROUTINES
from veil.warehouse.templates import files

TABLES = [template.rpartition("/")[2] for template in files("tables")]
ARGUMENTS = {
    "advance_revision": ("(BIGINT, VARCHAR)", "(0, 'x')"),
    "create_view": ("(VARCHAR, VARCHAR, VARCHAR, INTEGER, INTEGER)", "('governed', 'v', 'SELECT 1', 1, 1)"),
    "drop_view": ("(VARCHAR, VARCHAR)", "('governed', 'v')"),
    "forget_requests": ("()", "()"),
    "record_error": ("(VARCHAR, VARCHAR, VARCHAR, VARCHAR)", "('policy', 'p', 'createError', 'x')"),
}
"""The types and values of what takes something else than one batch."""
BATCH = "(VARCHAR)", "('[]')"
CLOSED = sorted({template.rpartition("/")[2] for template in files("procedures")} - PUBLIC_ROUTINES)


@pytest.fixture(scope="module")
def shared(shared_admin: Session) -> Iterator[Layout]:
    """An integration for the tests that leave it as it is."""
    layout = Layout("shared", "shared views")
    run(shared_admin, install_statements(layout))
    yield layout
    run(shared_admin, clearing(layout))


@pytest.mark.parametrize("table", TABLES)
def test_a_user_neither_reads_nor_writes_our_tables(shared: Layout, login: Login, table: str) -> None:
    user = login("nobody in particular")
    for statement in (
        f'SELECT * FROM "{shared.system}".{table}',
        f'DELETE FROM "{shared.system}".{table}',
        f'INSERT INTO "{shared.system}".{table} SELECT * FROM "{shared.system}".{table}',
        f'LOCK TABLE "{shared.system}".{table}',
    ):
        with pytest.raises(WarehouseError) as error:
            user.execute(statement)
        assert error.value.sqlstate in ("42501", "25P01"), statement


@pytest.mark.parametrize("procedure", CLOSED)
def test_a_user_cannot_call_what_is_not_for_everybody(shared: Layout, login: Login, procedure: str) -> None:
    _, arguments = ARGUMENTS.get(procedure, BATCH)
    with pytest.raises(WarehouseError) as error:
        login("nobody in particular").execute(f'CALL "{shared.procedures}".{procedure}{arguments}')
    assert error.value.sqlstate == "42501"


@pytest.mark.parametrize("procedure", [each for each in CLOSED if each != "impersonate_user"])
def test_a_grant_by_mistake_does_not_let_a_user_write(
    admin: Session, installed: Layout, login: Login, procedure: str
) -> None:
    types, arguments = ARGUMENTS.get(procedure, BATCH)
    admin.execute(f'GRANT EXECUTE ON PROCEDURE "{installed.procedures}".{procedure}{types} TO PUBLIC')
    with pytest.raises(WarehouseError, match="only the system account"):
        login("nobody in particular").execute(f'CALL "{installed.procedures}".{procedure}{arguments}')
    found = read(admin, installed).routines
    assert [state.public_execute for each, state in found.items() if each.name == procedure] == [True]


def test_a_user_creates_nothing_in_our_schemas(shared: Layout, login: Login) -> None:
    for schema in (*shared.own_schemas, shared.view_schema):
        with pytest.raises(WarehouseError) as error:
            login("nobody in particular").execute(f'CREATE TABLE "{schema}".mine (a INT)')
        assert error.value.sqlstate == "42501"


def test_a_user_reads_their_own_row_and_not_what_members_of_projects_hold(shared: Layout, login: Login) -> None:
    user = login("nobody in particular")
    assert user.query(f'SELECT * FROM "{shared.system}".user_profile') == []
    with pytest.raises(WarehouseError) as error:
        user.query(f'SELECT * FROM "{shared.system}".user_entry')
    assert error.value.sqlstate == "42501"


def test_the_catalog_shows_public_just_that(admin: Session, installed: Layout) -> None:
    snapshot = read(admin, installed)
    open_relations = {
        (place[1], grant.privilege)
        for place, grants in snapshot.table_grants.items()
        for grant in grants
        if grant.grantee == PUBLIC
    }
    open_schemas = {
        (schema, grant.privilege)
        for schema, grants in snapshot.schema_privileges.items()
        for grant in grants
        if grant.grantee == PUBLIC
    }
    assert open_relations == {("user_profile", "SELECT")}
    assert open_schemas == {(schema, "USAGE") for schema in (*installed.own_schemas, installed.view_schema)}
    assert {each.name for each, state in snapshot.routines.items() if state.public_execute} == PUBLIC_ROUTINES


def test_a_table_that_may_not_be_read_is_told_with_the_statement_that_lets_it(
    admin: Session, installed: Layout, login: Login
) -> None:
    reader = login("reader")
    with pytest.raises(WarehouseError) as error:
        read(reader, installed)
    assert f'GRANT SELECT ON TABLE "{installed.system}".revision TO "reader"' in error.value.detail


def test_a_reader_reads_all_but_the_salts_and_writes_nothing(admin: Session, installed: Layout, login: Login) -> None:
    reader = login("reader")
    run(admin, create_salts(installed, ["raw.t"]) + read_only_statements(installed, Grantee("user", "reader")))
    seen, all_of_it = read(reader, installed), read(admin, installed)
    for part in ("revision", "objects", "profiles", "entries", "salt_names", "published", "runtimes"):
        assert getattr(seen, part) == getattr(all_of_it, part)
    assert installed in find_layouts(reader)
    for statement in (
        f'SELECT salt FROM "{installed.system}".salt',
        f'SELECT name FROM "{installed.system}".salt',
        f'DELETE FROM "{installed.system}".object',
        f"CALL \"{installed.procedures}\".upsert_objects('[]')",
    ):
        with pytest.raises(WarehouseError) as error:
            reader.execute(statement)
        assert error.value.sqlstate == "42501"
