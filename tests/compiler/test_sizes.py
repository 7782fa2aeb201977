"""A view's text, and the plan that the engine makes of it, grow with the expressions and not with a
power of them.
"""

import pytest

from tests.compiler.sizes import LONG, Sized
from tests.compiler.warehouse import Warehouse
from tests.policy.building import DOUBLE, INTEGER, column, groups, on, source, world
from veil.compiler import CompileError, compile_view, qualified
from veil.governance.planned import PlannedWorld
from veil.model import Integration, Kind, MaskingPolicy, Sql
from veil.policy import resolve

MOST = 300_000
"""Bytes of a view's text."""

PLANNED = (
    *("bigint +", "bigint *", "money /", "widest *", "finest +", "real /", "double *", "sums of products"),
    *("coalesce of sums", "nullif", "casts of texts", "casts of numbers", "casts of booleans", "case in conditions"),
    *("long texts", "rows of bigint"),
)
"""One of each form."""


@pytest.mark.parametrize("name", LONG)
def test_the_text_of_a_view_grows_with_its_expressions(name: str):
    """What is added in the second half makes it longer by no more than what is in the first, but
    for a quarter.
    """
    sized, most = LONG[name]
    assert resolve(*sized(most)).incompatibilities == ()
    middle = most // 2
    first, half, whole = (len(compile_view(*sized(count))) for count in (1, middle, most))
    assert whole < MOST
    assert (whole - half) / (most - middle) <= 1.25 * (half - first) / (middle - 1) + 10


@pytest.mark.parametrize("name", PLANNED)
def test_the_plan_of_a_view_is_no_longer_than_its_text(name: str, warehouse: Warehouse):
    """But for what PostgreSQL spells longer: every cast of every literal, and the tables."""
    sized, most = LONG[name]
    text, plan = planned(warehouse, sized, most)
    assert len(plan) < 1.5 * len(text) + 3_000


def planned(warehouse: Warehouse, sized: Sized, count: int) -> tuple[str, str]:
    """The view, and what EXPLAIN says of all its columns."""
    governed, source = sized(count)
    warehouse.table(source, [])
    warehouse.users({"ann": []})
    warehouse.publish(governed, source)
    found = warehouse.ask("ann", f"EXPLAIN VERBOSE SELECT * FROM {qualified(source.view_schema, source.view_name)}")
    return compile_view(governed, source), "\n".join(str(row[0]) for row in found)


DOUBLES = tuple(column(f"c{at}", DOUBLE, "pii") for at in range(100))
WIDE = source(*DOUBLES, table="wide")
PRODUCT = MaskingPolicy("product", on("pii"), Sql(" * ".join(f"@columnReference('c{at}')" for at in range(60))))


def test_a_view_that_is_too_long_names_the_policy_that_makes_it_so():
    small = MaskingPolicy("small", on("pii"), Sql("@value + 1"), priority=1, exceptions=groups("hr"))
    with pytest.raises(CompileError, match=r"raw\.wide would have more than 1,000,000 bytes.* 'product'") as raised:
        compile_view(world(WIDE, small, PRODUCT), WIDE)
    assert (raised.value.kind, raised.value.key) == (Kind.MASKING_POLICY, "product")


def test_what_doubles_with_each_level_is_not_written_to_its_end():
    """Both bounds of BETWEEN are compared with its operand: 18 levels of it would be a view of
    gigabytes.
    """
    nested = "@value"
    for _ in range(18):
        nested = f"CASE WHEN {nested} BETWEEN 1 AND 3 THEN 1 ELSE 5 END"
    table = source(column("v", INTEGER, "pii"), table="between")
    with pytest.raises(CompileError, match="'nested'"):
        compile_view(world(table, MaskingPolicy("nested", on("pii"), Sql(nested))), table)


def test_the_plan_refuses_a_view_that_is_too_long_whatever_is_planned_last():
    for things in ((WIDE, PRODUCT), (PRODUCT, WIDE)):
        planned = PlannedWorld(None)
        planned.put(Integration("main", "analytics", "governed"))
        found = [each for thing in things for each in planned.put(thing) if each.code == "view-too-long"]
        assert [(each.severity, each.kind, each.key) for each in found] == [("error", Kind.MASKING_POLICY, "product")]
