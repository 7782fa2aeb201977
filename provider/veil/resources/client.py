"""What a configured provider works with: governance of the database that it connects to, and of no
other.
"""

from dataclasses import replace
from typing import Literal

from veil.governance import Governance, identity
from veil.model.names import folded
from veil.plugin import PluginError, wholly_known
from veil.resources.refusals import refused
from veil.resources.tags.catalog_block import CatalogModel, CatalogSettings, catalog_settings
from veil.warehouse import Settings, connect

Gains = Literal["warn", "ignore", "error"]
"""What a plan does where it lets somebody see more."""


class Client:
    """One configured provider: governance of the database that it connects to. `settings` None
    means that host or credentials are not known yet: it connects to nothing. `tells_unknown_names`
    says whether plans warn of names that nobody has, `gains` what they do where somebody comes to
    see more.
    """

    def __init__(
        self,
        settings: Settings | None,
        catalog: CatalogModel | None = None,
        *,
        tells_unknown_names: bool = True,
        gains: Gains = "warn",
    ) -> None:
        settings = settings and replace(settings, database=folded(settings.database))
        self.settings = settings
        self.gains = gains
        self._catalog = catalog
        self._governance = (
            None
            if settings is None
            else Governance(settings.database, lambda: connect(settings), tells_unknown_names=tells_unknown_names)
        )
        self._makes_integration = False

    def connect(self) -> None:
        """Connect and sign in. Raises WarehouseError."""
        if self._governance is not None and self.settings is not None:
            endpoint = self._governance.connect()
            self.settings = replace(self.settings, host=endpoint.host, port=endpoint.port)

    @property
    def here(self) -> Governance:
        """Governance of the provider's database. Raises PluginError where the provider is not
        configured yet.
        """
        if self._governance is None:
            raise PluginError(
                "The provider is not configured yet",
                "The host or the credentials of the provider are not known until other resources are applied, so veil "
                "cannot reach the warehouse in this step. Apply those first, for example with -target.",
            )
        return self._governance

    def of_database(self, database: str) -> Governance:
        """Governance of a veil_integration's database. Raises PluginError where the provider
        connects to another one.
        """
        here = self.here
        with refused():
            here.require_own(folded(database))
        return here

    def governance(self, integration_id: str) -> Governance:
        """Governance of the integration that a resource names, there or not. Raises PluginError
        where the id is none, or one of another database than the provider connects to.
        """
        here = self.here
        try:
            database = identity.database_of(integration_id)
        except ValueError as problem:
            raise PluginError(
                "Not an integration",
                f"{problem}. Write integration = veil_integration.<name>.id.",
                path=("integration",),
            ) from problem
        with refused():
            here.require_database(folded(database))
        return here

    def installed(self, integration_id: str) -> Governance:
        """The same for a change, or a question. Raises PluginError where this integration is not
        installed here.
        """
        governance = self.governance(integration_id)
        with refused():
            governance.require(integration_id)
        return governance

    def plan_integration(self) -> None:
        """Remember that this provider is to make an integration, whose id its resources do not know
        yet.
        """
        self._makes_integration = True

    def planning(self, integration_id: str | None) -> Governance | None:
        """Governance to plan a resource with; None where it cannot be reached yet.

        `integration_id` None means that it is not known yet. Raises PluginError where it can only
        be that of an integration elsewhere: none is here, and this provider makes none.
        """
        if self._governance is None:
            return None
        if integration_id is not None:
            return self.governance(integration_id)
        if not self._makes_integration:
            with refused():
                self._governance.require_expected()
        return self._governance

    def catalog(self) -> CatalogSettings:
        """How to reach the data catalog. Raises PluginError where that is not configured, or not
        known yet.
        """
        if not wholly_known(self._catalog):
            raise PluginError(
                "The catalog is not configured yet",
                "The provider's catalog block holds values that are not known until other resources are applied. Apply "
                "those first, for example with -target.",
            )
        return catalog_settings(self._catalog)

    def stop(self) -> None:
        """Answer "cancelled" to everything that is queued."""
        if self._governance is not None:
            self._governance.stop()

    def close(self) -> None:
        """End the connection."""
        if self._governance is not None:
            self._governance.close()
