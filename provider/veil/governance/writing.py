"""Writing to the warehouse: groups of changes, closings, and the installation itself."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from veil.governance.admission.storable import require_storable
from veil.governance.blocking import BlockedError, explaining
from veil.governance.closing import closing_after, subject
from veil.governance.database_state import DatabaseState
from veil.governance.errors import GovernanceError
from veil.governance.installation import installing, uninstalling
from veil.governance.installation.upgrading import is_older
from veil.governance.last_errors import errors_of, with_errors
from veil.governance.metadata.access_requests import has_ended_rows
from veil.governance.metadata.deployed import StoredObject
from veil.governance.publishing.isolate_failures import held_back, holding_back, isolate_failures
from veil.governance.publishing.publisher import Outcome, Publisher
from veil.governance.publishing.transaction import commit
from veil.governance.publishing.write_group import Committed, outdated_views
from veil.governance.requests import Close, Delete, Request
from veil.model import Closing, Integration, Kind
from veil.warehouse import RevisionMovedError, WarehouseError, forget_requests, record_error

_log = logging.getLogger("terraform.provider.veil")
T = TypeVar("T")

_OUT_OF_REACH_SECONDS = 30.0
"""So long the policies that fail meanwhile try nothing of what must be written at once and could
not be, for want of a connection or a lock. What was left open is tried before each group all the
same.
"""


class Writer:
    """Carries out changes, those in flight at one time together, and keeps what is known in step
    with what was written.
    """

    def __init__(self, state: DatabaseState) -> None:
        self._state = state
        self._publisher = Publisher(self._commit_group)
        self._out_of_reach: tuple[float, Exception] | None = None
        self._closed: dict[str, Closing | Exception] = {}
        """By owner, what became of closing after policies that failed in a group, until somebody
        asks.
        """
        self._has_ended_rows = False
        """Whether requests and approvals that are over are still to be removed."""
        self._left_open: dict[str, Closing] = {}
        """By owner, what could not be closed: it is tried again before anything else is written."""

    def submit(self, request: Request) -> StoredObject | None:
        """Commit one change together with whatever else is in flight. Raises GovernanceError or
        WarehouseError.
        """
        self._state.require()
        require_storable(request)
        return self._publisher.submit(request)

    def stop(self) -> None:
        """Answer "cancelled" to queued changes."""
        self._publisher.stop()

    def close_sources(self, closing: Closing) -> Closing:
        """Close data sources, as `Governance.close_sources` says."""
        with self._state.lock:
            done = self._closed.pop(closing.owner, None)
            if isinstance(done, Exception):
                raise done
            still = done is not None and done.id in self._state.require().world.closings
            return done if done is not None and still else self._close_sources(closing)

    def install(self, integration: Integration, token: str | None) -> StoredObject:
        """Make an integration's schemas and row, as `Governance.install` says."""
        state = self._state
        with state.lock:
            state.has_written = True
            try:
                return self._decided_anew(
                    lambda: installing.install(state.session(), state.database, integration, state.deployed(), token)
                )
            finally:
                state.reload()

    def uninstall(self, token: str, *, force: bool) -> str:
        """Remove an integration, as `Governance.uninstall` says."""
        with self._state.lock:
            try:
                return self._decided_anew(lambda: self._uninstall(token, force=force))
            except (GovernanceError, WarehouseError) as problem:
                self._record_uninstall(token, problem)
                raise
            finally:
                self._state.reload()

    def _record_uninstall(self, token: str, problem: GovernanceError | WarehouseError) -> None:
        deployed = self._state.deployed()
        integration = deployed.integration if deployed is not None else None
        if integration is not None and integration.id == token:
            self._record([Delete(integration.kind, integration.key, token)], [problem])

    def _uninstall(self, token: str, *, force: bool) -> str:
        deployed = self._state.deployed()
        if deployed is None or deployed.integration is None or deployed.integration.id != token:
            return ""
        return uninstalling.uninstall(self._state.session(), deployed, force=force)

    def _decided_anew(self, work: Callable[[], T]) -> T:
        """Do something that is refused where another process wrote since we read; then once more on
        what is there.
        """
        try:
            return work()
        except RevisionMovedError:
            self._state.reload()
        return work()

    def _commit_group(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        with self._state.lock:
            left_open = self._close_what_was_left_open()
            outcomes = holding_back(
                requests,
                None if left_open is None else held_back(subject(left_open)),
                lambda group: isolate_failures(group, lambda some: self._commit(some).outcomes, self._close_after),
                self._left_open.keys(),
            )
            self._forget_left_open(outcomes)
            self._record(requests, outcomes)
            self._forget_ended()
            return outcomes

    def _forget_ended(self) -> None:
        """Remove the requests and approvals that are over, once that is committed: a row that says
        so can be lost, and what it ended would admit again. An analyst's open transaction may be in
        the way, and must not hold up applies: then the next one tries again.
        """
        if not self._has_ended_rows:
            return
        state = self._state
        try:
            layout, session = state.require().layout, state.session()
            with session.transaction():
                for statement in forget_requests(layout):
                    session.execute(statement)
        except (GovernanceError, WarehouseError) as problem:
            _log.info("Requests that are over could not be removed: %s", problem.summary)
            return
        self._has_ended_rows = False

    def _record(self, requests: Sequence[Request], outcomes: Sequence[Outcome]) -> None:
        """Record what failed, after it was rolled back. Where that fails too, the diagnostic of the
        apply is the record.
        """
        state = self._state
        try:
            if not any(isinstance(each, BaseException) for each in outcomes):
                return
            deployed = state.require()
            rows = errors_of(deployed, requests, outcomes)
            if not rows or is_older(deployed):
                return
            session = state.session()
            with session.transaction():
                for row in rows:
                    session.execute(record_error(deployed.layout, row))
        except (GovernanceError, WarehouseError) as problem:
            _log.info("What failed could not be recorded: %s", problem.summary)
            return
        state.keep(with_errors(deployed, rows))

    def _close_what_was_left_open(self) -> Closing | None:
        """Close what could not be closed when its policy failed; one that still cannot be, or
        None.
        """
        for closing in list(self._left_open.values()):
            try:
                self._close_and_look(closing)
            except (GovernanceError, WarehouseError):
                return closing
            del self._left_open[closing.owner]
        return None

    def _forget_left_open(self, outcomes: Sequence[Outcome]) -> None:
        """A policy that has been made since leaves nothing open."""
        made = [each for each in outcomes if isinstance(each, StoredObject)]
        for closing in list(self._left_open.values()):
            if any((each.kind, each.key) == (closing.kind, closing.name) or each.id == closing.owner for each in made):
                del self._left_open[closing.owner]

    def _close_after(self, request: Request, problem: BaseException) -> bool:
        closing = closing_after(request, problem)
        if closing is None:
            return False
        try:
            self._closed[closing.owner] = self._close_sources(closing)
        except Exception as failure:
            self._closed[closing.owner] = failure
            return False
        return True

    def _close_sources(self, closing: Closing) -> Closing:
        self._left_open[closing.owner] = closing
        closed = self._close_within_reach(closing)
        del self._left_open[closing.owner]
        return closed

    def _close_within_reach(self, closing: Closing) -> Closing:
        if self._out_of_reach is not None and time.monotonic() < self._out_of_reach[0]:
            # Each policy of an apply would else wait as long as the first one did, one after the
            # other.
            raise self._out_of_reach[1]
        try:
            return self._close_and_look(closing)
        except (GovernanceError, WarehouseError) as problem:
            if isinstance(problem.__cause__, BlockedError) or getattr(problem, "lost", False):
                self._out_of_reach = time.monotonic() + _OUT_OF_REACH_SECONDS, problem
            raise

    def _close_and_look(self, closing: Closing) -> Closing:
        closed = self._carry_out(Close(closing))
        if outdated_views(self._state.require(), closed):
            # Only now: what is written above must not have to wait for whoever is reading a view.
            closed = self._carry_out(Close(closed, views=True))
        return closed

    def _carry_out(self, request: Close) -> Closing:
        (stored,) = self._commit([request]).outcomes
        assert stored is not None and isinstance(stored.thing, Closing)
        return stored.thing

    def _commit(self, requests: Sequence[Request]) -> Committed:
        state = self._state
        state.has_written = True
        deployed = state.require()
        if deployed.waiting != state.waiting:  # It was read anew since.
            deployed = replace(deployed, waiting=state.waiting)
        committed = explaining(state.session(), lambda session: commit(session, deployed, requests, state.read))
        self._has_ended_rows |= has_ended_rows(deployed, committed.deployed)
        if deployed.snapshot.views.keys() - committed.deployed.snapshot.views.keys():
            # Before the rest: whoever plans meanwhile must not know a view as gone and its name as
            # taken.
            state.forget_catalog()
        state.wrote(state.rights.after_commit(committed.deployed, [each.thing for each in committed.outcomes if each]))
        if is_older(deployed) or any(each and each.kind is Kind.INTEGRATION for each in committed.outcomes):
            state.reload()  # An upgrade or a repair changes more than is kept track of.
        return committed
