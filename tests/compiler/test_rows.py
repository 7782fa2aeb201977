"""Which rows show, on the engine."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from tests.compiler.warehouse import SALT, Warehouse
from tests.policy.building import (
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    SUPER,
    TIMESTAMP,
    TIMESTAMPTZ,
    char,
    column,
    groups,
    numeric,
    on,
    source,
    varchar,
    world,
)
from veil.model import (
    AppliesTo,
    ColumnType,
    Match,
    Never,
    Percent,
    Profile,
    Purposes,
    RowPolicy,
    RowRule,
    TimeWindow,
    UserMatches,
    ValueIn,
    Where,
)
from veil.oracle import see

SALES = on(sources=["sales"])
NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
T = source(
    column("id"),
    column("land", varchar(10), "geo"),
    column("level", char(6), "level"),
    column("amount", numeric(8, 2), "amount"),
    column("at", TIMESTAMP, "at"),
    table="rows",
    event_time_column="at",
)
ROWS: list[tuple[Any, ...]] = [
    (1, "US", "gold", "10.00", "2020-01-31 00:00:00"),
    (2, "FR  ", "it's", "-2.50", "2999-01-01 00:00:00"),
    (3, None, None, None, None),
    (4, "", "", "0", "2026-01-01 12:00:00.5"),
]
ANN = [("attribute", "lands", "US"), ("attribute", "lands", "FR"), ("group", "", "gold"), ("group", "", "")]


def shown(warehouse: Warehouse, *rules: RowRule | RowPolicy, held: list[tuple[str, str, str]] = ANN) -> list[int]:
    """The ids that ann sees under these rules."""
    policies = [
        rule if isinstance(rule, RowPolicy) else RowPolicy(f"r{n}", SALES, rule) for n, rule in enumerate(rules)
    ]
    warehouse.table(T, ROWS)
    warehouse.users({"ann": held})
    warehouse.publish(world(T, *policies), T)
    return [row[0] for row in warehouse.look("ann", T)]


CASES: list[tuple[RowRule, list[int]]] = [
    (UserMatches((Match("geo", "lands"),)), [1, 2]),
    (UserMatches((Match("level"),)), [1, 4]),
    (UserMatches((Match("geo", "lands"), Match("level"))), [1]),
    (UserMatches((Match("geo", "lands"), Match("level")), "any"), [1, 2, 4]),
    (UserMatches((Match("geo", "lands"), Match("absent")), "any"), []),
    (UserMatches(()), []),
    (ValueIn("geo", frozenset({"US", "FR"})), [1, 2]),
    (ValueIn("geo", frozenset({"US"}), negated=True), [2, 4]),
    (ValueIn("geo", frozenset()), []),
    (ValueIn("geo", frozenset(), negated=True), [1, 2, 4]),
    (ValueIn("level", frozenset({"it's"})), [2]),
    (ValueIn("amount", frozenset({"10", "0.00"})), [1, 4]),
    (ValueIn("amount", frozenset({"ten"}), negated=True), []),
    (ValueIn("at", frozenset({"2020-01-31"})), [1]),
    (ValueIn("absent", frozenset({"US"}), negated=True), []),
    (TimeWindow("newer", 90, "days"), [2]),
    (TimeWindow("older", 90, "days"), [1, 4]),
    (TimeWindow("older", 90, "minutes"), [1, 4]),
    (TimeWindow("older", 3, "years"), [1]),
    (TimeWindow("newer", 5000, "years"), []),
    (Purposes(frozenset({"fraud"})), []),
    (Purposes(frozenset()), []),
    (Percent(Decimal(100)), [1, 2, 3, 4]),
    (Percent(Decimal(0)), []),
    (Never(), []),
    (Where("land = 'FR'"), [2]),
    (Where("land IS NULL"), [3]),
    (Where("land <> 'US'"), [2, 4]),
    (Where("NOT land = 'US'"), [2, 4]),
    (Where("land LIKE 'F_'"), []),
    (Where("land LIKE 'F_  '"), [2]),
    (Where("level LIKE 'g__d'"), [1]),
    (Where("level ILIKE 'G%'"), [1]),
    (Where("id IN (1, 'abc')"), [1]),
    (Where("id NOT IN (1, 'abc')"), []),
    (Where("amount = '10'"), [1]),
    (Where("amount BETWEEN -3 AND 0"), [2, 4]),
    (Where("amount NOT BETWEEN -3 AND 0"), [1]),
    (Where("at > '2026-01-01'"), [2, 4]),
    (Where("at >= DATE '2026-01-01' AND at < GETDATE()"), [4]),
    (Where("id / 2 = 1"), [2, 3]),
    (Where("id / (id - 1) > 0"), [2, 3, 4]),
    (Where("id % 2 = 0"), [2, 4]),
    (Where("-id < -2"), [3, 4]),
    (Where("amount * 2 - 1.5 = -6.5"), [2]),
    (Where("UPPER(level) = 'GOLD'"), [1]),
    (Where("land || level = 'USgold'"), [1]),
    (Where("COALESCE(land, 'none') = 'none'"), [3]),
    (Where("NULLIF(land, 'US') IS NULL"), [1, 3]),
    (Where("GREATEST(id, 2) = 2"), [1, 2]),
    (Where("LENGTH(level) = 4"), [1, 2]),
    (Where("SPLIT_PART(level, 't', 2) = '''s'"), [2]),
    (Where("DATE_TRUNC('month', at) = '2020-01-01'"), [1]),
    (Where("EXTRACT(year FROM at) = 2026"), [4]),
    (Where("DATEADD(month, 1, at) = TIMESTAMP '2020-02-29 00:00:00'"), [1]),
    (Where("DATEDIFF(day, at, TIMESTAMP '2026-01-02 00:00:00') = 1"), [4]),
    (Where("CASE WHEN id = 1 THEN 'a' WHEN id = 2 THEN 'b' END = 'b'"), [2]),
    (Where("CASE WHEN land = 'US' THEN FALSE ELSE TRUE END"), [2, 3, 4]),
    (Where("CAST(level AS INTEGER) = 0"), []),
    (Where("CAST(id AS VARCHAR(9)) = '4'"), [4]),
    (Where("CAST(amount AS INTEGER) = -3"), [2]),
    (Where("CAST(at AS DATE) = '2026-01-01'"), [4]),
    (Where("@attributeValuesContains('lands', land)"), [1, 2]),
    (Where("NOT @attributeValuesContains('lands', land)"), [4]),
    (Where("@attributeValuesContains('absent', land, 'US')"), [1]),
    (Where("@attributeValuesContains('lands', UPPER(land))"), [1, 2]),
    (Where("@groupsContains(level) OR @isInGroups('hr')"), [1, 4]),
    (Where("@isInGroups('gold') AND id = 3"), [3]),
    (Where("@username = 'ann' AND id < 3"), [1, 2]),
    (Where("@columnTagged('geo') = 'US' OR @columnReference('id') = 3"), [1, 3]),
    (Where("(land = 'US') IS TRUE"), [1]),
    (Where("(land = 'US') IS NOT TRUE"), [2, 3, 4]),
    (Where("(land = 'US') IS FALSE"), [2, 4]),
    (Where("(land = 'US') IS NOT FALSE"), [1, 3]),
    (Where("(land = 'US') IS UNKNOWN"), [3]),
    (Where("(land = 'US') IS NOT UNKNOWN"), [1, 2, 4]),
    (Where("land IS DISTINCT FROM 'US'"), [2, 3, 4]),
    (Where("land IS NOT DISTINCT FROM 'US'"), [1]),
    (Where("land IS NOT DISTINCT FROM NULLIF(land, 'US')"), [2, 3, 4]),
    (Where("NULLIF(land, 'US') IS DISTINCT FROM land"), [1]),
    (Where("(land = 'US') IS DISTINCT FROM (id = 2)"), [1, 2, 3]),
    (Where("@isInGroups('silver') IS NOT TRUE AND id = 3"), [3]),
    (Where("(missing = 1) IS NOT TRUE"), []),
    (Where("(missing = 1 AND id = 2) IS NOT TRUE"), []),
    (Where("missing IS DISTINCT FROM 1"), []),
    (Where("CASE WHEN missing = 1 THEN FALSE ELSE TRUE END"), []),
    (Where("COALESCE(missing = 1, TRUE)"), []),
    (Where("missing = 1 OR id = 2"), [2]),
    (Where("missing IS NULL"), []),
    (Where("COALESCE(missing, 'x') = 'x'"), []),
    (Where("id = 'abc' OR id = 2"), [2]),
    (Where("NOT id = 'abc'"), []),
    (Where("@columnTagged('absent') = 1 OR id = 2"), []),
    (Where("this is not an expression"), []),
]


# Not ids=str: the order of a set differs between the processes that run tests side by side.
@pytest.mark.parametrize(
    ("rule", "ids"), CASES, ids=[f"{number}-{type(rule).__name__}" for number, (rule, _) in enumerate(CASES)]
)
def test_a_rule_shows(warehouse: Warehouse, rule: RowRule, ids: list[int]):
    assert shown(warehouse, rule) == ids


def test_all_row_policies_must_show_a_row(warehouse: Warehouse):
    assert shown(warehouse, Where("id > 1"), Where("id < 3")) == [2]


def test_an_excepted_user_sees_what_the_rule_hides(warehouse: Warehouse):
    assert shown(warehouse, RowPolicy("r", SALES, Never(), exceptions=groups("gold"))) == [1, 2, 3, 4]
    assert shown(warehouse, RowPolicy("r", SALES, Never(), exceptions=groups("silver"))) == []


@pytest.mark.parametrize(("who", "ids"), [("@isInGroups('gold')", [1]), ("@isInGroups('x')", [2]), ("NULL", [])])
def test_for_everyone_who_shows_by_one_of_two_rules(warehouse: Warehouse, who: str, ids: list[int]):
    policy = RowPolicy("r", SALES, Where("id = 1"), for_everyone_who=who, otherwise=Where("id = 2"))
    assert shown(warehouse, policy) == ids


def test_a_sample_is_what_salt_and_values_say(warehouse: Warehouse):
    texts = ("+1:1+2:US+4:gold+5:10.00+19:2020-01-31 00:00:00", "+1:3----")
    numbers = {
        n: int(hashlib.sha256((SALT + text).encode()).hexdigest()[:7], 16)
        for n, text in zip((1, 3), texts, strict=True)
    }
    for row, number in numbers.items():
        above = Decimal(number + 1) * 100 / 16**7
        assert row in shown(warehouse, Percent(above))
        assert row not in shown(warehouse, Percent(Decimal(number) * 100 / 16**7))


def test_a_sample_of_long_rows_is_drawn_from_hashes_of_their_texts(warehouse: Warehouse):
    """70 texts that would make one of more than four million bytes, in two pieces."""
    texts = {f"c{at}": "x" * (at + 1) if at else "y" * 65_535 for at in range(70)}
    table = source(column("id"), *(column(name, varchar(65_535)) for name in texts), table="long_rows")
    marked = [f"+{len(text)}:{sha(text)}" for text in texts.values()]
    pieces = [sha("".join(["+1:1", *marked[:59]])), sha("".join(marked[59:]))]
    number = int(sha("".join([SALT, *pieces]))[:7], 16)
    warehouse.table(table, [(1, *texts.values())])
    warehouse.users({"ann": []})
    for percent, count in ((Decimal(number + 1) * 100 / 16**7, 1), (Decimal(number) * 100 / 16**7, 0)):
        warehouse.publish(world(table, RowPolicy("rows", SALES, Percent(percent))), table)
        assert len(warehouse.look("ann", table)) == count


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("kind", "value", "text", "other"),
    [
        (INTEGER, -7, "-7", "7"),
        (numeric(8, 2), Decimal(5), "5.00", "5"),
        (BOOLEAN, True, "true", "t"),
        (DATE, date(2026, 5, 17), "2026-05-17", "17.05.2026"),
        (TIMESTAMP, datetime(2026, 5, 17, 10), "2026-05-17 10:00:00", "2026-05-17 10:00:00.000000"),
        (TIMESTAMP, datetime(2026, 10, 20, 0, 0, 0, 500_000), "2026-10-20 00:00:00.5", "2026-10-20 00:00:00"),
        (
            TIMESTAMPTZ,
            datetime(2026, 5, 17, 10, tzinfo=timezone(timedelta(hours=2))),
            "2026-05-17 08:00:00",
            "2026-05-17 10:00:00",
        ),
        (char(9), "x", "x", "X"),
        (DOUBLE, 1.5, None, "1.5"),
        (SUPER, "1", None, "1"),
    ],
)
def test_values_compare_with_what_users_hold_by_one_text(
    warehouse: Warehouse, kind: ColumnType, value: Any, text: str | None, other: str
):
    table = source(column("id"), column("v", kind, "v"), table="texts")
    rows = [(1, value), (2, None)]
    warehouse.table(table, rows)
    governed = world(table, RowPolicy("r", SALES, UserMatches((Match("v", "held"),))))
    warehouse.publish(governed, table)
    given = [{"id": number, "v": each} for number, each in rows]
    for held, ids in ((text or "nothing", [1] if text else []), (other, [])):
        warehouse.users({"ann": [("attribute", "held", held)]})
        assert [row[0] for row in warehouse.look("ann", table)] == ids
        ann = Profile("ann", attributes={"held": frozenset({held})})
        told = see(replace(governed, profiles={"ann": ann}), "ann", table.key, given, now=NOW, salts={})
        assert [each.values["id"] for each in told.rows] == ids


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("land IN (SELECT v FROM raw.lands)", [1]),
        ("land NOT IN (SELECT v FROM raw.lands)", [2, 4]),
        ("land NOT IN (SELECT v FROM raw.lands WHERE v IS NULL)", []),
        ("land IN (SELECT v FROM raw.lands WHERE v = 'none')", []),
        ("land NOT IN (SELECT v FROM raw.lands WHERE v = 'none')", [1, 2, 3, 4]),
        ("land IN (SELECT v FROM raw.lands WHERE owner = @username)", [1]),
        ("land IN (SELECT v FROM raw.lands WHERE @groupsContains(owner))", []),
        ("land IN (SELECT v FROM raw.lands WHERE n > 1)", []),
        ("id IN (SELECT n FROM raw.lands)", [1]),
        ("amount / 10 IN (SELECT n FROM raw.lands)", [1]),
        ("@username IN (SELECT owner FROM raw.lands) AND id = 3", [3]),
    ],
)
def test_a_lookup_shows(warehouse: Warehouse, where: str, ids: list[int]):
    warehouse.run('DROP TABLE IF EXISTS "raw".lands')
    warehouse.run('CREATE TABLE "raw".lands (v VARCHAR(9), owner VARCHAR(9), n INTEGER)')
    values = "('US', 'ann', 1), ('US ', 'ann', 1)"
    nulls = "" if "IN (SELECT v FROM raw.lands)" in where or "none" in where else ", (NULL, NULL, NULL)"
    warehouse.run(f'INSERT INTO "raw".lands VALUES {values}{nulls}')
    assert shown(warehouse, Where(where)) == ids


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("@username IN (SELECT owner FROM raw.map WHERE land = @columnTagged('geo'))", [1]),
        ("@username IN (SELECT owner FROM raw.map WHERE @columnReference('land') = land)", [1]),
        (
            "@username IN (SELECT m.owner FROM raw.map AS m WHERE m.land = @columnTagged('geo') OR m.land = '*')",
            [1, 2, 3, 4],
        ),
        ("@username NOT IN (SELECT owner FROM raw.map WHERE land = @columnTagged('geo'))", [3, 4]),
        ("NOT (@username NOT IN (SELECT owner FROM raw.map WHERE land = @columnTagged('geo')))", [1]),
        ("'bob' IN (SELECT owner FROM raw.map WHERE land = @columnTagged('geo') AND n = @columnReference('id'))", [2]),
        ("'ann' IN (SELECT owner FROM raw.map WHERE land = @columnTagged('geo') AND n = @columnReference('id'))", [1]),
        ("land IN (SELECT land FROM raw.map WHERE n = @columnReference('id') + 0)", [1, 2]),
        ("land NOT IN (SELECT land FROM raw.map WHERE n = @columnReference('id'))", [4]),
        ("'ann' IN (SELECT owner FROM raw.map WHERE land = LOWER(@columnTagged('geo')))", []),
        ("'ann' IN (SELECT owner FROM raw.map WHERE LOWER(land) = LOWER(@columnTagged('geo')))", [1]),
        ("'ann' IN (SELECT owner FROM raw.map WHERE @columnReference('id') > 1)", [2, 3, 4]),
        ("'ann' IN (SELECT owner FROM raw.map WHERE @columnReference('id') > 1 AND land = @columnTagged('geo'))", []),
        ("'ann' IN (SELECT owner FROM raw.map WHERE @groupsContains(@columnReference('level')))", [1, 4]),
        (
            "'ann' IN (SELECT owner FROM raw.map"
            " WHERE @attributeValuesContains('lands', land) AND n = @columnReference('id'))",
            [1],
        ),
        ("'bob' NOT IN (SELECT owner FROM raw.map WHERE land = @columnReference('lnd'))", []),
        ("'z' NOT IN (SELECT owner FROM raw.map WHERE @columnReference('land') IN (7, 1))", []),
        ("10 IN (SELECT n FROM raw.map WHERE owner = @username AND n = @columnTagged('amount'))", []),
        ("1 IN (SELECT n FROM raw.map WHERE owner = @username AND n * 10 = @columnTagged('amount'))", [1]),
        ("'z' NOT IN (SELECT owner FROM raw.map WHERE n = @columnReference('id'))", [1, 4]),
    ],
)
def test_a_lookup_that_reaches_the_row_shows(warehouse: Warehouse, where: str, ids: list[int]):
    """Rows 1 to 4 have the lands US, FR, none and an empty one; ann is in the group gold."""
    warehouse.run('DROP TABLE IF EXISTS "raw".map')
    warehouse.run('CREATE TABLE "raw".map (land VARCHAR(9), owner VARCHAR(9), n INTEGER)')
    values = "('US', 'ann', 1), ('US ', 'ann', 1), ('FR', 'bob', 2), ('FR', NULL, 2), (NULL, 'bob', 3), (NULL, NULL, 3)"
    star = ", ('*', 'ann', NULL)" if "'*'" in where else ""
    warehouse.run(f'INSERT INTO "raw".map VALUES {values}{star}')
    assert shown(warehouse, Where(where)) == ids


def test_a_row_policy_without_a_place_leaves_other_sources_alone(warehouse: Warehouse):
    assert shown(warehouse, RowPolicy("r", AppliesTo(), Where("@columnTagged('absent') = 1"))) == [1, 2, 3, 4]
    assert shown(warehouse, RowPolicy("r", AppliesTo(), Where("@columnTagged('geo') = 'US'"))) == [1]
