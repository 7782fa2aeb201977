"""The policies that may have a say on a data source, found by tags, so that not each is tried on each.

Too many are allowed: the interpreter decides. It is asked about those alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TypeVar

from veil.model import AppliesTo, DataSource, MaskingPolicy, RowPolicy, SubscriptionPolicy, World, fold

P = TypeVar("P", MaskingPolicy, RowPolicy, SubscriptionPolicy)

_COLUMN, _SOURCE, _ANY = "column", "source", ("", "")
"""Whose tag it is; `_ANY` is where policies stand that are not known by a tag."""


class Nearby:
    """The policies of a World by the tags that they need."""

    def __init__(self, world: World) -> None:
        self._world = world

    def world(self, source: DataSource) -> World:
        """The World without the policies that cannot apply to the data source."""
        tags = [(_SOURCE, each) for each in _with_parents(source.tags)]
        tags += [(_COLUMN, each) for each in _with_parents(tag for column in source.columns for tag in column.tags)]
        wanted = [_ANY, *tags]
        # Without a policy that it lists, which need not apply to it, a data source is closed.
        masking, rows = self._world.masking_policies, self._world.row_policies
        return replace(
            self._world,
            masking_policies=_among(self._masking, wanted) | _listed(masking, source),
            row_policies=_among(self._rows, wanted) | _listed(rows, source),
            subscription_policies=_among(self._subscription, wanted),
        )

    @cached_property
    def _masking(self) -> Mapping[tuple[str, str], list[MaskingPolicy]]:
        return _by_tag(self._world.masking_policies.values())

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str], list[RowPolicy]]:
        return _by_tag(self._world.row_policies.values())

    @cached_property
    def _subscription(self) -> Mapping[tuple[str, str], list[SubscriptionPolicy]]:
        return _by_tag(self._world.subscription_policies.values())


def _listed(policies: Mapping[str, P], source: DataSource) -> dict[str, P]:
    return {name: policies[name] for name in source.policies & policies.keys()}


def _among(policies: Mapping[tuple[str, str], list[P]], wanted: Iterable[tuple[str, str]]) -> dict[str, P]:
    return {policy.name: policy for each in wanted for policy in policies.get(each, ())}


def _by_tag(policies: Iterable[P]) -> Mapping[tuple[str, str], list[P]]:
    found: dict[tuple[str, str], list[P]] = defaultdict(list)
    for each in policies:
        for place in _needed(each.applies_to):
            found[place].append(each)
    return found


def _needed(place: AppliesTo) -> Iterable[tuple[str, str]]:
    """Tags of which one at least must be there for the place to apply."""
    only_columns = not (place.column_regex is not None or place.all_columns or place.untagged_columns)
    if place.column_tags and only_columns:
        return [(_COLUMN, fold(each)) for each in place.column_tags]
    if place.data_source_tags and not (place.data_sources or place.all_data_sources):
        return [(_SOURCE, fold(each)) for each in place.data_source_tags]
    return [_ANY]


def _with_parents(tags: Iterable[str]) -> set[str]:
    found = set()
    for tag in map(fold, tags):
        parts = tag.split(".")
        found |= {".".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
    return found
