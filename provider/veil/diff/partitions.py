"""Who sees what of one data source, for all users at once: sets of users, each with the condition
that is theirs.

Policy by policy the users are parted by what that policy asks, and parts for whom the same follows
are joined again. What is found about a policy, or about the masks on a column, is kept for all data
sources on which it means the same. It is so in no project, and in each by itself: `in_projects` puts both
together.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, cast

from veil.diff.access import BASELINE, NEW_COLUMN, ColumnAccess, Rules, applied_masks, distinct, may_return, returned
from veil.diff.conditions import ALWAYS, NEVER, Condition, both, either, keys
from veil.diff.mask_strength import MaskStep
from veil.diff.people import Bits, Question, Side, asked_by
from veil.diff.residual import UserScope, admitted_by, passed, shown_by
from veil.diff.source_questions import asked_of_source
from veil.model import Column, MaskingPolicy, Policy, RowPolicy, Sql, SubscriptionPolicy
from veil.oracle.scope import Scope

T = TypeVar("T")
U = TypeVar("U")
R = TypeVar("R")
Parts = Mapping[T, Bits]
"""Users by what holds for them; no user is in two parts."""


def crossed(one: Parts[T], other: Parts[U], combine: Callable[[T, U], R]) -> dict[R, Bits]:
    """What holds for users by what holds for them in two ways."""
    combined: dict[R, Bits] = defaultdict(int)
    for left, left_bits in one.items():
        for right, right_bits in other.items():
            if bits := left_bits & right_bits:
                combined[combine(left, right)] |= bits
    return dict(combined)


def within(parts: Parts[T], users: Bits) -> dict[T, Bits]:
    """The parts as far as these users are in them."""
    return {each: inside for each, bits in parts.items() if (inside := bits & users)}


@dataclass(frozen=True)
class _Passing:
    """What one mask does with users: when it passes, and what it shows where it does not."""

    passes: Condition
    steps: tuple[MaskStep, ...]
    returned: Condition


@dataclass(frozen=True)
class Shows:
    """What the masks on a column make of it, in whatever rows show. `returned` is when a mask may
    hand the value back.
    """

    passing: Condition
    returned: Condition
    steps: tuple[MaskStep, ...]
    policies: tuple[str, ...]
    ended: bool = False

    def column(self, rows: Condition) -> ColumnAccess:
        """The same in rows that show under a condition."""
        clear = either((self.passing, self.returned))
        return ColumnAccess(both((rows, clear)), clear, self.steps, self.policies)


_UNMASKED = Shows(ALWAYS, NEVER, (), ())
_NEW = Shows(NEVER, NEVER, NEW_COLUMN, (), ended=True)
_NULLED = Shows(NEVER, NEVER, BASELINE, (), ended=True)


@dataclass(frozen=True, eq=False)
class Stack:
    """What the masks on a column make of it for everybody. The same masks that mean the same are
    one object. None stands for what is not in the view.
    """

    parts: Parts[Shows | None]
    policies: tuple[MaskingPolicy, ...] = ()


@dataclass(frozen=True, eq=False)
class Changes:
    """What changes in a column between two stacks, for whom; of others nothing does. `asked` are
    the keys of the tests that decide about it, `questions` what its masks ask about users.
    """

    parts: tuple[tuple[Shows | None, Shows | None, Bits], ...]
    asked: frozenset[tuple[Any, ...]]
    questions: frozenset[Question]


_MOST_BYTES = 200_000_000
"""So much is kept about sets of users at most; then all is found anew."""


@dataclass
class Cache:
    """What is found once for all data sources."""

    _kept: dict[Hashable, Any] = field(default_factory=dict)
    _policies: dict[int, Policy] = field(default_factory=dict)
    _size: int = 0

    def parts(self, place: Hashable, find: Callable[[], Parts[T]]) -> Parts[T]:
        """What is kept in this place, or is found now."""
        if place not in self._kept:
            self._keep(place, fresh := find(), fresh.values())
            return fresh
        known: Parts[T] = self._kept[place]
        return known

    def stack(self, place: Hashable, find: Callable[[], Stack]) -> Stack:
        """The same of the masks on a column."""
        if place not in self._kept:
            self._keep(place, fresh := find(), fresh.parts.values())
            return fresh
        known: Stack = self._kept[place]
        return known

    def changes(self, before: Stack, after: Stack) -> Changes:
        """What changes between these."""
        place = before, after
        if place not in self._kept:
            self._keep(place, fresh := _changes(before, after), (bits for _, _, bits in fresh.parts))
            return fresh
        known: Changes = self._kept[place]
        return known

    def known_by(self, policy: Policy) -> int:
        """What stands for the policy in places: comparing policies takes longer than finding
        them.
        """
        self._policies[id(policy)] = policy  # As long as it is there no other object gets its identity.
        return id(policy)

    def _keep(self, place: Hashable, kept: Any, sets: Iterable[Bits]) -> None:
        self._size += sum(each.bit_length() // 8 for each in sets)
        if self._size > _MOST_BYTES:
            self._kept.clear()
            self._size = 0
        self._kept[place] = kept


def _changes(before: Stack, after: Stack) -> Changes:
    pairs = {} if before is after else crossed(before.parts, after.parts, lambda had, gets: (had, gets))
    parts = tuple((had, gets, bits) for (had, gets), bits in pairs.items() if had != gets)
    conditions = (
        each for had, gets, _ in parts for shows in (had, gets) if shows for each in (shows.passing, shows.returned)
    )
    return Changes(
        parts,
        frozenset(key for each in conditions for key in keys(each)),
        frozenset(question for each in (*before.policies, *after.policies) for question in asked_by(each)),
    )


class Partition:
    """What all users of one side see of one data source while they act in no project, or all its
    members while they do in the one of that name. `users` are those who count.
    """

    def __init__(self, rules: Rules, side: Side, users: Bits, cache: Cache, project: str | None = None) -> None:
        self.rules, self.side, self.users = rules, side, users
        self._cache = cache
        self._project = side.acting(project) if project is not None else None
        self._everybody = self._project.members if self._project is not None else side.people.everybody
        self._who = side.who if self._project is None else (side.who, self._project.known_by)
        self._answers: dict[int, Hashable] = {}

    @cached_property
    def rows(self) -> dict[Condition, Bits]:
        """When rows show to whom."""
        rules = self.rules
        if not rules.source.enabled or rules.closed or (self._project is not None and self._project.unprofiled):
            return {NEVER: self.users}
        by_condition: dict[Condition, Bits] = {NEVER: self.users}
        for grant in rules.grants:
            if grant.access in ("everyone", "conditions"):
                by_condition = crossed(by_condition, self._admitted(grant), lambda one, other: either((one, other)))
        by_condition = crossed(by_condition, self._subscribed, lambda one, other: either((one, other)))
        for guardrail in rules.guardrails:
            demanded = self._admitted(guardrail)
            by_condition = crossed(by_condition, demanded, lambda one, other: both((one, other)))
        for policy in rules.row_policies:
            by_condition = crossed(by_condition, self._shown(policy), lambda one, other: both((one, other)))
        return by_condition

    def column(self, column: Column) -> Stack:
        """What the masks on a column of the view make of it, for everybody."""
        rules = self.rules
        if column.name not in rules.masks:
            return self._cache.stack(("stack", self._who, _NEW), lambda: Stack({_NEW: self._everybody}))
        if column.name in rules.nulled:
            return self._cache.stack(("stack", self._who, _NULLED), lambda: Stack({_NULLED: self._everybody}))
        masks = tuple(rules.masks[column.name])
        return self._cache.stack(
            ("stack", self._who, tuple(self._place(each, column) for each in masks)), lambda: self._stack(masks, column)
        )

    def _stack(self, masks: tuple[MaskingPolicy, ...], column: Column) -> Stack:
        parts: dict[Shows, Bits] = {_UNMASKED: self._everybody}
        for policy in masks:
            passing = self._cache.parts(
                ("mask", self._who, self._place(policy, column)),
                lambda: self._masked(policy, column),  # noqa: B023
            )
            parts = crossed(parts, passing, lambda one, other: _next(one, policy.name, other))  # noqa: B023
        return Stack(cast("Parts[Shows | None]", parts), masks)

    def _place(self, policy: MaskingPolicy, column: Column) -> Hashable:
        """Where what a mask does with the column is kept."""
        column_key = (column.name, column.type) if _is_of_column(policy) else None
        return self._known(policy), column_key

    def _known(self, policy: Policy) -> Hashable:
        """The policy, and what it asks of the data source, as part of a place."""
        known = self._cache.known_by(policy)
        if known not in self._answers:
            answers = asked_of_source(policy, self.rules.source, self.rules.world.integration)
            self._answers[known] = known, answers
        return self._answers[known]

    @cached_property
    def _subscribed(self) -> dict[Condition, Bits]:
        key = self.rules.source.key
        if self._project is not None and self._project.equalized:
            everyone = self.side.subscribed_by_plan(key)
            subscribed = self.users if not self._everybody & ~everyone else 0
        else:
            subscribed = self.side.subscribed.get(key, 0) & self.side.profiled & self.users
        return {each: bits for each, bits in ((ALWAYS, subscribed), (NEVER, self.users & ~subscribed)) if bits}

    def _admitted(self, policy: SubscriptionPolicy) -> Parts[Condition]:
        if policy.access in ("individual", "approval"):
            return self._subscribed
        return self._parted(policy, lambda scope: admitted_by(policy, scope), subscription=True)

    def _shown(self, policy: RowPolicy) -> Parts[Condition]:
        return self._parted(policy, lambda scope: shown_by(policy, scope))

    def _masked(self, policy: MaskingPolicy, column: Column) -> dict[_Passing, Bits]:
        def of(scope: Scope) -> _Passing:
            passes = passed(policy, scope)
            if passes == ALWAYS:
                return _Passing(ALWAYS, (), NEVER)
            applied = tuple(applied_masks(policy, scope, passes))
            kept = either(returned(each.mask, passes) for each in applied if may_return(each.mask, column))
            return _Passing(passes, applied, kept)

        by_passing: dict[_Passing, Bits] = defaultdict(int)
        for user, bits in self._cells(policy):
            by_passing[of(self._scope(user))] |= bits
        if rest := self._unprofiled:
            by_passing[_Passing(NEVER, (), NEVER)] |= rest
        return dict(by_passing)

    def _parted(
        self, policy: Policy, condition: Callable[[Scope], Condition], *, subscription: bool = False
    ) -> Parts[Condition]:
        def find() -> dict[Condition, Bits]:
            by_condition: dict[Condition, Bits] = defaultdict(int)
            for user, bits in self._cells(policy):
                by_condition[condition(self._scope(user, subscription=subscription))] |= bits
            if rest := self._unprofiled:
                by_condition[NEVER] |= rest
            return dict(by_condition)

        return self._cache.parts(("rows", self._who, self._known(policy)), find)

    def _cells(self, policy: Policy) -> Iterable[tuple[str, Bits]]:
        """The users with a profile whom the policy cannot tell apart, each time with one of
        them.
        """
        if self._project is None:
            return self.side.cells(asked_by(policy))
        return self._project.cells(asked_by(policy))

    @property
    def _unprofiled(self) -> Bits:
        if self._project is not None and self._project.equalized:
            return 0
        return self._everybody & ~self.side.profiled

    def _scope(self, user: str, *, subscription: bool = False) -> Scope:
        if self._project is not None and self._project.equalized:
            # What all members hold is no one user's: no symbol stands for it.
            return Scope(
                world=self.rules.world,
                source=self.rules.source,
                facts=self._project.facts(user),
                now=self.rules.now,
                subscription=subscription,
            )
        return UserScope(
            world=self.rules.world,
            source=self.rules.source,
            facts=self.side.facts(user) if self._project is None else self._project.facts(user),
            now=self.rules.now,
            subscription=subscription,
            symbols=self.side.people.symbols(user, self.side),
        )


def _is_of_column(policy: MaskingPolicy) -> bool:
    """Whether it is the column's to decide if a mask of the policy can hand back the value."""
    masks = (each for each in (policy.mask, policy.otherwise) if each is not None)
    return any(isinstance(each, Sql) or each.why_kept() is not None for each in masks)


def _next(shows: Shows, name: str, mask: _Passing) -> Shows:
    """What shows behind one more mask."""
    if shows.ended or mask.passes == ALWAYS:
        return shows
    passing = both((shows.passing, mask.passes))
    return Shows(
        passing,
        either((shows.returned, both((shows.passing, mask.returned)))),
        (*shows.steps, *mask.steps),
        distinct((*shows.policies, name)),
        ended=not passing,
    )
