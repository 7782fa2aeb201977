"""Users, groups, roles, passwords and what is granted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redshift_connector

from tests.local.conftest import Client, ServerError


def test_a_user_signs_in_with_the_password_and_no_other(
    admin: Client, sign_in: Callable[..., Client], schema: str
) -> None:
    admin(f"CREATE USER {schema} PASSWORD 'Right1234'")
    assert sign_in(schema, "Right1234").one("SELECT current_user") == schema
    with pytest.raises((redshift_connector.InterfaceError, redshift_connector.ProgrammingError)):
        sign_in(schema, "Wrong1234")
    admin(f"ALTER USER {schema} PASSWORD 'Other1234'")
    assert sign_in(schema, "Other1234").one("SELECT session_user") == schema
    admin(f"ALTER USER {schema} PASSWORD DISABLE")
    with pytest.raises((redshift_connector.InterfaceError, redshift_connector.ProgrammingError)):
        sign_in(schema, "Other1234")


@pytest.mark.parametrize(
    "password", ["Short1", "nouppercase1", "NOLOWERCASE1", "NoNumbers", "With blank1", "With/slash1", "x" * 65 + "A1"]
)
def test_a_weak_password_is_refused(admin: Client, password: str) -> None:
    with pytest.raises(ServerError, match="password must have"):
        admin(f"CREATE USER weak PASSWORD '{password}'")


def test_a_quoted_user_s_name_keeps_its_case_everywhere(
    admin: Client, sign_in: Callable[..., Client], schema: str
) -> None:
    name = f"IAM:Bob.{schema}"
    admin(f"CREATE USER \"{name}\" PASSWORD 'Secret123'")
    admin(f'CREATE GROUP {schema}_g WITH USER "{name}"')
    admin(f'GRANT USAGE ON SCHEMA {schema} TO "{name}"')
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    admin(f'GRANT SELECT ON {schema}.t TO "{name}"')
    client = sign_in(name, "Secret123")
    assert client(f"SELECT current_user, id FROM {schema}.t") == [(name, 1)]
    assert client.one(f"SELECT user_is_member_of(current_user, '{schema}_g')") is True
    admin(f'REVOKE SELECT ON {schema}.t FROM "{name}"')
    with pytest.raises(ServerError):
        client(f"SELECT id FROM {schema}.t")
    admin(f'ALTER TABLE {schema}.t OWNER TO "{name}"')
    assert client(f"SELECT id FROM {schema}.t") == [(1,)]
    admin(f'SET SESSION AUTHORIZATION "{name}"')
    assert admin.one("SELECT current_user") == name
    admin("SET SESSION AUTHORIZATION DEFAULT")
    admin(f'ALTER GROUP {schema}_g DROP USER "{name}"')
    assert admin.one(f"SELECT grolist::VARCHAR FROM pg_group WHERE groname = '{schema}_g'") == "{}"


def test_options_of_users_are_understood(admin: Client, schema: str) -> None:
    admin(
        f"CREATE USER {schema} WITH PASSWORD 'Secret123' NOCREATEDB CREATEUSER SYSLOG ACCESS UNRESTRICTED CONNECTION LIMIT 5 SESSION TIMEOUT 600"
    )
    assert admin(f"SELECT usesuper, usecreatedb, useconnlimit FROM pg_user_info WHERE usename = '{schema}'") == [
        (True, False, "5")
    ]
    admin(f"ALTER USER {schema} NOCREATEUSER CONNECTION LIMIT UNLIMITED RESET SESSION TIMEOUT")
    assert admin(f"SELECT usesuper, useconnlimit FROM pg_user_info WHERE usename = '{schema}'") == [
        (False, "UNLIMITED")
    ]
    admin(f"ALTER USER {schema} RENAME TO {schema}_b")
    assert admin(f"SELECT usename FROM pg_user WHERE usename LIKE '{schema}%'") == [(f"{schema}_b",)]
    admin(f"DROP USER {schema}_b")


def test_a_user_s_sessions_begin_with_the_parameters_that_were_set_for_it(
    admin: Client, sign_in: Callable[..., Client], schema: str
) -> None:
    admin(f"CREATE USER {schema} PASSWORD 'Secret123'")
    shown = "SHOW enable_case_sensitive_identifier"
    admin(f"ALTER USER {schema} SET enable_case_sensitive_identifier TO true")
    assert sign_in(schema, "Secret123").one(shown) == "true"
    admin(f"ALTER USER {schema} RESET enable_case_sensitive_identifier")
    assert sign_in(schema, "Secret123").one(shown) == "false"


def test_parameters_are_set_for_users_and_not_for_databases_and_only_those_that_there_are(
    admin: Client, schema: str
) -> None:
    admin(f"CREATE USER {schema} PASSWORD 'Secret123'")
    for statement, code in (
        ("ALTER DATABASE dev SET search_path TO public, pg_catalog", "0A000"),
        ("ALTER DATABASE dev RESET search_path", "0A000"),
        (f"ALTER USER {schema} SET standard_conforming_strings TO on", "42704"),
    ):
        with pytest.raises(ServerError) as error:
            admin(statement)
        assert error.value.code == code, statement
    admin(f"ALTER USER {schema} SET search_path TO public, pg_catalog")
    admin(f"ALTER USER {schema} RESET search_path")
    admin(f"DROP USER {schema}")


def test_words_of_postgresql_are_no_options(admin: Client) -> None:
    for option in ("SUPERUSER", "BYPASSRLS", "CREATEROLE"):
        with pytest.raises(ServerError) as error:
            admin(f"CREATE USER odd PASSWORD 'Secret123' {option}")
        assert error.value.code == "42601"


def test_a_group_s_privileges_are_its_members(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    admin(f"CREATE GROUP g_{schema}")
    admin(f"GRANT USAGE ON SCHEMA {schema} TO GROUP g_{schema}")
    admin(f"GRANT SELECT, INSERT ON TABLE {schema}.t TO GROUP g_{schema}")
    with pytest.raises(ServerError):
        user(f"SELECT id FROM {schema}.t")
    admin(f"ALTER GROUP g_{schema} ADD USER u_{schema}")
    assert user(f"SELECT id FROM {schema}.t") == [(1,)]
    with pytest.raises(ServerError):
        admin(f"DROP GROUP g_{schema}")
    admin(f"REVOKE ALL ON {schema}.t FROM GROUP g_{schema}")
    admin(f"REVOKE ALL ON SCHEMA {schema} FROM GROUP g_{schema}")
    admin(f"DROP GROUP g_{schema}")


def test_a_role_is_granted_to_users_and_roles_and_is_no_group(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE ROLE a_{schema}")
    admin(f"CREATE ROLE b_{schema}")
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    admin(f"GRANT USAGE ON SCHEMA {schema} TO ROLE a_{schema}")
    admin(f"GRANT SELECT ON {schema}.t TO ROLE a_{schema}")
    admin(f"GRANT ROLE a_{schema} TO ROLE b_{schema}")
    admin(f"GRANT ROLE b_{schema} TO u_{schema} WITH ADMIN OPTION")
    assert user(f"SELECT id FROM {schema}.t") == [(1,)]
    assert admin(f"SELECT role_name, admin_option FROM svv_user_grants WHERE user_name = 'u_{schema}'") == [
        (f"b_{schema}", True)
    ]
    assert admin(f"SELECT granted_role_name FROM svv_role_grants WHERE role_name = 'b_{schema}'") == [(f"a_{schema}",)]
    assert admin(f"SELECT 1 FROM pg_group WHERE groname = 'a_{schema}'") == []
    assert admin(f"SELECT identity_type FROM svv_relation_privileges WHERE identity_name = 'a_{schema}'") == [("role",)]
    assert user.one(f"SELECT user_is_member_of(current_user, 'a_{schema}')") is True
    admin(f"REVOKE ROLE b_{schema} FROM u_{schema}")
    with pytest.raises(ServerError):
        user(f"SELECT id FROM {schema}.t")
    admin(f"REVOKE SELECT ON {schema}.t FROM ROLE a_{schema}")
    admin(f"REVOKE USAGE ON SCHEMA {schema} FROM ROLE a_{schema}")
    admin(f"DROP ROLE a_{schema} FORCE")


def test_grants_the_engine_cannot_make_are_refused_and_say_so(admin: Client, schema: str) -> None:
    for statement in (
        f"GRANT EXECUTE FOR FUNCTIONS IN SCHEMA {schema} TO awsuser",
        f"GRANT DROP ON {schema}.t TO awsuser",
        "GRANT CREATE USER TO ROLE r",
        "GRANT awsuser TO rdsdb",
    ):
        with pytest.raises(ServerError) as error:
            admin(statement)
        assert error.value.code in ("0A000", "42601")


def test_column_grants_and_grant_options_hold(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id, 2 AS secret")
    admin(f"GRANT USAGE ON SCHEMA {schema} TO u_{schema} WITH GRANT OPTION")
    admin(f"GRANT SELECT (id) ON {schema}.t TO u_{schema}")
    assert user(f"SELECT id FROM {schema}.t") == [(1,)]
    with pytest.raises(ServerError):
        user(f"SELECT secret FROM {schema}.t")
    assert admin(
        f"SELECT column_name, privilege_type FROM svv_column_privileges WHERE identity_name = 'u_{schema}'"
    ) == [("id", "SELECT")]
    assert admin(
        f"SELECT privilege_type, admin_option FROM svv_schema_privileges WHERE identity_name = 'u_{schema}'"
    ) == [("USAGE", True)]
    admin(f"REVOKE GRANT OPTION FOR USAGE ON SCHEMA {schema} FROM u_{schema}")
    assert admin(f"SELECT admin_option FROM svv_schema_privileges WHERE identity_name = 'u_{schema}'") == [(False,)]


def test_system_permissions_open_the_catalog_and_nothing_else(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    admin(f"CREATE GROUP g_{schema}")
    admin(f"GRANT SELECT ON {schema}.t TO GROUP g_{schema}")
    columns = f"SELECT column_name FROM svv_columns WHERE table_schema = '{schema}'"
    grants = f"SELECT identity_name FROM svv_relation_privileges WHERE relation_name = 't' AND namespace_name = '{schema}' AND identity_type = 'group'"
    assert (user(columns), user(grants)) == ([], [])
    admin(f"CREATE ROLE r_{schema}")
    admin(f"GRANT ACCESS SYSTEM TABLE TO ROLE r_{schema}")
    admin(f"GRANT ACCESS CATALOG TO ROLE r_{schema}")
    admin(f"GRANT ROLE r_{schema} TO u_{schema}")
    assert (user(columns), user(grants)) == ([("id",)], [(f"g_{schema}",)])
    with pytest.raises(ServerError):
        user(f"SELECT id FROM {schema}.t")
    held = f"SELECT system_privilege FROM svv_system_privileges WHERE identity_name = 'r_{schema}' AND identity_type = 'role' ORDER BY 1"
    assert user(held) == [("ACCESS CATALOG",), ("ACCESS SYSTEM TABLE",)]
    admin(f"REVOKE ACCESS CATALOG FROM ROLE r_{schema}")
    assert (user(columns), user(grants)) == ([], [(f"g_{schema}",)])
    with pytest.raises(ServerError):
        admin(f"GRANT ACCESS SYSTEM TABLE TO u_{schema}")


def test_a_scoped_privilege_reaches_later_tables_and_stays_apart_from_grants_on_tables(
    admin: Client, user: Client, schema: str
) -> None:
    admin(f"CREATE TABLE {schema}.before AS SELECT 1 AS id")
    admin(f"GRANT USAGE ON SCHEMA {schema} TO u_{schema}")
    admin(f"GRANT SELECT FOR TABLES IN SCHEMA {schema} TO u_{schema}")
    admin(f"CREATE TABLE {schema}.later AS SELECT 2 AS id")
    assert (user(f"SELECT id FROM {schema}.before"), user(f"SELECT id FROM {schema}.later")) == ([(1,)], [(2,)])
    listed = (
        "SELECT privilege_type, identity_name, identity_type, privilege_scope FROM svv_schema_privileges "
        f"WHERE namespace_name = '{schema}' AND privilege_scope = 'TABLES'"
    )
    assert admin(listed) == [("SELECT", f"u_{schema}", "user", "TABLES")]
    assert (
        admin(f"SELECT 1 FROM svv_relation_privileges WHERE namespace_name = '{schema}' AND identity_name <> 'awsuser'")
        == []
    )
    admin(f"REVOKE SELECT FOR TABLES IN SCHEMA {schema} FROM u_{schema}")
    assert admin(listed) == []
    with pytest.raises(ServerError):
        user(f"SELECT id FROM {schema}.later")


def test_only_the_owner_of_a_schema_gives_scoped_privileges_and_to_users_and_roles(
    admin: Client, user: Client, schema: str
) -> None:
    admin(f"CREATE ROLE r_{schema}")
    with pytest.raises(ServerError) as denied:
        user(f"GRANT SELECT FOR TABLES IN SCHEMA {schema} TO ROLE r_{schema}")
    assert denied.value.code == "42501"
    admin(f"GRANT SELECT FOR TABLES IN SCHEMA {schema} TO ROLE r_{schema}")
    for grantee in ("PUBLIC", "GROUP anybody"):
        with pytest.raises(ServerError, match="users and roles only"):
            admin(f"GRANT SELECT FOR TABLES IN SCHEMA {schema} TO {grantee}")


def test_default_privileges_apply_to_what_that_user_makes_later(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.before AS SELECT 1 AS id")
    admin(f"ALTER DEFAULT PRIVILEGES FOR USER awsuser IN SCHEMA {schema} GRANT SELECT ON TABLES TO u_{schema}")
    admin(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT EXECUTE ON PROCEDURES TO u_{schema}")
    admin(f"GRANT USAGE ON SCHEMA {schema} TO u_{schema}")
    admin(f"CREATE TABLE {schema}.later AS SELECT 2 AS id")
    assert user(f"SELECT id FROM {schema}.later") == [(2,)]
    with pytest.raises(ServerError):
        user(f"SELECT id FROM {schema}.before")
    found = admin(
        f"SELECT object_type, owner_name, privilege_type, grantee_type FROM svv_default_privileges WHERE schema_name = '{schema}' ORDER BY 1"
    )
    assert found == [("FUNCTION", "awsuser", "EXECUTE", "user"), ("RELATION", "awsuser", "SELECT", "user")]
    admin(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE SELECT ON TABLES FROM u_{schema}")


def test_privileges_are_listed_for_each_kind_of_identity(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE GROUP g_{schema}")
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(f"GRANT SELECT ON {schema}.t TO u_{schema}, GROUP g_{schema}")
    admin(f"GRANT INSERT ON {schema}.t TO PUBLIC")
    found = admin(
        "SELECT privilege_type, identity_name, identity_type FROM svv_relation_privileges "
        f"WHERE namespace_name = '{schema}' AND identity_name <> 'awsuser' ORDER BY 3"
    )
    assert found == [
        ("SELECT", f"g_{schema}", "group"),
        ("INSERT", "public", "public"),
        ("SELECT", f"u_{schema}", "user"),
    ]
    assert {
        row[0] for row in user(f"SELECT identity_name FROM svv_relation_privileges WHERE namespace_name = '{schema}'")
    } == {"public", f"u_{schema}"}


def test_everybody_may_create_in_public_and_make_temporary_tables(user: Client, schema: str) -> None:
    user(f"CREATE TABLE public.t_{schema} (id INTEGER)")
    user("CREATE TEMP TABLE scratch (id INTEGER)")
    user("CREATE TABLE #hash (id INTEGER)")
    user("INSERT INTO #hash VALUES (1)")
    assert user("SELECT id FROM #hash") == [(1,)]


def test_nobody_signs_in_as_the_system_s_owner(sign_in: Callable[..., Client]) -> None:
    for password in ("", "rdsdb"):
        with pytest.raises((redshift_connector.InterfaceError, redshift_connector.ProgrammingError)):
            sign_in("rdsdb", password or "x")
