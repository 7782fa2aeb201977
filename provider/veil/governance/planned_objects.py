"""The objects of the planned world, and what tells which of them have to do with each other."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from veil.model import (
    KINDS,
    POLICY_KINDS,
    DataSource,
    Integration,
    Kind,
    Put,
    Remove,
    Subscription,
    UserFunctions,
    World,
    key_of,
    kind_of,
)
from veil.model.change import ended_by
from veil.model.kinds import Governed
from veil.policy import MaskStacks, PolicyIndex, SourceIndex, same_to_views, touched_by, wishes_filters

Step = tuple[Any, Any]
"""What had a key, and what has it now; None for nothing."""


class PlannedObjects:
    """A World that is planned object by object: each step costs what it changes, however much there
    is beside it.
    """

    def __init__(self, deployed: World) -> None:
        fields = (spec.world_field for kind, spec in KINDS.items() if kind is not Kind.INTEGRATION)
        self._objects: dict[str, Any] = {each: dict(getattr(deployed, each)) for each in fields}
        self.world = replace(deployed, **self._objects)
        """All that is planned. Its mappings change with every step; what is made from it holds for
        that moment.
        """
        self.sources = SourceIndex(self.world.data_sources)
        self._policies = PolicyIndex(self.world)
        self._subscriptions: dict[str, dict[tuple[str, str], Subscription]] = defaultdict(dict)
        for key, each in self.world.subscriptions.items():
            self._subscriptions[each.data_source][key] = each
        self._stacks: dict[str, MaskStacks] = {}
        self._copies: dict[str, Any] = {}

    def copied(self) -> World:
        """The World as it is planned by now, which later steps leave as it is."""
        self._copies |= {name: dict(objects) for name, objects in self._objects.items() if name not in self._copies}
        return replace(self.world, **self._copies)

    def know(self, functions: UserFunctions) -> None:
        """Take in that these functions are there."""
        self.world = replace(self.world, functions={**self.world.functions, **functions})

    def put(self, thing: Governed, gives_up: Any) -> list[Step]:
        """Overlay one object, which gives up a key that it had, or None; what changed."""
        if isinstance(thing, Integration):
            before, self.world = self.world.integration, replace(self.world, integration=thing)
            return [(before, thing)]
        kind, key = kind_of(thing), key_of(thing)
        steps = [] if gives_up in (None, key) else [self._step(kind, gives_up, None)]
        return [*steps, self._step(kind, key, thing)]

    def remove(self, kind: Kind, key: Any) -> list[Step]:
        """Take an object out; what changed."""
        return [self._step(kind, key, None)]

    def _step(self, kind: Kind, key: Any, new: Any) -> Step:
        objects = self._objects[KINDS[kind].world_field]
        self._copies.pop(KINDS[kind].world_field, None)
        old = objects.pop(key, None)
        if new is not None:
            objects[key] = new
        if ended := ended_by([Put(new) if new is not None else Remove(kind, key)], self.world.approvals):
            kept = {pair: each for pair, each in self.world.approvals.items() if pair not in ended}
            self.world = replace(self.world, approvals=kept)
        if kind is Kind.DATA_SOURCE:
            self.sources.follow(old, new)
            self._stacks.pop(key, None)
        elif kind in POLICY_KINDS:
            self._policies.follow(old, new)
        elif kind is Kind.SUBSCRIPTION:
            self._subscriptions[key[1]].pop(key, None)
            if new is not None:
                self._subscriptions[key[1]][key] = new
        return old, new

    def touched(self, kind: Kind, steps: Sequence[Step]) -> frozenset[str]:
        """The keys of the data sources whose views may differ after these steps with objects of a
        kind, and of those that list a policy which comes or goes staged: their views stay closed,
        and the reason is another one.
        """
        keys: set[str] = set()
        for old, new in steps:
            if kind is Kind.DATA_SOURCE:
                keys |= {each.key for each in (old, new) if each is not None and old != new}
            elif kind in POLICY_KINDS:
                keys |= touched_by(old, new, self.sources, self._wishes)
                keys |= {
                    key
                    for each in (old, new)
                    if each is not None
                    for key in self.sources.listing(each.name)
                    if old != new
                }
            elif kind is Kind.INTEGRATION and not same_to_views(old, new):
                keys |= self.world.data_sources.keys()
        return frozenset(keys)

    def _wishes(self, key: str) -> bool:
        return wishes_filters(self.world, self.world.data_sources[key])

    def around(self, source: DataSource) -> World:
        """The planned World without the policies and subscriptions that have no say on a data
        source.
        """
        subscriptions: Mapping[Any, Subscription] = self._subscriptions.get(source.key, {})
        return replace(self._policies.around(self.world, source), subscriptions=subscriptions)

    def stacks(self, source: DataSource) -> MaskStacks:
        """The masks on each column of a planned data source."""
        mask_stacks = self._stacks.get(source.key)
        if mask_stacks is None:
            mask_stacks = self._stacks[source.key] = MaskStacks(self._policies.around(self.world, source), source)
        return mask_stacks

    def restacked(self, key: str, steps: Sequence[Step]) -> set[str]:
        """The columns of a data source whose masks are others after these steps with masking
        policies.
        """
        known = self._stacks.get(key)
        if known is None:  # It is made of the policies as they are by now.
            fresh, policies = self.stacks(self.world.data_sources[key]), [each for step in steps for each in step]
            return {name for each in policies for name in fresh.masked(each)}
        return {name for old, new in steps for name in known.follow(old, new)}
