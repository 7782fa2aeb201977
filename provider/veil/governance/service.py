"""Governance of one database: what resources talk to."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any, TypeVar

from veil import warehouse
from veil.governance.access.bypass import Person
from veil.governance.access.rights import RightsKeeper
from veil.governance.access.seeing import Access, access_of
from veil.governance.admission.catalogs import catalog_of
from veil.governance.admission.deciding import build, require_lookups, require_own_view
from veil.governance.admission.known_columns import over_tables
from veil.governance.admission.staging import Staging
from veil.governance.admission.storable import require_storable, require_storable_draft
from veil.governance.admission.vanished import columns_vanished, refused_by_now, without_vanished
from veil.governance.blocking import BlockedError, explaining
from veil.governance.checks.circumstances import look_around
from veil.governance.checks.validation import Check, Circumstances, validate
from veil.governance.claims import Claims
from veil.governance.closing import closing_after, subject
from veil.governance.errors import GovernanceError
from veil.governance.installation import installing, uninstalling
from veil.governance.installation.belonging import require_database, require_expected, require_installed, require_own
from veil.governance.installation.binding import binding_drift
from veil.governance.installation.remains import Remains, has_no_record, read_remains
from veil.governance.installation.upgrading import is_older
from veil.governance.metadata.base_tables import tables_of
from veil.governance.metadata.deployed import Deployed, Stored
from veil.governance.metadata.reading import read_deployed
from veil.governance.planned import PlannedWorld
from veil.governance.publishing.committing import Committed, outdated_views
from veil.governance.publishing.publisher import Outcome, Publisher
from veil.governance.publishing.splitting import held_back, holding_back, together_or_alone
from veil.governance.publishing.transacting import commit, refuse_to_write
from veil.governance.requests import Close, Draft, Request, SourceDraft, draft_place
from veil.model import Closing, DataSource, Integration, Kind, Project
from veil.model.kinds import Governed
from veil.policy import Finding
from veil.warehouse import RevisionMovedError, Session, Settings, WarehouseError
from veil.warehouse.memberships import Memberships, read_memberships

_log = logging.getLogger("terraform.provider.veil")

T = TypeVar("T")

_OUT_OF_REACH_SECONDS = 30.0
"""So long nothing is tried again of what must be written at once and could not, for want of a connection or a lock."""


class Governance:
    """Reads once, plans over what it read, and writes in groups. Safe to use from many threads."""

    def __init__(self, database: str, open_session: Callable[[], Session]) -> None:
        self.database = database
        self._open_session = open_session
        self._session: Session | None = None
        self._lock = threading.RLock()
        self._known: tuple[Deployed | None] | None = None
        self._planned: PlannedWorld | None = None
        self.claims = Claims()
        """What the resources planned in this run are each to be alone with."""
        self._waiting: Mapping[tuple[Kind, str], Governed] = {}
        self._catalog = catalog_of(self.look)
        self._memberships: Memberships | None = None
        self._rights = RightsKeeper(self.look)
        self._circumstances: Circumstances | None = None
        self._writing_checked = False
        self._has_written = False
        self._publisher = Publisher(self._commit_group)
        self._lost: dict[tuple[Kind, Any], Draft] = {}
        self._out_of_reach: tuple[float, Exception] | None = None
        self._closed: dict[str, Closing | Exception] = {}
        """By owner, what became of closing after policies that failed in a group, until somebody asks."""
        self._left_open: dict[str, Closing] = {}
        """By owner, what could not be closed: it is tried again before anything else is written."""

    def connect(self) -> Settings:
        """Open the connection, so that a wrong password is known at once; where it leads. Raises WarehouseError."""
        with self._lock:
            return self._connection().settings

    def describe_connection(self) -> str:
        """Who is signed in where, and to what. Raises WarehouseError."""
        ((user, version),) = self.look(lambda session: session.query("SELECT CURRENT_USER, pg_catalog.VERSION()"))
        return (
            f"{user} on {self._connection().settings.place}, database {self.database}: {str(version).split(', ')[-1]}."
        )

    def deployed(self) -> Deployed | None:
        """What the warehouse holds, read at the first call and kept up to date by our writes; None where
        nothing is installed.

        Raises WarehouseError, GovernanceError and codec.NewerFormatError.
        """
        known = self._known  # Without the lock: nobody waits for a commit to learn what was before it.
        if known is None:
            with self._lock:
                known = self._known or (self.look(self._read),)
                self._known = known
        return known[0]

    def require(self, integration_id: str | None = None) -> Deployed:
        """What the warehouse holds. Raises GovernanceError where no integration, or another one than named,
        is installed.
        """
        return require_installed(self.deployed(), integration_id, database=self.database, place=self._place())

    def require_database(self, database: str) -> None:
        """Raise GovernanceError where a resource's integration is in another database than this one."""
        require_database(database, database=self.database, place=self._place())

    def require_expected(self) -> None:
        """Raise GovernanceError where no integration is here that a resource of this plan could belong to."""
        require_expected(self.deployed(), database=self.database, place=self._place())

    def require_own(self, database: str) -> None:
        """Raise GovernanceError where an integration is meant for another database than this one."""
        known = () if database == self.database else self.look(warehouse.read_databases)
        require_own(database, known, database=self.database, place=self._place())

    def checks(self) -> tuple[Check, ...]:
        """The own checks of the integration. Raises GovernanceError or WarehouseError."""
        with self._lock:
            deployed = self.require()
            return validate(deployed, self._looked_around(deployed))

    def binding_drift(self) -> list[str]:
        """A line where views are not in the form that this warehouse needs. Raises GovernanceError or WarehouseError."""
        with self._lock:
            deployed = self.require()
            return binding_drift(deployed, self._looked_around(deployed).unresolved)

    def submit(self, request: Request) -> Stored | None:
        """Commit one change together with whatever else is in flight. Raises GovernanceError or WarehouseError."""
        self.require()
        require_storable(request)
        return self._publisher.submit(request)

    def close_sources(self, closing: Closing) -> Closing:
        """Close, durably and in a transaction of its own, the data sources that a policy would have covered whose create
        or update failed. What is closed then. Where it failed in a group that has been done already.

        Raises GovernanceError or WarehouseError where it could not be.
        """
        with self._lock:
            done = self._closed.pop(closing.owner, None)
            if isinstance(done, Exception):
                raise done
            still = done is not None and done.id in self.require().world.closings
            return done if done is not None and still else self._close_sources(closing)

    def install(self, integration: Integration, token: str | None = None) -> Stored:
        """Make the integration's schemas and its row, under this token or a new one. Raises GovernanceError or
        WarehouseError.
        """
        with self._lock:
            self._has_written = True
            try:
                return self._decided_anew(
                    lambda: installing.install(self._connection(), self.database, integration, self.deployed(), token)
                )
            finally:
                self._reload()

    def uninstall(self, token: str, *, force: bool) -> str:
        """Remove the integration that `token` owns, with all that it made; nothing where it is gone or another's. What of
        others stays is told, in a sentence or none. Raises GovernanceError or WarehouseError.
        """
        with self._lock:
            try:
                return self._decided_anew(lambda: self._uninstall(token, force=force))
            finally:
                self._reload()

    def remains(self, integration: Integration) -> Remains | None:
        """What is left of an integration where nothing records it; None where that is nothing, or something does. Raises
        GovernanceError or WarehouseError.
        """
        if not has_no_record(self.deployed()):
            return None
        return self.look(lambda session: read_remains(session, integration))

    def note_lost(self, draft: Draft) -> None:
        """Take in that what was applied as this was found to be gone: what is planned in its place is told as that is."""
        self._lost[draft_place(draft)] = draft

    def stop(self) -> None:
        """Answer "cancelled" to queued changes."""
        self._publisher.stop()

    def close(self) -> None:
        """End the connection."""
        session, self._session = self._session, None
        if session is not None:
            _log.debug("%d statements were sent to the database %s", session.statements, self.database)
            session.close()

    @property
    def planned(self) -> PlannedWorld:
        """The planned world of this run."""
        planned = self._planned  # Without the lock: while a group is committed, Terraform plans what follows.
        if planned is None:
            with self._lock:
                deployed = self.deployed()
                planned = self._planned or (PlannedWorld(None) if deployed is None else _planned_over(deployed))
                self._planned = planned
        return planned

    def plan_write(self) -> None:
        """Raise GovernanceError, once, where an apply would be refused whatever it writes."""
        if self._writing_checked:
            return
        with self._lock:
            self._writing_checked, checked = True, self._writing_checked
            if not checked:
                refuse_to_write(self._connection(), self.deployed())

    def plan_place(self, integration: Integration) -> None:
        """Raise GovernanceError where an integration could not work in this database."""
        self.look(lambda session: installing.require_ready(session, integration, self.database))

    def plan_put(
        self, draft: Draft, replaces: Any = None, applied: Callable[[], Draft | None] = lambda: None
    ) -> list[Finding]:
        """Overlay a planned object; `replaces` is the key that it has now, and `applied` gives what was applied of it. Raises
        GovernanceError where it cannot be made and that is not because of what has vanished since; answers the findings it
        completes.
        """
        thing: Governed | None
        try:
            thing, found = self._settled(draft)
        except GovernanceError as refusal:
            thing, found = self._as_far_as_there(draft, applied() or self._lost.get(draft_place(draft)), refusal)
        completed = self.planned.put(thing, replaces) if thing is not None else []
        return [*completed, *self.planned.once(found)]

    def plan_members(self, project: Project, replaces: Any = None) -> list[Finding]:
        """What a plan can tell of the members of a project before the rest of it is known. Nothing within an apply, where
        profiles come when they are made.
        """
        return [] if self._has_written or not project.equalized else self.planned.members_so_far(project, replaces)

    def plan_removal(self, kind: Kind, key: Any) -> list[Finding]:
        """Overlay a planned removal; answers the findings it completes."""
        return self.planned.remove(kind, key)

    def waits_for(self, kind: Kind, token: str) -> Stored | None:
        """Which other object has the name that this one is to get; None where it has its name."""
        deployed = self.require()
        wanted = deployed.waiting.get((kind, token))
        return None if wanted is None else Staging(deployed, deployed.world.integration).holder(wanted)

    def look(self, work: Callable[[Session], T]) -> T:
        """Do what only reads, once more where the connection was lost. Raises GovernanceError or WarehouseError."""
        with self._lock:
            return explaining(self._connection(), lambda session: warehouse.repeat_reading(session, work))

    def access(self, user: str, source: DataSource, project: str | None, *, include_staged: bool = False) -> Access:
        """What a user sees of a data source as it is published, or would see with the staged policies active.
        Raises GovernanceError or WarehouseError.
        """
        with self._lock:
            deployed = self.require()
            deployed = self._rights.current(deployed)
            self._known = (deployed,)
            if self._memberships is None:
                self._memberships = self.look(read_memberships)
            person = Person(user, self._memberships.get(user, frozenset()))
            rights_at = partial(self._rights.at, deployed)
            return access_of(deployed, person, source, project, rights_at, include_staged=include_staged)

    def _looked_around(self, deployed: Deployed) -> Circumstances:
        if self._circumstances is None:
            self._circumstances = self.look(lambda session: look_around(session, deployed))
        return self._circumstances

    def _uninstall(self, token: str, *, force: bool) -> str:
        deployed = self.deployed()
        if deployed is None or deployed.integration is None or deployed.integration.id != token:
            return ""
        return uninstalling.uninstall(self._connection(), deployed, force=force)

    def _settled(self, draft: Draft) -> tuple[Governed, list[Finding]]:
        """What a draft makes, and what is wrong with it and was before."""
        require_storable_draft(draft)
        staging = self._staging()
        present = staging.stored.get(draft_place(draft))
        thing = build(draft, present, staging, self._catalog)
        if isinstance(thing, DataSource) and thing.view_schema:
            require_own_view(thing, present.thing if present else None, staging, self._catalog)
        broken = require_lookups(thing, present.thing if present else None, staging, self._catalog)
        return thing, [_lost_lookup(problem, *draft_place(draft)) for problem in broken]

    def _as_far_as_there(
        self, draft: Draft, applied: Draft | None, refusal: GovernanceError
    ) -> tuple[Governed | None, list[Finding]]:
        """What a draft that is refused makes of what is there, where it is refused for what has vanished since it was
        `applied`. Else the refusal is raised.
        """
        staging = self._staging()
        if isinstance(draft, SourceDraft):
            table = self._catalog.columns(tables_of(staging.integration), draft.schema, draft.table)
            rest, lost = without_vanished(draft, applied, table)
            if lost:
                thing, found = self._settled(rest)
                return thing, [columns_vanished(draft, lost), *found]
        if applied is None or not self._refuses(applied, refusal):
            raise refusal
        present = staging.stored.get(draft_place(draft))
        return present.thing if present is not None else None, [refused_by_now(draft, refusal)]

    def _refuses(self, applied: Draft, refusal: GovernanceError) -> bool:
        """Whether what was applied would be refused for the same reason, of the same attribute: who names in another one
        what is gone has written that since.
        """
        try:
            self._settled(applied)
        except GovernanceError as problem:
            return _reason(problem) == _reason(refusal)
        return False

    def _staging(self) -> Staging:
        deployed = self.deployed()
        planned = self.planned.integration or Integration("", self.database, "")
        return Staging(deployed, planned)

    def _place(self) -> str:
        return self._connection().settings.place

    def _connection(self) -> Session:
        if self._session is None:
            self._session = self._open_session()
        return self._session

    def _read(self, session: Session) -> Deployed | None:
        return read_deployed(session, self.database)

    def _reload(self) -> None:
        self._known, self._circumstances = None, None

    def _commit_group(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        with self._lock:
            left_open = self._close_what_was_left_open()
            outcomes = holding_back(
                requests,
                None if left_open is None else held_back(subject(left_open)),
                lambda group: together_or_alone(group, lambda some: self._commit(some).outcomes, self._close_after),
            )
            self._forget_left_open(outcomes)
            return outcomes

    def _close_what_was_left_open(self) -> Closing | None:
        """Close what could not be closed when its policy failed; one that still cannot be, or None."""
        for closing in list(self._left_open.values()):
            try:
                self._close_and_look(closing)
            except (GovernanceError, WarehouseError):
                return closing
            del self._left_open[closing.owner]
        return None

    def _forget_left_open(self, outcomes: Sequence[Outcome]) -> None:
        """A policy that has been made since leaves nothing open."""
        made = [each for each in outcomes if isinstance(each, Stored)]
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
            # Each policy of an apply would else wait as long as the first one did, one after the other.
            raise self._out_of_reach[1]
        try:
            return self._close_and_look(closing)
        except (GovernanceError, WarehouseError) as problem:
            if isinstance(problem.__cause__, BlockedError) or getattr(problem, "lost", False):
                self._out_of_reach = time.monotonic() + _OUT_OF_REACH_SECONDS, problem
            raise

    def _close_and_look(self, closing: Closing) -> Closing:
        closed = self._carry_out(Close(closing))
        if outdated_views(self.require(), closed):
            # Only now: what is written above must not have to wait for whoever is reading a view.
            closed = self._carry_out(Close(closed, views=True))
        return closed

    def _carry_out(self, request: Close) -> Closing:
        (stored,) = self._commit([request]).outcomes
        assert stored is not None and isinstance(stored.thing, Closing)
        return stored.thing

    def _commit(self, requests: Sequence[Request]) -> Committed:
        self._has_written = True
        deployed = self.require()
        if deployed.waiting != self._waiting:  # It was read anew since.
            deployed = replace(deployed, waiting=self._waiting)
        committed = explaining(self._connection(), lambda session: commit(session, deployed, requests, self._read))
        if deployed.snapshot.views.keys() - committed.deployed.snapshot.views.keys():
            # Before the rest: whoever plans meanwhile must not know a view as gone and its name as taken.
            self._catalog = catalog_of(self.look)
        written = self._rights.after_commit(committed.deployed, [each.thing for each in committed.outcomes if each])
        self._known, self._memberships, self._circumstances = (written,), None, None
        self._waiting = written.waiting
        if is_older(deployed) or any(each and each.kind is Kind.INTEGRATION for each in committed.outcomes):
            self._reload()  # An upgrade or a repair changes more than is kept track of.
        return committed

    def _decided_anew(self, work: Callable[[], T]) -> T:
        """Do something that is refused where another process wrote since we read; then once more on what is there."""
        try:
            return work()
        except RevisionMovedError:
            self._reload()
        return work()


def _lost_lookup(problem: GovernanceError, kind: Kind, key: Any) -> Finding:
    """What is wrong with a lookup that this plan does not change."""
    return Finding(
        "warning",
        "lookup-lost",
        problem.summary,
        f"{problem.detail} It was right when it was applied, so this stops no plan; until it is right again, the views that "
        "look up there fail and show nothing.",
        kind,
        key,
        problem.path,
    )


def _reason(refusal: GovernanceError) -> tuple[object, ...]:
    return refusal.summary, refusal.detail, refusal.path[:1]


def _planned_over(deployed: Deployed) -> PlannedWorld:
    """The planned world that begins with what is deployed."""
    return PlannedWorld(deployed.world, cache(lambda: over_tables(deployed.world, deployed.snapshot.columns)))
