"""An installation of an older version, brought to this one by the first apply that writes."""

from veil import warehouse
from veil.governance.blocking import naming_metadata
from veil.governance.errors import GovernanceError
from veil.governance.installation.binding import take_views_away
from veil.governance.metadata.deployed import DeployedState
from veil.model import Integration
from veil.warehouse import Session


def is_older(deployed: DeployedState) -> bool:
    """Whether the schemas are of an older version than this veil writes."""
    return deployed.snapshot.schema_version < warehouse.SCHEMA_VERSION


def upgrade_line(deployed: DeployedState) -> str:
    """What a plan says of an older installation."""
    return (
        f"the schemas are of version {deployed.snapshot.schema_version} and are brought to version "
        f"{warehouse.SCHEMA_VERSION}"
    )


def upgrade(session: Session, deployed: DeployedState) -> frozenset[tuple[str, str]]:
    """Bring an older installation to this version in the open transaction, so that all else is
    written to tables of it. Other writers wait. What `deployed` says of the warehouse no longer
    holds then. Gives the places of the governed views that had to go for it, since they are bound
    to what is made anew: who calls this makes them again.

    Raises GovernanceError where only an administrator may do that, warehouse.RevisionMovedError
    where another process wrote since `deployed` was read: it may have done the same.
    """
    present = deployed.snapshot.schema_version
    if is_manual(deployed):
        raise GovernanceError(
            "The integration is of an older version",
            f"Its schemas are of version {present}; this provider writes version {warehouse.SCHEMA_VERSION}. With bootstrap = "
            f'"manual" an administrator brings them there: run what `veil bootstrap-sql --upgrade-from {present}` prints.',
            ("bootstrap",),
        )
    with naming_metadata(deployed.layout):
        warehouse.require_unmoved(session, deployed.layout, deployed.snapshot)
        kept = take_views_away(session, deployed) if deployed.layout.bound else deployed
        for statement in warehouse.upgrade_statements(deployed.layout, present):
            session.execute(statement)
        warehouse.record_own_views(session, deployed.layout)
    return frozenset(deployed.snapshot.views.keys() - kept.snapshot.views.keys())


def is_manual(deployed: DeployedState) -> bool:
    """Whether an administrator, and not veil, makes the integration's schemas."""
    integration = deployed.integration
    thing = integration.thing if integration is not None else None
    return isinstance(thing, Integration) and thing.bootstrap == "manual"
