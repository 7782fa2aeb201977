"""Which views may differ after a change, without compiling any of them.

Users, subscriptions, projects and purposes are rows that views read, and never part of a view. A changed policy
touches the data sources it applied to or applies to now, which one index of the tags, names and columns answers for
all the changes together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from veil.model import (
    POLICY_KINDS,
    AppliesTo,
    Change,
    DataSource,
    Integration,
    Kind,
    Policy,
    Put,
    RowPolicy,
    World,
    fold,
    key_of,
    kind_of,
)
from veil.model.change import objects_of
from veil.policy.filter_columns import wishes
from veil.policy.rows import used_tags
from veil.policy.targeting import canonical, column_pattern, lineage, names_one, names_source


def touched(before: World, after: World, changes: Sequence[Change]) -> frozenset[str]:
    """The keys of the data sources whose view may not be the same in `after` as in `before`, `changes` being what lies
    between them. Never too few; now and then one too many. Includes those that are gone.
    """
    everything = frozenset(before.data_sources) | frozenset(after.data_sources)
    if _as_views_see(before.integration) != _as_views_see(after.integration):
        return everything
    keys = _changed_keys(changes)
    found = {key for key in keys[Kind.DATA_SOURCE] if before.data_sources.get(key) != after.data_sources.get(key)}
    policies = [pair for kind in POLICY_KINDS for pair in _changed_policies(before, after, kind, keys[kind])]
    if policies:
        index = SourceIndex(after.data_sources)
        wishing = {key for key, source in after.data_sources.items() if wishes(after, source)}
        for old, new in policies:
            if _active(old) != _active(new):
                found |= _reach(_active(old), _active(new), index)
            if wishing:
                found |= _reach(old, new, index) & wishing
    # One that comes is no change of a view: closing must not wait for whoever is reading it.
    for closing in (before.closings[key] for key in keys[Kind.CLOSING] if key in before.closings):
        if closing.id not in after.closings:
            found |= {
                key for key in closing.sources if key in after.data_sources and wishes(after, after.data_sources[key])
            }
    return frozenset(found)


def _changed_keys(changes: Iterable[Change]) -> Mapping[Kind, set[Any]]:
    keys: dict[Kind, set[Any]] = defaultdict(set)
    for change in changes:
        if isinstance(change, Put):
            kind = kind_of(change.thing)
            keys[kind] |= {key_of(change.thing)} | ({change.replaces} if change.replaces is not None else set())
        else:
            keys[change.kind].add(change.key)
    return keys


def _changed_policies(
    before: World, after: World, kind: Kind, names: Iterable[str]
) -> Iterable[tuple[Policy | None, Policy | None]]:
    """What each changed policy was and is; None where it is not there."""
    for name in names:
        old, new = (_as_told(objects_of(world, kind).get(name)) for world in (before, after))
        if old != new:
            yield old, new


def _as_told(policy: Policy | None) -> Policy | None:
    """The policy without what no view holds."""
    return None if policy is None else replace(policy, description="")


def _active(policy: Policy | None) -> Policy | None:
    """None for a policy that is staged, which is the same to a view as one that is not there, but that it guards columns."""
    return None if policy is None or policy.staged else policy


def _reach(old: Policy | None, new: Policy | None, index: "SourceIndex") -> set[str]:
    reached: set[str] = set()
    for policy in (old, new):
        if policy is None:
            continue
        reached |= index.listing(policy.name) | index.within(policy.applies_to)
        if isinstance(policy, RowPolicy) and policy.applies_to.is_empty:
            reached |= index.carrying(used_tags(policy))
    return reached


def _as_views_see(integration: Integration) -> Integration:
    """The integration without what no view holds."""
    return replace(integration, name="", impersonation_group=None)


class SourceIndex:
    """Data sources by what policies look for. Serves a group of changes; each part is built when first asked for."""

    def __init__(self, sources: Mapping[str, DataSource]) -> None:
        self._sources = sources

    def listing(self, policy: str) -> set[str]:
        """Those that must not be published without the policy."""
        return self._by_listed.get(policy, set())

    def carrying(self, tags: Iterable[str]) -> set[str]:
        """Those with a column under each of the tags."""
        found = [self._by_column_tag.get(fold(tag), set()) for tag in tags]
        return set.intersection(*found) if found else set()

    def within(self, scope: AppliesTo) -> set[str]:
        """Those that a policy with this scope may apply to: each side's criteria are taken as if any sufficed."""
        if scope.is_empty:
            return set()
        if not scope.names_sources:
            return self._by_columns(scope)
        named = self._by_source(scope)
        return named & self._by_columns(scope) if scope.names_columns and len(named) > _FEW else named

    def _by_source(self, scope: AppliesTo) -> set[str]:
        if scope.all_data_sources:
            return set(self._sources)
        found: set[str] = set()
        for tag in scope.data_source_tags:
            found |= self._by_tag.get(fold(tag), set())
        for pattern in scope.data_sources:
            if not names_one(pattern):
                found |= {key for key in self._sources if names_source(pattern, key)}
            else:
                found |= self._by_name.get(pattern, set())
        return found

    def _by_columns(self, scope: AppliesTo) -> set[str]:
        if scope.all_columns:
            return set(self._sources)
        found: set[str] = set(self._untagged) if scope.untagged_columns else set()
        for tag in scope.column_tags:
            found |= self._by_column_tag.get(fold(tag), set())
        if scope.column_regex is not None:
            pattern = column_pattern(scope.column_regex, scope.column_regex_case_insensitive)
            for name, keys in self._by_column.items():
                if pattern is None or pattern.search(name):
                    found |= keys
        return found

    @cached_property
    def _by_listed(self) -> Mapping[str, set[str]]:
        return _inverted((name, key) for key, source in self._sources.items() for name in source.policies)

    @cached_property
    def _by_name(self) -> Mapping[str, set[str]]:
        return _inverted((canonical(key), key) for key in self._sources)

    @cached_property
    def _by_tag(self) -> Mapping[str, set[str]]:
        pairs = ((tag, key) for key, source in self._sources.items() for tag in source.tags)
        return _inverted((each, key) for tag, key in pairs for each in lineage(tag))

    @cached_property
    def _by_column_tag(self) -> Mapping[str, set[str]]:
        tagged = ((_column_tags(source), key) for key, source in self._sources.items())
        return _inverted((each, key) for tags, key in tagged for tag in tags for each in lineage(tag))

    @cached_property
    def _by_column(self) -> Mapping[str, set[str]]:
        return _inverted((column.name, key) for key, source in self._sources.items() for column in source.columns)

    @cached_property
    def _untagged(self) -> set[str]:
        return {key for key, source in self._sources.items() if not all(column.tags for column in source.columns)}


_FEW = 50
"""So few data sources are taken as they are: looking at all columns of all others would cost more."""


def _column_tags(source: DataSource) -> set[str]:
    return {tag for column in source.columns if column.tags for tag in column.tags}


def _inverted(pairs: Iterable[tuple[str, str]]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for wanted, key in pairs:
        found[wanted].add(key)
    return found
