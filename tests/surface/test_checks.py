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
        (f"SELECT t.{'n' * 128} FROM s.t AS t", "a name of 128 bytes"),
        ("SELECT t.tag FROM s.t AS t", "tag is a reserved word"),
        ("SELECT t.a FROM raw.t AS t", "raw is a reserved word"),
        ("SELECT new.a FROM s.t AS new", "new is a reserved word"),
        (f"SELECT '{'é' * 32_768}'", "a literal of 65536 bytes"),
    ],
)  # fmt: skip
def test_what_no_page_documents_is_found(statement: str, finding: str) -> None:
    assert finding in findings(statement)


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
        'SELECT t."tag" FROM "raw".t AS t',
        "DELETE FROM s.t WHERE a IN (SELECT b FROM s.u)",
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
