"""How long views become, as far as a plan has to know it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy.building import BIGINT, column, on, source, varchar, world
from tests.policy.drawing import data_source, masking, row, subscription
from veil.compiler import MOST_BYTES, compile_view
from veil.governance import view_sizes
from veil.governance.planned import PlannedWorld
from veil.governance.view_sizes import ViewSizes
from veil.model import ColumnType, Constant, DataSource, Hash, MaskingPolicy, Put, RowPolicy, Sql, Where
from veil.model.change import apply
from veil.policy import resolve

policies = st.lists(st.one_of(masking, row, subscription), max_size=5)


@settings(max_examples=60, deadline=None)
@given(data_source, policies, policies)
def test_no_view_is_longer_than_it_counts_as(source: DataSource, before: list[Any], after: list[Any]):
    sizes, governed = ViewSizes(), world(*before, source)
    if not resolve(governed, source).columns:
        return
    assert sizes.measure(governed, resolve(governed, source)) is None
    for policy in after:
        governed = apply(governed, Put(policy))
        if sizes.may_have_outgrown(governed, source, policy):
            sizes.measure(governed, resolve(governed, source))
        if source.key in sizes.most:
            assert len(compile_view(governed, source).encode()) <= sizes.most[source.key]
        else:
            assert resolve(governed, source).closed


@settings(max_examples=60, deadline=None)
@given(st.lists(data_source, min_size=2, max_size=4), policies)
def test_no_view_is_longer_than_it_counts_as_beside_others(sources: list[DataSource], before: list[Any]):
    sizes, governed = ViewSizes(), world(*before, *sources)
    for each in governed.data_sources.values():
        if resolve(governed, each).columns:
            assert sizes.measure(governed, resolve(governed, each)) is None
            if each.key in sizes.most:
                assert len(compile_view(governed, each).encode()) <= sizes.most[each.key]


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the data sources whose views are written."""
    keys: list[str] = []
    written = view_sizes.compile_resolved

    def compile_resolved(integration: Any, resolved: Any) -> str:
        keys.append(resolved.source.key)
        return written(integration, resolved)

    monkeypatch.setattr(view_sizes, "compile_resolved", compile_resolved)
    return keys


def _table(at: int, *types: ColumnType, tag: str = "pii") -> DataSource:
    return source(*(column(f"c{at}_{place}", each, tag) for place, each in enumerate(types)), table=f"t{at}")


def test_a_plan_of_many_data_sources_writes_few_views(compiled: list[str]):
    plan = PlannedWorld(None)
    plan.put(MaskingPolicy("hashed", on("pii"), Hash()))
    plan.put(RowPolicy("some", on(sources=["sales"]), Where("@isInGroups('a')")))
    for at in range(200):
        texts, numbers = at * 7 % 5 + 1, at * 3 % 4
        plan.put(_table(at, *[varchar(20)] * texts, *[BIGINT] * numbers))
    assert 1 <= len(compiled) <= 5 + 4, "one for each step by which one is wider than all before it"


@pytest.mark.parametrize(
    "wider",
    [
        _table(1, varchar(20), varchar(20)),
        _table(1, BIGINT),
        source(column("c", varchar(20), "pii", "more"), table="t1"),
        source(column("c", varchar(20), "other"), table="t1"),
    ],
    ids=["more columns", "another type", "more tags", "another policy"],
)
def test_a_view_that_has_more_than_those_measured_is_written(compiled: list[str], wider: DataSource):
    plan = PlannedWorld(None)
    plan.put(MaskingPolicy("hashed", on("pii"), Hash()))
    plan.put(MaskingPolicy("other", on("other"), Constant("x")))
    plan.put(_table(0, varchar(20)))
    plan.put(_table(2, varchar(30)))
    assert compiled == ["raw.t0"]
    plan.put(wider)
    assert compiled == ["raw.t0", "raw.t1"]


def test_views_are_written_again_once_a_policy_is_another_one(compiled: list[str]):
    plan = PlannedWorld(None)
    policy = MaskingPolicy("hashed", on("pii"), Hash())
    plan.put(policy)
    plan.put(_table(0, varchar(20)))
    plan.put(policy)
    plan.put(_table(1, varchar(20)))
    assert compiled == ["raw.t0"]
    plan.put(MaskingPolicy("hashed", on("pii"), Constant("longer")))
    compiled.clear()
    plan.put(_table(2, varchar(20)))
    assert compiled == ["raw.t2"]


def test_views_that_are_long_are_all_written(compiled: list[str]):
    shown = " || ".join(["@value", f"'{'x' * 300}'"] * 20)
    plan = PlannedWorld(None)
    plan.put(MaskingPolicy("long", on("pii"), Sql(f"CAST({shown} AS VARCHAR(20))")))
    for at in range(3):
        plan.put(_table(at, *[varchar(20)] * 20))
    assert compiled == ["raw.t0", "raw.t1", "raw.t2"]
    assert len(compile_view(plan.so_far, plan.so_far.data_sources["raw.t0"])) > MOST_BYTES / 10
