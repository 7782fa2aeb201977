"""What resources of one configuration are each to be alone with, as far as the plans seen so far
show.
"""

import threading
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from veil.governance.requests import Claim


@dataclass(frozen=True)
class Conflict:
    """Two claims of two resources to the same; `mine` is the one that came last."""

    mine: Claim
    other: Claim


class Claims:
    """Grows as resources are planned, in whatever order; the call that completes a conflict is told
    of it.

    What is deployed does not count: whoever has a name now may give it up in a plan that is yet to
    come.
    """

    def __init__(self) -> None:
        self._holders: dict[Hashable, tuple[Hashable, Claim]] = {}
        self._claims: dict[Hashable, list[Hashable]] = {}
        self._lock = threading.Lock()

    def claim(self, owner: Hashable, claims: Iterable[Claim]) -> list[Conflict]:
        """Take in what a resource claims, in place of what it claimed before; `owner` is the same
        for one resource and no other.
        """
        with self._lock:
            for key in self._claims.pop(owner, ()):
                del self._holders[key]
            return list(self._claimed(owner, claims))

    def _claimed(self, owner: Hashable, claims: Iterable[Claim]) -> Iterator[Conflict]:
        for each in claims:
            holder, other = self._holders.setdefault(each.key, (owner, each))
            if holder != owner:
                yield Conflict(each, other)
            elif other is each:
                self._claims.setdefault(owner, []).append(each.key)
