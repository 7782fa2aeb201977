"""What a comparison must say of a random change, however it is drawn."""

from datetime import datetime

from tests.diff.witnesses import agreed_by_all
from tests.diff.worlds import Change, clear_cells, switched
from tests.fuzz.stage import salts_of
from veil.diff import Comparison, Finding, Witness, compare
from veil.model import World
from veil.oracle import see

Said = set[tuple[str, str, str]]
"""Users, data sources and columns."""


def revealed(comparison: Comparison) -> Said:
    """What is said to turn clear for whom."""
    found = comparison.findings
    return {(user, each.data_source, column) for each in found for user in each.users for column in each.reveals}


def unannounced(change: Change, now: datetime) -> Said:
    """What turns clear on some row, and is not said to."""
    before, after = (clear_cells(world, change.case.seed, now) for world in (change.case.world, change.after))
    turned = {(user, key, column) for user, key, _, column in after - before}
    return turned - revealed(compare(change.case.world, change.after, now=now, renames=change.renames))


def proved_by(finding: Finding, change: Change, now: datetime) -> set[str | None]:
    """Of what rows are said to show newly, what they do when the interpreter looks at the whole
    view.
    """
    proved: set[str | None] = set()
    for column, witness in finding.witnesses.items():
        before, after = (
            _shown(world, witness, finding.data_source, now) for world in (change.case.world, change.after)
        )
        if column in after - before:
            proved.add(column)
    return proved


def _shown(world: World, witness: Witness, key: str, now: datetime) -> set[str | None]:
    """The columns of a witness that show, and None where the row does, in whatever project."""
    shown: set[str | None] = set()
    if key not in world.data_sources:
        return shown
    then = agreed_by_all(world) if witness.agreed else world
    salts = dict.fromkeys(salts_of(world), "0" * 64)
    for project in (None, *(name for name, each in world.projects.items() if witness.user in each.members)):
        there = switched(then, witness.user, project)
        for row in see(there, witness.user, key, [witness.row], now=now, salts=salts, lookups=witness.lookups).rows:
            values = ((name, witness.row.get(name), one) for name, one in row.decisions.items())
            kept = {name for name, value, _ in values if value is not None and row.values.get(name) == value}
            shown |= {None, *kept, *(name for name, one in row.decisions.items() if one.outcome == "clear")}
    return shown
