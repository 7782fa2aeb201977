"""`veil_impersonation`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from veil import model as governed
from veil.model import Kind
from veil.plugin import attribute, check, is_known
from veil.resources.base import GovernedModel, GovernedResource
from veil.resources.hcl.names import User

if TYPE_CHECKING:
    from veil.governance import DeployedState, requests


class ImpersonationModel(GovernedModel):
    """Lets a user see what others see: `CALL <prefix>_procedures.impersonate_user('alice')`, and
    `NULL` to end it.

    The user is made a member of the integration's impersonation group. Chains are not followed:
    whoever acts as somebody else has that user's view and not that user's right to act as a third.
    """

    user: User = attribute("The Redshift user who may act as others. The user must exist.", requires_replace=True)
    as_users: frozenset[User] = attribute("Whom they may act as.", default=frozenset())
    all: bool = attribute(
        "Whether they may act as everybody with a profile, but for superusers and the system account.", default=False
    )

    @check("all", given=["as_users"])
    def _one_kind(self) -> None:
        if self.all == bool(self.as_users):
            raise ValueError("An impersonation takes either as_users or all = true.")


class Impersonation(GovernedResource[ImpersonationModel]):
    type_name = "veil_impersonation"
    model = ImpersonationModel
    kind = Kind.IMPERSONATION
    exported_to = "users.tf"

    def to_draft(self, declared: ImpersonationModel, deployed: "DeployedState | None") -> governed.Impersonation:
        return governed.Impersonation(declared.user, declared.as_users, declared.all)

    def claims(self, planned: ImpersonationModel) -> Iterator["requests.Claim"]:
        from veil.governance import requests

        if is_known(planned.user):
            title = "Two impersonations of one user"
            yield requests.Claim(("impersonation", planned.user), title, planned.user, self.type_name, ("user",))

    def from_stored(self, thing: object) -> dict[str, Any]:
        assert isinstance(thing, governed.Impersonation)
        return {"user": thing.user, "as_users": thing.as_users, "all": thing.all}
