"""Two Worlds, before and after: who gains, who loses, and for whom something else shows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from veil.diff.access import NOTHING, Access, ColumnAccess, Rules
from veil.diff.conditions import ALWAYS, Condition, covers
from veil.diff.describing import described
from veil.diff.findings import Aspect, Because, Comparison, Finding, Verdict
from veil.diff.people import Class, People, Question, questions
from veil.diff.reasons import PEOPLE, reason, without_description
from veil.model import (
    KINDS,
    DataSource,
    Impersonation,
    Integration,
    Kind,
    Policy,
    Subscription,
    World,
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
    """What changes for whom between two Worlds, at `now` in both, as far as they are known. Gaps and ways around views are
    for whoever made the Worlds to add.
    """
    return _Comparing(before, after, now, addresses or {}, renames or {}).all()


class _Comparing:
    def __init__(self, before: World, after: World, now: datetime, addresses: Addresses, renames: Renames) -> None:
        self._before, self._after, self._now, self._addresses = before, after, now, addresses
        self._edits = tuple(_edits(before, after, renames))
        self._policy_edits = [each for each in self._edits if each.place[0] in _POLICIES]
        self._changed_only = (
            _only(before, [each.before for each in self._policy_edits]),
            _only(after, [each.after for each in self._policy_edits]),
        )
        self._changed_names = {
            each.name for edit in self._policy_edits for each in (edit.before, edit.after) if isinstance(each, Policy)
        }
        self._people = People(before, after, questions((*_policies(before), *_policies(after))), now)
        self._subscriptions = _by_source(before), _by_source(after)

    def all(self) -> Comparison:
        findings: list[Finding] = []
        compared = 0
        keys = sorted(self._before.data_sources.keys() | self._after.data_sources.keys())
        for key in keys:
            edits = self._touching(key)
            only = None if edits else self._people.affected(key)
            if only is None or only:
                compared += 1
                findings += self._of_source(key, edits, only)
        findings += self._of_impersonation()
        return Comparison(
            tuple(sorted(findings, key=_order)), sources=len(keys), users=len(self._people.users), compared=compared
        )

    def _touching(self, key: str) -> list[Edit]:
        """What changes about a data source, for whomever."""
        one, other = self._before.data_sources.get(key), self._after.data_sources.get(key)
        found = [each for each in self._edits if each.place == (Kind.DATA_SOURCE, key)]
        found += [each for each in self._edits if each.place[0] is Kind.INTEGRATION]
        closings = [each for each in self._edits if each.place[0] is Kind.CLOSING]
        found += [each for each in closings if any(key in _closed_by(thing) for thing in (each.before, each.after))]
        applying: set[Place] = set()
        for world, source in zip(self._changed_only, (one, other), strict=True):
            if source is not None and self._policy_edits:
                applying |= {(kind_of(each), each.name) for each in Rules(world, source, self._now).policies}
        listed = (one.policies if one else frozenset()) | (other.policies if other else frozenset())
        for edit in self._policy_edits:
            things = [each for each in (edit.before, edit.after) if isinstance(each, Policy)]
            if any((kind_of(each), each.name) in applying or each.name in listed for each in things):
                found.append(edit)
        return found

    def _of_source(self, key: str, edits: Sequence[Edit], only: frozenset[str] | None) -> Iterator[Finding]:
        rules = [
            self._rules(world, key, subscriptions)
            for world, subscriptions in zip((self._before, self._after), self._subscriptions, strict=True)
        ]
        asked: frozenset[Question] = questions(policy for each in rules if each for policy in each.policies)
        classes = self._people.classes(key, asked, only=only)
        alike: dict[Any, list[Class]] = defaultdict(list)
        told: dict[Any, Finding] = {}
        for each in classes:
            for found in self._of_class(key, each, rules, edits):
                same = (*_sameness(found), found.users if found.own else ())
                told.setdefault(same, found)
                alike[same].append(each)
        for same, found in told.items():
            users = tuple(sorted({user for each in alike[same] for user in each.users}))
            who = described(alike[same], classes, asked) if only is None else ""
            yield replace(found, users=users, who=who)

    def _rules(self, world: World, key: str, subscriptions: Mapping[str, Mapping[Any, Subscription]]) -> Rules | None:
        source = world.data_sources.get(key)
        if source is None:
            return None
        return Rules(replace(world, subscriptions=subscriptions.get(key, {})), source, self._now)

    def _of_class(
        self, key: str, users: Class, rules: Sequence[Rules | None], edits: Sequence[Edit]
    ) -> Iterator[Finding]:
        before, after = (each.access(users.typical) if each is not None else NOTHING for each in rules)
        if before == after:
            return
        sources = [each.source for each in rules if each is not None]
        found = list(_differences(sources, users, before, after))
        own_edits = list(self._own_edits(users.users, key)) if users.own else []
        without: frozenset[Any] | None = None
        for each in found:
            own = users.own and not edits
            if users.own and edits:
                if without is None:
                    without = self._by_policies_alone(key, users, before, sources)
                own = (each.verdict, each.aspect, each.column) not in without
            causes = own_edits if own else self._causes(each, rules, edits) or own_edits
            yield replace(each, own=own, because=self._because(each, causes, before, after))

    def _by_policies_alone(
        self, key: str, users: Class, before: Access, sources: Sequence[DataSource]
    ) -> frozenset[Any]:
        """What would change if the users stayed as they are."""
        same = {
            KINDS[each].world_field: getattr(self._before, KINDS[each].world_field)
            for each in PEOPLE
            if each is not Kind.PURPOSE
        }
        world = replace(self._after, **same, runtimes=self._before.runtimes)
        rules = self._rules(world, key, self._subscriptions[0])
        after = rules.access(users.typical) if rules is not None else NOTHING
        found = _differences(sources, users, before, after)
        return frozenset((each.verdict, each.aspect, each.column) for each in found)

    def _own_edits(self, users: Sequence[str], key: str) -> Iterator[Edit]:
        """What changes of the users themselves. Of many, what changes of the first ones."""
        people = set(users[:_MOST_REASONS])
        for each in self._edits:
            kind, thing = each.place[0], each.after or each.before
            if (
                (kind is Kind.PROFILE and each.place[1] in people)
                or (kind is Kind.SUBSCRIPTION and each.place[1][0] in people and each.place[1][1] == key)
                or (kind is Kind.PROJECT and key in getattr(thing, "data_sources", ()))
            ):
                yield each

    def _causes(self, finding: Finding, rules: Sequence[Rules | None], edits: Sequence[Edit]) -> list[Edit]:
        """Those of the changes about a data source that are about what changes there."""
        of_aspect: set[tuple[Kind, str]] = set()
        for each in rules:
            if each is None:
                continue
            if finding.aspect == "column":
                of_aspect |= {(Kind.MASKING_POLICY, policy.name) for policy in each.masks.get(finding.column or "", ())}
            else:
                of_aspect |= {(Kind.ROW_POLICY, policy.name) for policy in each.row_policies}
            if finding.aspect in ("access", "rows"):
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
        others = [each for each in edits if each.place[0] not in _POLICIES]
        return [*meant, *others] or list(edits)

    def _because(self, finding: Finding, causes: Sequence[Edit], before: Access, after: Access) -> Because:
        reasons = tuple(dict.fromkeys(each.reason for each in causes))
        found = (self._address(each) for each in causes)
        return Because(
            reasons[:_MOST_REASONS],
            _policies_deciding(before, finding),
            _policies_deciding(after, finding),
            tuple(dict.fromkeys(address for address in found if address)),
        )

    def _address(self, edit: Edit) -> str:
        kind, key = edit.place
        return self._addresses.get((kind, key), "")

    def _of_impersonation(self) -> Iterator[Finding]:
        for edit in self._edits:
            if edit.place[0] is not Kind.IMPERSONATION:
                continue
            one, other = edit.before, edit.after
            assert isinstance(one, Impersonation | None)
            assert isinstance(other, Impersonation | None)
            user = edit.place[1]
            gains = _acts_as(other, user, self._after) - _acts_as(one, user, self._before)
            verdict = Verdict.GAINS if gains else Verdict.LOSES
            causes = Because((edit.reason,), addresses=tuple(filter(None, (self._address(edit),))))
            yield Finding(
                verdict,
                "identity",
                "",
                "",
                None,
                _identities(one),
                _identities(other),
                (user,),
                "",
                causes,
                typical=user,
            )


_POLICIES = (Kind.MASKING_POLICY, Kind.ROW_POLICY, Kind.SUBSCRIPTION_POLICY)
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
            had = old.get(was.get(key, key))
            gets = new.get(key)
            if had is not gets and without_description(had) != without_description(gets):
                yield Edit((kind, key), had, gets)


def _deciding(integration: Integration) -> Any:
    return integration.baseline, integration.hostname, integration.database, integration.source_database


def _only(world: World, policies: Iterable[Governed | None]) -> World:
    """The World with these policies alone."""
    found: dict[str, dict[str, Policy]] = {KINDS[kind].world_field: {} for kind in _POLICIES}
    for each in policies:
        if isinstance(each, Policy):
            found[KINDS[kind_of(each)].world_field][each.name] = each
    changed: Any = found
    return replace(world, **changed)


def _policies(world: World) -> Iterator[Policy]:
    yield from world.masking_policies.values()
    yield from world.row_policies.values()
    yield from world.subscription_policies.values()


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


def _differences(sources: Sequence[DataSource], users: Class, before: Access, after: Access) -> Iterator[Finding]:
    """What is not the same for users on a data source, as it was and as it is to be. Nothing is said yet of why."""
    view = sources[-1].view
    shows = {name: each.state for name, each in after.columns.items()}
    told = {name: each.state for name, each in before.columns.items()}
    tags = {each.name: each.tags for source in sources for each in source.columns}

    def finding(verdict: Verdict, aspect: Aspect, texts: tuple[str, str], **more: Any) -> Finding:
        states = shows if verdict is not Verdict.LOSES else told
        name = more.get("column")
        about = states if name is None else {name: states.get(name, "masked")}
        kept = {each: tags.get(each, frozenset()) for each in about}
        more = {"column": None, "shows": about, "tags": kept} | more
        return Finding(
            verdict,
            aspect,
            sources[-1].key,
            view,
            before=texts[0],
            after=texts[1],
            users=users.users,
            who="",
            because=Because(()),
            typical=users.typical,
            **more,
        )

    if not before.sees or not after.sees:
        if before.sees != after.sees:
            verdict = Verdict.GAINS if after.sees else Verdict.LOSES
            yield finding(verdict, "access", (_access_text(before), _access_text(after)))
        return
    more_rows, fewer_rows = not covers(before.rows, after.rows), not covers(after.rows, before.rows)
    if more_rows or fewer_rows:
        verdict = Verdict.GAINS if more_rows else Verdict.LOSES
        yield finding(verdict, "rows", _rows_texts(before, after), also_loses=more_rows and fewer_rows)
    for name in [*before.columns, *(each for each in after.columns if each not in before.columns)]:
        one, other = before.columns.get(name, _ABSENT), after.columns.get(name, _ABSENT)
        if one == other:
            continue
        gains = not covers(one.clear, other.clear) and (not more_rows or not covers(one.passing, other.passing))
        loses = not covers(other.clear, one.clear) and (not fewer_rows or not covers(other.passing, one.passing))
        texts = _column_texts(one, other)
        if gains or loses:
            verdict = Verdict.GAINS if gains else Verdict.LOSES
            yield finding(verdict, "column", texts, column=name, also_loses=gains and loses)
        elif one.masks != other.masks or (one is _ABSENT) != (other is _ABSENT):
            yield finding(Verdict.CHANGES, "column", texts, column=name)


_ABSENT = ColumnAccess(frozenset(), frozenset(), (), ())
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


def _policies_deciding(access: Access, finding: Finding) -> tuple[str, ...]:
    if finding.aspect == "column":
        column = access.columns.get(finding.column or "")
        return column.policies if column is not None else ()
    if finding.aspect == "rows":
        return access.row_policies
    return (*access.admitting, *access.row_policies)


def _sameness(finding: Finding) -> tuple[Any, ...]:
    """What findings of several classes of users have in common that are told as one."""
    return (
        finding.verdict,
        finding.aspect,
        finding.column,
        finding.before,
        finding.after,
        finding.because,
        finding.own,
        finding.also_loses,
        tuple(sorted(finding.shows.items())),
    )


def _order(finding: Finding) -> tuple[Any, ...]:
    return (
        list(Verdict).index(finding.verdict),
        finding.data_source,
        finding.column or "",
        finding.aspect,
        finding.after,
        finding.users,
    )
