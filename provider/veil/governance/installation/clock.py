"""In which time zone GETDATE() is, and what veil's own views make of it.

That it is in the session's is what its page says (Amazon Redshift Database Developer Guide,
GETDATE). Where it is not, taking it to UTC from there would let callers move `now`, in time rules
and expiries, by the time zone that they set.
"""

from datetime import datetime

from veil.governance.errors import GovernanceError
from veil.model import Integration
from veil.warehouse import Session, WarehouseError

AHEAD = "Asia/Tokyo"
"""A time zone without summer time, nine hours ahead of UTC."""

_NOW = "SELECT pg_catalog.GETDATE()"
_HOURS, _SLACK = 9, 1


def finds_utc_clock(session: Session, known: Integration) -> bool:
    """Whether GETDATE() is in UTC, whatever the time zone of the session; what is `known` where
    that cannot be told. Three or four statements, outside of any transaction. Raises WarehouseError
    where the connection was lost.
    """
    try:
        (before,), (ahead,) = session.query(_NOW)[0], _ahead(session)
    except WarehouseError as error:
        if error.lost or error.timed_out:
            raise
        return known.utc_clock
    if not isinstance(before, datetime) or not isinstance(ahead, datetime):
        return known.utc_clock
    hours = (ahead - before).total_seconds() / 3600
    if abs(hours - _HOURS) < _SLACK:
        return False
    return True if abs(hours) < _SLACK else known.utc_clock


def require_clock(integration: Integration, *, utc_clock: bool) -> None:
    """Raise GovernanceError where an administrator makes veil's own views and their script would
    read GETDATE() otherwise.
    """
    if utc_clock and integration.bootstrap == "manual":
        raise GovernanceError(
            "GETDATE() is not in the session's time zone",
            "GETDATE() of this warehouse is in UTC whatever the time zone of a session, so that veil's own views have to read it "
            "otherwise than an administrator's script has them do: callers could move `now` by the time zone that they set. "
            'Set bootstrap = "automatic".',
            ("bootstrap",),
        )


def _ahead(session: Session) -> tuple[object, ...]:
    with session.in_time_zone(AHEAD):
        return session.query(_NOW)[0]
