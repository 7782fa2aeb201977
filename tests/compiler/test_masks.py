"""What each mask makes of a value, on the engine."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.compiler.warehouse import SALT, Warehouse
from tests.policy.building import (
    BIGINT,
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
    Categories,
    ColumnType,
    Constant,
    DataSource,
    DateShift,
    Email,
    Family,
    Function,
    Hash,
    KAnonymity,
    Mask,
    MaskingPolicy,
    Noise,
    Null,
    Partial,
    Percent,
    Regex,
    Round,
    RowPolicy,
    Sql,
    TruncateDate,
    UserFunction,
    Where,
    World,
)
from veil.model.names import dotted

SMALLINT, REAL = ColumnType(Family.SMALLINT), ColumnType(Family.REAL)


def digest(text: str) -> str:
    return hashlib.sha256((SALT + text).encode()).hexdigest()


def moved(value: Decimal, percent: Decimal, text: str) -> Decimal:
    """Noise in exact arithmetic, before it is rounded."""
    return value + value * percent / 100 * steps(text) / 10**6


def steps(text: str) -> int:
    """By how many of a million steps a value is moved up or down."""
    return int(digest(f"noise:{text}")[:7], 16) * (2 * 10**6 + 1) // 16**7 - 10**6


def masked(warehouse: Warehouse, mask: Mask, kind: ColumnType, value: Any, other: int | None = None) -> Any:
    """What ann sees of the one masked value."""
    table = source(column("id"), column("value", kind, "pii"), column("other"), table="masks")
    warehouse.table(table, [(1, value, other)])
    warehouse.users({"ann": []})
    warehouse.publish(world(table, MaskingPolicy("m", on("pii"), mask)), table)
    ((_, shown, _),) = warehouse.look("ann", table)
    return shown.rstrip(" ") if isinstance(shown, str) and kind.family is Family.CHAR else shown


D = Decimal
PARTIAL = Partial(2, 3, "*")

CASES: list[tuple[Mask, ColumnType, Any, Any]] = [
    (Hash(), varchar(10), "abc", digest("abc")),
    (Hash(), varchar(10), "abc  ", digest("abc")),
    (Hash(), varchar(100), "größe '\\", digest("größe '\\")),
    (Hash(), varchar(10), "", digest("")),
    (Hash(), char(6), "ab", digest("ab")),
    (Hash(), SMALLINT, 7, int(digest("7")[:3], 16)),
    (Hash(), INTEGER, -7, int(digest("-7")[:7], 16)),
    (Hash(), BIGINT, 2**62, int(digest(str(2**62))[:15], 16)),
    (Hash(), DATE, "2026-05-17", None),
    (Null(), varchar(10), "abc", None),
    (Null(), SUPER, '{"a": 1}', None),
    (Constant("x'\\"), varchar(10), "abc", "x'\\"),
    (Constant("x"), varchar(10), None, "x"),
    (Constant("too long"), varchar(3), "abc", None),
    (Constant("7"), INTEGER, 1, 7),
    (Constant("x"), INTEGER, 1, None),
    (Constant("99999"), SMALLINT, 1, None),
    (Constant("1.005"), numeric(10, 2), "5", D("1.01")),
    (Constant("2026-02-30"), DATE, "2026-05-17", None),
    (Constant("2000-01-01"), DATE, "2026-05-17", date(2000, 1, 1)),
    (Constant("2000-01-01 10:00+02"), TIMESTAMPTZ, "2026-05-17 00:00:00+00", datetime(2000, 1, 1, 8, tzinfo=UTC)),
    (Constant("no"), BOOLEAN, True, False),
    (PARTIAL, varchar(20), "abcdefgh", "ab***fgh"),
    (PARTIAL, varchar(20), "abcdef", "ab*def"),
    (PARTIAL, varchar(20), "abcde", "*****"),
    (PARTIAL, varchar(20), "a", "*"),
    (PARTIAL, varchar(20), "", ""),
    (PARTIAL, varchar(20), None, None),
    (Partial(0, 0, "x"), varchar(20), "größe", "xxxxx"),
    (Partial(0, 2, "ab"), varchar(8), "12345", "ababab45"),
    (Partial(0, 2, "ab"), varchar(7), "12345", None),
    (PARTIAL, char(10), "abcdefgh", "ab***fgh"),
    (PARTIAL, INTEGER, 123456, None),
    (Email(), varchar(60), "ann@example.org", digest("ann")[:16] + "@example.org"),
    (Email(), varchar(60), "no sign", None),
    (Email(), varchar(60), "two@signs@here", None),
    (Email(), varchar(60), "@", digest("")[:16] + "@"),
    (Email(), varchar(20), "ann@example.org", None),
    (Regex("[0-9]", "#"), varchar(20), "a1b22", "a#b##"),
    (Regex("[0-9]+", "<n>"), varchar(20), "a1b22", "a<n>b<n>"),
    (Regex("[[:digit:]]+", "#"), varchar(20), "a1b22", "a#b#"),
    (Regex("\\w", "#"), varchar(20), "aé_", "#é#"),
    (Regex("a|ab", "#"), varchar(20), "abc", "#c"),
    (Regex("b$", "#"), varchar(20), "bb\n", "bb\n"),
    (Regex(".+@", "x@", case_insensitive=True), varchar(20), "a\nb@c", "x@c"),
    (Regex("[[:alpha:]]{256}", "x"), varchar(20), "abc", None),
    (Regex("B", "x"), varchar(20), "abB", "abx"),
    (Regex("B", "x", case_insensitive=True), varchar(20), "abB", "axx"),
    (Regex("b", "\\1&$1"), varchar(20), "abc", "a\\1&$1c"),
    (Regex("b", "\\1", case_insensitive=True), varchar(20), "aBc", "a\\1c"),
    (Regex("\\.", "it's"), varchar(20), "a.b", "ait'sb"),
    (Regex("b", "xxxx"), varchar(4), "abc", None),
    (Regex("(?=b)", "x"), varchar(20), "abc", None),
    (Regex("(", "x"), varchar(20), "abc", None),
    (Round(D(100)), INTEGER, 250, 200),
    (Round(D(100)), INTEGER, -250, -300),
    (Round(D(100)), SMALLINT, -32768, None),
    (Round(D("2.5")), INTEGER, 8, 7),
    (Round(D("2.5")), INTEGER, -3, -5),
    (Round(D("2.5")), INTEGER, -1, -3),
    (Round(D("0.125")), numeric(10, 2), "1.13", D("1.12")),
    (Round(D(10)), numeric(38, 37), "1.5", D(0)),
    (Round(D(1)), numeric(38, 37), "1.5", D(1)),
    (Round(D("0.125")), numeric(10, 2), "-0.01", D("-0.13")),
    (Round(D("0.25")), numeric(10, 2), "1.37", D("1.25")),
    (Round(D(1000)), numeric(38, 2), "123456789012345678901234567890.12", D("123456789012345678901234567000.00")),
    (Round(D(10)), DOUBLE, 15.5, 10.0),
    (Round(D(10)), REAL, -15.5, -20.0),
    (Round(D("0.001")), DOUBLE, 1.7e308, 1.7e308),
    (Round(D("0.1")), INTEGER, -7, -7),
    (Round(D("1e38")), DOUBLE, 1.5e38, None),
    (Round(D("1e-38")), numeric(10, 2), "1.5", None),
    (Round(D("1e-37")), numeric(10, 2), "1.5", D("1.50")),
    (Round(D("0.1")), numeric(38, 37), "-0.3", D("-0.3")),
    (Round(D(10)), numeric(38, 37), "-1.5", None),
    (Round(D("0.003")), numeric(38, 2), "1.00", D("0.99")),
    (Round(D("0.1")), numeric(38, 0), "99999999999999999999999999999999999999", D("9" * 38)),
    (Round(D(100)), varchar(20), "250", None),
    (TruncateDate("month"), DATE, "2026-05-17", date(2026, 5, 1)),
    (TruncateDate("week"), DATE, "2026-05-17", date(2026, 5, 11)),
    (TruncateDate("day"), DATE, "2026-05-17", None),
    (TruncateDate("quarter"), TIMESTAMP, "2026-05-17 12:34:56.789", datetime(2026, 4, 1)),
    (TruncateDate("minute"), TIMESTAMP, "2026-05-17 12:34:56.789", datetime(2026, 5, 17, 12, 34)),
    (TruncateDate("day"), TIMESTAMPTZ, "2026-05-17 01:00:00+02", datetime(2026, 5, 16, tzinfo=UTC)),
    (DateShift(30), DATE, None, None),
    (DateShift(30), varchar(20), "2026-05-17", None),
    (DateShift(36_501), DATE, "2026-05-17", None),
    (DateShift(1), DATE, "0001-01-01", date(1, 1, 2)),
    (DateShift(1), DATE, "9999-12-31", date(9999, 12, 30)),
    (DateShift(1), TIMESTAMP, "9999-12-31 00:00:00.000001", datetime(9999, 12, 30, microsecond=1)),
    (DateShift(1), TIMESTAMPTZ, "0001-01-01 23:59:59+00", datetime(1, 1, 2, 23, 59, 59, tzinfo=UTC)),
    (DateShift(30), DATE, "10000-01-01", None),
    (DateShift(30), TIMESTAMP, "294276-12-31 00:00:00", None),
    (Noise(D(5)), INTEGER, 0, 0),
    (Noise(D(5)), DOUBLE, 1e29, None),
    (Noise(D(5)), DOUBLE, 1e-21, None),
    (Noise(D(5)), DOUBLE, "NaN", None),
    (Noise(D(5)), DOUBLE, 0.0, 0.0),
    (Noise(D(5)), varchar(9), "5", None),
    (Sql("LEFT(@value, 3)"), varchar(10), "abcdef", "abc"),
    (Sql("LEFT(@value, 3)"), char(10), "ab", "ab"),
    (Sql("CASE WHEN @columnReference('missing') = 1 THEN 'x' ELSE @value END"), varchar(5), "abc", None),
    (Sql("CASE WHEN (@value = 'abc') IS NOT TRUE THEN @value ELSE 'x' END"), varchar(5), "abc", "x"),
    (Sql("CASE WHEN (@value = 'abc') IS NOT TRUE THEN 'none' END"), varchar(5), None, "none"),
    (Sql("@value || @value"), varchar(5), "abc", None),
    (Sql("COALESCE(@value, 'x')"), varchar(5), None, "x"),
    (Sql("'gone'"), varchar(5), None, "gone"),
    (Sql("@value + 1"), SMALLINT, None, None),
    (Sql("@value * 2"), SMALLINT, 20000, None),
    (Sql("@value / 0"), INTEGER, 20000, None),
    (Sql("@value * 2"), INTEGER, 2**30, None),
    (Sql("@value * 2 / 2"), INTEGER, 2**30, 2**30),
    (Sql("@value * @value"), BIGINT, 2**40, None),
    (Sql("@value + 1"), BIGINT, 2**63 - 1, None),
    (Sql("@value - 1"), BIGINT, 2**63 - 1, 2**63 - 2),
    (Sql("-@value"), BIGINT, -(2**63), None),
    (Sql("ABS(@value)"), BIGINT, -(2**63), None),
    (Sql("ABS(@value) - 1"), SMALLINT, -(2**15), 2**15 - 1),
    (Sql("@value / (@columnReference('id') - 2)"), BIGINT, -(2**63), None),
    (Sql("@value / (@columnReference('id') + 2)"), BIGINT, -10, -3),
    (Sql("@columnReference('id') - 2147483647 - 2"), numeric(12, 2), "5", D("-2147483648")),
    (Sql("@value * 1.005"), numeric(10, 2), "1.00", D("1.01")),
    (Sql("CAST(@value AS INTEGER)"), varchar(9), "12", None),
    (Sql("CAST(CAST(@value AS INTEGER) + 1 AS VARCHAR(9))"), varchar(9), " 12 ", "13"),
    (Sql("CAST(CAST(@value AS INTEGER) + 1 AS VARCHAR(9))"), varchar(9), "twelve", None),
    (Sql("CAST(CAST(@value AS DATE) AS VARCHAR(10))"), varchar(10), "2026-02-30", None),
    (Sql("LOWER(@value) || 'ß'"), char(9), "x", None),
    (Sql("CAST(@value AS CHAR(9))"), varchar(9), "größe", None),
    (Sql("CAST(@value AS CHAR(9))"), varchar(9), "grosse", "grosse"),
    (Sql("DATE_TRUNC('month', @value)"), TIMESTAMPTZ, "2026-05-01 01:00:00+02", datetime(2026, 4, 1, tzinfo=UTC)),
    (Sql("@missing"), varchar(9), "x", None),
]


@pytest.mark.parametrize(("mask", "kind", "value", "expected"), CASES, ids=repr)
def test_a_mask_makes(warehouse: Warehouse, mask: Mask, kind: ColumnType, value: Any, expected: Any):
    shown = masked(warehouse, mask, kind, value)
    assert shown == expected
    assert type(shown) is type(expected)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (INTEGER, "1234567"),
        (SMALLINT, "-3000"),
        (BIGINT, "-4611686018427387905"),
        (BIGINT, "9223372036854775807"),
        (numeric(12, 2), "12345.67"),
        (numeric(20, 0), "-98765432109876543210"),
        (numeric(10, 4), "0.0001"),
    ],
    ids=str,
)
@pytest.mark.parametrize("percent", [D(5), D("0.1"), D("12.75"), D(250)], ids=str)
def test_noise_moves_by_what_salt_and_value_say(warehouse: Warehouse, kind: ColumnType, value: str, percent: Decimal):
    scale = kind.scale or 0
    exact = moved(D(value), percent, value).quantize(D(1).scaleb(-scale), "ROUND_HALF_UP")
    shown = masked(warehouse, Noise(percent), kind, value)
    limits = {Family.SMALLINT: 2**15, Family.INTEGER: 2**31, Family.BIGINT: 2**63}
    limit = limits.get(kind.family) or D(10) ** ((kind.precision or 0) - scale)
    assert shown == (None if abs(exact) >= limit else exact)


@pytest.mark.parametrize("kind", [DOUBLE, REAL], ids=str)
@pytest.mark.parametrize("value", [1234.5, -0.25, 8388608.0])
@pytest.mark.parametrize("percent", [D(5), D(100)], ids=str)
def test_noise_moves_floating_point_numbers(warehouse: Warehouse, kind: ColumnType, value: float, percent: Decimal):
    expected = value + value * float(percent) / 100 * steps(f"{D(value):.9f}") / 10**6
    assert masked(warehouse, Noise(percent), kind, value) == pytest.approx(
        expected, rel=1e-5 if kind is REAL else 1e-12
    )


@pytest.mark.parametrize("kind", [DATE, TIMESTAMP, TIMESTAMPTZ], ids=str)
@pytest.mark.parametrize("days", [1, 30, 36_500])
def test_a_date_moves_by_what_salt_and_value_say_and_never_by_nothing(
    warehouse: Warehouse, kind: ColumnType, days: int
):
    table = source(column("id"), column("value", kind, "pii"), table="masks")
    first = [datetime(1, 1, 1), datetime(1, 1, 31), datetime(99, 12, 31), datetime(100, 12, 7)]
    last = [datetime(9900, 1, 24), datetime(9999, 12, 1), datetime(9999, 12, 30), datetime(9999, 12, 31)]
    moments = first + last + [datetime(1950, 1, 1) + timedelta(days=977 * each) for each in range(60)]
    if kind is not DATE:
        moments = [each.replace(hour=each.day % 24, minute=34, microsecond=560_000) for each in moments]
    rows = [(at, f"{each}{'+00' if kind is TIMESTAMPTZ else ''}") for at, each in enumerate((*moments, moments[20]))]
    warehouse.table(table, [(at, text[:10] if kind is DATE else text) for at, text in rows])
    warehouse.users({"ann": []})
    warehouse.publish(world(table, MaskingPolicy("m", on("pii"), DateShift(days))), table)
    shown = [each.date() if kind is DATE else each for each in (*moments, moments[20])]
    shown = [each.replace(tzinfo=UTC) if kind is TIMESTAMPTZ else each for each in shown]
    moves = [new - old for (_, new), old in zip(warehouse.look("ann", table), shown, strict=True)]
    sizes = {each.days for each in moves}
    assert all(each.seconds == each.microseconds == 0 and 1 <= abs(each.days) <= days for each in moves)
    assert moves[-1] == moves[20]
    assert min(sizes) < 0 < max(sizes)
    assert max(map(abs, sizes)) >= days * 0.9


def test_a_hash_beside_it_does_not_tell_by_how_much_a_date_moved(warehouse: Warehouse):
    shown = masked(warehouse, DateShift(30), DATE, "2026-05-17")
    told = digest("2026-05-17")
    size = int(told[:7], 16) * 30 // 16**7 + 1
    assert (shown - date(2026, 5, 17)).days != size * (-1 if int(told[7], 16) < 8 else 1)


def respond(mask: Categories, column: str, row: str) -> int:
    """By how many places the row's value moves among the sorted ones, in two independent draws."""
    found = hashlib.sha256(f"{SALT}categories:{column}:{row}".encode()).hexdigest()
    if int(found[:7], 16) < int(mask.keep * 16**7 / 100):
        return 0
    return 1 + int(found[7:14], 16) * (len(mask.values) - 1) // 16**7


@pytest.mark.parametrize("kind", [varchar(20), char(20), INTEGER], ids=str)
@pytest.mark.parametrize("keep", [D(0), D("33.3"), D(70)], ids=str)
def test_a_category_is_kept_as_often_as_is_said_and_else_another(warehouse: Warehouse, kind: ColumnType, keep: Decimal):
    values = ["10", "20", "30", "40"]
    mask = Categories(frozenset(values), keep)
    table = source(column("id"), column("value", kind, "pii"), table="masks")
    true = [values[at % 4] for at in range(400)]
    warehouse.table(table, [])
    listed = ", ".join(f"({at}, '{each}')" for at, each in enumerate(true))
    warehouse.run(f'INSERT INTO "raw".masks VALUES {listed}')
    warehouse.users({"ann": []})
    warehouse.publish(world(table, MaskingPolicy("m", on("pii"), mask)), table)
    shown = [str(value).rstrip() for _, value in warehouse.look("ann", table)]
    rows = [f"+{len(str(at))}:{at}+2:{each}" for at, each in enumerate(true)]
    assert shown == [
        values[(values.index(each) + respond(mask, "value", row)) % 4] for each, row in zip(true, rows, strict=True)
    ]
    kept = sum(one == other for one, other in zip(true, shown, strict=True))
    assert abs(kept - float(keep) * 4) <= (40 if keep else 0)
    assert set(shown) == set(values)


def test_a_value_that_is_not_listed_is_never_kept_and_null_stays_null(warehouse: Warehouse):
    table = source(column("id"), column("value", varchar(20), "pii"), table="masks")
    warehouse.table(table, [(at, "unlisted" if at % 2 else None) for at in range(80)])
    warehouse.users({"ann": []})
    mask = Categories(frozenset({"a", "b"}), D("99.9"))
    warehouse.publish(world(table, MaskingPolicy("m", on("pii"), mask)), table)
    shown = [value for _, value in warehouse.look("ann", table)]
    assert set(shown[::2]) == {None}
    assert set(shown[1::2]) == {"a", "b"}


def test_two_columns_and_the_share_of_rows_are_drawn_apart(warehouse: Warehouse):
    table = source(column("id"), column("a", varchar(1), "pii"), column("b", varchar(1), "pii"), table="masks")
    warehouse.table(table, [])
    warehouse.run('INSERT INTO "raw".masks VALUES ' + ", ".join(f"({at}, 'x', 'x')" for at in range(400)))
    warehouse.users({"ann": []})
    mask = MaskingPolicy("m", on("pii"), Categories(frozenset({"x", "y"}), D(50)))
    rows = RowPolicy("r", on(sources=["sales"]), Percent(D(50)))
    warehouse.publish(world(table, mask, rows), table)
    shown = warehouse.look("ann", table)
    assert {(a, b) for _, a, b in shown} == {("x", "x"), ("x", "y"), ("y", "x"), ("y", "y")}
    assert 60 < sum(a == "x" for _, a, _ in shown) < 140


def anonymous(warehouse: Warehouse, *policies: MaskingPolicy | RowPolicy, k: int = 2, **rest: Any) -> DataSource:
    """A table of people, whose names show where `k` share zip and year."""
    table = source(
        column("id"),
        column("name", varchar(9), "pii"),
        column("zip", varchar(9)),
        column("year"),
        column("g1"),
        table="people",
        **rest,
    )
    rows = [
        (1, "ann", "A", 1980, 0),
        (2, "bob", "A", 1980, 0),
        (3, "cid", "A", 1981, 0),
        (4, "dan", None, 1980, 0),
        (5, "eve", None, 1980, 0),
        (6, "fay", "B", None, 0),
        (7, "gil", "B  ", None, 0),
        (8, "hal", "", 1980, 0),
    ]
    warehouse.table(table, rows)
    warehouse.users({"ann": []})
    mask = MaskingPolicy("m", on("pii"), KAnonymity(k, frozenset({"ZIP", "year"})))
    warehouse.publish(world(table, mask, *policies), table)
    return table


def test_a_value_shows_where_enough_rows_are_alike_of_which_null_is_one_value(warehouse: Warehouse):
    table = anonymous(warehouse)
    assert [name for _, name, *_ in warehouse.look("ann", table)] == [
        "ann",
        "bob",
        None,
        "dan",
        "eve",
        "fay",
        "gil",
        None,
    ]
    table = anonymous(warehouse, k=3)
    assert {name for _, name, *_ in warehouse.look("ann", table)} == {None}


def test_rows_are_counted_that_the_user_does_not_see(warehouse: Warehouse):
    table = anonymous(warehouse, RowPolicy("odd", on(sources=["sales"]), Where("id % 2 = 1")))
    assert [row[:2] for row in warehouse.look("ann", table)] == [[1, "ann"], [3, None], [5, "eve"], [7, "gil"]]


@pytest.mark.parametrize("bare", [(), ("id", "zip", "year")], ids=["guarded", "bare"])
def test_no_filter_of_the_users_changes_how_many_are_alike(warehouse: Warehouse, bare: tuple[str, ...]):
    anonymous(warehouse, filter_columns=frozenset(bare))
    for test in ("id = 1", "id <= 1 AND zip = 'A'", "year = 1980 AND id = 1", "name IS NOT NULL AND id < 2"):
        assert warehouse.ask("ann", f"SELECT id, name FROM governed.people WHERE {test}") == [[1, "ann"]]
    assert warehouse.ask("ann", "SELECT name FROM governed.people WHERE zip = 'A' AND year = 1981") == [[None]]
    assert warehouse.ask("ann", "SELECT COUNT(*) FROM governed.people WHERE name = 'cid'") == [[0]]


def test_two_masks_count_by_columns_of_their_own(warehouse: Warehouse):
    not_equalized = MaskingPolicy("a", AppliesTo(column_regex="^id$"), KAnonymity(3, frozenset({"year"})))
    table = anonymous(warehouse, not_equalized)
    shown = warehouse.ask("ann", "SELECT id, name, g1 FROM governed.people ORDER BY year, zip, name")
    assert sorted(each[0] for each in shown if each[0]) == [1, 2, 4, 5, 8]
    assert {each[2] for each in shown} == {0}
    assert table.columns[-1].name == "g1"


@pytest.mark.parametrize(("kind", "text"), [(INTEGER, "1234567"), (numeric(12, 2), "12345.67"), (DOUBLE, "1234.5")])
def test_a_hash_beside_it_does_not_tell_by_how_much_a_number_moved(warehouse: Warehouse, kind: ColumnType, text: str):
    hashed = digest(f"{D(text):.9f}" if kind is DOUBLE else text)
    told = D(int(hashed[:7], 16) * (2 * 10**6 + 1) // 16**7 - 10**6)
    shown = D(masked(warehouse, Noise(D(100)), kind, text))
    assert abs(shown / (1 + told / 10**6) - D(text)) > 1


LONG = varchar(65_535)


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (Hash(), "x" * 65_000, digest("x" * 65_000)),
        (Hash(), "x" * 65_001, digest(hashlib.sha256(b"x" * 65_001).hexdigest())),
        (Hash(), "ü" * 32_767, digest(hashlib.sha256(("ü" * 32_767).encode()).hexdigest())),
        (Email(), "a@" + "b" * 65_000, digest("a")[:16] + "@" + "b" * 65_000),
        (Email(), "a@" + "b" * 65_533, None),
        (Email(), "a" * 65_002 + "@b", digest(hashlib.sha256(b"a" * 65_002).hexdigest())[:16] + "@b"),
        (Partial(1, 1, "ab"), "x" * 32_768, "x" + "ab" * 32_766 + "x"),
        (Partial(1, 1, "ab"), "x" * 32_770, None),
        (Partial(40_000, 0, "ab"), "x" * 32_768, None),
        (Regex("x", "ab"), "x" * 32_767, "ab" * 32_767),
        (Regex("x", "ab"), "y" * 32_768, None),
        (Regex("x", ""), "x" * 65_535, ""),
        (Regex("x", "$"), "x" * 65_535, "$" * 65_535),
        (Sql("@value || @value"), "x" * 32_767, "x" * 65_534),
        (Sql("@value || @value"), "x" * 32_768, None),
        (Sql("LEFT(@value || @value, 2)"), "x" * 32_768, None),
        (Sql("COALESCE(LEFT(@value || @value, 2), 'none')"), "x" * 32_768, None),
        (Sql("LEFT(LEFT(@value, 5000) || LEFT(@value, 5000), 3)"), "x" * 65_535, "xxx"),
    ],
)
def test_no_mask_makes_a_text_that_is_too_long(warehouse: Warehouse, mask: Mask, value: str, shown: str | None):
    assert masked(warehouse, mask, LONG, value) == shown


def test_an_sql_mask_may_read_the_row(warehouse: Warehouse):
    assert masked(warehouse, Sql("@value + @columnReference('other')"), INTEGER, 40, 2) == 42
    assert masked(warehouse, Sql("@value + @columnReference('other')"), INTEGER, 40) is None


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("other > 5", [("clear", 3), ("masked", 7), ("masked", None)]),
        ("@columnTagged('level') > 5", [("clear", 3), ("masked", 7), ("masked", None)]),
        ("@columnTagged('absent') > 5", [("masked", 3), ("masked", 7), ("masked", None)]),
        ("other > 5 AND NOT @isInGroups('hr')", [("clear", 3), ("clear", 7), ("clear", None)]),
        ("missing > 5", [("masked", 3), ("masked", 7), ("masked", None)]),
        ("other IN (SELECT v FROM raw.levels)", [("clear", 3), ("masked", 7), ("masked", None)]),
        ("other NOT IN (SELECT v FROM raw.levels)", [("masked", 3), ("clear", 7), ("masked", None)]),
        ("other IN (SELECT v FROM raw.levels WHERE @isInGroups('it'))", [("clear", 3), ("clear", 7), ("clear", None)]),
        ("other NOT IN (SELECT v FROM raw.levels_with_null)", [("masked", 3), ("clear", 7), ("masked", None)]),
        ("other IN (SELECT v FROM raw.levels_with_null)", [("masked", 3), ("masked", 7), ("masked", None)]),
    ],
)
def test_a_cell_is_masked_unless_where_is_false(warehouse: Warehouse, where: str, shown: list[tuple[str, int | None]]):
    table = source(column("value", varchar(9), "pii"), column("other", INTEGER, "level"), table="cells")
    warehouse.table(table, [("clear", 3), ("clear", 7), ("clear", None)])
    for name, values in (("levels", "7"), ("levels_with_null", "7), (NULL")):
        warehouse.run(f'DROP TABLE IF EXISTS "raw".{name}')
        warehouse.run(f'CREATE TABLE "raw".{name} (v INTEGER)')
        warehouse.run(f'INSERT INTO "raw".{name} VALUES ({values})')
    warehouse.users({"ann": [("group", "", "hr")]})
    warehouse.publish(world(table, MaskingPolicy("m", on("pii"), Constant("masked"), where=where)), table)
    found = warehouse.ask("ann", "SELECT value, other FROM governed.cells ORDER BY other NULLS LAST")
    assert [tuple(row) for row in found] == shown


def test_with_several_tagged_columns_a_cell_is_masked_on_any(warehouse: Warehouse):
    table = source(
        column("value", varchar(9), "pii"), column("a", INTEGER, "n"), column("b", INTEGER, "n"), table="any"
    )
    warehouse.table(table, [("clear", 1, 1), ("clear", 1, 9), ("clear", 9, 1), ("clear", 1, None)])
    warehouse.users({"ann": []})
    policy = MaskingPolicy("m", on("pii"), Constant("masked"), where="@columnTagged('n') > 5")
    warehouse.publish(world(table, policy), table)
    found = warehouse.ask("ann", 'SELECT value, a, b FROM governed."any" ORDER BY a, b NULLS LAST')
    assert [row[0] for row in found] == ["clear", "masked", "masked", "masked"]


def test_masked_columns_keep_their_type_and_hashed_texts_widen(warehouse: Warehouse):
    table = source(
        column("a", varchar(10), "hash"), column("b", numeric(10, 2), "null"), column("c", varchar(9)), table="kinds"
    )
    warehouse.table(table, [])
    hashing, nulling = (
        MaskingPolicy("h", on("hash"), Hash()),
        MaskingPolicy("n", on("null"), Null(), exceptions=groups("x")),
    )
    warehouse.publish(world(table, hashing, nulling), table)
    query = "SELECT column_name, data_type, character_maximum_length FROM svv_columns WHERE table_name = 'kinds'"
    kinds = warehouse.ask("ann", f"{query} AND table_schema = 'governed' ORDER BY 1")
    assert [row[:2] for row in kinds] == [["a", "character varying"], ["b", "numeric"], ["c", "character varying"]]
    assert kinds[0][2] == 64


FUNCTIONS = (
    "DROP SCHEMA IF EXISTS sec CASCADE",
    "CREATE SCHEMA sec",
    "GRANT USAGE ON SCHEMA sec TO PUBLIC",
    "CREATE FUNCTION sec.\"odd 'n\"(VARCHAR, VARCHAR) RETURNS VARCHAR IMMUTABLE AS $$ SELECT $2 || $1 || '!' $$ LANGUAGE sql",
    "CREATE FUNCTION sec.twice(NUMERIC) RETURNS NUMERIC IMMUTABLE AS $$ SELECT $1 * 2 $$ LANGUAGE sql",
    "CREATE FUNCTION sec.per_value(INTEGER) RETURNS INTEGER STABLE AS $$ SELECT 10 / $1 $$ LANGUAGE sql",
)


def called(warehouse: Warehouse, mask: Function, kind: ColumnType, *rows: RowPolicy) -> World:
    """A world in which the mask may call what it names."""
    for statement in FUNCTIONS:
        warehouse.run(statement)
    arguments = (kind.family.value, *("character varying" for _ in mask.arguments))
    schema, name = mask.place or ("", "")
    found = UserFunction(arguments, kind.family.value, "a" * 64, steady=name != "per_value")
    policy = MaskingPolicy("m", on("pii"), replace(mask, definitions=frozenset({"a" * 64})))
    table = source(column("id"), column("value", kind, "pii"), table="masks")
    return replace(world(table, policy, *rows), functions={dotted(schema, name): (found,)})


def shown(warehouse: Warehouse, governed: World, *values: object) -> list[Any]:
    (table,) = governed.data_sources.values()
    warehouse.table(table, list(enumerate(values)))
    warehouse.users({"ann": []})
    warehouse.publish(governed, table)
    return [row[1] for row in warehouse.look("ann", table)]


def test_a_function_gets_the_value_and_its_constants_and_what_does_not_fit_is_null(warehouse: Warehouse):
    governed = called(warehouse, Function('sec."odd \'n"', ("o'x\\",)), varchar(9))
    assert shown(warehouse, governed, "ab", "abcd", "abcde", None) == ["o'x\\ab!", "o'x\\abcd!", None, None]


def test_a_number_that_a_function_gives_is_null_where_the_column_does_not_hold_it(warehouse: Warehouse):
    governed = called(warehouse, Function("sec.twice"), numeric(4, 2))
    assert shown(warehouse, governed, Decimal("12.34"), Decimal("60.00")) == [Decimal("24.68"), None]


def test_a_function_is_called_for_no_hidden_row_and_no_null(warehouse: Warehouse):
    hidden = RowPolicy("r", AppliesTo(all_data_sources=True), Where("value > 0 OR value IS NULL"))
    governed = called(warehouse, Function("sec.per_value"), INTEGER, hidden)
    assert shown(warehouse, governed, 5, 0, None) == [2, None]


def test_in_an_equalized_project_a_function_that_may_tell_users_apart_shows_nothing(warehouse: Warehouse):
    governed = called(warehouse, Function("sec.per_value"), INTEGER)
    assert shown(warehouse, governed, 5) == [2]
    (table,) = governed.data_sources.values()
    warehouse.run("UPDATE immuta_system.profiles SET equalized = 1")
    assert [row[1] for row in warehouse.look("ann", table)] == [None]
