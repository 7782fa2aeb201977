"""SQL functions and stored procedures."""

from __future__ import annotations

import pytest

from tests.local.conftest import Client, ServerError


def test_a_function_is_everybody_s_and_a_procedure_is_its_owner_s(admin: Client, user: Client, schema: str) -> None:
    admin(f"GRANT USAGE ON SCHEMA {schema} TO u_{schema}")
    admin(f"CREATE FUNCTION {schema}.f(VARCHAR) RETURNS VARCHAR STABLE AS $$ SELECT UPPER($1) $$ LANGUAGE sql")
    admin(f"CREATE PROCEDURE {schema}.p() AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql")
    assert user.one(f"SELECT {schema}.f('a')") == "A"
    with pytest.raises(ServerError) as error:
        user(f"CALL {schema}.p()")
    assert error.value.code == "42501"
    listed = admin(
        f"SELECT function_name, identity_name FROM svv_function_privileges WHERE namespace_name = '{schema}' AND identity_type = 'public'"
    )
    assert listed == [("f", "public")]


def test_replacing_a_procedure_keeps_its_grants(admin: Client, user: Client, schema: str) -> None:
    admin(f"GRANT USAGE ON SCHEMA {schema} TO u_{schema}")
    admin(f"CREATE PROCEDURE {schema}.p(a VARCHAR(10), b INTEGER) AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql")
    admin(f"GRANT EXECUTE ON PROCEDURE {schema}.p(VARCHAR, INTEGER) TO u_{schema}")
    admin(
        f"CREATE OR REPLACE PROCEDURE {schema}.p(a VARCHAR(10), b INTEGER) AS $$ BEGIN RAISE INFO 'x'; END $$ LANGUAGE plpgsql"
    )
    user(f"CALL {schema}.p('a', 1)")
    admin(f"REVOKE EXECUTE ON PROCEDURE {schema}.p(VARCHAR, INTEGER) FROM u_{schema}")
    with pytest.raises(ServerError):
        user(f"CALL {schema}.p('a', 1)")


def test_a_definer_procedure_acts_as_its_owner_and_knows_who_called(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.log (who VARCHAR, owner VARCHAR)")
    admin(f"GRANT USAGE ON SCHEMA {schema} TO u_{schema}")
    admin(
        f"CREATE PROCEDURE {schema}.p() AS $$ BEGIN INSERT INTO {schema}.log VALUES (session_user, current_user); END $$ "
        "LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog"
    )
    admin(f"GRANT EXECUTE ON PROCEDURE {schema}.p() TO u_{schema}")
    user(f"CALL {schema}.p()")
    assert admin(f"SELECT who, owner FROM {schema}.log") == [(f"u_{schema}", "awsuser")]


def test_statements_in_a_body_are_rewritten(admin: Client, schema: str) -> None:
    admin(
        f"""CREATE PROCEDURE {schema}.p(INOUT total INTEGER) AS $body$
        DECLARE
          "Row" RECORD;
          n INTEGER := NVL(NULL, 1);
        BEGIN
          CREATE TABLE {schema}.made (id INTEGER DISTKEY, name VARCHAR) DISTSTYLE KEY SORTKEY (id);
          INSERT INTO {schema}.made SELECT DECODE(1, 1, 10, 20), CASE WHEN n = 1 THEN 'it\\'s' ELSE 'b' END;
          FOR "Row" IN SELECT TOP 1 DATEADD(day, 1, '2024-01-01'::date) AS d FROM {schema}.made LOOP
            IF "Row".d > GETDATE() THEN
              total := -1;
            ELSE
              total := total + LEN('abc');
            END IF;
          END LOOP;
          CREATE VIEW {schema}.v AS SELECT NVL(id, 0) AS id FROM {schema}.made WITH NO SCHEMA BINDING;
        END;
        $body$ LANGUAGE plpgsql"""
    )
    assert admin(f"CALL {schema}.p(4)") == [(7,)]
    assert admin(f"SELECT v.id, m.name FROM {schema}.v, {schema}.made AS m") == [(10, "it's")]


def test_the_body_is_shown_as_it_was_submitted(admin: Client, schema: str) -> None:
    body = "\nBEGIN\n  -- why\n  PERFORM NVL(NULL, 'it\\'s');\n  EXECUTE 'SELECT 1';\nEND;\n"
    admin(f"CREATE PROCEDURE {schema}.p() AS $${body}$$ LANGUAGE plpgsql")
    admin(
        f"CREATE FUNCTION {schema}.f(VARCHAR) RETURNS VARCHAR IMMUTABLE AS $$ SELECT NVL2($1, 'a', 'b') $$ LANGUAGE sql"
    )
    bodies = dict(
        admin(
            f"SELECT proname, prosrc FROM pg_proc WHERE pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = '{schema}')"
        )
    )
    assert bodies == {"p": body, "f": " SELECT NVL2($1, 'a', 'b') "}
    assert body in admin.one(f"SHOW PROCEDURE {schema}.p()")
    assert admin.one(f"SELECT {schema}.f('x')") == "a"


def test_a_body_may_be_a_plain_string(admin: Client, schema: str) -> None:
    admin(f"CREATE FUNCTION {schema}.f() RETURNS VARCHAR STABLE AS 'SELECT NVL(NULL, ''it\\\\\\'s'')' LANGUAGE sql")
    assert admin.one(f"SELECT {schema}.f()") == "it's"


def test_an_exception_handler_does_not_hide_the_error(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(
        f"CREATE PROCEDURE {schema}.p() AS $$ DECLARE n INTEGER; BEGIN INSERT INTO {schema}.t VALUES (1); n := 1 / 0; "
        "EXCEPTION WHEN OTHERS THEN RAISE INFO 'handled %', SQLERRM; END $$ LANGUAGE plpgsql"
    )
    with pytest.raises(ServerError) as error:
        admin(f"CALL {schema}.p()")
    assert error.value.code == "22012"
    assert admin(f"SELECT id FROM {schema}.t") == []
    assert any(b"handled" in notice[b"M"] for notice in admin.connection.notices)


def test_a_nonatomic_procedure_s_handler_ends_the_error(admin: Client, schema: str) -> None:
    admin(
        f"CREATE PROCEDURE {schema}.p() NONATOMIC AS $$ BEGIN RAISE EXCEPTION 'x'; EXCEPTION WHEN OTHERS THEN RAISE INFO 'handled'; END $$ LANGUAGE plpgsql"
    )
    admin(f"CALL {schema}.p()")


def test_dynamic_statements_are_rewritten_when_they_run(admin: Client, schema: str) -> None:
    admin(
        f"""CREATE PROCEDURE {schema}.p(INOUT result VARCHAR) AS $$
        DECLARE r RECORD;
        BEGIN
          EXECUTE 'CREATE TABLE {schema}.t (id INTEGER ENCODE az64)';
          EXECUTE 'INSERT INTO {schema}.t SELECT NVL(NULL, ' || quote_literal('5') || ')::int';
          EXECUTE 'SELECT DECODE(id, 5, ''five'')::varchar FROM {schema}.t' INTO result;
          FOR r IN EXECUTE 'SELECT LEN(''ab'') AS n' LOOP
            result := result || r.n;
          END LOOP;
        END $$ LANGUAGE plpgsql"""
    )
    assert admin(f"CALL {schema}.p(NULL)") == [("five2",)]


def test_dynamic_statements_work_for_clients_that_want_no_notices(admin: Client, schema: str) -> None:
    admin(f"CREATE PROCEDURE {schema}.p() AS $$ BEGIN EXECUTE 'CREATE SCHEMA {schema}_made'; END $$ LANGUAGE plpgsql")
    admin("SET client_min_messages TO error")
    admin(f"CALL {schema}.p()")
    admin("RESET client_min_messages")
    assert admin(f"SELECT 1 FROM svv_all_schemas WHERE schema_name = '{schema}_made'") == [(1,)]


def test_a_dynamic_statement_that_redshift_refuses_is_refused(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(
        f"CREATE PROCEDURE {schema}.p() AS $$ BEGIN EXECUTE 'CREATE INDEX i ON {schema}.t (id)'; END $$ LANGUAGE plpgsql"
    )
    with pytest.raises(ServerError) as error:
        admin(f"CALL {schema}.p()")
    assert error.value.code == "0A000"


def test_a_group_can_be_changed_by_a_definer_procedure(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE GROUP g_{schema}")
    admin(
        f"CREATE PROCEDURE {schema}.join_group(name VARCHAR) AS $$ BEGIN EXECUTE 'ALTER GROUP g_{schema} ADD USER ' || quote_ident(name); END $$ "
        "LANGUAGE plpgsql SECURITY DEFINER"
    )
    admin(f"CALL {schema}.join_group('u_{schema}')")
    assert user.one(f"SELECT user_is_member_of(current_user, 'g_{schema}')") is True


REFUSED = {
    "python": "CREATE FUNCTION {s}.f(INTEGER) RETURNS INTEGER STABLE AS $$ return 1 $$ LANGUAGE plpythonu",
    "plpgsql function": "CREATE FUNCTION {s}.f() RETURNS INTEGER STABLE AS $$ BEGIN RETURN 1; END $$ LANGUAGE plpgsql",
    "no volatility": "CREATE FUNCTION {s}.f() RETURNS INTEGER AS $$ SELECT 1 $$ LANGUAGE sql",
    "a table in a function": "CREATE FUNCTION {s}.f() RETURNS INTEGER STABLE AS $$ SELECT 1 FROM {s}.t $$ LANGUAGE sql",
    "using": "CREATE PROCEDURE {s}.p(a INTEGER) AS $$ BEGIN EXECUTE 'SELECT $1' USING a; END $$ LANGUAGE plpgsql",
    "a named condition": "CREATE PROCEDURE {s}.p() AS $$ BEGIN NULL; EXCEPTION WHEN division_by_zero THEN NULL; END $$ LANGUAGE plpgsql",
    "a default": "CREATE PROCEDURE {s}.p(a INTEGER DEFAULT 1) AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql",
    "a subquery in call": "CALL {s}.p((SELECT 1))",
    "an aggregate Redshift has not": "CREATE PROCEDURE {s}.p() AS $$ DECLARE x INTEGER; BEGIN SELECT array_agg(1) INTO x; END $$ LANGUAGE plpgsql",
    "our own schema": "CREATE PROCEDURE {s}.p() AS $$ BEGIN CALL pg_veil.nothing(); END $$ LANGUAGE plpgsql",
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED.keys())
def test_what_redshift_refuses_of_routines_is_refused(admin: Client, schema: str, statement: str) -> None:
    with pytest.raises(ServerError) as error:
        admin(statement.format(s=schema))
    assert error.value.code in ("0A000", "42601", "42883", "42501")


def test_from_inside_a_call_s_syntax_is_no_table(admin: Client, schema: str) -> None:
    admin(
        f"CREATE FUNCTION {schema}.f(DATE) RETURNS INTEGER STABLE AS $$ SELECT EXTRACT(year FROM $1)::int $$ LANGUAGE sql"
    )
    assert admin.one(f"SELECT {schema}.f('2024-01-01')") == 2024
