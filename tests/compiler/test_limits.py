"""Nothing in a view is, or can become by any row, more than Redshift holds by AWS's
documentation.
"""

from decimal import Decimal

import pytest

from tests.compiler.limits import problems
from tests.compiler.sizes import LONG
from tests.compiler.worlds import CASES
from tests.policy.building import BIGINT, DOUBLE, INTEGER, column, numeric, on, source, varchar, world
from veil.compiler.bounds import WIDEST
from veil.compiler.building import cast, infix, integer
from veil.compiler.sql import ColumnRef, NumberLiteral
from veil.compiler.view import compile_view, view_of
from veil.model import ColumnType, Constant, DataSource, Family, Mask, MaskingPolicy, Noise, Sql, World

REAL = ColumnType(Family.REAL)
KINDS = (
    INTEGER,
    BIGINT,
    numeric(12, 2),
    numeric(38, 0),
    numeric(38, 10),
    numeric(38, 37),
    numeric(19, 18),
    DOUBLE,
    REAL,
)


def found(governed: World, table: DataSource) -> list[str]:
    return list(problems(view_of(governed, table), {each.name: each.type for each in table.columns}))


@pytest.mark.parametrize("name", CASES)
def test_every_recorded_view_is_within_the_limits(name: str):
    assert found(*CASES[name]) == []


@pytest.mark.parametrize("name", LONG)
def test_every_long_expression_is_within_the_limits(name: str):
    sized, most = LONG[name]
    assert found(*sized(most)) == []


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize(
    "mask",
    [
        *(Noise(Decimal(percent)) for percent in ("0.1", "7.5", "100", "999")),
        *(Constant(text) for text in ("0", "1e30", "-3e37", "0.0000000001", "12345678901234567890123456789012345678")),
        Sql("@value * @value + @value / 3 - @value"),
        Sql("ROUND(@value / @value)"),
    ],
    ids=str,
)
def test_every_mask_of_numbers_is_within_the_limits(mask: Mask, kind: ColumnType):
    table = source(column("v", kind, "pii"), table="limits")
    assert found(world(table, MaskingPolicy("mask", on("pii"), mask)), table) == []


def test_the_checker_finds_what_is_not():
    columns = {"wide": numeric(38, 10), "big": BIGINT, "name": varchar(9)}
    wide, big = ColumnRef("t", "wide"), ColumnRef("t", "big")
    for wrong in (
        NumberLiteral("3.4e38"),
        NumberLiteral("9" * 39),
        NumberLiteral(str(1 << 63)),
        infix("*", wide, integer(100)),
        infix("*", wide, wide),
        infix("+", big, integer(1)),
        cast(big, ColumnType(Family.NUMERIC, precision=39, scale=0)),
        infix("*", cast(wide, WIDEST), cast(wide, WIDEST)),
    ):
        assert list(problems(wrong, columns)), wrong
    assert list(problems(infix("+", cast(big, WIDEST), integer(1)), columns)) == []


def test_a_quotient_has_decimals_to_round_whether_those_that_do_not_fit_are_rounded_or_cut():
    """Amazon Redshift Database Developer Guide, "Computations with numeric values": 38 - 22 + 14
    leave 16 decimals here.
    """
    made = source(column("a", numeric(10, 2), "pii"))
    text = compile_view(world(made, MaskingPolicy("m", on("pii"), Sql("@value / 2.25"))), made)
    assert " AS NUMERIC(10, 2)) AS NUMERIC(22, 14)) / NULLIF(2.25, 0), 12)".lower() in text.lower()
