"""Rows of governed tables and of lookup tables, out of one seed: NULLs, boundaries, texts that
break quoting.
"""

import random
import struct
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tests.fuzz.pools import HELD, LOOKUPS, PLACEHOLDERS, TEXTS
from veil.model import Column, ColumnType, DataSource, Family
from veil.oracle import Value

_NUMBERS = (0, 1, 7, -3, 5, 99, 100, 101, 250, -250)
_LIMITS = {Family.SMALLINT: 2**15, Family.INTEGER: 2**31, Family.BIGINT: 2**63}
_FLOATS = (0.0, 1.0, -3.0, 0.5, 2.25, 1e10, -1e-3, 0.3, -0.7, 0.1 + 0.2, 2.675, -151.2, 1e15, 4.5e14, 123456.789)
_OFFSETS = (
    timedelta(0),
    timedelta(minutes=-20),
    timedelta(hours=-3),
    timedelta(hours=-30),
    timedelta(days=-80),
    timedelta(days=-100),
    timedelta(days=-300),
    timedelta(days=-400),
    timedelta(days=2),
)
"""Event times around the windows of the time rules, hours away from every boundary."""
_DATES = (date(2024, 2, 29), date(2023, 12, 31), date(1999, 6, 15), date(2026, 1, 1), date(1970, 1, 1))
_TIMES = (datetime(2024, 2, 29, 13, 14, 15), datetime(2023, 12, 31, 23, 59, 59, 500000), datetime(2026, 1, 1))
_ZONED = (
    datetime(2024, 2, 29, 11, 14, 15),
    datetime(2024, 2, 29, 18, 44, 15),
    datetime(2024, 2, 29, 13, 14, 15, 250000),
    datetime(2024, 2, 29, 13, 14),
    datetime(2023, 12, 31, 8, 31),
    datetime(2024, 1, 1, 16, 30),
)
"""The moments at UTC that the texts with a time zone mean, see `values.ZONED`."""

Row = dict[str, Value]

ROWS = 6
"""How many rows a governed table has."""


def rows_of(source: DataSource, seed: int, now: datetime) -> list[Row]:
    """Rows for the columns of a data source."""
    chance, common = random.Random(f"{seed} {source.key}"), _common(seed)
    return [{each.name: value(chance, each, now, common) for each in source.columns} for _ in range(ROWS)]


def _common(seed: int) -> list[str]:
    """A few texts that come up again and again in the rows of a seed, so that tables have some in
    common. One of them is a placeholder: a test with one differs from the test without on its rows
    alone.
    """
    chance = random.Random(f"{seed} common")
    return [chance.choice(PLACEHOLDERS), *chance.sample(HELD, 2)]


def lookups_of(seed: int, now: datetime) -> dict[tuple[str, ...], list[Row]]:
    """Rows for every lookup table; a table is sometimes empty, and sometimes holds no NULL."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for table, known in LOOKUPS.items():
        chance, common = random.Random(f"{seed} {table}"), _common(seed)
        nulls = chance.random() < 0.5
        columns = [Column(name, kind) for name, kind in known.items()]
        found[table] = [
            {each.name: value(chance, each, now, common, nulls=0.35 if nulls else 0) for each in columns}
            for _ in range(chance.choice((0, 2, 4)))
        ]
    return found


def value(chance: random.Random, column: Column, now: datetime, common: Sequence[str], *, nulls: float = 0.16) -> Value:
    """One cell: NULL in such a share, else what the column's type holds; texts are often common
    ones.
    """
    if chance.random() < nulls:
        return None
    if column.type.family.is_text:
        return _text(chance, column.type, common if chance.random() < 0.35 else TEXTS)
    return _of_type(chance, column.type, now)


def _of_type(chance: random.Random, kind: ColumnType, now: datetime) -> Value:
    family = kind.family
    if family.is_integer:
        limit = _LIMITS[family]
        return chance.choice((*_NUMBERS, limit - 1, -limit) if chance.random() < 0.2 else _NUMBERS)
    if family is Family.NUMERIC:
        return _numeric(chance, kind)
    if family in (Family.REAL, Family.DOUBLE):
        number = chance.choice(_FLOATS)
        return struct.unpack("<f", struct.pack("<f", number))[0] if family is Family.REAL else number
    if family is Family.BOOLEAN:
        return chance.random() < 0.5
    if family.is_moment:
        return _moment(chance, family, now)
    return "10:20:30" if family is Family.TIME else '{"a": 1}'


def _text(chance: random.Random, kind: ColumnType, texts: Sequence[str]) -> str:
    """A text as long as the column holds; CHAR holds ASCII only, and no trailing blanks of its
    own.
    """
    pool = [each for each in texts if each.isascii()] if kind.family is Family.CHAR else texts
    text = chance.choice(pool or ("",))
    if chance.random() < 0.1:
        text = text + "x" * 100
    cut = text.encode()[: kind.length].decode(errors="ignore")
    return cut.rstrip(" ") if kind.family is Family.CHAR else cut


def _numeric(chance: random.Random, kind: ColumnType) -> Decimal:
    scale, precision = kind.scale or 0, kind.precision or 18
    unit = Decimal(1).scaleb(-scale)
    largest = Decimal(10) ** (precision - scale) - unit
    pool = [Decimal(each) for each in (*_NUMBERS, "5.50", "-0.50", "2.25", "7.49")]
    return chance.choice([*pool, largest, -largest] if chance.random() < 0.2 else pool).quantize(unit) + 0


def _moment(chance: random.Random, family: Family, now: datetime) -> Value:
    if chance.random() < 0.5:
        moment = now.astimezone(UTC).replace(tzinfo=None) + chance.choice(_OFFSETS)
    elif family is Family.TIMESTAMPTZ and chance.random() < 0.7:
        moment = chance.choice(_ZONED)
    else:
        moment = chance.choice((*_TIMES, *(datetime(each.year, each.month, each.day) for each in _DATES)))
    if family is Family.DATE:
        return moment.date()
    return moment.replace(tzinfo=UTC) if family is Family.TIMESTAMPTZ else moment
