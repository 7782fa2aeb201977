"""Looking at what the integration's checks need to know."""

from veil import warehouse
from veil.governance.checks.probes import failed_probes, failing_views
from veil.governance.checks.readers import reader_question, readers_need_usage
from veil.governance.checks.validation import CheckInputs
from veil.governance.installation.binding import find_unresolved
from veil.governance.installation.manual_bootstrap import find_gaps
from veil.governance.installation.upgrading import is_manual, is_older
from veil.governance.metadata.deployed import DeployedState
from veil.warehouse import Session
from veil.warehouse.memberships import read_memberships


def collect_inputs(session: Session, deployed: DeployedState, *, probing: bool) -> CheckInputs:
    """What the checks of an integration need to know, asked outside of any transaction. As many
    queries for one data source as for thousands.

    `probing` tries what only this warehouse can tell, and makes a view for that, which is rolled
    back. Without it nothing is made, and one query tells whether veil's views answer.
    """
    sources = deployed.world.data_sources.values()
    here, role = deployed.world.integration.other_database is None, deployed.layout.read_only_role
    memberships = read_memberships(session) if role is not None else {}
    schemas = {each.schema for each in sources} if here else set()
    asked = {"readable": warehouse.readable_question(schemas), "probe_reader": reader_question(deployed.layout)}
    with warehouse.read_together(session, asked if schemas else {}):
        readable = warehouse.readable_tables(session, schemas)
        need_usage = readers_need_usage(session, deployed.layout)
    return CheckInputs(
        deployed.snapshot.reader or warehouse.read_account(session),
        session.case_setting,
        readable if here else None,
        failed_probes(session, deployed.layout) if probing else None,
        tuple(find_gaps(session, deployed.layout)) if is_manual(deployed) else (),
        frozenset(user for user, held in memberships.items() if ("role", role) in held),
        _unresolved(session, deployed) if probing else None,
        need_usage,
        failing_views(session, deployed.layout),
    )


def repairs(deployed: DeployedState) -> bool:
    """Whether this account makes procedures anew: who only plans may not see what they are made
    from.
    """
    return not is_older(deployed) and deployed.layout.owner in ("", deployed.snapshot.account)


def _unresolved(session: Session, deployed: DeployedState) -> frozenset[str] | None:
    """What late-binding views do not find of functions, None where this account cannot try."""
    return find_unresolved(session, deployed.layout) if repairs(deployed) else None
