"""What users hold until a time: it counts before, and from then on it is not there."""

from datetime import timedelta

import pytest

from tests.oracle.builders import KEY, NOW, world
from veil.model import (
    AppliesTo,
    Exceptions,
    Expires,
    MaskingPolicy,
    Match,
    Null,
    Profile,
    Project,
    Put,
    RowPolicy,
    Subscription,
    UserMatches,
    World,
)
from veil.model.audience import Attribute
from veil.model.change import apply
from veil.oracle import effective, ends_after, explain_json, explain_text, facts_in, see

LATER, EARLIER = NOW + timedelta(hours=1), NOW - timedelta(hours=1)
PII = AppliesTo(column_tags=frozenset({"pii"}))
BY_GROUP = MaskingPolicy("by-group", PII, Null(), exceptions=Exceptions(groups=frozenset({"hr"})))
BY_VALUE = MaskingPolicy(
    "by-value", PII, Null(), exceptions=Exceptions(attributes=frozenset({Attribute("clearance", "high")}))
)
BY_ROW = RowPolicy("by-row", AppliesTo(all_data_sources=True), UserMatches((Match("geo.region", "region"),)))


def holding(until) -> Profile:
    """Alice with one group and two values, all until then."""
    return Profile(
        "alice",
        frozenset({"hr"}),
        {"clearance": frozenset({"high"}), "region": frozenset({"US", "FR"})},
        Expires({"hr": until}, {"clearance": {"high": until}, "region": {"US": until}}),
    )


@pytest.mark.parametrize("policy", [BY_GROUP, BY_VALUE], ids=["group", "value"])
def test_an_exception_holds_until_its_right_ends(policy: MaskingPolicy):
    state = {
        until: effective(apply(world(policy), Put(holding(until))), "alice", KEY, now=NOW).columns["email"].state
        for until in (EARLIER, NOW, LATER)
    }
    assert state == {EARLIER: "masked", NOW: "masked", LATER: "clear"}


def test_rows_show_by_the_values_that_have_not_ended():
    rows = [{"id": 1, "email": "a@x", "region": "US"}, {"id": 2, "email": "b@x", "region": "FR"}]
    seen = {
        until: [
            row.values["id"]
            for row in see(
                apply(world(BY_ROW), Put(holding(until))), "alice", KEY, rows, now=NOW, salts={KEY: "s"}
            ).rows
        ]
        for until in (EARLIER, LATER)
    }
    assert seen == {EARLIER: [2], LATER: [1, 2]}


def shared(*ends) -> World:
    """An equalized project whose members are all in hr, each until another time; None is for ever,
    "never" not at all.
    """
    people = [
        Profile(
            f"u{at}",
            frozenset() if end == "never" else frozenset({"hr"}),
            {},
            Expires({"hr": end} if end not in (None, "never") else {}),
        )
        for at, end in enumerate(ends)
    ]
    project = Project("team", frozenset(each.user for each in people), frozenset({KEY}), equalized=True)
    return apply(world(), *map(Put, (*people, project)))


@pytest.mark.parametrize(
    ("ends", "certain", "doubtful"),
    [
        ((None, LATER), True, False),
        ((None, EARLIER), False, True),
        ((LATER, EARLIER), False, True),
        ((EARLIER, EARLIER), False, False),
        ((None, "never"), False, True),
        ((EARLIER, "never"), False, False),
    ],
)
def test_what_members_share_is_what_each_of_them_holds_now(ends, certain: bool, doubtful: bool):
    facts = facts_in(shared(*ends), "u0", NOW, "team")
    assert ("hr" in facts.groups.certain, "hr" in facts.groups.doubtful) == (certain, doubtful)


def test_explain_tells_what_ends_the_first_to_end_first_and_not_what_has_ended():
    profile = Profile(
        "alice",
        frozenset({"hr", "old", "analysts"}),
        {"clearance": frozenset({"high"})},
        Expires({"hr": LATER, "old": EARLIER}, {"clearance": {"high": LATER - timedelta(minutes=30)}}),
    )
    subscription = Subscription("alice", KEY, LATER + timedelta(hours=1))
    governed = apply(world(), Put(profile), Put(subscription))
    access = effective(governed, "alice", KEY, now=NOW)
    assert (
        "Ends without an apply: clearance = high at 2026-05-17T13:00:00Z; group hr at 2026-05-17T13:30:00Z; "
        "the subscription at 2026-05-17T14:30:00Z.\n"
    ) in explain_text(access)
    assert explain_json(access)["expires"] == {
        "groups": {"hr": "2026-05-17T13:30:00Z"},
        "attributes": {"clearance": {"high": "2026-05-17T13:00:00Z"}},
        "subscription": "2026-05-17T14:30:00Z",
    }
    assert not ends_after(governed, "nobody", NOW)
    assert "Ends" not in explain_text(effective(world(), "alice", KEY, now=NOW))
