"""What Redshift documents as refused is refused here, and what it documents as accepted is not."""

from __future__ import annotations

import re

import pytest

from tests.local.conftest import Client, ServerError
from tests.surface import load, load_list
from veil.local.rewrite.absent_functions import ABSENT_FUNCTIONS
from veil.local.rewrite.catalogs import NOT_JOINED
from veil.local.rewrite.errors import LOCAL_LIMIT
from veil.local.rewrite.functions_not_here import FUNCTIONS_NOT_HERE
from veil.local.rewrite.reserved import RESERVED
from veil.local.rewrite.script import LONGEST_STATEMENT, RULES

# Statements that AWS's pages call errors, by page; {s} stands for a schema with a table t (a, b,
# c), whose c is SUPER, a table u (a, b), a late-binding view lv, a bound view v and a procedure
# p(INTEGER).
REFUSED = {
    "c_unsupported-postgresql-datatypes": (
        "CREATE TABLE {s}.x (a TEXT[])",
        "CREATE TABLE {s}.x (a INTEGER[])",
        "CREATE TABLE {s}.x (a INTEGER ARRAY)",
        "CREATE TABLE {s}.x (a JSON)",
        "CREATE TABLE {s}.x (a UUID)",
        "CREATE TABLE {s}.x (a SERIAL)",
        "CREATE TABLE {s}.x (a OID)",
        'CREATE TABLE {s}.x (a "char")',
        "CREATE TABLE {s}.x (a NAME)",
        "SELECT '{{1}}'::INTEGER[]",
        "SELECT CAST('x' AS UUID)",
        "SELECT '1'::JSONB",
        "SELECT a::OID FROM {s}.u",
        "SELECT CAST('u' AS regclass) FROM {s}.u",
        "SELECT 1 FROM {s}.u WHERE a = CAST('1' AS pg_catalog.xid)",
        "INSERT INTO {s}.u SELECT CAST(a AS NAME), b FROM {s}.u",
        "SELECT 'x'::\"char\" FROM {s}.u",
        "CREATE VIEW {s}.x AS SELECT pg_catalog.LEN(CAST(a AS VARCHAR(4)[])) AS n FROM {s}.u WITH NO SCHEMA BINDING",
    ),
    "c_unsupported-postgresql-features": (
        "SELECT ARRAY[1, 2]",
        "SELECT pg_catalog.ABS(a) FROM {s}.u WHERE a = ANY (ARRAY[1, 2])",
        "SELECT pg_catalog.ABS(a) FROM {s}.u WHERE a = ANY (ARRAY(SELECT 1))",
        "SELECT ROW(1, 2)",
        "VALUES (1), (2)",
        "SELECT a FROM {s}.u FOR UPDATE",
        "SELECT * FROM ONLY {s}.u",
        "CREATE TABLE {s}.x (a INTEGER) INHERITS ({s}.u)",
        "CREATE TABLE {s}.x (a INTEGER) PARTITION BY RANGE (a)",
        "CREATE TABLE {s}.x (a INTEGER GENERATED ALWAYS AS (1) STORED)",
        "CREATE TABLE {s}.x (a INTEGER, EXCLUDE (a WITH =))",
        "CREATE TABLE {s}.x (a INTEGER CHECK (a > 1))",
        "CREATE INDEX i ON {s}.u (a)",
        "CREATE TRIGGER i AFTER INSERT ON {s}.u FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE SEQUENCE {s}.i",
        "CREATE DOMAIN {s}.i AS INTEGER",
        "CREATE TYPE {s}.i AS ENUM ('a')",
        "CREATE RULE i AS ON INSERT TO {s}.u DO INSTEAD NOTHING",
        "CREATE EXTENSION hstore",
        "CHECKPOINT",
        "LOAD 'x'",
        "DISCARD ALL",
        "PREPARE TRANSACTION 'x'",
        "CREATE UNLOGGED TABLE {s}.x (a INTEGER)",
        "INSERT INTO {s}.u (a) VALUES (1) ON CONFLICT DO NOTHING",
    ),
    "r_Numeric_types201": (
        "CREATE TABLE {s}.x (a DECIMAL(39, 0))",
        "CREATE TABLE {s}.x (a DECIMAL(38, 38))",
        "CREATE TABLE {s}.x (a DECIMAL(4, 5))",
        "SELECT CAST(a AS DECIMAL(39, 2)) FROM {s}.u",
        "SELECT a::NUMERIC(38, 38) FROM {s}.u",
    ),
    "r_Character_types": ("CREATE TABLE {s}.x (a CHAR(4097))", "CREATE TABLE {s}.x (a VARCHAR(65536))", "SELECT CAST('x' AS VARCHAR(65536))", "SELECT 'x'::CHAR(4097)"),
    "r_VARBYTE_type": ("CREATE TABLE {s}.x (a VARBYTE(16777217))", "SELECT CAST('x' AS VARBYTE(16777217))"),
    "r_names": ('CREATE TABLE {s}.x ("oid" INTEGER)', "CREATE TABLE {s}.x (xmin INTEGER)"),
    "r_pg_keywords": (
        "SELECT a AS raw FROM {s}.u",
        "SELECT a tag FROM {s}.u",
        "SELECT tag FROM {s}.u",
        "SELECT open.a FROM {s}.u AS open",
        "CREATE VIEW {s}.x AS SELECT a AS percent FROM {s}.u",
        "CREATE ROLE snapshot",
        "SELECT a FROM raw.u",
        "CREATE TABLE delta.x (a INTEGER)",
        "GRANT SELECT ON TABLE raw.u TO PUBLIC",
        "SELECT pg_catalog.LEN(new.a) FROM {s}.u",
        "DROP TABLE IF EXISTS system.u",
        "CALL open.p(1)",
        "CREATE SCHEMA raw",
        "CREATE SCHEMA IF NOT EXISTS delta",
        "DROP SCHEMA IF EXISTS snapshot",
        "GRANT USAGE ON SCHEMA raw TO PUBLIC",
        "CREATE PROCEDURE {s}.q() AS $$ BEGIN DELETE FROM raw.u; END; $$ LANGUAGE plpgsql",
        "CREATE VIEW {s}.x AS SELECT t.a FROM raw.u AS t WITH NO SCHEMA BINDING",
    ),
    "r_correlated_subqueries": (
        "SELECT a FROM {s}.u WHERE NOT EXISTS (SELECT 1 FROM {s}.t WHERE NOT EXISTS (SELECT 1 FROM {s}.t AS z WHERE z.a = u.a))",
        "SELECT 1 FROM {s}.u AS x LEFT JOIN {s}.u AS y ON x.a = y.a AND y.b = (SELECT MAX(z.b) FROM {s}.t AS z WHERE z.a = y.a)",
        "SELECT a FROM {s}.u WHERE b NOT IN (SELECT SUM(z.b) OVER () FROM {s}.t AS z WHERE z.a = u.a)",
        "SELECT x.a, (SELECT COUNT(y.a) FROM {s}.t AS y WHERE y.a = x.a) AS n FROM {s}.u AS x GROUP BY n, x.a",
        "SELECT 1 FROM {s}.u WHERE a IN (SELECT SUM(z.b) FROM {s}.t AS z WHERE z.a > u.a GROUP BY z.a)",
        "CREATE VIEW {s}.x AS SELECT 1 AS one FROM {s}.u AS x JOIN {s}.u AS y ON x.a = (SELECT MAX(z.a) FROM {s}.t AS z WHERE z.b = y.b) "
        "WITH NO SCHEMA BINDING",
    ),
    "r_scalar_subqueries": (
        "SELECT a FROM {s}.u GROUP BY a HAVING a > (SELECT MAX(a) FROM {s}.t)",
        "SELECT COUNT(*) FROM {s}.u GROUP BY (SELECT MAX(a) FROM {s}.t)",
        "CREATE TABLE {s}.x (a INTEGER DEFAULT (SELECT 1))",
    ),
    "r_WITH_clause": (
        "SELECT * FROM (WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r) AS x",
    ),
    "r_CREATE_VIEW": (
        "INSERT INTO {s}.v VALUES (2)",
        "INSERT INTO {s}.v SELECT a FROM {s}.u",
        "UPDATE {s}.v SET a = 1",
        "DELETE FROM {s}.v",
        "INSERT INTO {s}.lv VALUES (2)",
        "UPDATE {s}.lv SET a = 1",
        "DELETE FROM {s}.lv",
        "CREATE OR REPLACE VIEW {s}.v AS SELECT a, b FROM {s}.u",
        "CREATE OR REPLACE VIEW {s}.v AS SELECT a AS other FROM {s}.u",
        "CREATE OR REPLACE VIEW {s}.v AS SELECT CAST(a AS BIGINT) AS a FROM {s}.u",
        "CREATE VIEW {s}.x AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r WITH NO SCHEMA BINDING",
    ),
    "limitations-super": (
        "SELECT i, RANDOM() FROM {s}.t AS x, x.c AS i",
        "SELECT 1 FROM {s}.u RIGHT JOIN {s}.t AS x ON u.a = x.a, x.c AS i",
        "CREATE TABLE {s}.x (a SUPER DISTKEY)",
        "SELECT '2026-01-01'::DATE::SUPER",
        "SELECT 5.0::BOOLEAN",
    ),
    "c_SQL_functions_leader_node_only": (
        "SELECT NOW() FROM {s}.u",
        "SELECT GENERATE_SERIES(1, 3) FROM {s}.u",
        "SELECT PG_GET_USERBYID(a) FROM {s}.u",
        "SELECT FACTORIAL(3) FROM {s}.u",
        "UPDATE {s}.u SET a = EXTRACT(year FROM NOW())",
        "INSERT INTO {s}.u SELECT 1, EXTRACT(year FROM NOW())",
        "CREATE MATERIALIZED VIEW {s}.x AS SELECT a, NOW() AS n FROM {s}.u",
    ),
    "c_join_PG": (
        "SELECT 1 FROM {s}.u JOIN pg_class AS c ON c.relnatts = u.a AND c.relacl IS NULL",
        "SELECT 1 FROM {s}.u WHERE a IN (SELECT grosysid FROM pg_group WHERE 1 = ANY (grolist))",
        "SELECT p.proargtypes FROM pg_proc AS p, {s}.u",
    ),
    "c_unsupported-postgresql-functions": (
        "SELECT CLOCK_TIMESTAMP()",
        "SELECT WIDTH_BUCKET(1, 2, 3, 4)",
        "SELECT DIV(4, 2)",
        "SELECT PG_SLEEP(1)",
        "SELECT ENCODE('x', 'hex')",
        "SELECT pg_catalog.PG_TYPEOF(1)",
        "SELECT pg_catalog.CONCAT_WS(',', 'a', 'b')",
        "SELECT PG_GET_FUNCTION_RESULT(1)",
        "WITH w AS (SELECT 1 AS a) SELECT GCD(a, 2) FROM w",
    ),
    "r_Window_function_synopsis": (
        "SELECT SUM(a) OVER (ORDER BY b) FROM {s}.u",
        "SELECT SUM(a) OVER (PARTITION BY a ORDER BY b GROUPS UNBOUNDED PRECEDING) FROM {s}.u",
        "SELECT SUM(a) OVER (ORDER BY b RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM {s}.u",
        "SELECT SUM(a) OVER (ORDER BY b ROWS UNBOUNDED PRECEDING EXCLUDE TIES) FROM {s}.u",
        "SELECT SUM(a) OVER w FROM {s}.u WINDOW w AS (PARTITION BY b)",
        "SELECT RANK() OVER (ORDER BY a ROWS UNBOUNDED PRECEDING) FROM {s}.u",
        "SELECT LAG(a) OVER (ORDER BY a ROWS UNBOUNDED PRECEDING) FROM {s}.u",
        "SELECT SUM(DISTINCT a) OVER () FROM {s}.u",
    ),
    "r_UNION": (
        "SELECT a FROM {s}.u INTERSECT ALL SELECT a FROM {s}.t",
        "SELECT a FROM {s}.u EXCEPT ALL SELECT a FROM {s}.t",
        "SELECT a FROM {s}.u MINUS ALL SELECT a FROM {s}.t",
    ),
    "r_GROUP_BY_clause": ("SELECT a FROM {s}.u GROUP BY DISTINCT a",),
    "r_ORDER_BY_clause": ("SELECT a FROM {s}.u ORDER BY a USING <",),
    "r_INSERT_30": ("INSERT INTO {s}.u AS x (a) VALUES (1)",),
    "r_UPDATE": ("UPDATE {s}.u SET (a, b) = (1, 2)",),
    "r_MERGE": (
        "MERGE INTO {s}.u USING {s}.t ON u.a = t.a WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT VALUES (1, 2)",
        "MERGE INTO {s}.u USING {s}.t ON u.a = t.a WHEN MATCHED AND u.a > 1 THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1, 2)",
    ),
    "r_CREATE_TABLE_NEW": (
        "CREATE TABLE {s}.x (a INTEGER DISTKEY, b INTEGER DISTKEY)",
        "CREATE TABLE {s}.x (a INTEGER) DISTSTYLE KEY",
        "CREATE TABLE {s}.x (a INTEGER) ON COMMIT DROP",
    ),
    "r_CREATE_DATABASE": ("CREATE DATABASE x TEMPLATE template0", "CREATE DATABASE x ENCODING 'LATIN1'"),
    "r_BEGIN": ("BEGIN ISOLATION LEVEL NOTHING", "BEGIN DEFERRABLE", "START TRANSACTION NOT DEFERRABLE"),
    "declare": ("DECLARE x SCROLL CURSOR FOR SELECT 1", "DECLARE x CURSOR WITH HOLD FOR SELECT 1", "DECLARE x BINARY CURSOR FOR SELECT 1"),
    "r_SELECT_list": ("SELECT TOP 1 a FROM {s}.u LIMIT 1",),
    "r_LOCK": ("LOCK {s}.u IN SHARE MODE", "LOCK {s}.v"),
    "r_COMMENT": (
        "COMMENT ON PROCEDURE {s}.p(INTEGER) IS 'x'",
        "COMMENT ON ROLE nobody IS 'x'",
        "COMMENT ON COLUMN {s}.lv.a IS 'x'",
    ),
    "r_GRANT-usage-notes": ("GRANT SELECT (a) ON {s}.lv TO PUBLIC",),
    "r_GRANT": ("GRANT SELECT ON {s}.u TO PUBLIC WITH GRANT OPTION", "GRANT EXECUTE ON ROUTINE {s}.p(INTEGER) TO PUBLIC", "GRANT USAGE ON TYPE INTEGER TO PUBLIC", "GRANT SELECT ON ALL SEQUENCES IN SCHEMA {s} TO PUBLIC", "GRANT SELECT ON {s}.u TO CURRENT_USER", "GRANT SELECT ON {s}.u TO PUBLIC GRANTED BY awsuser", "GRANT CONNECT ON DATABASE analytics TO PUBLIC", "GRANT TRIGGER ON {s}.u TO PUBLIC"),
    "r_REVOKE": ("REVOKE SELECT ON {s}.u FROM PUBLIC CASCADE", "REVOKE ALL ON ROUTINE {s}.p(INTEGER) FROM PUBLIC"),
    "r_ALTER_DEFAULT_PRIVILEGES": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE awsuser GRANT SELECT ON TABLES TO PUBLIC",
        "ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC CASCADE",
    ),
    "r_DROP_PROCEDURE": ("DROP PROCEDURE IF EXISTS {s}.p(INTEGER)",),
    "r_DROP_FUNCTION": ("DROP FUNCTION IF EXISTS {s}.f(INTEGER)",),
    "r_DROP_GROUP": ("DROP GROUP IF EXISTS nobody",),
    "r_DROP_ROLE": ("DROP ROLE IF EXISTS nobody",),
    "r_CREATE_ROLE": ('CREATE ROLE "sys:mine"', 'CREATE ROLE "ds:mine"'),
    "r_CREATE_USER": ("CREATE USER nobody",),
    "r_TRUNCATE": ("TRUNCATE {s}.u, {s}.t", "TRUNCATE TABLE {s}.u CASCADE"),
    "c_SQL_commands": ("SET ROLE awsuser", "SET LOCAL ROLE NONE", "SET SESSION ROLE awsuser", "RESET ROLE"),
    "r_EXPLAIN": ("EXPLAIN ANALYZE SELECT 1", "EXPLAIN (FORMAT JSON) SELECT 1"),
    "r_CURRENT_SETTING": ("SELECT CURRENT_SETTING('datestyle', FALSE)",),
    "r_ALTER_TABLE": (
        "ALTER TABLE {s}.u ALTER COLUMN a TYPE BIGINT",
        "ALTER TABLE {s}.u ALTER COLUMN a SET NOT NULL",
        "ALTER TABLE {s}.u ALTER COLUMN a DROP NOT NULL",
        "ALTER TABLE {s}.u ALTER a SET DEFAULT 1",
        "ALTER TABLE {s}.u ALTER COLUMN a DROP DEFAULT",
        "ALTER TABLE {s}.u SET SCHEMA public",
        "ALTER TABLE {s}.u INHERIT {s}.t","ALTER TABLE {s}.u ADD COLUMN d INTEGER, ADD COLUMN e INTEGER",
        "ALTER TABLE IF EXISTS {s}.u ADD COLUMN d INTEGER",
        "ALTER TABLE {s}.u ADD COLUMN d INTEGER UNIQUE",
        "ALTER TABLE {s}.u ADD COLUMN d INTEGER REFERENCES {s}.t (a)",
        "ALTER TABLE {s}.u ADD CONSTRAINT k CHECK (a > 1)",
    ),
    "stored-procedure-constraints": (
        "CREATE PROCEDURE {s}.q() AS $$ BEGIN SET LOCAL x.y TO 1; END; $$ LANGUAGE plpgsql",
        "CREATE PROCEDURE {s}.q() AS $$ BEGIN VACUUM; END; $$ LANGUAGE plpgsql",
        "CREATE PROCEDURE {s}.q() AS $$ BEGIN SAVEPOINT x; END; $$ LANGUAGE plpgsql",
        "CREATE PROCEDURE {s}.q() AS $$ BEGIN PREPARE x AS SELECT 1; END; $$ LANGUAGE plpgsql",
        "CREATE PROCEDURE {s}.q() AS $$ BEGIN CREATE DATABASE x; END; $$ LANGUAGE plpgsql",
    ),
    "r_CREATE_PROCEDURE": (
        "CREATE PROCEDURE {s}.q() AS $$ SELECT 1 $$ LANGUAGE sql",
        f"CREATE PROCEDURE {{s}}.q({', '.join(f'a{n} INTEGER' for n in range(33))}) AS $$ BEGIN NULL; END; $$ LANGUAGE plpgsql",
        f"CALL {{s}}.p({', '.join(['1'] * 33)})",
        "CREATE PROCEDURE {s}.q() NONATOMIC AS $$ BEGIN NULL; END; $$ LANGUAGE plpgsql SECURITY DEFINER",
    ),
    "r_CREATE_FUNCTION": (
        "CREATE FUNCTION {s}.q(INTEGER) RETURNS INTEGER STABLE AS $$ SELECT 1; SELECT $1 $$ LANGUAGE sql",
        "CREATE FUNCTION {s}.q(n INTEGER) RETURNS INTEGER STABLE AS $$ SELECT n $$ LANGUAGE sql",
        "CREATE FUNCTION {s}.q(IN INTEGER) RETURNS INTEGER STABLE AS $$ SELECT 1 $$ LANGUAGE sql",
        "CREATE FUNCTION {s}.q(OUT n INTEGER) RETURNS INTEGER STABLE AS $$ SELECT 1 $$ LANGUAGE sql",
        f"CREATE FUNCTION {{s}}.q({', '.join(['INTEGER'] * 33)}) RETURNS INTEGER STABLE AS $$ SELECT 1 $$ LANGUAGE sql",
    ),
    "c_PLpgSQL-statements": (
        "CREATE PROCEDURE {s}.q() AS $$ BEGIN RAISE INFO '%', 1 + 1; END; $$ LANGUAGE plpgsql",
    ),
}  # fmt: skip

BY_NAME = (
    "SELECT a FROM {s}.u QUALIFY ROW_NUMBER() OVER (ORDER BY a) = 1",
    "SELECT * EXCLUDE (a) FROM {s}.u",
    "SELECT TRY_CAST('x' AS INTEGER)",
    "SELECT LAG(a) IGNORE NULLS OVER (ORDER BY a) FROM {s}.u",
    "SELECT k, v FROM {s}.t AS x, UNPIVOT x.c AS v AT k",
    "MERGE INTO {s}.u USING {s}.t ON u.a = t.a REMOVE DUPLICATES",
    "SHOW TABLE {s}.u",
    "SELECT SOUNDEX('x')",
    "SELECT pg_catalog.HLL(a) FROM {s}.u",
    "SELECT RATIO_TO_REPORT(a) OVER () FROM {s}.u",
)
"""What a cluster runs and the local engine does not."""

POLICIES = (
    "CREATE RLS POLICY p WITH (a INTEGER) USING (a > 1)",
    "ATTACH RLS POLICY p ON {s}.u TO PUBLIC",
    "DETACH RLS POLICY p ON {s}.u FROM PUBLIC",
    "ALTER RLS POLICY p USING (TRUE)",
    "DROP RLS POLICY p",
    "CREATE MASKING POLICY p WITH (a INTEGER) USING (1)",
    "ATTACH MASKING POLICY p ON {s}.u (a) TO PUBLIC",
    "DETACH MASKING POLICY p ON {s}.u (a) FROM PUBLIC",
    "ALTER MASKING POLICY p USING (1)",
    "DROP MASKING POLICY p",
    "SHOW RLS POLICIES",
    "SHOW MASKING POLICIES",
    "ALTER TABLE {s}.u ROW LEVEL SECURITY ON",
)

ACCEPTED = (
    "CREATE MATERIALIZED VIEW {s}.mv AS SELECT a, COUNT(*) AS n FROM {s}.u GROUP BY a",
    "EXPLAIN VERBOSE SELECT a FROM {s}.u",
    "ALTER DEFAULT PRIVILEGES FOR USER awsuser IN SCHEMA {s} GRANT SELECT ON TABLES TO PUBLIC",
    "TRUNCATE TABLE {s}.t",
    "SELECT CURRENT_SETTING('app.nothing', FALSE), CURRENT_SETTING('datestyle')",
    'CREATE SCHEMA IF NOT EXISTS "raw"',
    "CREATE TABLE {s}.snapshot (raw_a INTEGER)",
    "SELECT a AS schema FROM {s}.u",
    "CREATE TABLE {s}.kept (a INTEGER ENCODE raw)",
    'SELECT a AS "raw" FROM {s}.u',
    'SELECT x."tag" FROM (SELECT a AS "tag" FROM {s}.u) AS x',
    "SELECT a FROM {s}.u WHERE EXISTS (SELECT 1 FROM {s}.t AS z WHERE z.a = u.a)",
    "SELECT a FROM {s}.u WHERE a IN (SELECT MAX(z.b) FROM {s}.t AS z WHERE z.a > u.a GROUP BY z.a)",
    "SELECT x.a, (SELECT COUNT(y.a) FROM {s}.t AS y WHERE y.a = x.a) AS n FROM {s}.u AS x",
    "SELECT 1 FROM {s}.u AS x LEFT JOIN (SELECT MAX(b) AS b, a FROM {s}.t GROUP BY a) AS y ON x.a = y.a",
    "SELECT COUNT(*) FROM {s}.u WHERE a = (SELECT MAX(a) FROM {s}.t) GROUP BY a",
    "SELECT 1 FROM {s}.t AS x, x.c AS i WHERE x.a > 0",
    "SELECT RANDOM() FROM {s}.t",
    "SELECT 1 FROM {s}.u RIGHT JOIN {s}.t AS x ON u.a = x.a",
    "CREATE TABLE {s}.y (a DECIMAL(38, 37), b VARCHAR(MAX), c CHAR(4096), d VARBYTE(16777216), e INTEGER ENCODE LZO) BACKUP NO SORTKEY (a)",
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r",
    "SELECT GENERATE_SERIES(1, 3)",
    "COMMENT ON COLUMN {s}.v.a IS 'x'",
    "GRANT SELECT (a) ON {s}.v TO PUBLIC",
    f"CREATE PROCEDURE {{s}}.q({', '.join(f'a{n} INTEGER' for n in range(32))}) AS $$ BEGIN NULL; END; $$ LANGUAGE plpgsql",
    f"CALL {{s}}.q({', '.join(['1'] * 32)})",
    "VACUUM {s}.u",
    "SELECT c.relname, c.oid FROM pg_class AS c JOIN {s}.u ON c.relnatts = u.a",
    "SELECT relacl FROM pg_class",
    "SELECT NOW() FROM pg_class",
    "SELECT NOW() FROM svv_transactions AS t LEFT JOIN stv_recents AS r ON r.pid = t.pid",
    "SELECT pg_catalog.ABS(1) FROM pg_group WHERE 1 = ANY (ARRAY[1, 2])",
    "CREATE TABLE {s}.z (a INTEGER)",
    "WITH scale (a) AS (SELECT 1), strip (b) AS (SELECT 2) SELECT a + b FROM scale, strip",
    "SELECT CAST(1 AS DECIMAL(38, 37)), 'x'::VARCHAR(65535)",
    "SELECT oid::INTEGER, relname::VARCHAR, '{s}.u'::regclass::OID FROM pg_class WHERE relname = CAST('u' AS NAME)",
    "SELECT x.name FROM (SELECT a AS name FROM {s}.u) AS x",
    "CREATE OR REPLACE VIEW {s}.v AS SELECT b AS a FROM {s}.u",
    "SET SESSION AUTHORIZATION awsuser",
    "RESET SESSION AUTHORIZATION",
    "SELECT SUM(a) OVER (PARTITION BY b ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), RANK() OVER (ORDER BY a) FROM {s}.u",
    "SELECT LAG(a, 1) RESPECT NULLS OVER (ORDER BY a), FIRST_VALUE(a RESPECT NULLS) OVER (ORDER BY a ROWS UNBOUNDED PRECEDING) FROM {s}.u",
    "CREATE FUNCTION {s}.long(DOUBLE PRECISION, CHARACTER VARYING(5), TIMESTAMP WITH TIME ZONE) RETURNS DOUBLE PRECISION STABLE AS $$ SELECT $1 $$ LANGUAGE sql",
    "DELETE {s}.u WHERE a = 99",
    "INSERT INTO {s}.u DEFAULT VALUES",
    "WITH w AS (SELECT 1 AS a) DELETE FROM {s}.u USING w WHERE u.a = w.a",
    "CREATE TABLE {s}.keyed (a INTEGER, b INTEGER) DISTSTYLE KEY DISTKEY (a) COMPOUND SORTKEY (a, b)",
    "CREATE TABLE {s}.known (a INTEGER DISTKEY GENERATED BY DEFAULT AS IDENTITY(1, 1), PRIMARY KEY (a)) DISTSTYLE KEY ENCODE AUTO",
    "ALTER TABLE {s}.u ADD PRIMARY KEY (a)",
    "ALTER TABLE {s}.u ADD COLUMN added VARCHAR(5) DEFAULT 'x' ENCODE ZSTD NOT NULL",
    "SELECT a, GROUPING(a), SUM(b) FROM {s}.u GROUP BY GROUPING SETS ((a), ())",
    "SELECT a FROM {s}.u MINUS SELECT a FROM {s}.t",
    "SELECT a FROM {s}.u UNION ALL SELECT a FROM {s}.t",
    "SELECT * FROM {s}.u JOIN {s}.t USING (a)",
    "MERGE INTO {s}.u USING {s}.t ON u.a = t.a WHEN MATCHED THEN UPDATE SET b = t.b WHEN NOT MATCHED THEN INSERT (a, b) VALUES (t.a, t.b)",
    "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE",
    "DECLARE x CURSOR FOR SELECT a FROM {s}.u",
    'DECLARE "y" CURSOR WITHOUT HOLD FOR SELECT a FROM {s}.u',
    "FETCH FORWARD 2 FROM x",
    "COMMIT WORK",
    "START TRANSACTION READ ONLY",
    "ROLLBACK TRANSACTION",
    "PREPARE prepared (INTEGER) AS SELECT $1",
    "EXECUTE prepared (1)",
    "DEALLOCATE PREPARE prepared",
)


@pytest.fixture
def place(admin: Client, schema: str) -> str:
    admin(f"CREATE TABLE {schema}.t (a INTEGER, b INTEGER, c SUPER)")
    admin(f"CREATE TABLE {schema}.u (a INTEGER, b INTEGER)")
    admin(f"CREATE VIEW {schema}.lv AS SELECT a FROM {schema}.u WITH NO SCHEMA BINDING")
    admin(f"CREATE VIEW {schema}.v AS SELECT a FROM {schema}.u")
    admin(f"CREATE PROCEDURE {schema}.p(n INTEGER) AS $$ BEGIN NULL; END; $$ LANGUAGE plpgsql")
    return schema


@pytest.mark.parametrize("page", REFUSED)
def test_what_a_page_refuses_is_refused(admin: Client, place: str, page: str) -> None:
    for statement in REFUSED[page]:
        with pytest.raises(ServerError) as refused:
            admin(statement.format(s=place))
        assert refused.value.code != "42P01", statement
        assert "pg_veil" not in refused.value.message + refused.value.hint, statement


def test_what_is_documented_besides_is_accepted(admin: Client, place: str) -> None:
    for statement in ACCEPTED:
        admin(statement.format(s=place))


@pytest.mark.parametrize("statement", BY_NAME)
def test_what_only_a_cluster_runs_is_refused_by_name(admin: Client, place: str, statement: str) -> None:
    with pytest.raises(ServerError) as refused:
        admin(statement.format(s=place))
    named = refused.value.message.removesuffix(" is not supported")
    assert named != refused.value.message and all(word in statement for word in named.replace("...", "").split())
    assert refused.value.hint == LOCAL_LIMIT


@pytest.mark.parametrize("statement", POLICIES)
def test_policies_of_the_warehouse_are_refused_by_name(admin: Client, place: str, statement: str) -> None:
    with pytest.raises(ServerError) as refused:
        admin(statement.format(s=place))
    assert "ROW LEVEL SECURITY" in refused.value.message or "POLIC" in refused.value.message
    assert refused.value.message.endswith("is not supported")
    assert "The local engine has no" in refused.value.hint


@pytest.mark.parametrize(
    "statement",
    ["VACUUM", "CREATE DATABASE x", "DROP DATABASE analytics", "ALTER TABLE {s}.w ALTER COLUMN c TYPE VARCHAR(30)"],
)
def test_what_a_transaction_block_cannot_hold_is_refused_in_one(admin: Client, schema: str, statement: str) -> None:
    admin(f"CREATE TABLE {schema}.w (c VARCHAR(20))")
    admin("BEGIN")
    with pytest.raises(ServerError) as refused:
        admin(statement.format(s=schema))
    admin("ROLLBACK")
    assert refused.value.code == "25001"
    assert refused.value.message.endswith("cannot run inside a transaction block")
    if statement.startswith(("VACUUM", "ALTER")):
        admin(statement.format(s=schema))


def test_the_reserved_words_are_those_of_the_page(admin: Client, schema: str) -> None:
    (documented,) = (rule["words"] for rule in load_list("restrictions") if rule["about"] == "reserved words")
    assert {word.lower() for word in documented} == RESERVED
    for word in sorted(RESERVED):
        with pytest.raises(ServerError):
            admin(f"CREATE TABLE {schema}.x ({word} INTEGER)")
        if word != "oid":
            admin(f'CREATE TABLE {schema}."{word}" ("{word}" INTEGER)')


def test_the_functions_that_are_not_there_are_none_of_a_page_and_all_that_one_excludes() -> None:
    documented = load("functions")
    excluded = {name for name, one in documented.items() if one.get("unsupported")}
    # The leader node runs generate_series, as users of Redshift report, and the other is no
    # function that is called.
    assert excluded - ABSENT_FUNCTIONS == {"generate_series", "current_catalog"}
    assert not (ABSENT_FUNCTIONS & documented.keys()) - excluded


def test_a_documented_function_is_here_or_refused_by_its_name(admin: Client) -> None:
    there = {row[0] for row in admin("SELECT DISTINCT proname FROM pg_proc")}
    documented = {
        name
        for name, one in load("functions").items()
        if not (one.get("unsupported") or one.get("special_form")) and re.fullmatch(r"\w+", name)
    }
    assert there.isdisjoint(FUNCTIONS_NOT_HERE)
    assert documented >= FUNCTIONS_NOT_HERE
    assert documented - there - FUNCTIONS_NOT_HERE - RULES.keys() == WITHOUT_CALL


WITHOUT_CALL = frozenset(
    "coalesce collate current_date current_time current_timestamp greatest least localtime localtimestamp nullif trim user".split()  # noqa: SIM905
)
"""What the grammar knows, and no function of the catalog is."""


def test_the_columns_that_no_join_touches_are_those_of_other_types_than_the_page_lists() -> None:
    joined = r"boolean|bool|\"char\"|character.*|char|varchar|text|name|oid( \(hidden\))?|(big|small)?int(eger)?|int[248]|float4?|real"
    others = {
        name: {column for column, kind in relation["columns"] if not re.fullmatch(joined, kind)}
        for name, relation in load("catalog").items()
        if name.startswith("pg_") and "(" not in name
    }
    known = {name: columns for name, columns in others.items() if columns and name != "pg_locks"}
    assert known == NOT_JOINED


def test_a_statement_of_more_than_16_mb_is_refused(admin: Client) -> None:
    admin("SELECT 1 -- " + "x" * (LONGEST_STATEMENT - 20))
    with pytest.raises(ServerError) as refused:
        admin("SELECT 1 -- " + "x" * LONGEST_STATEMENT)
    assert refused.value.code == "54001"
    assert "16 MB" in refused.value.message
