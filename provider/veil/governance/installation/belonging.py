"""Which integration a resource means, and whether this is where it is installed."""

from veil.governance.errors import GovernanceError
from veil.governance.metadata.deployed import Deployed


def require_installed(deployed: Deployed | None, integration_id: str | None, *, database: str, place: str) -> Deployed:
    """What the warehouse holds. `place` names the host.

    Raises GovernanceError where no integration, or another one than named, is installed.
    """
    if deployed is None:
        raise GovernanceError(
            "No integration in this database",
            f"The database {database} on {place} has no veil_integration. Create one first."
            + (f" {_HOST}" if integration_id is not None else ""),
            ("integration",),
        )
    installed = deployed.integration
    if integration_id is not None and (installed is None or installed.id != integration_id):
        raise GovernanceError(
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
