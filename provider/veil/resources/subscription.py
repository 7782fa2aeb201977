"""`veil_subscription`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from veil import model as governed
from veil.model import DataSource, Kind
from veil.model.names import canonical, parts_of
from veil.plugin import Context, attribute, is_known
from veil.resources.base import GovernedModel, GovernedResource
from veil.resources.exporting import References
from veil.resources.hcl.moments import Moment, moment_of, moment_text
from veil.resources.hcl.names import Text, User
from veil.resources.references import source_key

if TYPE_CHECKING:
    from veil.governance import Claim, DeployedState, StoredObject


class SubscriptionModel(GovernedModel):
    """Admits one user to one data source, until it expires. Policies on rows and columns still apply.

    The `valid_tables` of the user's row in `immuta_system.profile` are all the data sources that the user could query: by a
    subscription, by policy, in some project. `veil explain` tells why.
    """

    user: User = attribute("The Redshift user.", requires_replace=True)
    data_source: Text = attribute("Id of the `veil_data_source`.", requires_replace=True)
    expires_at: Moment | None = attribute("When it ends, in RFC 3339: `2030-01-01T00:00:00Z`. Left out: never.")


class Subscription(GovernedResource[SubscriptionModel]):
    type_name = "veil_subscription"
    model = SubscriptionModel
    kind = Kind.SUBSCRIPTION
    exported_to = "users.tf"

    def to_draft(self, declared: SubscriptionModel, deployed: "DeployedState | None") -> governed.Subscription:
        key = source_key(declared.data_source, deployed, ("data_source",))
        return governed.Subscription(
            declared.user, key, moment_of(declared.expires_at) if declared.expires_at is not None else None
        )

    def read(self, state: SubscriptionModel, ctx: Context) -> SubscriptionModel | None:
        deployed = ctx.client.governance(state.integration).deployed()
        if deployed is not None and (Kind.DATA_SOURCE, state.data_source) not in deployed.by_id:
            return None
        return super().read(state, ctx)

    def claims(self, planned: SubscriptionModel) -> Iterator["Claim"]:
        from veil.governance import Claim

        if is_known(planned.user) and is_known(planned.data_source):
            pair = ("subscription", planned.user, planned.data_source)
            title = "Two subscriptions of one user to one data source"
            yield Claim(pair, title, planned.user, self.type_name, ("user",))

    def exported_names(self, key: tuple[str, str]) -> tuple[str, ...]:
        user, source = key
        return f"{user}_{parts_of(source)[-1]}", f"{user}_{source}"

    def references(self, thing: governed.Subscription, others: References) -> dict[str, Any]:
        return {"data_source": others.reference("id", (Kind.DATA_SOURCE, thing.data_source))}

    def from_stored(self, thing: object) -> dict[str, Any]:
        assert isinstance(thing, governed.Subscription)
        expires = thing.expires_at
        return {
            "user": thing.user,
            "data_source": thing.data_source,
            "expires_at": moment_text(expires) if expires else None,
        }

    def find(self, deployed: "DeployedState", name: str) -> "StoredObject | None":
        # Users and tables may have slashes in their names, so each one might be the one between the two.
        slashes = (position for position, character in enumerate(name) if character == "/")
        wanted = {(name[:position], _dotted(name[position + 1 :])) for position in slashes}
        for each in deployed.stored.values():
            source = deployed.stored.get((Kind.DATA_SOURCE, each.key[1])) if each.kind is Kind.SUBSCRIPTION else None
            names = (source.key, source.thing.view) if source and isinstance(source.thing, DataSource) else ()
            if any((each.key[0], canonical(source_name)) in wanted for source_name in names):
                return each
        return None

    def state(
        self, declared: SubscriptionModel, stored: "StoredObject", deployed: "DeployedState"
    ) -> SubscriptionModel:
        source = deployed.stored.get((Kind.DATA_SOURCE, stored.key[1]))
        names = {"id": stored.id} | ({"data_source": source.id} if source else {})
        return declared.model_copy(update=names)


def _dotted(name: str) -> str | None:
    try:
        return canonical(name)
    except ValueError:
        return None
