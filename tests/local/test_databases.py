"""Several databases: three-part names, whose permissions count, and what Redshift refuses across
databases.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.engine import connect
from tests.local.conftest import Client, ServerError
from veil.local import Engine
from veil.local.cluster.binaries import psql


@dataclass(frozen=True)
class Place:
    """A second database with tables in it, and users who may read this or that."""

    there: Client  # the administrator in the other database
    reader: Client  # may read raw.people, in the database of the views
    stranger: Client  # has no permission over there


@pytest.fixture(scope="module")
def place(admin: Client, sign_in: Callable[..., Client]) -> Iterator[Place]:
    admin("CREATE DATABASE lake")
    for name in ("lake_reader", "lake_stranger", "lake_owner"):
        admin(f"CREATE USER {name} PASSWORD 'Secret123'")
    there = sign_in(database="lake")
    there('CREATE SCHEMA "raw"')
    there(
        'CREATE TABLE "raw".people (id INTEGER, name VARCHAR(20), amount NUMERIC(10, 2), born DATE, seen TIMESTAMP, doc SUPER)'
    )
    there(
        """INSERT INTO "raw".people SELECT 1, 'Ann "x" \\\\ y', 12.50, '1990-01-02', '2024-01-02 03:04:05.678', JSON_PARSE('{"a": [1, 2]}')"""
    )
    there('INSERT INTO "raw".people (id) VALUES (2)')
    there('CREATE TABLE "raw".secrets (id INTEGER)')
    there('GRANT USAGE ON SCHEMA "raw" TO lake_reader, lake_owner')
    there('GRANT SELECT ON "raw".people TO lake_reader, lake_owner')
    admin("CREATE SCHEMA here")
    admin("GRANT ALL ON SCHEMA here TO PUBLIC")
    yield Place(there, sign_in("lake_reader", "Secret123"), sign_in("lake_stranger", "Secret123"))
    admin("DROP SCHEMA here CASCADE")


def refused(client: Client, sql: str) -> tuple[str, str]:
    with pytest.raises(ServerError) as error:
        client(sql)
    return error.value.code, error.value.message


def test_a_query_reads_a_table_of_another_database(admin: Client, place: Place) -> None:
    assert admin(
        "SELECT p.id, p.name, p.amount::varchar, p.born::varchar, p.doc.a[1]::int FROM lake.raw.people AS p ORDER BY 1"
    ) == [(1, 'Ann "x" \\ y', "12.50", "1990-01-02", 2), (2, None, None, None, None)]
    assert admin.one("SELECT COUNT(*) FROM lake.raw.people WHERE people.seen = '2024-01-02 03:04:05.678'") == 1
    assert admin('SELECT a.id FROM "Lake"."RAW"."people" a JOIN lake.raw.people b ON a.id = b.id ORDER BY 1') == [
        (1,),
        (2,),
    ]


def test_a_table_is_filled_from_another_database(admin: Client, place: Place) -> None:
    admin("CREATE TABLE here.filled AS SELECT id, name FROM lake.raw.people")
    admin(
        "INSERT INTO here.filled SELECT id + 10, name FROM lake.raw.people WHERE id IN (SELECT id FROM lake.raw.people)"
    )
    assert admin.one("SELECT SUM(id) FROM here.filled") == 26


def test_the_name_of_the_own_database_may_be_written_too(admin: Client, place: Place) -> None:
    admin("CREATE TABLE here.own (id INTEGER)")
    assert admin.one("SELECT COUNT(*) FROM analytics.here.own") == 0


def test_the_permissions_over_there_count(place: Place) -> None:
    assert place.reader.one("SELECT COUNT(*) FROM lake.raw.people") == 2
    assert refused(place.stranger, "SELECT * FROM lake.raw.people") == ("42501", "permission denied for schema raw")
    assert refused(place.reader, "SELECT * FROM lake.raw.secrets") == ("42501", "permission denied for table secrets")


def test_through_a_late_binding_view_the_permissions_of_its_owner_count(admin: Client, place: Place) -> None:
    admin("CREATE VIEW here.people AS SELECT p.id, p.name FROM lake.raw.people AS p WITH NO SCHEMA BINDING")
    admin("CREATE VIEW here.over AS SELECT id FROM here.people")
    admin("GRANT SELECT ON here.people, here.over TO lake_stranger")
    admin("ALTER TABLE here.people OWNER TO lake_owner")
    assert place.stranger("SELECT id, name FROM here.people ORDER BY id") == [(1, 'Ann "x" \\ y'), (2, None)]
    assert place.stranger("SELECT id FROM here.over ORDER BY id") == [(1,), (2,)]
    place.there('REVOKE SELECT ON "raw".people FROM lake_owner')
    denied = ("42501", "permission denied for table people")
    assert refused(place.stranger, "SELECT id FROM here.people") == denied
    assert refused(admin, "SELECT id FROM here.people") == denied
    place.there('GRANT SELECT ON "raw".people TO lake_owner')
    place.there('REVOKE USAGE ON SCHEMA "raw" FROM lake_owner')
    assert refused(place.stranger, "SELECT id FROM here.people") == ("42501", "permission denied for schema raw")
    place.there('GRANT USAGE ON SCHEMA "raw" TO lake_owner')


def test_a_user_s_own_view_gives_them_nothing_that_they_may_not_read(place: Place) -> None:
    place.stranger("CREATE VIEW here.mine AS SELECT id FROM lake.raw.people WITH NO SCHEMA BINDING")
    assert refused(place.stranger, "SELECT * FROM here.mine") == ("42501", "permission denied for schema raw")


def test_a_view_over_there_is_read_as_the_user_who_asks(admin: Client, place: Place) -> None:
    place.there('CREATE VIEW "raw".me AS SELECT CURRENT_USER AS me')
    place.there('GRANT SELECT ON "raw".me TO lake_owner, lake_reader')
    admin("CREATE VIEW here.me AS SELECT me FROM lake.raw.me WITH NO SCHEMA BINDING")
    admin("ALTER TABLE here.me OWNER TO lake_owner")
    admin("GRANT SELECT ON here.me TO lake_stranger")
    assert place.reader.one("SELECT me FROM lake.raw.me") == "lake_reader"
    assert place.stranger.one("SELECT me FROM here.me") == "lake_stranger"
    assert refused(place.stranger, "SELECT me FROM lake.raw.me")[0] == "42501"
    place.there('REVOKE SELECT ON "raw".me FROM lake_owner')
    assert refused(place.stranger, "SELECT me FROM here.me") == ("42501", "permission denied for view me")


def test_a_late_binding_view_follows_what_becomes_of_the_table(admin: Client, place: Place) -> None:
    admin("CREATE VIEW here.late AS SELECT t.a, t.b FROM lake.raw.late AS t WITH NO SCHEMA BINDING")
    assert refused(admin, "SELECT * FROM here.late") == ("42P01", 'relation "lake.raw.late" does not exist')
    place.there('CREATE TABLE "raw".late (a INTEGER, b VARCHAR(5))')
    place.there("INSERT INTO \"raw\".late VALUES (1, 'x')")
    assert admin("SELECT a, b FROM here.late") == [(1, "x")]
    place.there('DROP TABLE "raw".late')
    assert refused(admin, "SELECT a FROM here.late") == ("42P01", 'relation "lake.raw.late" does not exist')
    place.there('CREATE TABLE "raw".late (b DATE, a BIGINT, c INTEGER)')
    place.there("INSERT INTO \"raw\".late VALUES ('2024-01-01', 5000000000, 1)")
    assert admin("SELECT a, b::varchar FROM here.late") == [(5000000000, "2024-01-01")]
    assert admin(
        "SELECT column_name, data_type FROM svv_columns WHERE table_schema = 'here' AND table_name = 'late' ORDER BY 1"
    ) == [
        ("a", "bigint"),
        ("b", "date"),
    ]
    place.there('ALTER TABLE "raw".late DROP COLUMN b')
    assert refused(admin, "SELECT 1 FROM here.late") == ("42703", "column t.b does not exist")


def test_a_transaction_over_there_is_seen_once_it_commits(admin: Client, place: Place) -> None:
    place.there('CREATE TABLE "raw".counted (a INTEGER)')
    place.there("BEGIN")
    place.there('INSERT INTO "raw".counted VALUES (1)')
    assert admin.one("SELECT COUNT(*) FROM lake.raw.counted") == 0
    place.there("COMMIT")
    assert admin.one("SELECT COUNT(*) FROM lake.raw.counted") == 1


def test_a_procedure_reads_another_database_in_its_text_and_in_dynamic_statements(admin: Client, place: Place) -> None:
    admin("""CREATE PROCEDURE here.count_both(total INOUT INTEGER) AS $$
        DECLARE other INTEGER;
        BEGIN
          SELECT INTO total COUNT(*) FROM lake.raw.people;
          EXECUTE 'SELECT COUNT(*) FROM lake.raw.secrets' INTO other;
          total := total * 10 + other;
        END $$ LANGUAGE plpgsql""")
    assert admin.one("CALL here.count_both(0)") == 20


def test_in_a_definer_procedure_the_permissions_of_its_owner_count(admin: Client, place: Place) -> None:
    admin("""CREATE PROCEDURE here.lent(total INOUT INTEGER) AS $$
        BEGIN SELECT INTO total COUNT(*) FROM lake.raw.people; END $$ LANGUAGE plpgsql SECURITY DEFINER""")
    admin("GRANT EXECUTE ON PROCEDURE here.lent(INTEGER) TO lake_stranger")
    assert place.stranger.one("CALL here.lent(0)") == 2
    admin("ALTER PROCEDURE here.lent(INTEGER) OWNER TO lake_stranger")
    assert refused(admin, "CALL here.lent(0)") == ("42501", "permission denied for schema raw")


def test_another_session_s_authorization_is_that_user_s(sign_in: Callable[..., Client], place: Place) -> None:
    client = sign_in()
    client("SET SESSION AUTHORIZATION lake_stranger")
    assert refused(client, "SELECT COUNT(*) FROM lake.raw.people")[0] == "42501"
    client("SET SESSION AUTHORIZATION lake_reader")
    assert client.one("SELECT COUNT(*) FROM lake.raw.people") == 2


def test_one_message_may_read_several_databases(engine: Engine, place: Place) -> None:
    address = engine.address()
    assert address is not None
    done = subprocess.run(
        [str(psql()), "-XAtq", "-h", address.host, "-p", str(address.port), "-U", address.username, "-d", "dev", "-c",
         "SELECT COUNT(*) FROM lake.raw.people; SELECT id FROM lake.raw.people ORDER BY 1; SELECT 'x' FROM lake.raw.secrets"],
        env=os.environ | {"PGPASSWORD": address.password}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["2", "1", "2"]


def test_a_read_in_another_database_can_be_cancelled(place: Place, sign_in: Callable[..., Client]) -> None:
    place.there('CREATE TABLE "raw".locked (a INTEGER)')
    place.there("BEGIN")
    place.there('LOCK "raw".locked')
    client = sign_in()
    client("SET statement_timeout TO 300")
    assert refused(client, "SELECT a FROM lake.raw.locked")[0] == "57014"
    place.there("ROLLBACK")
    assert client("SELECT a FROM lake.raw.locked") == []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO lake.raw.people (id) VALUES (3)",
        "UPDATE lake.raw.people SET id = 3",
        "DELETE FROM lake.raw.people",
        "TRUNCATE lake.raw.people",
        "CREATE TABLE lake.raw.new (a INTEGER)",
        "DROP TABLE lake.raw.people",
        "CREATE VIEW lake.raw.new AS SELECT 1 AS a WITH NO SCHEMA BINDING",
        "SELECT lake.raw.some_function(1)",
    ],
)
def test_nothing_is_written_to_another_database(admin: Client, place: Place, statement: str) -> None:
    assert refused(admin, statement)[0] == "0A000"
    assert place.there.one('SELECT COUNT(*) FROM "raw".people') == 2


def test_a_bound_view_cannot_read_another_database(admin: Client, place: Place) -> None:
    with pytest.raises(ServerError, match="bound to relations of another database") as error:
        admin("CREATE VIEW here.bound AS SELECT id FROM lake.raw.people")
    assert "WITH NO SCHEMA BINDING" in error.value.hint


def test_a_view_over_there_that_reads_a_third_database_cannot_be_read(admin: Client, place: Place) -> None:
    admin("CREATE TABLE here.third (a INTEGER)")
    place.there('CREATE VIEW "raw".back AS SELECT a FROM analytics.here.third WITH NO SCHEMA BINDING')
    assert place.there('SELECT a FROM "raw".back') == []
    assert refused(admin, "SELECT a FROM lake.raw.back")[0] == "0A000"


def test_a_table_with_column_privileges_cannot_be_read_from_another_database(admin: Client, place: Place) -> None:
    place.there('CREATE TABLE "raw".columned (a INTEGER, b INTEGER)')
    place.there('GRANT SELECT (a) ON "raw".columned TO lake_reader')
    code, message = refused(place.reader, "SELECT a FROM lake.raw.columned")
    assert (code, "column-level privileges" in message) == ("0A000", True)


def test_what_is_not_there_is_named_as_it_was_asked_for(admin: Client, place: Place) -> None:
    assert refused(admin, "SELECT 1 FROM lake.raw.nothing") == ("42P01", 'relation "lake.raw.nothing" does not exist')
    assert refused(admin, "SELECT 1 FROM nowhere.raw.t") == ("42P01", 'relation "nowhere.raw.t" does not exist')


def test_long_names_are_told_apart(admin: Client, place: Place) -> None:
    names = [f"{'n' * 55}_{number}" for number in range(2)]
    for number, name in enumerate(names):
        place.there(f'CREATE TABLE "raw".{name} AS SELECT {number} AS a')
    assert [admin.one(f"SELECT a FROM lake.raw.{name}") for name in names] == [0, 1]


def test_the_catalog_shows_each_user_what_is_theirs_in_all_databases(admin: Client, place: Place) -> None:
    asked = "SELECT database_name, schema_name FROM {} WHERE table_name = 'people' AND database_name = 'lake'"
    for name in ("svv_all_tables", "svv_redshift_tables"):
        assert admin(asked.format(name)) == [("lake", "raw")]
        assert place.reader(asked.format(name)) == [("lake", "raw")]
        assert place.stranger(asked.format(name)) == []
    columns = "SELECT column_name, data_type FROM {} WHERE database_name = 'lake' AND table_name = 'people' ORDER BY ordinal_position"
    assert place.reader(columns.format("svv_all_columns"))[:3] == [
        ("id", "integer"),
        ("name", "character varying"),
        ("amount", "numeric"),
    ]
    assert place.reader(columns.format("svv_redshift_columns"))[1] == ("name", "character varying(20)")
    assert place.stranger(columns.format("svv_all_columns")) == []
    assert ("lake", "raw") in admin("SELECT database_name, schema_name FROM svv_all_schemas")
    assert ("lake",) in place.stranger("SELECT database_name FROM svv_redshift_databases")
    assert [row[1:3] for row in admin("SHOW TABLES FROM SCHEMA lake.raw LIKE 'people'")] == [("raw", "people")]


def test_stand_ins_show_up_nowhere(admin: Client, place: Place) -> None:
    admin("SELECT COUNT(*) FROM lake.raw.people")
    for name in ("svv_tables", "svv_all_tables"):
        assert admin(f"SELECT * FROM {name} WHERE table_name LIKE 'lake.%'") == []
    assert refused(place.stranger, 'SELECT * FROM pg_veil."lake.raw.people"')[0] == "42501"


def test_a_database_can_be_dropped_after_it_was_read(admin: Client, engine: Engine) -> None:
    address = engine.address()
    assert address is not None
    admin("CREATE DATABASE brief")
    with connect(address, database="brief") as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.t AS SELECT 1 AS a")
    assert admin.one("SELECT a FROM brief.public.t") == 1
    admin("DROP DATABASE brief")
    assert refused(admin, "SELECT a FROM brief.public.t") == ("42P01", 'relation "brief.public.t" does not exist')


def test_a_database_of_a_name_that_was_there_before_starts_anew(admin: Client, engine: Engine, place: Place) -> None:
    address = engine.address()
    assert address is not None
    for external in (True, False):
        admin("CREATE DATABASE again")
        with connect(address, database="again") as connection:
            again = Client(connection)
            assert again.one("SELECT COUNT(*) FROM lake.raw.people") == 2
            if external:
                again("CREATE EXTERNAL SCHEMA x FROM DATA CATALOG DATABASE 'd' IAM_ROLE 'r'")
            else:
                again("CREATE SCHEMA x")
                again("CREATE TABLE x.t AS SELECT 1 AS a")
                again("DROP TABLE x.t")
        admin("DROP DATABASE again")


def test_all_is_there_after_a_restart_unless_it_is_one_without_cross_database_queries(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    engine = Engine(tmp_path_factory.mktemp("restarted") / "local")
    address = engine.up(progress=lambda line: None)
    try:
        (engine.storage / "b").mkdir(parents=True)
        (engine.storage / "b" / "t.txt").write_text("7\n")
        with connect(address) as here, connect(address, database="dev") as there:
            Client(there)("CREATE TABLE public.t AS SELECT 1 AS a")
            Client(here)("CREATE SCHEMA s")
            Client(here)("CREATE VIEW s.v AS SELECT t.a FROM dev.public.t AS t WITH NO SCHEMA BINDING")
            external = "CREATE EXTERNAL SCHEMA x FROM DATA CATALOG DATABASE 'd' IAM_ROLE 'r' CREATE EXTERNAL DATABASE"
            Client(here)(external)
            Client(here)("CREATE EXTERNAL TABLE x.t (a INT) STORED AS TEXTFILE LOCATION 's3://b/t.txt'")
        engine.down()
        address = engine.up(progress=lambda line: None)
        with connect(address) as here, connect(address, database="dev") as there:
            Client(there)("DROP TABLE public.t")
            Client(there)("CREATE TABLE public.t AS SELECT 'x'::varchar AS a")
            assert Client(here)("SELECT a FROM s.v") == [("x",)]
            assert Client(here)("SELECT a FROM x.t") == [(7,)]
            assert refused(Client(here), "DELETE FROM x.t") == ("0A000", "Operation not supported on external tables")
        engine.down()
        address = engine.up(progress=lambda line: None, cross_database=False)
        with connect(address) as here:
            _check_without_cross_database(Client(here))
    finally:
        engine.reset()


def _check_without_cross_database(client: Client) -> None:
    message = 'cross-database references are not implemented: "dev.public.t"'
    assert refused(client, "SELECT * FROM dev.public.t") == ("0A000", message)
    client("CREATE VIEW s.w AS SELECT a FROM dev.public.t WITH NO SCHEMA BINDING")
    assert refused(client, "SELECT * FROM s.w") == ("0A000", message)
    assert refused(client, "SELECT * FROM s.v") == ("0A000", message)
    assert client("SELECT DISTINCT database_name FROM svv_all_schemas") == [("analytics",)]
    assert client("SELECT database_name FROM svv_redshift_databases ORDER BY 1") == [("analytics",), ("dev",)]
