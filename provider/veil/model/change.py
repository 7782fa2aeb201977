"""One object put into the World or removed from it."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from veil.model.kinds import KINDS, Governed, Kind, World, key_of, kind_of


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


def apply(world: World, *changes: Change, known: Set[str] = frozenset()) -> World:
    """The World after these changes, in their order. Removing what is not there changes nothing. A
    user without a profile begins anew with one, but for those who are `known` to have one that this
    World could not tell.

    Raises ValueError on removing the integration: without it there is no World.
    """
    touched: dict[str, Any] = {}
    if ended := ended_by(changes, world.approvals):
        touched["approvals"] = {pair: each for pair, each in world.approvals.items() if pair not in ended}
    for change in changes:
        kind = change.kind if isinstance(change, Remove) else kind_of(change.thing)
        field = KINDS[kind].world_field
        if kind is Kind.INTEGRATION:
            if isinstance(change, Remove):
                raise ValueError("the integration is removed by destroying it, not by a change to its World")
            touched[field] = change.thing
            continue
        if field not in touched:
            touched[field] = dict(getattr(world, field))
        objects = touched[field]
        key = change.key if isinstance(change, Remove) else key_of(change.thing)
        if kind is Kind.PROFILE and (isinstance(change, Remove) or not (key in objects or key in known)):
            _forget(world, touched, key)
        if isinstance(change, Remove):
            objects.pop(key, None)
            continue
        if change.replaces is not None:
            objects.pop(change.replaces, None)
        objects[key] = change.thing
    return replace(world, **touched)


def ended_by(changes: Iterable[Change], pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Those of these users and data sources of whom changes end what was asked for, or approved, at
    run time: a subscription takes its place, a refusal ends it, and nothing is left of it once its
    user or its data source goes.
    """
    known = frozenset(pairs)
    if not known:
        return known
    named, users, sources = set(), set(), set()
    for change in changes:
        if isinstance(change, Put):
            if kind_of(change.thing) in (Kind.SUBSCRIPTION, Kind.ACCESS_REFUSAL):
                named.add(key_of(change.thing))
        elif change.kind is Kind.PROFILE:
            users.add(change.key)
        elif change.kind is Kind.DATA_SOURCE:
            sources.add(change.key)
    return frozenset(pair for pair in known if pair in named or pair[0] in users or pair[1] in sources)


def _forget(world: World, touched: dict[str, Any], user: str) -> None:
    """Take out what a user chose: with the profile it goes, and whoever gets the name later begins
    anew.
    """
    if user in touched.get("runtimes", world.runtimes):
        kept = touched.setdefault("runtimes", dict(world.runtimes))
        del kept[user]


def objects_of(world: World, kind: Kind) -> Mapping[Any, Any]:
    """All objects of this kind, by key."""
    held: Any = getattr(world, KINDS[kind].world_field)
    return {held.name: held} if kind is Kind.INTEGRATION else held


def keys_of(world: World, kind: Kind) -> Iterable[Any]:
    """The keys of all objects of this kind."""
    return objects_of(world, kind).keys()


def lookup(world: World, kind: Kind, key: Any) -> Governed | None:
    """The object of this kind and key, or None."""
    thing: Governed | None = objects_of(world, kind).get(key)
    return thing
