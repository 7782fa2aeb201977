"""What the guide says of values that systems read in more than one way: the view and the
interpreter give it alike.

Each case is a condition over the columns of one row, asked as an `sql` mask, so that one look at
one view answers all.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.compiler.warehouse import SALT, Warehouse
from tests.policy.building import (
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    TIMESTAMP,
    TIMESTAMPTZ,
    char,
    column,
    numeric,
    on,
    source,
    varchar,
    world,
)
from veil.model import (
    ColumnType,
    Constant,
    Family,
    Hash,
    MaskingPolicy,
    Match,
    Null,
    Profile,
    RowPolicy,
    RowRule,
    Sql,
    UserMatches,
    ValueIn,
    Where,
)
from veil.oracle import see

NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
MOMENT = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
VALUES = {
    "i": (INTEGER, -7),
    "n": (numeric(10, 2), Decimal("7.50")),
    "f": (DOUBLE, 2.5),
    "g": (varchar(20), "größer"),
    "p": (varchar(20), "ab  "),
    "x": (varchar(20), "7.5"),
    "s": (varchar(20), "größer  "),
    "e": (varchar(20), "ÉCOLE"),
    "c": (char(5), "ab"),
    "d": (DATE, date(2026, 1, 31)),
    "t": (TIMESTAMP, datetime(2026, 1, 31, 10, 30)),
    "z": (TIMESTAMPTZ, MOMENT),
}

CASES: dict[str, bool | None] = {
    # CAST to a shorter text cuts: bytes count, and no character is cut in two.
    "CAST($g AS VARCHAR(4)) = 'grö'": True,
    "CAST($g AS VARCHAR(5)) = 'grö'": True,
    "CAST($g AS VARCHAR(6)) = 'größ'": True,
    "CAST($i AS VARCHAR(1)) = '-'": True,
    "LENGTH(CAST($p AS CHAR(4))) = 2": True,
    "CAST($g AS CHAR(9)) IS NULL": True,
    # Numbers are rounded, half away from zero, and NULL out of range.
    "CAST($n AS INTEGER) = 8": True,
    "CAST(-$n AS INTEGER) = -8": True,
    "CAST($n + 1 AS NUMERIC(9, 1)) = 8.5": True,
    "CAST($f AS INTEGER) = 3": True,
    "CAST(-$f AS INTEGER) = -3": True,
    "CAST($n * 100000 AS SMALLINT) IS NULL": True,
    "CAST($x AS INTEGER) IS NULL": True,
    # Division of whole numbers is whole, cut towards zero; the remainder has the sign of the
    # dividend.
    "$i / 2 = -3": True,
    "$i % 2 = -1": True,
    "MOD($i, -2) = -1": True,
    "$n / 4 = 1.875": True,
    "$n / 3 = 2.5": True,
    "1.0 / 3 = 0.333333333333": True,
    "$i / 0 IS NULL": True,
    # UPPER and LOWER know all letters, ILIKE those of ASCII.
    "LOWER($e) = 'école'": True,
    "UPPER($g) = 'GRÖßER'": True,
    "$e ILIKE 'ÉcOlE'": True,
    "$e ILIKE 'école'": False,
    # Trailing blanks count in LIKE, and not in comparisons. Those of a CHAR never do.
    "$s LIKE 'größer'": False,
    "$s LIKE 'größer%'": True,
    "$s LIKE 'größer__'": True,
    "$s = 'größer'": True,
    "$c LIKE 'ab'": True,
    "$c LIKE 'ab_'": False,
    # Functions take a CHAR without its blanks.
    "LENGTH($c) = 2": True,
    "$c || '!' = 'ab!'": True,
    "RIGHT($c, 1) = 'b'": True,
    "LENGTH($s) = 8": True,
    # COALESCE and CASE give what all their results can be.
    "COALESCE($n, $i) = 7.5": True,
    "COALESCE($d, $t) = TIMESTAMP '2026-01-31 00:00:00'": True,
    "CASE WHEN $i < 0 THEN $i ELSE $f END = -7": True,
    "COALESCE($c, $s) = 'ab'": True,
    # A timestamp with a time zone is read at UTC.
    "$z = TIMESTAMP '2026-01-31 23:30:00'": True,
    "CAST($z AS DATE) = DATE '2026-01-31'": True,
}


def referenced(text: str) -> str:
    for name in VALUES:
        text = text.replace(f"${name}", f"@columnReference('{name}')")
    return text


def test_the_view_and_the_interpreter_say_what_the_guide_says(warehouse: Warehouse) -> None:
    columns = [column(name, kind) for name, (kind, _) in VALUES.items()]
    asked = [column(f"q{at}", BOOLEAN, f"q.q{at}") for at in range(len(CASES))]
    table = source(*columns, *asked, table="guide")
    policies = [MaskingPolicy(f"m{at}", on(f"q.q{at}"), Sql(referenced(text))) for at, text in enumerate(CASES)]
    governed = world(table, *policies)
    row: dict[str, Any] = {name: value for name, (_, value) in VALUES.items()} | {each.name: True for each in asked}
    warehouse.table(table, [tuple(row[each.name] for each in table.columns)])
    warehouse.users({"ann": []})
    warehouse.publish(governed, table)

    (seen,) = warehouse.look("ann", table)
    known = replace(governed, profiles={"ann": Profile("ann")})
    told = see(known, "ann", table.key, [row], now=NOW, salts={table.key: SALT})
    interpreted = [told.rows[0].values[each.name] for each in asked]

    for found in (seen[len(columns) :], interpreted):
        shown = dict(zip(CASES, found, strict=True))
        assert {text: shown[text] for text in CASES if shown[text] is not CASES[text]} == {}


REGION, AMOUNT = column("region", varchar(10), "geo"), column("amount", INTEGER, "money")
ODD = column("odd", ColumnType(Family.SUPER), "odd")
AT, SHARE = column("at", ColumnType(Family.TIME), "at"), column("share", numeric(5, 2), "share")
ROUGH = column("rough", ColumnType(Family.REAL), "rough")
SALES = source(column("id"), REGION, AMOUNT, ODD, AT, SHARE, ROUGH, table="sales")
ROWS = [(1, "US", 7, "1", "10:00:00", Decimal("1.50"), 2.5), (2, "CA", 8, "2", "11:00:00", Decimal("2.50"), 3.5)]
ANN = Profile("ann", groups=frozenset({"CA"}), attributes={"territory": frozenset({"US"})})


def rows(rule: RowRule) -> RowPolicy:
    return RowPolicy("r", on(sources=["sales"]), rule)


IDS: dict[str, tuple[RowPolicy, list[int]]] = {
    "a tag that no column carries, in where": (rows(Where("@columnTagged('absent') = 'x' OR region = 'US'")), []),
    "a column that is not there": (rows(Where("missing = 1")), []),
    "the same beside what decides without it": (rows(Where("missing = 1 OR region = 'US'")), [1]),
    "user_matches, any, all tags there": (rows(UserMatches((Match("geo", "territory"), Match("geo")), "any")), [1, 2]),
    "user_matches, any, a tag missing": (rows(UserMatches((Match("geo", "territory"), Match("absent")), "any")), []),
    "value_in with what cannot be read": (rows(ValueIn("money", frozenset({"7", "seven"}))), [1]),
    "value_not_in with what cannot be read": (rows(ValueIn("money", frozenset({"7", "seven"}), negated=True)), []),
    "value_not_in": (rows(ValueIn("money", frozenset({"7"}), negated=True)), [2]),
}


def both(warehouse: Warehouse, *policies: RowPolicy | MaskingPolicy) -> tuple[list[Any], list[Any]]:
    """The rows that ann sees of the view, and those that the interpreter says she does."""
    governed = replace(world(SALES, *policies), profiles={"ann": ANN})
    warehouse.publish(governed, SALES)
    given = [dict(zip((each.name for each in SALES.columns), row, strict=True)) for row in ROWS]
    told = see(governed, "ann", SALES.key, given, now=NOW, salts={SALES.key: SALT})
    return warehouse.look("ann", SALES), [list(each.values.values()) for each in told.rows]


def test_what_a_data_source_lacks_shows_less(warehouse: Warehouse) -> None:
    warehouse.table(SALES, ROWS)
    warehouse.users({"ann": [("group", "", "CA"), ("attribute", "territory", "US")]})
    for what, (policy, ids) in IDS.items():
        for seen in both(warehouse, policy):
            assert [row[0] for row in seen] == ids, what
    masked = MaskingPolicy("m", on("geo"), Null(), where="@columnTagged('absent') = 'x'")
    for seen in both(warehouse, masked):
        assert [row[1] for row in seen] == [None, None]


def test_masks_that_a_type_has_no_room_for_are_null(warehouse: Warehouse) -> None:
    warehouse.table(SALES, ROWS)
    warehouse.users({"ann": []})
    policies = [MaskingPolicy("o", on("odd"), Constant("1")), MaskingPolicy("t", on("at"), Constant("12:00:00"))]
    policies += [MaskingPolicy(name, on(name), Hash()) for name in ("share", "rough")]
    for seen in both(warehouse, *policies):
        assert [row[3:] for row in seen] == [[None] * 4] * 2
