"""The rows of the tables that policies look up in, for who asks the interpreter about rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from veil.compiler import identifier, qualified, system_of
from veil.language import lookup_columns
from veil.language.tree import Lookup
from veil.model import DataSource, World
from veil.model.names import dotted
from veil.policy.looking import looked_up
from veil.warehouse import Session, WarehouseError

MOST_ROWS = 100_000
"""So many rows of a lookup are read. What a larger one decides is unknown to the interpreter."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The rows of lookups by the parts of their names, as policies write them, and why others are
    missing.
    """

    rows: Mapping[tuple[str, ...], Sequence[Row]]
    problems: tuple[str, ...]


def read_lookups(session: Session, world: World, source: DataSource) -> LookedUp:
    """What the policies on this data source look up in. A table that cannot be read is told of and
    left out. Raises WarehouseError where the connection is lost.
    """
    rows: dict[tuple[str, ...], Sequence[Row]] = {}
    problems: list[str] = []
    for table, columns in _columns(looked_up(world, source)).items():
        try:
            table_rows = _read(session, qualified(*system_of(world.integration).table(*table).parts), columns)
        except WarehouseError as problem:
            if problem.lost:
                raise  # It says nothing of the lookup: whoever reads tries once more.
            problems.append(
                f"The lookup {dotted(*table)} could not be read: {problem.summary}. {problem.found} {_UNKNOWN}"
            )
            continue
        if len(table_rows) > MOST_ROWS:
            problems.append(f"The lookup {dotted(*table)} has more than {MOST_ROWS:,} rows. {_UNKNOWN}")
        else:
            rows[table] = table_rows
    session.pin()  # A lookup may be a view of somebody else's, whatever became of its rows.
    return LookedUp(rows, tuple(problems))


_UNKNOWN = "What it decides counts as unknown here; the view asks it."


def _columns(lookups: Sequence[Lookup]) -> dict[tuple[str, ...], list[str]]:
    """The columns that are named of each table."""
    columns: dict[tuple[str, ...], set[str]] = {}
    for lookup in lookups:
        columns.setdefault(lookup.table, set()).update(lookup_columns(lookup))
    return {table: sorted(columns[table]) for table in sorted(columns)}


def _read(session: Session, table: str, columns: Sequence[str]) -> list[Row]:
    listed = ", ".join(map(identifier, columns))
    rows = session.query(f"SELECT {listed} FROM {table} LIMIT {MOST_ROWS + 1}")
    return [dict(zip(columns, row, strict=True)) for row in rows]
