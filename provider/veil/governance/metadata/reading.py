"""Reading what a database holds, all of it at once."""

from veil import warehouse
from veil.governance.blocking import naming_metadata
from veil.governance.errors import GovernanceError
from veil.governance.metadata.base_tables import whereabouts
from veil.governance.metadata.deployed import DeployedState, deployed_from
from veil.warehouse import Session


def read_deployed(session: Session, database: str) -> DeployedState | None:
    """The integration of the session's database, None where there is none. Raises GovernanceError where there are
    several, and warehouse.WarehouseError.
    """
    layouts = warehouse.find_layouts(session)
    if not layouts:
        return None
    if len(layouts) > 1:
        names = ", ".join(layout.prefix for layout in layouts)
        raise GovernanceError(
            "Several integrations in one database",
            f"The database {database} has integrations with the prefixes {names}; one database has one.",
        )
    with naming_metadata(layouts[0]):
        return deployed_from(layouts[0], warehouse.read(session, layouts[0], whereabouts=whereabouts))
