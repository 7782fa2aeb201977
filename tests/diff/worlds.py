"""Two worlds of the fuzzer that differ by a random change, and what each user sees of rows in
both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.drawing import Draw, chance, pick, shrinking
from tests.fuzz.pools import GROUPS, USERS
from tests.fuzz.rows import lookups_of, rows_of
from tests.fuzz.stage import salts_of
from tests.fuzz.worlds import Case, case
from veil.model import KINDS, POLICY_KINDS, Kind, Subscription, World
from veil.oracle import see

CHANGING = (
    Kind.MASKING_POLICY,
    Kind.ROW_POLICY,
    Kind.SUBSCRIPTION_POLICY,
    Kind.DATA_SOURCE,
    Kind.PROFILE,
    Kind.SUBSCRIPTION,
    Kind.PROJECT,
    Kind.PURPOSE,
    Kind.CLOSING,
)


@dataclass(frozen=True)
class Change:
    """A case, and the World that a plan makes of its World. `renames` are the keys that objects
    had, by kind and new key.
    """

    case: Case
    after: World
    renames: Mapping[tuple[Kind, Any], Any] = field(default_factory=dict)


@st.composite
def changes(draw: Callable[..., Any], now: datetime, most_sources: int = 2) -> Change:
    """A random case and a random plan, which shrink."""
    return change(shrinking(draw), now, most_sources)


def change(draw: Draw, now: datetime, most_sources: int = 2) -> Change:
    """A few objects of one world are put in place of those of another, are new, or go; mostly
    something opens as well, which what is drawn anew seldom does by itself.
    """
    before, other = case(draw, now, most_sources), case(draw, now, most_sources)
    after = before.world
    for _ in range(pick(draw, (1, 0, 2, 3))):
        after = _changed(draw, after, other.world)
    for _ in range(pick(draw, (1, 0, 2))):
        after = _opened(draw, after)
    kind = pick(draw, POLICY_KINDS)
    names = tuple(sorted(getattr(after, KINDS[kind].world_field)))
    if len(names) < 2 or not chance(draw, 30):
        return Change(before, after)
    had = pick(draw, names)
    gets = pick(draw, tuple(each for each in names if each != had))
    return Change(before, _renamed(after, kind, had, gets), {(kind, gets): had})


def _renamed(world: World, kind: Kind, had: str, gets: str) -> World:
    """The world in which a policy takes the name of another, which goes."""
    place = KINDS[kind].world_field
    policies: dict[str, Any] = dict(getattr(world, place))
    policies[gets] = replace(policies.pop(had), name=gets)
    changed: Any = {place: policies}
    return replace(world, **changed)


def _opened(draw: Draw, world: World) -> World:
    """The world with one thing more that may let somebody see: a group, an exception, a
    subscription, or a policy less.
    """
    how = pick(draw, ("group", "exception", "subscription", "policy"))
    if how == "group" and world.profiles:
        user = pick(draw, tuple(sorted(world.profiles)))
        richer = replace(world.profiles[user], groups=world.profiles[user].groups | {pick(draw, GROUPS)})
        return replace(world, profiles={**world.profiles, user: richer})
    if how == "subscription" and world.data_sources and world.profiles:
        more = Subscription(pick(draw, tuple(sorted(world.profiles))), pick(draw, tuple(sorted(world.data_sources))))
        return replace(world, subscriptions={**world.subscriptions, (more.user, more.data_source): more})
    if how == "exception":
        masks = [each for each in world.masking_policies.values() if each.for_everyone_who is None]
        if masks:
            mask = pick(draw, masks)
            excepted = replace(mask.exceptions, operator="any", groups=mask.exceptions.groups | {pick(draw, GROUPS)})
            return replace(
                world, masking_policies={**world.masking_policies, mask.name: replace(mask, exceptions=excepted)}
            )
    kind = pick(draw, ("masking_policies", "row_policies"))
    policies: dict[str, Any] = dict(getattr(world, kind))
    if not policies:
        return world
    del policies[pick(draw, tuple(sorted(policies)))]
    changed: Any = {kind: policies}
    return replace(world, **changed)


def _changed(draw: Draw, world: World, other: World) -> World:
    kind = pick(draw, CHANGING)
    place = KINDS[kind].world_field
    objects: dict[Any, Any] = dict(getattr(world, place))
    drawn: dict[Any, Any] = getattr(other, place)
    keys = tuple(sorted({*objects, *(drawn if kind is not Kind.DATA_SOURCE else objects)}, key=repr))
    if not keys:
        return world
    key = pick(draw, keys)
    if key in objects and (chance(draw, 30) or key not in drawn):
        del objects[key]
    elif key in drawn:
        objects[key] = drawn[key]
    changed: Any = {place: objects}
    found = replace(world, **changed)
    if kind is Kind.DATA_SOURCE and key in found.data_sources:
        # The table stays what it is.
        had, gets = world.data_sources.get(key), found.data_sources[key]
        if had is not None:
            tags = {each.name: each.tags for each in gets.columns}
            columns = tuple(replace(each, tags=tags.get(each.name, each.tags)) for each in had.columns)
            kept = replace(gets, columns=columns, event_time_column=had.event_time_column, filter_columns=frozenset())
            found = replace(found, data_sources={**found.data_sources, key: kept})
    return found


Cells = frozenset[tuple[str, str, int, str]]


def clear_cells(world: World, seed: int, now: datetime) -> Cells:
    """Every cell that shows in the clear, as (user, data source, row, column), in any project that
    the user may switch to.
    """
    found: set[tuple[str, str, int, str]] = set()
    lookups = lookups_of(seed, now)
    for key, source in world.data_sources.items():
        rows = rows_of(source, seed, now)
        for user in USERS:
            mine = [name for name, each in world.projects.items() if user in each.members]
            for project in (None, *mine):
                there = switched(world, user, project)
                for row in see(there, user, key, rows, now=now, salts=salts_of(world), lookups=lookups).rows:
                    clear = (name for name, decision in row.decisions.items() if decision.outcome == "clear")
                    found |= {(user, key, row.index, name) for name in clear}
    return frozenset(found)


def switched(world: World, user: str, project: str | None) -> World:
    runtime = world.runtimes.get(user)
    if runtime is None:
        return world
    return replace(world, runtimes={**world.runtimes, user: replace(runtime, current_project=project)})
