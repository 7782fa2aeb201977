"""What only a real cluster can prove. Each is tried once in a run, and listed here with what
becomes of veil where it fails.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from veil.governance.blocking import naming_metadata
from veil.governance.installation.clock import AHEAD
from veil.governance.installation.session_variables import ASKING
from veil.warehouse import Layout, Session, WarehouseError, identifier


@dataclass(frozen=True)
class Probe:
    """One thing that Redshift's documentation does not settle.

    `sql`, with {system} for the system schema and {now} for what GETDATE() gives in UTC, fails
    where the answer is no, or gives another value than `expected`. With a `zone` it runs in that
    time zone. `consequence` is what veil does then.
    """

    name: str
    sql: str
    consequence: str
    expected: object = None
    zone: str | None = None


@dataclass(frozen=True)
class Failure:
    """How a probe failed: the warehouse's code, empty where it answered something else than
    expected, and its words.
    """

    code: str
    words: str


_VIEWS = Probe(
    "views over views of the caller's entries",
    "SELECT pg_catalog.COUNT(kind) FROM {system}.user_entry WHERE kind = ''",
    "Views fail for everybody and so show nothing.",
)
CLOCK = Probe(
    "the session's time zone in GETDATE()",
    "SELECT DATEDIFF(minute, TIMESTAMP '{now}', pg_catalog.GETDATE()) BETWEEN 480 AND 600",
    "Callers can move `now` in time rules and expiries by the time zone that they set, until the integration is applied anew.",
    True,
    zone=AHEAD,
)
"""It asks what the integration was found to be made for: whether GETDATE() is in the session's time
zone, or in UTC.
"""

PROBES = (
    _VIEWS,
    Probe(
        "a group that is gone, asked for where nobody acts as another",
        "SELECT pg_catalog.COUNT(CASE WHEN t.nothing IS NOT NULL THEN "
        "pg_catalog.USER_IS_MEMBER_OF(CURRENT_USER, 'veil no such group') END) FROM {system}.writer AS t",
        "Once the impersonation group is dropped, views fail for everybody until an apply makes it anew.",
    ),
    Probe(
        "undefined session variables",
        ASKING,
        "Nobody can act as somebody else, and `impersonation` is refused: user_profile would fail for everybody.",
    ),
    Probe(
        "SHA-256 as hexadecimal text",
        "SELECT pg_catalog.LOWER(pg_catalog.SHA2('veil', 256))",
        "Hashes are not what `veil explain` says; masks stay closed.",
        "01979b66ee1794c473f53cafff0889e714aac28b2515e3572072424b919634f3",
    ),
    CLOCK,
)


def failed_probes(session: Session, layout: Layout) -> Mapping[str, str]:
    """Try all probes, outside of any transaction, on an integration that is made for what was found
    when it was applied: the warehouse's words, by the names of those that failed. One query for
    those over our own relations while none of them fails, and one for each other.
    """
    over_relations = [each for each in PROBES if "{system}" in each.sql]
    alone = [each for each in PROBES if each not in over_relations]
    if len(over_relations) > 1 and _try(session, layout, _together(over_relations)):
        alone = list(PROBES)
    problems = {each.name: _try(session, layout, each) for each in alone}
    return {name: problem for name, problem in problems.items() if problem}


def failing_views(session: Session, layout: Layout) -> Failure | None:
    """Why veil's own views do not answer, on which all others rest; None where they do. One query,
    outside of any transaction.
    """
    return _attempt(session, layout, _VIEWS)


def _together(probes: Sequence[Probe]) -> Probe:
    """One that fails where one of these fails, none of which expects a value. A query that asks the
    compute nodes mixes with none for the leader node alone, so that others do not join in.
    """
    listed = ", ".join(f"({each.sql}) AS p{number}" for number, each in enumerate(probes))
    return Probe("together", f"SELECT {listed}", "")


def _try(session: Session, layout: Layout, probe: Probe) -> str:
    failure = _attempt(session, layout, probe)
    return failure.words if failure is not None else ""


def _attempt(session: Session, layout: Layout, probe: Probe) -> Failure | None:
    sql = probe.sql.replace("{system}", identifier(layout.system))
    expected = not layout.utc_clock if probe is CLOCK else probe.expected
    try:
        if "{now}" in sql:
            sql = sql.replace("{now}", f"{session.query('SELECT pg_catalog.GETDATE()')[0][0]}")
        with naming_metadata(layout), session.in_time_zone(probe.zone) if probe.zone else nullcontext():
            rows = session.query(sql)
    except WarehouseError as error:
        if error.lost or error.timed_out:
            raise
        return Failure(error.sqlstate or "", error.found)
    if expected is not None and rows[0][0] != expected:
        return Failure("", f"The answer was {rows[0][0]!r} instead of {expected!r}.")
    return None
