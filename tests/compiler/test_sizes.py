"""A view's text, and the plan that the engine makes of it, grow with the expressions and not with a power of them."""

from time import perf_counter

import pytest

from tests.compiler.sizes import LONG, Sized
from tests.compiler.warehouse import Warehouse
from veil.compiler import compile_view, qualified
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
    """What is added in the second half makes it longer by no more than what is in the first, but for a quarter."""
    sized, most = LONG[name]
    assert resolve(*sized(most)).misfits == ()
    middle = most // 2
    first, half, whole = (len(compile_view(*sized(count))) for count in (1, middle, most))
    assert whole < MOST
    assert (whole - half) / (most - middle) <= 1.25 * (half - first) / (middle - 1) + 10


@pytest.mark.parametrize("name", PLANNED)
def test_the_plan_of_a_view_is_no_longer_than_its_text(name: str, warehouse: Warehouse):
    """But for what PostgreSQL spells longer: every cast of every literal, and the tables."""
    sized, most = LONG[name]
    text, plan, seconds = planned(warehouse, sized, most)
    assert len(plan) < 1.5 * len(text) + 3_000
    assert seconds < 5


def planned(warehouse: Warehouse, sized: Sized, count: int) -> tuple[str, str, float]:
    """The view, what EXPLAIN says of all its columns, and how many seconds it takes to say it."""
    governed, source = sized(count)
    warehouse.table(source, [])
    warehouse.users({"ann": []})
    warehouse.publish(governed, source)
    begun = perf_counter()
    found = warehouse.ask("ann", f"EXPLAIN VERBOSE SELECT * FROM {qualified(source.view_schema, source.view_name)}")
    return compile_view(governed, source), "\n".join(str(row[0]) for row in found), perf_counter() - begun
