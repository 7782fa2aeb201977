"""Columns of lookups that somebody made anew, as another type, after a policy that compares them
was applied.

The view may refuse, whatever the table holds, or show no row. It must not show other rows, `NOT IN`
least of all, and no setting of the session may decide which.
"""

from dataclasses import replace

import pytest
import redshift_connector

from tests.compiler.warehouse import Warehouse, refusal
from tests.policy.building import EVERYONE, column, numeric, on, source, varchar, world
from veil.compiler import compile_view
from veil.model import ColumnType, Family, MaskingPolicy, Null, RowPolicy, Where

LISTS = ("raw", "lists")
TYPES = {
    "held": varchar(20),
    "code": ColumnType(Family.CHAR, length=8),
    "small": ColumnType(Family.SMALLINT),
    "n": ColumnType(Family.INTEGER),
    "big": ColumnType(Family.BIGINT),
    "amount": numeric(12, 2),
    "single": ColumnType(Family.REAL),
    "ratio": ColumnType(Family.DOUBLE),
    "flag": ColumnType(Family.BOOLEAN),
    "day": ColumnType(Family.DATE),
    "since": ColumnType(Family.TIMESTAMP),
    "until": ColumnType(Family.TIMESTAMP),
}
ROW = {
    "held": "'ann'",
    "code": "'ann'",
    "small": "7",
    "n": "7",
    "big": "7",
    "amount": "7.00",
    "single": "7",
    "ratio": "7",
    "flag": "TRUE",
    "day": "'2026-01-01'",
    "since": "'2026-01-01 01:00:00'",
    "until": "'2026-01-01 02:00:00'",
}
OTHERS = {
    "VARCHAR(60)": "'secret 4711'",
    "SMALLINT": "7",
    "BIGINT": "7",
    "NUMERIC(20, 4)": "7",
    "DOUBLE PRECISION": "7",
    "BOOLEAN": "TRUE",
    "DATE": "'2026-01-01'",
    "TIMESTAMP": "'2026-01-01 01:30:00'",
    "TIMESTAMPTZ": "'2026-01-01 01:30:00+00'",
    "SUPER": "JSON_PARSE('\"secret 4711\"')",
}
CONDITIONS = {
    "held": ("name IN (SELECT held FROM raw.lists)", "name NOT IN (SELECT held FROM raw.lists WHERE held LIKE 'x%')"),
    "code": ("name IN (SELECT code FROM raw.lists)", "@username IN (SELECT held FROM raw.lists WHERE code LIKE 'a%')"),
    "small": ("id IN (SELECT small FROM raw.lists)", "@username IN (SELECT held FROM raw.lists WHERE small < big + 1)"),
    "n": ("id IN (SELECT n FROM raw.lists)", "name NOT IN (SELECT held FROM raw.lists WHERE n > 7)"),
    "big": ("id IN (SELECT big FROM raw.lists)", "@username IN (SELECT held FROM raw.lists WHERE big = '7')"),
    "amount": (
        "id IN (SELECT amount FROM raw.lists)",
        "@username IN (SELECT held FROM raw.lists WHERE amount = '7.00')",
    ),
    "single": ("id IN (SELECT single FROM raw.lists)",),
    "ratio": (
        "id IN (SELECT ratio FROM raw.lists)",
        "@username IN (SELECT held FROM raw.lists WHERE ratio BETWEEN 6 AND 8)",
    ),
    "flag": (
        "@username IN (SELECT held FROM raw.lists WHERE flag)",
        "name NOT IN (SELECT held FROM raw.lists WHERE NOT flag)",
    ),
    "day": ("day IN (SELECT day FROM raw.lists)", "@username IN (SELECT held FROM raw.lists WHERE day <= since)"),
    "since": (
        "@username IN (SELECT held FROM raw.lists WHERE since < until)",
        "name NOT IN (SELECT held FROM raw.lists WHERE since >= until)",
        "@username IN (SELECT held FROM raw.lists WHERE since BETWEEN day AND until)",
        "@username IN (SELECT held FROM raw.lists WHERE COALESCE(since, until) < '2026-01-01 02:00:00')",
        "@username IN (SELECT held FROM raw.lists WHERE DATE_TRUNC('day', since) = day)",
        "@username IN (SELECT held FROM raw.lists WHERE EXTRACT(hour FROM since) = 1)",
        "day NOT IN (SELECT until FROM raw.lists WHERE since IS NOT NULL AND DATEDIFF(hour, since, until) > 3)",
    ),
    "until": (
        "@username IN (SELECT held FROM raw.lists WHERE until > TIMESTAMP '2026-01-01 01:00:00')",
        "@username IN (SELECT held FROM raw.lists WHERE until = @columnReference('moment') OR n = 7)",
    ),
}
CASES = [(name, where) for name, conditions in CONDITIONS.items() for where in conditions]
TABLE = source(
    column("id", ColumnType(Family.INTEGER)),
    column("name", varchar(20)),
    column("day", ColumnType(Family.DATE)),
    column("moment", ColumnType(Family.TIMESTAMP), "secret"),
    table="looking",
)
ZONES = ("UTC", "Pacific/Kiritimati", "Etc/GMT+12")
ASKED = f"SELECT COUNT(*), COUNT(moment) FROM {TABLE.view_schema}.{TABLE.view_name}"


def lists(warehouse: Warehouse, name: str = "", other: str = "", value: str | None = "") -> None:
    """Make the lookup's table, with one column of another type and value; without rows where that
    is None.
    """
    warehouse.run('DROP TABLE IF EXISTS "raw".lists')
    columns = (f"{each} {other if each == name else kind}" for each, kind in TYPES.items())
    warehouse.run(f'CREATE TABLE "raw".lists ({", ".join(columns)})')
    if value is not None:
        values = (value if each == name else usual for each, usual in ROW.items())
        warehouse.run(f'INSERT INTO "raw".lists SELECT {", ".join(values)}')


def answers(warehouse: Warehouse) -> set[str]:
    """What the view answers under each of several time zones and styles of dates."""
    found = set()
    try:
        for zone, style in zip(ZONES, ("ISO, MDY", "SQL, DMY", "German"), strict=True):
            warehouse.tell("ann", f"SET timezone TO '{zone}'")
            warehouse.tell("ann", f"SET datestyle TO '{style}'")
            try:
                found.add(str(warehouse.ask("ann", ASKED)))
            except redshift_connector.Error as error:
                found.add(f"refused: {refusal(error)}")
    finally:
        warehouse.tell("ann", "SET timezone TO 'UTC'")
        warehouse.tell("ann", "SET datestyle TO 'ISO, MDY'")
    return found


@pytest.mark.parametrize(("name", "where"), CASES)
def test_a_column_of_a_lookup_made_anew_shows_nothing_more_under_any_setting(
    name: str, where: str, warehouse: Warehouse
) -> None:
    governed = replace(
        world(RowPolicy("rows", on(sources=["sales"]), Where(where)), EVERYONE, TABLE), lookups={LISTS: TYPES}
    )
    warehouse.table(TABLE, [[7, "ann", "2026-01-01", "2026-01-01 02:00:00"]])
    lists(warehouse)
    warehouse.publish(governed, TABLE)
    warehouse.users({"ann": []})
    assert answers(warehouse) == {"[[1, 1]]"}, "of the types that it was made for, it answers"
    told = {}
    for other, value in OTHERS.items():
        lists(warehouse, name, other, value)
        found = answers(warehouse)
        lists(warehouse, name, other, None)
        allowed = {"[[0, 0]]", *answers(warehouse)} if is_refused(found) else {"[[0, 0]]"}
        if len(found) > 1 or not (found <= allowed or (not is_refused(found) and is_of_one_kind(name, other))):
            told[other] = found
    assert told == {}


def is_refused(found: set[str]) -> bool:
    return any(each.startswith("refused") for each in found)


def is_of_one_kind(name: str, other: str) -> bool:
    """Whether the other type compares with the same values alike, whatever a session sets."""
    family = TYPES[name].family
    if other == "VARCHAR(60)":
        return family.is_text
    if other in ("DATE", "TIMESTAMP"):
        return family.is_moment
    if other == "BOOLEAN":
        return family is Family.BOOLEAN
    return other not in ("TIMESTAMPTZ", "SUPER") and (family.is_integer or family.is_number)


def test_a_mask_whose_lookup_was_made_anew_shows_no_row(warehouse: Warehouse) -> None:
    mask = MaskingPolicy(
        "mask", on("secret"), Null(), where="name IN (SELECT held FROM raw.lists WHERE since >= until)"
    )
    governed = replace(world(mask, EVERYONE, TABLE), lookups={LISTS: TYPES})
    warehouse.table(TABLE, [[7, "ann", "2026-01-01", "2026-01-01 02:00:00"]])
    lists(warehouse)
    warehouse.publish(governed, TABLE)
    warehouse.users({"ann": []})
    assert answers(warehouse) == {"[[1, 1]]"}
    lists(warehouse, "since", "TIMESTAMPTZ", "'2026-01-01 01:30:00+00'")
    assert answers(warehouse) == {"[[0, 0]]"}


def test_a_lookup_that_is_not_there_when_a_view_is_made_shows_nothing_once_it_is(warehouse: Warehouse) -> None:
    where = "name NOT IN (SELECT held FROM raw.lists WHERE since >= until)"
    governed = replace(
        world(RowPolicy("rows", on(sources=["sales"]), Where(where)), EVERYONE, TABLE), lookups={LISTS: {}}
    )
    warehouse.table(TABLE, [[7, "ann", "2026-01-01", "2026-01-01 02:00:00"]])
    warehouse.publish(governed, TABLE)
    warehouse.users({"ann": []})
    lists(warehouse, "since", "TIMESTAMPTZ", "'2026-01-01 01:30:00+00'")
    assert answers(warehouse) == {"[[0, 0]]"}


def test_the_types_of_a_lookup_are_tested_without_reading_it(warehouse: Warehouse) -> None:
    where = "@username IN (SELECT held FROM raw.lists WHERE since < until AND flag AND n = 7)"
    governed = replace(
        world(RowPolicy("rows", on(sources=["sales"]), Where(where)), EVERYONE, TABLE), lookups={LISTS: TYPES}
    )
    text = compile_view(governed, TABLE)
    tests = text[text.rindex("(SELECT") :]
    assert "WHERE FALSE" in tests and "GROUP BY" not in tests
    warehouse.table(TABLE, [])
    lists(warehouse)
    warehouse.publish(governed, TABLE)
    warehouse.users({"ann": []})
    plan = [line for (line,) in warehouse.ask("ann", f"EXPLAIN {ASKED}")]
    assert sum("Scan on lists" in line for line in plan) == text.count('"raw"."lists"') - 1
