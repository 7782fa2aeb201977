"""Names that policies ask for and nobody has, as far as the plans seen so far show."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from veil.language import Asked, Holding
from veil.model import Kind, Policy, Profile, Project, World, key_of, kind_of
from veil.model.change import lookup
from veil.model.kinds import Governed
from veil.policy import Finding, Place, asked_of, held_by, not_held, without_user

_HOLDERS = (Kind.PROFILE, Kind.PROJECT)


class PlannedHoldings:
    """What all profiles and projects have, deployed ones as they are planned to be, and what
    planned policies ask for.

    Nothing orders policies and profiles in a plan, so what is missing now may be there a moment
    later: `missing` says whether there is something to tell, and `told` tells it, each name once.
    """

    def __init__(self, deployed: World | None) -> None:
        self._deployed = deployed
        self._planned: dict[Place, Profile | Project | None] = {}
        self._held: Counter[Asked] | None = None  # Counted once a policy asks: most of what changes is no policy.
        self._askers: dict[Asked, set[Place]] = defaultdict(set)
        self._asked: dict[Place, frozenset[Asked]] = {}
        self._missing: set[Asked] = set()
        self._users: frozenset[str] | None = None
        self._lacking: set[str] = set()
        self._undecided: set[Kind] = set()
        self._told: set[Asked | str] = set()

    def put(self, thing: Governed, replaces: Any) -> None:
        """Take in a planned object; `replaces` is the key that it has now."""
        kind, key = kind_of(thing), key_of(thing)
        if isinstance(thing, Policy):
            self._forget((kind, replaces))
            self._ask((kind, key), asked_of(thing))
        elif isinstance(thing, Profile | Project):
            if replaces not in (None, key):
                self._replace((kind, replaces), None)
            self._replace((kind, key), thing)

    def put_profiles(self, profiles: Mapping[str, Profile], gone: Iterable[str]) -> None:
        """Take in the planned profiles of one resource, and that of those who are `gone` none is
        left.
        """
        for user, profile in profiles.items():
            self._replace((Kind.PROFILE, user), profile)
        for user in gone:
            self._replace((Kind.PROFILE, user), None)

    def remove(self, kind: Kind, key: Any) -> None:
        """Take in a planned removal."""
        if kind in _HOLDERS:
            self._replace((kind, key), None)
        else:
            self._forget((kind, key))

    def leave_open(self, kind: Kind) -> None:
        """Take in that an object of this kind is planned of which not all is known yet: it may have
        any name.
        """
        self._undecided.add(kind)

    def know_users(self, users: frozenset[str]) -> None:
        """Take in which users the warehouse has."""
        self._users = users

    def makes_profiles(self, users: Iterable[str]) -> bool:
        """Whether one of these users has no profile yet."""
        known = self._deployed.profiles if self._deployed is not None else {}
        return any(user not in known for user in users)

    @property
    def missing(self) -> bool:
        """Whether there is something to tell, were this all that is planned."""
        return bool(self._lacking) or any(map(self._can_be_told, self._missing))

    def tell(self) -> list[Finding]:
        """What is missing, of which nothing has been told yet."""
        asked = {each: self._askers[each] for each in self._missing if self._can_be_told(each)}
        held = frozenset(each for each, count in self._counted().items() if count)
        findings = (not_held(asked, held), without_user(self._lacking, self._users or ()))
        self._told |= asked.keys() | self._lacking
        self._missing -= asked.keys()
        self._lacking.clear()
        return [each for each in findings if each is not None]

    def _can_be_told(self, asked: Asked) -> bool:
        holder = Kind.PROJECT if asked.what is Holding.PURPOSE else Kind.PROFILE
        return holder not in self._undecided

    def _ask(self, place: Place, asked: frozenset[Asked]) -> None:
        self._forget(place)
        self._asked[place] = asked
        for each in asked:
            self._askers[each].add(place)
            if not self._counted()[each] and each not in self._told:
                self._missing.add(each)

    def _forget(self, place: Place) -> None:
        for each in self._asked.pop(place, ()):
            self._askers[each].discard(place)
            if not self._askers[each]:
                self._missing.discard(each)

    def _replace(self, place: Place, now: Profile | Project | None) -> None:
        before = self._now(place)
        self._planned[place] = now
        if place[0] is Kind.PROFILE:
            self._note_user(place[1], has_profile=now is not None)
        if self._held is None or before == now:
            return
        had, has = set(held_by(before) if before else ()), set(held_by(now) if now else ())
        self._held.subtract(had - has)
        self._held.update(has - had)
        self._missing -= has
        lost = (each for each in had - has if not self._held[each])
        self._missing.update(each for each in lost if self._askers.get(each) and each not in self._told)

    def _note_user(self, user: str, *, has_profile: bool) -> None:
        new = has_profile and (self._deployed is None or user not in self._deployed.profiles)
        if new and self._users is not None and user not in self._users and user not in self._told:
            self._lacking.add(user)
        elif not new:
            self._lacking.discard(user)

    def _now(self, place: Place) -> Profile | Project | None:
        if place in self._planned:
            return self._planned[place]
        thing = lookup(self._deployed, *place) if self._deployed is not None else None
        return thing if isinstance(thing, Profile | Project) else None

    def _counted(self) -> Counter[Asked]:
        """How many have each name."""
        if self._held is None:
            deployed = self._deployed
            everyone: dict[Place, Profile | Project | None] = {}
            if deployed is not None:
                everyone |= {(Kind.PROFILE, key): each for key, each in deployed.profiles.items()}
                everyone |= {(Kind.PROJECT, key): each for key, each in deployed.projects.items()}
            everyone |= self._planned
            self._held = Counter(
                each for holder in everyone.values() if holder is not None for each in set(held_by(holder))
            )
        return self._held
