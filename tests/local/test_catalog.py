"""The system views, SHOW, parameters and transactions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.local.conftest import Client, ServerError


def test_tables_and_views_are_listed_with_their_kind(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(f"CREATE VIEW {schema}.v AS SELECT id FROM {schema}.t")
    admin(f"COMMENT ON TABLE {schema}.t IS 'the table'")
    assert admin(
        f"SELECT table_name, table_type, remarks FROM svv_tables WHERE table_schema = '{schema}' ORDER BY 1"
    ) == [
        ("t", "BASE TABLE", "the table"),
        ("v", "VIEW", None),
    ]
    assert admin(f"SELECT table_name, table_type FROM svv_all_tables WHERE schema_name = '{schema}' ORDER BY 1") == [
        ("t", "TABLE"),
        ("v", "VIEW"),
    ]


def test_a_user_sees_only_tables_that_are_open_to_them(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.shown (id INTEGER)")
    admin(f"CREATE TABLE {schema}.hidden (id INTEGER)")
    admin(f"GRANT SELECT ON {schema}.shown TO u_{schema}")
    assert user(f"SELECT table_name FROM svv_all_tables WHERE schema_name = '{schema}'") == [("shown",)]
    assert user(f"SELECT DISTINCT table_name FROM svv_columns WHERE table_schema = '{schema}'") == [("shown",)]


def test_the_engine_s_own_objects_are_not_listed(admin: Client) -> None:
    assert admin("SELECT 1 FROM svv_tables WHERE table_schema LIKE 'pg_veil%'") == []
    assert admin("SELECT 1 FROM svv_all_schemas WHERE schema_name = 'pg_veil'") == []
    assert admin("SELECT 1 FROM pg_views WHERE schemaname = 'pg_veil'") == []


def test_show_lists_databases_schemas_tables_and_columns(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER, name VARCHAR(5))")
    assert {"dev", "analytics"} <= {row[0] for row in admin("SHOW DATABASES")}
    assert admin(f"SHOW SCHEMAS FROM DATABASE analytics LIKE '{schema}%'")[0][:2] == ("analytics", schema)
    assert admin(f"SHOW TABLES FROM SCHEMA analytics.{schema}")[0][:4] == ("analytics", schema, "t", "TABLE")
    assert [row[3] for row in admin(f"SHOW COLUMNS FROM TABLE analytics.{schema}.t LIMIT 1")] == ["id"]


def test_redshift_s_parameters_can_be_set_shown_and_reset(sign_in: Callable[..., Client]) -> None:
    client = sign_in()
    for name, value in (
        ("query_group", "reports"),
        ("enable_result_cache_for_session", "off"),
        ("wlm_query_slot_count", "3"),
    ):
        before = client.one(f"SHOW {name}")
        client(f"SET {name} TO '{value}'")
        assert client.one(f"SHOW {name}") == value
        client(f"SET {name} TO DEFAULT")
        assert client.one(f"SHOW {name}") == before
        client(f"SET {name} = {value}")
        client(f"RESET {name}")
        assert client.one(f"SHOW {name}") == before
    client("SET search_path TO 'public', pg_catalog")
    client("SET timezone TO 'Europe/Paris'")
    assert client.one("SHOW timezone") == "Europe/Paris"
    client("SET datestyle TO 'ISO, DMY'")


def test_isolation_levels_are_accepted_and_change_nothing(sign_in: Callable[..., Client], schema: str) -> None:
    client, other = sign_in(), sign_in()
    other(f"CREATE TABLE {schema}.t (id INTEGER)")
    for beginning in (
        "BEGIN ISOLATION LEVEL SERIALIZABLE",
        "START TRANSACTION ISOLATION LEVEL SERIALIZABLE READ WRITE",
        "BEGIN TRANSACTION",
        "BEGIN WORK",
    ):
        client(beginning)
        client(f"SELECT * FROM {schema}.t")
        client("END")
    client("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE")


def test_a_lock_is_held_until_the_end_and_listed(sign_in: Callable[..., Client], admin: Client, schema: str) -> None:
    holder = sign_in()
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    holder("BEGIN")
    holder(f"LOCK {schema}.t")
    held = f"SELECT txn_owner FROM svv_transactions WHERE relation = '{schema}.t'::regclass::oid::int AND lock_mode = 'AccessExclusiveLock'"
    assert admin(held) == [("awsuser",)]
    holder("COMMIT")
    assert admin(held) == []


def test_a_lock_outside_a_transaction_means_nothing(sign_in: Callable[..., Client], admin: Client, schema: str) -> None:
    """Whoever may not lock the table is refused all the same, and so is a lock of a view."""
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(f"CREATE VIEW {schema}.v AS SELECT id FROM {schema}.t")
    admin(f"LOCK TABLE {schema}.t")
    assert sign_in()(f"SELECT id FROM {schema}.t") == []
    admin(f"CREATE USER locker_{schema} PASSWORD 'Secret123'")
    try:
        other = sign_in(f"locker_{schema}", "Secret123")
        for client, sql, code in (
            (admin, f"LOCK {schema}.v", "0A000"),
            (admin, f"LOCK {schema}.gone", "42P01"),
            (other, f"LOCK {schema}.t", "42501"),
        ):
            with pytest.raises(ServerError) as refused:
                client(sql)
            assert refused.value.code == code, sql
    finally:
        admin(f"DROP USER locker_{schema}")


def test_show_all_lists_what_a_cluster_has(admin: Client) -> None:
    """Its page lists names and settings; the server's own parameters are nobody's business."""
    listed = dict(admin("SHOW ALL"))
    assert {"query_group", "search_path", "datestyle", "extra_float_digits", "statement_timeout"} <= listed.keys()
    assert listed["query_group"] == "unset" and listed["datestyle"] == "ISO, MDY"
    assert not [name for name in listed if name.startswith(("veil", "pg_veil", "autovacuum", "allow_"))]


def test_explain_vacuum_analyze_truncate_and_comment_are_accepted(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    assert admin(f"EXPLAIN SELECT NVL(id, 1) FROM {schema}.t")
    admin(f"VACUUM FULL {schema}.t TO 99 PERCENT")
    admin(f"ANALYZE {schema}.t PREDICATE COLUMNS")
    admin(f"COMMENT ON COLUMN {schema}.t.id IS 'the key'")
    admin(f"TRUNCATE TABLE {schema}.t")
    assert admin(f"SELECT COUNT(*) FROM {schema}.t") == [(0,)]


def test_a_schema_has_an_owner_and_a_quota_is_accepted(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE SCHEMA IF NOT EXISTS {schema}_b AUTHORIZATION u_{schema} QUOTA 5 GB")
    user(f"CREATE TABLE {schema}_b.t (id INTEGER)")
    admin(f"ALTER SCHEMA {schema}_b QUOTA UNLIMITED")
    admin(f"ALTER SCHEMA {schema}_b OWNER TO awsuser")
    with pytest.raises(ServerError):
        user(f"CREATE TABLE {schema}_b.u (id INTEGER)")
