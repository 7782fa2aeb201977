"""Moments that move: as the calendar has it, and NULL where they would leave years 1 to 9999."""

from datetime import datetime

import pytest

from tests.compiler.warehouse import Warehouse
from tests.policy.building import INTEGER, TIMESTAMP, column, on, source, world
from veil.language.time_zones import HOURS
from veil.model import MaskingPolicy, RowPolicy, Sql, Where
from veil.oracle.calendar import add

MOMENTS = (
    datetime(1, 1, 1),
    datetime(1, 1, 31, 12),
    datetime(4, 2, 29),
    datetime(1970, 1, 1),
    datetime(2024, 2, 29, 23, 59, 59, 999_999),
    datetime(9996, 2, 29),
    datetime(9999, 11, 30),
    datetime(9999, 12, 1),
    datetime(9999, 12, 31, 23, 59, 59, 999_999),
)
AMOUNTS = (1, 23, 8_029, 119_964, 2_000_000, 2_147_483_647)
UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")


@pytest.mark.parametrize("sign", [1, -1])
def test_a_moment_moves_as_the_calendar_has_it_and_never_fails(warehouse: Warehouse, sign: int):
    moves = [(unit, sign * amount) for unit in UNITS for amount in (0, *AMOUNTS)]
    columns = [column(f"c{at}", TIMESTAMP, f"c{at}") for at in range(len(moves))]
    table = source(column("id", INTEGER), *columns, table="moments")
    warehouse.table(table, [(at, *[str(each)] * len(columns)) for at, each in enumerate(MOMENTS)])
    warehouse.users({"ann": []})
    masks = [
        MaskingPolicy(each.name, on(each.name), Sql(f"DATEADD({unit}, {amount}, @value)"))
        for each, (unit, amount) in zip(columns, moves, strict=True)
    ]
    warehouse.publish(world(table, *masks), table)
    shown = warehouse.look("ann", table)
    for moment, row in zip(MOMENTS, shown, strict=True):
        assert dict(zip(moves, row[1:], strict=True)) == {each: add(*each, moment) for each in moves}, moment


def test_the_moment_of_the_query_moves_out_of_the_calendar_too(warehouse: Warehouse):
    table = source(column("id", INTEGER), table="moments")
    warehouse.table(table, [(1,)])
    warehouse.users({"ann": []})
    test = "DATEADD(year, 2147483647, GETDATE()) IS NULL AND DATEADD(day, -900000, GETDATE()) IS NULL"
    rule = Where(f"{test} AND DATEADD(day, -90, GETDATE()) < GETDATE()")
    warehouse.publish(world(table, RowPolicy("r", on(sources=["sales"]), rule)), table)
    assert warehouse.look("ann", table) == [[1]]


@pytest.mark.parametrize("zone", HOURS)
def test_the_engine_knows_each_time_zone_and_agrees_on_its_distance(warehouse: Warehouse, zone: str):
    moments = [datetime(1890, 1, 1), datetime(2026, 1, 31, 12), datetime(2026, 7, 1, 0, 30)]
    table = source(column("id", INTEGER), column("at", TIMESTAMP, "at"), table="moments")
    warehouse.table(table, [(at, str(each)) for at, each in enumerate(moments)])
    warehouse.users({"ann": []})
    mask = Sql(f"CONVERT_TIMEZONE('{zone}', @value)")
    warehouse.publish(world(table, MaskingPolicy("zone", on("at"), mask)), table)
    warehouse.run('GRANT USAGE ON SCHEMA "raw" TO ann')
    warehouse.run('GRANT SELECT ON "raw".moments TO ann')
    there = warehouse.ask("ann", f"SELECT id, CONVERT_TIMEZONE('{zone}', at) FROM \"raw\".moments ORDER BY 1")
    back = warehouse.ask("ann", f"SELECT id, CONVERT_TIMEZONE('{zone}', 'UTC', at) FROM governed.moments ORDER BY 1")
    assert warehouse.look("ann", table) == there
    assert back == [[at, each] for at, each in enumerate(moments)]
