"""Which data sources each user could query, in any project or in none: for all users at once.

That is what admits them, whatever rows policies show then. A purpose that a user has only to
acknowledge counts as acknowledged, and nobody is admitted by what was approved at run time, so that
nothing here changes by what users do in the warehouse. Nor does it by an apply that fails: a data
source that is closed for one counts as open.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from veil.diff.access import Rules
from veil.diff.conditions import ALWAYS, NEVER, Condition, both, either
from veil.diff.partitions import crossed
from veil.diff.people import Bits, People, Side, asked_value_by_value, first, places, questions
from veil.diff.residual import OF_GROUPS, Symbols, UserScope, admitted_by
from veil.diff.source_questions import asked_of_source
from veil.language import Usage, tree, walk
from veil.model import Project, SubscriptionPolicy, World
from veil.oracle.entitlements import Entitlements
from veil.oracle.evaluate import truth
from veil.oracle.expressions import read_expression
from veil.oracle.facts import Facts, facts_in

_ABOUT_SOURCES = ("integration", "masking_policies", "row_policies", "subscription_policies")
"""The fields of the World, beside a data source itself, that decide which rules it has."""
_ABOUT_PEOPLE = ("profiles", "subscriptions", "projects", "purposes")
"""Those that decide what users hold."""


@dataclass(frozen=True)
class Admitted:
    """Who could query what in a World at a moment: by data source, the users as a set of bits.
    `rules` and `side` are what was found out for it.
    """

    world: World
    now: datetime
    side: Side
    rules: Mapping[str, Rules]
    sources: Mapping[str, Bits]

    def lists(self, users: Collection[str] | None = None) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Users with the keys, in their order, of the data sources that they could all query: each
        user once, of these or of all. One of whom there is no profile is not among them.
        """
        people = self.side.people
        parts: list[tuple[Bits, _Keys]] = [(self.side.profiled if users is None else people.bits(users), None)]
        waiting = sorted(self.sources.items(), reverse=True)
        while waiting and len(parts) <= _MOST_PARTS:
            key, admitted = waiting.pop()
            split: list[tuple[Bits, _Keys]] = []
            for bits, keys in parts:
                if inside := bits & admitted:
                    split.append((inside, (keys, key)))
                if outside := bits & ~admitted:
                    split.append((outside, keys))
            parts = split
        # Once hardly two users could query the same, sets of few among thousands cost more than
        # each user by themselves.
        rest: dict[int, list[str]] = defaultdict(list)
        for key, admitted in reversed(waiting):
            for at in places(admitted):
                rest[at].append(key)
        for bits, keys in parts:
            by_keys: dict[tuple[str, ...], list[str]] = defaultdict(list)
            for at in places(bits):
                by_keys[tuple(rest.get(at, ()))].append(people.users[at])
            for more, alike in by_keys.items():
                yield (*_listed(keys), *more), tuple(alike)

    def of_all(self, users: Collection[str]) -> tuple[str, ...]:
        """The keys of the data sources that each of these users could query; none where one of them
        has no profile.
        """
        bits = self.side.people.bits(users) & self.side.profiled
        if not users or bits.bit_count() < len(users):
            return ()
        return tuple(sorted(key for key, admitted in self.sources.items() if not bits & ~admitted))


_MOST_PARTS = 512
"""How many sets of users are told apart as sets."""
_Keys = tuple["_Keys", str] | None
"""Keys in front of a last one."""


def _listed(keys: _Keys) -> tuple[str, ...]:
    listed: list[str] = []
    while keys is not None:
        keys, last = keys
        listed.append(last)
    return tuple(reversed(listed))


def admitted(world: World, now: datetime, before: Admitted | None = None) -> Admitted:
    """Who could query what. `before` is what was found of another World, of which is taken over
    what is the same in this one.
    """
    world = replace(world, closings={}, runtimes={}, approvals={})
    side = _side(world, now, before)
    alike = before is not None and all(getattr(world, each) is getattr(before.world, each) for each in _ABOUT_SOURCES)
    rules: dict[str, Rules] = {}
    sources: dict[str, Bits] = {}
    shared = _Shared(side)
    for key, source in world.data_sources.items():
        known = before.rules.get(key) if before is not None and alike else None
        if known is not None and known.source is source:
            rules[key] = Rules(world, source, now)
            rules[key].take_over(known, only=("grants", "guardrails", "closed"))
            if before is not None and side is before.side:
                sources[key] = before.sources[key]
                continue
        else:
            rules[key] = Rules(world, source, now)
        sources[key] = shared.admitted_to(rules[key])
    return Admitted(world, now, side, rules, sources)


def _side(world: World, now: datetime, before: Admitted | None) -> Side:
    if before is not None:
        same = all(getattr(world, each) is getattr(before.world, each) for each in _ABOUT_PEOPLE)
        asked = questions(world.subscription_policies.values())
        if same and asked <= before.side.people.asked and not _ended(world, before.now, now):
            return before.side
    return People(world, world, questions(world.subscription_policies.values()), now).sides[1]


def ends_of(world: World) -> frozenset[datetime]:
    """When something ends by itself that users hold."""
    ends = {each.expires_at for each in world.subscriptions.values() if each.expires_at is not None}
    for profile in world.profiles.values():
        if profile.expires:
            ends.update(profile.expires.groups.values())
            ends.update(end for values in profile.expires.attributes.values() for end in values.values())
    return frozenset(ends)


def _ended(world: World, since: datetime, until: datetime) -> bool:
    start, end = (each if each.tzinfo else each.replace(tzinfo=UTC) for each in (since, until))
    return any(start < each <= end for each in ends_of(world))


@dataclass
class _Shared:
    """What is found once for all data sources of one side."""

    side: Side
    _facts: dict[tuple[str, str], Facts | None] = field(default_factory=dict)
    _parts: dict[tuple[str, str, Hashable], dict[Condition, Bits]] = field(default_factory=dict)
    """By policy, project and what the policy asks of the data source."""

    def admitted_to(self, rules: Rules) -> Bits:
        """Everybody who is admitted to a data source, in some project or in none."""
        source, side = rules.source, self.side
        if not source.enabled or rules.closed:
            return 0
        users = self._admitted(rules, side.profiled, None)
        by_purpose = any(_asks_purposes(each) for each in (*rules.grants, *rules.guardrails))
        for project in side.world.projects.values():
            # Where no purpose counts, and nobody else's holdings do, a project admits nobody whom
            # its absence would not.
            if source.key in project.data_sources and (project.equalized or by_purpose):
                users |= self._admitted(rules, side.people.bits(project.members) & side.profiled, project)
        return users

    def _admitted(self, rules: Rules, users: Bits, project: Project | None) -> Bits:
        subscribed = self._subscribed(rules.source.key, users, project)
        held = {each: bits for each, bits in ((ALWAYS, subscribed), (NEVER, users & ~subscribed)) if bits}
        by_condition: Mapping[Condition, Bits] = held
        for grant in rules.grants:
            if grant.access in ("everyone", "conditions"):
                parts = self._parted(grant, rules, users, project)
                by_condition = crossed(by_condition, parts, lambda one, other: either((one, other)))
        for guardrail in rules.guardrails:
            named = guardrail.access in ("individual", "approval")
            parts = held if named else self._parted(guardrail, rules, users, project)
            by_condition = crossed(by_condition, parts, lambda one, other: both((one, other)))
        return sum(bits for condition, bits in by_condition.items() if condition)

    def _subscribed(self, key: str, users: Bits, project: Project | None) -> Bits:
        subscribed = self.side.subscribed.get(key, 0) & users
        if project is None or not project.equalized:
            return subscribed
        return users if subscribed.bit_count() == len(project.members) else 0

    def _parted(
        self, policy: SubscriptionPolicy, rules: Rules, users: Bits, project: Project | None
    ) -> dict[Condition, Bits]:
        asked = asked_of_source(policy, rules.source, rules.world.integration)
        place = policy.name, project.name if project is not None else "", asked
        if place not in self._parts:
            self._parts[place] = self._parted_anew(policy, rules, users, project)
        return self._parts[place]

    def _parted_anew(
        self, policy: SubscriptionPolicy, rules: Rules, users: Bits, project: Project | None
    ) -> dict[Condition, Bits]:
        people, by_condition = self.side.people, dict[Condition, Bits]()
        # All members of an equalized project hold the same in it.
        equalized = project is not None and project.equalized
        for bits in [users] if equalized else self._cells(policy, rules):
            if cell := bits & users:
                user = people.users[first(cell)]
                scope = self._scope(rules, self._held(user, project), people.symbols(user, self.side))
                condition = NEVER if scope.facts is not None and scope.facts.unprofiled else admitted_by(policy, scope)
                by_condition[condition] = by_condition.get(condition, 0) | cell
        return by_condition

    def _cells(self, policy: SubscriptionPolicy, rules: Rules) -> list[Bits]:
        """The users with a profile whom the policy does not tell apart on a data source. Which
        values they hold is asked of each value, of which there are fewer than there are users who
        hold other ones.
        """
        asked, tests = asked_value_by_value(policy)
        parts = [bits for _, bits in self.side.cells(asked)]
        for name, test in tests:
            holding, yes, some = self.side.holding(name), 0, 0
            for bits in holding.values():
                some |= bits
            for value in _passing(tuple(holding), lambda values: self._passes(test, rules, name, values)):  # noqa: B023
                yes |= holding[value]
            groups = (yes, some & ~yes, self.side.profiled & ~some)
            parts = [part for each in parts for group in groups if (part := each & group)]
        return parts

    def _passes(self, test: tree.Expression, rules: Rules, name: str, values: Sequence[str]) -> bool:
        """Whether a test is TRUE of somebody who holds these values and nothing else."""
        texts = Entitlements(frozenset(values))
        facts = Facts("", groups=texts) if name == OF_GROUPS else Facts("", attributes={name: texts})
        return truth(test, self._scope(rules, facts)) is True

    def _scope(self, rules: Rules, facts: Facts | None, symbols: Symbols | None = None) -> UserScope:
        return UserScope(
            world=rules.world,
            source=rules.source,
            facts=facts,
            now=rules.now,
            subscription=True,
            symbols=symbols or {},
        )

    def _held(self, user: str, project: Project | None) -> Facts | None:
        if project is None:
            return self.side.facts(user)
        place = user, project.name
        if place not in self._facts:
            plain = replace(self.side.world, subscriptions={})
            self._facts[place] = facts_in(plain, user, self.side.now, project.name)
        return self._facts[place]


def _passing(values: Sequence[str], passes: Callable[[Sequence[str]], bool]) -> Iterator[str]:
    """The values that pass a test which a list passes where one of its values does. They are few as
    a rule, and so lists without any are ruled out whole.
    """
    if not values or not passes(values):
        return
    if len(values) == 1:
        yield values[0]
        return
    middle = len(values) // 2
    yield from _passing(values[:middle], passes)
    yield from _passing(values[middle:], passes)


def _asks_purposes(policy: SubscriptionPolicy) -> bool:
    expression = read_expression(policy.expression, Usage.SUBSCRIPTION) if policy.expression is not None else None
    asking = (tree.IsUsingPurpose, tree.PurposesContains)
    return expression is not None and any(isinstance(each, asking) for each in walk(expression))
