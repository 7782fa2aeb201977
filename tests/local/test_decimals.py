"""DECIMAL arithmetic: values, and the types that a table made of them has.

Source of the rules: Amazon Redshift Database Developer Guide, "Computations with numeric values",
"AVG function", "SUM function".
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.local.conftest import Client, ServerError
from tests.surface import load_list
from veil.local.rewrite.decimals import Number, added, chosen, divided, multiplied

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


# What a table has of each that is made of it, over the same table and its row.
TYPES = (
    ("d + e", "13.00", "numeric(9,2)"),
    ("d - w", "9.00000000000000000000", "numeric(38,20)"),
    ("d * e", "30.0000", "numeric(17,4)"),
    ("d / e", "3.333333333", "numeric(17,9)"),
    ("d + i", "13.00", "numeric(13,2)"),
    ("i / d", "0.3000000", "numeric(19,7)"),
    ("-d + 1.5", "-8.50", "numeric(9,2)"),
    ("(d + e) * e", "39.0000", "numeric(18,4)"),
    ("d / e + d", "13.333333333", "numeric(18,9)"),
    ("i + i", "6", "integer"),
    ("i / 2", "1", "integer"),
    ("d * f", "40.0", "double precision"),
    ("SUM(d)", "10.00", "numeric(38,2)"),
    ("AVG(d)", "10.00", "numeric(38,2)"),
    ("MAX(d)", "10.00", "numeric(8,2)"),
    ("SUM(d) + 1", "11.00", "numeric(38,2)"),
    ("SUM(d) / COUNT(*)", "10.0000", "numeric(38,4)"),
    ("SUM(i)", "3", "bigint"),
    ("COALESCE(d, i)", "10.00", "numeric(12,2)"),
    ("NVL(NULL, d)", "10.00", "numeric(8,2)"),
    ("NVL2(f, d, 1.555)", "10.000", "numeric(9,3)"),
    ("CASE WHEN i > 1 THEN d ELSE 1.555 END", "10.000", "numeric(9,3)"),
    ("CASE i WHEN 1 THEN d WHEN 3 THEN CASE WHEN d > e THEN e END END", "3.00", "numeric(8,2)"),
    ("CASE WHEN d > e THEN d / e ELSE 0 END", "3.333333333", "numeric(19,9)"),
    ("CASE WHEN d > e THEN d ELSE f END", "10.0", "double precision"),
    ("CASE WHEN d > e THEN d END + 1", "11.00", "numeric(13,2)"),
    ("DECODE(i, 3, d, 4, 1.5555, i)", "10.0000", "numeric(14,4)"),
    ("DECODE(i, 3, d, w)", "10.00", "numeric"),
    ("COALESCE(w, w)", "1.00000000000000000000", "numeric(38,20)"),
    ("COALESCE(i, 2)", "3", "integer"),
)

# What stands for the table, and an expression over it: of a column that a query computes its text
# tells the type.
DERIVED = (
    ("(SELECT d, e FROM {s}.t) AS x", "x.d / x.e", "3.333333333", "numeric(17,9)"),
    ("(SELECT d AS a, e b FROM {s}.t) AS x", "a / b", "3.333333333", "numeric(17,9)"),
    ("(SELECT * FROM {s}.t) AS x", "d / e", "3.333333333", "numeric(17,9)"),
    ("(SELECT t.* FROM {s}.t) AS x", "x.d / x.e", "3.333333333", "numeric(17,9)"),
    ("(SELECT d + e AS a, i FROM {s}.t) AS x", "a / i", "4.3333333333333", "numeric(20,13)"),
    ("(SELECT d, e FROM {s}.t) AS x (a, b)", "a / b", "3.333333333", "numeric(17,9)"),
    ("(SELECT a FROM (SELECT d / e AS a FROM {s}.t) AS y) AS x", "a", "3.333333333", "numeric(17,9)"),
    ("(SELECT SUM(d) AS a, COUNT(*) AS n FROM {s}.t) AS x", "a / n", "10.0000", "numeric(38,4)"),
    ("(SELECT CAST(1 AS DECIMAL(4, 0)) AS a, CAST(3 AS DECIMAL(4, 0)) AS b) AS x", "a / b", "0.33333", "numeric(9,5)"),
    ("(SELECT d, i FROM {s}.t UNION SELECT d, e FROM {s}.t) AS x", "d / i", "3.3333333333333", "numeric(21,13)"),
    ("{s}.bound_t", "d / e", "3.333333333", "numeric(17,9)"),
    ("{s}.late_t", "a / e", "4.333333333", "numeric(18,9)"),
)


# Over s.t (d DECIMAL(8, 2), e DECIMAL(8, 2), w DECIMAL(38, 20), i INTEGER, f FLOAT8) and its one
# row: 10, 3, 1, 3, 4.
OF_COLUMNS = (
    ("d / e", "3.333333333"),
    ("t.d / t.e", "3.333333333"),
    ("d / i", "3.3333333333333"),
    ("i / d", "0.3000000"),
    ("i / 2", "1"),
    ("d / f", "2.5"),
    ("d / 3", "3.3333333333333"),
    ("d / CAST(3 AS NUMERIC(8, 2))", "3.333333333"),
    ("-d / e", "-3.333333333"),
    ("(d + e) / e", "4.333333333"),
    ("d * e / e", "10.00000000000"),
    ("d / e / e", "1.1111111110000000"),
    ("d / e + d / e", "6.666666666"),
    ("w / w", "1.0000"),
    ("SUM(d) / SUM(e)", "3.3333"),
    ("MAX(d) / MAX(e)", "3.333333333"),
    ("AVG(i) / AVG(i)", "1"),
    ("(SELECT t.d / u.e FROM {s}.u)", "3.333333333"),
    ("(SELECT d / x.e FROM {s}.u AS x)", "3.333333333"),
    ("CASE WHEN d / e = 3.333333333 THEN 1 END", "1"),
)


@pytest.fixture
def columns(admin: Client, schema: str) -> str:
    admin(f"CREATE TABLE {schema}.t (d DECIMAL(8, 2), e DECIMAL(8, 2), w DECIMAL(38, 20), i INTEGER, f FLOAT8)")
    admin(f"INSERT INTO {schema}.t VALUES (10, 3, 1, 3, 4)")
    admin(f"CREATE TABLE {schema}.u (e DECIMAL(8, 2))")
    admin(f"INSERT INTO {schema}.u VALUES (3)")
    return schema


@pytest.mark.parametrize(("expression", "value"), OF_COLUMNS)
def test_a_quotient_of_columns_has_the_decimals_that_redshift_gives_it(
    admin: Client, columns: str, expression: str, value: str
) -> None:
    query = f"SELECT {expression.format(s=columns)} AS r FROM {columns}.t"
    assert str(admin.one(query)) == value
    assert str(admin.one(f"SELECT r FROM ({query}) AS x")) == value
    assert str(admin.one(f"WITH x AS ({query}) SELECT r FROM x")) == value
    admin(f"CREATE TABLE {columns}.made AS {query}")
    assert str(admin.one(f"SELECT r FROM {columns}.made")) == value
    admin(f"CREATE VIEW {columns}.bound AS {query}")
    assert str(admin.one(f"SELECT r FROM {columns}.bound")) == value
    admin(f"CREATE VIEW {columns}.late AS {query} WITH NO SCHEMA BINDING")
    assert str(admin.one(f"SELECT r FROM {columns}.late")) == value


@pytest.mark.parametrize(("expression", "value", "kind"), TYPES)
def test_what_is_made_of_columns_has_the_type_that_redshift_gives_it(
    admin: Client, columns: str, expression: str, value: str, kind: str
) -> None:
    query = f"SELECT {expression} AS r FROM {columns}.t"
    for made in (
        f"CREATE TABLE {columns}.made AS {query}",
        f"CREATE TABLE {columns}.made AS WITH x AS ({query}) SELECT x.r FROM x",
        f"CREATE TABLE {columns}.made AS SELECT r FROM ({query}) AS x",
        f"CREATE VIEW {columns}.made AS {query}",
        f"CREATE VIEW {columns}.made AS {query} WITH NO SCHEMA BINDING",
    ):
        admin(made)
        assert str(admin.one(f"SELECT r FROM {columns}.made")) == value
        assert kind_of(admin, columns, "made") == kind
        admin(f"DROP {made.split()[1]} {columns}.made")


@pytest.mark.parametrize(("relation", "expression", "value", "kind"), DERIVED)
def test_a_column_of_a_query_has_the_type_of_what_the_query_computes(
    admin: Client, columns: str, relation: str, expression: str, value: str, kind: str
) -> None:
    admin(f"CREATE VIEW {columns}.bound_t AS SELECT d, e FROM {columns}.t")
    admin(f"CREATE VIEW {columns}.late_t AS SELECT d + e AS a, e FROM {columns}.t WITH NO SCHEMA BINDING")
    query = f"SELECT {expression} AS r FROM {relation.format(s=columns)}"
    assert str(admin.one(query)) == value
    admin(f"CREATE TABLE {columns}.made AS {query}")
    assert kind_of(admin, columns, "made") == kind


def test_what_a_set_operator_gives_has_the_type_that_redshift_documents(admin: Client, columns: str) -> None:
    admin(f"CREATE TABLE {columns}.dec1 (c1 DECIMAL(7, 2), c2 VARCHAR(3), c3 INTEGER)")
    admin(f"CREATE TABLE {columns}.dec2 (c1 DECIMAL(15, 3), c2 VARCHAR(9), c3 DECIMAL(38, 0))")
    admin(f"INSERT INTO {columns}.dec1 VALUES (1.5, 'a', 1)")
    for number, (query, kind) in enumerate(
        (
            ("SELECT * FROM {s}.dec1 UNION SELECT * FROM {s}.dec2", "numeric(15,3)"),
            ("SELECT c1 FROM {s}.dec1 EXCEPT SELECT c1 FROM {s}.dec2", "numeric(15,3)"),
            ("SELECT c1 FROM {s}.dec1 UNION ALL SELECT c1 FROM {s}.dec1", "numeric(7,2)"),
            ("SELECT c1, c2 FROM {s}.dec1 UNION ALL SELECT c3, c2 FROM {s}.dec1 MINUS SELECT 2, 'x'", "numeric(12,2)"),
            ("SELECT c1 FROM {s}.dec1 UNION ALL SELECT c3 FROM {s}.dec2", "numeric"),
            ("SELECT c3 AS c1 FROM {s}.dec1 UNION ALL SELECT 2", "integer"),
        )
    ):
        for kind_of_relation, ending in (("TABLE", ""), ("VIEW", ""), ("VIEW", " WITH NO SCHEMA BINDING")):
            name = f"made{number}_{kind_of_relation}_{len(ending)}".lower()
            admin(f"CREATE {kind_of_relation} {columns}.{name} AS {query.format(s=columns)}{ending}")
            assert kind_of(admin, columns, name, "c1") == kind, query
            assert admin.one(f"SELECT SUM(c1) > 0 FROM {columns}.{name}") is True


def test_a_type_follows_the_columns_of_a_late_binding_view(admin: Client, columns: str) -> None:
    admin(f"CREATE VIEW {columns}.late AS SELECT d + e AS r FROM {columns}.t WITH NO SCHEMA BINDING")
    assert kind_of(admin, columns, "late") == "numeric(9,2)"
    admin(f"DROP TABLE {columns}.t")
    admin(f"CREATE TABLE {columns}.t AS SELECT CAST(10 AS DECIMAL(4, 0)) AS d, 3 AS e")
    assert kind_of(admin, columns, "late") == "numeric(11,0)"


def test_a_procedure_makes_a_table_of_its_variables(admin: Client, columns: str) -> None:
    admin(
        f"CREATE PROCEDURE {columns}.making(more DECIMAL(4, 2)) AS $$ BEGIN CREATE TABLE {columns}.made AS "
        f"SELECT d + more AS r FROM {columns}.t; END; $$ LANGUAGE plpgsql"
    )
    admin(f"CALL {columns}.making(1.5)")
    assert str(admin.one(f"SELECT r FROM {columns}.made")) == "11.50"


def test_a_quotient_in_a_late_binding_view_follows_its_columns(admin: Client, columns: str) -> None:
    admin(f"CREATE VIEW {columns}.late AS SELECT d / e AS r FROM {columns}.t WITH NO SCHEMA BINDING")
    assert str(admin.one(f"SELECT r FROM {columns}.late")) == "3.333333333"
    admin(f"DROP TABLE {columns}.t")
    admin(f"CREATE TABLE {columns}.t AS SELECT CAST(10 AS DECIMAL(4, 0)) AS d, CAST(3 AS DECIMAL(4, 0)) AS e")
    assert str(admin.one(f"SELECT r FROM {columns}.late")) == "3.33333"


def test_a_quotient_is_cut_for_whoever_reads_a_view(
    admin: Client, sign_in: Callable[..., Client], columns: str
) -> None:
    admin(f"CREATE USER {columns}_reader PASSWORD 'Secret123'")
    admin(f"CREATE VIEW public.{columns}_late AS SELECT d / e AS r FROM {columns}.t WITH NO SCHEMA BINDING")
    admin(f"GRANT SELECT ON public.{columns}_late TO {columns}_reader")
    assert str(sign_in(f"{columns}_reader", "Secret123").one(f"SELECT r FROM public.{columns}_late")) == "3.333333333"


def test_quotients_are_cut_where_tables_are_changed(admin: Client, columns: str) -> None:
    admin(f"CREATE TABLE {columns}.made (r DECIMAL(30, 20))")
    admin(f"INSERT INTO {columns}.made SELECT d / e FROM {columns}.t")
    assert str(admin.one(f"SELECT r FROM {columns}.made")) == "3.33333333300000000000"
    admin(f"ALTER TABLE {columns}.made ADD COLUMN d DECIMAL(8, 2) DEFAULT 10")
    admin(f"UPDATE {columns}.made SET r = d / CAST(6 AS NUMERIC(8, 2))")
    assert str(admin.one(f"SELECT r FROM {columns}.made")) == "1.66666666600000000000"
    admin(f"DELETE FROM {columns}.t WHERE d / e = 3.333333333")
    assert admin.one(f"SELECT COUNT(*) FROM {columns}.t") == 0


def test_a_relation_without_its_schema_is_the_one_on_the_search_path(admin: Client, columns: str) -> None:
    admin("CREATE TEMP TABLE t AS SELECT CAST(10 AS DECIMAL(4, 0)) AS d, CAST(3 AS DECIMAL(4, 0)) AS e")
    assert str(admin.one("SELECT d / e FROM t")) == "3.33333"
    admin("DROP TABLE t")
    admin(f"SET search_path TO {columns}")
    assert str(admin.one("SELECT d / e FROM t")) == "3.333333333"
    admin("RESET search_path")


def kind_of(client: Client, schema: str, table: str, column: str = "r") -> str:
    return str(client.one(
        f"SELECT data_type FROM svv_redshift_columns WHERE schema_name = '{schema}' AND table_name = '{table}' "
        f"AND column_name = '{column}'"
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
    assert (
        limits["decimal set operators, COALESCE, DECODE"]
        == "scale=max(s1,s2); precision=min(max(p1-s1,p2-s2)+scale,19)"
    )
    assert chosen(Number(7, 2), Number(15, 3)) == Number(15, 3)
    assert chosen(Number(38, 2), Number(38, 2)) == Number(38, 2)
    assert chosen(Number(18, 2), Number(18, 0)) is None, "no page describes what has more than 19 digits"
