"""Users, told apart by nothing but what policies ask.

What policies ask is found once, and once for each question who answers it with what, as a set of
users. The users whom a policy cannot tell apart are the overlaps of a few such sets, so that of
100,000 users a handful is looked at.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import overload

from veil.diff.residual import OF_GROUPS, THE_SAME, Symbols
from veil.language import Usage, asks_user, tree, walk
from veil.model import (
    Exceptions,
    MaskingPolicy,
    Policy,
    Profile,
    Project,
    Purpose,
    RowRule,
    SubscriptionPolicy,
    UserMatches,
    Where,
    World,
    words,
)
from veil.oracle.expressions import read_expression
from veil.oracle.facts import Facts, attributes_of, facts_in, groups_of, is_live
from veil.oracle.values import rtrim

EVERYTHING = ""
"""In the place of a user's name: which one it is counts, and not only whether it is a certain
one.
"""

Question = tuple[str, str, str]
"""Kind, name and value: ("group", "hr", ""), ("attribute", "region", "eu"), ("holds", "region", "")
for any value at all, ("all", "region", "") for which values, ("user", "ann", ""), ("users",
"ann\x1fbob", "") for one of several names.
"""
_BETWEEN_NAMES = "\x1f"
Bits = int
"""A set of users: the bit of each is that of its place among all."""


def questions(policies: Iterable[Policy]) -> frozenset[Question]:
    """What the policies ask about users, purposes and subscriptions aside."""
    return frozenset(each for policy in policies for each in asked_by(policy))


def policies_of(world: World) -> Iterator[Policy]:
    """All policies of the World, of whatever kind."""
    yield from world.masking_policies.values()
    yield from world.row_policies.values()
    yield from world.subscription_policies.values()


@lru_cache(maxsize=8192)
def asked_by(policy: Policy) -> frozenset[Question]:
    """The same of one policy."""
    if isinstance(policy, SubscriptionPolicy):
        return frozenset(_of_text(policy.expression, Usage.SUBSCRIPTION))
    asked = {*_of_exceptions(policy.exceptions), *_of_text(policy.for_everyone_who, Usage.AUDIENCE)}
    if isinstance(policy, MaskingPolicy):
        asked.update(_of_text(policy.where, Usage.ROW))
    else:
        asked.update((*_of_rule(policy.show), *_of_rule(policy.otherwise)))
    return frozenset(asked)


def _of_exceptions(exceptions: Exceptions) -> Iterator[Question]:
    yield from (("group", rtrim(each), "") for each in exceptions.groups)
    yield from (("attribute", rtrim(each.name), rtrim(each.value)) for each in exceptions.attributes)
    yield from _of_text(exceptions.expression, Usage.AUDIENCE)


def _of_rule(rule: RowRule | None) -> Iterator[Question]:
    if isinstance(rule, UserMatches):
        names = (OF_GROUPS if each.attribute is None else rtrim(each.attribute) for each in rule.matches)
        yield from (("holds", name, "") for name in names)
    elif isinstance(rule, Where):
        yield from _of_text(rule.expression, Usage.ROW)


def _of_text(text: str | None, usage: Usage) -> Iterator[Question]:
    expression = read_expression(text, usage) if text is not None else None
    nodes = list(walk(expression)) if expression is not None else []
    answered = {id(name) for each in nodes for name, _ in _names_compared(each)}
    yield from (question for each in nodes for _, question in _names_compared(each) if question is not None)
    for each in nodes:
        if isinstance(each, tree.Username) and id(each) not in answered:
            yield ("user", EVERYTHING, "")
        yield from _of_test(each, usage)


def _of_test(node: tree.Expression, usage: Usage) -> Iterator[Question]:
    match node:
        case tree.IsInGroups():
            yield from (("group", rtrim(group), "") for group in node.groups)
        case tree.HasAttribute():
            wild = usage is Usage.SUBSCRIPTION and "@" in node.value
            yield ("all", rtrim(node.name), "") if wild else ("attribute", rtrim(node.name), rtrim(node.value))
        case tree.AttributeValuesContains():
            yield from _of_list(rtrim(node.attribute), node)
        case tree.GroupsContains():
            yield from _of_list(OF_GROUPS, node)
        case tree.HasTagAsAttribute():
            yield ("all", rtrim(node.attribute), "")
        case tree.HasTagAsGroup():
            yield ("all", OF_GROUPS, "")


@lru_cache(maxsize=8192)
def asked_value_by_value(
    policy: SubscriptionPolicy,
) -> tuple[frozenset[Question], tuple[tuple[str, tree.Expression], ...]]:
    """What the policy asks, and the tests that take the place of some of it: those that ask of each
    value that a user holds by itself, whatever else they hold, each with the name of the attribute.
    """
    expression = read_expression(policy.expression, Usage.SUBSCRIPTION) if policy.expression is not None else None
    nodes = list(walk(expression)) if expression is not None else []
    by_value: list[tuple[str, tree.Expression]] = []
    kept = {each for each in asked_by(policy) if each[0] != "all"}
    for node in nodes:
        for question in _of_test(node, Usage.SUBSCRIPTION):
            if question[0] == "all" and isinstance(node, tree.ListTest) and asks_user(node.value):
                kept.add(question)
            elif question[0] == "all":
                by_value.append((question[1], node))
    return frozenset(kept), tuple(by_value)


def _names_compared(node: tree.Expression) -> Iterator[tuple[tree.Expression, Question | None]]:
    """The names of users that a construct compares, each with what that asks; None where they are
    compared with a value of the row, or of a lookup, which tells nobody from others before a row is
    there.
    """
    if isinstance(node, tree.In) and isinstance(node.operand, tree.Username):
        names = sorted({rtrim(each.value) for each in node.items if isinstance(each, tree.Text)})
        if all(isinstance(each, tree.Text | tree.AboutRow) for each in node.items):
            yield node.operand, ("users", _BETWEEN_NAMES.join(names), "") if names else None
    if not isinstance(node, tree.Comparison) or node.operator not in ("=", "<>"):
        return
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(one, tree.Username):
            if isinstance(other, tree.Text):
                yield one, ("user", rtrim(other.value), "")
            elif isinstance(other, tree.AboutRow):
                yield one, None


def _of_list(name: str, test: tree.AttributeValuesContains | tree.GroupsContains) -> Iterator[Question]:
    """Against a value of the row it counts whether anything is held, for the same values are held
    before and after; against a text whether that is held, and with a placeholder whether anything
    is.
    """
    if isinstance(test.value, tree.Text):
        yield (
            ("group", rtrim(test.value.value), "")
            if name == OF_GROUPS
            else ("attribute", name, rtrim(test.value.value))
        )
        if test.placeholder is not None:
            yield ("holds", name, "")
    else:
        yield ("holds" if isinstance(test.value, tree.AboutRow) else "all", name, "")


class Users(Sequence[str]):
    """Some of the users, sorted; equal to others with the same bits."""

    __slots__ = ("_everybody", "_found", "bits")

    def __init__(self, bits: Bits, everybody: Sequence[str]) -> None:
        self.bits, self._everybody = bits, everybody
        self._found: tuple[str, ...] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        if self._found is None:
            self._found = tuple(self._everybody[at] for at in places(self.bits))
        return self._found

    def __len__(self) -> int:
        return self.bits.bit_count()

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        return self.names[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Users) and self.bits == other.bits

    def __hash__(self) -> int:
        return hash(self.bits)

    def __repr__(self) -> str:
        return f"Users({list(self.names)!r})"


def places(bits: Bits) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    written = bin(bits)[:1:-1]
    at = written.find("1")
    while at >= 0:
        yield at
        at = written.find("1", at + 1)


def first(bits: Bits) -> int:
    """The place of the lowest bit that is set."""
    return (bits & -bits).bit_length() - 1


@dataclass
class Side:
    """The users as one World has them. `yes` says who answers a question with yes, `kinds` who
    answers one of another kind with what. `profiled` are those with a profile, `subscribed` those
    who are subscribed to a data source. Sides that are the same `who` differ in subscriptions
    alone.
    """

    world: World
    now: datetime
    people: "People"
    who: int = 0
    profiled: Bits = 0
    yes: dict[Question, Bits] = field(default_factory=dict)
    kinds: dict[Question, dict[object, Bits]] = field(default_factory=dict)
    subscribed: Mapping[str, Bits] = field(default_factory=dict)
    _cells: dict[frozenset[Question], list[tuple[str, Bits]]] = field(default_factory=dict)
    _facts: dict[str, Facts | None] = field(default_factory=dict)
    _holding: dict[str, Mapping[str, Bits]] = field(default_factory=dict)
    _counts: dict[Question, int] = field(default_factory=dict)
    _acting: dict[str, "Acting"] = field(default_factory=dict)
    _subscribed_by_plan: dict[str, Bits] = field(default_factory=dict)

    def excluded(self, question: Question, *, holds: bool) -> int:
        """How many users with a profile answer a question with no, or with yes where it is not
        held.
        """
        if question not in self._counts:
            self._counts[question] = self.yes.get(question, 0).bit_count()
        yes = self._counts[question]
        return self._profiles - yes if holds else yes

    @cached_property
    def _profiles(self) -> int:
        return self.profiled.bit_count()

    def cells(self, asked: frozenset[Question]) -> list[tuple[str, Bits]]:
        """The users with a profile whom these questions do not tell apart, each time with one of
        them.
        """
        if asked not in self._cells:
            parts = [self.profiled] if self.profiled else []
            for question in sorted(asked):
                if question in self.kinds:
                    groups = list(self.kinds[question].values())
                else:
                    yes = self.yes.get(question, 0)
                    groups = [yes, self.profiled & ~yes]
                parts = [part for each in parts for group in groups if (part := each & group)]
            self._cells[asked] = [(self.people.users[first(each)], each) for each in parts]
        return self._cells[asked]

    def holding(self, name: str) -> Mapping[str, Bits]:
        """Who holds each value of an attribute of which it is asked which values they hold."""
        if name not in self._holding:
            holders: dict[str, Bits] = defaultdict(int)
            for values, users in self.kinds[("all", name, "")].items():
                assert isinstance(values, frozenset)
                for value in values:
                    holders[value] |= users
            self._holding[name] = holders
        return self._holding[name]

    def acting(self, project: str) -> "Acting":
        """The members of a project, who act in it."""
        if project not in self._acting:
            self._acting[project] = Acting(project, self)
        return self._acting[project]

    def subscribed_by_plan(self, source: str) -> Bits:
        """The users who are subscribed to a data source, and were not only approved at run time."""
        if source not in self._subscribed_by_plan:
            users = (
                user
                for (user, key), each in self.world.subscriptions.items()
                if key == source and is_live(each, self.now)
            )
            self._subscribed_by_plan[source] = self.people.bits(users) & self.profiled
        return self._subscribed_by_plan[source]

    def facts_in(self, user: str, project: str) -> Facts | None:
        """The user's facts in a project, subscriptions aside."""
        return facts_in(self._unsubscribed, user, self.now, project)

    def with_purposes(self, purposes: Mapping[str, Purpose]) -> "Side":
        """The same users, where the purposes are these."""
        return replace(
            self, world=replace(self.world, purposes=purposes), _facts={}, _acting={}, _subscribed_by_plan={}
        )

    def facts(self, user: str) -> Facts | None:
        """The user's facts in no project, subscriptions aside."""
        if user not in self._facts:
            self._facts[user] = facts_in(self._unsubscribed, user, self.now, None)
        return self._facts[user]

    @cached_property
    def _unsubscribed(self) -> World:
        return replace(self.world, subscriptions={}, approvals={})


class Acting:
    """The members of a project of one side, while they act in it. In an equalized project all hold
    the same, and nobody sees anything where one has no profile.
    """

    def __init__(self, name: str, side: Side) -> None:
        self._name, self._side = name, side
        project = side.world.projects[name]
        self.equalized = project.equalized
        self.members: Bits = side.people.bits(project.members)
        self.unprofiled = project.equalized and any(each not in side.world.profiles for each in project.members)
        texts = tuple(sorted((each, words(side.world.purposes, each)) for each in project.purposes))
        self.known_by: Hashable = (name, project, texts, id(side.world.runtimes))
        """What stands for the members and what they hold here, among Worlds with the same people."""
        self._facts: dict[str, Facts | None] = {}
        self._cells: dict[frozenset[Question], list[tuple[str, Bits]]] = {}

    def cells(self, asked: frozenset[Question]) -> list[tuple[str, Bits]]:
        """The members with a profile whom neither these questions nor the purposes that they have
        acknowledged tell apart, each time with one of them.
        """
        users = self._side.people.users
        if self.equalized:
            return [(users[first(self.members)], self.members)] if self.members else []
        if asked not in self._cells:
            parts = [part for _, bits in self._side.cells(asked) for agreed in self._agreed if (part := bits & agreed)]
            self._cells[asked] = [(users[first(each)], each) for each in parts]
        return self._cells[asked]

    @cached_property
    def _agreed(self) -> list[Bits]:
        """The members by what they have acknowledged of the project's purposes."""
        project, runtimes = self._side.world.projects[self._name], self._side.world.runtimes
        by_purposes: dict[frozenset[tuple[str, str]], list[str]] = defaultdict(list)
        for user in project.members & runtimes.keys():
            agreed = runtimes[user].acknowledgements
            by_purposes[frozenset((each, agreed[each]) for each in project.purposes if each in agreed)].append(user)
        several = [self._side.people.bits(users) for users in by_purposes.values()]
        rest = self.members
        for each in several:
            rest &= ~each
        return [*several, rest]

    def facts(self, user: str) -> Facts | None:
        """What a member holds here, subscriptions aside."""
        if user not in self._facts:
            known = next((each for each in self._facts.values() if each is not None), None)
            self._facts[user] = (
                replace(known, user=user)
                if self.equalized and known is not None and user in self._side.world.profiles
                else self._side.facts_in(user, self._name)
            )
        return self._facts[user]

    def facts_on(self, user: str, source: str) -> Facts | None:
        """What a member of an equalized project holds here, with the subscription to a data source
        that all members have.
        """
        facts = self.facts(user)
        all_have_it = self.members and not self.members & ~self._side.subscribed_by_plan(source)
        if facts is None or self.unprofiled or not all_have_it:
            return facts
        return replace(facts, subscriptions=facts.subscriptions | {source})


class People:
    """The users of two Worlds, before and after, told apart by these questions at most."""

    def __init__(self, before: World, after: World, asked: Iterable[Question], now: datetime) -> None:
        self.users = tuple(sorted(before.profiles.keys() | after.profiles.keys()))
        self.places = {user: at for at, user in enumerate(self.users)}
        self.everybody: Bits = (1 << len(self.users)) - 1
        self.asked = frozenset(asked)
        self._profiles = before.profiles, after.profiles
        self._now = now
        changed = [
            user
            for user in self.users
            if (one := before.profiles.get(user)) is not (other := after.profiles.get(user)) and one != other
        ]
        self._changed_names = frozenset(changed)
        self.changed = self.bits(changed)
        self._symbols: dict[str, tuple[Symbols, Symbols]] = {}
        self._of_projects: dict[str, Bits] = {}
        self._named: dict[Bits, Users] = {}
        self.descriptions: dict[tuple[Bits, frozenset[Question]], str] = {}
        self.sides = Side(before, now, self), Side(after, now, self, who=1 if changed else 0)
        self._answer(self.sides[0])
        self._answer(self.sides[1], self.sides[0])

    def bits(self, users: Iterable[str]) -> Bits:
        """The set of these users, as far as they have a profile before or after."""
        bitmap = bytearray(len(self.users) // 8 + 1)
        for user in users:
            at = self.places.get(user)
            if at is not None:
                bitmap[at >> 3] |= 1 << (at & 7)
        return int.from_bytes(bitmap, "little")

    def named(self, bits: Bits) -> Users:
        """These users by name. The same users are one object: sets of a hundred thousand are
        large.
        """
        if bits not in self._named:
            self._named[bits] = Users(bits, self.users)
        return self._named[bits]

    def symbols(self, user: str, side: "Side") -> Symbols:
        """What stands for what the user holds of attributes of which they hold something else
        before or after.
        """
        if user not in self._changed_names:
            return {}
        if user not in self._symbols:
            one, other = (_held(each.get(user), self._now) for each in self._profiles)
            by_side: tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]] = {}, {}
            for name in one.keys() | other.keys():
                pair = _related(one.get(name, frozenset()), other.get(name, frozenset()))
                for each, symbol in zip(by_side, pair, strict=True):
                    each[name] = symbol
            self._symbols[user] = by_side
        return self._symbols[user][side is not self.sides[0]]

    def affected(self, source: str) -> Bits:
        """The users of whom something changes that may count on the data source, whatever its
        policies do.
        """
        before, after = self.sides
        moving = self.changed | (before.subscribed.get(source, 0) ^ after.subscribed.get(source, 0))
        users = moving
        for name in self._projects.get(source, ()):
            one, other = before.world.projects.get(name), after.world.projects.get(name)
            members = self._members(name)
            depends = one is not None and one.equalized and bool(members & moving)
            if one != other or depends or self._purposes_changed:
                users |= members
        return users

    def in_projects(self, source: str) -> Bits:
        """The users who may act in a project with the data source, before or after."""
        users = 0
        for name in self._projects.get(source, ()):
            users |= self._members(name)
        return users

    def _members(self, project: str) -> Bits:
        """The members of a project, before or after."""
        if project not in self._of_projects:
            one, other = (side.world.projects.get(project) for side in self.sides)
            self._of_projects[project] = self.bits(_members(one) | _members(other))
        return self._of_projects[project]

    @cached_property
    def _purposes_changed(self) -> bool:
        return self.sides[0].world.purposes != self.sides[1].world.purposes

    @cached_property
    def _projects(self) -> Mapping[str, Sequence[str]]:
        """The projects of each data source, before or after."""
        by_source: dict[str, set[str]] = defaultdict(set)
        for side in self.sides:
            for name, project in side.world.projects.items():
                for key in project.data_sources:
                    by_source[key].add(name)
        return {key: sorted(names) for key, names in by_source.items()}

    def _answer(self, side: Side, like: Side | None = None) -> None:
        """Find out who answers each question with what. Users who hold the same on a side that is
        known answer the same.
        """
        side.profiled = self.bits(side.world.profiles) if like is None or self.changed else like.profiled
        side.subscribed = self._subscribed(side)
        yes: dict[Question, list[str]] = {each: [] for each in self.asked if each[0] in ("group", "attribute")}
        kinds: dict[Question, dict[object, list[str]]] = {
            each: defaultdict(list) for each in self.asked if each[0] in ("holds", "all")
        }
        asking = side.world.profiles if like is None else self._changed_names & side.world.profiles.keys()
        # Each commit finds out who could query what: where nothing is asked of what people hold,
        # nobody is looked at.
        for user in asking if yes or kinds else ():
            held = _held(side.world.profiles[user], side.now)
            for name, values in held.items():
                for value in values:
                    question = ("group", value, "") if name == OF_GROUPS else ("attribute", name, value)
                    if question in yes:
                        yes[question].append(user)
            symbols = self.symbols(user, side) if kinds else {}
            for (kind, name, _), holders in kinds.items():
                values = held.get(name, frozenset())
                holders[symbols.get(name, THE_SAME) if kind == "holds" and values else values].append(user)
        stay = ~self.changed
        for question, users in yes.items():
            side.yes[question] = self.bits(users) | (like.yes[question] & stay if like is not None else 0)
        for question, answers in kinds.items():
            known = {answer: bits & stay for answer, bits in like.kinds[question].items()} if like is not None else {}
            for answer, users in answers.items():
                known[answer] = known.get(answer, 0) | self.bits(users)
            side.kinds[question] = known
        for each in self.asked:
            if each[0] == "user" and each[1] != EVERYTHING:
                side.yes[each] = self.bits([each[1]]) & side.profiled
            elif each[0] == "users":
                side.yes[each] = self.bits(each[1].split(_BETWEEN_NAMES)) & side.profiled
            elif each[0] == "user":
                side.kinds[each] = {user: self.bits([user]) for user in side.world.profiles}

    def _subscribed(self, side: Side) -> Mapping[str, Bits]:
        """The users who are subscribed to each data source, or were approved at run time."""
        by_source: dict[str, list[str]] = defaultdict(list)
        for each in (*side.world.subscriptions.values(), *side.world.approvals.values()):
            if is_live(each, side.now):
                by_source[each.data_source].append(each.user)
        return {key: self.bits(users) for key, users in by_source.items()}


def _related(one: frozenset[str], other: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Two sets that stand for these: each is in the other where that is so of these."""
    if one == other:
        return THE_SAME, THE_SAME
    if one < other:
        return frozenset({"<"}), frozenset({"<", "more"})
    if one > other:
        return frozenset({">", "more"}), frozenset({">"})
    return frozenset({"these"}), frozenset({"others"})


def _held(profile: Profile | None, now: datetime) -> Mapping[str, frozenset[str]]:
    """What a profile gives at `now` by attribute, and the groups under their name here, all without
    trailing blanks.
    """
    held = {OF_GROUPS: groups_of(profile, now), **attributes_of(profile, now)}
    return {name: values for name, values in held.items() if values}


def _members(project: Project | None) -> frozenset[str]:
    return project.members if project is not None else frozenset()
