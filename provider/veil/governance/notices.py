"""What plans and reads report that no apply repairs."""

from veil.governance.access.direct_access import ways_around
from veil.governance.admission.vanished import REFUSED
from veil.governance.checks.health import health_of, unrepairable
from veil.governance.installation.drift import left_for_a_person, superusers_made
from veil.governance.installation.others import others
from veil.governance.installation.reach import giving_all_back
from veil.governance.installation.remains import RECORDS_GONE
from veil.governance.installation.repairing import taking_back_by_hand
from veil.governance.installation.uninstalling import what_stays
from veil.governance.installation.upgrading import is_manual
from veil.governance.metadata.deployed import DeployedState

__all__ = [
    "RECORDS_GONE",
    "REFUSED",
    "beyond_repair",
    "goes_with_the_integration",
    "health_of",
    "others",
    "superusers_made",
    "unrepairable",
    "ways_around",
    "what_stays",
]


def beyond_repair(deployed: DeployedState) -> tuple[list[str], list[str]]:
    """What was altered of an installation and an apply leaves as it is, a line each, and the
    statements that a person runs for it.
    """
    lines = left_for_a_person(deployed)
    if not lines:
        return [], []
    return lines, list(taking_back_by_hand(deployed)) if is_manual(deployed) else giving_all_back(deployed)


def goes_with_the_integration(deployed: DeployedState) -> list[str]:
    """What an integration holds that no configuration brings back: it is lost with its schemas."""
    snapshot = deployed.snapshot
    held = {
        "the salts, so that the same values are hashed and drawn otherwise": snapshot.salt_names,
        "the projects that users act in, and what they acknowledged": snapshot.runtimes,
        "what was asked for and approved at run time": (*snapshot.requests, *snapshot.approvals),
    }
    return [what for what, rows in held.items() if rows]
