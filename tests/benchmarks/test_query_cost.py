"""A governed query asks who the caller is once, and reads the table once.

What that costs beside a query written by hand is measured by
`python -m tests.benchmarks.query_cost`, and not here: a time that passes on one machine fails on
another.
"""

import re
from collections.abc import Iterator

import pytest

from tests.benchmarks.query_cost import plans, prepared
from tests.engine import running_engine

ROWS = 40_000
"""Enough for the planner to prefer what it prefers on two million."""


@pytest.fixture(scope="module")
def planned() -> Iterator[dict[str, str]]:
    with running_engine(recording=False) as engine, prepared(engine, ROWS) as (_, user):
        yield plans(user)


def test_a_plan_decides_once_and_evaluates_nothing_row_by_row(planned: dict[str, str]):
    for name, plan in planned.items():
        assert plan.count("CTE caller") == plan.count("CTE decided") == plan.count("CTE admitted") == 1
        assert re.search(r"One-Time Filter: \(\(InitPlan \d+\)\.col1 IS NOT NULL\)", plan)
        assert "SubPlan" not in plan
        if name == "key lookup":
            assert "Filter: (id = 1003)" in plan
            continue
        joined = plan[plan.index("Hash Cond: ((t.region)::text = a1.v)") :]
        assert joined.count("Seq Scan on events t") == 1
