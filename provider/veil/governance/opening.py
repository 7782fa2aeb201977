"""What a planned change lets people see that they do not see now, judged by what has been planned
so far.

Terraform plans resources one by one and tells no plan's end. So the change is compared with what
would be without it, over all else that has been planned; what shows already is no gain. The exact
answer is that of `veil diff`.
"""

import threading
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from veil.diff import Opened, opened
from veil.diff.reasons import declared
from veil.model import KINDS, POLICY_KINDS, DataSource, Kind, Put, Remove, Subscription, World, key_of, kind_of
from veil.model.change import Change, apply, lookup
from veil.model.kinds import Governed
from veil.policy import Place, touched

MOST_LOOKED_AT = 1_000
"""After so many views, or what costs as much, a plan looks at no more of them for a warning, which
must not cost it more than it is worth.
"""


_USERS_LIKE_A_VIEW = 1_000
"""To tell so many users apart costs about as much as to compare a view."""


class Opening:
    """What the changes of one plan open, each told once. Safe to use from many threads."""

    def __init__(self, deployed: World) -> None:
        self._deployed = deployed
        self._looked_at = 0
        self._told: set[Any] = set()
        self._lock = threading.Lock()

    @property
    def is_exhausted(self) -> bool:
        """Whether so much has been compared that a warning is not worth more."""
        return self._looked_at >= MOST_LOOKED_AT

    def no_more(self) -> str | None:
        """That no more is compared; told once."""
        return self._once("no more", "More changes are planned than a plan looks at: veil diff shows who gains")

    def by_change(self, world: World, kind: Kind, key: Any, replaces: Any, staying: frozenset[str]) -> str | None:
        """What a planned object opens, or the removal of one, where it is not in the World that is
        planned so far. `replaces` is the key that it has now. A removal counts on data sources that
        are planned to stay: mostly all goes at once.
        """
        had = lookup(self._deployed, kind, key if replaces is None else replaces)
        gets = lookup(world, kind, key)
        if had is not None and replaces not in (None, key):
            had = _named(had, key)
        if declared(had) == declared(gets):
            return None
        before = apply(world, Remove(kind, key) if had is None else Put(had))
        change: Change = Remove(kind, key) if gets is None else Put(gets)
        keys = self._sources(before, world, change)
        opening = self._opened(before, world, keys if gets is not None else keys & staying, _people(had, gets, world))
        return self._once((kind, key), _sentence(opening.words)) if opening is not None else None

    def by_removals(self, world: World, removed: Iterable[Place], source: str) -> str | None:
        """What the removal of these policies opens on one data source."""
        gone = [thing for place in removed if (thing := lookup(self._deployed, *place)) and not lookup(world, *place)]
        before = apply(world, *map(Put, gone))
        keys = touched(before, world, [Remove(kind_of(each), key_of(each)) for each in gone])
        opening = self._opened(before, world, keys & {source}, None)
        if opening is None:
            return None
        named = sorted(f'{KINDS[kind_of(each)].noun} "{key_of(each)}"' for each in gone)
        return self._once(source, _sentence(f"removing {' and '.join(named)} {opening.words}"))

    def _once(self, what: Any, sentence: str) -> str | None:
        with self._lock:
            is_new = (what, sentence) not in self._told
            self._told.add((what, sentence))
        return sentence if is_new else None

    def _sources(self, before: World, after: World, change: Change) -> frozenset[str]:
        """The data sources on which the change may matter."""
        kind = change.kind if isinstance(change, Remove) else kind_of(change.thing)
        if kind in POLICY_KINDS or kind is Kind.INTEGRATION:
            return touched(before, after, [change])
        if kind in (Kind.PROJECT, Kind.PURPOSE):
            return frozenset(
                key for each in (before, after) for one in each.projects.values() for key in one.data_sources
            )
        thing = change.thing if isinstance(change, Put) else None
        if isinstance(thing, DataSource):
            return frozenset({thing.key}) & self._deployed.data_sources.keys()
        return frozenset({thing.data_source}) if isinstance(thing, Subscription) else frozenset()

    def _opened(
        self, before: World, after: World, keys: frozenset[str], people: frozenset[str] | None
    ) -> Opened | None:
        if not keys and before.impersonations == after.impersonations:
            return None
        deployed, one, other = (_part(each, keys, people) for each in (self._deployed, before, after))
        with self._lock:
            self._looked_at += len(keys) + len(other.profiles) // _USERS_LIKE_A_VIEW
        return opened(deployed, one, other, now=datetime.now(UTC))


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}: veil diff shows which"


def _named(thing: Governed, name: Any) -> Governed:
    return replace(thing, name=name) if any(each.name == "name" for each in fields(thing)) else thing


def _people(had: Governed | None, gets: Governed | None, world: World) -> frozenset[str] | None:
    """The users for whom the change of an object can matter, with those whom a project lets share
    it; None where that is all.
    """
    for thing in (gets, had):
        if isinstance(thing, Subscription):
            shared = (each.members for each in world.projects.values() if thing.user in each.members)
            return frozenset({thing.user}).union(*shared)
    return None


def _part(world: World, keys: frozenset[str], people: frozenset[str] | None) -> World:
    """The World with these data sources and people alone."""
    sources = {key: world.data_sources[key] for key in keys & world.data_sources.keys()}
    part = replace(world, data_sources=sources)
    if people is None:
        return part
    return replace(
        part,
        profiles={user: world.profiles[user] for user in people & world.profiles.keys()},
        subscriptions={key: each for key, each in world.subscriptions.items() if key[0] in people},
        approvals={key: each for key, each in world.approvals.items() if key[0] in people},
    )
