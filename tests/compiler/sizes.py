"""Expressions of any length, whose views must not grow faster than they do."""

from collections.abc import Callable, Mapping

from tests.policy.building import BIGINT, BOOLEAN, DATE, DOUBLE, INTEGER, column, numeric, on, source, varchar, world
from veil.model import ColumnType, DataSource, Family, MaskingPolicy, RowPolicy, Sql, Where, World

SMALLINT, REAL = ColumnType(Family.SMALLINT), ColumnType(Family.REAL)
Sized = Callable[[int], tuple[World, DataSource]]


def masked(kind: ColumnType, expression: Callable[[int], str]) -> Sized:
    """An `sql` mask beside 64 other columns of its type."""

    def sized(count: int) -> tuple[World, DataSource]:
        others = [column(f"c{at}", kind) for at in range(64)]
        table = source(column("id"), column("v", kind, "pii"), *others, table="sizes")
        return world(table, MaskingPolicy("mask", on("pii"), Sql(expression(count)))), table

    return sized


def filtered(kind: ColumnType, expression: Callable[[int], str]) -> Sized:
    """A row policy over 50 columns."""

    def sized(count: int) -> tuple[World, DataSource]:
        table = source(*(column(f"c{at}", kind) for at in range(50)), table="sizes")
        return world(table, RowPolicy("rows", on(sources=["sales"]), Where(expression(count)))), table

    return sized


def joined(operator: str, name: str = "@columnReference('c{}')") -> Callable[[int], str]:
    return lambda count: f" {operator} ".join(name.format(at % 50) for at in range(count))


def nested(*wrappers: str, inner: str = "@value") -> Callable[[int], str]:
    """One wrapper in the next, in turn; `{}` is what each of them wraps, `{n}` the number of a
    column.
    """

    def expression(count: int) -> str:
        text = inner
        for at in range(count):
            text = wrappers[at % len(wrappers)].replace("{}", text).replace("{n}", str(at % 50))
        return text

    return expression


NUMBERS = {
    "smallint": SMALLINT,
    "integer": INTEGER,
    "bigint": BIGINT,
    "money": numeric(12, 2),
    "widest": numeric(38, 0),
    "finest": numeric(38, 37),
    "real": REAL,
    "double": DOUBLE,
}
COLUMN = "@columnReference('c{n}')"

LONG: Mapping[str, tuple[Sized, int]] = {
    **{f"{kind} {sign}": (masked(NUMBERS[kind], joined(sign)), 64) for kind in NUMBERS for sign in "+-*/"},
    "sums of products": (masked(BIGINT, joined("+", "@columnReference('c{}') * @columnReference('c1')")), 60),
    "concatenation": (masked(varchar(256), joined("||")), 64),
    "coalesce": (masked(numeric(38, 10), nested(f"COALESCE({{}}, {COLUMN})")), 18),
    "coalesce of sums": (masked(BIGINT, nested(f"COALESCE({{}} + {COLUMN}, {COLUMN})")), 18),
    "greatest and floor": (masked(numeric(38, 10), nested(f"GREATEST(FLOOR({{}}), {COLUMN})")), 9),
    "nullif": (masked(varchar(40), nested(f"NULLIF({{}}, {COLUMN})")), 18),
    "abs and mod": (masked(BIGINT, nested(f"ABS({{}} % {COLUMN})", "ROUND({}, -2)")), 9),
    "quotients of doubles": (masked(DOUBLE, nested(f"({COLUMN} / FLOOR({{}}))")), 9),
    "casts of texts": (masked(varchar(40), nested("CAST({} AS VARCHAR(9))", "CAST({} AS CHAR(9))")), 20),
    "casts of dates": (
        masked(varchar(40), nested("CAST({} AS DATE)", "CAST({} AS TIMESTAMP)", "CAST({} AS VARCHAR(30))")),
        18,
    ),
    "casts of booleans": (masked(varchar(40), nested("CAST({} AS BOOLEAN)", "CAST({} AS VARCHAR(30))")), 20),
    "casts of numbers": (
        masked(
            numeric(12, 2),
            nested(*(f"CAST({{}} AS {each})" for each in ("REAL", "NUMERIC(38, 30)", "SMALLINT", "DOUBLE PRECISION"))),
        ),
        20,
    ),
    "casts there and back": (masked(BIGINT, nested("CAST({} AS VARCHAR(20))", "CAST({} AS BIGINT)")), 20),
    "case": (masked(BIGINT, nested(f"CASE WHEN {COLUMN} > 3 THEN {{}} ELSE {COLUMN} + 1 END")), 18),
    "case in conditions": (masked(INTEGER, nested(f"CASE WHEN {{}} > {COLUMN} THEN 1 ELSE {COLUMN} END")), 18),
    "case of many": (
        masked(INTEGER, lambda count: f"CASE {' '.join(f'WHEN @value = {at} THEN {at}' for at in range(count))} END"),
        64,
    ),
    "long texts": (masked(varchar(65_535), nested(f"REPLACE(LEFT(({{}} || {COLUMN}), 12000), 'a', {COLUMN})")), 6),
    "text functions": (
        masked(varchar(65_535), nested(f"LPAD(UPPER({{}} || {COLUMN}), 300, '*')", "TRIM(SUBSTRING({}, 2))")),
        8,
    ),
    "rows of bigint": (filtered(BIGINT, lambda count: f"{joined('+', 'c{}')(count)} > 3"), 62),
    "rows of conditions": (filtered(BOOLEAN, joined("AND", "(c{} OR c1)")), 64),
    "rows of dates": (filtered(DATE, joined("OR", "c{} > DATE '2026-01-01'")), 64),
}
"""What grows, and how far it goes."""
