"""Classes of users whom nothing that decides about a data source can tell apart.

What the policies ask is found once, and what each user answers to all of it once too. For a data source only the answers to
what its own policies ask count, so that 100,000 users become a handful of classes, of each of which one member is looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any

from veil.language import Usage, tree, walk
from veil.model import (
    Exceptions,
    MaskingPolicy,
    Policy,
    Profile,
    RowRule,
    Subscription,
    SubscriptionPolicy,
    UserMatches,
    Where,
    World,
)
from veil.oracle.expressions import read_expression
from veil.oracle.values import rtrim

EVERYTHING = ""
"""In the place of a user's name: which one it is counts, and not only whether it is a certain one."""

Question = tuple[str, str, str]
"""Kind, name and value: ("group", "hr", ""), ("attribute", "region", "eu"), ("holds", "region", "") for any value at all,
("all", "region", "") for which values, ("user", "ann", "").
"""
OF_GROUPS = ""
"""The name that stands for groups where attributes have theirs, which are never empty."""


def questions(policies: Iterable[Policy]) -> frozenset[Question]:
    """What the policies ask about users, purposes and subscriptions aside."""
    return frozenset(each for policy in policies for each in _asked_by(policy))


@lru_cache(maxsize=8192)
def _asked_by(policy: Policy) -> frozenset[Question]:
    found: set[Question] = set()
    if isinstance(policy, SubscriptionPolicy):
        found.update(_of_text(policy.expression, Usage.SUBSCRIPTION))
        return frozenset(found)
    found.update(_of_exceptions(policy.exceptions))
    found.update(_of_text(policy.for_everyone_who, Usage.AUDIENCE))
    if isinstance(policy, MaskingPolicy):
        found.update(_of_text(policy.where, Usage.ROW))
    else:
        found.update(_of_rule(policy.show))
        found.update(_of_rule(policy.otherwise))
    return frozenset(found)


def _of_exceptions(exceptions: Exceptions) -> Iterator[Question]:
    yield from (("group", rtrim(each), "") for each in exceptions.groups)
    yield from (("attribute", rtrim(each.name), rtrim(each.value)) for each in exceptions.attributes)
    yield from _of_text(exceptions.expression, Usage.AUDIENCE)


def _of_rule(rule: RowRule | None) -> Iterator[Question]:
    if isinstance(rule, UserMatches):
        yield from (
            ("holds", OF_GROUPS if each.attribute is None else rtrim(each.attribute), "") for each in rule.matches
        )
    elif isinstance(rule, Where):
        yield from _of_text(rule.expression, Usage.ROW)


_OF_ROW = (tree.ColumnName, tree.ColumnReference, tree.ColumnTagged, tree.MaskedValue, tree.InLookup)


def _of_text(text: str | None, usage: Usage) -> Iterator[Question]:
    expression = read_expression(text, usage) if text is not None else None
    nodes = list(walk(expression)) if expression is not None else []
    answered = {id(name) for each in nodes for name, _ in _names_compared(each)}
    yield from (("user", rtrim(value), "") for each in nodes for _, value in _names_compared(each) if value is not None)
    for each in nodes:
        match each:
            case tree.IsInGroups():
                yield from (("group", rtrim(group), "") for group in each.groups)
            case tree.HasAttribute():
                wild = usage is Usage.SUBSCRIPTION and "@" in each.value
                yield ("all", rtrim(each.name), "") if wild else ("attribute", rtrim(each.name), rtrim(each.value))
            case tree.AttributeValuesContains():
                yield _of_list(rtrim(each.attribute), each.value)
            case tree.GroupsContains():
                yield _of_list(OF_GROUPS, each.value)
            case tree.HasTagAsAttribute():
                yield ("all", rtrim(each.attribute), "")
            case tree.HasTagAsGroup():
                yield ("all", OF_GROUPS, "")
            case tree.Username() if id(each) not in answered:
                yield ("user", EVERYTHING, "")


def _names_compared(node: tree.Expression) -> Iterator[tuple[tree.Expression, str | None]]:
    """The names of users that a construct compares, each with the text that it is compared with; None where that is a value
    of the row, or of a lookup, which tells nobody from others before a row is there.
    """
    if not isinstance(node, tree.Comparison) or node.operator != "=":
        return
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(one, tree.Username):
            if isinstance(other, tree.Text):
                yield one, other.value
            elif isinstance(other, _OF_ROW):
                yield one, None


def _of_list(name: str, value: tree.Expression) -> Question:
    """Against a value of the row it counts whether anything is held, for the same values are held before and after."""
    by_row = isinstance(value, _OF_ROW)
    return ("holds" if by_row else "all", name, "")


@dataclass(frozen=True)
class Class:
    """Users who are alike before and alike after: `typical` is one of `users`, which are sorted. `own` tells that what they
    hold, are subscribed to or are members of changes itself. `answers` are the questions that all of them answer with yes.
    """

    users: tuple[str, ...]
    own: bool
    answers: frozenset[Question]

    @property
    def typical(self) -> str:
        return self.users[0]


@dataclass
class _Held:
    """What one user holds: bits for the questions that are answered with yes or no, the rest as it is."""

    bits: int
    wide: tuple[Any, ...]


class People:
    """The users of two Worlds, before and after, told apart by these questions at most.

    A user without a profile sees nothing in any World, and is not looked at.
    """

    def __init__(self, before: World, after: World, asked: Iterable[Question], now: datetime) -> None:
        self.before, self.after = before, after
        self._narrow = {each: 1 << at for at, each in enumerate(sorted(q for q in asked if _is_narrow(q)))}
        self._wide = {each: at for at, each in enumerate(sorted(q for q in asked if not _is_narrow(q)))}
        self.users = tuple(sorted(before.profiles.keys() | after.profiles.keys()))
        self.changed = frozenset(
            user for user in self.users if not _is_same(before.profiles.get(user), after.profiles.get(user))
        )
        self._classes = self._global()
        self._subscribed = _live(before, now), _live(after, now)
        self._partitions: dict[tuple[int, tuple[int, ...]], dict[Any, list[str]]] = {}

    def classes(self, source: str, asked: Iterable[Question], *, only: frozenset[str] | None = None) -> list[Class]:
        """The classes of users for a data source whose policies ask this; of the users in `only`, where that is given."""
        mask = sum(self._narrow[each] for each in asked if each in self._narrow)
        wide = tuple(sorted(self._wide[each] for each in asked if each in self._wide))
        special = self._special(source)
        apart: dict[Any, list[str]] = defaultdict(list)
        for user in sorted(special if only is None else special & only):
            apart[self._in_full(user, source, mask, wide)].append(user)
        found = [self._class(users, mask, own=self.is_own(users[0], source)) for users in apart.values()]
        if only is None:
            for users in self._bulk(mask, wide).values():
                rest = [each for each in users if each not in special] if special else users
                if rest:
                    found.append(self._class(rest, mask, own=False))
        return found

    def affected(self, source: str) -> frozenset[str]:
        """The users of whom something changes that may count on the data source, whatever its policies do."""
        moved = self._subscribed[0].get(source, frozenset()) ^ self._subscribed[1].get(source, frozenset())
        moving = self.changed | moved
        found = set(moving)
        for name in self._projects_with(source):
            one, other = self.before.projects.get(name), self.after.projects.get(name)
            members = _members(one) | _members(other)
            depends = one is not None and one.equalized and bool(members & moving)
            if one != other or depends or self._purposes_changed:
                found |= members
        return frozenset(found & (self.before.profiles.keys() | self.after.profiles.keys()))

    def is_own(self, user: str, source: str) -> bool:
        """Whether something of the user changes, and not of the policies alone."""
        if user in self.changed:
            return True
        if (user in self._subscribed[0].get(source, ())) != (user in self._subscribed[1].get(source, ())):
            return True
        return any(
            (user in _members(self.before.projects.get(name))) != (user in _members(self.after.projects.get(name)))
            for name in self._projects_with(source)
        )

    @property
    def _purposes_changed(self) -> bool:
        return self.before.purposes != self.after.purposes

    def _special(self, source: str) -> frozenset[str]:
        """Those whom more tells apart than what they hold: subscriptions, projects, or a change of their own."""
        found = set(self.changed)
        for subscribed in self._subscribed:
            found |= subscribed.get(source, frozenset())
        for name in self._projects_with(source):
            found |= _members(self.before.projects.get(name)) | _members(self.after.projects.get(name))
        return frozenset(found & (self.before.profiles.keys() | self.after.profiles.keys()))

    def _projects_with(self, source: str) -> Sequence[str]:
        return self._projects.get(source, ())

    @cached_property
    def _projects(self) -> Mapping[str, Sequence[str]]:
        """The projects of each data source, before or after."""
        found: dict[str, set[str]] = defaultdict(set)
        for world in (self.before, self.after):
            for name, project in world.projects.items():
                for key in project.data_sources:
                    found[key].add(name)
        return {key: sorted(names) for key, names in found.items()}

    def _in_full(self, user: str, source: str, mask: int, wide: tuple[int, ...]) -> Any:
        """Everything about the user that can count on the data source."""
        held = []
        for world, subscribed in zip((self.before, self.after), self._subscribed, strict=True):
            runtime = world.runtimes.get(user)
            agreed = frozenset(runtime.acknowledgements.items()) if runtime else frozenset()
            projects = tuple(name for name in self._projects_with(source) if user in _members(world.projects.get(name)))
            answers = self._answers(user, world.profiles.get(user))
            held.append(
                (
                    user in world.profiles,
                    answers.bits & mask,
                    tuple(answers.wide[at] for at in wide),
                    user in subscribed.get(source, ()),
                    projects,
                    agreed if projects else (),
                )
            )
        if user in self.changed:
            # Of the values themselves it counts whether there are more of them, or others.
            return (*held, _moved(self.before.profiles.get(user), self.after.profiles.get(user)))
        return tuple(held)

    def _class(self, users: Sequence[str], mask: int, *, own: bool) -> Class:
        one = users[0]
        bits = self._answers(one, self.after.profiles.get(one) or self.before.profiles.get(one)).bits & mask
        return Class(tuple(users), own, frozenset(each for each, bit in self._narrow.items() if bits & bit))

    def _global(self) -> dict[Any, list[str]]:
        """Users by all that any policy asks of them."""
        found: dict[Any, list[str]] = defaultdict(list)
        for user in self.users:
            profile = self.after.profiles.get(user)
            if profile is None:
                continue  # They are special: their profile goes.
            answers = self._answers(user, profile)
            found[answers.bits, answers.wide].append(user)
        return found

    def _bulk(self, mask: int, wide: tuple[int, ...]) -> Mapping[Any, list[str]]:
        """Users by what a group of data sources asks of them."""
        if (mask, wide) not in self._partitions:
            found: dict[Any, list[str]] = defaultdict(list)
            for (bits, held), users in self._classes.items():
                found[bits & mask, tuple(held[at] for at in wide)] += users
            self._partitions[mask, wide] = {key: sorted(users) for key, users in found.items()}
        return self._partitions[mask, wide]

    def _answers(self, user: str, profile: Profile | None) -> _Held:
        if profile is None:
            return _Held(0, (None,) * len(self._wide))
        bits = self._narrow.get(("user", rtrim(user), ""), 0)
        groups = {rtrim(each) for each in profile.groups}
        for each in groups:
            bits |= self._narrow.get(("group", each, ""), 0)
        if groups:
            bits |= self._narrow.get(("holds", OF_GROUPS, ""), 0)
        attributes: dict[str, set[str]] = defaultdict(set)
        for name, values in profile.attributes.items():
            attributes[rtrim(name)].update(map(rtrim, values))
        for name, held in attributes.items():
            for value in held:
                bits |= self._narrow.get(("attribute", name, value), 0)
            if held:
                bits |= self._narrow.get(("holds", name, ""), 0)
        wide: list[Any] = []
        for kind, name, _ in self._wide:
            if kind == "user":
                wide.append(user)
            else:
                wide.append(frozenset(groups if name == OF_GROUPS else attributes.get(name, ())))
        return _Held(bits, tuple(wide))


def _is_narrow(question: Question) -> bool:
    """Whether the answer is yes or no."""
    return question[0] in ("group", "attribute", "holds") or (question[0] == "user" and question[1] != EVERYTHING)


def _is_same(one: Profile | None, other: Profile | None) -> bool:
    return one is other or one == other


def _members(project: Any) -> frozenset[str]:
    return project.members if project is not None else frozenset()


def _live(world: World, now: datetime) -> Mapping[str, frozenset[str]]:
    """The users who are subscribed to each data source."""
    moment = now if now.tzinfo else now.replace(tzinfo=UTC)
    found: dict[str, set[str]] = defaultdict(set)
    for each in world.subscriptions.values():
        if _is_live(each, moment):
            found[each.data_source].add(each.user)
    return {key: frozenset(users) for key, users in found.items()}


def _is_live(subscription: Subscription, moment: datetime) -> bool:
    return subscription.expires_at is None or subscription.expires_at > moment


def _moved(one: Profile | None, other: Profile | None) -> Any:
    """What changes of a profile, so that users of whom the same changes are alike."""
    if one is None or other is None:
        held = one or other
        assert held is not None
        return ("only", held.groups, frozenset(held.attributes.items()))
    names = one.attributes.keys() | other.attributes.keys()
    moved = {
        (name, one.attributes.get(name, frozenset()), other.attributes.get(name, frozenset()))
        for name in names
        if one.attributes.get(name) != other.attributes.get(name)
    }
    return (one.groups - other.groups, other.groups - one.groups, frozenset(moved))
