"""Who sees what of a data source in whatever project they may act in, for all users at once.

A user who may act in projects sees what shows in any of them, or in none. Each of these situations
parts the users by itself; here they are put together. In an equalized project all members hold the
same, so that one stands for all.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from veil.diff.access import ColumnAccess, Rules, merged
from veil.diff.conditions import NEVER, Condition, either
from veil.diff.partitions import Cache, Partition, Shows, Stack, crossed
from veil.diff.people import Bits, Side
from veil.model import Column

Rows = tuple[Condition, ...]
"""When rows show, in each of the situations."""
Cells = tuple[Shows | None, ...]
"""What masks make of a column, in each of the situations; None where the user is not in it, or the
view has no such column.
"""


class InProjects:
    """What users of one side see of one data source. `users` are those who count."""

    def __init__(self, rules: Rules, side: Side, users: Bits, cache: Cache) -> None:
        self.rules, self._users = rules, users
        key = rules.source.key
        projects = sorted(name for name, each in side.world.projects.items() if key in each.data_sources)
        self._situations = [Partition(rules, side, users, cache)]
        for name in projects:
            members = side.people.bits(side.world.projects[name].members) & users
            if members:
                self._situations.append(Partition(rules, side, members, cache, name))

    @cached_property
    def rows(self) -> Mapping[Rows, Bits]:
        """When rows show to whom."""
        parts: dict[Rows, Bits] = {(): self._users}
        for each in self._situations:
            here: dict[Condition, Bits] = defaultdict(int)
            for condition, bits in each.rows.items():
                here[condition] |= bits & each.users
            here[NEVER] |= self._users & ~each.users
            parts = crossed(parts, here, lambda known, condition: (*known, condition))
        return parts

    def stacks(self, column: Column) -> tuple[Stack, ...]:
        """What the masks on a column of the view make of it, in each of the situations."""
        return tuple(each.column(column) for each in self._situations)

    def cells(self, stacks: Sequence[Stack]) -> Mapping[Cells, Bits]:
        """The same of all situations, for whom."""
        parts: dict[Cells, Bits] = {(): self._users}
        for each, stack in zip(self._situations, stacks, strict=True):
            here: dict[Shows | None, Bits] = defaultdict(int)
            for shows, bits in stack.parts.items():
                here[shows] |= bits & each.users
            here[None] |= self._users & ~each.users
            parts = crossed(parts, here, lambda known, shows: (*known, shows))
        return parts


def column_in(cells: Cells, rows: Rows) -> ColumnAccess | None:
    """What shows in a column, in rows that show in any of the situations; None where none does."""
    showing = [
        shows.column(condition) for shows, condition in zip(cells, rows, strict=True) if shows is not None and condition
    ]
    return merged(showing) if showing else None


def rows_in(rows: Rows) -> Condition:
    """When a row shows in any of the situations."""
    return either(rows)
