"""Whether an integration can work where it is to be made."""

from veil import warehouse
from veil.governance.errors import GovernanceError
from veil.model import Integration
from veil.model.names import folded
from veil.warehouse import Session, identifier


def refuse_case_sensitive(session: Session) -> None:
    """Raise GovernanceError where names keep their case: objects that differ in nothing else would
    be taken for one.
    """
    if session.case_setting:
        raise GovernanceError(
            "Names keep their case here",
            f"The cluster, or the account {session.settings.username}, has the parameter {session.case_setting} set so that "
            "quoted names keep their case. Then tables and columns may differ in nothing else, and a view could show the wrong "
            "one. veil governs only databases where it has its default: set it so in the parameter group of the cluster or "
            f"workgroup, or run ALTER USER {identifier(session.settings.username)} RESET {session.case_setting}, and try again.",
        )


def require_place(session: Session, integration: Integration) -> None:
    """Raise GovernanceError where the source database is not there, or where this cluster cannot
    query it from the integration's own. Asks the cluster, outside of any transaction; nothing with
    one database only.
    """
    source = integration.other_database
    if source is None:
        return
    there = warehouse.read_databases(session)
    if folded(source) not in map(folded, there):
        raise GovernanceError(
            "No such database",
            f"The cluster has no database {source}, or the provider's account may not know of it. It has: "
            f"{', '.join(sorted(there))}. Correct the name, or create it first: CREATE DATABASE {identifier(source)}",
            ("source_database",),
        )
    if refusal := warehouse.refusal_to_cross(session, source):
        raise GovernanceError(
            "No cross-database queries here",
            f"From the database {integration.database} this cluster does not query the database {source}: {refusal} "
            "RA3 and RG nodes and serverless workgroups do. Elsewhere the views must be beside the tables: set "
            f'mode = "single_database" and database = "{source}".',
            ("mode",),
        )
