"""One object put into the World or removed from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from veil.model.closings import Closing
from veil.model.integration import Integration
from veil.model.people import Impersonation, Profile, Project, Purpose, Subscription
from veil.model.policies import MaskingPolicy, RowPolicy, SubscriptionPolicy
from veil.model.sources import DataSource
from veil.model.world import World

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
    """The kinds of governed object, as the warehouse's metadata spells them."""

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


_KINDS: dict[type, tuple[Kind, str]] = {
    Integration: (Kind.INTEGRATION, "integration"),
    DataSource: (Kind.DATA_SOURCE, "data_sources"),
    MaskingPolicy: (Kind.MASKING_POLICY, "masking_policies"),
    RowPolicy: (Kind.ROW_POLICY, "row_policies"),
    SubscriptionPolicy: (Kind.SUBSCRIPTION_POLICY, "subscription_policies"),
    Subscription: (Kind.SUBSCRIPTION, "subscriptions"),
    Profile: (Kind.PROFILE, "profiles"),
    Purpose: (Kind.PURPOSE, "purposes"),
    Project: (Kind.PROJECT, "projects"),
    Impersonation: (Kind.IMPERSONATION, "impersonations"),
    Closing: (Kind.CLOSING, "closings"),
}
_FIELDS = dict(_KINDS.values())


def kind_of(thing: Governed) -> Kind:
    """The kind under which the metadata keeps this object."""
    return _KINDS[type(thing)][0]


def key_of(thing: Governed) -> Any:
    """What identifies the object among its kind: a name, a user, a dotted table name, or (user, data source)."""
    match thing:
        case DataSource():
            return thing.key
        case Subscription():
            return (thing.user, thing.data_source)
        case Profile() | Impersonation():
            return thing.user
        case Closing():
            return thing.id
        case _:
            return thing.name


@dataclass(frozen=True, slots=True)
class Put:
    """Create or replace one object. On a rename `replaces` is the key it had."""

    thing: Governed
    replaces: Any = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete one object."""

    kind: Kind
    key: Any


Change = Put | Remove


def apply(world: World, *changes: Change) -> World:
    """The World after these changes, in their order. Removing what is not there changes nothing.

    Raises ValueError on removing the integration: without it there is no World.
    """
    touched: dict[str, Any] = {}
    for change in changes:
        kind = change.kind if isinstance(change, Remove) else kind_of(change.thing)
        place = _FIELDS[kind]
        if kind is Kind.INTEGRATION:
            if isinstance(change, Remove):
                raise ValueError("the integration is removed by destroying it, not by a change to its World")
            touched[place] = change.thing
            continue
        if place not in touched:
            touched[place] = dict(getattr(world, place))
        objects = touched[place]
        if isinstance(change, Remove):
            objects.pop(change.key, None)
            continue
        if change.replaces is not None:
            objects.pop(change.replaces, None)
        objects[key_of(change.thing)] = change.thing
    return replace(world, **touched)


def keys_of(world: World, kind: Kind) -> Iterable[Any]:
    """The keys of all objects of this kind."""
    return [world.integration.name] if kind is Kind.INTEGRATION else getattr(world, _FIELDS[kind]).keys()


def lookup(world: World, kind: Kind, key: Any) -> Governed | None:
    """The object of this kind and key, or None."""
    if kind is Kind.INTEGRATION:
        return world.integration if world.integration.name == key else None
    found: Governed | None = getattr(world, _FIELDS[kind]).get(key)
    return found
