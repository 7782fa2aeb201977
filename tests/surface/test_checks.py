"""That the checks of this folder find what they are for."""

from __future__ import annotations

import pytest

from tests.surface.grammar import has_documented_form
from tests.surface.queries import findings
from tests.surface.statements import problems


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("SELECT admin_option FROM pg_catalog.svv_column_privileges", "no column admin_option"),
        ("SELECT p.prokind FROM pg_proc AS p", "no column p.prokind"),
        ("SELECT r.rolname FROM pg_catalog.pg_roles AS r", "no relation pg_roles"),
        ("SELECT u.usename FROM pg_user_info AS u", "pg_user_info, which shows the system account nothing"),
        (
            "SELECT p.policy_name FROM svv_masking_policy AS p",
            "svv_masking_policy, which shows the system account nothing",
        ),
        (
            "SELECT 1 FROM svv_columns WHERE table_schema IN (SELECT table_schema FROM svv_external_schemas)",
            "no column table_schema",
        ),
        ("SELECT pg_catalog.string_agg(c.relname, ',') FROM pg_class AS c", "no function string_agg"),
        ("SELECT pg_catalog.sha2('x') FROM s.t", "sha2 does not take 1 arguments"),
        ("SELECT getdate(1)", "getdate does not take 1 arguments"),
        (
            "SELECT t.a FROM s.t AS t JOIN pg_class AS c ON c.relname = t.a",
            "pg_class of the leader node beside a table",
        ),
        (
            "SELECT pg_catalog.pg_get_userbyid(t.a) FROM s.t AS t",
            "pg_get_userbyid of the leader node beside a table",
        ),
        (
            "SELECT 1 FROM svv_transactions AS t JOIN pg_class AS c ON c.oid = t.relation",
            "pg_class of the leader node beside svv_transactions",
        ),
        (
            "SELECT o.a FROM (SELECT JSON_PARSE('[]') AS items) AS x, x.items AS o",
            "an unnest of x, which is a sub-select",
        ),
        ("SELECT o.a, random() FROM s.t AS x, x.items AS o", "random, which is volatile, beside an unnest"),
        ("SELECT CURRENT_SCHEMA FROM s.t", "current_schema of the leader node beside a table"),
        ("SELECT LISTAGG(c.relname) FROM pg_class AS c", "listagg runs on compute nodes only, and nothing there is read"),
        ("INSERT INTO s.t (a) SELECT u.usename FROM pg_user AS u", "pg_user of the leader node beside a table"),
        ("SELECT DISTINCT ON (a) a FROM s.t", "SELECT DISTINCT ON"),
        ("SELECT COUNT(*) FILTER (WHERE a > 1) FROM s.t", "FILTER on an aggregate"),
        ("SELECT 1 FROM s.t, LATERAL (SELECT 1) AS x", "LATERAL"),
        ("INSERT INTO s.t (a) VALUES (1) ON CONFLICT DO NOTHING", "ON CONFLICT"),
        ("DELETE FROM s.t RETURNING a", "RETURNING"),
        ("SELECT 1 FROM (VALUES (1)) AS x(a)", "VALUES as a table"),
        ("SELECT a IS DISTINCT FROM b FROM s.t", "IS DISTINCT FROM"),
        ("SELECT a FROM s.t FOR UPDATE", "FOR UPDATE"),
        ("SELECT a FROM s.t FETCH FIRST 1 ROWS ONLY", "FETCH FIRST"),
        ("SELECT a FROM s.t WINDOW w AS (ORDER BY a)", "a WINDOW clause"),
        ("WITH x AS (DELETE FROM s.t RETURNING a) SELECT a FROM x", "WITH before what changes rows"),
        ("SELECT a -> 'x' FROM s.t", "the operator ->"),
        ("SELECT a ~~ 'x' FROM s.t", "~~"),
        ("SELECT 1 FROM s.t WHERE t.a = ANY (ARRAY['x'])", "ARRAY["),
        ("SELECT CAST(a AS TEXT[]) FROM s.t", "the type TEXT [ ]"),
        ("SELECT a::uuid FROM s.t", "the type UUID"),
        ("SELECT EXTRACT(fortnight FROM a) FROM s.t", "the part fortnight of a date"),
        ("SELECT DATEADD(fortnight, 1, a) FROM s.t", "the part fortnight of a date"),
        ("CREATE VIEW s.v AS SELECT a FROM t WITH NO SCHEMA BINDING", "t without its schema in a late-binding view"),
        (
            "SELECT a FROM s.u WHERE NOT EXISTS (SELECT 1 FROM s.t WHERE NOT EXISTS (SELECT 1 FROM s.t AS z WHERE z.a = u.a))",
            "a correlation that skips a query block",
        ),
        (
            "SELECT 1 FROM s.u AS x JOIN s.u AS y ON x.a = y.a AND y.b = (SELECT MAX(z.b) FROM s.t AS z WHERE z.a = y.a)",
            "a correlation from a subquery in ON",
        ),
        (
            "SELECT a FROM s.u WHERE b NOT IN (SELECT SUM(z.b) OVER () FROM s.t AS z WHERE z.a = u.a)",
            "a correlation from a subquery with a window function",
        ),
        (
            "SELECT x.a, (SELECT COUNT(y.a) FROM s.t AS y WHERE y.a = x.a) AS n FROM s.u AS x GROUP BY n, x.a",
            "GROUP BY what a correlated subquery gives",
        ),
        (
            "SELECT 1 FROM s.u WHERE a IN (SELECT SUM(z.b) FROM s.t AS z WHERE z.a > u.a GROUP BY z.a)",
            "a correlation from a subquery with an aggregate and GROUP BY, joined by IN",
        ),
        ("SELECT a FROM s.u GROUP BY a HAVING a > (SELECT MAX(a) FROM s.t)", "a subquery in HAVING"),
        ("SELECT COUNT(*) FROM s.u GROUP BY (SELECT MAX(a) FROM s.t)", "a subquery in GROUP BY"),
        ('SELECT o.nothing FROM "immuta_system".object AS o', "no column o.nothing"),
        ("SELECT t.tag FROM s.t AS t", "tag is a reserved word"),
        ("SELECT t.a FROM raw.t AS t", "raw is a reserved word"),
        ("SELECT new.a FROM s.t AS new", "new is a reserved word"),
    ],
)  # fmt: skip
def test_what_no_page_documents_is_found(statement: str, finding: str) -> None:
    assert finding in findings(statement)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (f"SELECT t.{'n' * 128} FROM s.t AS t", "a name of 128 bytes"),
        (f'GRANT SELECT ON TABLE s."{"é" * 64}" TO ROLE r', "a name of 128 bytes"),
        (f"SELECT '{'é' * 32_768}'", "a literal of 65536 bytes"),
        (f"COMMENT ON TABLE s.t IS '{'x' * 65_536}'", "a literal of 65536 bytes"),
        (
            f"CREATE OR REPLACE PROCEDURE s.p(a INTEGER) AS $$ BEGIN RAISE EXCEPTION '{'x' * 65_536}'; END; $$ LANGUAGE plpgsql",
            "a literal of 65536 bytes",
        ),
        (f"SELECT 1 -- {'x' * 16_000_000}", "a statement of 16000012 bytes"),
        ("CREATE TABLE s.t (a VARCHAR(65536))", "a VARCHAR of 65536 bytes"),
        ("SELECT CAST(a AS NUMERIC(39, 2)) FROM s.t", "a NUMERIC of 39 digits, 2 of them decimals"),
        ("CREATE TABLE s.t (a INTEGER, b JSONB NOT NULL)", "the type JSONB"),
        ("CREATE TABLE s.t (a NUMERIC(8, 2) NOT NULL, b UUID)", "the type UUID"),
        ("CREATE OR REPLACE PROCEDURE s.p(a BYTEA) AS $$ BEGIN NULL; END; $$ LANGUAGE plpgsql", "the type BYTEA"),
        (
            "CREATE OR REPLACE PROCEDURE s.p(a INTEGER) AS $$ DECLARE b JSON; BEGIN NULL; END; $$ LANGUAGE plpgsql",
            "the type JSON",
        ),
        (
            f"CREATE OR REPLACE PROCEDURE s.p({', '.join(f'a{n} INTEGER' for n in range(33))}) AS $$ BEGIN NULL; END; $$ "
            "LANGUAGE plpgsql",
            "33 arguments",
        ),
        (f"CALL s.p({', '.join(['1'] * 33)})", "33 arguments"),
        ("LOCK TABLE s.t IN SHARE MODE", "a form that no page shows"),
        (
            "CREATE OR REPLACE PROCEDURE s.p(a INTEGER) AS $$ BEGIN DELETE FROM s.t WHERE b IN (SELECT admin_option "
            "FROM svv_column_privileges); END; $$ LANGUAGE plpgsql",
            "no column admin_option",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_statement_of_any_kind_is_found(statement: str, finding: str) -> None:
    assert finding in problems(statement)


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("CREATE TABLE s.t (a NUMERIC(8, 2), tag VARCHAR(10))", "tag"),
        ("CREATE TABLE s.raw (a INTEGER)", "raw"),
        ("CREATE OR REPLACE PROCEDURE s.p(user VARCHAR(10)) AS $$ BEGIN NULL; END; $$ LANGUAGE plpgsql", "user"),
        (
            "CREATE OR REPLACE PROCEDURE s.p(a INTEGER) AS $$ DECLARE b INTEGER; new INTEGER; BEGIN NULL; END; $$ LANGUAGE plpgsql",
            "new",
        ),
    ],
)
def test_a_name_that_is_given_and_reserved_is_found(statement: str, word: str) -> None:
    assert problems(statement) == [f"{word} is a reserved word"]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT o.a FROM s.t AS x, x.items AS o",
        "SELECT c.oid, c.relname FROM pg_catalog.pg_class AS c WHERE c.relowner = pg_catalog.pg_get_userbyid(1)",
        "WITH w AS (SELECT a FROM s.t) SELECT COALESCE(w.a, RTRIM(w.a), NULLIF(w.a, '')) FROM w",
        "SELECT CURRENT_USER, CURRENT_DATABASE()",
        "SELECT CAST(a AS character varying(256)), CAST(b AS VARCHAR(256)) FROM s.t",
        'DROP FUNCTION "immuta_functions"."f"(timestamp without time zone, character varying)',
        'SELECT t."tag" FROM "raw".t AS t',
        "DELETE FROM s.t WHERE a IN (SELECT b FROM s.u)",
        "SELECT a FROM s.u WHERE EXISTS (SELECT 1 FROM s.t AS z WHERE z.a = u.a)",
        "SELECT a FROM s.u WHERE a IN (SELECT MAX(z.b) FROM s.t AS z WHERE z.a > u.a GROUP BY z.a)",
        "SELECT x.a, (SELECT COUNT(y.a) FROM s.t AS y WHERE y.a = x.a) AS n FROM s.u AS x",
        'SELECT o.kind, o.body FROM "immuta_system".object AS o',
    ],
)
def test_what_is_documented_passes(statement: str) -> None:
    assert findings(statement) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DROP PROCEDURE IF EXISTS s.p(VARCHAR)",
        "DROP FUNCTION s.f(INTEGER), s.g(INTEGER)",
        "DROP GROUP IF EXISTS g",
        "REVOKE ALL ON TABLE s.t FROM PUBLIC CASCADE",
        "LOCK TABLE s.t IN SHARE MODE",
        "CREATE ROLE IF NOT EXISTS r",
        "COMMENT ON SCHEMA s IS 'x'",
        "GRANT SELECT ON TABLE s.t TO GROUP g WITH GRANT OPTION",
        "ALTER DEFAULT PRIVILEGES FOR ROLE r GRANT SELECT ON TABLES TO PUBLIC",
        "CREATE VIEW IF NOT EXISTS s.v AS SELECT 1",
        "CREATE OR REPLACE FUNCTION s.f(x INTEGER) RETURNS INTEGER AS $$ SELECT 1 $$ LANGUAGE sql",
        "ALTER TABLE s.t ADD COLUMN a INTEGER, ADD COLUMN b INTEGER",
    ],
)  # fmt: skip
def test_a_form_that_no_page_shows_is_found(statement: str) -> None:
    assert not has_documented_form(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "GRANT SELECT, INSERT ON TABLE \"s\".t, s.u TO GROUP \"g\", PUBLIC",
        "GRANT SELECT (name) ON s.t TO ROLE r",
        "GRANT ACCESS SYSTEM TABLE TO ROLE r",
        "GRANT ROLE a TO b",
        "REVOKE ALL PRIVILEGES ON ALL TABLES IN SCHEMA s FROM ROLE r",
        "REVOKE EXECUTE ON FUNCTION s.f(VARCHAR, DOUBLE PRECISION) FROM PUBLIC",
        "ALTER DEFAULT PRIVILEGES FOR USER u IN SCHEMA s REVOKE ALL ON TABLES FROM PUBLIC",
        "CREATE OR REPLACE PROCEDURE s.p(a VARCHAR(65535), b BIGINT) AS $$ BEGIN NULL; END; $$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog",
        "CREATE TABLE IF NOT EXISTS s.t (a VARCHAR(10) NOT NULL, b SUPER, c NUMERIC(8, 2) DEFAULT 1)",
        "CALL s.p('x', 1)",
        "SET statement_timeout TO 1000",
        "LOCK TABLE s.t",
        "DROP VIEW IF EXISTS s.v",
        "ALTER GROUP g ADD USER u, v",
        "BEGIN",
    ],
)  # fmt: skip
def test_a_documented_form_passes(statement: str) -> None:
    assert has_documented_form(statement)
