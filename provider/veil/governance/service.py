"""Governance of one database: what resources talk to."""

import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from typing import Any

from veil import warehouse
from veil.compiler import COMPILER_VERSION
from veil.governance import installing
from veil.governance.access import Access, access_of
from veil.governance.admission import Catalog, build, require_free_view
from veil.governance.committing import Committed, catalog_of, write_group
from veil.governance.deployed import Deployed, Stored, deployed_from
from veil.governance.errors import GovernanceError
from veil.governance.planned import PlannedWorld
from veil.governance.publisher import Outcome, Publisher
from veil.governance.requests import Draft, Request, draft_place
from veil.governance.splitting import one_by_one
from veil.governance.staging import Staging
from veil.model import DataSource, Integration, Kind
from veil.model.change import Governed
from veil.policy import Finding
from veil.warehouse import RevisionMovedError, Session, WarehouseError
from veil.warehouse.memberships import read_memberships

_log = logging.getLogger("terraform.provider.veil")

REVISION_ATTEMPTS = 8
"""How often a group is decided anew because another process wrote."""


class Governance:
    """Reads once, plans over what it read, and writes in groups. Safe to use from many threads."""

    def __init__(self, database: str, open_session: Callable[[], Session]) -> None:
        self.database = database
        self._open_session = open_session
        self._session: Session | None = None
        self._lock = threading.RLock()
        self._loaded = False
        self._deployed: Deployed | None = None
        self._planned: PlannedWorld | None = None
        self._catalog: Catalog | None = None
        self._publisher = Publisher(self._commit_group)

    def connect(self) -> None:
        """Open the connection, so that a wrong password is known at once. Raises WarehouseError."""
        with self._lock:
            self._connection()

    def deployed(self) -> Deployed | None:
        """What the warehouse holds, read at the first call and kept up to date by our writes; None where
        nothing is installed.

        Raises WarehouseError, GovernanceError and codec.NewerFormatError.
        """
        with self._lock:
            if not self._loaded:
                self._deployed = self._read()
                self._loaded = True
            return self._deployed

    def require(self, integration_id: str | None = None) -> Deployed:
        """What the warehouse holds. Raises GovernanceError where no integration, or another one than named,
        is installed.
        """
        deployed = self.deployed()
        if deployed is None:
            raise GovernanceError(
                "No integration in this database",
                f"The database {self.database} has no veil_integration. Create one first.",
                ("integration",),
            )
        installed = deployed.integration
        if integration_id is not None and (installed is None or installed.id != integration_id):
            raise GovernanceError(
                "Another integration",
                f"The integration in the database {self.database} is not the one that this resource names: it was replaced "
                "or imported elsewhere. Use veil_integration.<name>.id, or import the integration here.",
                ("integration",),
            )
        return deployed

    def submit(self, request: Request) -> Stored | None:
        """Commit one change together with whatever else is in flight. Raises GovernanceError or WarehouseError."""
        self.require()
        return self._publisher.submit(request)

    def install(self, integration: Integration) -> Stored:
        """Make the integration's schemas and its row. Raises GovernanceError or WarehouseError."""
        with self._lock:
            stored = installing.install(self._connection(), self.database, integration, self.deployed())
            self._reload()
            return stored

    def uninstall(self, token: str, *, force: bool) -> None:
        """Remove the integration that `token` owns, with all its schemas and views; nothing where it is gone
        or another's.
        """
        with self._lock:
            deployed = self.deployed()
            if deployed is None or deployed.integration is None or deployed.integration.id != token:
                return
            installing.uninstall(self._connection(), deployed, force=force)
            self._reload()

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
        with self._lock:
            if self._planned is None:
                deployed = self.deployed()
                self._planned = PlannedWorld(deployed.world if deployed else None)
            return self._planned

    def plan_put(self, draft: Draft, replaces: Any = None) -> list[Finding]:
        """Overlay a planned object. Raises GovernanceError where it cannot be made; answers the findings it
        completes.
        """
        return self.planned.put(self._settled(draft), replaces)

    def plan_removal(self, kind: Kind, key: Any) -> None:
        """Overlay a planned removal."""
        self.planned.remove(kind, key)

    def access(self, user: str, source: DataSource, project: str | None) -> Access:
        """What a user sees of a data source as it is published. Raises GovernanceError or WarehouseError."""
        with self._lock:
            deployed = self.require()
            memberships = read_memberships(self._connection(), user)
            return access_of(deployed, user, source, memberships, project)

    def _settled(self, draft: Draft) -> Governed:
        with self._lock:
            staging = self._staging()
            present = staging.stored.get(draft_place(draft))
            catalog = self._plan_catalog()
            thing = build(draft, present, staging, catalog)
            if isinstance(thing, DataSource) and thing.view_schema:
                require_free_view(thing, present.thing if present else None, staging, catalog)
            return thing

    def _staging(self) -> Staging:
        deployed = self.deployed()
        planned = self.planned.integration or Integration("", self.database, "")
        return Staging(deployed, planned)

    def _plan_catalog(self) -> Catalog:
        if self._catalog is None:
            self._catalog = catalog_of(self._connection())
        return self._catalog

    def _connection(self) -> Session:
        if self._session is None:
            self._session = self._open_session()
        return self._session

    def _read(self) -> Deployed | None:
        session = self._connection()
        layouts = warehouse.find_layouts(session)
        if not layouts:
            return None
        if len(layouts) > 1:
            names = ", ".join(layout.prefix for layout in layouts)
            raise GovernanceError(
                "Several integrations in one database",
                f"The database {self.database} holds integrations with the prefixes {names}; one database has one.",
            )
        return deployed_from(layouts[0], warehouse.read(session, layouts[0]))

    def _reload(self) -> None:
        self._loaded, self._deployed = False, None

    def _commit_group(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        with self._lock:
            try:
                return self._commit(requests).outcomes
            except (GovernanceError, WarehouseError) as problem:
                if len(requests) == 1 or (isinstance(problem, WarehouseError) and problem.lost):
                    return [problem] * len(requests)
            return one_by_one(requests, self._commit_one)

    def _commit_one(self, request: Request) -> Outcome:
        try:
            return self._commit([request]).outcomes[0]
        except (GovernanceError, WarehouseError) as problem:
            return problem

    def _commit(self, requests: Sequence[Request]) -> Committed:
        """One transaction. Where another process wrote meanwhile, everything is read and decided anew."""
        for _ in range(REVISION_ATTEMPTS):
            deployed = self.require()
            refuse_newer(deployed)
            try:
                committed = self._transact(deployed, requests, secrets.token_hex(16))
            except RevisionMovedError:
                self._reload()
                continue
            self._deployed = committed.deployed
            if any(each is not None and each.kind is Kind.INTEGRATION for each in committed.outcomes):
                self._reload()  # A repair puts more right than is kept track of.
            return committed
        raise GovernanceError(
            "Others keep writing",
            f"Another process changed this integration during each of {REVISION_ATTEMPTS} attempts. Nothing of this change "
            "was written. Apply again when it is done.",
        )

    def _transact(self, deployed: Deployed, requests: Sequence[Request], token: str) -> Committed:
        return warehouse.run_in_transaction(
            self._connection(),
            lambda session: write_group(session, deployed, requests, token),
            landed=lambda session: warehouse.landed(session, deployed.layout, token),
        )


def refuse_newer(deployed: Deployed) -> None:
    """Raise GovernanceError where a newer veil wrote here: an older one would take its work back."""
    newest = max((row.compiler_version for row in deployed.snapshot.published.values()), default=0)
    if newest > COMPILER_VERSION or deployed.snapshot.schema_version > warehouse.SCHEMA_VERSION:
        raise GovernanceError(
            "A newer veil wrote here",
            f"This database was last written by a newer version of the provider ({deployed.snapshot.provider_version}). "
            "Use that version or a later one; this one does not write.",
        )
