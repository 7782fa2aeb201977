"""Views that would be too long, found while they are planned and not when they are published."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace

from veil.compiler import MOST_BYTES, CompileError, compile_resolved, compile_view
from veil.model import DataSource, Kind, Policy, World
from veil.policy import Finding, Resolved, with_only

TOO_LONG = "view-too-long"
"""The code of these findings."""

_MEASURED = 3
"""So many of the views that a policy touches are measured at plan: those with the most columns,
which its expressions make longest. All are when they are published.
"""


def too_long(world: World, source: DataSource) -> Finding | None:
    """That the view of a data source cannot be written for its length, with the policy that is why;
    None where it can.
    """
    try:
        compile_view(world, source)
    except CompileError as error:
        return _finding(error, source)
    return None


def widest(sources: Iterable[DataSource]) -> list[DataSource]:
    """Of the data sources that a policy touches those whose views are measured."""
    return sorted(sources, key=lambda each: (-len(each.columns), each.key))[:_MEASURED]


_NAMES = 10
"""So many times as long as one that was measured a view may be that has no more of anything, for
longer names.
"""


@dataclass
class _Measured:
    """The views of the same policies that were measured: no view of these that has no more `parts`
    is much longer than all of them together, which have `size` bytes.
    """

    parts: Counter[Hashable] = field(default_factory=Counter)
    size: int = 0

    def add(self, parts: Counter[Hashable], size: int) -> None:
        """Take in a view that was measured."""
        self.parts |= parts
        self.size += size

    def covers(self, parts: Counter[Hashable]) -> bool:
        """Whether a view of these parts is certainly none that is too long, be its names long."""
        return bool(self.size) and self.most <= MOST_BYTES and parts <= self.parts

    @property
    def most(self) -> int:
        """Bytes that a view which is covered does not exceed."""
        return self.size * _NAMES


class ViewSizes:
    """How long views are at most, as far as they were measured. Each policy adds to a view what it
    says there, so that a view is written in full when its data source is planned and again only
    when what was added since could make it too long. Of views that the same policies make, one that
    is no wider than what was measured is not written: a plan of many data sources would be about
    nothing else.
    """

    def __init__(self) -> None:
        self.most: dict[str, int] = {}
        """By data source, a length in bytes that its open view does not exceed."""
        self._measured: dict[Hashable, _Measured] = {}
        """By the policies that make a view, what was measured."""

    def forget(self) -> None:
        """Take in that something changed that all views hold."""
        self.most.clear()
        self.forget_alike()

    def forget_alike(self) -> None:
        """Take in that a policy changed: views that were measured tell nothing of others."""
        self._measured.clear()

    def measure(self, world: World, resolved: Resolved) -> Finding | None:
        """What is wrong with the length of a view, which is written in full where nothing tells
        that it is short.
        """
        source = resolved.source
        self.most.pop(source.key, None)
        alike, parts = self._measured.setdefault(_policies(resolved), _Measured()), _parts(resolved)
        if not resolved.closed and alike.covers(parts):
            self.most[source.key] = alike.most
            return None
        try:
            text = compile_resolved(world.integration, resolved)
        except CompileError as error:
            return _finding(error, source)
        if not resolved.closed:  # A closed view has no rows and none of the policies, and may yet be opened.
            self.most[source.key] = len(text.encode())
            alike.add(parts, self.most[source.key])
        return None

    def may_have_outgrown(self, world: World, source: DataSource, policy: Policy) -> bool:
        """Whether a view has to be written in full to know its length, after this policy was
        put.
        """
        known = self.most.get(source.key)
        if known is None:
            return True
        most = self.most[source.key] = known + _alone(world, source, policy)
        return most > MOST_BYTES


def _policies(resolved: Resolved) -> Hashable:
    """The policies that make a view, by what they do there."""
    masks = {mask.policy for column in resolved.columns for mask in column.masks}
    admissions = (resolved.grants, resolved.guardrails)
    return (
        frozenset(masks),
        frozenset(each.policy for each in resolved.rows),
        *(frozenset(each.policy for each in some) for some in admissions),
    )


def _parts(resolved: Resolved) -> Counter[Hashable]:
    """How much there is of each thing that makes a view longer: columns, by what stands in their
    place, masks on columns of each family, and tags.
    """
    parts = Counter[Hashable]({"tags": len(resolved.source.tags) + len(resolved.column_tags)})
    for each in resolved.columns:
        family = each.column.type.family
        parts[family, each.type.family, each.is_null, each.is_bare] += 1
        parts.update((family, mask.policy) for mask in each.masks)
    return parts


def _alone(world: World, source: DataSource, policy: Policy) -> int:
    """How many bytes the view has by this policy alone, all columns included: more than the policy
    adds to another one.
    """
    baseline = replace(world.integration.baseline, closed_tags=frozenset())
    alone = replace(with_only(world, policy), integration=replace(world.integration, baseline=baseline))
    try:
        return len(compile_view(alone, replace(source, policies=frozenset(), enabled=True)).encode())
    except CompileError:
        return MOST_BYTES + 1


def _finding(error: CompileError, source: DataSource) -> Finding | None:
    if not error.is_too_long:
        return None
    about = frozenset({(Kind.DATA_SOURCE, source.key), (error.kind, error.key)})
    return Finding("error", TOO_LONG, error.summary, error.detail, error.kind, error.key, error.path, about)
