"""Installing, finding and removing an integration."""

import pytest

from tests.warehouse.conftest import Login, run
from veil.warehouse import (
    PUBLIC_ROUTINES,
    SCHEMA_VERSION,
    Layout,
    ObjectRow,
    Session,
    WarehouseError,
    advance_revision,
    check_foreign,
    check_foreign_schemas,
    create_salts,
    expected_attributes,
    expected_routines,
    expected_views,
    find_layouts,
    install_statements,
    read,
    upsert_objects,
)


def test_what_is_installed_is_what_was_meant(admin: Session, installed: Layout) -> None:
    snapshot = read(admin, installed)
    assert snapshot.schema_version == SCHEMA_VERSION
    assert {place: state.text for place, state in snapshot.views.items()} == expected_views(installed)
    assert {each: state.body for each, state in snapshot.routines.items()} == expected_routines(installed)
    assert all(state.security_definer == (each.kind == "PROCEDURE") for each, state in snapshot.routines.items())
    assert {each.name: state.attributes for each, state in snapshot.routines.items()} == expected_attributes()
    assert set(snapshot.schema_owners) == {*installed.own_schemas, installed.view_schema}


def test_installing_again_keeps_what_is_stored(admin: Session, installed: Layout) -> None:
    run(admin, upsert_objects(installed, [ObjectRow("purpose", "fraud", "1", "{}")]) + create_salts(installed, ["r.t"]))
    before = read(admin, installed)
    run(admin, install_statements(installed))
    assert read(admin, installed) == before


def test_installing_again_repairs_an_altered_view_and_procedure(admin: Session, installed: Layout) -> None:
    place = (installed.system, "user_entry")
    admin.execute(f'DROP VIEW "{place[0]}".user_entry')
    admin.execute(
        f'CREATE VIEW "{place[0]}".user_entry AS SELECT kind, name, value FROM "{place[0]}".profile_entry '
        "WITH NO SCHEMA BINDING"
    )
    assert read(admin, installed).views[place].text != expected_views(installed)[place]
    run(admin, install_statements(installed))
    assert read(admin, installed).views[place].text == expected_views(installed)[place]


def test_an_integration_is_found_by_its_mark(admin: Session, installed: Layout) -> None:
    assert installed in find_layouts(admin)
    found = next(layout for layout in find_layouts(admin) if layout == installed)
    assert found.owner == admin.settings.username


MARK = (
    "INSERT INTO {table} (schema_version, provider_version, view_schema, installed_at) VALUES (1, 'x', 'y', GETDATE())"
)
SPOILED = {
    "no row": "DELETE FROM {table}",
    "a second row": MARK,
    "the same row again": "INSERT INTO {table} SELECT * FROM {table}",
    "no table": "DROP TABLE {table}",
    "another owner": "ALTER TABLE {table} OWNER TO mallory",
    "a name that nothing can have": "UPDATE {table} SET view_schema = ''",
    "no view schema": "ALTER TABLE {table} DROP COLUMN view_schema",
}


@pytest.mark.parametrize("statement", SPOILED.values(), ids=SPOILED)
def test_an_integration_is_found_whatever_became_of_its_mark(
    admin: Session, installed: Layout, login: Login, statement: str
) -> None:
    login("mallory")
    admin.execute(statement.format(table=f'"{installed.system}".integration'))
    (found,) = (layout for layout in find_layouts(admin) if layout.prefix == installed.prefix)
    assert found.owner == admin.settings.username
    assert found.marked == ("OWNER" in statement)
    assert (found.view_schema == installed.view_schema) == ("SELECT *" in statement or found.marked)
    read(admin, found)


def test_an_integration_whose_schema_was_given_away_is_found(admin: Session, installed: Layout, login: Login) -> None:
    login("mallory")
    admin.execute(f'ALTER SCHEMA "{installed.system}" OWNER TO mallory')
    assert installed in find_layouts(admin)


def test_a_mark_that_somebody_else_left_is_not_ours(admin: Session, installed: Layout, login: Login) -> None:
    mallory = login("mallory")
    admin.execute(f'GRANT CREATE ON DATABASE "{admin.settings.database}" TO mallory')
    try:
        mallory.execute("CREATE SCHEMA evil_system")
        for table in ("integration", "object", "revision"):
            mallory.execute(f"CREATE TABLE evil_system.{table} AS SELECT 1 AS a, 'x' AS b, 'v' AS view_schema")
        assert "evil" not in {layout.prefix for layout in find_layouts(admin)}
    finally:
        mallory.execute("DROP SCHEMA IF EXISTS evil_system CASCADE")
        admin.execute(f'REVOKE CREATE ON DATABASE "{admin.settings.database}" FROM mallory')


def test_nothing_is_foreign_in_a_fresh_place_nor_in_our_own(admin: Session, installed: Layout) -> None:
    assert check_foreign(admin, Layout("unused", "nothing here")) == []
    assert check_foreign(admin, installed) == []


def test_what_others_put_in_our_places_is_named(admin: Session, layout: Layout, login: Login) -> None:
    mallory = login("mallory")
    admin.execute(f'GRANT CREATE ON DATABASE "{admin.settings.database}" TO mallory')
    try:
        mallory.execute(f'CREATE SCHEMA "{layout.system}"')
        mallory.execute(f'CREATE TABLE "{layout.system}".profile (immuta__userid VARCHAR(256))')
        mallory.execute(
            f'CREATE FUNCTION "{layout.system}".f_x(int) RETURNS int STABLE AS $$ SELECT $1 $$ LANGUAGE sql'
        )
        mallory.execute(f'CREATE SCHEMA "{layout.procedures}"')
        called = f'"{layout.procedures}".switch_project'
        mallory.execute(f"CREATE PROCEDURE {called}(a INTEGER) AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql")
        schemas = [
            f"The schema {each} belongs to mallory, not to {admin.settings.username}."
            for each in (layout.procedures, layout.system)
        ]
        assert check_foreign_schemas(admin, layout) == schemas
        assert check_foreign(admin, layout) == [  # The function is in nobody's way.
            f"The procedure or function {layout.procedures}.switch_project belongs to mallory, not to {admin.settings.username}.",
            *schemas,
            f"The table or view {layout.system}.profile belongs to mallory, not to {admin.settings.username}.",
        ]
    finally:
        mallory.execute(f'DROP SCHEMA IF EXISTS "{layout.system}" CASCADE')
        mallory.execute(f'DROP SCHEMA IF EXISTS "{layout.procedures}" CASCADE')
        admin.execute(f'REVOKE CREATE ON DATABASE "{admin.settings.database}" FROM mallory')


def test_a_failed_installation_leaves_nothing(admin: Session, layout: Layout) -> None:
    with pytest.raises(WarehouseError), admin.transaction():
        for statement in install_statements(layout)[:-1]:
            admin.execute(statement)
        admin.execute("SELECT broken FROM nowhere.at_all")
    assert layout not in find_layouts(admin)


OVERLOADS = ("CHAR(9)", "NAME", "BIGINT", "SUPER")
"""Types that a literal, or a number, could be taken for."""


def test_an_overload_of_somebody_elses_is_told_apart_and_never_called_in_place_of_ours(
    admin: Session, installed: Layout
) -> None:
    raising = "AS $$ BEGIN RAISE EXCEPTION 'called'; END; $$ LANGUAGE plpgsql"
    for kind in OVERLOADS:
        admin.execute(f'CREATE PROCEDURE "{installed.procedures}".upsert_objects(a {kind}) {raising}')
    admin.execute(
        f'CREATE FUNCTION "{installed.functions}".upsert_objects(VARCHAR) RETURNS INTEGER STABLE AS $$ SELECT 1 $$ LANGUAGE sql'
    )
    admin.execute(f'CREATE PROCEDURE "{installed.procedures}".advance_revision(a INTEGER, b CHAR(9)) {raising}')
    admin.execute(f'CREATE PROCEDURE "{installed.procedures}"."x""; DROP --\n$$"(a SMALLINT) {raising}')
    row = ObjectRow("purpose", "fraud", "1", "{}")
    run(admin, advance_revision(installed, 0, "token") + upsert_objects(installed, [row]))
    snapshot = read(admin, installed)
    assert (snapshot.revision, snapshot.objects) == (1, (row,))
    expected = expected_routines(installed)
    assert {each: snapshot.routines[each].body for each in expected} == expected
    assert {each.name for each in expected if snapshot.routines[each].public_execute} == PUBLIC_ROUTINES
    strange = snapshot.routines.keys() - expected.keys()
    assert len(strange) == len(OVERLOADS) + 3
    run(admin, [f"DROP {each.sql}" for each in sorted(strange)])
    assert read(admin, installed).routines.keys() == expected.keys()
