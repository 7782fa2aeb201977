"""Reading what a database holds, all of it at once."""

from veil import warehouse
from veil.governance.blocking import naming_metadata
from veil.governance.errors import GovernanceError
from veil.governance.metadata.base_tables import whereabouts
from veil.governance.metadata.deployed import DeployedState, deployed_from
from veil.warehouse import Session


def read_deployed(session: Session, database: str) -> DeployedState | None:
    """The integration of the session's database, None where there is none. Raises GovernanceError
    where there are several, and warehouse.WarehouseError.
    """
    installations = warehouse.find_installations(session)
    if not installations:
        return None
    if len(installations) > 1:
        names = ", ".join(each.layout.prefix for each in installations)
        raise GovernanceError(
            "Several integrations in one database",
            f"The database {database} has integrations with the prefixes {names}; one database has one.",
        )
    layout, tables = installations[0].layout, installations[0].tables
    with naming_metadata(layout):
        return deployed_from(layout, warehouse.read(session, layout, whereabouts=whereabouts, tables=tables))
