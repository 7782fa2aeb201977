"""A sample of what clients do that needs no installation: what tools ask, psql's commands, and the
driver's metadata.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
import redshift_connector

from tests.clients import __main__ as command
from tests.clients import asking
from tests.clients.place import MissingError, Place
from tests.clients.split import split
from tests.clients.trying import Outcome, expected, statements, surprises
from tests.engine import connect, engine
from veil.local import Engine

__all__ = ["engine"]


@pytest.fixture(scope="module")
def place(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    address = engine.address()
    assert address is not None
    yield Place(address, tmp_path_factory.mktemp("clients"), {})


def test_what_bi_tools_ask_at_connect_is_answered(place: Place) -> None:
    assert asking.tools(place).failed == {}


def test_psql_s_commands_are_answered_as_far_as_8_0_answers_them(place: Place) -> None:
    outcome = asking.psql_commands(place)
    assert surprises(outcome, expected("psql")) == {}
    assert outcome.tried[r"\dt"] is None and outcome.tried[r"\dn"] is None


def test_what_psql_is_refused_for_no_page_of_redshift_s_has() -> None:
    """A command that asks only for what a cluster has is to be answered."""
    surface = Path(__file__).parents[1] / "surface"
    catalogs = json.loads((surface / "catalog.json").read_text(encoding="utf-8"))
    functions = json.loads((surface / "functions.json").read_text(encoding="utf-8"))
    # The catalogs that AWS added have what some of PostgreSQL's came to have later; psql asks
    # PostgreSQL's.
    asked = {name: one for name, one in catalogs.items() if name.startswith("pg_") and not name.endswith("_info")}
    documented = {*catalogs, *functions, *(str(column) for one in asked.values() for column, *_ in one["columns"])}
    for each in expected("psql"):
        found = re.match(r"(?:asks for|calls) (\w+), which", each.reason)
        assert found is not None, each
        assert found[1] not in documented, each


def test_asyncpg_reads_super_as_text_alone_as_it_asks_a_catalog_that_a_cluster_lacks(place: Place) -> None:
    """It looks for what it does not know in pg_range, which came with PostgreSQL 9.2."""

    async def ask(query: str) -> object:
        address = place.address
        connection = await asyncpg.connect(
            host=address.host,
            port=address.port,
            user=address.username,
            password=address.password,
            database=address.database,
            ssl=False,
        )
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    assert asyncio.run(ask("SELECT JSON_SERIALIZE(JSON_PARSE('[1]'))")) == "[1]"
    with pytest.raises(asyncpg.UndefinedTableError, match="pg_range"):
        asyncio.run(ask("SELECT JSON_PARSE('[1]')"))


def test_the_driver_lists_tables_columns_and_keys(place: Place) -> None:
    statements(place, {"tables": asking.TABLES})
    with connect(place.address) as connection, connection.cursor() as cursor:
        database = place.address.database
        assert [row[2] for row in cursor.get_tables(database, "asked", None, ["TABLE"])] == ["orders", "people"]
        assert [row[3] for row in cursor.get_columns(database, "asked", "people", None)] == ["id", "name"]
        assert [row[3] for row in cursor.get_primary_keys(database, "asked", "people")] == ["id"]


def test_the_driver_lists_what_is_in_other_databases(place: Place) -> None:
    statements(place, {"tables": asking.TABLES}, database="dev")
    address = place.address
    with (
        redshift_connector.connect(
            host=address.host,
            port=address.port,
            user=address.username,
            password=address.password,
            database=address.database,
            ssl=False,
            database_metadata_current_db_only=False,
        ) as connection,
        connection.cursor() as cursor,
    ):
        assert {address.database, "dev"} <= {row[0] for row in cursor.get_catalogs()}
        assert [row[2] for row in cursor.get_tables("dev", "asked", None, ["TABLE"])] == ["orders", "people"]
        assert [row[0] for row in cursor.get_imported_keys("dev", "asked", "orders")] == ["dev"]


def test_text_is_concatenated_by_plus_as_aws_s_views_do(place: Place) -> None:
    with connect(place.address) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'a' + current_database() + '.' + n.nspname FROM pg_namespace AS n WHERE n.nspname = 'public'"
        )
        assert cursor.fetchone() == [f"a{place.address.database}.public"]


def test_nothing_of_the_engine_shows_to_a_client(place: Place) -> None:
    for catalog, column in (
        ("pg_class", "relname"),
        ("pg_namespace", "nspname"),
        ("pg_proc", "proname"),
        ("pg_type", "typname"),
        ("pg_constraint", "conname"),
        ("pg_tables", "schemaname"),
        ("pg_views", "schemaname"),
        ("svv_tables", "table_schema"),
        ("svv_all_columns", "schema_name"),
        ("information_schema.tables", "table_schema"),
        ("information_schema.table_constraints", "table_schema"),
    ):
        outcome = statements(place, {catalog: [f"SELECT 1 / (COUNT(*) - COUNT(*) - 1) FROM {catalog}"]})
        assert outcome.failed == {}
        with connect(place.address) as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM {catalog} WHERE {column}::varchar LIKE 'pg\\\\_veil%'")
            assert cursor.fetchall() == ()


def test_a_failure_that_is_listed_is_no_surprise() -> None:
    outcome = Outcome({"a[1]": "wrong", "a[2]": None, "b": "wrong"})
    known = [one for one in expected("psql") if one.pattern == r"\l"]
    assert surprises(outcome, known) == {"a[1]": "wrong", "b": "wrong"}
    assert surprises(Outcome({r"\l": "no"}), known) == {}


def test_a_listed_failure_needs_a_reason(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("one # because\ntwo\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no reason is given for 'two'"):
        expected("x", tmp_path)


@pytest.mark.parametrize("client", [client.name for client in command.CLIENTS])
def test_every_list_of_failures_is_in_order(client: str) -> None:
    assert all(one.reason for one in expected(client))


def test_a_checkout_that_is_missing_is_a_failure_that_says_what_to_do(place: Place) -> None:
    with pytest.raises(MissingError, match="--checkout some-repository=FOLDER"):
        place.checkout("some-repository", "src")


def test_a_client_without_an_outcome_has_not_passed() -> None:
    client = command.CLIENTS[0]
    assert not command.Result(client, None, "it is not there").is_enough
    assert not command.Result(client, Outcome()).is_enough
    assert command.Result(client, Outcome({"one": None})).is_enough
    assert not command.Result(client, Outcome({"one": None, "two": "wrong"})).is_enough


def test_a_script_is_cut_where_psql_would() -> None:
    assert split("SELECT ';'; -- a;b\nSELECT $$;$$;;") == ["SELECT ';'", "SELECT $$;$$"]
