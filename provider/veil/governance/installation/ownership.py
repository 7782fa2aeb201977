"""Which integration a resource means, and whether this is where it is installed."""

from collections.abc import Collection

from veil.governance.errors import WrongIntegrationError
from veil.governance.metadata.deployed import DeployedState
from veil.warehouse import identifier


def require_database(wanted: str, *, database: str, place: str) -> None:
    """Raise WrongIntegrationError where the database in the id of a resource's integration is not
    the one that the provider connects to. `place` names the host.
    """
    if not _is_one(wanted, database):
        raise WrongIntegrationError(
            "The provider connects to another database",
            f"The integration that this resource names is in the database {wanted}, and the resource's provider connects to "
            f"the database {database} on {place}. {_HOST}",
            ("integration",),
        )


def require_expected(deployed: DeployedState | None, *, database: str, place: str) -> None:
    """Raise WrongIntegrationError where there is no integration that a resource could mean whose
    integration is not made yet, and whose provider makes none.
    """
    if deployed is None:
        raise WrongIntegrationError(
            "No integration for this provider",
            "The integration that this resource names is not there yet, its provider makes none in this plan, and the "
            f"database {database} on {place} has none. {_HOST}",
            ("integration",),
        )


def require_own(wanted: str, known: Collection[str], *, database: str, place: str) -> None:
    """Raise WrongIntegrationError where an integration's database is not the one that the provider
    connects to. `known` are the databases of the cluster.
    """
    if _is_one(wanted, database):
        return
    if not any(_is_one(wanted, each) for each in known):
        raise WrongIntegrationError(
            "No such database",
            f"The cluster has no database {wanted}, or the provider's account may not know of it. Correct the name, or "
            f"create it first: CREATE DATABASE {identifier(wanted)}. The provider has to connect to it; now it connects to "
            f"the database {database} on {place}.",
            ("database",),
        )
    raise WrongIntegrationError(
        "The provider connects to another database",
        f"The integration's database is {wanted}, and its provider connects to the database {database} on {place}. Set "
        f'database = "{wanted}" in the provider block or, where the configuration has several, `provider` on the '
        "integration and all its resources. To move an integration to another database, destroy it first.",
        ("database",),
    )


def _is_one(one: str, other: str) -> bool:
    return one.lower() == other.lower()  # Redshift folds the names of databases.


def require_installed(
    deployed: DeployedState | None, integration_id: str | None, *, database: str, place: str
) -> DeployedState:
    """What the warehouse holds. `place` names the host.

    Raises WrongIntegrationError where no integration, or another one than named, is installed.
    """
    if deployed is None:
        raise WrongIntegrationError(
            "No integration in this database",
            f"The database {database} on {place} has no veil_integration. Create one first."
            + (f" {_HOST}" if integration_id is not None else ""),
            ("integration",),
        )
    installed = deployed.integration
    if integration_id is not None and (installed is None or installed.id != integration_id):
        raise WrongIntegrationError(
            "Another integration",
            f"The integration in the database {database} on {place} is not the one that this resource names: it is on "
            "another host, was replaced, or was imported elsewhere. Use veil_integration.<name>.id, or import the "
            f"integration here. {_HOST}",
            ("integration",),
        )
    return deployed


_HOST = (
    "The host of a data source must be the host of its integration: both take the same provider, so set `provider` on "
    "the resource where the configuration has several."
)
