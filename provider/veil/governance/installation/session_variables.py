"""Whether a session variable that nobody set is NULL, which impersonation rests on."""

from veil.governance.errors import ImpersonationError
from veil.model import Integration
from veil.warehouse import Session, WarehouseError

ASKING = "SELECT pg_catalog.CURRENT_SETTING('app.veil_never_set', FALSE)"
"""NULL, as the page of CURRENT_SETTING has it."""


def require_impersonable(session: Session, integration: Integration) -> None:
    """Raise ImpersonationError where the integration has an impersonation group and this warehouse
    fails on variables that were never set: `user_profile`, which asks for one, would fail for
    everybody who acts as nobody else.
    """
    if integration.impersonation_group is None:
        return
    try:
        session.query(ASKING)
    except WarehouseError as problem:
        if problem.lost or problem.timed_out:
            raise
        raise ImpersonationError(
            "Impersonation does not work here",
            f"This warehouse fails on a session variable that was never set ({problem.found}) With impersonation every view would "
            "fail for everybody who acts as nobody else. Leave `impersonation` out. Nothing of this change was written.",
            ("impersonation",),
        ) from problem
