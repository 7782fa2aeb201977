"""Which policies can have a say on a data source, without a look at the others."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy.building import world
from tests.policy.drawing import changes, data_source, things
from veil.model import Change, DataSource, Put, World, key_of, kind_of
from veil.model.change import apply, objects_of
from veil.model.kinds import POLICY_KINDS, Kind
from veil.policy import MaskStacks, PolicyIndex, lint_source, resolve, stacks_of

drawn = st.lists(things, max_size=8)


def steps(before: World, change: Change) -> list[tuple[Kind, Any, Any]]:
    """What each policy was and is that a change is about."""
    after = apply(before, change)
    kind = kind_of(change.thing) if isinstance(change, Put) else change.kind
    keys = {key_of(change.thing), change.replaces} - {None} if isinstance(change, Put) else {change.key}
    if kind not in POLICY_KINDS:
        return []
    return [(kind, objects_of(before, kind).get(key), objects_of(after, kind).get(key)) for key in keys]


@settings(max_examples=60, deadline=None)
@given(drawn, st.lists(changes, max_size=4), data_source)
def test_the_policies_near_a_data_source_decide_on_it_as_all_policies_do(
    there: list[Any], done: list[Change], source: DataSource
):
    governed = world(*there)
    index = PolicyIndex(governed)
    for change in done:
        for _, old, new in steps(governed, change):
            index.follow(old, new)
        governed = apply(governed, change)
    around = index.around(governed, source)
    assert resolve(around, source) == resolve(governed, source)
    assert list(lint_source(around, source)) == list(lint_source(governed, source))


@settings(max_examples=60, deadline=None)
@given(drawn, st.lists(changes, max_size=4), data_source)
def test_the_masks_on_each_column_follow_the_policies(there: list[Any], done: list[Change], source: DataSource):
    governed = world(*there)
    stacks = MaskStacks(governed, source)
    for change in done:
        for kind, old, new in steps(governed, change):
            if kind is Kind.MASKING_POLICY:
                stacks.follow(old, new)
        governed = apply(governed, change)
    masked = {name: names for name, names in stacks.names().items() if names}
    assert masked == stacks_of(resolve(governed, source))
