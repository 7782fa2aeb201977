"""What a configured provider works with: governance of each database it is asked about."""

import threading
from dataclasses import replace

from veil.governance.errors import GovernanceError
from veil.governance.metadata.identity import database_of
from veil.governance.service import Governance
from veil.plugin import PluginError, wholly_known
from veil.resources.tags.catalog_block import CatalogModel, CatalogSettings, catalog_settings
from veil.warehouse import Settings, connect


class Client:
    """One configured provider. `settings` None means that host or credentials are not known yet: it connects to
    nothing.
    """

    def __init__(self, settings: Settings | None, catalog: CatalogModel | None = None) -> None:
        self.settings = settings
        self._catalog = catalog
        self._databases: dict[str, Governance] = {}
        self._planned_databases: set[str] = set()
        self._lock = threading.Lock()

    def connect(self) -> None:
        """Connect and sign in to the provider's database. Raises WarehouseError."""
        if self.settings is not None:
            found = self.of_database(self.settings.database).connect()
            self.settings = replace(self.settings, host=found.host, port=found.port)

    def of_database(self, database: str) -> Governance:
        """Governance of this database on the provider's cluster. Raises PluginError where the provider is not
        configured yet.
        """
        settings = self.settings
        if settings is None:
            raise PluginError(
                "The provider is not configured yet",
                "The host or the credentials of the provider are not known until other resources are applied, so veil "
                "cannot reach the warehouse in this step. Apply those first, for example with -target.",
            )
        with self._lock:
            if database not in self._databases:
                there = replace(settings, database=database)
                self._databases[database] = Governance(database, lambda: connect(there))
            return self._databases[database]

    def installed(self, integration_id: str) -> Governance:
        """Governance of the database of this integration, for a change. Raises PluginError where it is not
        installed.
        """
        governance = self.governance(integration_id)
        try:
            governance.require(integration_id)
        except GovernanceError as problem:
            raise PluginError(problem.summary, problem.detail, path=problem.path) from problem
        return governance

    def governance(self, integration_id: str) -> Governance:
        """Governance of the database of this integration, there or not. Raises PluginError where this is no such id."""
        try:
            database = database_of(integration_id)
        except ValueError as problem:
            raise PluginError(
                "Not an integration",
                f"{problem}. Write integration = veil_integration.<name>.id.",
                path=("integration",),
            ) from problem
        return self.of_database(database)

    def plan_integration(self, database: str) -> None:
        """Remember that an integration in this database is planned, for resources whose integration is not
        known yet.
        """
        with self._lock:
            self._planned_databases.add(database)

    def planning(self, integration_id: str | None) -> Governance | None:
        """Governance to plan a resource with; None where it cannot be told or reached yet."""
        if self.settings is None:
            return None
        if integration_id is not None:
            return self.governance(integration_id)
        if len(self._planned_databases) > 1:
            return None
        return self.of_database(next(iter(self._planned_databases), self.settings.database))

    def only_governance(self) -> Governance:
        """Governance of the provider's own database, where an import looks. Raises PluginError."""
        return self.of_database(self.settings.database if self.settings else "")

    def catalog(self) -> CatalogSettings:
        """How to reach the data catalog. Raises PluginError where that is not configured, or not known yet."""
        if not wholly_known(self._catalog):
            raise PluginError(
                "The catalog is not configured yet",
                "The provider's catalog block holds values that are not known until other resources are applied. Apply "
                "those first, for example with -target.",
            )
        return catalog_settings(self._catalog)

    def stop(self) -> None:
        """Answer "cancelled" to everything that is queued."""
        for each in list(self._databases.values()):
            each.stop()

    def close(self) -> None:
        """End all connections."""
        for each in list(self._databases.values()):
            each.close()
