"""Removing an integration takes what veil made and nothing else."""

import re
from dataclasses import replace

import pytest

from tests.warehouse.conftest import run
from tests.warehouse.removal import clearing, complete
from veil.warehouse import (
    Layout,
    Session,
    WarehouseError,
    expected_routines,
    expected_tables,
    expected_views,
    find_layouts,
    install_statements,
    read_installed,
    schemas_left,
    uninstall_statements,
)

THEIRS = {
    "a table in the system schema": ("system", 'CREATE TABLE "{schema}".theirs AS SELECT 1 AS a'),
    "a view in the system schema": ("system", 'CREATE VIEW "{schema}".theirs AS SELECT 1 AS a'),
    "a procedure": ("procedures", 'CREATE PROCEDURE "{schema}".theirs() AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql'),
    "an overload of ours": (
        "procedures",
        'CREATE PROCEDURE "{schema}".switch_project(a INTEGER) AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql',
    ),
    "a function": (
        "functions",
        'CREATE FUNCTION "{schema}".theirs(INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT $1 $$ LANGUAGE sql',
    ),
    "a table beside the views": ("view_schema", 'CREATE TABLE "{schema}".theirs AS SELECT 1 AS a'),
    "a function beside the views": (
        "view_schema",
        'CREATE FUNCTION "{schema}".theirs(INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT $1 $$ LANGUAGE sql',
    ),
}


def uninstall(admin: Session, layout: Layout) -> list[str]:
    """Removes it, and tells which schemas are left."""
    found = read_installed(admin, layout)
    run(admin, uninstall_statements(layout, found, []))
    return schemas_left(layout, found, [])


def test_all_of_an_integration_goes(admin: Session, layout: Layout) -> None:
    run(admin, install_statements(layout))
    assert uninstall(admin, layout) == []
    assert layout not in find_layouts(admin)
    assert read_installed(admin, layout).schema_owners == {}


@pytest.mark.parametrize(("place", "statement"), THEIRS.values(), ids=THEIRS)
def test_what_others_made_stays_with_its_schema_alone(
    admin: Session, layout: Layout, place: str, statement: str
) -> None:
    run(admin, install_statements(layout))
    schema = getattr(layout, place)
    admin.execute(statement.format(schema=schema))
    try:
        assert uninstall(admin, layout) == [schema]
        found = read_installed(admin, layout)
        assert list(found.schema_owners) == [schema]
        assert len(found.kinds) + len(found.routines) == 1
        assert layout not in find_layouts(admin)
    finally:
        run(admin, clearing(layout))


def test_a_view_of_others_over_ours_is_not_dropped_with_it(admin: Session, layout: Layout) -> None:
    run(admin, install_statements(layout))
    admin.execute(f'CREATE VIEW public.theirs AS SELECT kind FROM "{layout.system}".profile_entry')
    try:
        with pytest.raises(WarehouseError, match=r"theirs.* depends on"):
            uninstall(admin, layout)
        assert layout in find_layouts(admin)
    finally:
        admin.execute("DROP VIEW public.theirs")
        run(admin, clearing(layout))


def test_a_thing_of_others_in_the_place_of_one_of_ours_stays(admin: Session, layout: Layout) -> None:
    run(admin, install_statements(layout))
    admin.execute(f'DROP TABLE "{layout.system}".runtime')
    admin.execute(f'CREATE VIEW "{layout.system}".runtime AS SELECT 1 AS theirs')
    try:
        assert uninstall(admin, layout) == [layout.system]
        assert list(read_installed(admin, layout).kinds) == [(layout.system, "runtime")]
    finally:
        run(admin, clearing(layout))


def test_nothing_is_dropped_with_what_depends_on_it() -> None:
    layout = Layout("p", "v")
    statements = uninstall_statements(layout, complete(layout), [("v", "orders")])
    assert not [each for each in statements if re.search("CASCADE", each, re.IGNORECASE)]
    assert statements[0] == 'DROP VIEW IF EXISTS "v"."orders"'
    assert sum(each.startswith("DROP TABLE ") for each in statements) == len(expected_tables(layout))
    routines = ("DROP PROCEDURE ", "DROP FUNCTION ")
    assert sum(each.startswith(routines) for each in statements) == len(expected_routines(layout))
    assert statements[-1] == 'DROP SCHEMA "v" RESTRICT'


def test_no_view_of_ours_goes_before_those_that_read_it() -> None:
    layout = Layout("p", "v", bound=True)
    statements = uninstall_statements(layout, complete(layout), [])
    dropped = [each.removeprefix("DROP VIEW ") for each in statements if each.startswith("DROP VIEW ")]
    made = {f'"{schema}"."{name}"': (name, text) for (schema, name), text in expected_views(layout).items()}
    assert sorted(dropped) == sorted(made)
    reading = {
        view: [each for each, (name, _) in made.items() if each != view and re.search(rf'"\.{name}\b', made[view][1])]
        for view in made
    }
    assert any(reading.values()), "else the test would see nothing"
    for at, view in enumerate(dropped):
        assert not {each for each in dropped[at + 1 :] if view in reading[each]}


def test_a_view_schema_of_somebody_elses_stays() -> None:
    layout = Layout("p", "v")
    found = complete(layout)
    theirs = {**found.schema_owners, "v": "bob"}
    found = replace(found, schema_owners=theirs)
    assert schemas_left(layout, found, []) == ["v"]
    assert 'DROP SCHEMA "v" RESTRICT' not in uninstall_statements(layout, found, [])
