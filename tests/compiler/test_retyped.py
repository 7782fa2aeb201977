"""Columns that somebody dropped and added again as another type, which a late-binding view meets
when it is asked.

What it may do is refuse, whatever the table holds, or answer. An error that only some values cause
would tell which, and may print one.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal

import pytest
import redshift_connector

from tests.compiler.warehouse import Warehouse, refusal
from tests.compiler.worlds import with_functions
from tests.policy.building import EVERYONE, column, numeric, on, source, varchar, world
from veil.compiler import compile_view
from veil.model import (
    ColumnType,
    DataSource,
    DateShift,
    Email,
    Family,
    Function,
    Hash,
    Mask,
    MaskingPolicy,
    Noise,
    Partial,
    Round,
    RowPolicy,
    RowRule,
    Sql,
    TruncateDate,
    Where,
    World,
)

DECLARED = {
    "small": ColumnType(Family.SMALLINT),
    "whole": ColumnType(Family.INTEGER),
    "big": ColumnType(Family.BIGINT),
    "amount": numeric(12, 2),
    "single": ColumnType(Family.REAL),
    "ratio": ColumnType(Family.DOUBLE),
    "flag": ColumnType(Family.BOOLEAN),
    "code": ColumnType(Family.CHAR, length=8),
    "name": varchar(80),
    "day": ColumnType(Family.DATE),
    "moment": ColumnType(Family.TIMESTAMP),
    "instant": ColumnType(Family.TIMESTAMPTZ),
}
NUMBERS = ("small", "whole", "big", "amount", "single", "ratio")
TEXTS = ("code", "name")
MOMENTS = ("day", "moment", "instant")
OTHERS = {
    "SMALLINT": ("32767", "-32768"),
    "BIGINT": ("9223372036854775807", "-9223372036854775808"),
    "NUMERIC(38, 0)": ("'99999999999999999999999999999999999999'", "'-99999999999999999999999999999999999999'"),
    "DOUBLE PRECISION": ("'1.7e308'", "'1e-300'"),
    "DATE": ("'2026-01-01'", "'9999-12-31'"),
    "VARCHAR(60000)": ("'secret 4711'", "'12'", "'größe'", "REPEAT('secret', 9000)"),
    "TIMESTAMPTZ": ("'0001-01-01 00:00:00+00'", "'9999-12-31 23:59:59+00'"),
    "SUPER": ("JSON_PARSE('\"secret 4711\"')", "JSON_PARSE('{\"secret\": 1}')", "JSON_PARSE('1e300')"),
}
"""What a column is made, and what it then holds."""

MASKS: Mapping[str, Sequence[tuple[Mask, Sequence[str]]]] = {
    "hashed": [(Hash(), ("small", "whole", "big", *TEXTS))],
    "rounded, pseudonymized, truncated": [
        (Round(Decimal("0.3")), NUMBERS),
        (Email(), TEXTS),
        (TruncateDate("month"), MOMENTS),
    ],
    "moved and shown in part": [
        (Noise(Decimal("7.5")), NUMBERS),
        (Partial(1, 2, "***"), TEXTS),
        (DateShift(30), MOMENTS),
    ],
    "computed": [
        (Sql("ABS(ROUND(@value / 3, -2)) + @value * @value - @value % 7"), NUMBERS),
        (Sql("LPAD(@value, 9, '*') || UPPER(@value) || @value"), TEXTS),
        (Sql("DATEADD(month, 3, DATE_TRUNC('year', @value))"), MOMENTS),
    ],
    "given to a function": [
        (Function("sec.encrypt", ("card", "2"), frozenset({"a" * 64})), ("whole", "big", "amount", *TEXTS, "day"))
    ],
}
TESTS = (
    "small > 5 OR whole NOT IN (1, 2) OR big BETWEEN 1 AND 2 OR amount > 5.25 OR single IN (1, 2) OR ratio > 0.5 OR flag"
    " OR code > 'a' OR name LIKE 'a%' OR day > '2026-01-01' OR moment > day OR instant > '2026-01-01'",
    "small * small + whole * whole - big * 2 > 3 OR amount * amount / 7 > 5 OR single * 2 > 1 OR ratio / 3 * ratio > 1"
    " OR LENGTH(code) + STRPOS(name, 'x') > 3 OR DATEDIFF(day, day, moment) > 3 OR EXTRACT(year FROM instant) = 2026"
    " OR ROUND(amount, 1) = 3 OR MOD(big, 7) = 3 OR ABS(whole) > 7",
    "CAST(small AS VARCHAR(9)) = '1' OR CAST(whole AS NUMERIC(9, 2)) = 1 OR CAST(big AS INTEGER) = 1"
    " OR CAST(amount AS SMALLINT) = 1 OR CAST(single AS INTEGER) = 1 OR CAST(ratio AS NUMERIC(5, 2)) = 1"
    " OR CAST(flag AS VARCHAR(5)) = 't' OR CAST(code AS INTEGER) = 1 OR CAST(name AS DATE) = day"
    " OR CAST(day AS VARCHAR(10)) = 'x' OR CAST(moment AS DATE) = day OR CAST(instant AS VARCHAR(30)) = 'x'",
    "COALESCE(small, 3) + COALESCE(whole, big) = 1 OR NULLIF(amount, 3) = 1 OR GREATEST(single, ratio) = 1"
    " OR CASE WHEN flag THEN code ELSE name END = 'x' OR LEAST(day, moment) = day",
    "name IN (SELECT l.held FROM raw.lists AS l) OR code IN (SELECT l.held FROM raw.lists AS l)",
)
ROWS: Mapping[str, Sequence[RowRule]] = {
    "tested": [Where(each) for each in TESTS],
}


def _table(tags: Mapping[str, str] = {}) -> DataSource:
    columns = [column(name, kind, f"tag_{name}", tags.get(name, "other")) for name, kind in DECLARED.items()]
    return source(*columns, table="retyped")


def _masked(masks: Sequence[tuple[Mask, Sequence[str]]]) -> tuple[World, DataSource]:
    table = _table({name: f"kind_{at}" for at, (_, columns) in enumerate(masks) for name in columns})
    policies = [MaskingPolicy(f"mask_{at}", on(f"kind_{at}"), mask) for at, (mask, _) in enumerate(masks)]
    return with_functions((world(*policies, EVERYONE, table), table))


def _filtered(rules: Sequence[RowRule]) -> tuple[World, DataSource]:
    table = _table()
    rows = [RowPolicy(f"rows_{at}", on(sources=["sales"]), rule) for at, rule in enumerate(rules)]
    return world(*rows, EVERYONE, table), table


CASES = {
    **{name: _masked(masks) for name, masks in MASKS.items()},
    **{name: _filtered(rules) for name, rules in ROWS.items()},
}


class Retyped:
    """The query of a view, over a table of which one column has another type."""

    def __init__(self, warehouse: Warehouse, governed: World, table: DataSource) -> None:
        text = compile_view(governed, table)
        self._query = text[text.index("WITH caller") :].removesuffix("\nWITH NO SCHEMA BINDING")
        self._warehouse = warehouse

    def ask(self, column: str, other: str, values: Sequence[str], asked: str = "*") -> str:
        """What is `asked` of the query over these values, or over no row, or why it is refused."""
        rows = " UNION ALL ".join(f"SELECT {self._columns(column, other, value)}" for value in values)
        rows = (
            f"SELECT * FROM ({rows}) AS u OFFSET 0"
            if rows
            else f"SELECT {self._columns(column, other, 'NULL')} LIMIT 0"
        )
        try:
            query = self._query.replace('"raw"."retyped" AS', f"({rows}) AS")
            return str(self._warehouse.ask("ann", f"SELECT {asked} FROM ({query}) AS seen"))
        except redshift_connector.Error as error:
            return f"{REFUSED}{refusal(error)}"

    def _columns(self, column: str, other: str, value: str) -> str:
        shown = (
            f"CAST({value} AS {other}) AS {each}" if each == column else f"CAST(NULL AS {kind}) AS {each}"
            for each, kind in DECLARED.items()
        )
        return ", ".join(shown)


REFUSED = "refused: "


@contextmanager
def _readable(warehouse: Warehouse) -> Iterator[None]:
    """Queries of views read with the rights of who asks; other tests want nobody to read what is
    veil's.
    """
    ours = ("immuta_system.closed", "immuta_system.salt", "immuta_system.user_entry")
    for name in ours:
        warehouse.run(f"GRANT SELECT ON {name} TO PUBLIC")
    try:
        yield
    finally:
        for name in ours:
            warehouse.run(f"REVOKE SELECT ON {name} FROM PUBLIC")


@pytest.mark.parametrize("case", CASES)
def test_no_value_of_a_retyped_column_decides_whether_a_query_fails(case: str, warehouse: Warehouse) -> None:
    governed, table = CASES[case]
    warehouse.run('DROP TABLE IF EXISTS "raw".lists')
    warehouse.run('CREATE TABLE "raw".lists (held VARCHAR(20))')
    warehouse.functions(CASES["given to a function"][0])
    warehouse.table(table, [])
    warehouse.users({"ann": [("attribute", "held", "12")]})
    warehouse.run('GRANT USAGE ON SCHEMA "raw" TO PUBLIC')
    warehouse.run('GRANT SELECT ON "raw".lists TO PUBLIC')
    with _readable(warehouse):
        retyped = Retyped(warehouse, governed, table)
        told = {}
        assert not (found := retyped.ask("name", "VARCHAR(80)", ["'as before'"])).startswith(REFUSED), found
        for name in DECLARED:
            for other, values in OTHERS.items():
                found = retyped.ask(name, other, values)
                if found.startswith(REFUSED) and retyped.ask(name, other, []) != found:
                    told[name, other] = found
    assert told == {}


def test_a_text_in_the_place_of_a_masked_integer_is_refused_before_it_is_read(warehouse: Warehouse) -> None:
    governed, table = CASES["hashed"]
    warehouse.table(table, [[1, 4711] + [None] * (len(DECLARED) - 2)])
    warehouse.publish(governed, table)
    warehouse.users({"ann": []})
    asked = f"SELECT whole FROM {table.view_schema}.{table.view_name}"
    assert warehouse.ask("ann", asked)[0][0] not in (None, 4711)
    warehouse.run('ALTER TABLE "raw".retyped DROP COLUMN whole')
    warehouse.run('ALTER TABLE "raw".retyped ADD COLUMN whole VARCHAR(80)')
    warehouse.run("UPDATE \"raw\".retyped SET whole = 'secret 4711'")
    with pytest.raises(redshift_connector.Error) as refused:
        warehouse.ask("ann", asked)
    assert "cannot be matched" in refusal(refused.value)
    assert "secret" not in refusal(refused.value)


@pytest.mark.parametrize("name", MOMENTS)
@pytest.mark.parametrize("other", ["DATE", "TIMESTAMP", "TIMESTAMPTZ"])
def test_no_time_zone_moves_a_retyped_moment_past_a_limit(name: str, other: str, warehouse: Warehouse) -> None:
    governed, table = _filtered([Where(f"{name} >= '2026-01-01'")])
    warehouse.table(table, [])
    warehouse.users({"ann": []})
    warehouse.run('GRANT USAGE ON SCHEMA "raw" TO PUBLIC')
    retyped = Retyped(warehouse, governed, table)
    days = [f"'2025-12-{day}'" for day in (30, 31)] + [f"'2026-01-0{day}'" for day in (1, 2, 3)]
    values = [f"CAST({day} AS TIMESTAMP) AT TIME ZONE 'UTC'" if other == "TIMESTAMPTZ" else day for day in days]
    found = set[str]()
    with _readable(warehouse):
        try:
            for zone in ("UTC", "Pacific/Kiritimati", "Etc/GMT+12"):
                warehouse.tell("ann", f"SET timezone TO '{zone}'")
                found.add(retyped.ask(name, other, values, "COUNT(*)"))
        finally:
            warehouse.tell("ann", "SET timezone TO 'UTC'")
    assert len(found) == 1, found


def test_a_column_that_is_only_shown_may_get_another_type(warehouse: Warehouse) -> None:
    table = _table()
    warehouse.table(table, [[1, 4711] + [None] * (len(DECLARED) - 2)])
    warehouse.publish(world(EVERYONE, table), table)
    warehouse.users({"ann": []})
    warehouse.run('ALTER TABLE "raw".retyped DROP COLUMN whole')
    warehouse.run('ALTER TABLE "raw".retyped ADD COLUMN whole VARCHAR(80)')
    warehouse.run("UPDATE \"raw\".retyped SET whole = 'as it is'")
    assert warehouse.ask("ann", f"SELECT whole FROM {table.view_schema}.{table.view_name}") == [["as it is"]]


@pytest.mark.parametrize("case", CASES)
def test_the_tests_of_types_are_decided_before_a_row_is_read(case: str, warehouse: Warehouse) -> None:
    governed, table = CASES[case]
    warehouse.run('DROP TABLE IF EXISTS "raw".lists')
    warehouse.run('CREATE TABLE "raw".lists (held VARCHAR(20))')
    warehouse.functions(CASES["given to a function"][0])
    warehouse.table(table, [])
    warehouse.publish(governed, table)
    warehouse.users({"ann": []})
    plan = warehouse.ask("ann", f"EXPLAIN VERBOSE SELECT * FROM {table.view_schema}.{table.view_name}")
    filters = [line for (line,) in plan if "Filter" in line and "One-Time Filter" not in line]
    assert not [line for line in filters if "CASE WHEN false" in line or "2000-01-01" in line or "/ 2)" in line]
