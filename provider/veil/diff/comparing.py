"""Two Worlds, before and after: who gains, who loses, and for whom something else shows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from veil.diff.access import NOTHING, Access, ColumnAccess, Rules
from veil.diff.conditions import ALWAYS, NEVER, Condition, covers
from veil.diff.describing import described
from veil.diff.ending import ending_otherwise
from veil.diff.findings import Aspect, Because, Comparison, Finding, Verdict
from veil.diff.grouping import people
from veil.diff.nearby import Nearby
from veil.diff.partitions import Cache, Partition, Shows, crossed, within
from veil.diff.people import Bits, People, Question, Side, Users, first, places, policies_of, questions
from veil.diff.reasons import PEOPLE, declared, reason
from veil.model import (
    KINDS,
    POLICY_KINDS,
    Impersonation,
    Integration,
    Kind,
    Policy,
    Subscription,
    World,
    key_of,
    kind_of,
)
from veil.model.change import objects_of
from veil.model.kinds import Governed

Place = tuple[Kind, Any]
Addresses = Mapping[Place, str]
"""The address of the resource that changes an object, by the object's kind and key, before and after."""
Renames = Mapping[Place, Any]
"""The key that an object had, by its kind and the key that it gets."""


@dataclass(frozen=True)
class Edit:
    """An object that is not afterwards what it was before."""

    place: Place
    before: Governed | None
    after: Governed | None

    @property
    def reason(self) -> str:
        return reason(self.before, self.after)


def compare(
    before: World,
    after: World,
    *,
    now: datetime,
    addresses: Addresses | None = None,
    renames: Renames | None = None,
) -> Comparison:
    """What changes for whom between two Worlds, at `now` in both, as far as they are known. Gaps are what changes only later,
    since rights end at other times; all others, and ways around views, are for whoever made the Worlds to add.
    """
    return _Comparing(before, after, now, addresses or {}, renames or {}).all()


def differ(before: World, after: World) -> bool:
    """Whether anything of two Worlds that decides is not the same."""
    return before is not after and any(True for _ in _edits(before, after, {}))


class _Comparing:
    def __init__(self, before: World, after: World, now: datetime, addresses: Addresses, renames: Renames) -> None:
        self._before, self._after, self._now, self._addresses = before, after, now, addresses
        self._edits = tuple(_edits(before, after, renames))
        self._by_kind: dict[Kind, list[Edit]] = defaultdict(list)
        for each in self._edits:
            self._by_kind[each.place[0]].append(each)
        self._policy_edits = [each for kind in POLICY_KINDS for each in self._by_kind[kind]]
        self._changed_only = (
            Nearby(_only(before, [each.before for each in self._policy_edits])),
            Nearby(_only(after, [each.after for each in self._policy_edits])),
        )
        self._people = People(before, after, questions((*policies_of(before), *policies_of(after))), now)
        self._nearby = Nearby(before), Nearby(after)
        self._subscriptions = _by_source(before), _by_source(after)
        self._cache: Cache = {}

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
        found = [each for each in self._by_kind[Kind.DATA_SOURCE] if key in _keys(each)]
        found += self._by_kind[Kind.INTEGRATION]
        for each in self._by_kind[Kind.CLOSING]:
            if any(key in _closed_by(thing) for thing in (each.before, each.after)):
                found.append(each)
        applying: set[Place] = set()
        for nearby, source in zip(self._changed_only, (one, other), strict=True):
            if source is not None and self._policy_edits:
                applying |= {
                    (kind_of(each), each.name) for each in Rules(nearby.world(source), source, self._now).policies
                }
        listed = (one.policies if one else frozenset()) | (other.policies if other else frozenset())
        for edit in self._policy_edits:
            things = [each for each in (edit.before, edit.after) if isinstance(each, Policy)]
            if any((kind_of(each), each.name) in applying or each.name in listed for each in things):
                found.append(edit)
        return found

    def _of_source(self, key: str, edits: Sequence[Edit], affected: Bits) -> Iterator[Finding]:
        before, after = (self._rules(at, key) for at in (0, 1))
        if before is not None and after is not None and before.source is after.source and self._same_policies:
            after.take_over(before)
        people, told = self._people, _Told()
        counting = people.everybody if edits else affected
        alone = people.in_projects(key)
        self._of_all(told, (before, after), people.sides, counting & ~alone, affected, edits)
        for at in places(counting & alone):
            self._of_one(told, (before, after), people.users[at])
        # Who gains by the policies alone does not gain by a change of their own.
        by_policies = _Told()
        if edits and affected:
            still, hybrid = (people.sides[0], people.sides[0]), self._hybrid(key)
            self._of_all(by_policies, (before, hybrid), still, affected & ~alone, affected, edits)
            for at in places(affected & alone):
                self._of_one(by_policies, (before, hybrid), people.users[at])
        policies = {each.name: each for side in (before, after) if side for each in side.policies}
        asked = questions(policies.values())
        for found, bits in told.found.items():
            not_own = bits & ~affected | (bits & by_policies.users_of(found) if edits else 0)
            for part, own in ((not_own, False), (bits & ~not_own, True)):
                if part:
                    yield self._finding(found, part, (before, after), edits, asked, own=own)

    def _rules(self, at: int, key: str) -> Rules | None:
        """What decides about a data source, with the subscriptions to it alone."""
        source = (self._before, self._after)[at].data_sources.get(key)
        if source is None:
            return None
        world = self._nearby[at].world(source)
        return Rules(replace(world, subscriptions=self._subscriptions[at].get(key, {})), source, self._now)

    @cached_property
    def _same_policies(self) -> bool:
        """Whether nothing changes but people."""
        return all(each.place[0] in PEOPLE for each in self._edits)

    def _hybrid(self, key: str) -> Rules | None:
        """What decides afterwards, with people as they are before."""
        rules = self._rules(1, key)
        if rules is None:
            return None
        kept: Any = {
            KINDS[each].world_field: getattr(self._before, KINDS[each].world_field)
            for each in PEOPLE - {Kind.SUBSCRIPTION, Kind.PURPOSE}
        }
        subscriptions = self._subscriptions[0].get(key, {})
        kept |= {"subscriptions": subscriptions, "approvals": self._before.approvals}
        return Rules(replace(rules.world, **kept), rules.source, self._now)

    def _of_all(
        self,
        told: "_Told",
        rules: tuple[Rules | None, Rules | None],
        sides: tuple[Side, Side],
        users: Bits,
        affected: Bits,
        edits: Sequence[Edit],
    ) -> None:
        """What changes for users who are told apart by what policies ask of them."""
        if not users:
            return
        parts = [
            Partition(each, side, users, self._cache) if each is not None else None
            for each, side in zip(rules, sides, strict=True)
        ]
        before, after = parts
        rows = crossed(_rows(before, users), _rows(after, users), lambda one, other: (one, other))
        seeing = [(pair, bits) for pair, bits in rows.items() if pair[0] or pair[1]]
        if not seeing:
            return
        columns = _Columns(before, after, users, affected if edits else users)
        for (one, other), bits in seeing:
            if not one or not other:
                told.rows("access", one, other, columns.showing, bits)
                continue
            more, fewer = not covers(one, other), not covers(other, one)
            if more or fewer:
                told.rows("rows", one, other, columns.showing, bits)
            for name, pairs in columns.changing(bits):
                for (had, gets), mine in pairs.items():
                    was = had.column(one) if had is not None else None
                    gets_to_be = gets.column(other) if gets is not None else None
                    told.column(name, was, gets_to_be, mine, more=more, fewer=fewer)

    def _of_one(self, told: "_Told", rules: tuple[Rules | None, Rules | None], user: str) -> None:
        """What changes for one user."""
        before, after = (each.access(user) if each is not None else NOTHING for each in rules)
        if before == after or not (before.sees or after.sees):
            return
        bits = self._people.bits([user])

        def showing(verdict: Verdict, _: Bits) -> tuple[States, Partly]:
            access = before if verdict is Verdict.LOSES else after
            return tuple((name, each.state) for name, each in sorted(access.columns.items())), ()

        if not before.sees or not after.sees:
            told.rows("access", before.rows, after.rows, showing, bits)
            return
        more, fewer = not covers(before.rows, after.rows), not covers(after.rows, before.rows)
        if more or fewer:
            told.rows("rows", before.rows, after.rows, showing, bits)
        for name in dict.fromkeys((*before.columns, *after.columns)):
            one, other = before.columns.get(name), after.columns.get(name)
            told.column(name, one, other, bits, more=more, fewer=fewer)

    def _finding(
        self,
        found: "_Found",
        bits: Bits,
        rules: tuple[Rules | None, Rules | None],
        edits: Sequence[Edit],
        asked: frozenset[Question],
        *,
        own: bool,
    ) -> Finding:
        people, typical = self._people, self._people.users[first(bits)]
        sources = [each.source for each in rules if each is not None]
        source = sources[-1]
        texts, deciding = found.texts, found.deciding
        if found.aspect != "column":
            before, after = (each.access(typical) if each is not None else NOTHING for each in rules)
            texts = (
                _rows_texts(before, after) if found.aspect == "rows" else (_access_text(before), _access_text(after))
            )
            deciding = (_policies_deciding(before, found.aspect), _policies_deciding(after, found.aspect))
        own_edits = list(self._own_edits([typical], source.key)) if own else []
        causes = own_edits if own else self._causes(found.aspect, found.column, rules, edits)
        tags = {each.name: each.tags for one in sources for each in one.columns}
        return Finding(
            found.verdict,
            found.aspect,
            source.key,
            source.view,
            found.column,
            *texts,
            users=people.named(bits),
            who="" if own else described(bits, people, asked),
            because=self._because(causes, deciding),
            own=own,
            also_loses=found.also_loses,
            shows=dict(found.shows),
            partly={name: people.named(mine & bits) for name, mine in found.partly if mine & bits},
            tags={name: tags.get(name, frozenset()) for name, _ in found.shows},
        )

    def _own_edits(self, users: Sequence[str], key: str) -> Iterator[Edit]:
        """What changes of the users themselves."""
        people = set(users)
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
            ):
                yield each

    def _causes(
        self, aspect: Aspect, column: str | None, rules: Sequence[Rules | None], edits: Sequence[Edit]
    ) -> list[Edit]:
        """Those of the changes about a data source that are about what changes there."""
        of_aspect: set[tuple[Kind, str]] = set()
        for each in rules:
            if each is None:
                continue
            if aspect == "column":
                of_aspect |= {(Kind.MASKING_POLICY, policy.name) for policy in each.masks.get(column or "", ())}
                continue
            of_aspect |= {(Kind.ROW_POLICY, policy.name) for policy in each.row_policies}
            admitting = (*each.grants, *each.guardrails)
            of_aspect |= {(Kind.SUBSCRIPTION_POLICY, policy.name) for policy in admitting}
        meant = [
            each
            for each in edits
            if any(
                (kind_of(thing), getattr(thing, "name", "")) in of_aspect
                for thing in (each.before, each.after)
                if thing
            )
        ]
        others = [each for each in edits if each.place[0] not in POLICY_KINDS]
        return [*meant, *others] or list(edits)

    def _because(self, causes: Sequence[Edit], deciding: tuple[tuple[str, ...], tuple[str, ...]]) -> Because:
        reasons = tuple(dict.fromkeys(each.reason for each in causes))
        found = (self._address(each) for each in causes)
        return Because(reasons[:_MOST_REASONS], *deciding, tuple(dict.fromkeys(filter(None, found))))

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
    found: dict[str, dict[str, Policy]] = {KINDS[kind].world_field: {} for kind in POLICY_KINDS}
    for each in policies:
        if isinstance(each, Policy):
            found[KINDS[kind_of(each)].world_field][each.name] = each
    changed: Any = found
    return replace(world, **changed)


def _by_source(world: World) -> Mapping[str, Mapping[Any, Subscription]]:
    found: dict[str, dict[Any, Subscription]] = defaultdict(dict)
    for key, each in world.subscriptions.items():
        found[each.data_source][key] = each
    return found


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
"""What of each column shows to users after they gain, or before they lose; and to whom, where that is not all of them."""


@dataclass(frozen=True)
class _Found:
    """What changes, whoever it changes for. The texts of rows are known once it is known for whom."""

    verdict: Verdict
    aspect: Aspect
    column: str | None = None
    rows: tuple[Condition, Condition] | None = None
    texts: tuple[str, str] = ("", "")
    deciding: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    shows: States = ()
    partly: Partly = ()
    also_loses: bool = False


class _Told:
    """What changes, and for whom."""

    def __init__(self) -> None:
        self.found: dict[_Found, Bits] = defaultdict(int)

    def users_of(self, found: _Found) -> Bits:
        """For whom the same changes in the same direction, whatever it is exactly."""
        bits = 0
        for each, users in self.found.items():
            if (each.verdict, each.aspect, each.column) == (found.verdict, found.aspect, found.column):
                bits |= users
        return bits

    def rows(self, aspect: Aspect, one: Condition, other: Condition, showing: Showing, bits: Bits) -> None:
        more, fewer = not covers(one, other), not covers(other, one)
        verdict = Verdict.GAINS if more else Verdict.LOSES
        shows, partly = showing(verdict, bits)
        found = _Found(verdict, aspect, None, (one, other), shows=shows, partly=partly, also_loses=more and fewer)
        self.found[found] |= bits

    def column(
        self,
        name: str,
        had: ColumnAccess | None,
        gets: ColumnAccess | None,
        bits: Bits,
        *,
        more: bool,
        fewer: bool,
    ) -> None:
        """Take in what becomes of a column. Where rows change as well, what they bring about is told with them."""
        one, other = had or _ABSENT, gets or _ABSENT
        if one == other and (had is None) == (gets is None):
            return
        gains = not covers(one.clear, other.clear) and (not more or not covers(one.passing, other.passing))
        loses = not covers(other.clear, one.clear) and (not fewer or not covers(other.passing, one.passing))
        if not (gains or loses) and one.masks == other.masks and (had is None) == (gets is None):
            return
        verdict = Verdict.GAINS if gains else Verdict.LOSES if loses else Verdict.CHANGES
        state = (one if verdict is Verdict.LOSES else other).state
        found = _Found(
            verdict,
            "column",
            name,
            texts=_column_texts(one, other),
            deciding=(one.policies, other.policies),
            shows=((name, state),),
            also_loses=gains and loses,
        )
        self.found[found] |= bits


class _Columns:
    """What masks make of the columns of a data source, before and after. Of a column about which nothing changes only the
    `affected` users are looked at.
    """

    def __init__(self, before: Partition | None, after: Partition | None, users: Bits, affected: Bits) -> None:
        self._sides, self._users, self._affected = (before, after), users, affected
        self._columns = [
            {each.name: each for each in side.rules.columns} if side is not None else {} for side in self._sides
        ]

    def showing(self, verdict: Verdict, bits: Bits) -> tuple[States, Partly]:
        at = 0 if verdict is Verdict.LOSES else 1
        side = self._sides[at]
        states: list[tuple[str, str]] = []
        partly: list[tuple[str, Bits]] = []
        for name, column in self._columns[at].items():
            assert side is not None
            found: dict[str, Bits] = defaultdict(int)
            for shows, users in within(side.column(column), bits).items():
                found[shows.column(ALWAYS).state] |= users
            strongest = next((each for each in ("clear", "sometimes", "masked") if each in found), "masked")
            states.append((name, strongest))
            if strongest != "masked" and found.get("masked"):
                partly.append((name, bits & ~found["masked"]))
        return tuple(sorted(states)), tuple(sorted(partly))

    def changing(self, bits: Bits) -> Iterator[tuple[str, Mapping[tuple[Shows | None, Shows | None], Bits]]]:
        """The columns of which something else shows to some of the users."""
        before, after = self._columns
        for name in dict.fromkeys((*before, *after)):
            counting = bits & (self._affected if self._is_same(name) else self._users)
            if not counting:
                continue
            one, other = (self._at(at, name, counting) for at in (0, 1))
            yield name, crossed(one, other, lambda had, gets: (had, gets))

    def _at(self, at: int, name: str, users: Bits) -> dict[Shows | None, Bits]:
        side, column = self._sides[at], self._columns[at].get(name)
        if side is None or column is None:
            return {None: users}
        found: dict[Shows | None, Bits] = {}
        for shows, bits in within(side.column(column), users).items():
            found[shows] = bits
        return found

    def _is_same(self, name: str) -> bool:
        """Whether nothing but people decides whether something else shows."""
        one, other = self._sides
        if one is None or other is None or self._columns[0].get(name) != self._columns[1].get(name):
            return False
        before, after = one.rules, other.rules
        return (
            before.source == after.source
            and before.masks.get(name) == after.masks.get(name)
            and (name in before.nulled) == (name in after.nulled)
        )


def _rows(partition: Partition | None, users: Bits) -> Mapping[Condition, Bits]:
    return {NEVER: users} if partition is None else partition.rows


_ABSENT = ColumnAccess(NEVER, NEVER, (), ())
"""Of a column that the view does not have."""


def _access_text(access: Access) -> str:
    if not access.sees:
        return "closed" if access.admitted and access.closed else "no rows" if access.admitted else "not admitted"
    clear = sum(each.state != "masked" for each in access.columns.values())
    return f"{_rows_text(access)}, {clear} of {len(access.columns)} columns clear"


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
    return (one, other) if one != other else (_column_text(before, in_full=True), _column_text(after, in_full=True))


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
