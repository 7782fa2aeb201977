"""`veil_user_profiles`."""

import hashlib
from typing import TYPE_CHECKING

from pydantic import field_validator

from veil import model as governed
from veil.governance.identity import new_id
from veil.governance.requests import Batch, Create, Delete, Update
from veil.model import Kind
from veil.plugin import Context, Model, Plan, PluginError, Resource, attribute, is_known, wholly_known
from veil.resources.base import GovernedModel, client_of, plan_repair
from veil.resources.hcl.texts import HeldValue, Name, checked_identifier, checked_name
from veil.resources.refusals import refused

if TYPE_CHECKING:
    from veil.governance.deployed import Deployed, Stored
    from veil.governance.service import Governance

MANY = 5_000
"""From here on a configuration with all users inline is slow to plan, and says so."""


class HeldModel(Model):
    """What one user holds."""

    groups: frozenset[Name] = attribute("Groups the user is in.", default=frozenset())
    attributes: dict[str, frozenset[HeldValue]] = attribute(
        "Attributes the user holds: a list of values each.", default={}
    )

    @field_validator("attributes")
    @classmethod
    def _names_can_be_compared(cls, attributes: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        for name in attributes:
            checked_name(name)
        return attributes


class UserProfilesModel(GovernedModel):
    """Profiles of many users in one resource, written together or not at all. A user has a profile in one
    resource only.
    """

    users: dict[str, HeldModel] = attribute("What each user holds, by the Redshift user's name.")

    @field_validator("users")
    @classmethod
    def _users_can_be_named(cls, users: dict[str, HeldModel]) -> dict[str, HeldModel]:
        for user in users:
            checked_identifier(user)
        return users


class UserProfiles(Resource[UserProfilesModel]):
    type_name = "veil_user_profiles"
    model = UserProfilesModel

    def plan(self, plan: Plan[UserProfilesModel], ctx: Context) -> None:
        if plan.planned is None:
            return
        plan_repair(plan, ctx)
        if wholly_known(plan.planned.users) and len(plan.planned.users) > MANY:
            ctx.diagnostics.warning(
                "Many users in one configuration",
                f"{len(plan.planned.users)} users are written inline. Terraform compares them one by one in every plan; "
                "split them over several resources, for example by department.",
                ("users",),
            )
        integration = plan.planned.integration
        governance = client_of(ctx).planning(integration if is_known(integration) else None)
        if governance is not None and wholly_known(plan.planned.users):
            self._require_own(plan, governance)

    def create(self, planned: UserProfilesModel, ctx: Context) -> UserProfilesModel:
        token = new_id()
        requests = tuple(Create(each, part_of(token, user)) for user, each in profiles(planned).items())
        self._submit(client_of(ctx).installed(planned.integration), requests)
        return planned.model_copy(update={"id": token, "drift": frozenset()})

    def update(self, prior: UserProfilesModel, planned: UserProfilesModel, ctx: Context) -> UserProfilesModel:
        from veil.governance.drift import drift_of

        governance = client_of(ctx).installed(planned.integration)
        deployed, wanted = governance.require(), profiles(planned)
        requests: list[Create | Update | Delete] = [
            Delete(Kind.PROFILE, user, part_of(prior.id, user)) for user in sorted(prior.users.keys() - wanted.keys())
        ]
        for user, profile in wanted.items():
            token = part_of(prior.id, user)
            stored = deployed.by_id.get((Kind.PROFILE, token))
            if stored is None:
                requests.append(Create(profile, token))
            elif stored.thing != profile or drift_of(deployed, stored, profile):
                requests.append(Update(token, profile))
        self._submit(governance, tuple(requests))
        return planned.model_copy(update={"id": prior.id, "drift": frozenset()})

    def delete(self, state: UserProfilesModel, ctx: Context) -> None:
        governance = client_of(ctx).governance(state.integration)
        with refused():
            if governance.deployed() is None:
                return
        self._submit(governance, tuple(Delete(Kind.PROFILE, user, part_of(state.id, user)) for user in state.users))

    def read(self, state: UserProfilesModel, ctx: Context) -> UserProfilesModel | None:
        with refused():
            deployed = client_of(ctx).governance(state.integration).deployed()
        if deployed is None:
            return None
        wanted = profiles(state)
        found = {user: deployed.by_id.get((Kind.PROFILE, part_of(state.id, user))) for user in wanted}
        if wanted and not any(found.values()):
            return None
        drift = frozenset(line for user, stored in found.items() for line in _drift(deployed, stored, wanted[user]))
        return state.model_copy(update={"drift": drift})

    def import_state(self, id: str, ctx: Context) -> UserProfilesModel:  # noqa: A002
        with refused():
            deployed = client_of(ctx).only_governance().require()
        chosen = [each for each in (part.strip() for part in id.split(",")) if each]
        held: dict[str, HeldModel] = {}
        tokens: set[str] = set()
        for user in chosen:
            stored = deployed.stored.get((Kind.PROFILE, user))
            if stored is None or not isinstance(stored.thing, governed.Profile):
                raise PluginError(
                    "No such user profile", f"There is no profile of {user!r}. Import by users: alice,bob"
                )
            held[user] = HeldModel(groups=stored.thing.groups, attributes=dict(stored.thing.attributes))
            tokens.add(stored.id.partition(".")[0])
        if len(tokens) != 1 or any(
            deployed.stored[Kind.PROFILE, user].id != part_of(next(iter(tokens)), user) for user in held
        ):
            raise PluginError(
                "Not one resource",
                "These users were not made by one veil_user_profiles. Import each of them as a veil_user_profile, or name "
                "the users of one resource: alice,bob",
            )
        integration = deployed.integration
        return UserProfilesModel.partial(
            users=held, id=tokens.pop(), integration=integration.id if integration else "", drift=frozenset()
        )

    def _submit(self, governance: "Governance", requests: tuple[Create | Update | Delete, ...]) -> None:
        if requests:
            with refused():
                governance.submit(Batch(requests))

    def _require_own(self, plan: Plan[UserProfilesModel], governance: "Governance") -> None:
        planned, prior = plan.planned, plan.prior
        deployed = governance.deployed()
        if planned is None or deployed is None:
            return
        for user, profile in profiles(planned).items():
            stored = deployed.stored.get((Kind.PROFILE, user))
            mine = prior is not None and stored is not None and stored.id == part_of(prior.id, user)
            if stored is not None and not mine and stored.thing != profile:
                raise PluginError(
                    "Two profiles of one user",
                    f"{user} has a profile already, made by another resource. Name the user in one of the two only.",
                    path=("users", user),
                )


def profiles(declared: UserProfilesModel) -> dict[str, governed.Profile]:
    """The profile of each user."""
    return {
        user: governed.Profile(user, held.groups, {name: frozenset(values) for name, values in held.attributes.items()})
        for user, held in sorted(declared.users.items())
    }


def part_of(token: str, user: str) -> str:
    """The token of one user's row in a resource of many."""
    return f"{token}.{hashlib.sha256(user.encode()).hexdigest()[:24]}"


def _drift(deployed: "Deployed", stored: "Stored | None", wanted: governed.Profile) -> list[str]:
    from veil.governance.drift import drift_of

    if stored is None:
        return [f"{wanted.user}: the profile is gone or belongs to another resource"]
    return [f"{wanted.user}: {line}" for line in drift_of(deployed, stored, wanted)]
