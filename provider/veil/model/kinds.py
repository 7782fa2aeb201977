"""The kinds of governed object, each declared once.

What holds of a kind wherever it turns up stands in its row of `KINDS`. What only one part of veil knows of it (how it
drifts, what its names may be, how it is exported) stands in a table of that part, by kind; `tests/model/test_kinds.py` says of
each of them that it has an entry for every kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from operator import attrgetter
from typing import Any

from veil.model.closings import Closing
from veil.model.integration import Integration
from veil.model.people import Impersonation, Profile, Project, Purpose, Subscription
from veil.model.policies import MaskingPolicy, Policy, RowPolicy, SubscriptionPolicy
from veil.model.sources import DataSource

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
    | Closing
)


class Kind(StrEnum):
    """The kinds of governed object, as the warehouse's metadata spells them and, after `veil_`, Terraform."""

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
    CLOSING = "closing"


class Decides(Enum):
    """What in the warehouse follows from the objects of a kind."""

    VIEWS = auto()
    """The text of views."""
    ENTRIES = auto()
    """What views read about users: groups, attributes, subscriptions, projects and their purposes."""
    IMPERSONATION = auto()
    """Whom a user may act as."""
    CLOSED = auto()
    """Which data sources show no rows until something is put right."""


@dataclass(frozen=True, slots=True)
class KindSpec:
    """What holds of every object of one kind."""

    kind: Kind
    type: type
    """The class of its objects."""
    stored_name: str
    """What that class is called in stored metadata. It stays when the class is renamed: rows are read by it."""
    noun: str
    world_field: str
    """The field of the World that has its objects: by key, but for the integration, of which there is one."""
    key: tuple[str, ...]
    """The attributes that identify an object among its kind."""
    decides: Decides
    names: str | None = None
    """Among which names that of an object must be its own, where it may change without the object becoming another one.
    Kinds that say the same here are told apart by their names as well.
    """
    removal_shows_more: bool = False
    """Whether somebody may see more once an object is removed."""

    @property
    def plural(self) -> str:
        return f"{self.noun[:-1]}ies" if self.noun.endswith("y") else f"{self.noun}s"


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
            names="views",
        ),
        KindSpec(
            Kind.MASKING_POLICY,
            MaskingPolicy,
            stored_name="MaskingPolicy",
            noun="masking policy",
            world_field="masking_policies",
            key=("name",),
            decides=Decides.VIEWS,
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
        ),
        KindSpec(
            Kind.PROFILE,
            Profile,
            stored_name="Profile",
            noun="user profile",
            world_field="profiles",
            key=("user",),
            decides=Decides.ENTRIES,
        ),
        KindSpec(
            Kind.PURPOSE,
            Purpose,
            stored_name="Purpose",
            noun="purpose",
            world_field="purposes",
            key=("name",),
            decides=Decides.ENTRIES,
            names="purposes",
        ),
        KindSpec(
            Kind.PROJECT,
            Project,
            stored_name="Project",
            noun="project",
            world_field="projects",
            key=("name",),
            decides=Decides.ENTRIES,
            names="projects",
        ),
        KindSpec(
            Kind.IMPERSONATION,
            Impersonation,
            stored_name="Impersonation",
            noun="impersonation",
            world_field="impersonations",
            key=("user",),
            decides=Decides.IMPERSONATION,
        ),
        KindSpec(
            Kind.CLOSING,
            Closing,
            stored_name="Closing",
            noun="closing",
            world_field="closings",
            key=("id",),
            decides=Decides.CLOSED,
            removal_shows_more=True,
        ),
    )
}

_KIND_OF = {spec.type: spec.kind for spec in KINDS.values()}
_KEY_OF = {kind: attrgetter(*spec.key) for kind, spec in KINDS.items()}

POLICY_KINDS = tuple(kind for kind, spec in KINDS.items() if issubclass(spec.type, Policy))
"""The kinds of policy."""

KINDS_OF_VIEWS = frozenset(kind for kind, spec in KINDS.items() if spec.decides is Decides.VIEWS)
"""The kinds that the text of views is made from."""


def kind_of(thing: Governed) -> Kind:
    """The kind of an object."""
    return _KIND_OF[type(thing)]


def key_of(thing: Governed) -> Any:
    """What identifies the object among its kind: a name, a user, a dotted table name, or (user, data source)."""
    return _KEY_OF[kind_of(thing)](thing)


def kinds_beside(kind: Kind) -> tuple[Kind, ...]:
    """The kinds among which the name of an object of this kind must be its own: this one first, then the others."""
    names = KINDS[kind].names
    return (kind, *(other for other, spec in KINDS.items() if names and spec.names == names and other is not kind))
