"""`veil_user_profile`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from veil import model as governed
from veil.model import Kind
from veil.plugin import attribute, check, is_known
from veil.resources.base import GovernedModel, GovernedResource
from veil.resources.hcl.names import HeldValue, Name, User
from veil.resources.people.directory import profile_claims
from veil.resources.people.holding import EXPIRES, ExpiresModel, held_by, profile_of, require_held

if TYPE_CHECKING:
    from veil.governance import DeployedState, requests


class UserProfileModel(GovernedModel):
    """What a Redshift user holds: groups and attributes, which policies look at. Without a profile
    a user sees no rows.
    """

    user: User = attribute("The Redshift user, spelled as `current_user` shows it.", requires_replace=True)
    groups: frozenset[Name] = attribute("Groups the user is in.", default=frozenset())
    attributes: dict[Name, frozenset[HeldValue]] = attribute(
        "Attributes the user holds: a list of values each.", default={}
    )
    expires: ExpiresModel | None = attribute(EXPIRES)

    @check("groups", "attributes", "expires")
    def _ends_of_what_is_held(self) -> None:
        require_held(profile_of("", self.groups, self.attributes, self.expires))


class UserProfile(GovernedResource[UserProfileModel]):
    type_name = "veil_user_profile"
    model = UserProfileModel
    kind = Kind.PROFILE
    exported_to = "users.tf"

    def to_draft(self, declared: UserProfileModel, deployed: "DeployedState | None") -> governed.Profile:
        return profile_of(declared.user, declared.groups, declared.attributes, declared.expires)

    def claims(self, planned: UserProfileModel) -> Iterator["requests.Claim"]:
        return profile_claims([planned.user], self.type_name, "user") if is_known(planned.user) else iter(())

    def from_stored(self, thing: object) -> dict[str, Any]:
        assert isinstance(thing, governed.Profile)
        return {"user": thing.user, **held_by(thing)}
