"""What a comparison must say of a random change, however it is drawn."""

from datetime import datetime

from tests.diff.worlds import Change, clear_cells
from veil.diff import Comparison, compare

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
