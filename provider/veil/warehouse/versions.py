"""Which version of the schemas is installed."""

from collections.abc import Mapping

from veil.warehouse.install import SCHEMA_VERSION, expected_routines
from veil.warehouse.layout import Layout
from veil.warehouse.rows import RoutineState
from veil.warehouse.signatures import Signature
from veil.warehouse.tables import Tables, expected_columns

_ADDED = {
    "own_view": 4,
    "access_request": 5,
    "approval": 5,
    "approver": 5,
    "project_profile": 5,
    "request_end": 5,
    "requester": 5,
    "last_error": 5,
    "applier": 5,
    "made_view": 5,
}
"""By table that came when no columns of others did, the version that it came with."""


def version_of(marked: int | None, tables: Tables, routines: Mapping[Signature, RoutineState], layout: Layout) -> int:
    """The version of what is there; `marked` is what the mark says, None where it says nothing.

    A number is easily written. A lower one over tables that, as far as they are there, have all the
    columns of this version is not believed, or the upgrade would fail at what is there already: it
    can only be that of a version before tables came that are missing. Nor is a higher one over the
    very tables and procedures of this version.
    """
    if marked is None:
        return SCHEMA_VERSION
    if marked < SCHEMA_VERSION:
        return _before_missing(marked, tables) if _has_all_columns(tables) else max(marked, 1)
    return SCHEMA_VERSION if marked > SCHEMA_VERSION and _is_ours(tables, routines, layout) else marked


def _has_all_columns(tables: Tables) -> bool:
    return all(
        {each.name for each in columns} <= {each.name for each in tables[table].columns}
        for table, columns in expected_columns().items()
        if table in tables
    )


def _before_missing(marked: int, tables: Tables) -> int:
    """The version of tables whose columns are those of this version, as far as they are there."""
    missing = (since for table, since in _ADDED.items() if table not in tables and marked < since)
    return min((since - 1 for since in missing), default=SCHEMA_VERSION)


def _is_ours(tables: Tables, routines: Mapping[Signature, RoutineState], layout: Layout) -> bool:
    expected = expected_routines(layout)
    bodies = {each: state.body for each, state in routines.items() if each in expected}
    return bodies == expected and all(
        tables[table].columns == columns for table, columns in expected_columns().items() if table in tables
    )
