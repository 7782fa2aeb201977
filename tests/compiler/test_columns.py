"""Columns that show the same in the same way are built once, and each shows what it would by
itself.
"""

from decimal import Decimal

import pytest

from tests.benchmarks.calls import call_clock
from tests.policy.building import INTEGER, column, groups, numeric, on, source, varchar, world
from veil.compiler import compile_view
from veil.compiler.sql import PerColumn, Sql, With
from veil.compiler.view import view_of
from veil.model import (
    Column,
    ColumnType,
    Constant,
    DataSource,
    Email,
    Hash,
    Mask,
    MaskingPolicy,
    Noise,
    Null,
    Partial,
    Regex,
    Round,
    RowPolicy,
    Where,
    World,
)
from veil.model import Sql as SqlMask

TEXT = varchar(40)
MASKS: tuple[tuple[Mask, ColumnType], ...] = (
    (Hash(), TEXT),
    (Hash(), INTEGER),
    (Partial(1, 1), TEXT),
    (Email(), TEXT),
    (Regex("[0-9]", "#"), TEXT),
    (Round(Decimal(10)), numeric(12, 2)),
    (Round(Decimal("0.01")), numeric(12, 2)),
    (Noise(Decimal(5)), numeric(12, 2)),
    (Null(), TEXT),
    (Constant("none"), TEXT),
    (SqlMask("UPPER(@value)"), TEXT),
    (SqlMask("@columnReference('a')"), TEXT),
)


def governed(*columns: Column, mask: Mask) -> tuple[World, DataSource]:
    """A table whose columns, but for `region`, are masked, and of which a region's rows show."""
    table = source(*columns, column("region", varchar(10), "geo"))
    rows = RowPolicy("rows", on(sources=["sales"]), Where("region = 'here'"))
    return world(table, rows, MaskingPolicy("mask", on("pii"), mask, exceptions=groups("hr"))), table


def masked(name: str, kind: ColumnType) -> Column:
    return column(name, kind, "pii")


def outputs(made: tuple[World, DataSource]) -> dict[str, Sql]:
    """What the view shows, by the columns' names."""
    query = view_of(*made).query
    assert isinstance(query, With)
    return {each.name: each.value for each in query.query.outputs}


def lines(made: tuple[World, DataSource]) -> dict[str, str]:
    """The same as text."""
    text = compile_view(*made)
    shown = text[text.index("\nSELECT ") + 8 : text.index('\nFROM "raw"')].split(",\n  ")
    return {line.rpartition(" AS ")[2].strip('"'): line for line in shown}


@pytest.mark.parametrize(("mask", "kind"), MASKS, ids=str)
def test_a_column_shows_what_it_would_with_no_other_beside_it(mask: Mask, kind: ColumnType):
    together = lines(governed(masked("a", kind), masked("b", kind), mask=mask))
    assert set(together) == {"a", "b", "region"}
    for name in ("a", "b"):
        others = [] if name == "a" else [column("a", kind)]
        assert together[name] == lines(governed(masked(name, kind), *others, mask=mask))[name]


def test_columns_of_one_type_under_the_same_masks_have_one_body():
    shown = outputs(governed(masked("a", TEXT), masked("b", TEXT), column("c", TEXT), column("d", TEXT), mask=Hash()))
    bodies = {name: each.body for name, each in shown.items() if isinstance(each, PerColumn)}
    assert bodies["a"] is bodies["b"] is not bodies["c"]
    assert bodies["c"] is bodies["d"]


def test_columns_of_two_types_show_each_its_own():
    shown = lines(governed(masked("a", varchar(40)), masked("b", varchar(300)), mask=Hash()))
    assert shown["a"].endswith('AS VARCHAR(64)) AS "a"')
    assert shown["b"].endswith('AS VARCHAR(300)) AS "b"')


def test_a_further_column_under_the_same_mask_takes_a_few_calls():
    def calls(count: int) -> int:
        made = governed(*(masked(f"c{at}", TEXT) for at in range(count)), mask=Partial(1, 1))
        compile_view(*made)
        with call_clock() as clock:
            begun = clock()
            compile_view(*made)
            return clock() - begun

    assert calls(200) - calls(100) < 100 * 70
