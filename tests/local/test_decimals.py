"""DECIMAL arithmetic: values, and the types that a table made of them has.

Source of the rules: Amazon Redshift Database Developer Guide, "Computations with numeric values", "AVG function", "SUM function".
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.local.conftest import Client, ServerError
from tests.surface import load_list
from veil.local.rewrite.decimals import Number, added, divided, multiplied

# An expression, its value, and the type that a table has which is made of it.
COMPUTED = (
    ("CAST(10 AS NUMERIC(8, 2)) / CAST(3 AS NUMERIC(8, 2))", "3.333333333", "numeric(17,9)"),
    ("10::DECIMAL(8, 2) / 3::DECIMAL(8, 2)", "3.333333333", "numeric(17,9)"),
    ("CAST(2 AS NUMERIC(8, 2)) / NULLIF(CAST(3 AS NUMERIC(8, 2)), 0)", "0.666666666", "numeric(17,9)"),
    ("CAST(10 AS NUMERIC(8, 2)) / 3", "3.3333333333333", "numeric(19,13)"),
    ("10 / CAST(3 AS NUMERIC(8, 2))", "3.3333333", "numeric(19,7)"),
    ("CAST(10 AS NUMERIC(8, 2)) + CAST(3 AS NUMERIC(10, 4))", "13.0000", "numeric(11,4)"),
    ("CAST(10 AS NUMERIC(8, 2)) - CAST(3 AS NUMERIC(10, 4)) - 1", "6.0000", "numeric(15,4)"),
    ("CAST(1.5 AS NUMERIC(8, 2)) * CAST(3 AS NUMERIC(8, 2))", "4.5000", "numeric(17,4)"),
    ("(CAST(1 AS NUMERIC(8, 2)) + 1) / CAST(3 AS NUMERIC(8, 2))", "0.666666666", "numeric(22,9)"),
    ("-CAST(2 AS NUMERIC(8, 2)) / CAST(3 AS NUMERIC(8, 2))", "-0.666666666", "numeric(17,9)"),
    ("CAST(1 AS NUMERIC(38, 20)) / CAST(3 AS NUMERIC(38, 20))", "0.3333", "numeric(38,4)"),
    ("CAST(CAST(1 AS NUMERIC(8, 2)) / 3 AS NUMERIC(8, 2)) / CAST(3 AS NUMERIC(8, 2))", "0.110000000", "numeric(17,9)"),
    ("2 * (1.5 + 0.5) / 4.0", "1.0000", "numeric(18,4)"),
    ("5.0 / 2.0", "2.5000", "numeric(6,4)"),
    ("5 / 2", "2", "integer"),
    ("CAST(5 AS BIGINT) / 2", "2", "bigint"),
)
AGGREGATES = (
    ("AVG(i)", "2", "bigint"),
    ("AVG(s)", "2", "bigint"),
    ("AVG(b)", "2", "bigint"),
    ("SUM(s)", "5", "bigint"),
    ("SUM(i)", "5", "bigint"),
    ("SUM(b)", "5", "bigint"),
    ("AVG(d)", "1.66", None),
    ("SUM(d)", "5.00", None),
    ("AVG(f)", "2.5", "double precision"),
)


def kind_of(client: Client, schema: str, table: str) -> str:
    return str(client.one(
        f"SELECT data_type FROM svv_redshift_columns WHERE schema_name = '{schema}' AND table_name = '{table}'"
    ))  # fmt: skip


@pytest.mark.parametrize(("expression", "value", "kind"), COMPUTED)
def test_a_result_has_the_decimals_and_the_type_that_redshift_gives_it(
    admin: Client, schema: str, expression: str, value: str, kind: str
) -> None:
    assert str(admin.one(f"SELECT {expression} AS r")) == value
    admin(f"CREATE TABLE {schema}.made AS SELECT {expression} AS r")
    assert str(admin.one(f"SELECT r FROM {schema}.made")) == value
    assert kind_of(admin, schema, "made") == kind
    admin(f"CREATE VIEW {schema}.late AS SELECT {expression} AS r WITH NO SCHEMA BINDING")
    assert str(admin.one(f"SELECT r FROM {schema}.late")) == value
    assert kind_of(admin, schema, "late") == kind


@pytest.mark.parametrize(("aggregate", "value", "kind"), AGGREGATES)
def test_sums_and_averages_have_the_documented_types(
    admin: Client, schema: str, aggregate: str, value: str, kind: str | None
) -> None:
    admin(f"CREATE TABLE {schema}.t (s SMALLINT, i INTEGER, b BIGINT, d DECIMAL(8, 2), f FLOAT8)")
    admin(f"INSERT INTO {schema}.t VALUES (2, 2, 2, 1, 2), (3, 3, 3, 2, 3), (NULL, NULL, NULL, 2, NULL)")
    assert str(admin.one(f"SELECT {aggregate} FROM {schema}.t")) == value
    assert str(admin.one(f"SELECT DISTINCT {aggregate} OVER () FROM {schema}.t")) == value
    assert admin.one(f"SELECT {aggregate} FROM {schema}.t WHERE FALSE") is None
    if kind is not None:
        admin(f"CREATE TABLE {schema}.made AS SELECT {aggregate} AS r FROM {schema}.t")
        assert kind_of(admin, schema, "made") == kind


@pytest.mark.parametrize(
    "expression",
    [
        "CAST(1 AS DECIMAL(38, 20)) * CAST(10 AS DECIMAL(38, 20))",
        "CAST(99999999999999999999999999999999999999 AS DECIMAL(38, 0)) + 1",
        "-CAST(99999999999999999999999999999999999999 AS DECIMAL(38, 0)) - 1",
        "d * d",
        "d + d",
    ],
)
def test_what_has_more_than_38_digits_overflows(admin: Client, schema: str, expression: str) -> None:
    admin(f"CREATE TABLE {schema}.t (d DECIMAL(38, 0))")
    admin(f"INSERT INTO {schema}.t VALUES (99999999999999999999999999999999999999)")
    with pytest.raises(ServerError) as overflow:
        admin(f"SELECT {expression} FROM {schema}.t")
    assert overflow.value.code == "22003"
    assert "overflow" in overflow.value.message


def test_38_digits_are_no_overflow(admin: Client) -> None:
    largest = "99999999999999999999999999999999999999"
    assert admin.one(f"SELECT CAST({largest} AS DECIMAL(38, 0)) - 1 + 1") == Decimal(largest)
    assert admin.one("SELECT CAST(0.5 AS DECIMAL(19, 19)) * CAST(0.5 AS DECIMAL(19, 18))") == Decimal("0.25")


def test_a_sum_of_bigints_is_one_and_overflows_as_one(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 9223372036854775807::BIGINT AS b UNION ALL SELECT 1")
    with pytest.raises(ServerError) as overflow:
        admin(f"SELECT SUM(b) FROM {schema}.t")
    assert overflow.value.code == "22003"
    assert admin.one(f"SELECT AVG(b) FROM {schema}.t") == 4611686018427387904


def test_division_by_zero_is_an_error(admin: Client) -> None:
    for zero in ("0", "CAST(0 AS NUMERIC(8, 2))"):
        with pytest.raises(ServerError) as error:
            admin(f"SELECT CAST(1 AS NUMERIC(8, 2)) / {zero}")
        assert error.value.code == "22012"


def test_the_formulas_are_those_of_the_page() -> None:
    limits = {rule["about"]: rule["value"] for rule in load_list("limits")}
    assert limits["decimal + -"] == "scale=max(s1,s2); precision=max(p1-s1,p2-s2)+1+scale"
    assert added(Number(8, 2), Number(10, 4)) == Number(6 + 1 + 4, 4)
    assert limits["decimal *"] == "scale=s1+s2; precision=p1+p2+1"
    assert multiplied(Number(8, 2), Number(10, 4)) == Number(19, 6)
    assert limits["decimal /"] == "scale=max(4,s1+p2-s2+1); precision=p1-s1+s2+scale"
    assert divided(Number(8, 2), Number(8, 2)) == Number(17, 9)
    assert limits["decimal / above 38 digits"] == "precision=38; scale=max(38+scale-precision, min(4,100))"
    assert divided(Number(38, 20), Number(38, 20)) == Number(38, 4)
