"""Rights that two Worlds let end at different times: what a comparison at one moment cannot
tell.
"""

from collections import defaultdict
from datetime import UTC, datetime

from veil.diff.findings import Gap
from veil.diff.grouping import people
from veil.model import Expires, Profile, World
from veil.oracle import ends_after, lasts


def ending_otherwise(before: World, after: World, now: datetime) -> tuple[Gap, ...]:
    """A gap for each right that users hold at `now` before and after, and that ends at another
    time.
    """
    by_right: dict[str, list[str]] = defaultdict(list)
    for user in sorted(before.profiles.keys() & after.profiles.keys()):
        profiles = before.profiles[user], after.profiles[user]
        if profiles[0].expires == profiles[1].expires:
            continue
        ends = ends_after(before, user, now), ends_after(after, user, now)
        for what in _held_by_both(profiles, ends, now):
            by_right[what].append(user)
    return tuple(
        Gap(people(users, ""), f"{what}: what that changes shows only then") for what, users in by_right.items()
    )


def _held_by_both(profiles: tuple[Profile, Profile], ends: tuple[Expires, Expires], now: datetime) -> list[str]:
    """What is held now by both profiles, and ends otherwise."""
    one, other = profiles
    rights: list[tuple[str, datetime | None, datetime | None]] = []
    for group in sorted(one.groups & other.groups):
        if all(lasts(each.expires.of_group(group), now) for each in profiles):
            rights.append((f"group {group}", ends[0].of_group(group), ends[1].of_group(group)))
    for name in sorted(one.attributes.keys() & other.attributes.keys()):
        for value in sorted(one.attributes[name] & other.attributes[name]):
            if all(lasts(each.expires.of_value(name, value), now) for each in profiles):
                rights.append((f"{name} = {value}", ends[0].of_value(name, value), ends[1].of_value(name, value)))
    return [f"{what} ends {_told(then)} instead of {_told(was)}" for what, was, then in rights if was != then]


def _told(end: datetime | None) -> str:
    return "never" if end is None else f"at {end.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
