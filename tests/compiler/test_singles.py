"""A REAL is made a DOUBLE PRECISION before it is compared with one: neither is ever made the other
by the warehouse.
"""

from decimal import Decimal

import pytest

from tests.compiler.singles import mixtures
from tests.compiler.sizes import LONG
from tests.compiler.worlds import CASES
from tests.fuzz.computing import computations
from tests.fuzz.drawing import seeded
from tests.oracle.test_buckets import BUCKETS
from tests.policy.building import DOUBLE, INTEGER, column, numeric, on, source, world
from veil.compiler.building import TRUE, call, case, cast, form, infix, integer
from veil.compiler.sql import ColumnRef, In
from veil.compiler.view import view_of
from veil.model import ColumnType, DataSource, Family, MaskingPolicy, Noise, Round, RowPolicy, Where, World

REAL = ColumnType(Family.REAL)
OPERANDS = ("double", "0.1", "whole", "1", "money", "1e30", "other")


def found(governed: World, table: DataSource) -> list[str]:
    return list(mixtures(view_of(governed, table), {each.name: each.type for each in table.columns}))


@pytest.mark.parametrize("name", CASES)
def test_no_recorded_view_mixes_them(name: str):
    assert found(*CASES[name]) == []


@pytest.mark.parametrize("name", LONG)
def test_no_long_expression_mixes_them(name: str):
    sized, most = LONG[name]
    assert found(*sized(most)) == []


@pytest.mark.parametrize("operand", OPERANDS)
@pytest.mark.parametrize(
    "condition",
    [
        "single = {}",
        "{} <> single",
        "single BETWEEN {} AND single",
        "single IN ({}, 7)",
        "single NOT IN (0.5, {})",
        "NULLIF(single, {}) = 1",
        "NULLIF({}, single) IS NULL",
        "GREATEST(single, {}) > 0.5",
        "COALESCE(single, {}) = single",
        "CASE WHEN single > 0 THEN single ELSE {} END < 3",
        "single + single = {}",
        "ABS(single) = {}",
        "single IS DISTINCT FROM {}",
    ],
)
def test_no_condition_mixes_them(condition: str, operand: str):
    columns = {"single": REAL, "other": REAL, "double": DOUBLE, "whole": INTEGER, "money": numeric(12, 2)}
    table = source(*(column(*each) for each in columns.items()))
    rows = RowPolicy("rows", on(sources=["sales"]), Where(condition.format(operand)))
    assert found(world(table, rows), table) == []


@pytest.mark.parametrize("bucket", BUCKETS)
def test_no_bucket_mixes_them(bucket: str):
    table = source(column("v", REAL, "pii"))
    assert found(world(table, MaskingPolicy("mask", on("pii"), Round(Decimal(bucket)))), table) == []


@pytest.mark.parametrize("kind", [REAL, DOUBLE], ids=str)
def test_no_noise_mixes_them(kind: ColumnType):
    table = source(column("v", kind, "pii"))
    assert found(world(table, MaskingPolicy("mask", on("pii"), Noise(Decimal(5)))), table) == []


@pytest.mark.parametrize("seed", range(30))
def test_no_computation_mixes_them(seed: int):
    governed, table, _ = computations(seeded(f"singles {seed}"))
    assert found(governed, table) == []


def test_the_checker_finds_where_they_meet():
    columns = {"single": REAL, "double": DOUBLE}
    single, double = ColumnRef("t", "single"), ColumnRef("t", "double")
    for wrong in (
        infix("<", single, double),
        infix("=", call("abs", single), cast(single, DOUBLE)),
        form("NULLIF", double, single),
        In(single, (double,)),
        case([(TRUE, single)], double),
    ):
        assert list(mixtures(wrong, columns)), wrong
    for right in (
        infix("<", cast(single, DOUBLE), double),
        infix("<", infix("*", single, double), double),
        infix("<", infix("+", single, integer(1)), double),
        infix("=", single, single),
    ):
        assert list(mixtures(right, columns)) == [], right
