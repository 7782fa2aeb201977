"""CREATE TABLE and ALTER TABLE."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.local.conftest import Client, ServerError


def columns(admin: Client, schema: str, table: str = "t") -> list[tuple[object, ...]]:
    return admin(
        "SELECT column_name, data_type, character_maximum_length, is_nullable FROM svv_columns "
        f"WHERE table_schema = '{schema}' AND table_name = '{table}' ORDER BY ordinal_position"
    )


def test_what_concerns_storage_is_accepted(admin: Client, schema: str) -> None:
    admin(
        f"""CREATE TABLE IF NOT EXISTS {schema}.t (
          id BIGINT IDENTITY(10, 5) NOT NULL ENCODE az64 DISTKEY,
          name VARCHAR(30) DEFAULT 'x' ENCODE lzo COLLATE CASE_SENSITIVE SORTKEY,
          at TIMESTAMP DEFAULT GETDATE(), amount DECIMAL(8, 2) NULL ENCODE raw
        ) BACKUP YES DISTSTYLE KEY COMPOUND SORTKEY (name, id)"""
    )
    admin(f"INSERT INTO {schema}.t (amount) VALUES (1.5)")
    admin(f"INSERT INTO {schema}.t (amount) VALUES (2)")
    assert admin(f"SELECT id, name, amount, at IS NOT NULL FROM {schema}.t ORDER BY id") == [
        (10, "x", Decimal("1.50"), True),
        (15, "x", Decimal("2.00"), True),
    ]


def test_keys_are_informational_but_a_primary_key_is_not_null(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.other (id INTEGER UNIQUE)")
    admin(
        f"CREATE TABLE {schema}.t (id INTEGER PRIMARY KEY, a INTEGER REFERENCES {schema}.other (id), b INTEGER, "
        f"UNIQUE (a), CONSTRAINT fk FOREIGN KEY (b) REFERENCES {schema}.other (id))"
    )
    admin(f"INSERT INTO {schema}.t VALUES (1, 1, 1), (1, 1, 1)")
    with pytest.raises(ServerError) as error:
        admin(f"INSERT INTO {schema}.t VALUES (NULL, 1, 1)")
    assert error.value.code == "23502"
    admin(f"CREATE TABLE {schema}.two (a INTEGER, b INTEGER, PRIMARY KEY (a, b))")
    assert [row[3] for row in columns(admin, schema, "two")] == ["NO", "NO"]
    admin(f"ALTER TABLE {schema}.other ADD PRIMARY KEY (id)")


def test_types_have_redshift_s_defaults_and_names(admin: Client, schema: str) -> None:
    admin(
        f"""CREATE TABLE {schema}.t (a VARCHAR, b TEXT, c CHARACTER VARYING(7), d VARCHAR(MAX), e CHAR, f NUMERIC, g DECIMAL(5, 1), h FLOAT,
          i DATETIME, j NVARCHAR(9), k BPCHAR, l SUPER, m VARBYTE(10), n BOOLEAN, o TIMESTAMPTZ, p DOUBLE PRECISION, q SMALLINT)"""
    )
    assert [row[1:3] for row in columns(admin, schema)] == [
        ("character varying", 256),
        ("character varying", 256),
        ("character varying", 7),
        ("character varying", 65535),
        ("character", 1),
        ("numeric", None),
        ("numeric", None),
        ("double precision", None),
        ("timestamp without time zone", None),
        ("character varying", 9),
        ("character", 256),
        ("super", None),
        ("binary varying", None),
        ("boolean", None),
        ("timestamp with time zone", None),
        ("double precision", None),
        ("smallint", None),
    ]
    found = admin(
        f"SELECT numeric_precision, numeric_scale FROM svv_columns WHERE table_schema = '{schema}' AND column_name IN ('f', 'g') ORDER BY column_name"
    )
    assert found == [(18, 0), (5, 1)]


def test_a_text_that_is_too_long_is_an_error_and_not_cut(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (a VARCHAR)")
    admin(f"INSERT INTO {schema}.t VALUES ('{'x' * 256}')")
    with pytest.raises(ServerError) as error:
        admin(f"INSERT INTO {schema}.t VALUES ('{'x' * 257}')")
    assert error.value.code == "22001"


@pytest.mark.parametrize("kind", ["JSON", "JSONB", "UUID", "SERIAL", "BYTEA", "XML"])
def test_types_that_redshift_has_not_are_refused(admin: Client, schema: str, kind: str) -> None:
    with pytest.raises(ServerError) as error:
        admin(f"CREATE TABLE {schema}.t (a {kind})")
    assert error.value.code == ("42704" if kind in ("JSON", "JSONB", "UUID", "XML") else "0A000")


def test_a_table_can_be_made_from_a_query_or_like_another(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.a DISTSTYLE ALL SORTKEY (id) AS SELECT NVL(NULL, 1) AS id")
    admin(f"CREATE TABLE {schema}.b (LIKE {schema}.a)")
    admin(f"CREATE TABLE {schema}.c (x, y) AS SELECT 1, 2")
    admin(f"SELECT id INTO {schema}.d FROM {schema}.a")
    admin(f"INSERT INTO {schema}.b (SELECT id FROM {schema}.a)")
    assert admin(f"SELECT b.id, c.y, d.id FROM {schema}.b, {schema}.c, {schema}.d") == [(1, 2, 1)]


def test_tables_can_be_altered(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER, name VARCHAR(5))")
    admin(f"ALTER TABLE {schema}.t ADD COLUMN extra VARCHAR DEFAULT 'd' ENCODE zstd")
    admin(f"ALTER TABLE {schema}.t ADD flag BOOLEAN")
    admin(f"ALTER TABLE {schema}.t ALTER COLUMN name TYPE VARCHAR(50)")
    admin(f"ALTER TABLE {schema}.t ALTER DISTSTYLE ALL")
    admin(f"ALTER TABLE {schema}.t ALTER COMPOUND SORTKEY (id)")
    admin(f"ALTER TABLE {schema}.t ALTER COLUMN name ENCODE lzo")
    admin(f"ALTER TABLE {schema}.t RENAME COLUMN flag TO marker")
    admin(f"ALTER TABLE {schema}.t DROP COLUMN id")
    assert [row[:3] for row in columns(admin, schema)] == [
        ("name", "character varying", 50),
        ("extra", "character varying", 256),
        ("marker", "boolean", None),
    ]


REFUSED = [
    "CREATE INDEX i ON {s}.t (id)",
    "CREATE TRIGGER g BEFORE INSERT ON {s}.t EXECUTE FUNCTION f()",
    "CREATE SEQUENCE {s}.q",
    "CREATE DOMAIN {s}.d AS INTEGER",
    "CREATE OPERATOR {s}.= (FUNCTION = f, LEFTARG = VARCHAR, RIGHTARG = VARCHAR)",
    "CREATE OPERATOR CLASS {s}.o FOR TYPE INTEGER USING btree AS OPERATOR 1 <",
    "CREATE CAST (VARCHAR AS INTEGER) WITH INOUT AS IMPLICIT",
    "CREATE AGGREGATE {s}.max (VARCHAR) (SFUNC = f, STYPE = VARCHAR)",
    "CREATE CONVERSION {s}.c FOR 'UTF8' TO 'LATIN1' FROM f",
    'CREATE COLLATION {s}.c FROM "C"',
    "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
    "CREATE FUNCTION {s}.f(VARIADIC VARCHAR[]) RETURNS INTEGER STABLE AS $$ SELECT 1 $$ LANGUAGE sql",
    "CREATE FUNCTION {s}.f(VARCHAR, INTEGER DEFAULT 1) RETURNS INTEGER STABLE AS $$ SELECT 1 $$ LANGUAGE sql",
    "CREATE FUNCTION {s}.f(anyelement) RETURNS INTEGER STABLE AS $$ SELECT 1 $$ LANGUAGE sql",
    "CREATE FUNCTION {s}.f(INTEGER) RETURNS SETOF INTEGER STABLE AS $$ SELECT 1 $$ LANGUAGE sql",
    "CREATE FUNCTION {s}.f(INTEGER) RETURNS INTEGER STABLE AS $$ SELECT 1 $$ LANGUAGE sql SECURITY DEFINER",
    "CREATE FUNCTION {s}.f(INTEGER) RETURNS INTEGER STABLE AS $$ SELECT 1 $$ LANGUAGE sql SET search_path TO public",
    "ALTER OPERATOR pg_catalog.= (INTEGER, INTEGER) OWNER TO rdsdb",
    "CREATE TYPE {s}.y AS (a INTEGER)",
    "CREATE RULE r AS ON INSERT TO {s}.t DO NOTHING",
    "CREATE EXTENSION vector",
    "CREATE VIEW IF NOT EXISTS {s}.v AS SELECT 1",
    "CREATE TABLE {s}.u (a INTEGER CHECK (a > 0))",
    "ALTER VIEW {s}.v SET (security_barrier = false)",
    "ALTER SYSTEM SET fsync = on",
    "INSERT INTO {s}.t VALUES (1) ON CONFLICT DO NOTHING",
    "INSERT INTO {s}.t VALUES (1) RETURNING id",
    "UPDATE {s}.t SET id = 1 RETURNING id",
    "DELETE FROM {s}.t RETURNING id",
    "SELECT array_agg(id) FROM {s}.t",
    "SELECT string_agg(id::varchar, ',') FROM {s}.t",
    "SELECT pg_catalog.string_agg(id::varchar, ',') FROM {s}.t",
    "SELECT pg_catalog.query_to_xml('SELECT 1', TRUE, TRUE, '')",
    "SELECT pg_catalog.lo_create(0)",
    "SELECT pg_catalog.pg_notify('a', 'b')",
    "SELECT pg_catalog.has_table_privilege('t', 'SELECT') FROM {s}.t",
    "SELECT COUNT(*) FILTER (WHERE id > 1) FROM {s}.t",
    "SELECT 1 IS DISTINCT FROM 2",
    "SELECT 1 IS NOT DISTINCT FROM 2",
    "SELECT DISTINCT ON (id) id FROM {s}.t",
    "SELECT * FROM {s}.t AS a, LATERAL (SELECT a.id) AS b",
    "SELECT * FROM (VALUES (1), (2)) AS v (a)",
    "SELECT SUBSTR('abc', 1, 2) FROM {s}.t",
    "SELECT id FROM {s}.t WHERE NOW() > '2020-01-01'",
    "SELECT CURRENT_TIMESTAMP FROM {s}.t",
    "SELECT ARRAY(SELECT id FROM {s}.t)",
    "SAVEPOINT a",
    "DO $$ BEGIN NULL; END $$",
    "LISTEN x",
    "REINDEX TABLE {s}.t",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_what_redshift_does_not_have_is_refused(admin: Client, schema: str, statement: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    with pytest.raises(ServerError) as error:
        admin(statement.format(s=schema))
    assert error.value.code in ("0A000", "42601", "42883")


def test_leader_node_functions_run_without_a_table_and_over_the_catalog(admin: Client) -> None:
    assert admin.one("SELECT SUBSTR('abc', 2, 1)") == "b"
    assert admin.one("SELECT current_schema()") == "public"
    assert admin.one("SELECT COUNT(*) > 0 FROM pg_class WHERE has_table_privilege(oid, 'SELECT')") is True


def test_the_catalogs_list_the_keys_that_nobody_enforces(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.other (id INTEGER PRIMARY KEY)")
    admin(
        f"CREATE TABLE {schema}.t (id INTEGER, a INTEGER REFERENCES {schema}.other (id), b INTEGER UNIQUE, "
        f"CONSTRAINT of_t PRIMARY KEY (id))"
    )
    admin(f"ALTER TABLE {schema}.t ADD CONSTRAINT more FOREIGN KEY (b) REFERENCES {schema}.other")
    listed = (
        "SELECT k.conname, k.contype, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
        f"JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{schema}' AND c.relname = 't' ORDER BY 1"
    )
    assert admin(listed) == [
        ("more", "f", f"FOREIGN KEY (b) REFERENCES {schema}.other(id)"),
        ("of_t", "p", "PRIMARY KEY (id)"),
        ("t_a_fkey", "f", f"FOREIGN KEY (a) REFERENCES {schema}.other(id)"),
        ("t_b_key", "u", "UNIQUE (b)"),
    ]
    assert admin(
        f"SELECT constraint_name, column_name FROM information_schema.key_column_usage WHERE table_schema = '{schema}' "
        "AND table_name = 't' ORDER BY 1"
    ) == [("more", "b"), ("of_t", "id"), ("t_a_fkey", "a"), ("t_b_key", "b")]
    admin(f"ALTER TABLE {schema}.t DROP CONSTRAINT more")
    admin(f"DROP TABLE {schema}.other")
    assert [row[0] for row in admin(listed)] == ["of_t", "t_b_key"]
    with pytest.raises(ServerError) as error:
        admin(f"ALTER TABLE {schema}.t DROP CONSTRAINT more")
    assert error.value.code == "42704"


@pytest.mark.parametrize(
    ("columns_and_keys", "code"),
    [
        ("a INTEGER REFERENCES {schema}.keyless (id)", "42830"),
        ("a INTEGER REFERENCES {schema}.nowhere (id)", "42P01"),
        ("a INTEGER, PRIMARY KEY (b)", "42703"),
        ("a INTEGER PRIMARY KEY, b INTEGER, PRIMARY KEY (b)", "42P16"),
    ],
)
def test_a_key_that_refers_to_nothing_is_refused_and_makes_no_table(
    admin: Client, schema: str, columns_and_keys: str, code: str
) -> None:
    admin(f"CREATE TABLE {schema}.keyless (id INTEGER)")
    with pytest.raises(ServerError) as error:
        admin(f"CREATE TABLE {schema}.t ({columns_and_keys.format(schema=schema)})")
    assert error.value.code == code
    assert admin(f"SELECT table_name FROM svv_tables WHERE table_schema = '{schema}'") == [("keyless",)]


def test_only_the_owner_changes_the_keys_of_a_table(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER PRIMARY KEY)")
    admin(f"GRANT USAGE ON SCHEMA {schema} TO u_{schema}")
    admin(f"GRANT ALL ON {schema}.t TO u_{schema}")
    for action in ("ADD UNIQUE (id)", "DROP CONSTRAINT t_pkey"):
        with pytest.raises(ServerError) as error:
            user(f"ALTER TABLE {schema}.t {action}")
        assert error.value.code == "42501"


def test_an_identity_column_is_listed_with_its_default(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (a INTEGER IDENTITY(10, 5), b INTEGER GENERATED BY DEFAULT AS IDENTITY(1, 1))")
    (first,), (second,) = admin(
        f"SELECT column_default FROM svv_columns WHERE table_schema = '{schema}' ORDER BY ordinal_position"
    )
    assert first.startswith('"identity"(') and first.endswith("'10,5'::text)")
    assert second.startswith("default_identity(") and second.endswith("'1,1'::text)")
