"""Computations that could overflow, on the engine and in the interpreter:
`python -m tests.fuzz.computing --rounds 200`.

The worlds of the fuzzer hold small numbers and short texts, and little is computed of them. Here
everything is computed, up to eight levels deep, of the largest and smallest values of every type,
as `sql` masks of one table.
"""

import argparse
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import redshift_connector

from tests.compiler.warehouse import Warehouse
from tests.engine import running_engine
from tests.fuzz.drawing import Draw, chance, pick, seeded
from tests.policy.building import char, column, numeric, on, source, varchar, world
from veil.model import ColumnType, DataSource, Family, MaskingPolicy, Sql, World
from veil.oracle import Value
from veil.oracle.expressions import masking
from veil.oracle.scope import Scope
from veil.oracle.values import EXACT

SMALLINT, INTEGER, BIGINT, REAL, DOUBLE = (
    ColumnType(each) for each in (Family.SMALLINT, Family.INTEGER, Family.BIGINT, Family.REAL, Family.DOUBLE)
)
NUMBERS: Mapping[str, ColumnType] = {
    "small": SMALLINT,
    "whole": INTEGER,
    "big": BIGINT,
    "bigger": BIGINT,
    "money": numeric(12, 2),
    "widest": numeric(38, 0),
    "finest": numeric(38, 37),
    "wide": numeric(38, 10),
    "fine": numeric(38, 20),
    "share": numeric(19, 18),
    "single": REAL,
    "double": DOUBLE,
    "other": DOUBLE,
}
TEXTS: Mapping[str, ColumnType] = {
    "short": varchar(10),
    "name": varchar(256),
    "long": varchar(65_535),
    "longer": varchar(65_535),
    "code": char(8),
}
COLUMNS = {**NUMBERS, **TEXTS}
_ALIKE: Sequence[Sequence[str]] = (
    ("small", "whole", "big", "bigger"),
    ("money", "widest", "wide", "whole"),
    ("finest", "share", "fine", "big"),
    ("single", "double", "other"),
    tuple(NUMBERS),
)
"""Columns of which one expression is made, so that not all of them are mixtures of everything."""

_HELD = (BIGINT, SMALLINT, numeric(38, 10), numeric(12, 2), numeric(38, 0), numeric(38, 30), DOUBLE, REAL)
_HELD_TEXTS = (varchar(65_535), varchar(256), char(30))
_NUMBERS = ("0", "1", "7", "-3", "2.5", "0.001", "100000", "(-0.5)", "0.1234567890123456789")
_LARGE = ("9223372036854775807", "12345678901234567890.5")
_DOUBLES = (0.0, 1.0, -1.5, 0.1, 1e300, -1e300, 1.7e308, 1e-300, 5e-324, 2.0**500, -(2.0**500), 2.0**499.5, 2.0**-500)
_MORE_DOUBLES = (
    3.3e-151,
    1e150,
    9.99999999999999e37,
    1e38,
    99.95,
    0.145,
    2.5,
    -2.5,
    2.0**63,
    -(2.0**63),
    9.3e18,
    32767.5,
)
_REALS = (0.0, 1.0, -1.5, 0.1, 3e38, -3e38, 1e37, 9.9e36, 1e-37, 2e-38, 1e-30, 123456.789)
_WORDS = ("", "a", "ab c", " x ", "7", "-3.50", "1e5", "true", "2024-02-29", "12345678901234567890")
_TYPES = ("SMALLINT", "INTEGER", "BIGINT", "REAL", "DOUBLE PRECISION")
_NUMERICS = ("NUMERIC(12,2)", "NUMERIC(38,0)", "NUMERIC(38,37)", "NUMERIC(5,1)", "NUMERIC(20,10)", "NUMERIC(3,1)")

EXPRESSIONS, ROWS = 24, 10


@dataclass(frozen=True)
class Disagreement:
    """What the view shows in a cell, and what the interpreter says. Without a row: that the view
    fails.
    """

    expression: str
    kind: ColumnType
    row: Mapping[str, Value]
    expected: Value
    found: Any

    def __str__(self) -> str:
        row = {name: _short(value) for name, value in self.row.items() if f"'{name}'" in self.expression}
        said = f"interpreter {_short(self.expected)!r}, engine {_short(self.found)!r}"
        return f"{self.expression}\n  as {self.kind} of {row}: {said}"


def _short(value: Any) -> Any:
    return f"{value[:60]}… ({len(value)})" if isinstance(value, str) and len(value) > 200 else value


def disagreements(warehouse: Warehouse, seed: str) -> Iterator[Disagreement]:
    """Where one table of computations shows something else than the interpreter says."""
    draw = seeded(seed)
    governed, table, masks = computations(draw)
    masked = table.columns[-EXPRESSIONS:]
    rows = [[at, *(_value(draw, kind) for kind in COLUMNS.values()), *[None] * EXPRESSIONS] for at in range(ROWS)]
    warehouse.table(table, rows)
    warehouse.publish(governed, table)
    try:
        shown = warehouse.look("ann", table)
    except redshift_connector.Error as error:
        yield Disagreement("; ".join(_failing(warehouse, masks)), BIGINT, {}, None, str(error.args[0]))
        return
    names = [each.name for each in table.columns]
    for row, found in zip(rows, shown, strict=True):
        cells, seen = dict(zip(names, row, strict=True)), dict(zip(names, found, strict=True))
        scope = Scope(governed, table, None, datetime.now(UTC), row=cells)
        for each, (_, kind, text) in zip(masked, masks, strict=True):
            expected, given = _plain(masking(text, each, scope), kind), _plain(seen[each.name], kind)
            if expected != given:
                yield Disagreement(text, kind, cells, expected, given)


def computations(draw: Draw) -> tuple[World, DataSource, Sequence[tuple[str, ColumnType, str]]]:
    """A table whose last columns are masked by computations over the others: names, types and
    expressions of these.
    """
    masks = [_drawn(draw, f"m{at}") for at in range(EXPRESSIONS)]
    masked = [column(name, kind, name) for name, kind, _ in masks]
    table = source(column("id"), *(column(*each) for each in COLUMNS.items()), *masked, table="computing")
    return world(table, *(MaskingPolicy(name, on(name), Sql(text)) for name, _, text in masks)), table, masks


def _failing(warehouse: Warehouse, masks: Sequence[tuple[str, ColumnType, str]]) -> Iterator[str]:
    for name, kind, text in masks:
        try:
            warehouse.ask("ann", f'SELECT "{name}" FROM governed.computing')
        except redshift_connector.Error:
            yield f"{text} as {kind}"


def _plain(value: Any, kind: ColumnType) -> Any:
    if isinstance(value, str) and kind.family is Family.CHAR:
        return value.rstrip(" ")
    return _single(value) if value is not None and kind.family is Family.REAL else value


def _single(value: float) -> float:
    found: float = struct.unpack("<f", struct.pack("<f", value))[0]
    return found


def _drawn(draw: Draw, name: str) -> tuple[str, ColumnType, str]:
    """A mask: its column's name and type, and its expression."""
    depth = 1 + draw(4)
    if chance(draw, 35):
        return name, pick(draw, _HELD_TEXTS), _Expressions(draw, tuple(NUMBERS)).text(depth)
    return name, pick(draw, _HELD), _Expressions(draw, pick(draw, _ALIKE)).number(depth)


def _value(draw: Draw, kind: ColumnType) -> Value:
    if chance(draw, 10):
        return None
    if kind.family.is_integer:
        limit = {Family.SMALLINT: 1 << 15, Family.INTEGER: 1 << 31, Family.BIGINT: 1 << 63}[kind.family]
        return pick(draw, (0, 1, -1, 2, 7, -3, 100, limit - 1, -limit, limit // 2, draw(2 * limit) - limit))
    if kind.family is Family.NUMERIC:
        precision, scale = kind.precision or 18, kind.scale or 0
        largest = 10**precision - 1
        few = (0, 1, -1, 5, 49, 50, -50, min(largest, 10**scale), draw(10 ** (precision // 2)))
        many = (largest, -largest, largest // 3, draw(largest), 5 * 10 ** (precision - 1))
        return Decimal(pick(draw, (*few, *many))).scaleb(-scale, EXACT)
    if kind.family is Family.REAL:
        return _single(pick(draw, _REALS))
    if kind.family is Family.DOUBLE:
        return pick(draw, (*_DOUBLES, *_MORE_DOUBLES))
    length = kind.length or 1
    return pick(draw, (*_WORDS, "x" * 200, "y" * length))[:length].rstrip(" " if kind.family is Family.CHAR else "")


class _Expressions:
    """Draws expressions over some columns."""

    def __init__(self, draw: Draw, numbers: Sequence[str]) -> None:
        self._draw = draw
        self._numbers = numbers

    def number(self, depth: int) -> str:
        draw = self._draw
        if depth <= 0:
            literal = pick(draw, (*_NUMBERS, *_NUMBERS, *_LARGE))
            return literal if chance(draw, 25) else self._column(self._numbers)
        one, other = self._inner(depth), self._inner(depth)
        function, extreme = pick(draw, ("ABS", "FLOOR", "CEIL", "ROUND")), pick(draw, ("GREATEST", "LEAST", "NULLIF"))
        comparison = f"{self.number(depth - 2)} {pick(draw, ('<', '=', '>='))} {one}"
        text = self.text(depth - 1)
        return pick(
            draw,
            (
                *[f"({one} {pick(draw, '++-**/')} {other})" for _ in range(6)],
                f"({one} % {other})",
                f"(- {one})",
                f"{function}({one})",
                f"ROUND({one}, {pick(draw, (-37, -20, -3, -1, 0, 1, 2, 5, 20, 37))})",
                f"COALESCE({one}, {other})",
                f"{extreme}({one}, {other})",
                f"CASE WHEN {comparison} THEN {one} ELSE {other} END",
                f"CAST({pick(draw, (one, one, text))} AS {pick(draw, (*_TYPES, *_NUMERICS))})",
                f"LENGTH({text})",
                " + ".join(self._inner(depth) for _ in range(3 + draw(6))),
            ),
        )

    def text(self, depth: int) -> str:
        draw = self._draw
        if depth <= 0:
            return pick(draw, ("'x'", "''", "'ab'", "'12'")) if chance(draw, 25) else self._column(tuple(TEXTS))
        one, other = self.text(depth - 1 - draw(2)), self.text(depth - 1 - draw(2))
        trim, side, pad = (
            pick(draw, each) for each in (("UPPER", "TRIM", "LTRIM"), ("LEFT", "RIGHT"), ("LPAD", "RPAD"))
        )
        exact = self._column(("whole", "big", "money", "wide"))
        return pick(
            draw,
            (
                *[f"({one} || {other})"] * 4,
                f"{trim}({one})",
                f"{side}({one}, {pick(draw, (0, 1, 3, 200, 16000, 20000))})",
                f"SUBSTRING({one}, {pick(draw, (1, 2, 5))}, {pick(draw, (0, 1, 100))})",
                f"REPLACE({one}, '{pick(draw, 'xy')}', {other})",
                f"{pad}({one}, {pick(draw, (0, 5, 300, 16383))}, '{pick(draw, ('*', 'ab'))}')",
                f"COALESCE({one}, {other})",
                f"NULLIF({one}, {other})",
                f"CASE WHEN {other} = {self.text(0)} THEN {one} ELSE {other} END",
                f"CAST({one} AS {pick(draw, ('VARCHAR(5)', 'CHAR(5)', 'VARCHAR(65535)', 'CHAR(100)'))})",
                f"CAST({exact} AS {pick(draw, ('VARCHAR(5)', 'VARCHAR(40)', 'CHAR(30)'))})",
            ),
        )

    def _inner(self, depth: int) -> str:
        return self.number(depth - 1 - chance(self._draw, 30))

    def _column(self, names: Sequence[str]) -> str:
        return f"@columnReference('{pick(self._draw, names)}')"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="computing", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", default="1")
    options = parser.parse_args(arguments)
    with running_engine(recording=False) as engine:
        address = engine.address()
        assert address is not None
        warehouse = Warehouse(address)
        warehouse.users({"ann": []})
        seeds = [f"{options.seed} {at}" for at in range(options.rounds)]
        found = [(seed, each) for seed in seeds for each in disagreements(warehouse, seed)]
        warehouse.close()
    for seed, each in found:
        print(f"[{seed}] {each}")
    print(f"{options.rounds * EXPRESSIONS * ROWS} values computed, {len(found)} disagreements")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
