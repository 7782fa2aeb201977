"""What a subscription policy may say."""

from typing import Any

import pytest

from veil import model
from veil.plugin import PluginError
from veil.resources.subscription_policy import Approval, ApprovalLength, SubscriptionPolicyModel


def declared(**said: Any) -> SubscriptionPolicyModel:
    given = {"integration": "i", "name": "p", "applies_to": {"all_data_sources": True}, "access": "approval"}
    return SubscriptionPolicyModel(**given | said)


@pytest.mark.parametrize("access", ["everyone", "individual"])
def test_approval_goes_with_approval_alone(access: str) -> None:
    with pytest.raises((ValueError, PluginError), match="approval goes with access"):
        declared(access=access, approval={"groups": ["stewards"]})


@pytest.mark.parametrize(
    ("approval", "why"),
    [
        ({}, "approval names nobody"),
        ({"groups": ["stewards"], "longest": {}}, "needs exactly one of: minutes, hours, days"),
        ({"groups": ["stewards"], "longest": {"days": 1, "hours": 1}}, "takes exactly one of"),
        ({"groups": ["stewards"], "longest": {"days": 3651}}, "An approval lasts 3650 days at most"),
        ({"groups": ["stewards"], "longest": {"minutes": 3650 * 1440 + 1}}, "An approval lasts 3650 days at most"),
        ({"groups": ["stewards"], "longest": {"days": 0}}, "greater than 0"),
    ],
)
def test_an_approval_names_somebody_and_one_time(approval: dict[str, Any], why: str) -> None:
    with pytest.raises((ValueError, PluginError), match=why):
        declared(approval=approval)


def test_an_approval_is_exported_as_it_was_written() -> None:
    for longest in (None, {"hours": 48}, {"days": 90}, {"minutes": 60}):
        written = Approval(groups={"stewards"}, users={"sue"}, longest=longest and ApprovalLength(**longest))
        assert Approval.from_model(written.to_model()) == written
    assert model.Duration(48, "hours").seconds == model.Duration(2, "days").seconds
