"""The planned world: what will be governed once the plans seen so far are applied, and what is wrong with it."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Set
from dataclasses import replace
from itertools import chain
from typing import Any, Literal

from veil.governance.planned_holdings import PlannedHoldings
from veil.governance.planned_members import PlannedMembers
from veil.governance.planned_names import MovingNames
from veil.governance.view_sizes import TOO_LONG, too_long
from veil.model import (
    KINDS_OF_VIEWS,
    DataSource,
    Integration,
    Kind,
    Policy,
    Profile,
    Project,
    Put,
    Remove,
    UserFunctions,
    World,
    key_of,
    kind_of,
)
from veil.model.change import apply, keys_of, lookup
from veil.model.kinds import Governed, kinds_beside
from veil.policy import Finding, Place, Resolved, lint_policy, lint_source, resolve, shared_name, touched, uncovered

_QUIET_SECONDS, _MOST_SECONDS = 0.25, 2.0
"""So long nothing has to be planned until it counts as not coming, and so long it is waited for in all."""
_MOST_SILENCES = 8
"""How often names may be waited for in vain. With so little planned at once, the next one will be, too."""

_BEFORE_THIS_PLAN = (
    "It is so without this plan, over the columns that the table has by now: an apply makes no view of it, and what changes it "
    "fails there."
)

Judgement = tuple[Literal["fit", "length"], Kind, Any]
"""What was looked at to find something: how an object fits the others, or how long the view of a data source becomes."""
Judged = Iterator[tuple[Judgement, Finding]]
"""Findings, each with what found it."""


class PlannedWorld:
    """Grows as resources are planned, in whatever order Terraform plans them; each finding is reported once.

    A finding is about several objects, mostly a policy and a data source. As long as one of them is only stored, the plan
    may yet change it, or end it: so it is told when the last of them is planned, of what they are planned to be. Where
    that does not happen because the object is in another Terraform state, it is not told here; `veil doctor` knows what
    is wrong with what is stored.

    `as_found` gives what is deployed over the tables as they are now. What is wrong with that is no fault of a plan: it is
    warned of and stops nothing, a destroy least of all, before which Terraform plans as it does before an apply.
    """

    def __init__(self, deployed: World | None, as_found: Callable[[], World] | None = None) -> None:
        self._deployed = deployed
        self._as_found = as_found
        self._world = deployed or World(Integration("", "", ""))
        self._members = PlannedMembers(deployed)
        self._holdings = PlannedHoldings(deployed)
        self._asked: set[Hashable] = set()
        self._silences = 0
        self._staying: dict[str, DataSource] = {}
        self._removed: set[Place] = set()
        self._planned: set[Place] = set()
        self._moving = MovingNames()
        self._settled: set[Place] = set()  # by the keys that they have, as all that follows from the warehouse
        self._waiting: dict[Place, set[Judgement]] = defaultdict(set)
        self._reported: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        self._arrivals = 0

    @property
    def integration(self) -> Integration | None:
        """The integration as planned, or as deployed, or None where there is neither."""
        return self._world.integration if self._world.integration.name else None

    @property
    def so_far(self) -> World:
        """What will be governed, as far as it has been planned: what has not been is as it is deployed."""
        return self._world

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
        return self._world.functions

    def know(self, functions: UserFunctions) -> None:
        """Take in that these functions are there."""
        with self._lock:
            self._world = replace(self._world, functions={**self._world.functions, **functions})

    def put(self, thing: Governed, replaces: Any = None) -> list[Finding]:
        """Overlay one planned object; `replaces` is the key that it has now. The findings that this completes."""
        with self._lock:
            kind, key = kind_of(thing), key_of(thing)
            change = Put(thing, self._moving.put(kind, key, replaces))
            before, self._world = self._world, apply(self._world, change)
            places = {(kind, key if replaces is None else replaces)}
            self._holdings.put(thing, replaces)
            if kind not in KINDS_OF_VIEWS:
                return self._fresh(self._alone(self._members.put(thing, replaces)), places)
            keys = touched(before, self._world, [change])
            lost = self._losing(before, keys) if kind is Kind.DATA_SOURCE else ()
            return self._fresh(chain(self._judged(thing, keys), lost), places)

    def once(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those of these findings that have not been reported yet."""
        with self._lock:
            return self._fresh(self._alone(findings))

    def expect_profiles(self, profiles: Mapping[str, Profile], gone: Iterable[str] = ()) -> list[Finding]:
        """Take in that one resource plans all these profiles, by user, and no longer those of the users that are `gone`; the
        findings that this completes.
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
        """Take in which users the warehouse has. Of profiles that are planned before it is known nothing is said."""
        with self._lock:
            self._holdings.know_users(users)

    def names_so_far(self, planned: Hashable) -> list[Finding]:
        """What can be told of names that nobody has, though somebody who has them may yet be planned. To be asked after
        whatever else is `planned`, which is the same for one object and no other.

        No plan announces its end, so where a name is missing whoever asks last waits until nothing has been planned for a moment,
        and tells of all names. Only one ever waits: who asks next lets the one before go. What is planned once more is to be
        replaced, and Terraform passes over the warnings of that second plan; so it neither waits nor lets others go.
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
        """What can be told of new members of an equalized project who have no profile, though one may yet be planned.

        No plan announces its end, so this waits until nothing has been planned for a moment. It does so only where somebody
        lacks a profile: Terraform plans resources that do not depend on each other at once, or nearly so.
        """
        deadline = time.monotonic() + _MOST_SECONDS
        with self._lock:
            while self._members.lacking(project, replaces) and time.monotonic() < deadline:
                seen = self._arrivals
                self._arrived.wait(_QUIET_SECONDS)
                if self._arrivals == seen:
                    break
            found = self._members.so_far(project, replaces)
            return self._fresh(self._alone(found), {(Kind.PROJECT, project.name if replaces is None else replaces)})

    def remove(self, kind: Kind, key: Any) -> list[Finding]:
        """Overlay a planned removal; the findings that this completes.

        That a removal uncovers a data source is known once both are: that the policy goes, and that the data source was
        planned to stay. When everything is destroyed no data source is, and nothing is said.
        """
        if kind is Kind.INTEGRATION:
            return []
        with self._lock:
            self._holdings.remove(kind, key)
            change, before = Remove(kind, key), self._world
            if self._moving.remove(kind, key):
                self._world = apply(self._world, change)
            if self._deployed is None or kind not in KINDS_OF_VIEWS:
                return self._fresh(self._alone(self._members.remove(kind, key)), {(kind, key)})
            keys = touched(before, self._world, [change])
            if kind is Kind.DATA_SOURCE:
                return self._fresh(self._losing(before, keys), {(kind, key)})
            self._removed.add((kind, key))
            return self._fresh(chain(self._of_staying(keys), self._of_sources(keys)), {(kind, key)})

    def _judged(self, thing: Governed, keys: frozenset[str]) -> Judged:
        """What is wrong with a planned object, and with the data sources of these keys."""
        if isinstance(thing, Policy):
            yield from self._of_policy(thing)
            yield from self._alone(self._of_one_name(kind_of(thing), thing.name))
        if isinstance(thing, DataSource):
            keys |= {thing.key}
            self._staying[thing.key] = thing
        yield from self._of_staying(keys)
        yield from self._of_sources(keys)
        yield from self._of_lengths(keys)

    def _losing(self, before: World, keys: Set[str]) -> Judged:
        """What is wrong with the planned policies that applied to these data sources as they were, and may no longer."""
        for source in (before.data_sources[key] for key in sorted(keys & before.data_sources.keys())):
            for kind, key in sorted(_applied(resolve(before, source)) & self._settled):
                yield from self._anew(("fit", kind, key))

    def _of_policy(self, policy: Policy) -> Judged:
        found_by: Judgement = ("fit", kind_of(policy), policy.name)
        return ((found_by, each) for each in lint_policy(self._world, policy))

    def _of_sources(self, keys: Iterable[str]) -> Judged:
        return chain.from_iterable(map(self._of_source, sorted(keys)))

    def _of_source(self, key: str) -> Judged:
        source = self._world.data_sources.get(key)
        found_by: Judgement = ("fit", Kind.DATA_SOURCE, key)
        return ((found_by, each) for each in (lint_source(self._world, source) if source is not None else ()))

    def _of_lengths(self, keys: Iterable[str]) -> Judged:
        for source, each in too_long(self._world, keys):
            yield ("length", Kind.DATA_SOURCE, source), each

    def _anew(self, judgement: Judgement) -> Judged:
        """What is wrong with what was judged before."""
        how, kind, key = judgement
        thing = lookup(self._world, kind, key)
        if how == "length":
            yield from self._of_lengths([key])
        elif isinstance(thing, DataSource):
            yield from self._of_source(key)
        elif isinstance(thing, Policy):
            yield from self._of_policy(thing)

    def _alone(self, findings: Iterable[Finding]) -> Judged:
        """Findings that whoever found them knows to be complete."""
        return ((("fit", each.kind, each.key), each) for each in findings)

    def _of_one_name(self, kind: Kind, name: str) -> Iterator[Finding]:
        """A policy of the other kind that is planned to have the same name; one that is only deployed may be going."""
        self._planned.add((kind, name))
        for other in kinds_beside(kind)[1:]:
            if (other, name) in self._planned:
                yield shared_name(kind, other, name)

    def _of_staying(self, keys: Iterable[str]) -> Judged:
        """What the removals so far uncover of those data sources that were planned to stay."""
        for key in sorted(self._staying.keys() & set(keys)):
            if self._deployed is not None:
                found = uncovered(self._deployed, self._world, self._removed, self._staying[key])
                yield from self._alone(found)

    def _fresh(self, judged: Judged, places: Iterable[Place] = ()) -> list[Finding]:
        """Those of the findings, and of those that waited for `places` to be planned, that can be told now."""
        self._arrivals += 1
        self._arrived.notify_all()
        self._settled.update(places)
        waited = {each for place in places for each in self._waiting.pop(place, ())}
        again = (found for each in sorted(waited, key=repr) for found in self._anew(each))
        fresh = []
        for found_by, each in (*judged, *again):
            if (each.code, each.detail) not in self._reported and self._can_be_told(found_by, each):
                self._reported.add((each.code, each.detail))
                fresh.append(self._standing(each) if each.severity == "error" else each)
        return fresh

    def _standing(self, finding: Finding) -> Finding:
        """An error as a warning, where it is one of what is deployed: somebody has altered a table since that was applied."""
        if self._as_found is None or finding.code == "name-shared":
            return finding
        world = self._as_found()
        for kind, key in sorted(finding.about, key=repr):
            thing = lookup(world, kind, key)
            if not isinstance(thing, DataSource):
                continue
            if finding.code == TOO_LONG and any(too_long(world, [thing.key])):
                # Whichever policy it names: it cannot be written without this plan either.
                return replace(finding, severity="warning", detail=f"{finding.detail} {_BEFORE_THIS_PLAN}")
            if any((each.code, each.detail) == (finding.code, finding.detail) for each in lint_source(world, thing)):
                detail = f"{finding.detail} It was right when it was applied: somebody has altered the table since."
                return replace(finding, severity="warning", detail=detail)
        return finding

    def _can_be_told(self, found_by: Judgement, finding: Finding) -> bool:
        """Whether nothing that Terraform has still to plan is likely to end it; else it is looked for again then.

        While objects are being planned for the first time, the absence of others proves nothing.
        """
        if self._deployed is None:
            return not finding.absent
        if finding.absent and lookup(self._deployed, finding.kind, finding.key) is None:
            return False
        open_ = next((each for each in self._stored(finding) if each not in self._settled), None)
        if open_ is not None:
            # One is enough: when it is planned, the next one is found.
            self._waiting[open_].add(found_by)
        return open_ is None

    def _stored(self, finding: Finding) -> Iterator[Place]:
        """The objects in the warehouse on which a finding depends. Terraform plans an integration before all else."""
        assert self._deployed is not None
        for kind, key in finding.about:
            if kind is not Kind.INTEGRATION and lookup(self._deployed, kind, key) is not None:
                yield kind, key
        for kind in finding.absent:
            yield from ((kind, key) for key in keys_of(self._deployed, kind))


def _applied(resolved: Resolved) -> set[Place]:
    """The policies that have a say on a data source."""
    found: set[Place] = {(Kind.MASKING_POLICY, mask.policy) for each in resolved.columns for mask in each.masks}
    found |= {(Kind.ROW_POLICY, each.policy) for each in resolved.rows}
    return found | {(Kind.SUBSCRIPTION_POLICY, each.policy) for each in (*resolved.grants, *resolved.guardrails)}
