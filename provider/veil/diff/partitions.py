"""Who sees what of one data source, for all users at once: sets of users, each with the condition that is theirs.

Policy by policy the users are parted by what that policy asks, and parts for whom the same follows are joined again. Users
who may act in a project with the data source are left to `Rules.access`, which looks at them one by one.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from veil.diff.access import ColumnAccess, Rules, applied_masks, distinct, may_return, named, returned
from veil.diff.conditions import ALWAYS, NEVER, Condition, both, either
from veil.diff.people import Bits, Side, asked_by
from veil.diff.residual import UserScope, admitted_by, passed, shown_by
from veil.model import Column, MaskingPolicy, Policy, RowPolicy, Sql, SubscriptionPolicy

T = TypeVar("T")
U = TypeVar("U")
R = TypeVar("R")
Parts = Mapping[T, Bits]
"""Users by what holds for them; no user is in two parts."""


def crossed(one: Parts[T], other: Parts[U], combine: Callable[[T, U], R]) -> dict[R, Bits]:
    """What holds for users by what holds for them in two ways."""
    found: dict[R, Bits] = defaultdict(int)
    for left, mine in one.items():
        for right, theirs in other.items():
            if bits := mine & theirs:
                found[combine(left, right)] |= bits
    return dict(found)


def within(parts: Parts[T], users: Bits) -> dict[T, Bits]:
    """The parts as far as these users are in them."""
    return {each: bits & users for each, bits in parts.items() if bits & users}


@dataclass(frozen=True)
class _Passing:
    """What one mask does with users: when it passes, and what it shows where it does not."""

    passes: Condition
    masks: tuple[str, ...]
    returned: Condition


@dataclass(frozen=True)
class Shows:
    """What the masks on a column make of it, in whatever rows show. `returned` is when a mask may hand the value back."""

    passing: Condition
    returned: Condition
    masks: tuple[str, ...]
    policies: tuple[str, ...]
    ended: bool = False

    def column(self, rows: Condition) -> ColumnAccess:
        """The same in rows that show under a condition."""
        clear = either((self.passing, self.returned))
        return ColumnAccess(both((rows, clear)), clear, self.masks, self.policies)


_UNMASKED = Shows(ALWAYS, NEVER, (), ())

Cache = dict[tuple[int, MaskingPolicy], dict[_Passing, Bits]]
"""What masks without `where` do, by side: that is the same on every data source."""


class Partition:
    """What all users of one side see of one data source. `users` are those who count."""

    def __init__(self, rules: Rules, side: Side, users: Bits, cache: Cache) -> None:
        self.rules, self.side, self.users = rules, side, users
        self._cache = cache
        self._without = users & ~side.profiled
        self._stacks: dict[object, dict[Shows, Bits]] = {}

    @cached_property
    def rows(self) -> dict[Condition, Bits]:
        """When rows show to whom."""
        rules = self.rules
        if not rules.source.enabled or rules.closed:
            return {NEVER: self.users}
        found: dict[Condition, Bits] = {NEVER: self.users}
        for grant in rules.grants:
            if grant.access in ("everyone", "conditions"):
                found = crossed(found, self._admitted(grant), lambda one, other: either((one, other)))
        found = crossed(found, self._subscribed, lambda one, other: either((one, other)))
        for guardrail in rules.guardrails:
            demanded = self._admitted(guardrail)
            found = crossed(found, demanded, lambda one, other: both((one, other)))
        for policy in rules.row_policies:
            found = crossed(found, self._shown(policy), lambda one, other: both((one, other)))
        return found

    def column(self, column: Column) -> dict[Shows, Bits]:
        """What the masks on a column of the view make of it for whom."""
        rules = self.rules
        if column.name not in rules.masks:
            return {Shows(NEVER, NEVER, ("NULL (new column)",), (), ended=True): self.users}
        if column.name in rules.nulled:
            return {Shows(NEVER, NEVER, ("NULL (baseline)",), (), ended=True): self.users}
        stack = rules.masks[column.name]
        key = tuple(each.name for each in stack), column if any(map(_is_of_column, stack)) else None
        if key not in self._stacks:
            found: dict[Shows, Bits] = {_UNMASKED: self.users}
            for policy in stack:
                found = crossed(found, self._passed(policy, column), lambda one, other: _next(one, policy.name, other))  # noqa: B023
            self._stacks[key] = found
        return self._stacks[key]

    @cached_property
    def _subscribed(self) -> dict[Condition, Bits]:
        subscribed = self.side.subscribed.get(self.rules.source.key, 0) & self.side.profiled
        return {each: bits for each, bits in ((ALWAYS, subscribed), (NEVER, self.users & ~subscribed)) if bits}

    def _admitted(self, policy: SubscriptionPolicy) -> dict[Condition, Bits]:
        if policy.access in ("individual", "approval"):
            return self._subscribed
        return self._parted(policy, lambda scope: admitted_by(policy, scope), subscription=True)

    def _shown(self, policy: RowPolicy) -> dict[Condition, Bits]:
        return self._parted(policy, lambda scope: shown_by(policy, scope))

    def _passed(self, policy: MaskingPolicy, column: Column) -> dict[_Passing, Bits]:
        if policy.where is not None or _is_of_column(policy):
            return self._masked(policy, column, self.users)
        place = id(self.side), policy
        if place not in self._cache:
            self._cache[place] = self._masked(policy, column, self.side.people.everybody)
        return self._cache[place]

    def _masked(self, policy: MaskingPolicy, column: Column, users: Bits) -> dict[_Passing, Bits]:
        def of(scope: UserScope) -> _Passing:
            passes = passed(policy, scope)
            if passes == ALWAYS:
                return _Passing(ALWAYS, (), NEVER)
            applied = list(applied_masks(policy, scope))
            kept = either(returned(each, passes) for each in applied if may_return(each, column))
            return _Passing(passes, tuple(map(named, applied)), kept)

        found: dict[_Passing, Bits] = defaultdict(int)
        for user, bits in self.side.cells(asked_by(policy)):
            if bits & users:
                found[of(self._scope(user))] |= bits & users
        if rest := users & ~self.side.profiled:
            found[_Passing(NEVER, (), NEVER)] |= rest
        return dict(found)

    def _parted(
        self, policy: Policy, condition: Callable[[UserScope], Condition], *, subscription: bool = False
    ) -> dict[Condition, Bits]:
        found: dict[Condition, Bits] = defaultdict(int)
        for user, bits in self.side.cells(asked_by(policy)):
            if mine := bits & self.users:
                found[condition(self._scope(user, subscription=subscription))] |= mine
        if self._without:
            found[NEVER] |= self._without
        return dict(found)

    def _scope(self, user: str, *, subscription: bool = False) -> UserScope:
        return UserScope(
            world=self.rules.world,
            source=self.rules.source,
            facts=self.side.facts(user),
            now=self.rules.now,
            subscription=subscription,
            symbols=self.side.people.symbols(user, self.side),
        )


def _is_of_column(policy: MaskingPolicy) -> bool:
    """Whether it is the column's to decide if a mask of the policy can hand back the value."""
    masks = (each for each in (policy.mask, policy.otherwise) if each is not None)
    return any(isinstance(each, Sql) or each.why_kept() is not None for each in masks)


def _next(found: Shows, name: str, mask: _Passing) -> Shows:
    """What shows behind one more mask."""
    if found.ended or mask.passes == ALWAYS:
        return found
    passing = both((found.passing, mask.passes))
    return Shows(
        passing,
        either((found.returned, both((found.passing, mask.returned)))),
        distinct((*found.masks, *mask.masks)),
        distinct((*found.policies, name)),
        ended=not passing,
    )
