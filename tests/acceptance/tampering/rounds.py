"""Everything that is tried: one list for the tests, which do a round at a time, and for the matrix,
which does each on a fresh warehouse.
"""

from tests.acceptance.tampering.kinds import Tampering
from tests.acceptance.tampering.metadata import (
    DOUBLED,
    DROPPED,
    FORGED,
    LEDGER,
    LOST,
    METADATA,
    PLANTED,
    ROWS,
    SALTS,
    SET_BACK,
    SET_FAR_BACK,
)
from tests.acceptance.tampering.others import OTHERS
from tests.acceptance.tampering.people import CHOSEN, ENTITLEMENTS, FORGED_REQUESTS, ODD, PROFILES, REQUESTS, TWICE
from tests.acceptance.tampering.system import DEFAULTS, MORE_SCHEMAS, PEOPLE, PROCEDURES, SCHEMAS, SHAPES
from tests.acceptance.tampering.tables import BY_HAND, COLUMNS, KINDS, LOOKUPS, OWNERS
from tests.acceptance.tampering.views import COMMENTS, MORE_VIEWS, VIEWS

ROUNDS = {
    "metadata, the revision set back": (*METADATA, *SALTS, *CHOSEN, *FORGED_REQUESTS, *SET_BACK),
    "forged metadata, the revision twice": (*FORGED, *DOUBLED),
    "views, profiles, procedures, the revision lost": (
        *VIEWS,
        *PROFILES,
        *ODD,
        *TWICE,
        *PROCEDURES,
        *LOST,
        *LEDGER,
        *DEFAULTS,
        *PEOPLE,
    ),
    "more views, entitlements, schemas, tables dropped": (
        *MORE_VIEWS,
        *ENTITLEMENTS,
        *LOOKUPS,
        *SCHEMAS,
        *SHAPES,
        *DROPPED,
    ),
    "columns, rows, more schemas": (
        *COLUMNS,
        *OWNERS,
        *COMMENTS,
        *ROWS,
        *PLANTED,
        *REQUESTS,
        *MORE_SCHEMAS,
        *SET_FAR_BACK,
    ),
    "what is for a person to put right": (*KINDS, *BY_HAND, *OTHERS),
}
"""What can be altered at the same time without one alteration hiding another."""

ALL: tuple[Tampering, ...] = (
    *VIEWS,
    *COMMENTS,
    *MORE_VIEWS,
    *PROFILES,
    *ENTITLEMENTS,
    *ODD,
    *TWICE,
    *CHOSEN,
    *REQUESTS,
    *FORGED_REQUESTS,
    *METADATA,
    *SALTS,
    *FORGED,
    *ROWS,
    *PLANTED,
    *LEDGER,
    *SET_BACK,
    *SET_FAR_BACK,
    *DOUBLED,
    *LOST,
    *DROPPED,
    *PROCEDURES,
    *DEFAULTS,
    *PEOPLE,
    *SCHEMAS,
    *SHAPES,
    *MORE_SCHEMAS,
    *COLUMNS,
    *LOOKUPS,
    *OWNERS,
    *KINDS,
    *BY_HAND,
    *OTHERS,
)
