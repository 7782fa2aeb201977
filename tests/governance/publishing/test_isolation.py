"""What goes wrong for one request of a group is nobody else's error, a bug of ours included."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from veil.governance.admission import admit
from veil.governance.errors import GovernanceError
from veil.governance.publishing import write_group
from veil.governance.requests import Batch, Create, Delete, Request, SourceDraft
from veil.governance.service import Governance
from veil.model import AppliesTo, Kind, MaskingPolicy, Null, Profile, Purpose, SubscriptionPolicy
from veil.warehouse import WarehouseError

CULPRIT = "culprit"
OTHERS = (
    Create(Profile("alice", frozenset({"hr"}))),
    Create(Purpose("fraud", "yes")),
    Create(MaskingPolicy("ssn", AppliesTo(column_tags=frozenset({"ssn"})), Null())),
    Create(SubscriptionPolicy("all", AppliesTo(all_data_sources=True), "everyone")),
    Create(SourceDraft("raw", "people")),
    Batch((Create(Profile("bob")), Create(Profile("carol")))),
)
"""One of everything, none of which has to do with the culprit."""


def submitted(governance: Governance, requests: Sequence[Request]) -> list[Any]:
    """What becomes of requests that arrive at once."""
    outcomes: list[Any] = [None] * len(requests)
    ready = threading.Barrier(len(requests))

    def send(index: int) -> None:
        ready.wait()
        try:
            outcomes[index] = governance.submit(requests[index])
        except Exception as problem:
            outcomes[index] = problem

    threads = [threading.Thread(target=send, args=(index,)) for index in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return outcomes


def failing(real: Callable[..., Any], error: Exception, concerns: Callable[..., bool]) -> Callable[..., Any]:
    def function(*arguments: Any) -> Any:
        if concerns(*arguments):
            raise error
        return real(*arguments)

    return function


def is_culprit(draft: object, *_: object) -> bool:
    return isinstance(draft, Profile) and draft.user == CULPRIT


def stores_culprit(_before: Any, following: Any, *_: object) -> bool:
    return (Kind.PROFILE, CULPRIT) in following.stored


WHERE = {
    "when it is decided": (admit, "build", is_culprit),
    "when it is written": (write_group, "metadata_statements", stores_culprit),
    "when facts are kept": (write_group, "after_commit", stores_culprit),
}


@pytest.fixture(scope="module")
def place(new_governance: Callable[[], Governance]) -> Governance:
    return new_governance()


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ("when it is decided", ValueError("a bug")),
        ("when it is decided", GovernanceError("No", "told")),
        ("when it is written", ZeroDivisionError()),
        ("when facts are kept", WarehouseError("No", "told")),
    ],
    ids=["a bug in deciding", "a refusal", "a bug in writing", "a refusal of the warehouse"],
)
def test_only_the_request_that_caused_it_fails(
    place: Governance, monkeypatch: pytest.MonkeyPatch, where: str, error: Exception
):
    module, name, concerns = WHERE[where]
    monkeypatch.setattr(module, name, failing(getattr(module, name), error, concerns))
    *others, culprit = submitted(place, [*OTHERS, Create(Profile(CULPRIT))])
    assert culprit is error
    assert [each for each in others if isinstance(each, BaseException)] == []
    place.reload()
    there = place.require()
    assert set(there.world.profiles) == {"alice", "bob", "carol"}
    assert there.snapshot.published.keys() == {"raw.people"}
    monkeypatch.undo()
    made = place.submit(Create(Profile(CULPRIT)))
    assert made is not None
    everything = [*(each for each in there.stored.values() if each.kind is not Kind.INTEGRATION), made]
    place.submit(Batch(tuple(Delete(each.kind, each.key, each.id) for each in everything)))
