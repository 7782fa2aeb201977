"""Types of columns that people's tables have, as the catalogs report them."""

from __future__ import annotations

import pytest

from tests.local.conftest import Client, ServerError

# What a column is declared as, what the catalogs call it (SVV_COLUMNS), and a value.
TYPES = {
    "VARBYTE": ("binary varying", "'abc'"),
    "VARBYTE(10)": ("binary varying", "'abc'"),
    "BINARY VARYING(10)": ("binary varying", "'abc'"),
    "GEOMETRY": ("geometry", "'0101000000000000000000F03F0000000000000040'"),
    "GEOGRAPHY": ("geography", "'0101000000000000000000F03F0000000000000040'"),
    "HLLSKETCH": ("hllsketch", "'sketch'"),
    "INTERVAL YEAR TO MONTH": ("interval year to month", "'2 years 3 months'"),
    "INTERVAL DAY TO SECOND": ("interval day to second", "'3 days'"),
    "TIMETZ": ("time with time zone", "'10:11:12+00'"),
    "TIME WITH TIME ZONE": ("time with time zone", "'10:11:12+00'"),
}


@pytest.mark.parametrize("declared", TYPES)
def test_a_column_of_the_type_is_stored_reported_and_compared_with_null(
    admin: Client, schema: str, declared: str
) -> None:
    reported, value = TYPES[declared]
    admin(f"CREATE TABLE {schema}.t (n INTEGER, c {declared})")
    admin(f"INSERT INTO {schema}.t VALUES (1, {value}), (2, NULL)")
    admin(
        f"CREATE VIEW {schema}.late AS SELECT n, c, CAST(NULL AS {declared}) AS hidden FROM {schema}.t WITH NO SCHEMA BINDING"
    )
    admin(f"CREATE VIEW {schema}.bound AS SELECT c FROM {schema}.t")
    assert admin(f"SELECT n FROM {schema}.t WHERE c IS NULL") == [(2,)]
    assert admin(f"SELECT n, c IS NOT NULL, hidden IS NULL FROM {schema}.late ORDER BY n") == [
        (1, True, True),
        (2, False, True),
    ]
    kinds = f"SELECT DISTINCT data_type FROM {{}} WHERE {{}} = '{schema}' AND column_name IN ('c', 'hidden')"
    assert admin(kinds.format("svv_columns", "table_schema")) == [(reported,)]
    assert admin(kinds.format("svv_redshift_columns", "schema_name")) == [(reported,)]
    shown = dict(admin(
        "SELECT col_name, col_type FROM pg_get_late_binding_view_cols() "
        f"c(view_schema name, view_name name, col_name name, col_type varchar, col_num int) WHERE view_schema = '{schema}'"
    ))  # fmt: skip
    assert {shown["c"], shown["hidden"]} == {reported}


@pytest.mark.parametrize("declared", ["GEOMETRY", "GEOGRAPHY", "HLLSKETCH"])
def test_what_has_no_order_and_no_equality_is_not_compared(admin: Client, schema: str, declared: str) -> None:
    admin(f"CREATE TABLE {schema}.t (c {declared})")
    for test in ("c = c", "c < c"):
        with pytest.raises(ServerError) as refused:
            admin(f"SELECT 1 FROM {schema}.t WHERE {test}")
        assert refused.value.code == "42883"
        assert declared.lower() in refused.value.message


def test_an_interval_column_needs_its_fields(admin: Client, schema: str) -> None:
    with pytest.raises(ServerError) as refused:
        admin(f"CREATE TABLE {schema}.t (c INTERVAL)")
    assert "YEAR TO MONTH" in refused.value.hint
    assert "INTERVAL DAY TO SECOND" in refused.value.hint


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("bytea", 'Column "t.a" has unsupported type "bytea".'),
        ("interval", 'Column "t.a" has unsupported type "interval".'),
        ("regoper", 'Column "t.a" has unsupported type "regoper".'),
        ("int[]", 'Column "t.a" has unsupported type "int[]".'),
        ("uuid", 'type "uuid" does not exist'),
        ("txid_snapshot", 'type "txid_snapshot" does not exist'),
    ],
)
def test_a_type_of_postgresql_s_is_refused_for_a_column_in_redshift_s_words(
    admin: Client, schema: str, kind: str, message: str
) -> None:
    for statement in (f"CREATE TABLE {schema}.t (a {kind})", f"ALTER TABLE {schema}.t ADD COLUMN a {kind}"):
        with pytest.raises(ServerError) as error:
            admin(statement)
        assert error.value.message == message
