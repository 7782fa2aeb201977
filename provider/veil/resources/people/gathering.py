"""What several lines or objects of a file say of users, added up."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from veil.model import Expires, Profile
from veil.resources.people.problems import Problems

Right = tuple[str | None, str]
"""An attribute and a value of it; no attribute and a group."""


class Gathered:
    """The users of one file. Sets that are alike are kept once: a directory repeats itself a great
    deal.
    """

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._held: dict[str, set[Right]] = {}
        self._ends: dict[str, dict[Right, datetime]] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}

    def add(self, where: str, user: str, rights: Iterable[Right], end: datetime | None) -> None:
        """Take in what is said of a user at one place of the file, all of which ends then."""
        held = self._held.setdefault(user, set())
        for right in rights:
            known = self._ends.get(user, {}).get(right)
            if right in held and known != end:
                name, value = right
                what = f"group {value!r}" if name is None else f"{name} = {value!r}"
                self._problems.add(
                    where, f"{user} has the {what} until two different times. Leave the time that is meant"
                )
            held.add(right)
            if end is not None:
                self._ends.setdefault(user, {})[right] = end

    def profiles(self) -> dict[str, Profile]:
        """The profile of each user."""
        return {user: self._profile(user, held) for user, held in self._held.items()}

    def _profile(self, user: str, held: set[Right]) -> Profile:
        groups, attributes = _parted(held)
        ends = self._ends.get(user)
        return Profile(
            user,
            self._shared(groups),
            {name: self._shared(attributes[name]) for name in sorted(attributes)},
            _expires(ends) if ends else Expires(),
        )

    def _shared(self, values: Iterable[str]) -> frozenset[str]:
        shared = frozenset(values)
        return self._sets.setdefault(shared, shared)


def _parted(rights: Iterable[Right]) -> tuple[list[str], dict[str, list[str]]]:
    groups: list[str] = []
    attributes: dict[str, list[str]] = {}
    for name, value in rights:
        (groups if name is None else attributes.setdefault(name, [])).append(value)
    return groups, attributes


def _expires(ends: Mapping[Right, datetime]) -> Expires:
    groups, attributes = _parted(ends)
    return Expires(
        {each: ends[None, each] for each in groups},
        {name: {each: ends[name, each] for each in values} for name, values in attributes.items()},
    )
