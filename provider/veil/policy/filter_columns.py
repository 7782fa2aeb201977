"""Which columns stand bare in a view, so that filters of users' own reach the scan, and which that
were to must not.

Masks win: a bare column tells, by an error or by how long a query takes, which values hidden rows
hold. What any policy hides, or decides by, is guarded, whether it is in force or staged.
"""

from collections.abc import Iterator

from veil.language import Usage, referenced_columns, referenced_tags
from veil.model import (
    DataSource,
    Kind,
    Never,
    Percent,
    Purposes,
    RowRule,
    TimeWindow,
    UserMatches,
    ValueIn,
    Where,
    World,
    fold,
)
from veil.model.names import folded
from veil.policy.reading import read_expression
from veil.policy.resolved import Guarded
from veil.policy.rows import filters
from veil.policy.targeting import SourceView, closure, masked_columns


def wishes(world: World, source: DataSource) -> bool:
    """Whether a column of the data source is to stand bare."""
    tags = world.integration.baseline.filter_column_tags
    return bool(source.filter_columns) or (bool(tags) and any(_is_under(tags, each.tags) for each in source.columns))


def filter_columns(world: World, place: SourceView) -> tuple[frozenset[str], tuple[Guarded, ...]]:
    """Of the columns that are to stand bare, the names of those that may, and those that must
    not.
    """
    wished = _wished(world, place)
    if not wished:
        return frozenset(), ()
    guarded: dict[str, Guarded] = {}
    for each in _guarded(world, place):
        if each.column in wished:
            guarded.setdefault(each.column, each)
    return wished - guarded.keys(), tuple(guarded[name] for name in sorted(guarded))


def _wished(world: World, place: SourceView) -> frozenset[str]:
    tags = world.integration.baseline.filter_column_tags
    named = {folded(each) for each in place.source.filter_columns}
    if not named and not tags:
        return frozenset()
    return frozenset(
        column.name for column, present in place.columns if folded(column.name) in named or _is_under(tags, present)
    )


def _guarded(world: World, place: SourceView) -> Iterator[Guarded]:
    """Every column that must not stand bare, the strongest reason first."""
    nulls = world.integration.baseline.null_tags
    for column, present in place.columns:
        if _is_under(nulls, present):
            yield Guarded(column.name, "is under a null tag of the integration's baseline")
    for _, masking in sorted(world.masking_policies.items()):
        covered = masked_columns(masking.applies_to, place)
        about = ((Kind.MASKING_POLICY, masking.name),)
        for column in covered:
            yield Guarded(column.name, f'is under the masking policy "{masking.name}"', about)
        if covered and masking.where is not None:
            for name in _read(masking.where, place):
                yield Guarded(name, f'decides where the masking policy "{masking.name}" masks', about)
    for _, policy in sorted(world.row_policies.items()):
        if filters(policy, place):
            about = ((Kind.ROW_POLICY, policy.name),)
            for rule in (policy.show, *([policy.otherwise] if policy.otherwise else [])):
                for name in _read_by(rule, place):
                    yield Guarded(name, f'decides which rows the row policy "{policy.name}" shows', about)


def _read_by(rule: RowRule, place: SourceView) -> frozenset[str]:
    """The columns that a row rule reads."""
    match rule:
        case UserMatches(matches=matches):
            return frozenset(column.name for each in matches for column in place.tagged(each.column_tag))
        case ValueIn(column_tag=tag):
            return frozenset(column.name for column in place.tagged(tag))
        case Where(expression=text):
            return _read(text, place)
        case TimeWindow():
            time = place.source.event_time_column
            return frozenset() if time is None else frozenset({time})
        case Percent():
            return _all(place)
        case Purposes() | Never():
            return frozenset()


def _read(text: str, place: SourceView) -> frozenset[str]:
    """The columns that an expression over the row reads; all of them where it cannot be read."""
    expression, _ = read_expression(text, Usage.ROW)
    if expression is None:
        return _all(place)
    named = {folded(each) for each in referenced_columns(expression)}
    tagged = {column.name for tag in referenced_tags(expression) for column in place.tagged(tag)}
    return frozenset(column.name for column, _ in place.columns if folded(column.name) in named) | tagged


def _all(place: SourceView) -> frozenset[str]:
    return frozenset(column.name for column, _ in place.columns)


def _is_under(tags: frozenset[str], present: frozenset[str]) -> bool:
    """Whether one of the tags covers one of those that are present."""
    return bool(tags) and not closure(present).isdisjoint(map(fold, tags))
