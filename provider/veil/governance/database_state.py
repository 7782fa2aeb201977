"""One database as this process knows it: the session, and what was read through it."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from veil import warehouse
from veil.governance.access.rights import RightsKeeper
from veil.governance.admission.catalogs import catalog_of
from veil.governance.blocking import explaining
from veil.governance.installation.ownership import require_installed
from veil.governance.metadata.base_tables import tables_of
from veil.governance.metadata.deployed import DeployedState
from veil.governance.metadata.reading import read_deployed
from veil.model import Kind
from veil.model.kinds import Governed
from veil.warehouse import Columns, Session, Tables

_log = logging.getLogger("terraform.provider.veil")

T = TypeVar("T")


class DatabaseState:
    """Reads once and keeps what it read, over one session. Safe to use from many threads.

    Planning, writing and answering questions share one of these. Writing changes what is known, and
    `access` adds rights that are newer.
    """

    def __init__(self, database: str, open_session: Callable[[], Session]) -> None:
        self.database = database
        self.lock = threading.RLock()
        """To be held while using the session, and from reading what is known to writing what
        follows from it.
        """
        self._open_session = open_session
        self._session: Session | None = None
        self._known: tuple[DeployedState | None] | None = None
        """What was read, which may be that nothing is installed; None as long as nobody has
        looked.
        """
        self.generation = 0
        """Grows with every write and every reload. What was worked out, or asked, in an earlier one
        is out of date.
        """
        self.waiting: Mapping[tuple[Kind, str], Governed] = {}
        """What objects are to be called once the name is free. A reload does not find it, so it is
        kept apart.
        """
        self.has_written = False
        self.catalog = catalog_of(self.look, self._columns_read)
        self.rights = RightsKeeper(self.look)

    def session(self) -> Session:
        """The session, opened at the first call. Raises WarehouseError."""
        if self._session is None:
            self._session = self._open_session()
        return self._session

    @property
    def place(self) -> str:
        """Host and port, as people are told them. Raises WarehouseError."""
        return self.session().settings.place

    def look(self, work: Callable[[Session], T]) -> T:
        """Do what only reads, once more where the connection was lost. Raises GovernanceError or
        WarehouseError.
        """
        with self.lock:
            return explaining(self.session(), lambda session: warehouse.repeat_reading(session, work))

    def deployed(self) -> DeployedState | None:
        """What the warehouse holds; None where nothing is installed. Raises WarehouseError,
        GovernanceError and NewerFormatError.
        """
        known = self._known  # Without the lock: nobody waits for a commit to learn what was before it.
        if known is None:
            with self.lock:
                known = self._known or (self.look(self.read),)
                self._known = known
        return known[0]

    def require(self, integration_id: str | None = None) -> DeployedState:
        """What the warehouse holds. Raises GovernanceError where no integration, or another one
        than named, is installed.
        """
        return require_installed(self.deployed(), integration_id, database=self.database, place=self.place)

    def read(self, session: Session) -> DeployedState | None:
        """What the warehouse holds at this moment, whatever was known. Raises what `deployed`
        does.
        """
        return read_deployed(session, self.database)

    def keep(self, deployed: DeployedState) -> None:
        """Know this from now on: the same as before, and more about it."""
        self._known = (deployed,)

    def wrote(self, deployed: DeployedState) -> None:
        """Know this from now on: what the warehouse holds after a write of ours."""
        self._known, self.waiting = (deployed,), deployed.waiting
        self.generation += 1

    def reload(self) -> None:
        """Forget what was read, so that the next call reads it anew."""
        self._known = None
        self.generation += 1

    def forget_catalog(self) -> None:
        """Ask anew which tables and views there are. Until then a view that we dropped would count
        as there.
        """
        self.catalog = catalog_of(self.look)

    def _columns_read(self, tables: Tables, schema: str, table: str) -> Columns | None:
        """The columns of a governed table as they were read with all else, which is a moment ago
        where nothing has been written.
        """
        known = self._known
        if self.has_written or known is None or known[0] is None or tables != tables_of(known[0].world.integration):
            return None
        return known[0].snapshot.columns.get((schema, table))

    def close(self) -> None:
        """End the session."""
        session, self._session = self._session, None
        if session is not None:
            _log.debug("%d statements were sent to the database %s", session.statements, self.database)
            session.close()
