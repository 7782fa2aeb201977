"""`veil_subscription`."""

from typing import TYPE_CHECKING, Any

from veil import model as governed
from veil.model import Kind
from veil.plugin import attribute
from veil.resources.base import GovernedModel
from veil.resources.hcl.moments import Moment, moment_of, moment_text
from veil.resources.hcl.names import Text, User
from veil.resources.pair import PairResource
from veil.resources.references import source_key

if TYPE_CHECKING:
    from veil.governance import DeployedState


class SubscriptionModel(GovernedModel):
    """Admits one user to one data source, until it expires. Policies on rows and columns still
    apply.

    The `valid_tables` of the user's row in `immuta_system.profile` are all the data sources that
    the user could query: by a subscription, by policy, in some project. `veil explain` tells why.
    """

    user: User = attribute("The Redshift user.", requires_replace=True)
    data_source: Text = attribute("Id of the `veil_data_source`.", requires_replace=True)
    expires_at: Moment | None = attribute("When it ends, in RFC 3339: `2030-01-01T00:00:00Z`. Left out: never.")


class Subscription(PairResource[SubscriptionModel]):
    type_name = "veil_subscription"
    model = SubscriptionModel
    kind = Kind.SUBSCRIPTION
    exported_to = "users.tf"
    plural = "subscriptions"

    def to_draft(self, declared: SubscriptionModel, deployed: "DeployedState | None") -> governed.Subscription:
        key = source_key(declared.data_source, deployed, ("data_source",))
        return governed.Subscription(
            declared.user, key, moment_of(declared.expires_at) if declared.expires_at is not None else None
        )

    def from_stored(self, thing: object) -> dict[str, Any]:
        assert isinstance(thing, governed.Subscription)
        expires = thing.expires_at
        return {
            "user": thing.user,
            "data_source": thing.data_source,
            "expires_at": moment_text(expires) if expires else None,
        }
