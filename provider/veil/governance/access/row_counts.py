"""How many rows somebody sees, by SELECTs of the account that may read governed tables. They are
sent and never published.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from veil.compiler import Entry, qualified, system_of
from veil.compiler import count_rows as compiled
from veil.model import DataSource, World
from veil.oracle.admission import admission
from veil.oracle.closed_sources import closed
from veil.oracle.entitlements import Entitlements
from veil.oracle.facts import Facts, facts_in, projects_of
from veil.oracle.scope import Scope
from veil.warehouse import Session


@dataclass(frozen=True)
class RowCounts:
    """Of `total` rows, how many a user sees in each of some Worlds; None where they are not let in
    at all.
    """

    shown: tuple[int | None, ...]
    total: int


def count_rows(session: Session, worlds: Sequence[World], source: str, user: str) -> RowCounts:
    """How many rows of a data source a user sees in each World: in whichever of their projects
    shows most, or in none.

    Raises CompileError, or WarehouseError where the table cannot be read or that takes longer than
    statement_timeout.
    """
    now = datetime.now(UTC)
    asked = [list(dict.fromkeys(_statements(world, source, user, now))) for world in worlds]
    table = next(each.data_sources[source] for each in reversed(worlds) if source in each.data_sources)
    system = system_of(worlds[-1].integration)
    all_rows = f"SELECT pg_catalog.count(*) AS n FROM {qualified(*system.table(table.schema, table.table).parts)} AS t"
    counts: dict[str, int] = {}
    with session.transaction(read_only=True):
        for statement in dict.fromkeys((all_rows, *(each for one in asked for each in one))):
            ((count,),) = session.query(statement)
            counts[statement] = int(count)
    session.pin()  # A table may be a view of somebody else's, whatever became of its rows.
    shown = (max((counts[each] for each in one), default=None) for one in asked)
    return RowCounts(tuple(shown), counts[all_rows])


def _statements(world: World, key: str, user: str, now: datetime) -> Iterator[str]:
    """A SELECT for each way in which the user may act and is admitted."""
    source = world.data_sources.get(key)
    if source is None or closed(Scope(world=world, source=source, facts=None, now=now)):
        return
    for project in (None, *projects_of(world, user)):
        facts = facts_in(world, user, now, project)
        if facts is not None and _is_admitted(world, source, facts, now):
            yield compiled(world, source, list(entries_of(facts)))


def _is_admitted(world: World, source: DataSource, facts: Facts, now: datetime) -> bool:
    scope = Scope(world=world, source=source, facts=facts, now=now)
    return admission(scope).admitted


def entries_of(facts: Facts) -> Iterator[Entry]:
    """What views find of a user for whom these facts hold."""
    yield Entry("caller", "equalized" if facts.equalized else "alone", facts.username or "")
    if facts.project is not None:
        yield Entry("current_project", "", facts.project)
    yield from _held("group", "", facts.groups)
    for name, values in sorted(facts.attributes.items()):
        yield from _held("attribute", name, values)
    yield from _held("purpose", "", facts.purposes)
    yield from (Entry("subscription", "", each) for each in sorted(facts.subscriptions))
    yield from (Entry("project_source", "", each) for each in sorted(facts.sources or ()))


def _held(kind: str, name: str, held: Entitlements) -> Iterator[Entry]:
    yield from (Entry(kind, name, each) for each in sorted(held.certain))
    yield from (Entry(kind, name, each, 1) for each in sorted(held.doubtful))
