"""Strategies for whole worlds: data sources, the policies on them, people and projects."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.drawing import Draw, chance, pick, several, shrinking, some
from tests.fuzz.equalizing import equalized
from tests.fuzz.functions import KNOWN
from tests.fuzz.policies import expression_policy, masking_policy, names_of, row_policy, subscription_policy
from tests.fuzz.pools import (
    ATTRIBUTES,
    BASE,
    COLUMN_TAGS,
    GROUPS,
    LOOKUPS,
    NAMES,
    PROFILED,
    PROJECTS,
    PURPOSES,
    SOURCE_TAGS,
    TABLES,
    USERS,
    VALUES,
    column,
)
from veil.model import (
    AppliesTo,
    Baseline,
    Closing,
    Column,
    DataSource,
    Expires,
    Integration,
    Profile,
    Project,
    Purpose,
    Put,
    Runtime,
    Subscription,
    SubscriptionPolicy,
    World,
)
from veil.model.change import apply
from veil.oracle import acknowledgement_hash

RAW, GOVERNED, PREFIX = "fuzz_raw", "fuzz_governed", "fuzz"
_EXTRA = tuple(sorted(set(NAMES) - set(BASE)))
_INTEGRATION = Integration("main", "analytics", GOVERNED, schema_prefix=PREFIX, hostname="main-host")
_OPEN = SubscriptionPolicy("open", AppliesTo(all_data_sources=True), "everyone")


@dataclass(frozen=True)
class Case:
    """A world, and the seed of its rows and lookups. `only` leaves out all rows but those of these
    places.
    """

    world: World
    seed: int
    only: tuple[int, ...] | None = None


@st.composite
def cases(draw: Callable[..., Any], now: datetime, most_sources: int = 6) -> Case:
    """Cases that shrink."""
    return case(shrinking(draw), now, most_sources)


def case(draw: Draw, now: datetime, most_sources: int = 6) -> Case:
    """A world with up to so many data sources, its policies and its people; expiries lie hours
    around `now`.

    Some worlds try how policies meet, others one expression per column; in some of both, people
    share an equalized project.
    """
    found = _expressions(draw, now) if chance(draw, 40) else _meeting(draw, now, most_sources)
    found = replace(found, world=replace(found.world, functions=KNOWN))
    found = replace(found, world=equalized(draw, found.world)) if chance(draw, 10) else found
    return replace(found, world=ending(draw, found.world, now)) if chance(draw, 30) else found


def ending(draw: Draw, world: World, now: datetime) -> World:
    """The world with ends to some of what its people hold, before and after `now`."""
    return replace(world, profiles={user: _with_ends(draw, each, now) for user, each in world.profiles.items()})


def _with_ends(draw: Draw, profile: Profile, now: datetime) -> Profile:
    def ends(held: Iterable[str]) -> dict[str, datetime]:
        drawn = {each: pick(draw, _expiries(now)) for each in sorted(held)}
        return {each: end for each, end in drawn.items() if end is not None}

    of_values = {name: found for name, values in profile.attributes.items() if (found := ends(values))}
    return replace(profile, expires=Expires(ends(profile.groups), of_values))


def _expressions(draw: Draw, now: datetime) -> Case:
    """Each column of a source or two under a mask of its own, whose `where` and `sql` are what is
    tried.
    """
    names = (*BASE, *several(draw, _EXTRA, 0, 4))
    known = tuple(column(name, frozenset({f"only.c{at}"})) for at, name in enumerate(names))
    masking = [expression_policy(draw, each, f"only.c{at}") for at, each in enumerate(known)]
    rows = [row_policy(draw, "r0")] if chance(draw, 25) else []
    sources = [
        replace(data_source(draw, table, ()), columns=known, policies=frozenset(), enabled=True)
        for table in several(draw, TABLES, 1, 2)
    ]
    people, runtimes = _people(draw, tuple(each.key for each in sources), now)
    world = apply(
        World(_INTEGRATION, lookups=LOOKUPS), *(Put(each) for each in (*sources, *masking, *rows, _OPEN, *people))
    )
    approvals = _approvals(draw, tuple(each.key for each in sources), now)
    return Case(replace(world, runtimes=runtimes, approvals=approvals), draw(2**32))


def _meeting(draw: Draw, now: datetime, most_sources: int) -> Case:
    masking = [masking_policy(draw, f"m{at}") for at in range(pick(draw, range(7)))]
    rows = [row_policy(draw, f"r{at}") for at in range(pick(draw, (0, 0, 1, 1, 2)))]
    admitting = [subscription_policy(draw, f"s{at}") for at in range(pick(draw, range(4)))]
    admitting += [_OPEN] if chance(draw, 92) else []
    listed = tuple(each.name for each in (*masking, *rows))
    sources = [data_source(draw, table, listed) for table in several(draw, TABLES, 1, most_sources)]
    people, runtimes = _people(draw, tuple(each.key for each in sources), now)
    closings = [_closing(draw, at, sources) for at in range(pick(draw, (0, 0, 0, 0, 0, 1, 2)))]
    sources = [replace(each, reopen=some(draw, _CLOSINGS, 0, 1)) if chance(draw, 20) else each for each in sources]
    world = apply(
        World(_integration(draw), lookups=LOOKUPS),
        *(Put(each) for each in (*sources, *masking, *rows, *admitting, *people, *closings)),
    )
    approvals = _approvals(draw, tuple(each.key for each in sources), now)
    return Case(replace(world, runtimes=runtimes, approvals=approvals), draw(2**32))


_CLOSINGS = ("closing0", "closing1", "closing2")


def _closing(draw: Draw, at: int, sources: list[DataSource]) -> Closing:
    """A policy that failed, and data sources that it closes: some of these, or one that is gone."""
    kind = pick(draw, ("masking_policy", "row_policy", "subscription_policy"))
    keys = tuple(each.key for each in sources)
    closed = some(draw, (*keys, f"{RAW}.gone"), 0, 3)
    return Closing(_CLOSINGS[at], f"owner{at}", kind, f"failed{at}", "It failed.", sources=closed)


def _integration(draw: Draw) -> Integration:
    baseline = Baseline(
        null_tags=some(draw, COLUMN_TAGS, 0, 1) if chance(draw, 30) else frozenset(),
        closed_tags=some(draw, ("closed", "domain.hr"), 0, 1) if chance(draw, 30) else frozenset(),
        filter_column_tags=some(draw, COLUMN_TAGS, 0, 1) if chance(draw, 20) else frozenset(),
    )
    return replace(_INTEGRATION, baseline=baseline)


def data_source(draw: Draw, table: str, policies: tuple[str, ...]) -> DataSource:
    """A governed table of this name, with the columns that every table has and a few more."""
    known = tuple(_column(draw, name) for name in (*BASE, *several(draw, _EXTRA, 0, 4)))
    moments = [each.name for each in known if each.type.family.is_moment]
    return DataSource(
        schema=RAW,
        table=table,
        view_schema=GOVERNED,
        view_name=table,
        columns=known,
        tags=some(draw, SOURCE_TAGS, 0, 2),
        policies=names_of(draw, policies),
        event_time_column=pick(draw, (*moments, "id")) if chance(draw, 85) else None,
        new_columns=pick(draw, ("hide", "null", "expose")),
        enabled=not chance(draw, 3),
        filter_columns=some(draw, tuple(each.name for each in known), 1, 3) if chance(draw, 25) else frozenset(),
    )


def _column(draw: Draw, name: str) -> Column:
    """New columns are as discovery leaves them: without tags."""
    if name not in BASE and chance(draw, 20):
        return column(name, accepted=False)
    return column(name, some(draw, COLUMN_TAGS, 0, 2))


_INHERITING = frozenset({"fraud.cards.stolen"})


def _text(purpose: str) -> str:
    """What one agrees to for a purpose."""
    return f"I agree to {purpose.rpartition('.')[0] if purpose in _INHERITING else purpose}."


def _people(draw: Draw, keys: tuple[str, ...], now: datetime) -> tuple[list[Any], dict[str, Runtime]]:
    found: list[Any] = [Purpose(name, "" if name in _INHERITING else f"I agree to {name}.") for name in PURPOSES]
    runtimes: dict[str, Runtime] = {}
    profiled: list[str] = []
    for user in PROFILED:
        if chance(draw, 95):
            held = {name: some(draw, VALUES, 0, 4) for name in several(draw, ATTRIBUTES, 0, 4)}
            found.append(Profile(user, some(draw, GROUPS, 0, 4), held))
            profiled.append(user)
        agreed = {name: acknowledgement_hash(_text(name)) for name in some(draw, PURPOSES, 0, 3)}
        project = pick(draw, (*PROJECTS, *PROJECTS, "gone")) if chance(draw, 25) else None
        runtimes[user] = Runtime(user, project, agreed)
        for key in some(draw, keys, 0, 2):
            found.append(Subscription(user, key, pick(draw, _expiries(now))))
    return found + [_project(draw, name, keys, tuple(profiled)) for name in PROJECTS], runtimes


def _approvals(draw: Draw, keys: tuple[str, ...], now: datetime) -> dict[tuple[str, str], Subscription]:
    """What was approved at run time, of people with and without a profile, beside subscriptions
    too.
    """
    if not chance(draw, 25):
        return {}
    return {
        (user, key): Subscription(user, key, pick(draw, _expiries(now)))
        for user in several(draw, USERS, 1, 3)
        for key in some(draw, keys, 0, 2)
    }


def _project(draw: Draw, name: str, keys: tuple[str, ...], profiled: tuple[str, ...]) -> Project:
    """One that is equalized shows nothing where a member has no profile, so that most have none."""
    equalized = chance(draw, 50)
    people = profiled if equalized and chance(draw, 85) else USERS
    members, sources, purposes = some(draw, people, 2, 5), some(draw, keys, 1, 6), some(draw, PURPOSES, 0, 3)
    return Project(name, members, sources, purposes, masked_joins=chance(draw, 50), equalized=equalized)


def _expiries(now: datetime) -> tuple[datetime | None, ...]:
    moment = now.astimezone(UTC)
    return None, None, moment + timedelta(hours=2), moment - timedelta(hours=2)
