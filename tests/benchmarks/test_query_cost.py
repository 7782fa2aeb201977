"""A governed query costs little more than one written by hand, and asks who the caller is once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.query_cost import QUERIES, Cost, costs, prepared
from veil.local import Engine

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/schedstat").exists(), reason="needs the processor time of another process"
)
ROWS = 400_000
NOISE = 0.25
"""What a fifth of the rows, and others on the same machine, may add to a ratio."""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Cost]]:
    engine = Engine(tmp_path_factory.mktemp("cost") / "local")
    engine.up(progress=lambda line: None)
    try:
        with prepared(engine, ROWS) as (hand, user):
            yield {cost.name: cost for cost in costs(hand, user, 3)}
    finally:
        engine.reset()


def test_a_governed_query_costs_little_more_than_one_by_hand(measured: dict[str, Cost]):
    dear = {name: cost.ratio for name, cost in measured.items() if cost.ratio > QUERIES[name].limit + NOISE}
    assert not dear, dear


def test_a_plan_decides_once_and_evaluates_nothing_row_by_row(measured: dict[str, Cost]):
    for cost in measured.values():
        assert cost.plan.count("CTE caller") == cost.plan.count("CTE decided") == cost.plan.count("CTE admitted") == 1
        assert re.search(r"One-Time Filter: \(\(InitPlan \d+\)\.col1 IS NOT NULL\)", cost.plan)
        assert "SubPlan" not in cost.plan
        if cost.name == "key lookup":
            assert "Filter: (id = 1003)" in cost.plan
            continue
        joined = cost.plan[cost.plan.index("Hash Cond: ((t.region)::text = a1.v)") :]
        assert joined.count("Seq Scan on events t") == 1
