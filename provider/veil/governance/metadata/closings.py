"""What closes data sources, as rows that views read."""

from collections.abc import Iterable

from veil.governance.metadata.deployed import DeployedState
from veil.model import Change, DataSource, Put, World
from veil.warehouse import ClosedRow, Layout, add_closed, delete_closed


def rows_of(world: World) -> frozenset[ClosedRow]:
    """What the warehouse is to hold in `closed`. A closing counts for a data source whose own row
    cannot be read, too.
    """
    return frozenset(
        ClosedRow(key, each.kind, each.name, each.id)
        for each in world.closings.values()
        for key in each.sources
        if key not in world.data_sources or each.closes(world.data_sources[key])
    )


def rows_after(before: DeployedState, following: DeployedState, changes: Iterable[Change]) -> frozenset[ClosedRow]:
    """What `closed` holds after these changes. What is missing is put back, whatever the changes
    are. A row that is not ours goes with a change of its data source, which has said so in its
    plan, and with nothing else.
    """
    put = {each.thing.key for each in changes if isinstance(each, Put) and isinstance(each.thing, DataSource)}
    ours = {each.id for each in before.world.closings.values()} | {
        each.id for each in following.world.closings.values()
    }
    strange = {row for row in before.snapshot.closed if row.id not in ours and row.source not in put}
    return rows_of(following.world) | strange


def statements(layout: Layout, before: DeployedState, following: DeployedState, changes: Iterable[Change]) -> list[str]:
    """The calls that bring `closed` to what it holds after these changes."""
    held, wanted = before.snapshot.closed, rows_after(before, following, changes)
    gone = held - wanted
    # What goes is told by data source and id alone, and takes with it a row of the same that stays.
    taken = {(row.source, row.id) for row in gone}
    come = {row for row in wanted if row not in held or (row.source, row.id) in taken}
    return [*delete_closed(layout, sorted(gone)), *add_closed(layout, sorted(come))]
