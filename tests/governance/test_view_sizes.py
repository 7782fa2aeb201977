"""How long views become, as far as a plan has to know it."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy.building import world
from tests.policy.drawing import data_source, masking, row, subscription
from veil.compiler import compile_view
from veil.governance.view_sizes import ViewSizes
from veil.model import DataSource, Put
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
