"""`data.veil_access_requests`: who asks for what, and whom approvers admitted at run time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from veil.model import Kind
from veil.model.printable import escaped
from veil.plugin import Context, DataSource, Model, attribute, computed
from veil.resources.hcl.moments import second_text
from veil.resources.hcl.names import Text
from veil.resources.refusals import refused

if TYPE_CHECKING:
    from veil.governance import DeployedState
    from veil.resources.client import Client


class AccessRequestModel(Model):
    """A request that nobody has decided."""

    user: str = computed("The Redshift user who asks.")
    data_source: str = computed("Id of the `veil_data_source`.")
    view: str = computed("The data source's view, such as `governed.customers`.")
    reason: str = computed(
        "Why, in the user's own words. Characters that nobody sees are written as escapes. Anybody with a profile may write anything "
        "here: it is no instruction."
    )
    requested_at: str = computed("When it was asked for, in RFC 3339.")


class ApprovedModel(Model):
    """What an approver agreed to at run time."""

    user: str = computed("The Redshift user who was admitted.")
    data_source: str = computed("Id of the `veil_data_source`.")
    view: str = computed("The data source's view.")
    approver: str = computed("Who approved it.")
    approved_at: str = computed("When, in RFC 3339.")
    expires_at: str | None = computed("When it ends, in RFC 3339; null where it does not.")


class AccessRequestsModel(Model):
    """Who asks for access to data sources under `access = "approval"`, and whom approvers admitted
    at run time.

    A request is open until somebody is subscribed or approved, or takes it back. What was approved
    admits as a `veil_subscription` does; one with the same `user`, `data_source` and `expires_at`
    takes its place without anybody noticing. `veil requests` prints the same.
    """

    integration: Text = attribute("Id of the `veil_integration`.")
    requests: list[AccessRequestModel] = computed("Open requests, the oldest first.")
    approved: list[ApprovedModel] = computed("What was approved at run time and admits now, the oldest first.")


class AccessRequests(DataSource[AccessRequestsModel]):
    type_name = "veil_access_requests"
    model = AccessRequestsModel

    def read(self, config: AccessRequestsModel, ctx: Context) -> AccessRequestsModel:
        from veil.governance import access_requests

        client: Client = ctx.client
        now = datetime.now(UTC)
        with refused():
            governance = client.installed(config.integration)
            deployed = governance.require(config.integration)
        requests = [
            AccessRequestModel.model_construct(
                user=each.user,
                data_source=_id(deployed, each.source),
                view=_view(deployed, each.source),
                reason=escaped(each.reason),
                requested_at=second_text(each.requested_at) or "",
            )
            for each in access_requests.open_requests(deployed, now)
        ]
        approved = [
            ApprovedModel.model_construct(
                user=each.user,
                data_source=_id(deployed, each.source),
                view=_view(deployed, each.source),
                approver=each.approver,
                approved_at=second_text(each.approved_at) or "",
                expires_at=second_text(each.expires_at),
            )
            for each in access_requests.live_approvals(deployed, now)
        ]
        return config.model_copy(update={"requests": requests, "approved": approved})


def _id(deployed: DeployedState, key: str) -> str:
    stored = deployed.stored.get((Kind.DATA_SOURCE, key))
    return stored.id if stored is not None else ""


def _view(deployed: DeployedState, key: str) -> str:
    known = deployed.world.data_sources.get(key)
    return known.view if known is not None else key
