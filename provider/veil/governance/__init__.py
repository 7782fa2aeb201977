"""From what Terraform wants to what the warehouse holds: the planned world, publishing in groups, drift.

This is the door: what resources, commands and `certify` may touch of governance stands in `__all__`, and nothing else. Begin
with `Governance`, which they talk to. `requests` are what they ask of it, `errors` what it refuses, `DeployedState` what it knows of
the warehouse, and `StoredObject` one object of that; `closing` and `notices` have the words for what people are told.

A name is imported where it is first used: a process that only tells schemas, or validates, needs neither compiler nor
driver. `load` imports all of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from veil.governance import closing, errors, last_errors, notices, requests
    from veil.governance.access.effective_access import Access
    from veil.governance.access.lookup_rows import LookedUp
    from veil.governance.access.row_counts import RowCounts
    from veil.governance.admission.known_columns import as_found, settle
    from veil.governance.checks.validation import Check, status_of
    from veil.governance.claims import Claim, Conflict
    from veil.governance.drift import drift_of, unlike_published
    from veil.governance.metadata.access_requests import live_approvals, open_requests
    from veil.governance.metadata.codec import decode
    from veil.governance.metadata.deployed import DeployedState, StoredObject
    from veil.governance.metadata.identity import database_of, new_id
    from veil.governance.publishing.publication import guarded
    from veil.governance.service import Governance
    from veil.governance.showing import escaped

__all__ = [
    "Access",
    "Check",
    "Claim",
    "Conflict",
    "DeployedState",
    "Governance",
    "LookedUp",
    "RowCounts",
    "StoredObject",
    "as_found",
    "closing",
    "database_of",
    "decode",
    "drift_of",
    "errors",
    "escaped",
    "guarded",
    "last_errors",
    "live_approvals",
    "load",
    "new_id",
    "notices",
    "open_requests",
    "requests",
    "settle",
    "status_of",
    "unlike_published",
]

_HOMES = {
    "Access": "access.effective_access",
    "Check": "checks.validation",
    "Claim": "claims",
    "Conflict": "claims",
    "DeployedState": "metadata.deployed",
    "Governance": "service",
    "LookedUp": "access.lookup_rows",
    "RowCounts": "access.row_counts",
    "StoredObject": "metadata.deployed",
    "as_found": "admission.known_columns",
    "database_of": "metadata.identity",
    "decode": "metadata.codec",
    "drift_of": "drift",
    "escaped": "showing",
    "guarded": "publishing.publication",
    "live_approvals": "metadata.access_requests",
    "new_id": "metadata.identity",
    "open_requests": "metadata.access_requests",
    "settle": "admission.known_columns",
    "status_of": "checks.validation",
    "unlike_published": "drift",
}
"""The module that each name is from. Those that are not here are modules themselves, which need no help to be found."""


def load() -> None:
    """Import all that the door leads to."""
    for name in __all__:
        if name not in globals():
            import_module(f"{__name__}.{_HOMES.get(name, name)}")


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
