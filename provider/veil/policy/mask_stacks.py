"""Which masking policies decide on each column of one data source, kept while policies come and
go.
"""

from bisect import insort
from collections.abc import Iterable, Sequence

from veil.model import Column, DataSource, MaskingPolicy, World
from veil.policy.masks import turn_on
from veil.policy.targeting import masked_columns, source_view


class MaskStacks:
    """The active masking policies on each column, the first to decide first."""

    def __init__(self, world: World, source: DataSource) -> None:
        self._place = source_view(source)
        self._stacks: dict[str, list[MaskingPolicy]] = {}
        for policy in world.masking_policies.values():
            self.follow(None, policy)

    def follow(self, old: MaskingPolicy | None, new: MaskingPolicy | None) -> set[str]:
        """Take in that a policy was `old` and is `new`, None where it is not there; the columns
        that either masks.
        """
        if old is not None:
            for column in self._masked(old):
                stack = self._stacks[column.name]
                stack[:] = [each for each in stack if each.name != old.name]
        if new is not None:
            for column in self._masked(new):
                insort(self._stacks.setdefault(column.name, []), new, key=turn_on(column))
        return self.masked(old) | self.masked(new)

    def masked(self, policy: MaskingPolicy | None) -> set[str]:
        """The names of the columns that a policy masks."""
        return {column.name for column in self._masked(policy)}

    def _masked(self, policy: MaskingPolicy | None) -> Sequence[Column]:
        return () if policy is None or policy.staged else masked_columns(policy.applies_to, self._place)

    def names(self, columns: Iterable[str] | None = None) -> dict[str, tuple[str, ...]]:
        """By column, the names of the policies on it: of these columns, or of all."""
        wanted = self._stacks if columns is None else sorted(columns)
        return {name: tuple(each.name for each in self._stacks.get(name, ())) for name in wanted}
