"""Views that would be too long, found while they are planned and not when they are published."""

from collections.abc import Iterable
from dataclasses import replace

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


class ViewSizes:
    """How long views are at most, as far as they were measured. Each policy adds to a view what it
    says there, so that a view is written in full when its data source is planned and again only
    when what was added since could make it too long.
    """

    def __init__(self) -> None:
        self.most: dict[str, int] = {}
        """By data source, a length in bytes that its open view does not exceed."""

    def forget(self) -> None:
        """Take in that something changed that all views hold."""
        self.most.clear()

    def measure(self, world: World, resolved: Resolved) -> Finding | None:
        """What is wrong with the length of a view, written in full."""
        source = resolved.source
        self.most.pop(source.key, None)
        try:
            text = compile_resolved(world.integration, resolved)
        except CompileError as error:
            return _finding(error, source)
        if not resolved.closed:  # A closed view has no rows and none of the policies, and may yet be opened.
            self.most[source.key] = len(text.encode())
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
