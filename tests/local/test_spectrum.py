"""External schemas and tables over local files: what Spectrum reads, who may, and what Redshift
refuses.
"""

from __future__ import annotations

import datetime
import gzip
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.local.conftest import Client, ServerError
from veil.local import Engine

ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/spectrum'"


@dataclass(frozen=True)
class Place:
    """An external schema with tables, and users who may or may not use it."""

    bucket: Path
    user: Client
    stranger: Client


def refused(client: Client, sql: str) -> tuple[str, str]:
    with pytest.raises(ServerError) as error:
        client(sql)
    return error.value.code, error.value.message


@pytest.fixture(scope="module")
def place(admin: Client, sign_in: Callable[..., Client], engine: Engine) -> Iterator[Place]:
    bucket = engine.storage / "bucket"
    (bucket / "sales").mkdir(parents=True)
    pq.write_table(
        pa.table(
            {
                "ID": pa.array([1, 2], pa.int32()),
                "name": ["Ann", None],
                "amount": pa.array([Decimal("12.50"), None], pa.decimal128(10, 2)),
                "born": pa.array([datetime.date(1990, 1, 2), None], pa.date32()),
                "seen": pa.array([datetime.datetime(2024, 1, 2, 3, 4, 5, 678), None], pa.timestamp("ns")),
                "rate": [0.25, float("nan")],
                "fine": [True, None],
                "unknown_to_the_table": ["x", "y"],
            }
        ),
        bucket / "sales" / "one.parquet",
    )
    (bucket / "sales" / "_temporary").write_text("passed over")
    (bucket / "people").mkdir()
    (bucket / "people" / "a.csv").write_text("id,name\n1,Ann\n2,\n3\n4,Dee,more\n")
    with gzip.open(bucket / "people" / "b.csv.gz", "wt") as file:
        file.write("id,name\n5,Eve\n")
    admin(
        f"CREATE EXTERNAL SCHEMA ext FROM DATA CATALOG DATABASE 'Sales' {ROLE} CREATE EXTERNAL DATABASE IF NOT EXISTS"
    )
    admin("""CREATE EXTERNAL TABLE ext.sales (id INTEGER, name VARCHAR(20), amount DECIMAL(10,2), born DATE, seen TIMESTAMP,
        rate DOUBLE PRECISION, fine BOOLEAN, missing CHAR(3)) STORED AS PARQUET LOCATION 's3://bucket/sales/'""")
    admin("""CREATE EXTERNAL TABLE ext.people (id BIGINT, name VARCHAR(10)) ROW FORMAT DELIMITED FIELDS TERMINATED BY ','
        STORED AS TEXTFILE LOCATION 's3://bucket/people/' TABLE PROPERTIES ('skip.header.line.count'='1')""")
    admin("CREATE SCHEMA seen_through")
    admin("GRANT ALL ON SCHEMA seen_through TO PUBLIC")
    for name in ("spectrum_user", "spectrum_stranger"):
        admin(f"CREATE USER {name} PASSWORD 'Secret123'")
    admin("GRANT USAGE ON SCHEMA ext TO spectrum_user")
    yield Place(bucket, sign_in("spectrum_user", "Secret123"), sign_in("spectrum_stranger", "Secret123"))
    admin("DROP SCHEMA seen_through CASCADE")
    admin("DROP SCHEMA ext DROP EXTERNAL DATABASE")


def test_parquet_files_are_read_by_the_names_of_their_columns(admin: Client, place: Place) -> None:
    assert admin(
        "SELECT id, name, amount::varchar, born::varchar, seen::varchar, rate::varchar, fine, missing FROM ext.sales ORDER BY id"
    ) == [
        (1, "Ann", "12.50", "1990-01-02", "2024-01-02 03:04:05.000678", "0.25", True, None),
        (2, None, None, None, None, "NaN", None, None),
    ]


def test_text_files_are_read_with_their_header_left_out_and_lines_made_to_fit(admin: Client, place: Place) -> None:
    assert admin("SELECT id, name FROM ext.people ORDER BY id") == [
        (1, "Ann"),
        (2, ""),
        (3, None),
        (4, "Dee"),
        (5, "Eve"),
    ]


def test_a_new_file_shows_up_in_the_next_query(admin: Client, place: Place) -> None:
    new = place.bucket / "people" / "c.csv"
    before = admin.one("SELECT COUNT(*) FROM ext.people")
    new.write_text("id,name\n6,Fay\n")
    assert admin.one("SELECT COUNT(*) FROM ext.people") == before + 1
    new.unlink()
    assert admin.one("SELECT COUNT(*) FROM ext.people") == before


def test_quoted_fields_need_the_serde_for_them(admin: Client, place: Place) -> None:
    (place.bucket / "quoted.csv").write_text('1,"a, ""b"""\n2,plain\n')
    admin("""CREATE EXTERNAL TABLE ext.quoted (id INT, name VARCHAR(20))
        ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' WITH SERDEPROPERTIES ('separatorChar'=',', 'quoteChar'='"')
        STORED AS TEXTFILE LOCATION 's3://bucket/quoted.csv'""")
    assert admin("SELECT id, name FROM ext.quoted ORDER BY id") == [(1, 'a, "b"'), (2, "plain")]


def test_partitions_are_read_once_they_are_known(admin: Client, place: Place) -> None:
    for day in ("2024-01-01", "2024-01-02"):
        folder = place.bucket / "parts" / f"day={day}"
        folder.mkdir(parents=True)
        (folder / "x.txt").write_text("1|a\n2|b\n")
    admin("""CREATE EXTERNAL TABLE ext.parts (id INT, name VARCHAR(5)) PARTITIONED BY (day DATE)
        ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' STORED AS TEXTFILE LOCATION 's3://bucket/parts/'""")
    assert admin.one("SELECT COUNT(*) FROM ext.parts") == 0
    add = "ALTER TABLE ext.parts ADD {}PARTITION (day='2024-01-01') LOCATION 's3://bucket/parts/day=2024-01-01/'"
    admin(add.format(""))
    admin(add.format("IF NOT EXISTS "))
    assert refused(admin, add.format(""))[0] == "42710"
    assert admin("SELECT id, day::varchar FROM ext.parts ORDER BY id") == [(1, "2024-01-01"), (2, "2024-01-01")]
    assert admin("SELECT values FROM svv_external_partitions WHERE tablename = 'parts'") == [('["2024-01-01"]',)]
    assert admin(
        "SELECT columnname, part_key FROM svv_external_columns WHERE tablename = 'parts' ORDER BY columnnum"
    ) == [
        ("id", 0),
        ("name", 0),
        ("day", 1),
    ]
    admin("ALTER TABLE ext.parts DROP PARTITION (day='2024-01-01')")
    assert admin.one("SELECT COUNT(*) FROM ext.parts") == 0


@pytest.mark.parametrize("kind", ["INTEGER", "VARCHAR(20)", "DATE", "DECIMAL(5,2)"])
def test_a_file_that_does_not_fit_is_an_error_without_its_values(admin: Client, place: Place, kind: str) -> None:
    name = f"unfit_{kind[:4].lower()}"
    pq.write_table(pa.table({"v": pa.array([123456789012], pa.int64())}), place.bucket / f"{name}.parquet")
    admin(f"CREATE EXTERNAL TABLE ext.{name} (v {kind}) STORED AS PARQUET LOCATION 's3://bucket/{name}.parquet'")
    code, message = refused(admin, f"SELECT v FROM ext.{name}")
    assert (code, message[:19]) == ("XX000", "Spectrum Scan Error")
    assert "123456789012" not in message
    assert 'column "v"' in message


def test_a_field_that_cannot_be_read_is_an_error_without_its_value(admin: Client, place: Place) -> None:
    (place.bucket / "secret.csv").write_text("hunter2\n")
    admin("""CREATE EXTERNAL TABLE ext.secret (v INT) ROW FORMAT DELIMITED FIELDS TERMINATED BY ','
        STORED AS TEXTFILE LOCATION 's3://bucket/secret.csv'""")
    code, message = refused(admin, "SELECT v FROM ext.secret")
    assert (code, "hunter2" in message) == ("XX000", False)


@pytest.mark.parametrize("location", ["s3://bucket/../../address.json", "s3://../address.json", "s3:///etc/passwd"])
def test_a_location_does_not_lead_out_of_the_storage(admin: Client, place: Place, location: str) -> None:
    name = f"out_{abs(hash(location))}"
    admin(f"CREATE EXTERNAL TABLE ext.{name} (v VARCHAR(100)) STORED AS TEXTFILE LOCATION '{location}'")
    try:
        assert refused(admin, f"SELECT v FROM ext.{name}")[0] == "22023"
    finally:
        admin(f"DROP TABLE ext.{name}")


def test_usage_on_the_schema_is_what_counts(place: Place) -> None:
    assert place.user.one("SELECT COUNT(*) FROM ext.people") == 5
    assert refused(place.stranger, "SELECT COUNT(*) FROM ext.people") == ("42501", "permission denied for schema ext")


def test_through_a_late_binding_view_the_asking_user_needs_usage_too(admin: Client, place: Place) -> None:
    admin("CREATE VIEW seen_through.people AS SELECT p.id, p.name FROM ext.people AS p WITH NO SCHEMA BINDING")
    admin("GRANT SELECT ON seen_through.people TO spectrum_user, spectrum_stranger")
    assert place.user.one("SELECT COUNT(*) FROM seen_through.people") == 5
    assert refused(place.stranger, "SELECT id FROM seen_through.people") == (
        "42501",
        "permission denied for schema ext",
    )


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        ("(SELECT current_user = 'nobody')", ""),
        ("id = 0", ""),
        ("TRUE", "WHERE id = 0"),
        ("TRUE", "LIMIT 0"),
        ("1 = 0", ""),
    ],
)
def test_usage_is_asked_for_though_no_row_would_be_read(
    admin: Client, place: Place, condition: str, asked: str
) -> None:
    admin(
        "CREATE OR REPLACE VIEW seen_through.none AS SELECT p.id, p.name FROM ext.people AS p "
        f"WHERE {condition} WITH NO SCHEMA BINDING"
    )
    admin("GRANT SELECT ON seen_through.none TO spectrum_user, spectrum_stranger")
    place.user(f"SELECT id FROM seen_through.none {asked}")
    for sql in (
        f"SELECT id FROM seen_through.none {asked}",
        f"SELECT COUNT(*) FROM (SELECT id FROM seen_through.none {asked})",
    ):
        assert refused(place.stranger, sql) == ("42501", "permission denied for schema ext")


def test_a_late_binding_view_follows_what_becomes_of_the_table(admin: Client, place: Place) -> None:
    (place.bucket / "late.txt").write_text("1\n")
    create = "CREATE EXTERNAL TABLE ext.late (a {}) STORED AS TEXTFILE LOCATION 's3://bucket/late.txt'"
    admin("CREATE VIEW seen_through.late AS SELECT t.a FROM ext.late AS t WITH NO SCHEMA BINDING")
    assert refused(admin, "SELECT a FROM seen_through.late") == ("42P01", 'relation "ext.late" does not exist')
    admin(create.format("INT"))
    assert admin.one("SELECT a + 1 FROM seen_through.late") == 2
    admin("DROP TABLE ext.late")
    assert refused(admin, "SELECT 1 FROM seen_through.late") == ("42P01", 'relation "ext.late" does not exist')
    admin(create.format("VARCHAR(5)"))
    assert admin.one("SELECT a || 'x' FROM seen_through.late") == "1x"
    admin("ALTER TABLE ext.late ADD COLUMN b INT")
    assert admin("SELECT a, b FROM ext.late") == [("1", None)]


def test_a_bound_view_is_refused_with_redshift_s_words(admin: Client, place: Place) -> None:
    with pytest.raises(ServerError) as error:
        admin("CREATE VIEW seen_through.bound AS SELECT id FROM ext.people")
    assert (error.value.code, error.value.message) == ("0A000", "External tables are not supported in views")
    assert "no schema binding" in error.value.hint


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ext.people SET id = 1",
        "DELETE FROM ext.people",
        "TRUNCATE TABLE ext.people",
        "GRANT SELECT ON ext.people TO spectrum_stranger",
        "GRANT SELECT ON TABLE ext.people TO spectrum_stranger",
        "REVOKE SELECT ON ext.people FROM PUBLIC",
        "CREATE TABLE ext.local (a INT)",
        "CREATE OR REPLACE VIEW ext.people AS SELECT 1 AS a",
        "DROP VIEW ext.people",
        "ALTER TABLE ext.people OWNER TO spectrum_user",
    ],
)
def test_external_tables_are_read_only_and_have_no_permissions_of_their_own(
    admin: Client, place: Place, statement: str
) -> None:
    assert refused(admin, statement) == ("0A000", "Operation not supported on external tables")


@pytest.mark.parametrize(
    ("statement", "code", "said"),
    [
        ("INSERT INTO ext.people VALUES (9, 'x')", "0A000", "INSERT into an external table"),
        (
            "CREATE EXTERNAL TABLE public.t (a INT) STORED AS PARQUET LOCATION 's3://b/'",
            "0A000",
            "not an external schema",
        ),
        ("CREATE EXTERNAL TABLE nowhere.t (a INT) STORED AS PARQUET LOCATION 's3://b/'", "3F000", "does not exist"),
        ("CREATE EXTERNAL TABLE ext.people (a INT) STORED AS PARQUET LOCATION 's3://b/'", "42P07", "already exists"),
        ("CREATE EXTERNAL TABLE ext.t (a INT) STORED AS PARQUET", "42601", "LOCATION"),
        ("CREATE EXTERNAL TABLE ext.t (a INT) STORED AS ORC LOCATION 's3://b/'", "0A000", "STORED AS ORC"),
        ("CREATE EXTERNAL TABLE ext.t (a SUPER) STORED AS PARQUET LOCATION 's3://b/'", "0A000", "The type SUPER"),
        ("CREATE EXTERNAL SCHEMA e FROM HIVE METASTORE DATABASE 'd' URI 'x'", "0A000", "DATA CATALOG"),
        ("CREATE EXTERNAL SCHEMA e FROM DATA CATALOG DATABASE 'd'", "42601", "IAM_ROLE"),
        ("DROP TABLE ext.nothing", "42P01", "does not exist"),
    ],
)
def test_what_cannot_be_made_says_why(admin: Client, place: Place, statement: str, code: str, said: str) -> None:
    found, message = refused(admin, statement)
    assert (found, said in message) == (code, True), message


def test_permissions_on_all_tables_of_an_external_schema_change_nothing(admin: Client, place: Place) -> None:
    admin("GRANT SELECT ON ALL TABLES IN SCHEMA ext TO spectrum_stranger")
    assert refused(place.stranger, "SELECT COUNT(*) FROM ext.people")[0] == "42501"
    admin("REVOKE ALL ON ALL TABLES IN SCHEMA ext FROM PUBLIC, spectrum_user")
    assert place.user.one("SELECT COUNT(*) FROM ext.people") == 5


def test_an_external_schema_may_be_there_already(admin: Client, place: Place) -> None:
    admin(f"CREATE EXTERNAL SCHEMA IF NOT EXISTS ext FROM DATA CATALOG DATABASE 'sales' {ROLE}")
    assert refused(admin, f"CREATE EXTERNAL SCHEMA ext FROM DATA CATALOG DATABASE 'sales' {ROLE}")[0] == "42P06"


def test_external_ddl_needs_the_owner_of_the_schema(place: Place) -> None:
    statement = "CREATE EXTERNAL TABLE ext.mine (a INT) STORED AS PARQUET LOCATION 's3://bucket/mine/'"
    assert refused(place.user, statement) == ("42501", "must be owner of schema ext")
    assert refused(place.user, "DROP TABLE ext.people") == ("42501", "must be owner of schema ext")


def test_external_ddl_cannot_run_in_a_transaction_block(admin: Client, place: Place) -> None:
    admin("BEGIN")
    try:
        assert refused(admin, "CREATE EXTERNAL TABLE ext.t (a INT) STORED AS PARQUET LOCATION 's3://b/'") == (
            "25001",
            "CREATE EXTERNAL TABLE cannot run inside a transaction block",
        )
    finally:
        admin("ROLLBACK")


def test_the_catalog_shows_external_tables_to_those_who_may_use_their_schema(admin: Client, place: Place) -> None:
    columns = "SELECT columnname, external_type FROM svv_external_columns WHERE schemaname = 'ext' AND tablename = 'sales' ORDER BY columnnum"
    assert place.user(columns) == [
        ("id", "int"),
        ("name", "varchar(20)"),
        ("amount", "decimal(10,2)"),
        ("born", "date"),
        ("seen", "timestamp"),
        ("rate", "double"),
        ("fine", "boolean"),
        ("missing", "char(3)"),
    ]
    assert place.stranger(columns) == []
    assert place.user("SELECT schemaname, databasename FROM svv_external_schemas") == [("ext", "sales")]
    assert place.user("SELECT databasename FROM svv_external_databases") == [("sales",)]
    assert place.user("SELECT location FROM svv_external_tables WHERE tablename = 'people'") == [
        ("s3://bucket/people/",)
    ]
    assert place.user("SELECT table_type FROM svv_all_tables WHERE schema_name = 'ext' AND table_name = 'people'") == [
        ("EXTERNAL TABLE",)
    ]
    listed = (
        "SELECT column_name, data_type, character_maximum_length FROM {} WHERE table_name = 'people' AND {} = 'ext'"
    )
    for name, schema in (("svv_all_columns", "schema_name"), ("svv_columns", "table_schema")):
        assert place.user(listed.format(name, schema) + " ORDER BY ordinal_position") == [
            ("id", "bigint", None),
            ("name", "character varying", 10),
        ]
        assert place.stranger(listed.format(name, schema)) == []
    assert admin("SELECT 1 FROM svv_redshift_tables WHERE schema_name = 'ext'") == []
    assert admin("SELECT schema_type FROM svv_all_schemas WHERE schema_name = 'ext'") == [("external",)]
    assert admin("SELECT 1 FROM svv_relation_privileges WHERE namespace_name = 'ext'") == []


def test_the_data_catalog_is_shared_by_schemas_and_databases(
    admin: Client, sign_in: Callable[..., Client], place: Place
) -> None:
    other = sign_in(database="dev")
    other(f"CREATE EXTERNAL SCHEMA lake FROM DATA CATALOG DATABASE 'sales' {ROLE}")
    assert other.one("SELECT COUNT(*) FROM lake.people") == 5
    assert admin.one("SELECT COUNT(*) FROM dev.lake.people") == 5
    other("DROP SCHEMA lake")
    assert admin.one("SELECT COUNT(*) FROM ext.people") == 5


GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "integration-modes.md"


def test_the_guide_loads_an_external_table_into_the_engine(admin: Client, engine: Engine):
    (commands,) = re.findall(r"```shell\nveil local up\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    files, statements = re.fullmatch(r"((?:(?!veil).*\n)+)((?:veil local psql -c \".*\"\n)+)", commands).groups()
    storage = str(engine.storage / "lake")
    subprocess.run(["sh", "-e", "-c", files.replace("~/.veil/local/storage/lake", storage)], check=True)
    *making, asking = re.findall(r'^veil local psql -c "(.*)"$', statements, re.MULTILINE)
    for statement in making:
        admin(statement)
    assert admin(asking) == [(1, "ann@example.com", "US"), (2, "ben@example.com", "CA")]
    admin("DROP SCHEMA lake DROP EXTERNAL DATABASE CASCADE")
