"""Which version of the schemas is installed."""

from collections.abc import Mapping

from veil.warehouse.install import SCHEMA_VERSION, expected_routines
from veil.warehouse.layout import Layout
from veil.warehouse.rows import RoutineState
from veil.warehouse.signatures import Signature
from veil.warehouse.tables import Tables, expected_columns


def version_of(marked: int | None, tables: Tables, routines: Mapping[Signature, RoutineState], layout: Layout) -> int:
    """The version of what is there; `marked` is what the mark says, None where it says nothing.

    A number is easily written. A lower one over tables that, as far as they are there, have all the columns of this
    version is not believed, or the upgrade would fail at what is there already; nor is a higher one over the very tables
    and procedures of this version.
    """
    if marked is None:
        return SCHEMA_VERSION
    if marked < SCHEMA_VERSION:
        return SCHEMA_VERSION if _has_all_columns(tables) else max(marked, 1)
    return SCHEMA_VERSION if marked > SCHEMA_VERSION and _is_ours(tables, routines, layout) else marked


def _has_all_columns(tables: Tables) -> bool:
    return all(
        {each.name for each in columns} <= {each.name for each in tables[table].columns}
        for table, columns in expected_columns().items()
        if table in tables
    )


def _is_ours(tables: Tables, routines: Mapping[Signature, RoutineState], layout: Layout) -> bool:
    expected = expected_routines(layout)
    found = {each: state.body for each, state in routines.items() if each in expected}
    return found == expected and all(
        tables[table].columns == columns for table, columns in expected_columns().items() if table in tables
    )
