"""What is known of who may use base tables and lookups, kept as new as an answer about it needs
it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from veil.governance.access.lookup_writers import lookup_schemas
from veil.governance.metadata.base_tables import tables_of
from veil.governance.metadata.deployed import DeployedState
from veil.model import DataSource
from veil.warehouse import Rights, Session, Tables, WarehouseError, read_rights

Look = Callable[[Callable[[Session], Rights]], Rights]
"""Runs what reads from a session."""


class RightsKeeper:
    """Reads rights where they are not known, or may have changed with what we wrote. Callers
    lock.
    """

    def __init__(self, look: Look) -> None:
        self._look = look
        self._old = False
        self._elsewhere: dict[tuple[Tables, str], Rights] = {}

    def after_commit(self, deployed: DeployedState, things: Iterable[object]) -> DeployedState:
        """What is deployed after a commit of these things, with the rights on tables that came with
        it.
        """
        self._old = True
        base = deployed.snapshot.base
        put = [each for each in things if isinstance(each, DataSource)]
        monitored = deployed.world.integration.monitored_schemas
        known = all(base.tell_of(each.schema, each.table) for each in put) and monitored <= base.schemas
        return deployed if known or base.unread else self._refreshed(deployed)

    def current(self, deployed: DeployedState) -> DeployedState:
        """What is deployed, with the rights on base tables as they were after our last commit or
        later.
        """
        if not self._old:
            return deployed
        self._old = False
        self._elsewhere.clear()
        return self._refreshed(deployed)

    def at(self, deployed: DeployedState, tables: Tables, schema: str) -> Rights:
        """The rights on a schema, of base tables or of lookups."""
        base = deployed.snapshot.base
        if tables == tables_of(deployed.world.integration) and (base.unread or schema in base.schemas):
            return base
        if (tables, schema) not in self._elsewhere:
            self._elsewhere[tables, schema] = self._read({schema}, tables)
        return self._elsewhere[tables, schema]

    def _refreshed(self, deployed: DeployedState) -> DeployedState:
        world = deployed.world
        schemas = {source.schema for source in world.data_sources.values()} | lookup_schemas(world)
        schemas |= world.integration.monitored_schemas
        base = self._read(schemas, tables_of(deployed.world.integration))
        return replace(deployed, snapshot=replace(deployed.snapshot, base=base))

    def _read(self, schemas: set[str], tables: Tables) -> Rights:
        """The rights, or why they are not known: what was written stays written."""
        try:
            return self._look(lambda session: read_rights(session, schemas, tables))
        except WarehouseError as error:
            return Rights(unread=f"{error.summary}. {error.found}")
