"""Every judge of our statements refuses what a page names an error: the checks of this folder, and
the embedded engine.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redshift_connector

from tests.engine import connect, running_engine
from tests.surface.broken import BROKEN, LAYOUT, Broken
from tests.surface.statements import problems
from veil.warehouse import install_statements

PLACE = (
    "CREATE USER keeper PASSWORD 'Abcdefg1'",
    "CREATE ROLE planners",
    "CREATE ROLE keeper_catalog",
    "CREATE GROUP helpers",
    "CREATE GROUP nobody",
    'CREATE SCHEMA "raw"',
    "CREATE SCHEMA src",
    "CREATE SCHEMA ref",
    'CREATE TABLE "raw".customers (id INTEGER, email VARCHAR(100), territory VARCHAR(10), level VARCHAR(20), created_at TIMESTAMP)',
    'CREATE TABLE "raw".types (small INTEGER, big BIGINT, amount NUMERIC(12, 2), ratio DOUBLE PRECISION, flag BOOLEAN, code CHAR(8), '
    "name VARCHAR(80), day DATE, moment TIMESTAMP, instant TIMESTAMPTZ, document SUPER)",
    "CREATE TABLE ref.regions (region VARCHAR(20), active BOOLEAN, size INTEGER)",
)


@pytest.fixture(scope="module")
def place() -> Iterator[redshift_connector.Cursor]:
    """An installation, what the recorded views read, and who is granted something."""
    with running_engine(recording=False) as engine:
        address = engine.address()
        assert address is not None
        with connect(address) as connection, connection.cursor() as cursor:
            for statement in (*PLACE, *install_statements(LAYOUT)):
                cursor.execute(statement)
            cursor.execute(
                f"INSERT INTO immuta_system.profile (immuta__userid, updated_at) VALUES ('{address.username}', SYSDATE)"
            )
            yield cursor


def _run(cursor: redshift_connector.Cursor, statement: str, one: Broken) -> None:
    """Send a statement, and read the view or call the procedure that it makes; undone
    afterwards.
    """
    cursor.execute("BEGIN")
    try:
        cursor.execute(statement)
        if one.of.startswith(("view ", "views/")) and statement.startswith("CREATE"):
            cursor.execute(f"SELECT * FROM {statement.partition(' AS')[0].rpartition(' ')[2]}")
        if one.call:
            cursor.execute(one.call)
    finally:
        cursor.execute("ROLLBACK")


def _named(one: Broken) -> str:
    return f"{one.of}: {one.why}"


@pytest.mark.parametrize("one", BROKEN, ids=_named)
def test_the_surface_test_finds_a_broken_statement_and_passes_ours(one: Broken) -> None:
    assert problems(one.sent) == []
    assert problems(one.statement)


@pytest.mark.parametrize("one", BROKEN, ids=_named)
def test_the_embedded_engine_refuses_a_broken_statement_and_runs_ours(
    place: redshift_connector.Cursor, one: Broken
) -> None:
    if not one.of.startswith(("bootstrap/", "drop group")):
        _run(place, one.sent, one)
    with pytest.raises(redshift_connector.ProgrammingError) as refused:
        _run(place, one.statement, one)
    assert refused.value.args[0]["C"] != "42P01" or "no relation" in one.why or "a relation of" in one.why
