"""What a user sees of the rows of a data source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from veil.model import DataSource, MaskingPolicy, World
from veil.oracle.admission import admission
from veil.oracle.closed_sources import closed
from veil.oracle.facts import facts_in, facts_of
from veil.oracle.mask_order import decide, stacks
from veil.oracle.places import maskable, shown
from veil.oracle.rows import policy_shows, row_policies
from veil.oracle.scope import Lookups, Row, Scope
from veil.oracle.sight import Decision, HiddenRow, SeenRow, Sight
from veil.oracle.values import Value

_NEW = Decision("masked", None, "the column is new and not accepted yet")


def see(
    world: World,
    user: str,
    source_key: str,
    rows: Sequence[Row],
    *,
    now: datetime,
    salts: Mapping[str, str],
    lookups: Lookups | None = None,
    project: str | None = None,
    functions: Mapping[str, Callable[..., Value]] | None = None,
) -> Sight:
    """What `user` sees of `rows` of the base table, under their current project or under the one
    that is given.

    `rows` are all of the table, as far as a mask counts how many are alike. `now` is aware, or UTC;
    `salts` are keyed by data source and `Project.salt_key`, `lookups` hold the rows of other tables
    by the parts of their names. `functions`, by dotted names, stand for those of users: what
    another one gives is `Unevaluated`. Raises KeyError where the World has no such data source.
    """
    source = world.data_sources[source_key]
    facts = facts_of(world, user, now) if project is None else facts_in(world, user, now, project)
    scope = Scope(
        world=world,
        source=source,
        facts=facts,
        now=now,
        lookups=lookups or {},
        functions=functions or {},
        rows=rows,
        salt=salts.get(source_key),
        join_salt=salts.get((facts.joins_by if facts else None) or source_key),
    )
    entry, shut = admission(replace(scope, subscription=True)), closed(scope)
    if not entry.admitted or shut:
        why = "; ".join(shut if entry.admitted else entry.reasons)
        hidden = tuple(HiddenRow(index, (), why) for index in range(len(rows)))
        return Sight(entry.admitted, entry.reasons, shut, hidden=hidden)
    seen, unseen = _filtered(scope, rows)
    return Sight(entry.admitted, entry.reasons, shut, rows=seen, hidden=unseen)


def _filtered(scope: Scope, rows: Sequence[Row]) -> tuple[tuple[SeenRow, ...], tuple[HiddenRow, ...]]:
    policies, masks = row_policies(scope), stacks(scope)
    seen, hidden = [], []
    for index, row in enumerate(rows):
        here = replace(scope, row=row)
        against = tuple(each.name for each in policies if not policy_shows(each, here))
        if against:
            hidden.append(HiddenRow(index, against, "a row policy does not show the row"))
        else:
            seen.append(_seen(index, here, masks))
    return tuple(seen), tuple(hidden)


def _seen(index: int, scope: Scope, masks: Mapping[str, list[MaskingPolicy]]) -> SeenRow:
    known = _known(scope.source)
    cells = {
        column.name: decide(column, masks[column.name], scope) if column.name in known else (None, _NEW)
        for column in shown(scope.source)
    }
    values: dict[str, Value] = {name: value for name, (value, _) in cells.items()}
    return SeenRow(index, values, {name: decision for name, (_, decision) in cells.items()})


def _known(source: DataSource) -> frozenset[str]:
    return frozenset(column.name for column in maskable(source))
