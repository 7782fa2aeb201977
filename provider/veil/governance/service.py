"""Governance of one database: what resources and commands talk to."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from veil import warehouse
from veil.governance.access.effective_access import Access
from veil.governance.access.lookup_rows import LookedUp
from veil.governance.access.row_counts import RowCounts, count_rows
from veil.governance.admission.overlay import Overlay
from veil.governance.checks.probes import Probe
from veil.governance.checks.validation import Check
from veil.governance.claims import Conflict
from veil.governance.database_state import DatabaseState
from veil.governance.errors import GovernanceError
from veil.governance.inspection import Inspector, NewTables
from veil.governance.installation.ownership import require_database, require_expected, require_own
from veil.governance.installation.remains import Remains, has_no_record, read_remains
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.governance.planning import Planner
from veil.governance.requests import Claim, Draft, Request, TableColumns
from veil.governance.writing import Writer
from veil.model import Closing, DataSource, Integration, Kind, Profile, Project, World
from veil.policy import Finding
from veil.warehouse import Session, Settings

T = TypeVar("T")


class Governance:
    """Reads once, plans over what it read, and writes in groups. Safe to use from many threads.

    It is the face of four parts, each with a reason of its own to change: what is known of the
    database, what plans learn, what is written, and what is asked.
    """

    def __init__(self, database: str, open_session: Callable[[], Session], *, tells_unknown_names: bool = True) -> None:
        self.database = database
        self._state = DatabaseState(database, open_session)
        self._planner = Planner(self._state, tells_unknown_names=tells_unknown_names)
        self._writer = Writer(self._state)
        self._inspector = Inspector(self._state)

    def connect(self) -> Settings:
        """Open the connection, so that a wrong password is known at once; where it leads. Raises
        WarehouseError.
        """
        with self._state.lock:
            return self._state.session().settings

    def describe_connection(self) -> str:
        """Who is signed in where, and to what. Raises WarehouseError."""
        ((user, version),) = self.look(lambda session: session.query("SELECT CURRENT_USER, pg_catalog.VERSION()"))
        return f"{user} on {self._state.place}, database {self.database}: {str(version).split(', ')[-1]}."

    def look(self, work: Callable[[Session], T]) -> T:
        """Do what only reads, once more where the connection was lost. Raises GovernanceError or
        WarehouseError.
        """
        return self._state.look(work)

    def deployed(self) -> DeployedState | None:
        """What the warehouse holds, read at the first call and kept up to date by our writes; None
        where nothing is installed.

        Raises WarehouseError, GovernanceError and NewerFormatError.
        """
        return self._state.deployed()

    def reload(self) -> None:
        """Forget what was read, so that the next call reads it anew."""
        self._state.reload()

    def require(self, integration_id: str | None = None) -> DeployedState:
        """What the warehouse holds. Raises GovernanceError where no integration, or another one
        than named, is installed.
        """
        return self._state.require(integration_id)

    def require_database(self, database: str) -> None:
        """Raise GovernanceError where a resource's integration is in another database than this
        one.
        """
        require_database(database, database=self.database, place=self._state.place)

    def require_expected(self) -> None:
        """Raise GovernanceError where no integration is here that a resource of this plan could
        belong to.
        """
        require_expected(self.deployed(), database=self.database, place=self._state.place)

    def require_own(self, database: str) -> None:
        """Raise GovernanceError where an integration is meant for another database than this
        one.
        """
        known = () if database == self.database else self.look(warehouse.read_databases)
        require_own(database, known, database=self.database, place=self._state.place)

    def claim(self, owner: Hashable, claims: Iterable[Claim]) -> list[Conflict]:
        """Take in what a planned resource is to be alone with, in place of what it claimed before;
        who claimed the same. `owner` is the same for one resource and no other.
        """
        return self._planner.claims.claim(owner, claims)

    def planned_integration(self) -> Integration | None:
        """The integration as planned, or as deployed, or None where there is neither."""
        return self._planner.world.integration

    def plan_write(self) -> None:
        """Raise GovernanceError, once, where an apply would be refused whatever it writes."""
        self._planner.require_writable()

    def plan_place(self, integration: Integration) -> None:
        """Raise GovernanceError where an integration could not work in this database."""
        self._planner.require_place(integration)

    def plan_put(
        self, draft: Draft, replaces: Any = None, applied: Callable[[], Draft | None] = lambda: None
    ) -> list[Finding]:
        """Overlay a planned object; `replaces` is the key that it has now, and `applied` gives what
        was applied of it. Raises GovernanceError where it cannot be made and that is not because of
        what has vanished since; answers the findings it completes.
        """
        return self._planner.put(draft, replaces, applied)

    def note_lost(self, draft: Draft) -> None:
        """Take in that what was applied as this was found to be gone: what is planned in its place
        is told as that is.
        """
        self._planner.note_lost(draft)

    def plan_profiles(self, profiles: Mapping[str, Profile], gone: Iterable[str] = ()) -> list[Finding]:
        """Overlay all these profiles, by user, which one resource plans, and the removal of those
        of the users that are `gone`. Raises GovernanceError where a user holds more than the
        warehouse keeps for one; answers the findings that this completes.
        """
        return self._planner.put_profiles(profiles, gone)

    def plan_undecided(self, kind: Kind) -> None:
        """Take in that an object of this kind is planned of which not all is known yet, such as the
        groups of a user.
        """
        self._planner.leave_open(kind)

    def plan_members(self, project: Project, replaces: Any = None) -> list[Finding]:
        """What a plan can tell of the members of a project before the rest of it is known. Nothing
        within an apply, where profiles come when they are made.
        """
        return self._planner.members(project, replaces)

    def plan_removal(self, kind: Kind, key: Any) -> list[Finding]:
        """Overlay a planned removal; answers the findings it completes."""
        return self._planner.remove(kind, key)

    def planned_gains(self, kind: Kind, key: Any, replaces: Any = None, *, exact: bool = False) -> str | None:
        """Who sees more by a change that has been planned, by all that has been planned so far, in
        a title; None where that is nobody. `replaces` is the key that the object has now. Once very
        many data sources have been compared it says so, once, and no more is; but with `exact` all
        are.
        """
        return self._planner.gains(kind, key, replaces, exact=exact)

    def plans_removals(self) -> bool:
        """Whether policies have been planned to go."""
        return bool(self._planner.world.removed)

    def planned_gains_by_removals(self, source: str, *, exact: bool = False) -> str | None:
        """The same by the policies that were planned to go before a data source was planned to
        stay.
        """
        return self._planner.gains_by_removals(source, exact=exact)

    def submit(self, request: Request) -> StoredObject | None:
        """Commit one change together with whatever else is in flight. Raises GovernanceError or
        WarehouseError.
        """
        return self._writer.submit(request)

    def waits_for(self, kind: Kind, token: str) -> StoredObject | None:
        """Which other object has the name that this one is to get; None where it has its name."""
        deployed = self.require()
        wanted = deployed.waiting.get((kind, token))
        return None if wanted is None else Overlay(deployed, deployed.world.integration).holder(wanted)

    def close_sources(self, closing: Closing) -> Closing:
        """Close, durably and in a transaction of its own, the data sources that a policy would have
        covered whose create or update failed. What is closed then. Where it failed in a group that
        has been done already.

        Raises GovernanceError or WarehouseError where it could not be.
        """
        return self._writer.close_sources(closing)

    def install(self, integration: Integration, token: str | None = None) -> StoredObject:
        """Make the integration's schemas and its row, under this token or a new one. Raises
        GovernanceError or WarehouseError.
        """
        return self._writer.install(integration, token)

    def uninstall(self, token: str, *, force: bool) -> str:
        """Remove the integration that `token` owns, with all that it made; nothing where it is gone
        or another's. What of others stays is told, in a sentence or none. Raises GovernanceError or
        WarehouseError.
        """
        return self._writer.uninstall(token, force=force)

    def is_recorded(self) -> bool:
        """Whether anything in the warehouse tells of an integration. Raises GovernanceError or
        WarehouseError.
        """
        return not has_no_record(self.deployed())

    def remains(self, integration: Integration) -> Remains | None:
        """What is left of an integration where nothing records it; None where that is nothing, or
        something does. Raises GovernanceError or WarehouseError.
        """
        if self.is_recorded():
            return None
        return self.look(lambda session: read_remains(session, integration))

    def checks(self, before: Iterable[Check] | None = None) -> tuple[Check, ...]:
        """The own checks of the integration. With those that an apply made `before`, nothing is
        tried anew that has no answer but on this warehouse, and nothing is made for it. Raises
        GovernanceError or WarehouseError.
        """
        return self._inspector.checks(before)

    def new_tables(self) -> NewTables:
        """What stands in the monitored schemas of the integration and is no data source. One
        statement, where any is monitored. Raises GovernanceError or WarehouseError.
        """
        return self._inspector.new_tables()

    def drift_around(self) -> list[str]:
        """A line where views are not in the form that this warehouse needs, as far as that shows
        without a trial, and one for each setting of a procedure that veil did not make. Raises
        GovernanceError or WarehouseError.
        """
        return self._inspector.drift_around()

    def policies_check(self) -> Check:
        """Whether every policy fits the data sources that it applies to. Raises GovernanceError or
        WarehouseError.
        """
        return self._inspector.policies_check()

    def errors_check(self) -> Check:
        """Whether the last change of everything succeeded. Raises GovernanceError or
        WarehouseError.
        """
        return self._inspector.errors_check()

    def procedures_check(self) -> Check:
        """Whether the procedures have the settings that veil gives them. It takes a statement for
        each. Raises GovernanceError.
        """
        return self._inspector.procedures_check()

    def probes(self) -> list[tuple[Probe, str]]:
        """Every probe, with what the warehouse said of it where it failed. Raises GovernanceError
        or WarehouseError.
        """
        return self._inspector.probes()

    def lookups(self, world: World, source: DataSource) -> LookedUp:
        """The rows of the tables that the policies of a world on a data source look up in. Raises
        GovernanceError or WarehouseError.
        """
        return self._inspector.lookups(world, source)

    def require_reading_rows(self) -> None:
        """Raise GovernanceError where this account is not the one that may read governed tables."""
        deployed = self.deployed()
        owner = deployed.layout.owner if deployed is not None else ""
        if deployed is not None and owner not in ("", deployed.snapshot.account):
            raise GovernanceError(
                "Rows are not for this account to count",
                f"{deployed.snapshot.account} plans and reads no governed table. Sign in as the system account, {owner}, or leave "
                "the rows out.",
            )

    def count_rows(self, before: World, after: World, source: str, user: str) -> RowCounts:
        """How many rows of a data source a user sees in two Worlds, counted in one transaction that
        reads only. Raises GovernanceError, CompileError or WarehouseError.
        """
        return self.look(lambda session: count_rows(session, (before, after), source, user))

    def columns(self, schema: str, table: str) -> TableColumns | None:
        """The columns of a raw table; None where it is not there. Raises GovernanceError or
        WarehouseError.
        """
        return self._inspector.columns(schema, table)

    def access(self, user: str, source: DataSource, project: str | None, *, include_staged: bool = False) -> Access:
        """What a user sees of a data source as it is published, or would see with the staged
        policies active. Raises GovernanceError or WarehouseError.
        """
        return self._inspector.access(user, source, project, include_staged=include_staged)

    def stop(self) -> None:
        """Answer "cancelled" to queued changes."""
        self._writer.stop()

    def close(self) -> None:
        """End the connection."""
        self._state.close()
