"""Views made by procedures: for whom, where, and from which texts."""

from collections.abc import Iterator

import pytest

from tests.warehouse.conftest import Login, run
from tests.warehouse.test_requests import let_some_act_as_others
from veil.warehouse import Layout, Session, WarehouseError, create_view, drop_view, identifier, literal, read

SELECT = "SELECT t.id AS id\nFROM raw_for_views.people AS t"


@pytest.fixture
def place(admin: Session, installed: Layout, login: Login) -> Iterator[Layout]:
    """builder is on the list and holds EXECUTE; stranger holds EXECUTE and is not on it; reader
    holds nothing.
    """
    for user in ("builder", "stranger", "reader"):
        login(user)
    for user in ("builder", "stranger"):
        for call in ("create_view(VARCHAR, VARCHAR, VARCHAR, INTEGER, INTEGER)", "drop_view(VARCHAR, VARCHAR)"):
            admin.execute(f'GRANT EXECUTE ON PROCEDURE "{installed.procedures}".{call} TO {user}')
    admin.execute(f"INSERT INTO \"{installed.system}\".applier VALUES ('builder', {literal(installed.view_schema)})")
    run(
        admin,
        [
            "CREATE SCHEMA raw_for_views",
            "CREATE TABLE raw_for_views.people (id INTEGER, secret VARCHAR(20))",
            "INSERT INTO raw_for_views.people VALUES (1, 'x')",
        ],
    )
    yield installed
    admin.execute("DROP SCHEMA raw_for_views CASCADE")


def made(
    session: Session, layout: Layout, name: str = "people", query: str = SELECT, schema: str | None = None
) -> None:
    session.execute(
        create_view(
            layout, (layout.view_schema if schema is None else schema, name), query, compiler=5, late_binding=True
        )
    )


def view(layout: Layout, name: str = "people") -> str:
    return f"{identifier(layout.view_schema)}.{identifier(name)}"


def test_who_is_on_the_list_makes_replaces_and_drops_views_that_everybody_reads(
    admin: Session, place: Layout, login: Login
) -> None:
    made(login("builder"), place)
    assert login("reader").query(f"SELECT * FROM {view(place)}") == [(1,)]
    state = read(admin, place).views[place.view_schema, "people"]
    assert state.owner == admin.settings.username
    assert state.text.startswith(f"CREATE OR REPLACE VIEW {view(place)} AS /* veil compiler 5 */\nSELECT")
    made(login("builder"), place, query=SELECT.replace("t.id AS id", "t.id + 1 AS id"))
    assert login("reader").query(f"SELECT * FROM {view(place)}") == [(2,)]
    login("builder").execute(drop_view(place, (place.view_schema, "people")))
    assert (place.view_schema, "people") not in read(admin, place).views
    login("builder").execute(drop_view(place, (place.view_schema, "people")))


def test_who_holds_execute_and_is_not_on_the_list_is_refused(place: Layout, login: Login) -> None:
    with pytest.raises(WarehouseError, match="only the system account may call this procedure"):
        made(login("stranger"), place)
    with pytest.raises(WarehouseError, match="permission denied"):
        made(login("reader"), place)
    with pytest.raises(WarehouseError, match="permission denied"):
        login("builder").execute(f"INSERT INTO \"{place.system}\".applier VALUES ('stranger', 'x')")


def test_who_is_on_the_list_makes_nothing_while_impersonating(admin: Session, place: Layout, login: Login) -> None:
    let_some_act_as_others(admin, place)
    login("builder").execute("SET app.immuta_impersonate TO 'reader'")
    with pytest.raises(WarehouseError, match="not while impersonating"):
        made(login("builder"), place)


def test_views_are_made_in_the_schemas_of_the_list_alone(admin: Session, place: Layout, login: Login) -> None:
    admin.execute(f"INSERT INTO \"{place.system}\".applier VALUES ('builder', {literal(place.system)})")
    for schema in ("raw_for_views", "public", place.system, place.procedures, place.view_schema + " ", ""):
        with pytest.raises(WarehouseError, match="may have no views made in that schema"):
            made(login("builder"), place, schema=schema)


def test_what_veil_did_not_make_is_neither_replaced_nor_dropped(admin: Session, place: Layout, login: Login) -> None:
    schema = identifier(place.view_schema)
    admin.execute(f"CREATE VIEW {schema}.theirs AS SELECT 1 AS one")
    admin.execute(f"CREATE TABLE {schema}.kept (one INTEGER)")
    for name in ("theirs", "kept"):
        with pytest.raises(WarehouseError, match="was not made by veil"):
            made(login("builder"), place, name)
        with pytest.raises(WarehouseError, match="was not made by veil"):
            login("builder").execute(drop_view(place, (place.view_schema, name)))


@pytest.mark.parametrize("name", ['odd "name"', "a'b", "a; drop table x", "ü$$"])
def test_an_odd_name_is_quoted(place: Layout, login: Login, name: str) -> None:
    made(login("builder"), place, name)
    assert login("reader").query(f"SELECT * FROM {view(place, name)}") == [(1,)]


def test_a_name_that_redshift_would_take_for_another_is_refused(place: Layout, login: Login) -> None:
    for name in ("", " ", "people ", " people", "People", "x" * 128, "a\nb"):
        with pytest.raises(WarehouseError, match="that is no name of a view"):
            made(login("builder"), place, name)


HOSTILE = (
    "SELECT 1 AS one; DROP TABLE raw_for_views.people",
    "SELECT 1 AS one; --",
    "SELECT 1 AS one -- FROM",
    "SELECT 1 AS one /* FROM",
    "SELECT $$a$$ AS one",
    "SELECT $x$ ; $x$ AS one",
    "SELECT 'a AS one",
    'SELECT 1 AS "one',
    "SELECT 'a\\' AS one, '; DROP TABLE raw_for_views.people; SELECT ' AS two",
    "SELECT E'a\\'; DROP TABLE raw_for_views.people; SELECT ' AS one",
    "SELECT '\\\\\\' ; DROP TABLE raw_for_views.people; SELECT ' AS one",
    "SELECT 'it''s' AS one; SELECT ''''",
    "DROP TABLE raw_for_views.people",
    " SELECT 1 AS one",
    "",
    "SELECTED",
    "TABLE raw_for_views.people",
    "SELECT 'a\\' , '; DROP TABLE raw_for_views.people; SELECT '1",
    "SELECT 1 AS one INTO raw_for_views.other",
    'SELECT 1"one"INTO raw_for_views.other',
    "SELECT(1)into raw_for_views.other",
)


def test_a_text_that_is_not_one_select_is_refused(admin: Session, place: Layout, login: Login) -> None:
    for query in HOSTILE:
        with pytest.raises(WarehouseError, match="that is not one SELECT without comments"):
            made(login("builder"), place, query=query)
    with pytest.raises(WarehouseError):
        made(
            login("builder"), place, query="WITH w AS (DELETE FROM raw_for_views.people RETURNING id) SELECT id FROM w"
        )
    assert admin.query("SELECT COUNT(*) FROM raw_for_views.people") == [(1,)]


def test_texts_may_hold_what_they_could_not_end_with(place: Layout, login: Login) -> None:
    query = "SELECT 'a;b--c/*d$$e\\\\f''g\"h' AS \"odd ; -- 'name\"\nFROM raw_for_views.people AS t"
    made(login("builder"), place, query=query)
    assert login("reader").query(f"SELECT * FROM {view(place)}") == [("a;b--c/*d$$e\\f'g\"h",)]


def test_look_alikes_in_the_callers_schemas_make_no_view(admin: Session, place: Layout, login: Login) -> None:
    user = login("builder")
    admin.execute('CREATE SCHEMA "mine" AUTHORIZATION builder')
    try:
        user.execute("SET search_path TO mine, pg_catalog")
        user.execute(
            "CREATE FUNCTION mine.strpos(VARCHAR, VARCHAR) RETURNS INTEGER STABLE AS $$ SELECT 0 $$ LANGUAGE sql"
        )
        with pytest.raises(WarehouseError, match="that is not one SELECT"):
            made(user, place, query="SELECT 1 AS one; DROP TABLE raw_for_views.people")
    finally:
        admin.execute('DROP SCHEMA "mine" CASCADE')
