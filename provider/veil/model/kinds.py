"""The kinds of governed object, each declared once, and the World, which has all objects of one
database at one moment.

What holds of a kind wherever it turns up stands in its row of `KINDS`. Beside that, its class says
which texts in it are stored, `governance/drift.py` what drifts of it beyond its own row, and its
resource how it is declared, imported and exported; `tests/model/test_kinds.py` asserts that every
kind has each of these.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum, auto
from operator import attrgetter
from typing import Any

from veil.model.closings import Closing
from veil.model.columns import ColumnType
from veil.model.integration import Integration
from veil.model.people import AccessRefusal, Impersonation, Profile, Project, Purpose, Runtime, Subscription
from veil.model.policies import MaskingPolicy, Policy, RowPolicy, SubscriptionPolicy
from veil.model.purposes import covering
from veil.model.sources import DataSource
from veil.model.user_functions import UserFunctions

Governed = (
    Integration
    | DataSource
    | MaskingPolicy
    | RowPolicy
    | SubscriptionPolicy
    | Subscription
    | Profile
    | Purpose
    | Project
    | Impersonation
    | AccessRefusal
    | Closing
)


class Kind(StrEnum):
    """The kinds of governed object, as the warehouse's metadata spells them and, after `veil_`,
    Terraform.
    """

    INTEGRATION = "integration"
    DATA_SOURCE = "data_source"
    MASKING_POLICY = "masking_policy"
    ROW_POLICY = "row_policy"
    SUBSCRIPTION_POLICY = "subscription_policy"
    SUBSCRIPTION = "subscription"
    PROFILE = "user_profile"
    PURPOSE = "purpose"
    PROJECT = "project"
    IMPERSONATION = "impersonation"
    ACCESS_REFUSAL = "access_refusal"
    CLOSING = "closing"


LookupTables = Mapping[tuple[str, ...], Mapping[str, ColumnType]]
"""The columns of tables that policies look up in, by the names under which policies name them. A
table without any is known not to be there; of one that is missing here nobody has looked.
"""


@dataclass(frozen=True, slots=True)
class World:
    """All governed objects by key: data sources by `DataSource.key`, policies, purposes and
    projects by name, people by user.

    Subscriptions and refusals are keyed by `(user, data source key)`, closings by id. `runtimes`,
    `approvals`, `functions` and `lookups` nobody declares: what users chose in the warehouse, whom
    approvers admitted there, keyed as subscriptions are, the functions that masks call, as far as
    they are there, and the columns of the tables that policies look up in. A World is never
    changed; `change.apply` makes the next one.
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
    access_refusals: Mapping[tuple[str, str], AccessRefusal] = field(default_factory=dict)
    closings: Mapping[str, Closing] = field(default_factory=dict)
    runtimes: Mapping[str, Runtime] = field(default_factory=dict)
    approvals: Mapping[tuple[str, str], Subscription] = field(default_factory=dict)
    functions: UserFunctions = field(default_factory=dict)
    lookups: LookupTables = field(default_factory=dict)

    def with_staged(self) -> "World":
        """The World as if every staged policy were active."""
        return replace(self, **{spec.world_field: _active(self, spec) for spec in KINDS.values() if spec.is_policy})


def _active(world: World, spec: "KindSpec") -> Any:
    return {key: replace(each, staged=False) for key, each in getattr(world, spec.world_field).items()}


class Decides(Enum):
    """What in the warehouse follows from the objects of a kind."""

    VIEWS = auto()
    """The text of views."""
    ENTRIES = auto()
    """What views read about users: groups, attributes, subscriptions, projects and their
    purposes.
    """
    IMPERSONATION = auto()
    """Whom a user may act as."""
    REQUESTS = auto()
    """What users may ask for, and whether it ends."""
    CLOSED = auto()
    """Which data sources show no rows until something is put right."""


@dataclass(frozen=True, slots=True)
class KindSpec:
    """What holds of every object of one kind."""

    kind: Kind
    type: type
    """The class of its objects."""
    stored_name: str
    """What that class is called in stored metadata. It stays when the class is renamed: rows are
    read by it.
    """
    noun: str
    world_field: str
    """The field of the World that has its objects: by key, but for the integration, of which there
    is one.
    """
    key: tuple[str, ...]
    """The attributes that identify an object among its kind."""
    decides: Decides
    concerned: Callable[[Any, World, World], Set[str]]
    """The users whose rows a change of the object of a key may alter, from the Worlds before it and
    after it. Of a removal it is asked with what was there twice over.
    """
    is_declared: bool
    """Whether a resource declares its objects: `veil_<kind>`, the class of that name in
    `resources/<kind>.py`.
    """
    names: str | None
    """Among which names that of an object must be its own, where it may change without the object
    becoming another one. Kinds that say the same here are distinguished by their names as well.
    """
    removal_shows_more: bool
    """Whether somebody may see more once an object is removed."""

    @property
    def is_policy(self) -> bool:
        return issubclass(self.type, Policy)

    @property
    def plural(self) -> str:
        return f"{self.noun[:-1]}ies" if self.noun.endswith("y") else f"{self.noun}s"


def _nobody(key: Any, before: World, after: World) -> Set[str]:
    return frozenset()


def _user(key: str, before: World, after: World) -> Set[str]:
    return {key}


def _subscriber(key: tuple[str, str], before: World, after: World) -> Set[str]:
    return {key[0]}


def _members(name: str, before: World, after: World) -> Set[str]:
    return {member for each in (before, after) if name in each.projects for member in each.projects[name].members}


def _members_under(purpose: str, before: World, after: World) -> Set[str]:
    """The members of the projects that carry the purpose, or one below it: that may have its
    text.
    """
    projects = after.projects.values()
    member_sets = (each.members for each in projects if any(purpose in covering(name) for name in each.purposes))
    return {user for members in member_sets for user in members}


_LISTED = "listed by data sources"

KINDS: Mapping[Kind, KindSpec] = {
    spec.kind: spec
    for spec in (
        KindSpec(
            Kind.INTEGRATION,
            Integration,
            stored_name="Integration",
            noun="integration",
            world_field="integration",
            key=("name",),
            decides=Decides.VIEWS,
            concerned=_nobody,
            is_declared=True,
            names=None,
            removal_shows_more=True,
        ),
        KindSpec(
            Kind.DATA_SOURCE,
            DataSource,
            stored_name="DataSource",
            noun="data source",
            world_field="data_sources",
            key=("key",),
            decides=Decides.VIEWS,
            concerned=_nobody,
            is_declared=True,
            names="views",
            removal_shows_more=False,
        ),
        KindSpec(
            Kind.MASKING_POLICY,
            MaskingPolicy,
            stored_name="MaskingPolicy",
            noun="masking policy",
            world_field="masking_policies",
            key=("name",),
            decides=Decides.VIEWS,
            concerned=_nobody,
            is_declared=True,
            names=_LISTED,
            removal_shows_more=True,
        ),
        KindSpec(
            Kind.ROW_POLICY,
            RowPolicy,
            stored_name="RowPolicy",
            noun="row policy",
            world_field="row_policies",
            key=("name",),
            decides=Decides.VIEWS,
            concerned=_nobody,
            is_declared=True,
            names=_LISTED,
            removal_shows_more=True,
        ),
        KindSpec(
            Kind.SUBSCRIPTION_POLICY,
            SubscriptionPolicy,
            stored_name="SubscriptionPolicy",
            noun="subscription policy",
            world_field="subscription_policies",
            key=("name",),
            decides=Decides.VIEWS,
            concerned=_nobody,
            is_declared=True,
            names="subscription policies",
            removal_shows_more=True,  # A guardrail's does.
        ),
        KindSpec(
            Kind.SUBSCRIPTION,
            Subscription,
            stored_name="Subscription",
            noun="subscription",
            world_field="subscriptions",
            key=("user", "data_source"),
            decides=Decides.ENTRIES,
            concerned=_subscriber,
            is_declared=True,
            names=None,
            removal_shows_more=False,
        ),
        KindSpec(
            Kind.PROFILE,
            Profile,
            stored_name="Profile",
            noun="user profile",
            world_field="profiles",
            key=("user",),
            decides=Decides.ENTRIES,
            concerned=_user,
            is_declared=True,
            names=None,
            removal_shows_more=False,
        ),
        KindSpec(
            Kind.PURPOSE,
            Purpose,
            stored_name="Purpose",
            noun="purpose",
            world_field="purposes",
            key=("name",),
            decides=Decides.ENTRIES,
            concerned=_members_under,
            is_declared=True,
            names="purposes",
            removal_shows_more=False,
        ),
        KindSpec(
            Kind.PROJECT,
            Project,
            stored_name="Project",
            noun="project",
            world_field="projects",
            key=("name",),
            decides=Decides.ENTRIES,
            concerned=_members,
            is_declared=True,
            names="projects",
            removal_shows_more=False,
        ),
        KindSpec(
            Kind.IMPERSONATION,
            Impersonation,
            stored_name="Impersonation",
            noun="impersonation",
            world_field="impersonations",
            key=("user",),
            decides=Decides.IMPERSONATION,
            concerned=_nobody,
            is_declared=True,
            names=None,
            removal_shows_more=False,
        ),
        KindSpec(
            Kind.ACCESS_REFUSAL,
            AccessRefusal,
            stored_name="AccessRefusal",
            noun="access refusal",
            world_field="access_refusals",
            key=("user", "data_source"),
            decides=Decides.REQUESTS,
            concerned=_nobody,
            is_declared=True,
            names=None,
            removal_shows_more=False,
        ),
        KindSpec(
            Kind.CLOSING,
            Closing,
            stored_name="Closing",
            noun="closing",
            world_field="closings",
            key=("id",),
            decides=Decides.CLOSED,
            concerned=_nobody,
            is_declared=False,  # It is what an apply that failed left.
            names=None,
            removal_shows_more=True,
        ),
    )
}

_KIND_OF = {spec.type: spec.kind for spec in KINDS.values()}
_KEY_OF = {kind: attrgetter(*spec.key) for kind, spec in KINDS.items()}

POLICY_KINDS = tuple(kind for kind, spec in KINDS.items() if spec.is_policy)
"""The kinds of policy."""

KINDS_OF_VIEWS = frozenset(kind for kind, spec in KINDS.items() if spec.decides is Decides.VIEWS)
"""The kinds that the text of views is made from."""


def kind_of(thing: Governed) -> Kind:
    """The kind of an object."""
    return _KIND_OF[type(thing)]


def key_of(thing: Governed) -> Any:
    """What identifies the object among its kind: a name, a user, a dotted table name, or (user,
    data source).
    """
    return _KEY_OF[kind_of(thing)](thing)


def kinds_beside(kind: Kind) -> tuple[Kind, ...]:
    """The kinds among which the name of an object of this kind must be its own: this one first,
    then the others.
    """
    names = KINDS[kind].names
    return (kind, *(other for other, spec in KINDS.items() if names and spec.names == names and other is not kind))
