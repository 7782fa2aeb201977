"""Where a policy applies: which data sources, which of their columns, and how deep its tag
stands.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from veil.model import AppliesTo, Column, DataSource, fold
from veil.model.names import dotted, folded, split, without_quotes
from veil.model.scope import Operator
from veil.model.tags import depth

Tags = frozenset[str]


@lru_cache(maxsize=65_536)
def lineage(tag: str) -> tuple[str, ...]:
    """The tag and every parent of it, folded: `pii.email` gives `pii.email` and `pii`."""
    parts = fold(tag).split(".")
    return tuple(".".join(parts[:count]) for count in range(len(parts), 0, -1))


@lru_cache(maxsize=65_536)
def closure(tags: Tags) -> Tags:
    """The tags with every parent of theirs: what a policy's tag must be among to cover one of
    them.
    """
    return frozenset(each for tag in tags for each in lineage(tag))


@dataclass(frozen=True, slots=True)
class SourceView:
    """A data source as policies look for it. Columns that are hidden or always NULL do not exist
    for policies.
    """

    source: DataSource
    tags: Tags
    columns: tuple[tuple[Column, Tags], ...]
    column_tags: Mapping[str, Sequence[Column]]
    """By tag, the columns that carry it or a child of it, in the table's order."""

    def tagged(self, tag: str) -> Sequence[Column]:
        """The columns that carry `tag` or a child of it, in the table's order."""
        return self.column_tags.get(fold(tag), ())

    def column(self, name: str) -> Column | None:
        return next((column for column, _ in self.columns if column.name == name), None)


def source_view(source: DataSource) -> SourceView:
    """Look at a data source the way policies do."""
    exposed = source.new_columns == "expose"
    columns = tuple((each, closure(each.tags)) for each in source.columns if each.accepted or exposed)
    tagged: dict[str, list[Column]] = {}
    for column, tags in columns:
        for tag in tags:
            tagged.setdefault(tag, []).append(column)
    return SourceView(source, closure(source.tags), columns, tagged)


def applies_to_source(scope: AppliesTo, place: SourceView) -> bool:
    """Whether a row or subscription policy with this scope applies: its source criteria hold, and
    where it has column criteria some column meets them. An empty scope applies nowhere; see
    `carries_all` for the one exception.
    """
    if scope.is_empty or not _source_criteria_hold(scope, place) or _is_out_of_reach(scope, place):
        return False
    if not scope.names_columns:
        return True
    holds = _column_criteria(scope)
    return any(holds(*each) for each in place.columns)


def masked_columns(scope: AppliesTo, place: SourceView) -> Sequence[Column]:
    """The columns that a masking policy with this scope masks. Without column criteria that is
    every column.
    """
    if scope.is_empty or not _source_criteria_hold(scope, place) or _is_out_of_reach(scope, place):
        return ()
    if not scope.names_columns:
        return tuple(column for column, _ in place.columns)
    if len(scope.column_tags) == 1 and scope.column_regex is None and not (scope.all_columns or scope.untagged_columns):
        return place.tagged(*scope.column_tags)
    holds = _column_criteria(scope)
    return tuple(column for column, tags in place.columns if holds(column, tags))


def carries_all(place: SourceView, wanted: Tags) -> bool:
    """Whether each tag is on some column: where a policy without a scope of its own applies."""
    present = place.column_tags
    return bool(wanted) and all(fold(tag) in present for tag in wanted)


def tag_depth(scope: AppliesTo, column: Column) -> int:
    """How deep the deepest of the policy's tags stands that the column falls under; 0 where no tag
    decides.
    """
    present = closure(column.tags)
    return max((depth(tag) for tag in scope.column_tags if fold(tag) in present), default=0)


def _source_criteria_hold(scope: AppliesTo, place: SourceView) -> bool:
    if not scope.names_sources:
        return True
    verdicts: list[bool] = []
    if scope.data_source_tags:
        verdicts.append(_tags_test(scope.data_source_tags, scope.operator)(place.tags))
    if scope.data_sources:
        named = (names_source(pattern, place.source.key) for pattern in scope.data_sources)
        verdicts.append(_combine(scope.operator, named))
    if scope.all_data_sources:
        verdicts.append(True)
    return _combine(scope.operator, verdicts)


def _is_out_of_reach(scope: AppliesTo, place: SourceView) -> bool:
    """Whether no column carries a tag, for a scope that looks at tags only: most policies on most
    data sources.
    """
    if not scope.column_tags or scope.column_regex is not None or scope.all_columns or scope.untagged_columns:
        return False
    return not any(fold(tag) in place.column_tags for tag in scope.column_tags)


def _column_criteria(scope: AppliesTo) -> Callable[[Column, Tags], bool]:
    """The test of one column: what does not depend on the column is found out once for all of
    them.
    """
    criteria: list[Callable[[Column, Tags], bool]] = []
    if scope.column_tags:
        folded = {fold(tag) for tag in scope.column_tags}
        if scope.operator == "all":
            criteria.append(lambda column, tags: folded <= tags)
        else:
            criteria.append(lambda column, tags: not folded.isdisjoint(tags))
    if scope.column_regex is not None:
        pattern = column_pattern(scope.column_regex, scope.column_regex_case_insensitive)
        criteria.append(lambda column, tags: pattern is None or pattern.search(column.name) is not None)
    if scope.all_columns:
        criteria.append(lambda column, tags: True)
    if scope.untagged_columns:
        criteria.append(lambda column, tags: not tags)
    if len(criteria) == 1:
        return criteria[0]
    return lambda column, tags: _combine(scope.operator, (holds(column, tags) for holds in criteria))


def _tags_test(wanted: Tags, operator: Operator) -> Callable[[Tags], bool]:
    folded = {fold(tag) for tag in wanted}
    return folded.issubset if operator == "all" else lambda present: not folded.isdisjoint(present)


def _combine(operator: Operator, verdicts: Iterable[bool]) -> bool:
    return all(verdicts) if operator == "all" else any(verdicts)


def names_source(pattern: str, key: str) -> bool:
    """Whether a dotted name, in which `*` stands for any run of characters, names the data source.
    Redshift folds names, quoted or not. Where a name needs quotes, it may do without.
    """
    wanted, key = _name_pattern(pattern), canonical(key)
    if wanted.fullmatch(key):
        return True
    plain = without_quotes(key) if '"' in key and '"' not in pattern else None
    return plain is not None and wanted.fullmatch(plain) is not None


def names_one(pattern: str) -> bool:
    """Whether a dotted name can only be that of the data source with this very key."""
    return _PLAIN.fullmatch(pattern) is not None


@lru_cache(maxsize=4_096)
def _name_pattern(pattern: str) -> re.Pattern[str]:
    wanted = _UNNEEDED.sub(r"\1", folded(pattern)) if "*" in pattern else canonical(pattern)
    return re.compile(".*".join(re.escape(part) for part in wanted.split("*")), re.DOTALL)


_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*(\.[a-z_][a-z0-9_$]*)*")
_UNNEEDED = re.compile(r'(?<![^.])"([a-z_][a-z0-9_$]*)"(?![^.])')
"""Quotes around a part that needs none."""


@lru_cache(maxsize=65_536)
def canonical(name: str) -> str:
    """The name as keys are written: folded, and quoted only where it has to be."""
    try:
        return dotted(*split(name))
    except ValueError:
        return folded(name)


@lru_cache(maxsize=4_096)
def column_pattern(pattern: str, case_insensitive: bool) -> re.Pattern[str] | None:
    """The compiled pattern; None where it is not a regular expression, which then takes in every
    column.
    """
    try:
        return re.compile(pattern, re.IGNORECASE if case_insensitive else 0)
    except re.error:
        return None
