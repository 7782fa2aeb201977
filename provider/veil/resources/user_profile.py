"""`veil_user_profile`."""

from typing import Any

from veil import model
from veil.governance.deployed import Deployed
from veil.model import Kind
from veil.plugin import attribute
from veil.resources.base import GovernedModel, GovernedResource
from veil.resources.hcl.texts import HeldValue, Identifier, Name


class UserProfileModel(GovernedModel):
    """What a Redshift user holds: groups and attributes, which policies look at. Without a profile a user sees no
    rows.
    """

    user: Identifier = attribute("The Redshift user, spelled as `current_user` shows it.", requires_replace=True)
    groups: frozenset[Name] = attribute("Groups the user is in.", default=frozenset())
    attributes: dict[Name, frozenset[HeldValue]] = attribute(
        "Attributes the user holds: a list of values each.", default={}
    )


class UserProfile(GovernedResource[UserProfileModel]):
    type_name = "veil_user_profile"
    model = UserProfileModel
    kind = Kind.PROFILE

    def to_draft(self, model_: UserProfileModel, deployed: Deployed | None) -> model.Profile:
        return model.Profile(
            model_.user, model_.groups, {name: frozenset(held) for name, held in model_.attributes.items()}
        )

    def from_stored(self, thing: object) -> dict[str, Any]:
        assert isinstance(thing, model.Profile)
        return {"user": thing.user, "groups": thing.groups, "attributes": dict(thing.attributes)}
