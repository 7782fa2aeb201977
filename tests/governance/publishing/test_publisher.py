"""Group commit."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from veil.governance.errors import CancelledError
from veil.governance.metadata.deployed import StoredObject
from veil.governance.publishing.publisher import Publisher
from veil.governance.requests import Create, draft_place
from veil.model import Kind, Profile


def stored(request):
    kind, key = draft_place(request.draft)
    return StoredObject(kind, key, "id", request.draft)


def requests(count):
    return [Create(Profile(f"user{number}")) for number in range(count)]


def test_changes_in_flight_together_are_committed_together():
    groups = []

    def commit(group):
        groups.append(len(group))
        return [stored(each) for each in group]

    publisher = Publisher(commit)
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(publisher.submit, requests(50)))

    assert [each.key for each in answers] == [f"user{number}" for number in range(50)]
    assert sum(groups) == 50
    assert len(groups) < 50


def test_each_caller_gets_the_answer_to_its_own_request():
    wrong = ValueError("not this one")

    def commit(group):
        return [wrong if each.draft.user == "user1" else stored(each) for each in group]

    publisher = Publisher(commit)
    one, other = requests(2)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(publisher.submit, one), pool.submit(publisher.submit, other)
        assert first.result().kind is Kind.PROFILE
        with pytest.raises(ValueError, match="not this one"):
            second.result()


def test_a_commit_that_raises_reaches_every_caller_and_the_next_group_still_runs():
    outcomes = iter([RuntimeError("gone"), None])

    def commit(group):
        problem = next(outcomes)
        if problem is not None:
            raise problem
        return [stored(each) for each in group]

    publisher = Publisher(commit)
    (request,) = requests(1)
    with pytest.raises(RuntimeError, match="gone"):
        publisher.submit(request)
    assert publisher.submit(request).key == "user0"


def test_after_a_stop_what_is_queued_is_cancelled_and_what_is_under_way_is_finished():
    under_way, go_on = threading.Event(), threading.Event()

    def commit(group):
        under_way.set()
        go_on.wait(120)
        return [stored(each) for each in group]

    publisher = Publisher(commit)
    first, queued = requests(2)
    with ThreadPoolExecutor(2) as pool:
        finished = pool.submit(publisher.submit, first)
        under_way.wait(120)
        waiting = pool.submit(publisher.submit, queued)
        while publisher._arrivals.empty():
            pass
        publisher.stop()
        go_on.set()
        assert finished.result().key == "user0"
        with pytest.raises(CancelledError):
            waiting.result()
    with pytest.raises(CancelledError):
        publisher.submit(first)
