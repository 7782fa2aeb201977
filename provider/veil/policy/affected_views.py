"""Which views may differ after a change, without compiling any of them.

Users, subscriptions, projects and purposes are rows that views read, and never part of a view. A
changed policy touches the data sources it applied to or applies to now, which one index of the
tags, names and columns answers for all the changes together.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
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
from veil.policy.targeting import canonical, closure, column_pattern, names_one, names_source


def touched(before: World, after: World, changes: Sequence[Change]) -> frozenset[str]:
    """The keys of the data sources whose view may not be the same in `after` as in `before`,
    `changes` being what lies between them. Never too few; now and then one too many. Includes those
    that are gone.
    """
    everything = frozenset(before.data_sources) | frozenset(after.data_sources)
    if not same_to_views(before.integration, after.integration):
        return everything
    keys = _changed_keys(changes)
    touched_keys = {
        key for key in keys[Kind.DATA_SOURCE] if before.data_sources.get(key) != after.data_sources.get(key)
    }
    index = SourceIndex(after.data_sources)
    wishing = cache(lambda key: wishes(after, after.data_sources[key]))
    for kind in POLICY_KINDS:
        for name in keys[kind]:
            old, new = objects_of(before, kind).get(name), objects_of(after, kind).get(name)
            touched_keys |= touched_by(old, new, index, wishing)
    # One that comes is no change of a view: closing must not wait for whoever is reading it.
    for closing in (before.closings[key] for key in keys[Kind.CLOSING] if key in before.closings):
        if closing.id not in after.closings:
            touched_keys |= {
                key for key in closing.sources if key in after.data_sources and wishes(after, after.data_sources[key])
            }
    return frozenset(touched_keys)


def touched_by(
    old: Policy | None, new: Policy | None, index: "SourceIndex", wishing: Callable[[str], bool]
) -> set[str]:
    """The keys of the data sources whose view may differ because a policy was `old` and is `new`,
    None where it is not there. `index` is of the data sources as they are then, and `wishing` tells
    whether a column of one is to stand bare.
    """
    old, new = _as_told(old), _as_told(new)
    if old == new:
        return set()
    everywhere = _reach(old, new, index)
    if _active(old) == _active(new):
        return {key for key in everywhere if wishing(key)}
    if _active(old) == old and _active(new) == new:
        return everywhere
    return _reach(_active(old), _active(new), index) | {key for key in everywhere if wishing(key)}


def same_to_views(one: Integration, other: Integration) -> bool:
    """Whether two states of an integration differ in nothing that a view holds."""
    return _as_views_see(one) == _as_views_see(other)


def _changed_keys(changes: Iterable[Change]) -> Mapping[Kind, set[Any]]:
    keys: dict[Kind, set[Any]] = defaultdict(set)
    for change in changes:
        if isinstance(change, Put):
            kind = kind_of(change.thing)
            keys[kind] |= {key_of(change.thing)} | ({change.replaces} if change.replaces is not None else set())
        else:
            keys[change.kind].add(change.key)
    return keys


def _as_told(policy: Policy | None) -> Policy | None:
    """The policy without what no view holds."""
    return None if policy is None else replace(policy, description="")


def _active(policy: Policy | None) -> Policy | None:
    """None for a policy that is staged, which is the same to a view as one that is not there, but
    that it guards columns.
    """
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
    return replace(integration, name="", impersonation_group=None, monitored_schemas=frozenset(), on_new_tables="warn")


class SourceIndex:
    """Data sources by what policies look for. Each part is built when first asked for, and follows
    what is put from then on.
    """

    def __init__(self, sources: Mapping[str, DataSource]) -> None:
        self._sources = sources
        self._parts: dict[_Wanted, dict[str, set[str]]] = {}

    def follow(self, old: DataSource | None, new: DataSource | None) -> None:
        """Take in that a data source among them was `old` and is `new`; None where it is not
        there.
        """
        for wanted, part in self._parts.items():
            if old is not None:
                for each in wanted(old):
                    part[each].discard(old.key)
            if new is not None:
                for each in wanted(new):
                    part[each].add(new.key)

    def listing(self, policy: str) -> set[str]:
        """Those that must not be published without the policy."""
        return self._having(_listed).get(policy, set())

    def carrying(self, tags: Iterable[str]) -> set[str]:
        """Those with a column under each of the tags."""
        keys_by_tag = [self._having(_column_tags).get(fold(tag), set()) for tag in tags]
        return set.intersection(*keys_by_tag) if keys_by_tag else set()

    def within(self, scope: AppliesTo) -> set[str]:
        """Those that a policy with this scope may apply to: each side's criteria are taken as if
        any sufficed.
        """
        if scope.is_empty:
            return set()
        if not scope.names_sources:
            return self._by_columns(scope)
        named = self._by_source(scope)
        return named & self._by_columns(scope) if scope.names_columns and len(named) > _FEW else named

    def _by_source(self, scope: AppliesTo) -> set[str]:
        if scope.all_data_sources:
            return set(self._sources)
        matching: set[str] = set()
        for tag in scope.data_source_tags:
            matching |= self._having(_tags).get(fold(tag), set())
        for pattern in scope.data_sources:
            if not names_one(pattern):
                matching |= {key for key in self._sources if names_source(pattern, key)}
            else:
                matching |= self._having(_name).get(pattern, set())
        return matching

    def _by_columns(self, scope: AppliesTo) -> set[str]:
        if scope.all_columns:
            return set(self._sources)
        matching: set[str] = set(self._having(_untagged).get(_ANY, ())) if scope.untagged_columns else set()
        for tag in scope.column_tags:
            matching |= self._having(_column_tags).get(fold(tag), set())
        if scope.column_regex is not None:
            pattern = column_pattern(scope.column_regex, scope.column_regex_case_insensitive)
            for name, keys in self._having(_columns).items():
                if pattern is None or pattern.search(name):
                    matching |= keys
        return matching

    def _having(self, wanted: "_Wanted") -> Mapping[str, set[str]]:
        part = self._parts.get(wanted)
        if part is None:
            part = self._parts[wanted] = defaultdict(set)
            for key, source in self._sources.items():
                for each in wanted(source):
                    part[each].add(key)
        return part


def _listed(source: DataSource) -> Iterable[str]:
    return source.policies


def _name(source: DataSource) -> Iterable[str]:
    return (canonical(source.key),)


def _tags(source: DataSource) -> Iterable[str]:
    return closure(source.tags)


def _column_tags(source: DataSource) -> Iterable[str]:
    return {each for column in source.columns if column.tags for each in closure(column.tags)}


def _columns(source: DataSource) -> Iterable[str]:
    return [column.name for column in source.columns]


def _untagged(source: DataSource) -> Iterable[str]:
    return () if all(column.tags for column in source.columns) else (_ANY,)


_Wanted = Callable[[DataSource], Iterable[str]]
"""What policies find a data source by."""

_ANY = ""
"""What data sources with an untagged column have in common."""

_FEW = 50
"""So few data sources are taken as they are: looking at all columns of all others would cost
more.
"""
