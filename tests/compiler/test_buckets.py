"""Floating-point numbers in buckets, to the bit, on the engine."""

import random
from collections.abc import Iterator, Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import inf, nan, nextafter

import pytest

from tests.compiler.warehouse import Warehouse
from tests.oracle.test_buckets import BUCKETS, next_single, single
from tests.policy.building import BIGINT, DOUBLE, column, numeric, on, source, varchar, world
from veil.model import ColumnType, Family, MaskingPolicy, Round
from veil.oracle.buckets import rounded_down

REAL = ColumnType(Family.REAL)
LARGEST = {Family.REAL: (2 - 2**-23) * 2.0**127, Family.DOUBLE: 1.7976931348623157e308}
SMALLEST = {Family.REAL: 2.0**-149, Family.DOUBLE: 5e-324}


def numbers(kind: ColumnType) -> list[float]:
    """Multiples of every bucket and the numbers next to them, near and far, and the ends of the
    type.
    """
    chance = random.Random(7)
    found = {0.0, -0.0, SMALLEST[kind.family], LARGEST[kind.family], inf, nan}
    for bucket in map(Fraction, BUCKETS):
        reaches = [10, 10**6, 2**22, 2**24, 2**25, 2**51, 2**52, 2**53, 2**54, 2**60]
        counts = [1, 2, 3, *(chance.randrange(reach // 2, reach + 3) for reach in reaches)]
        for multiple in (count * bucket for count in counts):
            if multiple < LARGEST[kind.family]:
                found |= set(_around(float(multiple), kind))
        found.add(float(bucket) * chance.random())
    found |= {chance.uniform(-1, 1) * 10.0 ** chance.randrange(-12, 18) for _ in range(100)}
    if kind.family is Family.REAL:
        found = {single(each) for each in found}
    return [sign * each for each in sorted(found, key=str) for sign in (1, -1)]


def _around(number: float, kind: ColumnType) -> Iterator[float]:
    if kind.family is Family.REAL:
        number = single(number)
        yield from (number, next_single(number, 1), next_single(number, -1), next_single(number, 3))
    else:
        yield from (number, nextafter(number, inf), nextafter(number, 0), nextafter(nextafter(number, 0), 0))


@pytest.mark.parametrize("kind", [DOUBLE, REAL], ids=str)
def test_floating_point_numbers_go_down_to_the_multiple_that_the_interpreter_says(
    warehouse: Warehouse, kind: ColumnType
) -> None:
    values = numbers(kind)
    assert compared(warehouse, kind, list(map(repr, values)), values) == []


def compared(
    warehouse: Warehouse, kind: ColumnType, texts: Sequence[str], values: Sequence[float | Decimal]
) -> list[tuple[object, ...]]:
    """Value, bucket, what the view shows and what it should, wherever these differ."""
    table = source(column("id"), *(column(f"b{at}", kind, f"b{at}") for at in range(len(BUCKETS))), table="buckets")
    warehouse.table(table, [])
    cells = [", ".join([f"'{text}'"] * len(BUCKETS)) for text in texts]
    lines = ", ".join(f"({row}, {each})" for row, each in enumerate(cells))
    warehouse.run(f'INSERT INTO "raw".buckets VALUES {lines}')
    warehouse.users({"ann": []})
    masks = [MaskingPolicy(f"m{at}", on(f"b{at}"), Round(Decimal(text))) for at, text in enumerate(BUCKETS)]
    warehouse.publish(world(table, *masks), table)
    wrong: list[tuple[object, ...]] = []
    for value, (_, *shown) in zip(values, warehouse.look("ann", table), strict=True):
        for bucket, found in zip(BUCKETS, shown, strict=True):
            expected = rounded_down(value, Decimal(bucket), kind)
            seen = single(found) if kind is REAL and found is not None else found
            if seen != expected:
                wrong.append((value, bucket, seen, expected))
    return wrong


def exact_numbers(kind: ColumnType) -> list[Decimal]:
    """Multiples of every bucket and what lies beside them, near and far, and the ends of the
    type.
    """
    chance, scale = random.Random(7), kind.scale or 0
    bits = {Family.SMALLINT: 15, Family.BIGINT: 63}.get(kind.family)
    limit = 1 << bits if bits else 10 ** (kind.precision or 18)
    sizes = [0, 1, 2, 3, limit - 1, limit - 2, limit // 2, limit // 10, limit // 100, limit - 1000, limit - 1001]
    for bucket in map(Fraction, BUCKETS):
        steps = bucket * 10**scale
        sizes += [int(steps * each) + off for each in (1, 7, chance.randrange(1, 10**6)) for off in (-1, 0, 1)]
        sizes.append(int(steps * chance.randrange(1, int(limit / steps) + 2)))
    sizes += [chance.randrange(limit) for _ in range(20)]
    found = sorted({sign * each for each in sizes if 0 <= each < limit for sign in (1, -1)})
    with localcontext(Context(prec=100)):
        return [Decimal(each).scaleb(-scale) for each in found]


@pytest.mark.parametrize(
    "kind",
    [
        *(numeric(38, 0), numeric(38, 2), numeric(38, 37), numeric(37, 0), numeric(10, 4), numeric(20, 20)),
        *(BIGINT, ColumnType(Family.SMALLINT)),
    ],
    ids=str,
)
def test_exact_numbers_go_down_to_the_multiple_that_the_interpreter_says(
    warehouse: Warehouse, kind: ColumnType
) -> None:
    values = exact_numbers(kind)
    assert compared(warehouse, kind, [f"{each:f}" for each in values], values) == []


NUMBERS = [f"{number / 10}" for number in range(-30, 31)]


@pytest.mark.parametrize("kind", [DOUBLE, REAL, numeric(10, 4), numeric(38, 20), numeric(38, 1)], ids=str)
@pytest.mark.parametrize("bucket", ["0.1", "0.05", "0.001", "0.0001"])
def test_multiples_stay_as_they_are(warehouse: Warehouse, kind: ColumnType, bucket: str) -> None:
    table = source(column("id"), column("value", kind, "pii"), column("given", kind), column("text", varchar(9)))
    warehouse.table(table, [(at, text, text, text) for at, text in enumerate(NUMBERS)])
    warehouse.users({"ann": []})
    warehouse.publish(world(table, MaskingPolicy("m", on("pii"), Round(Decimal(bucket)))), table)
    changed = f"SELECT value, given FROM governed.{table.view_name} WHERE value <> given OR value IS NULL"
    assert warehouse.ask("ann", changed) == []
    texts = f"SELECT CAST(value AS VARCHAR), CAST(given AS VARCHAR) FROM governed.{table.view_name}"
    assert [one for one, other in warehouse.ask("ann", texts) if one != other] == []
