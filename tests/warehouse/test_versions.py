"""A number in the mark is not enough to be taken for another version."""

from dataclasses import replace

import pytest

from veil.warehouse import SCHEMA_VERSION, Layout, RoutineState, expected_routines
from veil.warehouse.relations import RelationKind, TableState
from veil.warehouse.tables import expected_columns
from veil.warehouse.versions import version_of

LAYOUT = Layout("immuta", "governed")
TABLES = {table: TableState(RelationKind.TABLE, columns) for table, columns in expected_columns().items()}
ROUTINES = {name: RoutineState(body, "veil", False, True) for name, body in expected_routines(LAYOUT).items()}
OLDER = TABLES | {"revision": TableState(RelationKind.TABLE, TABLES["revision"].columns[:2])}


OF_VERSION_5 = {
    "access_request",
    "approval",
    "approver",
    "project_profile",
    "request_end",
    "requester",
    "last_error",
    "applier",
    "made_view",
}
OF_VERSION_4 = {table: state for table, state in TABLES.items() if table not in OF_VERSION_5}


def without(missing: str) -> dict[str, TableState]:
    return {table: state for table, state in TABLES.items() if table != missing}


@pytest.mark.parametrize(
    ("marked", "tables", "version"),
    [
        (SCHEMA_VERSION, TABLES, SCHEMA_VERSION),
        (None, TABLES, SCHEMA_VERSION),
        (1, TABLES, SCHEMA_VERSION),
        (-1, TABLES, SCHEMA_VERSION),
        (1, without("ledger"), SCHEMA_VERSION),
        (2, OLDER, 2),
        (4, OF_VERSION_4, 4),
        (1, OF_VERSION_4, 4),
        (3, without("own_view"), 3),
        (1, without("own_view"), 3),
        (4, without("own_view"), SCHEMA_VERSION),
        (4, without("project_profile"), 4),
        (99, TABLES, SCHEMA_VERSION),
        (99, OLDER, 99),
    ],
)
def test_the_version_is_what_the_tables_say(marked, tables, version):
    assert version_of(marked, tables, ROUTINES, LAYOUT) == version


def test_a_higher_number_over_other_procedures_is_that_of_a_newer_version():
    (adding,) = (each for each in ROUTINES if each.name == "add_entries")
    others = ROUTINES | {adding: replace(ROUTINES[adding], body="BEGIN END")}
    assert version_of(99, TABLES, others, LAYOUT) == 99
