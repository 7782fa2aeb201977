"""What a cluster may refuse, where Redshift's documentation does not settle it: switched on, so
that what veil does then is tried.
"""

from __future__ import annotations

from collections.abc import Iterable

from veil.local.errors import EngineError

BACKSLASHES = "backslashes"
GETDATE_ZONE = "getdate-zone"
GRANTS_OF_OTHERS = "grants-of-others"
HASH_TEXT = "hash-text"
MEMBERSHIP_EARLY = "membership-early"
OTHER_COLUMNS = "other-columns"
OWN_UTC = "own-utc"
READERS_USAGE = "readers-usage"
QUALIFIED_FUNCTIONS = "qualified-functions"
QUALIFIED_WINDOWS = "qualified-windows"
UNDEFINED_SETTINGS = "undefined-settings"
UNNEST_LITERAL = "unnest-literal"

REFUSALS = {
    BACKSLASHES: "a backslash in a literal is a character like any other",
    GETDATE_ZONE: "GETDATE() is in UTC, whatever the time zone of the session",
    GRANTS_OF_OTHERS: "ACCESS SYSTEM TABLE does not show what others are granted on relations",
    HASH_TEXT: "SHA2 gives hexadecimal digits in capitals",
    MEMBERSHIP_EARLY: "USER_IS_MEMBER_OF fails for want of the group in a CASE, too, whose condition does not hold",
    OTHER_COLUMNS: "CREATE OR REPLACE VIEW does not give a late-binding view other columns, as it does not other views",
    OWN_UTC: "AT TIME ZONE 'UTC' means what the session calls UTC, as after SET timezone TO 'UTC+8'",
    QUALIFIED_FUNCTIONS: "late-binding views do not find functions that are written pg_catalog.f",
    QUALIFIED_WINDOWS: "late-binding views do not find window functions that are written pg_catalog.f(...) OVER",
    READERS_USAGE: "whoever reads a late-binding view needs USAGE on the schemas of what it reads",
    UNDEFINED_SETTINGS: "CURRENT_SETTING fails for a variable that was never set, even where that is to give NULL",
    UNNEST_LITERAL: "an array is unnested where a table has it, and not where a query makes it",
}
"""By the names that `veil local up --refuse` takes, what the engine refuses then."""


def known(names: Iterable[str]) -> frozenset[str]:
    """The names, each one of REFUSALS.

    Raises:
        EngineError: one of them is none.
    """
    wanted = frozenset(names)
    strange = sorted(wanted - REFUSALS.keys())
    if strange:
        raise EngineError(f"The local engine knows no refusal {strange[0]!r}. There are: {', '.join(REFUSALS)}.")
    return wanted
