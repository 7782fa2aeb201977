"""The policies that have a say on a data source, found so that not each is tried on each.

By tags too many are found, and the interpreter decides: it is asked about those alone. Of masks it
is asked once for all columns that it cannot tell apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from veil.model import (
    AppliesTo,
    Column,
    DataSource,
    MaskingPolicy,
    RowPolicy,
    SubscriptionPolicy,
    World,
    fold,
    with_parents,
)
from veil.oracle.mask_order import stacks
from veil.oracle.places import is_on_source, maskable
from veil.oracle.scope import Scope

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


class Stacks:
    """The masks on the columns of a World's data sources, in the order in which they decide: asked
    of the interpreter once for all columns that no policy tells apart, so that equal stacks of one
    World are one object.
    """

    def __init__(self, world: World, now: datetime) -> None:
        self._world, self._now = world, now
        self._policies = [each for each in world.masking_policies.values() if not each.staged]
        self._names_columns = any(each.applies_to.column_regex is not None for each in self._policies)
        self._names_sources = any(each.applies_to.data_sources for each in self._policies)
        self._here: dict[Any, frozenset[str]] = {}
        self._stacks: dict[Any, tuple[MaskingPolicy, ...]] = {}

    def on(self, source: DataSource) -> Mapping[str, tuple[MaskingPolicy, ...]]:
        """Those of each column that policies see."""
        place = source.tags, source.key if self._names_sources else ""
        if place not in self._here:
            self._here[place] = frozenset(each.name for each in self._policies if is_on_source(each.applies_to, source))
        here = self._here[place]
        return {each.name: self._stack(here, each, source) for each in maskable(source)}

    def _stack(self, here: frozenset[str], column: Column, source: DataSource) -> tuple[MaskingPolicy, ...]:
        place = here, column.tags, column.name if self._names_columns else ""
        if place not in self._stacks:
            world = replace(self._world, masking_policies={each: self._world.masking_policies[each] for each in here})
            alone = Scope(world=world, source=replace(source, columns=(column,)), facts=None, now=self._now)
            self._stacks[place] = tuple(stacks(alone)[column.name])
        return self._stacks[place]


def _listed(policies: Mapping[str, P], source: DataSource) -> dict[str, P]:
    return {name: policies[name] for name in source.policies & policies.keys()}


def _among(policies: Mapping[tuple[str, str], list[P]], wanted: Iterable[tuple[str, str]]) -> dict[str, P]:
    return {policy.name: policy for each in wanted for policy in policies.get(each, ())}


def _by_tag(policies: Iterable[P]) -> Mapping[tuple[str, str], list[P]]:
    by_tag: dict[tuple[str, str], list[P]] = defaultdict(list)
    for each in policies:
        for place in _needed(each.applies_to):
            by_tag[place].append(each)
    return by_tag


def _needed(place: AppliesTo) -> Iterable[tuple[str, str]]:
    """Tags of which one at least must be there for the place to apply."""
    only_columns = not (place.column_regex is not None or place.all_columns or place.untagged_columns)
    if place.column_tags and only_columns:
        return [(_COLUMN, fold(each)) for each in place.column_tags]
    if place.data_source_tags and not (place.data_sources or place.all_data_sources):
        return [(_SOURCE, fold(each)) for each in place.data_source_tags]
    return [_ANY]


def _with_parents(tags: Iterable[str]) -> set[str]:
    return {covering for tag in tags for covering in with_parents(tag)}
