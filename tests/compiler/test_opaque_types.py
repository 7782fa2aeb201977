"""Columns of types that hold no text, number or date: governed views show them or NULL, and refuse
any other mask.
"""

from tests.compiler.warehouse import Warehouse
from tests.compiler.worlds import masked
from tests.policy.building import column, source
from veil.model import Column, ColumnType, Family, Hash, Null

OPAQUE = (
    Family.VARBYTE,
    Family.GEOMETRY,
    Family.GEOGRAPHY,
    Family.HLLSKETCH,
    Family.TIMETZ,
    Family.INTERVAL_YEAR_MONTH,
    Family.INTERVAL_DAY_SECOND,
)
VALUES = {
    Family.VARBYTE: "abc",
    Family.GEOMETRY: "0101000000000000000000F03F0000000000000040",
    Family.GEOGRAPHY: "0101000000000000000000F03F0000000000000040",
    Family.HLLSKETCH: '{"version":1,"logm":15,"sparse":{"indices":[],"values":[]}}',
    Family.TIMETZ: "10:11:12+00",
    Family.INTERVAL_YEAR_MONTH: "2 years",
    Family.INTERVAL_DAY_SECOND: "3 days",
}


def _columns(*tags: str) -> list[Column]:
    return [column(f"c_{family.name.lower()}", ColumnType(family), *tags) for family in OPAQUE]


def test_a_view_shows_them_and_its_null_mask_hides_them_all(warehouse: Warehouse) -> None:
    governed, table = masked(Null(), source(*_columns("pii"), table="opaque"))
    warehouse.table(table, [[VALUES[family] for family in OPAQUE]])
    warehouse.publish(governed, table)
    warehouse.users({"ann": []})
    assert warehouse.look("ann", table)[0] == [None] * len(OPAQUE)
    shown = source(*_columns(), table="opaque")
    _, shown = masked(Null(), shown)
    warehouse.publish(masked(Null(), shown)[0], shown)
    seen = warehouse.look("ann", shown)[0]
    assert all(value is not None for value in seen)
    assert seen[1] == VALUES[Family.GEOMETRY]


def test_a_mask_that_does_not_fit_them_shows_nothing_of_them(warehouse: Warehouse) -> None:
    governed, table = masked(Hash(), source(*_columns("pii"), table="opaque"))
    warehouse.table(table, [[VALUES[family] for family in OPAQUE]])
    warehouse.publish(governed, table)
    warehouse.users({"ann": []})
    assert warehouse.look("ann", table)[0] == [None] * len(OPAQUE)
