"""The profiles that one `veil_user_profiles` owns, and the requests that make them what they should
be.

Each profile has a token of its own, derived from the resource's: so a resource finds its profiles
without a list of them in the state.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from veil.governance import requests
from veil.model import Kind, Profile
from veil.plugin import PluginError
from veil.resources.people.user_file import digest

if TYPE_CHECKING:
    from veil.governance import DeployedState, StoredObject

Requests = tuple[requests.Create | requests.Update | requests.Delete, ...]


def part_of(token: str, user: str) -> str:
    """The token of one user's row in the resource of this token."""
    return f"{token}.{hashlib.sha256(user.encode()).hexdigest()[:24]}"


def owned(deployed: "DeployedState", token: str) -> dict[str, "StoredObject"]:
    """The stored profiles of the resource of this token, by user."""
    prefix = f"{token}."
    return {
        each.key: each
        for (kind, part), each in deployed.by_id.items()
        if kind is Kind.PROFILE and part.startswith(prefix)
    }


def creations(token: str, wanted: Mapping[str, Profile]) -> Requests:
    """The requests that make all profiles of a new resource."""
    return tuple(requests.Create(wanted[user], part_of(token, user)) for user in sorted(wanted))


def differences(
    deployed: "DeployedState", token: str, before: Iterable[str] | None, wanted: Mapping[str, Profile]
) -> Requests:
    """The requests that turn what the resource owns into `wanted`; none for a profile that is as it
    should be.

    `before` are the users that the state names; None where it names none, and all that the resource
    owns count.
    """
    from veil.governance import drift

    owned_profiles = owned(deployed, token)
    changes: list[requests.Create | requests.Update | requests.Delete] = [
        requests.Delete(Kind.PROFILE, user, part_of(token, user))
        for user in sorted(set(owned_profiles if before is None else before) - wanted.keys())
    ]
    for user, profile in sorted(wanted.items()):
        stored = owned_profiles.get(user)
        if stored is None:
            changes.append(requests.Create(profile, part_of(token, user)))
        elif stored.thing != profile or drift.drift_of(deployed, stored, profile):
            changes.append(requests.Update(stored.id, profile))
    return tuple(changes)


def drift(deployed: "DeployedState", token: str, wanted: Mapping[str, Profile]) -> list[str]:
    """What was altered of the wanted profiles, a line each."""
    owned_profiles = owned(deployed, token)
    return [
        line
        for user, profile in sorted(wanted.items())
        for line in _altered(deployed, user, owned_profiles.get(user), profile)
    ]


def drift_of_all(deployed: "DeployedState", token: str, count: int, expected: str | None) -> list[str]:
    """What was altered of a resource that knows only how many profiles it has, and the `expected`
    hash of them.
    """
    owned_profiles = owned(deployed, token)
    lines: list[str] = []
    if len(owned_profiles) < count:
        lines.append(f"{count - len(owned_profiles)} of {count} profiles are gone or belong to another resource")
    elif (
        all(each.thing is not None for each in owned_profiles.values())
        and digest(profiles_of(owned_profiles)) != expected
    ):
        lines.append("the profiles are not those that were applied")
    for user, stored in sorted(owned_profiles.items()):
        lines += _altered(deployed, user, stored, stored.thing if isinstance(stored.thing, Profile) else None)
    return lines


def profiles_of(stored: Mapping[str, "StoredObject"]) -> list[Profile]:
    """The profiles of these rows, as far as they can be trusted."""
    return [each.thing for each in stored.values() if isinstance(each.thing, Profile)]


def _altered(
    deployed: "DeployedState", user: str, stored: "StoredObject | None", wanted: Profile | None
) -> Iterator[str]:
    """`wanted` None: what the profile should be is not known."""
    from veil.governance import drift

    if stored is None:
        yield f"{user}: the profile is gone or belongs to another resource"
    elif wanted is None:
        yield f"{user}: its metadata row was {stored.fate} outside veil"
    else:
        yield from (f"{user}: {line}" for line in sorted(drift.drift_of(deployed, stored, wanted)))


def profile_claims(users: Iterable[str], resource: str, attribute: str) -> Iterator[requests.Claim]:
    """That a resource of this type is to be the only one with the profiles of these users."""
    for user in users:
        path = (attribute, user) if attribute == "users" else (attribute,)
        yield requests.Claim(("user", user), "Two profiles of one user", user, resource, path)


def chosen(deployed: "DeployedState", users: list[str]) -> tuple[str, dict[str, Profile]]:
    """The token and the profiles of the resource that made these users. Raises PluginError where it
    is not one.
    """
    held: dict[str, Profile] = {}
    tokens: set[str] = set()
    for user in users:
        stored = deployed.stored.get((Kind.PROFILE, user))
        if stored is None or not isinstance(stored.thing, Profile):
            raise PluginError("No such user profile", f"There is no profile of {user!r}. Import by users: alice,bob")
        held[user] = stored.thing
        tokens.add(stored.id.partition(".")[0])
    token = next(iter(tokens), "")
    if len(tokens) != 1 or any(deployed.stored[Kind.PROFILE, user].id != part_of(token, user) for user in held):
        raise PluginError(
            "Not one resource",
            "These users were not made by one veil_user_profiles. Import each of them as a veil_user_profile, or name "
            "the users of one resource: alice,bob",
        )
    return token, held
