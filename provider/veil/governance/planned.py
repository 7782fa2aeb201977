"""The planned world: what will be governed once the plans seen so far are applied, and what is wrong with it."""

import threading
from collections.abc import Iterable, Iterator
from typing import Any

from veil.governance.planned_members import PlannedMembers
from veil.governance.planned_names import MovingNames
from veil.governance.requests import LISTED
from veil.governance.view_sizes import too_long
from veil.model import (
    DataSource,
    Integration,
    Kind,
    MaskingPolicy,
    Put,
    Remove,
    RowPolicy,
    SubscriptionPolicy,
    World,
    key_of,
    kind_of,
)
from veil.model.change import Governed, apply, lookup
from veil.policy import Finding, lint_policy, lint_source, shared_name, touched, uncovered

_NEEDS_THE_WHOLE = frozenset(
    {
        "policy-matches-nothing",
        "nobody-admitted",
        "listed-policy-missing",
        "listed-policy-elsewhere",
        "tag-missing",
        "closed-by-baseline",
    }
)
"""Findings that something is absent. While objects are still being planned their absence proves nothing; but which tags
a data source has is known once it is planned itself.
"""


_OF_LISTS = frozenset({"listed-policy-missing", "listed-policy-elsewhere"})

_DECIDING = frozenset(
    {Kind.INTEGRATION, Kind.DATA_SOURCE, Kind.MASKING_POLICY, Kind.ROW_POLICY, Kind.SUBSCRIPTION_POLICY}
)


_PROTECTING = frozenset({Kind.MASKING_POLICY, Kind.ROW_POLICY, Kind.SUBSCRIPTION_POLICY})


class PlannedWorld:
    """Grows as resources are planned, in whatever order Terraform plans them; each finding is reported once."""

    def __init__(self, deployed: World | None) -> None:
        self._deployed = deployed
        self._world = deployed or World(Integration("", "", ""))
        self._members = PlannedMembers(deployed)
        self._staying: dict[str, DataSource] = {}
        self._removed: set[tuple[Kind, str]] = set()
        self._planned: set[tuple[Kind, str]] = set()
        self._moving = MovingNames(deployed)
        self._postponed: dict[tuple[Kind, Any], None] = {}
        self._certain: set[Finding] = set()
        self._reported: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    @property
    def integration(self) -> Integration | None:
        """The integration as planned, or as deployed, or None where there is neither."""
        return self._world.integration if self._world.integration.name else None

    def put(self, thing: Governed, replaces: Any = None) -> list[Finding]:
        """Overlay one planned object; `replaces` is the key that it has now. The findings that this completes."""
        with self._lock:
            change = Put(thing, self._moving.put(kind_of(thing), key_of(thing), replaces))
            before, self._world = self._world, apply(self._world, change)
            if kind_of(thing) not in _DECIDING:
                return self._fresh(self._members.put(thing, replaces))
            found = self._findings(thing, touched(before, self._world, [change]))
            return self._fresh(found) + self._caught_up()

    def once(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those of these findings that have not been reported yet."""
        with self._lock:
            return self._fresh(findings)

    def expect_profiles(self, users: Iterable[str]) -> None:
        """Take in that one resource plans the profiles of all these users."""
        with self._lock:
            self._members.expect(users)

    def remove(self, kind: Kind, key: Any) -> list[Finding]:
        """Overlay a planned removal; the findings that this completes.

        That a removal uncovers a data source is known once both are: that the policy goes, and that the data source was
        planned to stay. When everything is destroyed no data source is, and nothing is said.
        """
        if kind is Kind.INTEGRATION:
            return []
        with self._lock:
            change = Remove(kind, key)
            if self._moving.remove(kind, key):
                self._world = apply(self._world, change)
            if self._deployed is None or kind not in _PROTECTING:
                return self._fresh(self._members.remove(kind, key)) + self._caught_up()
            self._removed.add((kind, key))
            keys = touched(self._deployed, apply(self._deployed, change), [change]) & self._staying.keys()
            found = (each for name in sorted(keys) for each in self._uncovered(self._staying[name]))
            return self._fresh(found) + self._caught_up()

    def _findings(self, thing: Governed, keys: frozenset[str]) -> Iterator[Finding]:
        if isinstance(thing, MaskingPolicy | RowPolicy | SubscriptionPolicy):
            yield from lint_policy(self._world, thing)
            yield from self._of_one_name(kind_of(thing), thing.name)
        if isinstance(thing, DataSource):
            keys |= {thing.key}
            self._staying[thing.key] = thing
            yield from self._uncovered(thing)
        for key in sorted(keys & self._world.data_sources.keys()):
            found = tuple(lint_source(self._world, self._world.data_sources[key]))
            if key in self._staying:
                self._certain.update(each for each in found if each.code == "tag-missing")
                yield from found
            else:
                # What it lists may be about to change, with the names of policies: its own plan is yet to come.
                yield from (each for each in found if each.code not in _OF_LISTS)
        yield from too_long(self._world, keys)

    def _of_one_name(self, kind: Kind, name: str) -> Iterator[Finding]:
        """A policy of the other kind that is planned to have the same name; one that is only deployed may be going."""
        self._planned.add((kind, name))
        other = LISTED.get(kind)
        if other is not None and (other, name) in self._planned:
            yield shared_name(kind, other, name)

    def _uncovered(self, source: DataSource) -> Iterator[Finding]:
        if self._deployed is not None:
            yield from uncovered(self._deployed, self._removed, source)

    def _fresh(self, findings: Iterable[Finding]) -> list[Finding]:
        fresh = []
        for each in findings:
            if each.code in _NEEDS_THE_WHOLE and self._moving.unsettled:
                self._postponed[each.kind, each.key] = None
            elif (each.code, each.detail) not in self._reported and self._can_be_known(each):
                self._reported.add((each.code, each.detail))
                fresh.append(each)
        return fresh

    def _caught_up(self) -> list[Finding]:
        """What was not told of while an object was out of sight whose name another one had taken."""
        if self._moving.unsettled or not self._postponed:
            return []
        places, self._postponed = self._postponed, {}
        return self._fresh(finding for kind, key in places for finding in self._anew(kind, key))

    def _anew(self, kind: Kind, key: Any) -> Iterator[Finding]:
        thing = lookup(self._world, kind, key)
        if isinstance(thing, DataSource):
            yield from lint_source(self._world, thing)
        elif isinstance(thing, MaskingPolicy | RowPolicy | SubscriptionPolicy):
            yield from lint_policy(self._world, thing)

    def _can_be_known(self, finding: Finding) -> bool:
        if finding.code not in _NEEDS_THE_WHOLE or finding in self._certain:
            return True
        return self._deployed is not None and lookup(self._deployed, finding.kind, finding.key) is not None
