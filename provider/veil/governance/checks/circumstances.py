"""Looking at what the integration's checks need to know."""

from veil import warehouse
from veil.governance.checks.probes import failed_probes
from veil.governance.checks.validation import Circumstances
from veil.governance.installation.manual import find_gaps
from veil.governance.installation.upgrading import is_manual
from veil.governance.metadata.deployed import Deployed
from veil.warehouse import Session
from veil.warehouse.memberships import read_memberships


def look_around(session: Session, deployed: Deployed) -> Circumstances:
    """The circumstances of an integration, asked outside of any transaction. As many queries for one data source as for
    thousands.
    """
    sources = deployed.world.data_sources.values()
    here, role = deployed.world.integration.other_database is None, deployed.layout.read_only_role
    memberships = read_memberships(session) if role is not None else {}
    return Circumstances(
        warehouse.read_account(session),
        session.case_setting,
        warehouse.readable_tables(session, {each.schema for each in sources}) if here else None,
        failed_probes(session, deployed.layout),
        tuple(find_gaps(session, deployed.layout)) if is_manual(deployed) else (),
        frozenset(user for user, held in memberships.items() if ("role", role) in held),
    )
