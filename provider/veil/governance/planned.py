"""The planned world: what will be governed once the plans seen so far are applied, and what is
wrong with it.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any, Literal

from veil.governance.planned_holdings import PlannedHoldings
from veil.governance.planned_members import PlannedMembers
from veil.governance.planned_names import MovingNames
from veil.governance.planned_objects import PlannedObjects, Step
from veil.governance.view_sizes import TOO_LONG, ViewSizes, too_long, widest
from veil.model import (
    KINDS_OF_VIEWS,
    DataSource,
    Integration,
    Kind,
    MaskingPolicy,
    Policy,
    Profile,
    Project,
    SubscriptionPolicy,
    UserFunctions,
    World,
    key_of,
    kind_of,
)
from veil.model.change import keys_of, lookup
from veil.model.kinds import Governed, kinds_beside
from veil.policy import (
    Finding,
    Place,
    PolicyIndex,
    Resolved,
    SourceView,
    applies,
    gaps,
    lint_policy,
    lint_source,
    misfits,
    resolve,
    shared_name,
    source_view,
    stacked,
    stacks_of,
    uncovered,
    wishes_filters,
    with_only,
)

_QUIET_SECONDS, _MOST_SECONDS = 0.25, 2.0
"""So long nothing has to be planned until it counts as not coming, and so long it is waited for in
all.
"""
_MOST_SILENCES = 8
"""How often names may be waited for in vain. With so little planned at once, the next one will be,
too.
"""

_BEFORE_THIS_PLAN = (
    "It is so without this plan, over the columns that the table has by now: an apply makes no view of it, and what changes it "
    "fails there."
)

Judgement = tuple[Literal["policy", "fit", "stacks", "gaps", "length"], Kind, Any]
"""What was looked at to find something: a policy by itself, how one fits a data source, which masks
share columns of one, what a data source wants and does not get, or how long its view becomes. Then
the kind and key of the policy, or of the data source and what of it was looked at.
"""
Judged = Iterator[tuple[Judgement, Finding]]
"""Findings, each with what found it."""


class PlannedWorld:
    """Grows as resources are planned, in whatever order Terraform plans them; each finding is
    reported once.

    A finding is about several objects, mostly a policy and a data source. As long as one of them is
    only stored, the plan may yet change it, or end it: so it is told when the last of them is
    planned, of what they are planned to be. Where that does not happen because the object is in
    another Terraform state, it is not told here; `veil doctor` knows what is wrong with what is
    stored.

    `written` are the keys of the data sources whose views this version of the compiler wrote: what
    these say is not written again to learn how long it is, as long as nothing of it is planned to
    change.

    `as_found` gives what is deployed over the tables as they are now. What is wrong with that is no
    fault of a plan: it is warned of and stops nothing, a destroy least of all, before which
    Terraform plans as it does before an apply.
    """

    def __init__(
        self, deployed: World | None, as_found: Callable[[], World] | None = None, written: Set[str] = frozenset()
    ) -> None:
        self._deployed = deployed
        self._written = written
        self._rewrites = False  # whether something was planned, beside data sources, that views may say otherwise by
        self._as_found = as_found
        self._objects = PlannedObjects(deployed or World(Integration("", "", "")))
        self._sizes = ViewSizes()
        self._members = PlannedMembers(deployed)
        self._holdings = PlannedHoldings(deployed)
        self._asked: set[Hashable] = set()
        self._silences = 0
        self._staying: dict[str, DataSource] = {}
        self._removed: set[Place] = set()
        self._planned: set[Place] = set()
        self._moving = MovingNames()
        self._settled: set[Place] = set()  # by the keys that they have, as all that follows from the warehouse
        self._waiting: dict[Place, dict[tuple[Judgement, str, str], Iterator[Place]]] = defaultdict(dict)
        """By the object that is to be planned next, what is judged again after it and these further
        ones.
        """
        self._reported: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        self._arrivals = 0

    @property
    def integration(self) -> Integration | None:
        """The integration as planned, or as deployed, or None where there is neither."""
        integration = self._objects.world.integration
        return integration if integration.name else None

    @property
    def so_far(self) -> World:
        """What will be governed, as far as it has been planned: what has not been is as it is
        deployed.
        """
        with self._lock:
            return self._objects.copied()

    @property
    def removed(self) -> frozenset[Place]:
        """The policies that are planned to go."""
        with self._lock:
            return frozenset(self._removed)

    @property
    def staying(self) -> frozenset[str]:
        """The keys of the data sources that have been planned, and not to go."""
        with self._lock:
            return frozenset(self._staying)

    @property
    def functions(self) -> UserFunctions:
        """The functions that masks call, as far as they are known to be there."""
        return self._objects.world.functions

    def know(self, functions: UserFunctions) -> None:
        """Take in that these functions are there."""
        with self._lock:
            self._rewrites |= functions != self._objects.world.functions
            self._objects.know(functions)

    def put(self, thing: Governed, replaces: Any = None) -> list[Finding]:
        """Overlay one planned object; `replaces` is the key that it has now. The findings that this
        completes.
        """
        with self._lock:
            kind, key = kind_of(thing), key_of(thing)
            self._rewrites |= self._changes_views(kind, key, thing, replaces)
            steps = self._objects.put(thing, self._moving.put(kind, key, replaces))
            places = {(kind, key if replaces is None else replaces)}
            self._holdings.put(thing, replaces)
            if kind not in KINDS_OF_VIEWS:
                return self._fresh(self._alone(self._members.put(thing, replaces)), places)
            return self._fresh(self._judged(thing, kind, steps), places)

    def once(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those of these findings that have not been reported yet."""
        with self._lock:
            return self._fresh(self._alone(findings))

    def expect_profiles(self, profiles: Mapping[str, Profile], gone: Iterable[str] = ()) -> list[Finding]:
        """Take in that one resource plans all these profiles, by user, and no longer those of the
        users that are `gone`; the findings that this completes.
        """
        with self._lock:
            self._holdings.put_profiles(profiles, gone)
            return self._fresh(self._alone(self._members.expect(profiles, gone)))

    def leave_open(self, kind: Kind) -> None:
        """Take in that an object of this kind is planned of which not all is known yet."""
        with self._lock:
            self._holdings.leave_open(kind)

    def makes_profiles(self, users: Iterable[str]) -> bool:
        """Whether one of these users has no profile yet."""
        return self._holdings.makes_profiles(users)

    def know_users(self, users: frozenset[str]) -> None:
        """Take in which users the warehouse has. Of profiles that are planned before it is known
        nothing is said.
        """
        with self._lock:
            self._holdings.know_users(users)

    def names_so_far(self, planned: Hashable) -> list[Finding]:
        """What can be told of names that nobody has, though somebody who has them may yet be
        planned. To be asked after whatever else is `planned`, which is the same for one object and
        no other.

        No plan announces its end, so where a name is missing whoever asks last waits until nothing
        has been planned for a moment, and tells of all names. Only one ever waits: who asks next
        lets the one before go. What is planned once more is to be replaced, and Terraform passes
        over the warnings of that second plan; so it neither waits nor lets others go.
        """
        with self._lock:
            if planned in self._asked:
                return []
            self._asked.add(planned)
            self._arrived.notify_all()
            if not self._holdings.missing:
                return []
            asked = len(self._asked)
            if self._silences < _MOST_SILENCES:
                if self._arrived.wait_for(lambda: len(self._asked) != asked, _QUIET_SECONDS):
                    return []
                self._silences += 1
            return self._holdings.tell()

    def members_so_far(self, project: Project, replaces: Any = None) -> list[Finding]:
        """What can be told of new members of an equalized project who have no profile, though one
        may yet be planned.

        No plan announces its end, so this waits until nothing has been planned for a moment. It
        does so only where somebody lacks a profile: Terraform plans resources that do not depend on
        each other at once, or nearly so.
        """
        deadline = time.monotonic() + _MOST_SECONDS
        with self._lock:
            while self._members.lacking(project, replaces) and time.monotonic() < deadline:
                seen = self._arrivals
                self._arrived.wait(_QUIET_SECONDS)
                if self._arrivals == seen:
                    break
            findings = self._members.so_far(project, replaces)
            return self._fresh(self._alone(findings), {(Kind.PROJECT, project.name if replaces is None else replaces)})

    def remove(self, kind: Kind, key: Any) -> list[Finding]:
        """Overlay a planned removal; the findings that this completes.

        That a removal uncovers a data source is known once both are: that the policy goes, and that
        the data source was planned to stay. When everything is destroyed no data source is, and
        nothing is said.
        """
        if kind is Kind.INTEGRATION:
            return []
        with self._lock:
            self._rewrites |= self._changes_views(kind, key)
            self._holdings.remove(kind, key)
            steps = self._objects.remove(kind, key) if self._moving.remove(kind, key) else []
            if self._deployed is None or kind not in KINDS_OF_VIEWS:
                return self._fresh(self._alone(self._members.remove(kind, key)), {(kind, key)})
            if kind is Kind.DATA_SOURCE:
                return self._fresh(self._losing(steps), {(kind, key)})
            self._removed.add((kind, key))
            keys = self._objects.touched(kind, steps)
            return self._fresh(chain(self._of_staying(keys), self._of_change(kind, steps, keys)), {(kind, key)})

    def _judged(self, thing: Governed, kind: Kind, steps: Sequence[Step]) -> Judged:
        """What is wrong with a planned object, and with the data sources whose views differ by
        it.
        """
        keys = self._objects.touched(kind, steps)
        if isinstance(thing, Policy):
            if any(old != new for old, new in steps):
                self._sizes.forget_alike()
            yield from self._of_policy(thing)
            yield from self._alone(self._of_one_name(kind, thing.name))
            yield from self._of_staying(keys)
            yield from self._of_change(kind, steps, keys)
            yield from self._of_lengths(keys, thing)
            return
        if isinstance(thing, DataSource):
            keys |= {thing.key}
            self._staying[thing.key] = thing
        else:
            self._sizes.forget()
        yield from self._of_staying(keys)
        measured = widest(self._sources(keys))
        for source in self._sources(keys):
            yield from self._of_source(source, measuring=source in measured and not self._is_written(source))
        yield from self._losing(steps if isinstance(thing, DataSource) else ())

    def _changes_views(self, kind: Kind, key: Any, thing: Governed | None = None, replaces: Any = None) -> bool:
        """Whether views may say something else by an object that is no data source, or by its
        removal.
        """
        if kind not in KINDS_OF_VIEWS or kind is Kind.DATA_SOURCE:
            return False
        return self._deployed is None or replaces not in (None, key) or lookup(self._deployed, kind, key) != thing

    def _is_written(self, source: DataSource) -> bool:
        """Whether the view of a data source is planned to stay what it is."""
        if self._rewrites or self._deployed is None or source.key not in self._written:
            return False
        return self._deployed.data_sources.get(source.key) == source

    def _losing(self, steps: Sequence[Step]) -> Judged:
        """What is wrong with the planned policies that applied to data sources as they were, and
        may no longer.
        """
        for old, new in steps:
            if old is not None and old != new:
                for kind, name in sorted(_applied(resolve(self._objects.around(old), old)) & self._settled):
                    yield from self._anew(("policy", kind, name))

    def _sources(self, keys: Iterable[str]) -> list[DataSource]:
        there = self._objects.world.data_sources
        return [there[key] for key in sorted(keys) if key in there]

    def _of_policy(self, policy: Policy) -> Judged:
        found_by: Judgement = ("policy", kind_of(policy), policy.name)
        findings = lint_policy(self._objects.world, policy, self._objects.sources)
        return ((found_by, each) for each in findings)

    def _of_change(self, kind: Kind, steps: Sequence[Step], keys: frozenset[str]) -> Judged:
        """What is wrong on these data sources for what became of a policy there, and of no
        other.
        """
        for source in self._sources(keys):
            for policy in (new for _, new in steps if new is not None):
                yield from self._of_fit(source, kind, policy)
            if kind is Kind.MASKING_POLICY:
                yield from self._of_stacks(source, self._objects.restacked(source.key, steps))
            if any(self._may_open_a_gap(source, old, new) for old, new in steps):
                yield from self._of_gaps(source)

    def _may_open_a_gap(self, source: DataSource, old: Policy | None, new: Policy | None) -> bool:
        """Whether a data source may want something by what became of a policy that it did not want
        before.
        """
        if any(each is not None and each.name in source.policies for each in (old, new)):
            return True
        if wishes_filters(self._objects.world, source):
            return True
        return old is not None and not isinstance(old, MaskingPolicy) and not _covers_as(old, new, source)

    def _of_source(self, source: DataSource, *, measuring: bool) -> Judged:
        """All that is wrong with a data source and with the policies on it; the length of its view
        where that is measured.
        """
        around = self._objects.around(source)
        resolved = resolve(around, source)
        for each in misfits(resolved):
            yield ("fit", Kind.DATA_SOURCE, (source.key, each.kind, each.key)), each
        yield from self._of_stacks(source, frozenset(stacks_of(resolved)))
        for each in gaps(around, resolved):
            yield ("gaps", Kind.DATA_SOURCE, source.key), each
        if measuring:
            yield from self._of_length(source, resolved)

    def _of_fit(self, source: DataSource, kind: Kind, policy: Policy) -> Judged:
        """What of a policy does not fit a data source."""
        world = with_only(self._objects.world, policy)
        return (
            (("fit", Kind.DATA_SOURCE, (source.key, kind, policy.name)), each)
            for each in misfits(resolve(world, source))
        )

    def _of_stacks(self, source: DataSource, columns: Set[str]) -> Judged:
        """That several policies mask columns of a data source."""
        names = self._objects.stacks(source).names(columns)
        return (
            (("stacks", Kind.DATA_SOURCE, (source.key, frozenset(columns))), each) for each in stacked(source, names)
        )

    def _of_gaps(self, source: DataSource) -> Judged:
        around = self._objects.around(source)
        return ((("gaps", Kind.DATA_SOURCE, source.key), each) for each in gaps(around, resolve(around, source)))

    def _of_lengths(self, keys: Iterable[str], policy: Policy) -> Judged:
        for source in widest(self._sources(keys)):
            if self._sizes.may_have_outgrown(self._objects.world, source, policy):
                yield from self._of_length(source)

    def _of_length(self, source: DataSource, resolved: Resolved | None = None) -> Judged:
        finding = self._sizes.measure(self._objects.world, resolved or resolve(self._objects.around(source), source))
        if finding is not None:
            yield ("length", Kind.DATA_SOURCE, source.key), finding

    def _anew(self, judgement: Judgement) -> Judged:
        """What is wrong with what was judged before."""
        how, kind, key = judgement
        if how == "policy":
            policy = lookup(self._objects.world, kind, key)
            yield from self._of_policy(policy) if isinstance(policy, Policy) else ()
            return
        (source_key, *rest) = key if isinstance(key, tuple) else (key,)
        source = self._objects.world.data_sources.get(source_key)
        if source is None:
            return
        if how == "length":
            yield from self._of_length(source)
        elif how == "stacks":
            yield from self._of_stacks(source, *rest)
        elif how == "gaps":
            yield from self._of_gaps(source)
        elif isinstance(policy := lookup(self._objects.world, *rest), Policy):
            yield from self._of_fit(source, kind_of(policy), policy)

    def _alone(self, findings: Iterable[Finding]) -> Judged:
        """Findings that whoever found them knows to be complete."""
        return ((("policy", each.kind, each.key), each) for each in findings)

    def _of_one_name(self, kind: Kind, name: str) -> Iterator[Finding]:
        """A policy of the other kind that is planned to have the same name; one that is only
        deployed may be going.
        """
        self._planned.add((kind, name))
        for other in kinds_beside(kind)[1:]:
            if (other, name) in self._planned:
                yield shared_name(kind, other, name)

    def _of_staying(self, keys: Iterable[str]) -> Judged:
        """What the removals so far uncover of those data sources that were planned to stay."""
        if self._deployed is None or not self._removed:
            return
        for key in sorted(self._staying.keys() & set(keys)):
            source = self._staying[key]
            forms = [each for each in (self._deployed.data_sources.get(key), source) if each is not None]
            near = frozenset[Place]().union(*map(self._deployed_policies.near, forms))
            world = self._deployed_policies.around(self._deployed, *forms)
            planned = self._objects.around(source)
            yield from self._alone(uncovered(world, planned, self._removed & near, source))

    @cached_property
    def _deployed_policies(self) -> PolicyIndex:
        assert self._deployed is not None
        return PolicyIndex(self._deployed)

    def _fresh(self, judged: Judged, places: Iterable[Place] = ()) -> list[Finding]:
        """Those of the findings, and of those that waited for `places` to be planned, that can be
        told now.
        """
        self._arrivals += 1
        self._arrived.notify_all()
        self._settled.update(places)
        waited = {each for place in places for each in self._waited_for(place)}
        again = (judgement for each in sorted(waited, key=repr) for judgement in self._anew(each))
        fresh = []
        for found_by, each in (*judged, *again):
            if (each.code, each.detail) not in self._reported and self._can_be_told(found_by, each):
                self._reported.add((each.code, each.detail))
                fresh.append(self._standing(each) if each.severity == "error" else each)
        return fresh

    def _standing(self, finding: Finding) -> Finding:
        """An error as a warning, where it is one of what is deployed: somebody has altered a table
        since that was applied.
        """
        if self._as_found is None or finding.code == "name-shared":
            return finding
        world = self._as_found()
        for kind, key in sorted(finding.about, key=repr):
            thing = lookup(world, kind, key)
            if not isinstance(thing, DataSource):
                continue
            if finding.code == TOO_LONG and too_long(world, thing) is not None:
                # Whichever policy it names: it cannot be written without this plan either.
                return replace(finding, severity="warning", detail=f"{finding.detail} {_BEFORE_THIS_PLAN}")
            if any((each.code, each.detail) == (finding.code, finding.detail) for each in lint_source(world, thing)):
                detail = f"{finding.detail} It was right when it was applied: somebody has altered the table since."
                return replace(finding, severity="warning", detail=detail)
        return finding

    def _can_be_told(self, found_by: Judgement, finding: Finding) -> bool:
        """Whether nothing that Terraform has still to plan is likely to end it; else it is looked
        for again then.

        While objects are being planned for the first time, the absence of others proves nothing.
        """
        if self._deployed is None:
            return not finding.absent
        if finding.absent and lookup(self._deployed, finding.kind, finding.key) is None:
            return False
        return not self._waits(found_by, finding.code, finding.detail, self._stored(finding))

    def _waits(self, found_by: Judgement, code: str, detail: str, open_: Iterator[Place]) -> bool:
        """Whether one of these places is still to be planned; then what was found is judged again
        after the last of them.
        """
        first = next((each for each in open_ if each not in self._settled), None)
        if first is not None:
            self._waiting[first][found_by, code, detail] = open_
        return first is not None

    def _waited_for(self, place: Place) -> Iterator[Judgement]:
        """What waited for this place, and for no other one any more."""
        for (found_by, code, detail), rest in self._waiting.pop(place, {}).items():
            if not self._waits(found_by, code, detail, rest):
                yield found_by

    def _stored(self, finding: Finding) -> Iterator[Place]:
        """The objects in the warehouse on which a finding depends. Terraform plans an integration
        before all else.
        """
        assert self._deployed is not None
        for kind, key in finding.about:
            if kind is not Kind.INTEGRATION and lookup(self._deployed, kind, key) is not None:
                yield kind, key
        for kind in finding.absent:
            yield from ((kind, key) for key in keys_of(self._deployed, kind))


def _covers_as(old: Policy, new: Policy | None, source: DataSource) -> bool:
    """Whether a policy filters or admits on a data source, if it did before."""
    place = source_view(source)
    return not _covers(old, place) or (new is not None and _covers(new, place))


def _covers(policy: Policy, place: SourceView) -> bool:
    is_guardrail = isinstance(policy, SubscriptionPolicy) and policy.mode == "guardrail"
    return not policy.staged and not is_guardrail and applies(policy, place)


def _applied(resolved: Resolved) -> set[Place]:
    """The policies that have a say on a data source."""
    places: set[Place] = {(Kind.MASKING_POLICY, mask.policy) for each in resolved.columns for mask in each.masks}
    places |= {(Kind.ROW_POLICY, each.policy) for each in resolved.rows}
    return places | {(Kind.SUBSCRIPTION_POLICY, each.policy) for each in (*resolved.grants, *resolved.guardrails)}
