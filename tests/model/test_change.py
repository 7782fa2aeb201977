"""What a change leaves of what nobody declares."""

from dataclasses import replace

import pytest

from veil.model import AccessRefusal, Change, Integration, Kind, Profile, Put, Remove, Subscription, World
from veil.model.change import apply

ALICES, BOBS = Subscription("alice", "raw.t"), Subscription("bob", "raw.u")
APPROVED = replace(
    World(Integration("main", "analytics", "governed")),
    approvals={("alice", "raw.t"): ALICES, ("bob", "raw.u"): BOBS},
)


@pytest.mark.parametrize(
    "change",
    [
        Put(ALICES),
        Put(AccessRefusal("alice", "raw.t")),
        Remove(Kind.PROFILE, "alice"),
        Remove(Kind.DATA_SOURCE, "raw.t"),
    ],
    ids=str,
)
def test_what_was_approved_ends_with_what_takes_its_place_and_with_what_it_is_about(change: Change) -> None:
    assert apply(APPROVED, change).approvals == {("bob", "raw.u"): BOBS}


@pytest.mark.parametrize(
    "change",
    [Put(Profile("alice")), Remove(Kind.SUBSCRIPTION, ("alice", "raw.t")), Put(Subscription("alice", "raw.u"))],
    ids=str,
)
def test_what_was_approved_outlives_other_changes(change: Change) -> None:
    assert apply(APPROVED, change).approvals == APPROVED.approvals
