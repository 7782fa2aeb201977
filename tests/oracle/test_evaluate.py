"""Expressions as users write them, against one row."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.builders import KEY, NOW, alice, columns, customers, world
from veil.language import Usage, parse
from veil.model import ColumnType, Family
from veil.oracle.evaluate import evaluate
from veil.oracle.facts import facts_of
from veil.oracle.functions import call
from veil.oracle.operands import Operand
from veil.oracle.scope import Scope

ROW: dict[str, Any] = {
    "name": "Ann  ",
    "code": "x1",
    "nothing": None,
    "n": 7,
    "m": -2,
    "money": Decimal("5.50"),
    "ratio": 0.5,
    "flag": True,
    "day": date(2024, 2, 29),
    "at": datetime(2024, 2, 29, 13, 14, 15),
    "zoned": datetime(2024, 2, 29, 13, 14, 15, tzinfo=UTC),
    "blob": "{}",
    "region": "US",
}
_KINDS = {
    "name": ColumnType(Family.VARCHAR, length=40),
    "code": ColumnType(Family.CHAR, length=8),
    "nothing": ColumnType(Family.VARCHAR, length=40),
    "n": ColumnType(Family.INTEGER),
    "m": ColumnType(Family.SMALLINT),
    "money": ColumnType(Family.NUMERIC, precision=8, scale=2),
    "ratio": ColumnType(Family.DOUBLE),
    "flag": ColumnType(Family.BOOLEAN),
    "day": ColumnType(Family.DATE),
    "at": ColumnType(Family.TIMESTAMP),
    "zoned": ColumnType(Family.TIMESTAMPTZ),
    "blob": ColumnType(Family.SUPER),
}
HELD = {"territory": ["US", "CA"], "years": ["7"], "name": ["Ann"], "moments": ["2024-02-29 00:00:00"]}
LOOKUPS = {
    ("raw", "tree"): [{"level": "x1", "root": "US"}, {"level": "y", "root": "FR"}, {"level": "  z", "root": None}],
    ("raw", "holes"): [{"level": "a"}, {"level": None}],
    ("raw", "empty"): [],
    ("raw", "numbers"): [{"n": 7}, {"n": 8}],
}


def scope(**row: Any) -> Scope:
    source = customers(*columns(**_KINDS, region=(ColumnType(Family.VARCHAR, length=9), "geo.region")))
    user = replace(alice(), attributes={name: frozenset(held) for name, held in HELD.items()})
    governed = world(source, user)
    facts = facts_of(governed, "alice", NOW)
    return Scope(governed, governed.data_sources[KEY], facts, NOW, row=ROW | row, lookups=LOOKUPS)


def value(text: str, usage: Usage = Usage.ROW, **row: Any) -> Any:
    here = scope(**row)
    expression = parse(text, usage)
    ways = here.choices(frozenset({"geo.region"})) if "columnTagged" in text else [here]
    return evaluate(expression, ways[0]).value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = 'Ann'", True),
        ("name = 'Ann   '", True),
        ("name = ' Ann'", False),
        ("name = 'ann'", False),
        ("name < 'B' AND name > 'A'", True),
        ("name LIKE 'Ann'", False),
        ("name LIKE 'Ann%'", True),
        ("name LIKE 'A_n  '", True),
        ("name ILIKE 'aNN%'", True),
        ("name NOT LIKE 'B%'", True),
        ("code LIKE 'x1'", True),
        ("name LIKE '\\\\%'", False),
        ("nothing LIKE '%'", None),
        ("n LIKE '7'", None),
        ("name <> 'Ann'", False),
        ("nothing = 'x'", None),
        ("NOT nothing = 'x'", None),
        ("nothing = 'x' OR n = 7", True),
        ("nothing = 'x' AND n = 7", None),
        ("nothing = 'x' AND n = 8", False),
        ("nothing IS NULL", True),
        ("n IS NOT NULL", True),
        ("missing IS NULL", None),
        ("missing = 1 OR n = 7", True),
        ("flag IS TRUE", True),
        ("flag IS NOT TRUE", False),
        ("flag IS FALSE", False),
        ("flag IS NOT FALSE", True),
        ("flag IS UNKNOWN", False),
        ("(nothing = 'x') IS TRUE", False),
        ("(nothing = 'x') IS NOT TRUE", True),
        ("(nothing = 'x') IS FALSE", False),
        ("(nothing = 'x') IS NOT FALSE", True),
        ("(nothing = 'x') IS UNKNOWN", True),
        ("(nothing = 'x') IS NOT UNKNOWN", False),
        ("n IS DISTINCT FROM 7", False),
        ("n IS DISTINCT FROM m", True),
        ("name IS NOT DISTINCT FROM 'Ann   '", True),
        ("money IS NOT DISTINCT FROM '5.5'", True),
        ("nothing IS DISTINCT FROM 'x'", True),
        ("nothing IS NOT DISTINCT FROM 'x'", False),
        ("nothing IS DISTINCT FROM nothing", False),
        ("nothing IS NOT DISTINCT FROM NULLIF(n, 7)::varchar", True),
        ("(n = 8) IS DISTINCT FROM (n = 9)", False),
        ("n = '7'", True),
        ("n = 'seven'", None),
        ("n <> 'seven'", None),
        ("n = '7.0'", None),
        ("money = '5.5'", True),
        ("money = 5.5", True),
        ("money > n", False),
        ("ratio = 0.5", True),
        ("ratio = '0.5'", True),
        ("n = name", None),
        ("flag = 'true'", True),
        ("flag = TRUE", True),
        ("flag = 'perhaps'", None),
        ("day = '2024-02-29'", True),
        ("day < '2024-02-30'", None),
        ("day = DATE '2024-02-29'", True),
        ("at > day", True),
        ("at = zoned", True),
        ("at >= TIMESTAMP '2024-02-29 13:14:15'", True),
        ("blob = 'x'", None),
        ("blob IS NULL", False),
        ("LOWER(n) IS NULL", None),
        ("(CASE WHEN n = 8 THEN 'a' END) IS NULL", True),
        ("(CASE WHEN n = 7 THEN NULL END) IS NOT NULL", False),
        ("COALESCE(NULL, NULL) IS NULL", True),
        ("n IN (1, 7)", True),
        ("n IN (1, 2)", False),
        ("nothing IN ('a')", None),
        ("n NOT IN (1, 2)", True),
        ("n IN ('1', 'x')", None),
        ("n IN (7, 'x')", True),
        ("n BETWEEN 7 AND 8", True),
        ("n NOT BETWEEN 7 AND 8", False),
        ("n BETWEEN 8 AND '7'", False),
        ("name BETWEEN 'A' AND 'Ann'", True),
    ],
)
def test_conditions_follow_three_valued_logic(text: str, expected: bool | None) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    "test",
    [
        "missing = 1",
        "n = 'seven'",
        "n = name",
        "blob = 'x'",
        "ratio % 2 = 1",
        "n LIKE '7'",
        "n IN (1, 'x')",
        "n BETWEEN 1 AND 'x'",
        "n IN (SELECT v FROM no.such)",
        "missing IN (SELECT level FROM raw.tree)",
        "@attributeValuesContains('a', missing)",
        "@groupsContains(ratio)",
        "missing = 1 AND n = 7",
        "missing = 1 OR n = 7",
        "NOT missing = 1",
        "(missing = 1) IS NULL",
        "missing IS DISTINCT FROM 1",
        "COALESCE(missing = 1, TRUE)",
        "CASE WHEN missing = 1 THEN FALSE ELSE TRUE END",
        "CASE WHEN n = 7 THEN TRUE ELSE missing = 1 END",
        "CAST((missing = 1) AS VARCHAR(5)) = 'x'",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "({}) IS NULL",
        "({}) IS NOT NULL",
        "({}) IS TRUE",
        "({}) IS NOT TRUE",
        "({}) IS FALSE",
        "({}) IS NOT FALSE",
        "({}) IS DISTINCT FROM TRUE",
        "FALSE IS NOT DISTINCT FROM ({})",
        "COALESCE({}, TRUE)",
        "CASE WHEN {} THEN TRUE ELSE TRUE END",
        "NULLIF({}, TRUE) IS NULL",
    ],
)
def test_nothing_is_made_of_what_cannot_be_decided(test: str, form: str) -> None:
    assert value(form.format(test)) is None


def test_three_valued_logic_decides_without_what_cannot_be_decided() -> None:
    assert value("missing = 1 OR n = 7") is True
    assert value("missing = 1 AND n = 8") is False
    assert value("NOT (missing = 1 AND n = 8)") is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n + 1", 8),
        ("n / 2", 3),
        ("m / 2 * 2 + n % 4", 1),
        ("m % 5", -2),
        ("(0 - n) / 2", -3),
        ("-n", -7),
        ("money * 2", Decimal("11.00")),
        ("money / 2", Decimal("2.75")),
        ("n / 0", None),
        ("n % 0", None),
        ("n / NULLIF(m + 2, 0)", None),
        ("ratio / 0", None),
        ("ratio * 3", 1.5),
        ("n + money", Decimal("12.50")),
        ("name + 1", None),
        ("code || '-' || region", "x1-US"),
        ("name || 'a'", "Ann  a"),
        ("code || nothing", None),
        ("n || 'x'", None),
        ("CASE WHEN n = 7 THEN 'a' ELSE 'b' END", "a"),
        ("CASE WHEN nothing = 'x' THEN 1 ELSE 2.5 END", Decimal("2.5")),
        ("CASE WHEN n = 8 THEN 'a' END", None),
        ("CASE WHEN n = 7 THEN n ELSE name END", None),
        ("CAST(n AS VARCHAR(9))", "7"),
        ("CAST('12' AS INTEGER)", 12),
        ("CAST(name AS INTEGER)", None),
        ("CAST(money AS INTEGER)", 6),
        ("CAST(70000 AS SMALLINT)", None),
        ("CAST(money AS NUMERIC(3, 1))", Decimal("5.5")),
        ("CAST(at AS DATE)", date(2024, 2, 29)),
        ("CAST(day AS TIMESTAMP)", datetime(2024, 2, 29)),
        ("CAST('2024-02-30' AS DATE)", None),
        ("CAST(flag AS VARCHAR(9))", "true"),
        ("CAST(money AS VARCHAR(9))", "5.50"),
        ("CAST(name AS VARCHAR(2))", "An"),
        ("CAST('größe' AS CHAR(9))", None),
        ("CAST('grosse' AS CHAR(9))", "grosse"),
        ("CAST('true' AS BOOLEAN)", True),
        ("LOWER(name)", "ann  "),
        ("UPPER(name)", "ANN  "),
        ("UPPER('größe')", "GRÖßE"),
        ("LOWER('GRÖßE')", "größe"),
        ("COALESCE(CAST(missing AS INTEGER), 1)", None),
        ("@columnReference('CODE')", "x1"),
        ("COALESCE(CAST(day AS INTEGER), 1)", None),
        ("COALESCE(CAST(n AS DATE), day)", None),
        ("COALESCE(CAST(ratio AS VARCHAR(9)), 'x')", None),
        ("COALESCE(CAST(money * 2 AS VARCHAR(9)), 'x')", None),
        ("CAST(NULLIF(money, 1) AS VARCHAR(9))", None),
        ("CAST(CASE WHEN n = 7 THEN money END AS VARCHAR(9))", None),
        ("COALESCE(ratio % 2, 1)", None),
        ("COALESCE(MOD(n, ratio), 1)", None),
        ("COALESCE(ROUND(ratio, 1), 1)", None),
        ("TRIM(name)", "Ann"),
        ("LTRIM(code, 'x')", "1"),
        ("LEN(name)", 5),
        ("LEN(code)", 2),
        ("LEFT(name, 2)", "An"),
        ("RIGHT(name, 3)", "n  "),
        ("RIGHT(code, 0)", ""),
        ("SUBSTRING(name, 2, 1)", "n"),
        ("SUBSTRING(name, 2)", "nn  "),
        ("SUBSTRING(name, 9)", ""),
        ("REPLACE(name, 'n', 'mm')", "Ammmm  "),
        ("SPLIT_PART('a-b', '-', 2)", "b"),
        ("SPLIT_PART('a-b', '-', 3)", ""),
        ("LPAD(code, 4, 'ab')", "abx1"),
        ("LPAD(code, 5, 'ab')", "abax1"),
        ("LPAD(name, 2, '*')", "An"),
        ("RPAD(code, 4)", "x1  "),
        ("RPAD(code, 0, '*')", ""),
        ("RPAD(nothing, 4)", None),
        ("LPAD(n, 4)", None),
        ("TRANSLATE('2024-06-01', '0123456789-', '##########')", "########"),
        ("TRANSLATE(name, 'An', 'nA')", "nAA  "),
        ("CONCAT(code, '-', code)", "x1-x1"),
        ("CONCAT(code, nothing)", None),
        ("NVL2(nothing, 'a', 'b')", "b"),
        ("DECODE(n, 6, 'a', 7, 'b')", "b"),
        ("DECODE(nothing, 'x', 1, NULL, 2)", 2),
        ("DECODE(n, 6, 'a')", None),
        ("CURRENT_DATE", NOW.date()),
        ("ROUND(1499, -3)", 1000),
        ("ROUND(-1500, -3)", -2000),
        ("ROUND(1499.99, -2)", Decimal(1500)),
        ("ROUND(9223372036854775807, -3)", None),
        ("ROUND(ratio, -1)", None),
        ("STRPOS(name, 'n')", 2),
        ("POSITION('x' IN code)", 1),
        ("STRPOS(name, 'z')", 0),
        ("LOWER(n)", None),
        ("LEN(nothing)", None),
        ("ABS(m)", 2),
        ("FLOOR(money)", Decimal(5)),
        ("CEIL(money)", Decimal(6)),
        ("FLOOR(m / 3.0)", Decimal(-1)),
        ("ROUND(money)", Decimal(6)),
        ("ROUND(-5.55, 1)", Decimal("-5.6")),
        ("ROUND(ratio)", 1.0),
        ("MOD(n, 4)", 3),
        ("MOD(n, 0)", None),
        ("ABS(name)", None),
        ("COALESCE(nothing, name)", "Ann  "),
        ("COALESCE(nothing, NULL, 'x')", "x"),
        ("COALESCE(n, 1.5)", Decimal(7)),
        ("COALESCE(n, name)", None),
        ("COALESCE(n, DATE_TRUNC('week', n))", None),
        ("CASE WHEN n = 7 THEN n ELSE LOWER(n) END", None),
        ("n + NULL", None),
        ("NULLIF(name, 'Ann')", None),
        ("NULLIF(n, 8)", 7),
        ("NULLIF(nothing, 'x')", None),
        ("GREATEST(n, m, NULL)", 7),
        ("LEAST(n, m)", -2),
        ("GREATEST(name, nothing)", "Ann  "),
        ("DATE_TRUNC('month', at)", datetime(2024, 2, 1)),
        ("DATEADD(year, 1, day)", datetime(2025, 3, 1)),
        ("DATEADD(month, 12, day)", datetime(2025, 2, 28)),
        ("DATEADD(month, 1, DATE '2008-04-30')", datetime(2008, 5, 30)),
        ("LAST_DAY(day)", date(2024, 2, 29)),
        ("LAST_DAY(at)", date(2024, 2, 29)),
        ("LAST_DAY(DATE '9999-12-01')", date(9999, 12, 31)),
        ("LAST_DAY(n)", None),
        ("CONVERT_TIMEZONE('EST', 'PST', TIMESTAMP '2008-03-05 12:25:29')", datetime(2008, 3, 5, 9, 25, 29)),
        ("CONVERT_TIMEZONE('PST', TIMESTAMP '2008-08-21 07:23:54')", datetime(2008, 8, 20, 23, 23, 54)),
        ("CONVERT_TIMEZONE('Etc/GMT-2', TIMESTAMP '9999-12-31 22:00:00')", None),
        ("DATEDIFF(day, day, at)", 0),
        ("DATEDIFF(month, DATE '2023-12-31', day)", 2),
        ("DATE_PART('dow', day)", 4),
        ("EXTRACT(hour FROM zoned)", 13),
        ("DATEADD(day, 1, n)", None),
        ("GETDATE()", NOW.replace(tzinfo=None)),
    ],
)
def test_values_are_those_of_sql(text: str, expected: Any) -> None:
    condition = f"CASE WHEN n = 0 THEN {text} END IS NULL"
    node = parse(condition, Usage.ROW)
    found = evaluate(node.operand.branches[0][1], scope()).value  # type: ignore[union-attr]
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("code IN (SELECT level FROM raw.tree)", True),
        ("code IN (SELECT level FROM raw.tree WHERE root = 'FR')", False),
        ("code IN (SELECT level FROM raw.tree WHERE @attributeValuesContains('territory', root))", True),
        ("code NOT IN (SELECT level FROM raw.tree WHERE @attributeValuesContains('territory', root))", False),
        ("code IN (SELECT level FROM raw.holes)", None),
        ("code NOT IN (SELECT level FROM raw.holes)", None),
        ("nothing IN (SELECT level FROM raw.tree)", None),
        ("nothing IN (SELECT level FROM raw.empty)", False),
        ("missing IN (SELECT level FROM raw.empty)", None),
        ("nothing NOT IN (SELECT level FROM raw.empty)", True),
        ("n IN (SELECT n FROM raw.numbers)", True),
        ("n NOT IN (SELECT level FROM raw.gone)", None),
        ("n IN (SELECT level FROM raw.tree)", None),
        ("code IN (SELECT missing FROM raw.tree)", None),
        ("'  z' IN (SELECT level FROM raw.tree WHERE root IS NULL)", True),
        ("'x1' IN (SELECT level FROM raw.tree WHERE missing IS NULL)", False),
        ("code IN (SELECT level FROM raw.tree WHERE root = @columnTagged('geo.region'))", True),
        ("code IN (SELECT level FROM raw.tree WHERE root = @columnReference('name'))", False),
        ("code NOT IN (SELECT level FROM raw.tree WHERE root = @columnReference('nothing'))", True),
        ("code NOT IN (SELECT level FROM raw.tree WHERE root = @columnReference('missing'))", None),
        ("code IN (SELECT level FROM raw.tree WHERE @columnReference('n') = 7)", True),
        ("code NOT IN (SELECT level FROM raw.tree WHERE @columnReference('n') = 'x')", None),
        ("code NOT IN (SELECT level FROM raw.tree WHERE @columnReference('n') IN (1, 2))", True),
        ("code NOT IN (SELECT level FROM raw.tree WHERE @columnReference('name') IN (1, 2))", None),
        ("code NOT IN (SELECT level FROM raw.tree WHERE root = @columnReference('blob'))", None),
        ("code NOT IN (SELECT level FROM raw.tree WHERE @groupsContains(@columnReference('ratio')))", None),
        ("code NOT IN (SELECT level FROM raw.tree WHERE @groupsContains(@columnReference('blob')::varchar(9)))", None),
        ("code NOT IN (SELECT level FROM raw.tree WHERE @columnReference('n') LIKE 'x%')", None),
        ("code NOT IN (SELECT level FROM raw.tree WHERE @columnReference('blob')::varchar(9) IS NULL)", None),
        ("code IN (SELECT level FROM raw.tree WHERE @columnReference('n') = 8 OR root = 'FR')", False),
        ("'y' IN (SELECT level FROM raw.tree WHERE @columnReference('n') = 8 OR root = 'FR')", True),
    ],
)
def test_a_lookup_is_an_in_over_its_rows(text: str, expected: bool | None) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@attributeValuesContains('territory', region)", True),
        ("@attributeValuesContains('territory', 'region')", True),
        ("@attributeValuesContains('territory', @columnReference('region'))", True),
        ("@attributeValuesContains('territory', @columnTagged('geo.region'))", True),
        ("@attributeValuesContains('territory', LOWER(region))", False),
        ("@attributeValuesContains('territory', nothing)", None),
        ("@attributeValuesContains('name', name)", True),
        ("@attributeValuesContains('years', n)", True),
        ("@attributeValuesContains('years', ratio)", None),
        ("@attributeValuesContains('years', money / 2)", None),
        ("@attributeValuesContains('none', region)", False),
        ("@attributeValuesContains('none', region, 'US')", True),
        ("@attributeValuesContains('none', region, 'FR')", False),
        ("@attributeValuesContains('territory', code, 'x1')", False),
        ("@attributeValuesContains('none', nothing, 'US')", None),
        ("NOT @attributeValuesContains('none', nothing)", None),
        ("@attributeValuesContains('moments', COALESCE(day, at))", True),
        ("@groupsContains(region)", False),
        ("@groupsContains('ana' || 'lysts')", True),
        ("@purposesContains(region)", False),
        ("@purposesContains(region, 'US')", True),
        ("@isInGroups('analysts')", True),
        ("@isInGroups('analysts', 'hr')", False),
        ("@hasAttribute('territory', 'CA')", True),
        ("@hasAttribute('territory', 'C*')", False),
        ("@isUsingPurpose('fraud')", False),
        ("@username = 'alice' AND @iam = 'redshift'", True),
    ],
)
def test_templated_functions_ask_about_the_user(text: str, expected: bool | None) -> None:
    assert value(text) is expected


def test_without_a_profile_every_test_of_the_user_is_unknown() -> None:
    nobody = replace(scope(), facts=None)
    for text in ("@isInGroups('analysts')", "NOT @isInGroups('x')", "@username = 'alice'", "@groupsContains(region)"):
        assert evaluate(parse(text, Usage.ROW), nobody).value is None


def test_an_sql_mask_sees_the_value_and_other_columns() -> None:
    from veil.oracle.expressions import masking

    here = scope()
    columns_by_name = {each.name: each for each in here.source.columns}

    def shown(text: str, column: str) -> Any:
        return masking(text, columns_by_name[column], here)

    assert shown("LEFT(@value, 2)", "name") == "An"
    assert shown("@columnReference('region') || '-too-long-' || @value", "code") is None
    assert shown("@columnReference('region') || @value", "code") == "USx1"
    assert shown("@value * 2", "money") == Decimal("11.00")
    assert shown("@value * 1.5", "n") == 11
    assert shown("@value * 100000", "money") == Decimal("550000.00")
    assert shown("@value * 1000000", "money") is None
    assert shown("'text'", "n") is None
    assert shown("DATE_TRUNC('month', @value)", "day") == date(2024, 2, 1)
    assert shown("missing(", "n") is None


def test_numeric_knows_no_negative_zero():
    half = Operand(Decimal("-0.50"), ColumnType(Family.NUMERIC, precision=10, scale=2))
    for function in ("ceil", "round"):
        found = call(function, [half if function == "ceil" else replace(half, value=Decimal("-0.40"))], NOW)
        assert str(found.value) == "0"
