"""Group commit: changes in flight become one transaction."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from veil.governance.errors import CancelledError
from veil.governance.metadata.deployed import StoredObject
from veil.governance.requests import Request

QUIET_SECONDS = 0.010
"""The leader stops gathering once no change has arrived for this long."""
GATHER_SECONDS = 0.100
"""The leader gathers no longer than this."""

Outcome = StoredObject | None | BaseException
CommitGroup = Callable[[Sequence[Request]], Sequence[Outcome]]


@dataclass(eq=False)
class _Waiting:
    request: Request
    answer: "Future[StoredObject | None]" = field(default_factory=Future)


class Publisher:
    """Takes changes from many threads and hands them to `commit_group` in groups, one group at a
    time.

    `commit_group` answers every request, in order, with what is stored or with the exception that
    its caller is to see.
    """

    def __init__(self, commit_group: CommitGroup) -> None:
        self._commit_group = commit_group
        self._arrivals: queue.SimpleQueue[_Waiting] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, request: Request) -> StoredObject | None:
        """Wait until the request is committed; what is stored then, None where it was a delete.

        Raises what the commit raised for this request, and CancelledError after `stop`.
        """
        if self._stopping.is_set():
            raise CancelledError
        self._ensure_running()
        waiting = _Waiting(request)
        self._arrivals.put(waiting)
        return waiting.answer.result()

    def stop(self) -> None:
        """Answer "cancelled" to everything that is not yet in a transaction; what is in one is
        finished.
        """
        self._stopping.set()

    def _ensure_running(self) -> None:
        with self._start:
            if self._thread is None:
                self._thread = threading.Thread(target=self._lead, name="veil-publisher", daemon=True)
                self._thread.start()

    def _lead(self) -> None:
        while True:
            group = self._gather()
            if self._stopping.is_set():
                for each in group:
                    each.answer.set_exception(CancelledError())
                continue
            self._answer(group)

    def _gather(self) -> list[_Waiting]:
        group = [self._arrivals.get()]
        deadline = time.monotonic() + GATHER_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            try:
                group.append(self._arrivals.get(timeout=min(QUIET_SECONDS, left)))
            except queue.Empty:
                break
        return group

    def _answer(self, group: Sequence[_Waiting]) -> None:
        try:
            outcomes = self._commit_group([each.request for each in group])
        except BaseException as problem:
            outcomes = [problem] * len(group)
        for each, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                each.answer.set_exception(outcome)
            else:
                each.answer.set_result(outcome)
