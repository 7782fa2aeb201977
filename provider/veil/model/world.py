"""Everything governed in one database, at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from veil.model.closings import Closing
from veil.model.integration import Integration
from veil.model.people import Impersonation, Profile, Project, Purpose, Runtime, Subscription
from veil.model.policies import MaskingPolicy, RowPolicy, SubscriptionPolicy
from veil.model.sources import DataSource
from veil.model.user_functions import UserFunctions


@dataclass(frozen=True, slots=True)
class World:
    """All governed objects by key: data sources by `DataSource.key`, policies, purposes and projects by name,
    people by user.

    `functions` are those that masks call, as far as they are there. Subscriptions are keyed by `(user, data source key)`, closings by id. A World is never changed; `change.apply` makes the next one.
    """

    integration: Integration
    data_sources: Mapping[str, DataSource] = field(default_factory=dict)
    masking_policies: Mapping[str, MaskingPolicy] = field(default_factory=dict)
    row_policies: Mapping[str, RowPolicy] = field(default_factory=dict)
    subscription_policies: Mapping[str, SubscriptionPolicy] = field(default_factory=dict)
    subscriptions: Mapping[tuple[str, str], Subscription] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    purposes: Mapping[str, Purpose] = field(default_factory=dict)
    projects: Mapping[str, Project] = field(default_factory=dict)
    impersonations: Mapping[str, Impersonation] = field(default_factory=dict)
    closings: Mapping[str, Closing] = field(default_factory=dict)
    runtimes: Mapping[str, Runtime] = field(default_factory=dict)
    functions: UserFunctions = field(default_factory=dict)

    def with_staged(self) -> "World":
        """The World as if every staged policy were active."""
        return replace(
            self,
            masking_policies={name: replace(each, staged=False) for name, each in self.masking_policies.items()},
            row_policies={name: replace(each, staged=False) for name, each in self.row_policies.items()},
            subscription_policies={
                name: replace(each, staged=False) for name, each in self.subscription_policies.items()
            },
        )
