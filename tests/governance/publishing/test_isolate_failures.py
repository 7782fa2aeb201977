"""What becomes of a group when its transaction fails."""

import pytest

from veil.governance.errors import GovernanceError
from veil.governance.publishing.isolate_failures import (
    held_back,
    holding_back,
    isolate_failures,
    may_loosen,
    one_by_one,
)
from veil.governance.requests import Batch, Close, Create, Delete, SourceDraft, Update
from veil.model import (
    AppliesTo,
    Closing,
    Integration,
    Kind,
    MaskingPolicy,
    Never,
    Null,
    Profile,
    RowPolicy,
    SubscriptionPolicy,
)
from veil.warehouse import WarehouseError

EVERYWHERE = AppliesTo(all_data_sources=True, all_columns=True)
MASK = MaskingPolicy("mask", EVERYWHERE, Null())
ROWS = RowPolicy("rows", EVERYWHERE, Never())
GRANT = SubscriptionPolicy("grant", EVERYWHERE, "everyone")
GUARDRAIL = SubscriptionPolicy("guardrail", EVERYWHERE, "everyone", mode="guardrail")

LOOSENING = {
    "a new grant": (Create(GRANT), True),
    "a new profile": (Create(Profile("alice")), True),
    "a new data source": (Create(SourceDraft("raw", "customers")), True),
    "a changed mask": (Update("id", MASK), True),
    "a deleted mask": (Delete(Kind.MASKING_POLICY, "mask", "id"), True),
    "a deleted row policy": (Delete(Kind.ROW_POLICY, "rows", "id"), True),
    "a deleted subscription policy, which may be a guardrail": (Delete(Kind.SUBSCRIPTION_POLICY, "g", "id"), True),
    "a new mask": (Create(MASK), False),
    "a new row policy": (Create(ROWS), False),
    "a new guardrail": (Create(GUARDRAIL), False),
    "a closing": (Close(Closing("c", "owner", "row_policy", "r")), False),
    "a deleted profile": (Delete(Kind.PROFILE, "alice", "id"), False),
    "a deleted data source": (Delete(Kind.DATA_SOURCE, "raw.customers", "id"), False),
}


@pytest.mark.parametrize(("request_", "loosens"), LOOSENING.values(), ids=LOOSENING.keys())
def test_what_might_show_more(request_, loosens):
    assert may_loosen(request_) is loosens


def never(request, problem):
    raise AssertionError(f"nothing failed, and {request} was to be closed for")


def test_restrictive_changes_go_first_and_answers_keep_their_places():
    order = []

    def commit_one(request):
        order.append(request)
        return request

    requests = [Create(GRANT), Create(MASK), Create(Profile("alice")), Create(ROWS)]
    outcomes = one_by_one(requests, commit_one, never)

    assert outcomes == requests
    assert {id(each) for each in order[:2]} == {id(requests[1]), id(requests[3])}


def test_after_a_mask_failed_that_closes_nothing_a_grant_is_held_back_and_says_why():
    broken = GovernanceError("No", "this mask cannot be made")

    def commit_one(request):
        return broken if request.draft is MASK else request

    mask, grant = one_by_one([Create(MASK), Create(GRANT)], commit_one, lambda request, problem: False)

    assert mask is broken
    assert isinstance(grant, GovernanceError)
    assert "masking policy mask" in grant.detail


def test_after_a_grant_failed_nothing_is_held_back():
    broken = GovernanceError("No", "this grant cannot be made")

    def commit_one(request):
        return broken if request.draft is GRANT else request

    requests = [Create(GRANT), Create(MASK), Create(Profile("alice"))]
    assert one_by_one(requests, commit_one, lambda request, problem: False) == [broken, requests[1], requests[2]]


def test_once_what_a_mask_left_open_is_closed_the_others_go_on():
    broken, steps = GovernanceError("No", "this mask cannot be made"), []

    def commit_one(request):
        steps.append(request)
        return broken if request.draft is MASK else request

    def close(request, problem):
        steps.append((request, problem))
        return True

    requests = [Create(GRANT), Create(MASK)]
    assert one_by_one(requests, commit_one, close) == [requests[0], broken]
    assert steps == [requests[1], (requests[1], broken), requests[0]]


REPAIR = Update("analytics/1", Integration("main", "analytics", "governed"))


def test_while_a_policy_is_left_open_its_own_correction_and_a_repair_go_on_and_all_else_that_might_show_more_waits():
    refusal = held_back("masking policy mask")
    requests = [Update("mine", MASK), REPAIR, Update("other", ROWS), Create(GRANT), Create(ROWS)]
    outcomes = holding_back(requests, refusal, list, {"mine"})
    assert outcomes == [requests[0], REPAIR, refusal, refusal, requests[4]]


def test_while_two_policies_are_left_open_a_correction_of_one_waits_for_a_repair():
    refusal = held_back("masking policy mask")
    both = [Update("mine", MASK), REPAIR, Batch((REPAIR, Create(GRANT)))]
    assert holding_back(both, refusal, list, {"mine", "other"}) == [refusal, REPAIR, refusal]


def test_after_a_mask_failed_that_closes_nothing_the_integration_is_repaired_all_the_same():
    broken = GovernanceError("No", "this mask cannot be made")
    outcomes = one_by_one(
        [Create(MASK), REPAIR, Create(GRANT)],
        lambda request: broken if request.draft is MASK else request,
        lambda request, problem: False,
    )
    assert outcomes[:2] == [broken, REPAIR] and isinstance(outcomes[2], GovernanceError)


def test_a_lost_connection_closes_for_every_request_and_tries_none_of_them():
    lost, closed = WarehouseError("lost", "gone", lost=True), []

    def commit(requests):
        assert len(requests) == 2
        raise lost

    requests = [Create(GRANT), Create(MASK)]
    assert isolate_failures(requests, commit, lambda request, problem: closed.append(request)) == [lost, lost]
    assert closed == requests
