"""Two Worlds, before and after: who gains, who loses, and for whom something else shows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from veil.diff.access import NOTHING, Access, ColumnAccess, Rules
from veil.diff.conditions import ALWAYS, NEVER, Condition, covers, keys
from veil.diff.describing import described
from veil.diff.ending import ending_otherwise
from veil.diff.findings import Aspect, Because, Comparison, Finding, Verdict, Witness
from veil.diff.grouping import people
from veil.diff.in_projects import Cells, InProjects, Rows, column_in, rows_in
from veil.diff.mask_strength import reveals_more
from veil.diff.nearby import Nearby, Stacks
from veil.diff.partitions import Cache, Changes, Partition, Stack, crossed, within
from veil.diff.people import Bits, People, Question, Side, Users, asked_by, first, policies_of, questions
from veil.diff.reasons import PEOPLE, declared, reason
from veil.diff.witnesses import Witnesses
from veil.model import (
    KINDS,
    POLICY_KINDS,
    ColumnType,
    Impersonation,
    Integration,
    Kind,
    Policy,
    Subscription,
    World,
    covering,
    key_of,
    kind_of,
)
from veil.model.change import objects_of
from veil.model.kinds import Governed

Place = tuple[Kind, Any]
Addresses = Mapping[Place, str]
"""The address of the resource that changes an object, by the object's kind and key, before and
after.
"""
Renames = Mapping[Place, Any]
"""The key that an object had, by its kind and the key that it gets."""


@dataclass(frozen=True)
class Edit:
    """An object that is not afterwards what it was before."""

    place: Place
    before: Governed | None
    after: Governed | None

    @cached_property
    def reason(self) -> str:
        return reason(self.before, self.after)

    @cached_property
    def named(self) -> frozenset[tuple[Kind, str]]:
        """The kinds and names of the object before and after."""
        return frozenset((kind_of(each), getattr(each, "name", "")) for each in (self.before, self.after) if each)


def compare(
    before: World,
    after: World,
    *,
    now: datetime,
    addresses: Addresses | None = None,
    renames: Renames | None = None,
    searching: bool = True,
) -> Comparison:
    """What changes for whom between two Worlds, at `now` in both, as far as they are known. Gaps
    are what changes only later, since rights end at other times; all others, and ways around views,
    are for whoever made the Worlds to add. With `searching` rows are tried for what conditions on
    rows may let show, and what no row shows may only be a gain; without, it is one.
    """
    comparing = _Comparing(before, after, now, addresses or {}, renames or {})
    comparing.witnesses = Witnesses(now) if searching else None
    return comparing.all()


def differ(before: World, after: World) -> bool:
    """Whether anything of two Worlds that decides is not the same."""
    return before is not after and any(True for _ in _edits(before, after, {}))


class _Comparing:
    def __init__(self, before: World, after: World, now: datetime, addresses: Addresses, renames: Renames) -> None:
        self._before, self._after, self._now, self._addresses = before, after, now, addresses
        self.witnesses: Witnesses | None = None
        self._edits = tuple(_edits(before, after, renames))
        self._by_kind: dict[Kind, list[Edit]] = defaultdict(list)
        for each in self._edits:
            self._by_kind[each.place[0]].append(each)
        self._policy_edits = [each for kind in POLICY_KINDS for each in self._by_kind[kind]]
        changed = (
            _only(before, [each.before for each in self._policy_edits]),
            _only(after, [each.after for each in self._policy_edits]),
        )
        self._changed_only = [(Nearby(each), Stacks(each, now)) for each in changed]
        self._people = People(before, after, questions((*policies_of(before), *policies_of(after))), now)
        self._nearby = [(Nearby(each), Stacks(each, now)) for each in (before, after)]
        self._subscriptions = _by_source(before), _by_source(after)
        self._cache = Cache()
        self._becauses: dict[Any, Because] = {}
        self._columns: dict[Any, _Column | None] = {}

    def all(self) -> Comparison:
        findings: list[Finding] = []
        compared = 0
        keys = sorted(self._before.data_sources.keys() | self._after.data_sources.keys())
        for key in keys:
            edits = self._touching(key)
            affected = self._people.affected(key)
            if edits or affected:
                compared += 1
                findings += self._of_source(key, edits, affected)
        findings += self._of_impersonation()
        return Comparison(
            tuple(sorted(findings, key=_order)),
            ending_otherwise(self._before, self._after, self._now),
            sources=len(keys),
            users=len(self._people.users),
            compared=compared,
        )

    def _touching(self, key: str) -> list[Edit]:
        """What changes about a data source, for whomever."""
        one, other = self._before.data_sources.get(key), self._after.data_sources.get(key)
        edits = [each for each in self._by_kind[Kind.DATA_SOURCE] if key in _keys(each)]
        edits += self._by_kind[Kind.INTEGRATION]
        for each in self._by_kind[Kind.CLOSING]:
            if any(key in _closed_by(thing) for thing in (each.before, each.after)):
                edits.append(each)
        applying: set[Place] = set()
        for (nearby, on_columns), source in zip(self._changed_only, (one, other), strict=True):
            if source is not None and self._policy_edits:
                rules = Rules(nearby.world(source), source, self._now, on_columns)
                applying |= {(kind_of(each), each.name) for each in rules.policies}
        listed = (one.policies if one else frozenset()) | (other.policies if other else frozenset())
        for edit in self._policy_edits:
            if edit.named & applying or (listed and any(name in listed for _, name in edit.named)):
                edits.append(edit)
        return edits

    def _of_source(self, key: str, edits: Sequence[Edit], affected: Bits) -> Iterator[Finding]:
        before, after = (self._rules(at, key) for at in (0, 1))
        if before is not None and after is not None and before.source is after.source and self._same_policies:
            after.take_over(before)
        people, effects = self._people, _Effects()
        counting = people.everybody if edits else affected
        alone = people.in_projects(key)
        self._of_all(effects, (before, after), people.sides, counting & ~alone)
        self._of_members(effects, (before, after), people.sides, counting & alone)
        # Who gains by the policies alone does not gain by a change of their own.
        by_policies = _Effects()
        if edits and affected:
            still, hybrid = (people.sides[0], people.sides[0]), self._hybrid(after)
            self._of_all(by_policies, (before, hybrid), still, affected & ~alone)
            with_purposes = people.sides[0], people.sides[0].with_purposes(self._after.purposes)
            self._of_members(by_policies, (before, hybrid), with_purposes, affected & alone)
        of_source = _OfSource((before, after), edits)
        settled: dict[tuple[_Effect, bool], Bits] = defaultdict(int)
        for effect, bits in effects.users.items():
            not_own = bits & ~affected | (bits & by_policies.users_of(effect) if edits else 0)
            for part, own in ((not_own, False), (bits & ~not_own, True)):
                for one, users in self._settled(effect, part, effects.seeing, (before, after)):
                    settled[one, own] |= users
        for (effect, own), users in settled.items():
            yield self._finding(effect, users, of_source, own=own)

    def _settled(
        self,
        effect: "_Effect",
        users: Bits,
        seeing: Sequence[tuple[Condition, Bits]],
        rules: tuple[Rules | None, Rules | None],
    ) -> Iterator[tuple["_Effect", Bits]]:
        """An effect as far as rows show it to some of the users, and as far as none is found. Users
        of whom the same is asked are looked at once.
        """
        if effect.verdict is not Verdict.GAINS or effect.between is None or self.witnesses is None:
            if users:
                yield replace(effect, between=None), users
            return
        parts: Iterable[tuple[Any, Bits]] = [(None, users)]
        if effect.of_rows:
            parts = [(condition, bits & users) for condition, bits in seeing]
        for condition, bits in parts:
            if not bits:
                continue
            place = effect.between, condition
            sees = {name: bits & theirs for name, theirs in effect.partly}
            wanted: dict[str, set[str | None]] = defaultdict(set)
            if effect.aspect != "column":
                wanted[self._people.users[first(bits)]].add(None)
            for name in effect.open_columns:
                if theirs := sees.get(name, bits):
                    wanted[self._people.users[first(theirs)]].add(name)
            shown: dict[str | None, Witness] = {}
            for user, names in wanted.items():
                shown |= self.witnesses.search(rules, user, frozenset(names), (place, effect.column, frozenset(names)))
            verdict = (
                Verdict.GAINS if (effect.column if effect.aspect == "column" else None) in shown else Verdict.MAY_GAIN
            )
            perhaps = effect.open_columns.difference(shown)
            yield (
                replace(effect, verdict=verdict, between=None, of_rows=False, perhaps=perhaps, witnesses=shown),
                bits,
            )

    def _rules(self, at: int, key: str) -> Rules | None:
        """What decides about a data source, with the subscriptions to it alone."""
        source = (self._before, self._after)[at].data_sources.get(key)
        if source is None:
            return None
        nearby, on_columns = self._nearby[at]
        world = replace(nearby.world(source), subscriptions=self._subscriptions[at].get(key, {}))
        rules = Rules(world, source, self._now, on_columns)
        rules.side = self._people.sides[at]
        return rules

    @cached_property
    def _same_policies(self) -> bool:
        """Whether nothing changes but people."""
        return all(each.place[0] in PEOPLE for each in self._edits)

    def _hybrid(self, rules: Rules | None) -> Rules | None:
        """What decides afterwards, with people as they are before."""
        if rules is None:
            return None
        key = rules.source.key
        kept: Any = {
            KINDS[each].world_field: getattr(self._before, KINDS[each].world_field)
            for each in PEOPLE - {Kind.SUBSCRIPTION, Kind.PURPOSE}
        }
        subscriptions = self._subscriptions[0].get(key, {})
        kept |= {"subscriptions": subscriptions, "approvals": self._before.approvals}
        hybrid = Rules(replace(rules.world, **kept), rules.source, self._now)
        hybrid.take_over(rules)
        return hybrid

    def _of_all(
        self,
        effects: "_Effects",
        rules: tuple[Rules | None, Rules | None],
        sides: tuple[Side, Side],
        users: Bits,
    ) -> None:
        """What changes for users who are told apart by what policies ask of them."""
        if not users:
            return
        people = self._people
        parts = [
            Partition(each, side, users, self._cache) if each is not None else None
            for each, side in zip(rules, sides, strict=True)
        ]
        before, after = parts
        rows = crossed(_rows(before, users), _rows(after, users), lambda one, other: (one, other))
        seeing = [(pair, bits) for pair, bits in rows.items() if pair[0] or pair[1]]
        if not seeing:
            return
        columns = _Columns(before, after, self._cache, people.everybody)
        asked = columns.asked
        # Where the same rows show, and by tests that no mask makes, it is the masks alone that
        # decide what changes.
        alike, partly_alike = 0, 0
        for (one, other), bits in seeing:
            if not one or not other:
                effects.rows("access", one, other, columns.showing, bits, columns.identity)
            elif one == other == ALWAYS:
                alike |= bits
            elif one == other and not (asked & keys(one)):
                partly_alike |= bits
                effects.seeing.append((one, bits))
            else:
                if not covers(one, other) or not covers(other, one):
                    effects.rows("rows", one, other, columns.showing, bits, columns.identity)
                self._of_columns(effects, columns, one, other, bits)
        for users_alike, of_rows in ((alike, False), (partly_alike, True)):
            if users_alike:
                self._of_columns(effects, columns, ALWAYS, ALWAYS, users_alike, of_rows=of_rows)

    def _of_columns(
        self,
        effects: "_Effects",
        columns: "_Columns",
        one: Condition,
        other: Condition,
        users: Bits,
        *,
        of_rows: bool = False,
    ) -> None:
        """What changes in columns for users to whom rows show under these conditions; with
        `of_rows` under others that are the same before and after.
        """
        for names, types, changes in columns.changing:
            for had, gets, theirs in changes.parts:
                bits = theirs & users
                if not bits:
                    continue
                place = had, gets, types, one, other
                if place not in self._columns:
                    was = had.column(one) if had is not None else None
                    gets_to_be = gets.column(other) if gets is not None else None
                    self._columns[place] = _column(was, gets_to_be, types, one, other)
                column = self._columns[place]
                if column is not None:
                    between = None if column.is_certain and not of_rows else (had, gets, one, other)
                    for name in names:
                        effects.column(name, column, bits, between, of_rows=of_rows)

    def _of_members(
        self,
        effects: "_Effects",
        rules: tuple[Rules | None, Rules | None],
        sides: tuple[Side, Side],
        users: Bits,
    ) -> None:
        """What changes for users who may act in projects with the data source."""
        if not users:
            return
        parts = [
            InProjects(each, side, users, self._cache) if each is not None else None
            for each, side in zip(rules, sides, strict=True)
        ]
        before, after = parts
        none: Mapping[Rows, Bits] = {(): users}
        rows = crossed(before.rows if before else none, after.rows if after else none, lambda one, other: (one, other))
        seeing = [(one, other, bits) for (one, other), bits in rows.items() if rows_in(one) or rows_in(other)]
        if not seeing:
            return
        columns = _ColumnsInProjects(before, after)
        for rows_before, rows_after, bits in seeing:
            one, other = rows_in(rows_before), rows_in(rows_after)
            showing = columns.showing(rows_before, rows_after)
            if not one or not other:
                effects.rows("access", one, other, showing, bits, columns.identity)
                continue
            if not covers(one, other) or not covers(other, one):
                effects.rows("rows", one, other, showing, bits, columns.identity)
            is_same = rows_before == rows_after
            for names, types, had_cells, gets_cells, theirs in columns.parts:
                if is_same and had_cells == gets_cells and None not in types:
                    continue
                if found := bits & theirs:
                    had = column_in(had_cells, rows_before)
                    gets = column_in(gets_cells, rows_after)
                    column = _column(had, gets, types, one, other)
                    if column is not None:
                        between = None if column.is_certain else (had, gets, one, other)
                        for name in names:
                            effects.column(name, column, found, between)

    def _finding(self, effect: "_Effect", bits: Bits, of_source: "_OfSource", *, own: bool) -> Finding:
        people, typical, rules = self._people, self._people.users[first(bits)], of_source.rules
        sources = [each.source for each in rules if each is not None]
        source = sources[-1]
        texts, deciding = effect.texts, effect.deciding
        if effect.aspect != "column":
            before, after = (each.access(typical) if each is not None else NOTHING for each in rules)
            texts = (
                _rows_texts(before, after) if effect.aspect == "rows" else (_access_text(before), _access_text(after))
            )
            deciding = (_policies_deciding(before, effect.aspect), _policies_deciding(after, effect.aspect))
        causes = list(self._own_edits(typical, source.key)) if own else of_source.causes(effect.aspect, effect.column)
        tags = {each.name: each.tags for one in sources for each in one.columns}
        return Finding(
            effect.verdict,
            effect.aspect,
            source.key,
            source.view,
            effect.column,
            *texts,
            users=people.named(bits),
            who="" if own else described(bits, people, of_source.asked(effect.column)),
            because=self._because(causes, deciding),
            own=own,
            also_loses=effect.also_loses,
            shows=dict(effect.shows),
            partly={name: people.named(theirs & bits) for name, theirs in effect.partly if theirs & bits},
            tags={name: tags.get(name, frozenset()) for name, _ in effect.shows},
            perhaps=effect.perhaps,
            witnesses=effect.witnesses,
        )

    def _own_edits(self, user: str, key: str) -> Iterator[Edit]:
        """What changes of the user themselves: in an equalized project also of those who share what
        they hold with them.
        """
        projects = [
            each
            for world in (self._before, self._after)
            for each in world.projects.values()
            if key in each.data_sources and user in each.members
        ]
        people = {user}.union(*(each.members for each in projects if each.equalized))
        purposes = {above for each in projects for name in each.purposes for above in covering(name)}
        for each in self._edits:
            kind, thing = each.place[0], each.after or each.before
            if (
                (kind is Kind.PROFILE and each.place[1] in people)
                or (
                    kind in (Kind.SUBSCRIPTION, Kind.ACCESS_REFUSAL)
                    and each.place[1][0] in people
                    and each.place[1][1] == key
                )
                or (kind is Kind.PROJECT and key in getattr(thing, "data_sources", ()))
                or (kind is Kind.PURPOSE and _keys(each) & purposes)
            ):
                yield each

    def _because(self, causes: Sequence[Edit], deciding: tuple[tuple[str, ...], tuple[str, ...]]) -> Because:
        place = tuple(map(id, causes)), deciding
        if place not in self._becauses:
            reasons = tuple(dict.fromkeys(each.reason for each in causes))
            candidates = (self._address(each) for each in causes)
            addresses = tuple(dict.fromkeys(filter(None, candidates)))
            self._becauses[place] = Because(reasons[:_MOST_REASONS], *deciding, addresses)
        return self._becauses[place]

    def _address(self, edit: Edit) -> str:
        kind, key = edit.place
        return self._addresses.get((kind, key), "")

    def _of_impersonation(self) -> Iterator[Finding]:
        granted = self._before.impersonations, self._after.impersonations
        profiled = self._before.profiles.keys(), self._after.profiles.keys()
        for user in sorted(granted[0].keys() | granted[1].keys()):
            one, other = (each.get(user) for each in granted)
            had, gets = _acts_as(one, user, self._before), _acts_as(other, user, self._after)
            # As somebody without a profile they see nothing yet.
            gains = (gets - had) | ((gets & profiled[1]) - (had & profiled[0]))
            if one != other:
                texts = _identities(one), _identities(other)
                kind, keys = Kind.IMPERSONATION, frozenset({user})
            elif gains:
                named = people(sorted(gains), "")
                texts = f"cannot act as {named}", f"acts as {named}"
                kind, keys = Kind.PROFILE, gains
            else:
                continue
            causes = [each for each in self._by_kind[kind] if keys & _keys(each)]
            yield Finding(
                Verdict.GAINS if gains else Verdict.LOSES,
                "identity",
                "",
                "",
                None,
                *texts,
                Users(1, (user,)),
                "",
                self._because(causes, ((), ())),
            )


_MOST_REASONS = 5
"""So many reasons are given for one thing."""


def _edits(before: World, after: World, renames: Renames) -> Iterator[Edit]:
    """All that is not what it was, but for what only people read."""
    for kind in Kind:
        if kind is Kind.INTEGRATION:
            one, other = (_deciding(each.integration) for each in (before, after))
            if one != other:
                yield Edit((kind, after.integration.name), before.integration, after.integration)
            continue
        old, new = objects_of(before, kind), objects_of(after, kind)
        if old is new:
            continue
        was = {key: had for (place, key), had in renames.items() if place is kind and had != key}
        for key in sorted(old.keys() | new.keys(), key=repr):
            if key in was.values() and key not in new:
                continue  # It is told of under the key that it gets.
            if key in was and key in old and key not in was.values():
                yield Edit((kind, key), old[key], None)  # Another one takes its key.
            had = old.get(was.get(key, key))
            gets = new.get(key)
            if had is not gets and declared(had) != declared(gets):
                yield Edit((kind, key), had, gets)


def _keys(edit: Edit) -> frozenset[Any]:
    """The keys of the object before and after."""
    return frozenset(key_of(each) for each in (edit.before, edit.after) if each is not None)


def _deciding(integration: Integration) -> Any:
    return integration.baseline, integration.hostname, integration.database, integration.source_database


def _only(world: World, policies: Iterable[Governed | None]) -> World:
    """The World with these policies alone."""
    by_field: dict[str, dict[str, Policy]] = {KINDS[kind].world_field: {} for kind in POLICY_KINDS}
    for each in policies:
        if isinstance(each, Policy):
            by_field[KINDS[kind_of(each)].world_field][each.name] = each
    changed: Any = by_field
    return replace(world, **changed)


def _by_source(world: World) -> Mapping[str, Mapping[Any, Subscription]]:
    by_source: dict[str, dict[Any, Subscription]] = defaultdict(dict)
    for key, each in world.subscriptions.items():
        by_source[each.data_source][key] = each
    return by_source


def _closed_by(thing: Governed | None) -> frozenset[str]:
    return getattr(thing, "sources", frozenset())


def _acts_as(impersonation: Impersonation | None, user: str, world: World) -> frozenset[str]:
    if impersonation is None:
        return frozenset()
    return frozenset(world.profiles) - {user} if impersonation.all else impersonation.as_users


def _identities(impersonation: Impersonation | None) -> str:
    if impersonation is None:
        return "acts as nobody else"
    return "acts as everybody" if impersonation.all else f"acts as {', '.join(sorted(impersonation.as_users))}"


States = tuple[tuple[str, str], ...]
Partly = tuple[tuple[str, Bits], ...]
Showing = Callable[[Verdict, Bits], tuple[States, Partly]]
"""What of each column shows to users after they gain, or before they lose; and to whom, where that
is not all of them.
"""


@dataclass(frozen=True)
class _Effect:
    """What changes, whoever it changes for. The texts of rows are known once it is known for
    whom.
    """

    verdict: Verdict
    aspect: Aspect
    column: str | None = None
    rows: tuple[Condition, Condition] | None = None
    texts: tuple[str, str] = ("", "")
    deciding: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    shows: States = ()
    partly: Partly = ()
    also_loses: bool = False
    perhaps: frozenset[str] = frozenset()
    witnesses: Mapping[str | None, Witness] = field(default_factory=dict, compare=False)
    between: Any = None
    """What decides about a gain of which conditions do not say that some row shows it, None where
    they do. `of_rows` is whether the rows that show decide, too.
    """
    of_rows: bool = False

    @property
    def open_columns(self) -> frozenset[str]:
        """The columns of which a row is to be found."""
        return frozenset(name for name, state in self.shows if state != "masked")


class _Effects:
    """What changes, and for whom."""

    def __init__(self) -> None:
        self.users: dict[_Effect, Bits] = defaultdict(int)
        self.seeing: list[tuple[Condition, Bits]] = []
        """To whom rows show under a condition that stays, and under which."""

    def users_of(self, effect: _Effect) -> Bits:
        """For whom the same changes in the same direction, whatever it is exactly."""
        bits = 0
        for each, users in self.users.items():
            if (each.verdict, each.aspect, each.column) == (effect.verdict, effect.aspect, effect.column):
                bits |= users
        return bits

    def rows(
        self, aspect: Aspect, one: Condition, other: Condition, showing: Showing, bits: Bits, deciding: Any
    ) -> None:
        """Take in what becomes of rows; `deciding` stands for what decides about columns in them."""
        more, fewer = not covers(one, other), not covers(other, one)
        verdict = Verdict.GAINS if more else Verdict.LOSES
        shows, partly = showing(verdict, bits)
        is_certain = not one and other == ALWAYS and all(state != "sometimes" for _, state in shows)
        effect = _Effect(
            verdict,
            aspect,
            None,
            (one, other),
            shows=shows,
            partly=partly,
            also_loses=more and fewer,
            between=None if is_certain or not more else (one, other, partly, deciding),
        )
        self.users[effect] |= bits

    def column(self, name: str, what: "_Column", bits: Bits, between: Any, *, of_rows: bool = False) -> None:
        """Take in what becomes of a column. Where it is a gain that conditions decide, `between`
        are these.
        """
        effect = _Effect(
            what.verdict,
            "column",
            name,
            texts=what.texts,
            deciding=what.deciding,
            shows=((name, what.state),),
            also_loses=what.also_loses,
            between=between if what.verdict is Verdict.GAINS else None,
            of_rows=of_rows and what.verdict is Verdict.GAINS,
        )
        self.users[effect] |= bits


@dataclass(frozen=True)
class _Column:
    """What becomes of a column."""

    verdict: Verdict
    texts: tuple[str, str]
    deciding: tuple[tuple[str, ...], tuple[str, ...]]
    state: str
    also_loses: bool
    is_certain: bool = True
    """Whether a gain needs no row to be shown: nothing was clear, all is, and of all rows."""


Types = tuple[ColumnType | None, ColumnType | None]
"""The type of a column before and after; None where the view has no such column."""


def _types(rules: Rules | None) -> Mapping[str, ColumnType]:
    return {} if rules is None else {each.name: each.type for each in rules.columns}


def _column(
    had: ColumnAccess | None,
    gets: ColumnAccess | None,
    types: Types,
    rows_before: Condition,
    rows_after: Condition,
) -> _Column | None:
    """What becomes of a column in rows that show under these conditions; None where nothing does.
    Where rows change as well, what they bring about is told with them.
    """
    one, other = had or _ABSENT, gets or _ABSENT
    if one == other and (had is None) == (gets is None):
        return None
    more, fewer = not covers(rows_before, rows_after), not covers(rows_after, rows_before)
    gains = not covers(one.clear, other.clear) and (not more or not covers(one.passing, other.passing))
    loses = not covers(other.clear, one.clear) and (not fewer or not covers(other.passing, one.passing))
    if not (gains or loses) and one.steps == other.steps and (had is None) == (gets is None):
        return None
    weakens = not gains and reveals_more(one.steps, other.steps, *types)
    verdict = Verdict.GAINS if gains else Verdict.WEAKENS if weakens else Verdict.LOSES if loses else Verdict.CHANGES
    state = (one if verdict is Verdict.LOSES else other).state
    also_loses = loses and verdict is not Verdict.LOSES
    is_certain = rows_before == rows_after == ALWAYS and not one.clear and other.passing == ALWAYS
    deciding = (one.policies, other.policies)
    return _Column(verdict, _column_texts(one, other), deciding, state, also_loses, is_certain)


class _Columns:
    """What masks make of the columns of a data source, before and after."""

    def __init__(self, before: Partition | None, after: Partition | None, cache: Cache, everybody: Bits) -> None:
        absent = Stack({None: everybody})
        self._stacks: list[dict[str, Stack]] = [
            {each.name: side.column(each) for each in side.rules.columns} if side is not None else {}
            for side in (before, after)
        ]
        types = [_types(side.rules if side is not None else None) for side in (before, after)]
        alike: dict[tuple[Stack, Stack, Types], list[str]] = defaultdict(list)
        for name in dict.fromkeys(each for side in self._stacks for each in side):
            one, other = (side.get(name, absent) for side in self._stacks)
            alike[one, other, (types[0].get(name), types[1].get(name))].append(name)
        groups = [(names, of_both, cache.changes(one, other)) for (one, other, of_both), names in alike.items()]
        self.changing: list[tuple[list[str], Types, Changes]] = [each for each in groups if each[2].parts]
        """The columns of which something else shows to somebody, their types, and what."""

    @cached_property
    def identity(self) -> tuple[tuple[str, Stack | None, Stack | None], ...]:
        """What stands for the masks on all columns: equal where they are the same and mean the
        same.
        """
        one, other = self._stacks
        return tuple((name, one.get(name), other.get(name)) for name in sorted({*one, *other}))

    @property
    def asked(self) -> frozenset[tuple[Any, ...]]:
        """The keys of the tests that decide about what changes."""
        return frozenset().union(*(changes.asked for _, _, changes in self.changing))

    def showing(self, verdict: Verdict, bits: Bits) -> tuple[States, Partly]:
        """What shows of each column, after these users gain or before they lose; and to whom, where
        that is not all of them.
        """
        states: list[tuple[str, str]] = []
        partly: list[tuple[str, Bits]] = []
        known: dict[Stack, tuple[str, Bits]] = {}
        for name, stack in self._stacks[0 if verdict is Verdict.LOSES else 1].items():
            if stack not in known:
                known[stack] = _shown_to(stack, bits)
            state, users = known[stack]
            states.append((name, state))
            if users != bits:
                partly.append((name, users))
        return tuple(sorted(states)), tuple(sorted(partly))


class _ColumnsInProjects:
    """The same for users who may act in projects."""

    def __init__(self, before: InProjects | None, after: InProjects | None) -> None:
        sides = (before, after)
        types = [_types(side.rules if side is not None else None) for side in sides]
        stacks = [{each.name: side.stacks(each) for each in side.rules.columns} if side else {} for side in sides]
        alike: dict[tuple[Any, Any, Types], list[str]] = defaultdict(list)
        for name in dict.fromkeys(each for side in stacks for each in side):
            one, other = (side.get(name) for side in stacks)
            alike[one, other, (types[0].get(name), types[1].get(name))].append(name)
        self.identity = tuple((tuple(names), one, other) for (one, other, _), names in alike.items())
        """What stands for the masks on all columns: equal where they are the same and mean the
        same.
        """
        self.parts: list[tuple[list[str], Types, Cells, Cells, Bits]] = []
        """What masks make of columns, by their names, before and after, and for whom."""
        self._groups: list[tuple[list[str], list[tuple[Cells, Cells, Bits]]]] = []
        for (one, other, of_both), names in alike.items():
            had = before.cells(one) if before is not None and one is not None else None
            gets = after.cells(other) if after is not None and other is not None else None
            none: Mapping[Cells, Bits] = {(): _ALL}
            pairs = crossed(had or none, gets or none, lambda left, right: (left, right))
            self._groups.append((names, [(left, right, bits) for (left, right), bits in pairs.items()]))
            self.parts += [(names, of_both, left, right, bits) for (left, right), bits in pairs.items()]

    def showing(self, rows_before: Rows, rows_after: Rows) -> Showing:
        """What shows of each column to users to whom rows show under these conditions."""

        def showing(verdict: Verdict, users: Bits) -> tuple[States, Partly]:
            states: list[tuple[str, str]] = []
            partly: list[tuple[str, Bits]] = []
            is_before = verdict is Verdict.LOSES
            for names, pairs in self._groups:
                by_state: dict[str, Bits] = defaultdict(int)
                for had, gets, bits in pairs:
                    cells, rows = (had, rows_before) if is_before else (gets, rows_after)
                    if theirs := bits & users:
                        access = column_in(cells, rows) if cells else None
                        by_state[access.state if access is not None else ""] |= theirs
                if set(by_state) == {""}:
                    continue
                strongest = next((each for each in ("clear", "sometimes", "masked") if each in by_state), "masked")
                clear = users & ~(by_state["masked"] | by_state[""])
                for name in names:
                    states.append((name, strongest))
                    if strongest != "masked" and clear != users:
                        partly.append((name, clear))
            return tuple(sorted(states)), tuple(sorted(partly))

        return showing


_ALL: Bits = -1
"""Everybody, in an overlap with some."""


def _shown_to(stack: Stack, users: Bits) -> tuple[str, Bits]:
    """The most that shows of a column to any of the users, and to whom a value can show in the
    clear; to all where to nobody.
    """
    by_state: dict[str, Bits] = defaultdict(int)
    for shows, bits in within(stack.parts, users).items():
        by_state[shows.column(ALWAYS).state if shows is not None else "masked"] |= bits
    strongest = next((each for each in ("clear", "sometimes", "masked") if each in by_state), "masked")
    return strongest, users if strongest == "masked" else users & ~by_state["masked"]


class _OfSource:
    """What decides about a data source before and after, and which changes are about it."""

    def __init__(self, rules: tuple[Rules | None, Rules | None], edits: Sequence[Edit]) -> None:
        self.rules, self._edits = rules, edits
        self._known: list[Rules] = [each for each in rules if each is not None]

    def causes(self, aspect: Aspect, column: str | None) -> list[Edit]:
        """Those of the changes that are about what changes there."""
        about = self._about_column(column) if aspect == "column" else self._about_rows
        edits = [each for each in self._edits if each.place[0] not in POLICY_KINDS or each.named & about]
        return sorted(edits, key=lambda each: each.place[0] not in POLICY_KINDS) or list(self._edits)

    def asked(self, column: str | None) -> frozenset[Question]:
        """What may tell the users for whom a column changes, or rows do, from others."""
        deciding: dict[int, Policy] = {}
        for one in self._known:
            deciding |= {id(each): each for each in (one.policies if column is None else one.masks.get(column, ()))}
        return self._asked_of_rows.union(*(asked_by(each) for each in deciding.values()))

    def _about_column(self, column: str | None) -> frozenset[tuple[Kind, str]]:
        masks = (each for one in self._known for each in one.masks.get(column or "", ()))
        return frozenset((Kind.MASKING_POLICY, each.name) for each in masks)

    @cached_property
    def _about_rows(self) -> frozenset[tuple[Kind, str]]:
        return frozenset((kind_of(each), each.name) for each in self._of_rows)

    @cached_property
    def _asked_of_rows(self) -> frozenset[Question]:
        return questions(self._of_rows)

    @cached_property
    def _of_rows(self) -> list[Policy]:
        policies: list[Policy] = []
        for each in self._known:
            policies += [*each.row_policies, *each.grants, *each.guardrails]
        return policies


def _rows(partition: Partition | None, users: Bits) -> Mapping[Condition, Bits]:
    return {NEVER: users} if partition is None else partition.rows


_ABSENT = ColumnAccess(NEVER, NEVER, (), ())
"""Of a column that the view does not have."""


def _access_text(access: Access) -> str:
    if not access.sees:
        return "closed" if access.admitted and access.closed else "no rows" if access.admitted else "not admitted"
    clear, sometimes = (
        sum(each.state == state for each in access.columns.values()) for state in ("clear", "sometimes")
    )
    counted = f"{clear} of {len(access.columns)} columns clear"
    return f"{_rows_text(access)}, {counted}{f', {sometimes} sometimes' if sometimes else ''}"


def _rows_text(access: Access, *, in_full: bool = False) -> str:
    if access.rows == ALWAYS:
        return "all rows"
    by = f" by {', '.join(access.row_policies)}" if access.row_policies else ""
    return f"some rows{by}{f' ({words(access.rows)})' if in_full or not by else ''}"


def _rows_texts(before: Access, after: Access) -> tuple[str, str]:
    one, other = _rows_text(before), _rows_text(after)
    return (one, other) if one != other else (_rows_text(before, in_full=True), _rows_text(after, in_full=True))


def _column_text(column: ColumnAccess, *, in_full: bool = False) -> str:
    if column is _ABSENT:
        return "not in the view"
    masks = " or ".join(column.masks) or "NULL"
    if column.state == "masked":
        return masks
    if column.state == "clear":
        return "clear"
    return f"clear where {words(column.passing)}, else {masks}" if in_full else f"sometimes clear, else {masks}"


def _column_texts(before: ColumnAccess, after: ColumnAccess) -> tuple[str, str]:
    one, other = _column_text(before), _column_text(after)
    if one == other:
        one, other = _column_text(before, in_full=True), _column_text(after, in_full=True)
    return (one, other) if one != other else (one, f"{other}, on other rows")


def words(condition: Condition) -> str:
    """A condition as people read it; shortened where it has many parts."""
    alternatives = sorted(" and ".join(sorted(test.words for test in each)) for each in condition)
    shown = alternatives if len(alternatives) <= _SHOWN else [*alternatives[:_SHOWN], "…"]
    return " or ".join(shown)


_SHOWN = 3
"""So many alternatives of a condition are told."""


def _policies_deciding(access: Access, aspect: Aspect) -> tuple[str, ...]:
    return access.row_policies if aspect == "rows" else (*access.admitting, *access.row_policies)


def _order(finding: Finding) -> tuple[Any, ...]:
    return (
        list(Verdict).index(finding.verdict),
        finding.data_source,
        finding.column or "",
        finding.aspect,
        finding.after,
        getattr(finding.users, "bits", 0),
    )
