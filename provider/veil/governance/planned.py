"""The planned world: what will be governed once the plans seen so far are applied, and what is wrong with it."""

import threading
from collections.abc import Iterable
from typing import Any

from veil.model import DataSource, Integration, Kind, Put, Remove, World, kind_of
from veil.model.change import Governed, apply, lookup
from veil.policy import Finding, lint, touched

_NEEDS_THE_WHOLE = frozenset(
    {"matches_nothing", "no_grant", "missing_policy", "source_closed", "tag_missing", "listed_policy_missing"}
)
"""Findings that something is absent. While objects are still being planned their absence proves nothing."""


class PlannedWorld:
    """Grows as resources are planned, in whatever order Terraform plans them; each finding is reported once."""

    def __init__(self, deployed: World | None) -> None:
        self._deployed = deployed
        self._world = deployed or World(Integration("", "", ""))
        self._reported: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    @property
    def integration(self) -> Integration | None:
        """The integration as planned, or as deployed, or None where there is neither."""
        return self._world.integration if self._world.integration.name else None

    def put(self, thing: Governed, replaces: Any = None) -> list[Finding]:
        """Overlay one planned object; the findings that this completes."""
        with self._lock:
            present = lookup(self._world, kind_of(thing), replaces) if replaces is not None else None
            if present == thing:
                return self._new_findings(self._seen_by(thing))
            change = Put(thing, replaces)
            before, self._world = self._world, apply(self._world, change)
            return self._new_findings(touched(before, self._world, [change]) | self._seen_by(thing))

    def remove(self, kind: Kind, key: Any) -> None:
        """Overlay a planned removal."""
        if kind is Kind.INTEGRATION:
            return
        with self._lock:
            self._world = apply(self._world, Remove(kind, key))

    def _seen_by(self, thing: Governed) -> frozenset[str]:
        """The sources that concern an unchanged object; policies were looked at with the sources they touch."""
        return frozenset({thing.key}) if isinstance(thing, DataSource) else frozenset()

    def _new_findings(self, sources: Iterable[str]) -> list[Finding]:
        keys = frozenset(sources)
        if not keys:
            return []
        found = [each for each in lint(self._world, keys) if self._can_be_known(each)]
        fresh = [each for each in found if (each.code, each.detail) not in self._reported]
        self._reported.update((each.code, each.detail) for each in fresh)
        return fresh

    def _can_be_known(self, finding: Finding) -> bool:
        if finding.code not in _NEEDS_THE_WHOLE:
            return True
        return self._deployed is not None and lookup(self._deployed, finding.kind, finding.key) is not None
