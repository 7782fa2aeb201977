"""SHOW: what the commands list, of every database, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.local.conftest import Client, ServerError


def columns(client: Client, sql: str) -> list[str]:
    with client.connection.cursor() as cursor:
        cursor.execute(sql)
        return [one[0] for one in cursor.description]


@pytest.fixture
def keyed(admin: Client, schema: str) -> str:
    admin(f"CREATE TABLE {schema}.parent (a INTEGER, b VARCHAR(5), PRIMARY KEY (a, b))")
    admin(
        f"CREATE TABLE {schema}.child (id INTEGER PRIMARY KEY, x INTEGER, y VARCHAR(5), "
        f"FOREIGN KEY (x, y) REFERENCES {schema}.parent (a, b))"
    )
    return schema


def test_show_constraints_lists_the_columns_of_a_primary_key_in_order(admin: Client, keyed: str) -> None:
    assert admin(f"SHOW CONSTRAINTS PRIMARY KEYS FROM TABLE {keyed}.parent") == [
        ("analytics", keyed, "parent", "parent_pkey", "a", 1),
        ("analytics", keyed, "parent", "parent_pkey", "b", 2),
    ]


def test_show_constraints_lists_foreign_keys_from_either_end(admin: Client, keyed: str) -> None:
    imported = admin(f"SHOW CONSTRAINTS FOREIGN KEYS FROM TABLE analytics.{keyed}.child")
    assert [row[2:4] + row[6:9] for row in imported] == [
        ("parent", "a", "child", "x", 1),
        ("parent", "b", "child", "y", 2),
    ]
    assert admin(f"SHOW CONSTRAINTS FOREIGN KEYS EXPORTED FROM TABLE {keyed}.parent") == imported
    assert admin(f"SHOW CONSTRAINTS FOREIGN KEYS FROM TABLE {keyed}.parent") == []


def test_show_constraints_shows_nothing_of_a_table_that_the_user_may_not_read(
    admin: Client, user: Client, keyed: str
) -> None:
    assert user(f"SHOW CONSTRAINTS PRIMARY KEYS FROM TABLE {keyed}.parent") == []
    admin(f"GRANT SELECT ON {keyed}.parent TO u_{keyed}")
    assert user(f"SHOW CONSTRAINTS PRIMARY KEYS FROM TABLE {keyed}.parent") == []
    admin(f"GRANT USAGE ON SCHEMA {keyed} TO u_{keyed}")
    assert len(user(f"SHOW CONSTRAINTS PRIMARY KEYS FROM TABLE {keyed}.parent")) == 2


def test_show_lists_routines_and_their_parameters(admin: Client, schema: str) -> None:
    admin(f"CREATE FUNCTION {schema}.f (INTEGER, VARCHAR) RETURNS INTEGER STABLE AS $$ SELECT $1 $$ LANGUAGE sql")
    admin(f"CREATE PROCEDURE {schema}.p (a IN INTEGER, b OUT VARCHAR) AS $$ BEGIN b := 'x'; END $$ LANGUAGE plpgsql")
    assert admin(f"SHOW FUNCTIONS FROM SCHEMA analytics.{schema}") == [
        ("analytics", schema, "f", 2, "integer, character varying", "integer", None)
    ]
    assert admin(f"SHOW PROCEDURES FROM SCHEMA {schema} LIKE 'p%'") == [
        ("analytics", schema, "p", 1, "integer", "character varying", None)
    ]
    assert admin(f"SHOW PROCEDURES FROM SCHEMA {schema} LIKE 'q%'") == []
    assert [row[3:7] for row in admin(f"SHOW PARAMETERS OF FUNCTION analytics.{schema}.f(int, character varying)")] == [
        ("", 0, "RETURN", "integer"),
        ("", 1, "IN", "integer"),
        ("", 2, "IN", "character varying"),
    ]
    assert [row[3:7] for row in admin(f"SHOW PARAMETERS OF PROCEDURE {schema}.p(integer) LIKE 'b'")] == [
        ("b", 2, "OUT", "character varying")
    ]


def test_show_lists_a_routine_only_to_who_may_run_it(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE PROCEDURE {schema}.p (a INTEGER) AS $$ BEGIN RETURN; END $$ LANGUAGE plpgsql")
    admin(f"GRANT USAGE ON SCHEMA {schema} TO u_{schema}")
    assert user(f"SHOW PROCEDURES FROM SCHEMA {schema}") == []
    assert user(f"SHOW PARAMETERS OF PROCEDURE {schema}.p(integer)") == []
    admin(f"GRANT EXECUTE ON PROCEDURE {schema}.p (INTEGER) TO u_{schema}")
    assert len(user(f"SHOW PROCEDURES FROM SCHEMA {schema}")) == 1


def test_show_grants_says_who_granted_what_to_whom(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (a INTEGER, b INTEGER)")
    admin(f"GRANT SELECT ON {schema}.t TO u_{schema}")
    admin(f"GRANT INSERT ON {schema}.t TO PUBLIC")
    admin(f"GRANT UPDATE (b) ON {schema}.t TO u_{schema}")
    shown = admin(f"SHOW GRANTS ON TABLE {schema}.t")
    assert [(row[2], row[4], row[6], row[7], row[8], row[10]) for row in shown] == [
        ("t", "INSERT", "public", "public", False, "awsuser"),
        ("t", "SELECT", f"u_{schema}", "user", False, "awsuser"),
    ]
    assert [row[4] for row in admin(f"SHOW GRANTS ON TABLE {schema}.t FOR PUBLIC")] == ["INSERT"]
    assert [(row[3], row[5]) for row in admin(f"SHOW COLUMN GRANTS ON TABLE {schema}.t FOR u_{schema} LIMIT 5")] == [
        ("b", "UPDATE")
    ]


def test_a_name_without_a_database_is_one_of_this_database(
    admin: Client, sign_in: Callable[..., Client], schema: str
) -> None:
    other = sign_in(database="dev")
    other(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    other(f"CREATE SCHEMA {schema}")
    other(f"CREATE TABLE {schema}.there (id INTEGER PRIMARY KEY)")
    admin(f"CREATE TABLE {schema}.here (id INTEGER)")
    assert [row[2] for row in admin(f"SHOW TABLES FROM SCHEMA {schema}")] == ["here"]
    assert [row[2] for row in admin(f"SHOW TABLES FROM SCHEMA dev.{schema}")] == ["there"]
    assert [row[4] for row in admin(f"SHOW CONSTRAINTS PRIMARY KEYS FROM TABLE dev.{schema}.there")] == ["id"]


def test_what_show_lists_has_the_documented_columns(admin: Client, schema: str) -> None:
    assert columns(admin, f"SHOW TABLES FROM SCHEMA {schema}") == [
        "database_name",
        "schema_name",
        "table_name",
        "table_type",
        "table_acl",
        "remarks",
        "owner",
        "last_altered_time",
        "last_modified_time",
        "dist_style",
        "table_subtype",
    ]
    assert columns(admin, f"SHOW PARAMETERS OF PROCEDURE {schema}.p()") == [
        "database_name",
        "schema_name",
        "procedure_name",
        "parameter_name",
        "ordinal_position",
        "parameter_type",
        "data_type",
        "character_maximum_length",
        "numeric_precision",
        "numeric_scale",
        "remarks",
    ]
    assert columns(admin, f"SHOW COLUMN GRANTS ON TABLE {schema}.t") == [
        "database_name",
        "schema_name",
        "table_name",
        "column_name",
        "object_type",
        "privilege_type",
        "identity_id",
        "identity_name",
        "identity_type",
        "admin_option",
        "privilege_scope",
        "grantor_name",
    ]


def test_the_names_in_show_may_be_parameters(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    assert [row[2] for row in admin("SHOW TABLES FROM SCHEMA %s.%s LIKE %s;", "analytics", schema, "t%")] == ["t"]


@pytest.mark.parametrize(
    "statement",
    ["SHOW CONSTRAINTS FROM TABLE a.b", "SHOW GRANTS ON SCHEMA public", "SHOW TABLES FROM SCHEMA a ORDER BY 1"],
)
def test_another_form_of_show_is_refused(admin: Client, statement: str) -> None:
    with pytest.raises(ServerError) as caught:
        admin(statement)
    assert caught.value.code in ("0A000", "42601")


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("SHOW CONSTRAINTS PRIMARY KEYS FROM TABLE", "at end of input"),
        ("SHOW CONSTRAINTS PRIMARY KEYS FROM TABLE people", "at end of input"),
        ("SHOW CONSTRAINTS FOREIGN KEYS FROM TABLE people", "at end of input"),
        ("SHOW CONSTRAINTS FOREIGN KEYS EXPORTED FROM TABLE people LIMIT 1", 'at or near "LIMIT"'),
        ("SHOW COLUMNS FROM TABLE people", "at end of input"),
        ("SHOW COLUMNS FROM TABLE a people", 'at or near "people"'),
        ("SHOW COLUMNS FROM TABLE a.people.", "at end of input"),
        ("SHOW COLUMNS FROM TABLE d.a.people.id", 'at or near "."'),
        ("SHOW COLUMN GRANTS ON TABLE people", "at end of input"),
        ("SHOW PARAMETERS OF FUNCTION f(integer)", 'at or near "("'),
        ("SHOW GRANTS ON TABLE", "at end of input"),
        ("SHOW TABLES FROM SCHEMA", "at end of input"),
        ("SHOW TABLES FROM SCHEMA LIKE 'p%'", 'at or near "LIKE"'),
        ("SHOW FUNCTIONS FROM SCHEMA LIMIT 1", 'at or near "LIMIT"'),
        ("SHOW SCHEMAS FROM DATABASE", "at end of input"),
        ("SHOW SCHEMAS", "at end of input"),
        ("SHOW TABLES LIKE 'p%'", 'at or near "LIKE"'),
        ("SHOW COLUMNS FROM a.people", 'at or near "a"'),
    ],
)
def test_a_name_of_which_parts_are_missing_is_no_name(admin: Client, statement: str, found: str) -> None:
    with pytest.raises(ServerError) as caught:
        admin(statement)
    assert caught.value.code == "42601"
    assert f"syntax error {found}" in str(caught.value)


def test_grants_are_shown_of_a_table_by_its_name_alone(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.alone_{schema} (id INTEGER)")
    admin(f"GRANT SELECT ON {schema}.alone_{schema} TO PUBLIC")
    assert admin(f"SHOW GRANTS ON TABLE alone_{schema} FOR PUBLIC")


def test_show_columns_says_how_precise_an_interval_is(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (a INTERVAL DAY TO SECOND (4), b INTERVAL DAY TO SECOND, c INTERVAL YEAR TO MONTH)")
    assert [row[7] for row in admin(f"SHOW COLUMNS FROM TABLE {schema}.t")] == [
        "interval day to second(4)",
        "interval day to second",
        "interval year to month",
    ]


def test_show_parameters_has_the_sizes_of_arguments_and_the_list_of_arguments_has_none(
    admin: Client, schema: str
) -> None:
    admin(
        f"CREATE PROCEDURE {schema}.p(a numeric(10, 5), b IN char(20), INOUT c varchar(256), d interval year to month, "
        "e interval day to second, f int) AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql"
    )
    listed = "numeric, character, character varying, intervaly2m, intervald2s, integer"
    assert [row[4] for row in admin(f"SHOW PROCEDURES FROM SCHEMA {schema}")] == [listed]
    shown = [
        ("a", 1, "IN", "numeric", None, 10, 5),
        ("b", 2, "IN", "character", 20, None, None),
        ("c", 3, "INOUT", "character varying", 256, None, None),
        ("d", 4, "IN", "interval year to month", None, None, None),
        ("e", 5, "IN", "interval day to second", None, None, None),
        ("f", 6, "IN", "integer", None, 32, 0),
    ]
    assert [row[3:10] for row in admin(f"SHOW PARAMETERS OF PROCEDURE {schema}.p({listed})")] == shown
    written = "numeric, char, varchar, interval year to month, interval day to second, int"
    assert [row[3:10] for row in admin(f"SHOW PARAMETERS OF PROCEDURE {schema}.p({written})")] == shown


def test_a_routine_whose_arguments_have_sizes_shows_its_body_as_it_was_submitted(admin: Client, schema: str) -> None:
    body = " SELECT pg_catalog.upper($1) "
    admin(f"CREATE FUNCTION {schema}.f(varchar(10)) RETURNS varchar IMMUTABLE AS $${body}$$ LANGUAGE sql")
    asked = "SELECT p.prosrc FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE p.proname = 'f'"
    assert admin.one(f"{asked} AND n.nspname = '{schema}'") == body
    assert admin.one(f"SELECT {schema}.f('x')") == "X"


def test_the_arguments_of_a_function_may_have_names_which_are_listed_and_not_used(admin: Client, schema: str) -> None:
    created = "RETURNS INTEGER STABLE AS $$ SELECT $1 + LEN($2) $$ LANGUAGE sql"
    admin(f'CREATE FUNCTION {schema}.f(first INTEGER, "second one" VARCHAR(5)) {created}')
    assert admin.one(f"SELECT {schema}.f(1, 'xy')") == 3
    shown = admin(f"SHOW PARAMETERS OF FUNCTION {schema}.f(integer, varchar)")
    assert [row[3:6] for row in shown] == [("", 0, "RETURN"), ("first", 1, "IN"), ("second one", 2, "IN")]
    assert admin.one("SELECT proargnames::varchar FROM pg_proc_info WHERE proname = 'f' AND prosrc LIKE '%LEN%'") == (
        '{first,"second one"}'
    )
    admin(f"CREATE OR REPLACE FUNCTION {schema}.f(renamed INTEGER, VARCHAR(5)) {created}")
    shown = admin(f"SHOW PARAMETERS OF FUNCTION {schema}.f(integer, varchar)")
    assert [row[3] for row in shown] == ["", "renamed", ""]


def test_the_arguments_of_a_function_have_no_sizes_as_a_cluster_keeps_none(admin: Client, schema: str) -> None:
    admin(
        f"CREATE FUNCTION {schema}.f(a numeric(10, 5), b char(20), c varchar(256), d int) RETURNS int IMMUTABLE "
        "AS $$ SELECT 1 $$ LANGUAGE sql"
    )
    listed = "numeric, character, character varying, integer"
    assert [row[3:10] for row in admin(f"SHOW PARAMETERS OF FUNCTION {schema}.f({listed})")] == [
        ("", 0, "RETURN", "integer", None, 32, 0),
        ("a", 1, "IN", "numeric", None, None, None),
        ("b", 2, "IN", "character", None, None, None),
        ("c", 3, "IN", "character varying", None, None, None),
        ("d", 4, "IN", "integer", None, 32, 0),
    ]


def test_the_session_s_own_temporary_tables_are_listed_and_nobody_else_s(
    admin: Client, user: Client, schema: str
) -> None:
    admin(f"CREATE TEMP TABLE t_{schema} (id INTEGER)")
    asked = f"SELECT table_name, table_type FROM svv_all_tables WHERE table_name = 't_{schema}'"
    assert admin(asked) == [(f"t_{schema}", "TABLE")]
    assert admin(f"SELECT column_name FROM svv_all_columns WHERE table_name = 't_{schema}'") == [("id",)]
    assert user(asked) == []
    admin(f"DROP TABLE t_{schema}")
    assert admin(asked) == []


@pytest.fixture
def much_granted(admin: Client, schema: str) -> Iterator[str]:
    """The name of tables in several schemas on which many groups have privileges: SHOW GRANTS lists
    more than 10,000.
    """
    schemas = [f"{schema}_{number}" for number in range(12)]
    groups = [f"g_{schema}_{number}" for number in range(200)]
    for each in groups:
        admin(f"CREATE GROUP {each}")
    for each in schemas:
        admin(f"CREATE SCHEMA {each}")
        admin(f"CREATE TABLE {each}.much_granted (a INTEGER)")
        admin(f"GRANT ALL ON {each}.much_granted TO {', '.join(f'GROUP {group}' for group in groups)}")
    yield "much_granted"
    for each in schemas:
        admin(f"DROP SCHEMA {each} CASCADE")
    for each in groups:
        admin(f"DROP GROUP {each}")


def test_a_list_of_more_than_ten_thousand_rows_is_an_error_unless_it_is_narrowed(
    admin: Client, schema: str, much_granted: str
) -> None:
    one = len(admin(f"SHOW GRANTS ON TABLE {schema}_0.{much_granted}"))
    assert 1_000 <= one <= 10_000 < 12 * one
    with pytest.raises(ServerError) as error:
        admin(f"SHOW GRANTS ON TABLE {much_granted}")
    assert (error.value.code, error.value.message) == ("54000", "a SHOW command lists no more than 10000 rows")
    assert len(admin(f"SHOW GRANTS ON TABLE {much_granted} LIMIT 10000")) == 10_000
    assert admin(f"SHOW GRANTS ON TABLE {much_granted} LIMIT 0") == []


@pytest.mark.parametrize(
    "command", ["SHOW DATABASES", "SHOW TABLES FROM SCHEMA public", "SHOW SCHEMAS FROM DATABASE dev"]
)
def test_a_list_takes_no_limit_above_ten_thousand(admin: Client, command: str) -> None:
    admin(f"{command} LIMIT 10000")
    with pytest.raises(ServerError) as error:
        admin(f"{command} LIMIT 10001")
    assert error.value.code == "22023"
    with pytest.raises(ServerError) as error:
        admin(f"{command} LIMIT many")
    assert error.value.code == "42601"
