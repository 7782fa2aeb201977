"""The policies of a World by what a data source must have for them to apply to it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from veil.model import KINDS, POLICY_KINDS, DataSource, Policy, RowPolicy, World, fold, kind_of
from veil.model.change import objects_of
from veil.policy.findings import Place
from veil.policy.rows import used_tags
from veil.policy.targeting import canonical, closure, names_one

_Trait = tuple[str, str]
"""What policies find a data source by: its name, a tag of its own or of a column, or the name of a
policy that it lists.
"""

_ANY: _Trait = ("any", "")
"""What every data source has."""


class PolicyIndex:
    """Tells which policies can have a say on one data source without a look at the others. It
    follows what is put.
    """

    def __init__(self, world: World) -> None:
        self._by_trait: dict[_Trait, set[Place]] = defaultdict(set)
        for kind in POLICY_KINDS:
            for each in objects_of(world, kind).values():
                self.follow(None, each)

    def follow(self, old: Policy | None, new: Policy | None) -> None:
        """Take in that a policy was `old` and is `new`; None where it is not there."""
        if old is not None:
            for trait in _wanted(old):
                self._by_trait[trait].discard((kind_of(old), old.name))
        if new is not None:
            for trait in _wanted(new):
                self._by_trait[trait].add((kind_of(new), new.name))

    def near(self, source: DataSource) -> set[Place]:
        """The policies that may apply to a data source, and those that it lists: never too few, now
        and then one too many.
        """
        places: set[Place] = set()
        for trait in _traits(source):
            places |= self._by_trait.get(trait, set())
        return places

    def around(self, world: World, *forms: DataSource) -> World:
        """The World of which this is the index, without the policies that have no say on a data
        source in any of its forms.
        """
        near: dict[str, Any] = {KINDS[kind].world_field: {} for kind in POLICY_KINDS}
        for kind, name in set[Place]().union(*map(self.near, forms)):
            near[KINDS[kind].world_field][name] = objects_of(world, kind)[name]
        return replace(world, **near)


def with_only(world: World, policy: Policy) -> World:
    """The World with no other policy."""
    fields: dict[str, Any] = {KINDS[kind].world_field: {} for kind in POLICY_KINDS}
    return replace(world, **fields | {KINDS[kind_of(policy)].world_field: {policy.name: policy}})


def _wanted(policy: Policy) -> Iterator[_Trait]:
    """Traits of which a data source has one where the policy applies to it or is listed."""
    yield "listed", policy.name
    scope = policy.applies_to
    if scope.is_empty:
        if isinstance(policy, RowPolicy):
            yield from (("column tag", tag) for tag in sorted(used_tags(policy))[:1])  # It needs all of them.
    elif scope.column_tags and not (scope.column_regex is not None or scope.all_columns or scope.untagged_columns):
        yield from (("column tag", fold(tag)) for tag in scope.column_tags)
    elif not scope.names_sources or scope.all_data_sources or not all(map(names_one, scope.data_sources)):
        yield _ANY
    else:
        yield from (("tag", fold(tag)) for tag in scope.data_source_tags)
        yield from (("name", name) for name in scope.data_sources)


def _traits(source: DataSource) -> Iterator[_Trait]:
    yield _ANY
    yield "name", canonical(source.key)
    yield from (("listed", name) for name in source.policies)
    yield from (("tag", tag) for tag in closure(source.tags))
    tags = {tag for column in source.columns for tag in closure(column.tags)}
    yield from (("column tag", tag) for tag in tags)
