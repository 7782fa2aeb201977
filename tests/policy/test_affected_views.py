"""Which views a change may alter: never fewer than compiling everything before and after shows."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy.building import column, on, source, varchar, world
from tests.policy.drawing import changes, things
from veil.compiler import compile_view
from veil.model import (
    Baseline,
    Change,
    DataSource,
    Hash,
    Kind,
    MaskingPolicy,
    Profile,
    Project,
    Purpose,
    Put,
    Remove,
    Subscription,
    World,
    key_of,
)
from veil.model.change import apply
from veil.model.closings import Closing
from veil.policy import touched

SOURCES = [source(column("email", varchar(40), "pii.email"), column("n"), table=name, tags=[name]) for name in "abc"]


def test_a_policy_touches_where_it_was_and_where_it_is():
    old = MaskingPolicy("m", on(sources=["a"]), Hash())
    before = world(*SOURCES, old)
    move = Put(replace(old, applies_to=on(sources=["b"])))
    assert touched(before, apply(before, move), [move]) == {"raw.a", "raw.b"}


def test_a_policy_touches_those_that_list_it_even_where_it_does_not_apply():
    listing = replace(SOURCES[0], policies=frozenset({"m"}))
    before = world(listing, *SOURCES[1:])
    put = Put(MaskingPolicy("m", on("nothing"), Hash()))
    assert touched(before, apply(before, put), [put]) == {"raw.a"}


def test_users_and_what_they_may_do_touch_no_view():
    before = world(*SOURCES)
    changes: list[Change] = [
        Put(Profile("ann", frozenset({"hr"}))),
        Put(Subscription("ann", "raw.a")),
        Put(Purpose("fraud", "text")),
        Put(Project("p", frozenset({"ann"}), frozenset({"raw.a"}))),
        Remove(Kind.PROFILE, "bob"),
    ]
    assert touched(before, apply(before, *changes), changes) == frozenset()


def test_what_is_the_same_touches_nothing():
    policy = MaskingPolicy("m", on("pii"), Hash())
    before = world(*SOURCES, policy)
    again = [Put(policy), Put(SOURCES[0]), Put(replace(policy, description="Now with words."))]
    assert touched(before, apply(before, *again), again) == frozenset()


def test_a_staged_policy_touches_nothing():
    before = world(*SOURCES)
    put = Put(MaskingPolicy("m", on("pii"), Hash(), staged=True))
    assert touched(before, apply(before, put), [put]) == frozenset()


def test_a_changed_baseline_touches_everything():
    before = world(*SOURCES)
    put = Put(replace(before.integration, baseline=Baseline(null_tags=frozenset({"pii"}))))
    assert touched(before, apply(before, put), [put]) == {"raw.a", "raw.b", "raw.c"}


def test_a_source_that_comes_or_goes_is_touched():
    before = world(*SOURCES[:2])
    changes: list[Change] = [Put(SOURCES[2]), Remove(Kind.DATA_SOURCE, "raw.a")]
    assert touched(before, apply(before, *changes), changes) == {"raw.a", "raw.c"}


def views(of: World) -> dict[str, str]:
    return {key: compile_view(of, each) for key, each in of.data_sources.items()}


@settings(max_examples=300, deadline=None)
@given(st.lists(things, max_size=8), st.lists(changes, min_size=1, max_size=3))
def test_every_view_that_differs_is_touched(there: list[Any], done: list[Change]):
    sources = [each for each in there if isinstance(each, DataSource)]
    before = world(*SOURCES, *sources, *(each for each in there if not isinstance(each, DataSource)))
    after = apply(before, *done)
    old, new = views(before), views(after)
    differing = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    assert differing <= touched(before, after, done)


def test_a_failed_policy_goes_together_with_a_data_source_that_it_closed():
    closing = Closing("1", "token", Kind.MASKING_POLICY.value, "m", sources=frozenset({"raw.a", "raw.b"}))
    before = world(*SOURCES, closing)
    changes: list[Change] = [Remove(Kind.CLOSING, key_of(closing)), Remove(Kind.DATA_SOURCE, "raw.a")]
    assert touched(before, apply(before, *changes), changes) == {"raw.a"}
