"""What a user can see of a data source, whatever its rows hold.

Asked without a project, the answer covers every project that the user may switch to, and none. What
they can bring about by themselves, acknowledging purposes included, is no protection, unless the
question is about now. Impersonation is not looked at.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from veil.model import Expires, World
from veil.oracle.access import ColumnAccess, Rows, column_access, may_admit, rows_access
from veil.oracle.admission import admission
from veil.oracle.closed_sources import closed
from veil.oracle.facts import ends_after, facts_in, facts_of, is_live, projects_of
from veil.oracle.places import shown
from veil.oracle.rows import row_policies
from veil.oracle.scope import Scope

_NOTHING_SHOWS = ColumnAccess("masked", (), ("no row shows",))


@dataclass(frozen=True, slots=True)
class EffectiveAccess:
    """What `user` can see of the data source of this key.

    `admitted` says whether they can be admitted at all; `reasons` say why, as things stand now.
    `rows` says whether all, some or none can show, `row_policies` which policies filter them. A
    column of which nothing shows counts as masked.
    """

    user: str
    data_source: str
    project: str | None
    admitted: bool
    reasons: tuple[str, ...]
    closed: tuple[str, ...]
    rows: Rows
    row_policies: tuple[str, ...]
    columns: Mapping[str, ColumnAccess]
    expires: Expires = field(default_factory=Expires)
    """When what the user's own profile gives now ends."""
    subscribed_until: datetime | None = None
    """When the user's own subscription to the data source ends, where they have one that does."""


def effective(
    world: World, user: str, source_key: str, *, now: datetime, project: str | None = None, attainable: bool = True
) -> EffectiveAccess:
    """What `user` can see of the data source, or under `project` only where one is given.

    Without `attainable`, purposes that wait for the user's acknowledgement do not count.

    Raises KeyError where the World has no such data source.
    """
    source = world.data_sources[source_key]
    current = Scope(world=world, source=source, facts=facts_of(world, user, now), now=now)
    if project is not None:
        current = replace(current, facts=facts_in(world, user, now, project))
    entry, shut = admission(replace(current, subscription=True)), closed(current)
    open_to = [] if shut else [each for each in _situations(current, user, project, attainable) if may_admit(each)]
    showing = [(each, rows) for each in open_to if (rows := rows_access(each)) != "none"]
    return EffectiveAccess(
        user=user,
        data_source=source_key,
        project=project,
        admitted=entry.admitted or bool(open_to),
        reasons=entry.reasons,
        closed=shut,
        rows=_all_rows(rows for _, rows in showing),
        row_policies=tuple(each.name for each in row_policies(current)),
        columns=_columns([each for each, _ in showing], current),
        expires=ends_after(world, user, now),
        subscribed_until=_subscribed_until(world, user, source_key, now),
    )


def _subscribed_until(world: World, user: str, source_key: str, now: datetime) -> datetime | None:
    subscription = world.subscriptions.get((user, source_key))
    return subscription.expires_at if subscription is not None and is_live(subscription, now) else None


def _situations(current: Scope, user: str, project: str | None, attainable: bool) -> list[Scope]:
    """The user under each project that is asked about."""
    asked: tuple[str | None, ...] = (None, *projects_of(current.world, user)) if project is None else (project,)
    all_facts = [facts_in(current.world, user, current.now, each) for each in asked]
    if not attainable:
        all_facts = [None if facts is None else replace(facts, attainable=frozenset()) for facts in all_facts]
    return [replace(current, facts=facts) for facts in all_facts]


def _all_rows(each_one: Iterable[Rows]) -> Rows:
    answers = set(each_one)
    return "none" if not answers else "all" if answers == {"all"} else "some"


def _columns(showing: list[Scope], current: Scope) -> dict[str, ColumnAccess]:
    return {
        column.name: _merged([column_access(column, scope) for scope in showing]) for column in shown(current.source)
    }


def _merged(accesses: list[ColumnAccess]) -> ColumnAccess:
    """One answer out of those for several projects."""
    if not accesses:
        return _NOTHING_SHOWS
    states = {each.state for each in accesses}
    state: Literal["clear", "masked", "sometimes"] = accesses[0].state if len(states) == 1 else "sometimes"
    return ColumnAccess(
        state,
        tuple(dict.fromkeys(name for each in accesses for name in each.policies)),
        tuple(dict.fromkeys(reason for each in accesses for reason in each.reasons)),
    )
