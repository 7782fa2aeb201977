"""What columns an integration's own tables have, and what they should have."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from veil.warehouse.layout import Layout
from veil.warehouse.quoting import literals
from veil.warehouse.relations import RelationKind, TableColumn, TableState
from veil.warehouse.session import Row, Session
from veil.warehouse.templates import files, render, render_one

_COLUMN = re.compile(r"^    (\w+) ([A-Z]+(?:\(\d+\))?)( NOT NULL)?,?$", re.MULTILINE)
_TYPES = {"varchar": "character varying", "timestamp": "timestamp without time zone"}
"""What the catalog calls types that statements call otherwise."""
_WORD = re.compile(r"\w+")

Tables = Mapping[str, TableState]
"""By its name, what the catalog shows of each table or view in the system schema."""


@cache
def expected_columns() -> Mapping[str, tuple[TableColumn, ...]]:
    """By its name, the columns of each table of ours as this version makes them."""
    made = {each.rpartition("/")[2]: render(each, _NOTHING)[0] for each in files("tables")}
    return {table: tuple(map(_column, _COLUMN.finditer(statement))) for table, statement in made.items()}


def read_tables(session: Session, layout: Layout) -> Tables:
    """What stands in the system schema. One query."""
    return tables_of(session.query(render_one("reads/table_columns", {"schemas": literals([layout.system])})))


def tables_of(rows: Iterable[Row]) -> Tables:
    """What these rows tell: a table or view and its kind, and of a column of it the name, the type,
    whether it is required, and whether it has a default; in the order of the columns.
    """
    kinds: dict[str, str] = {}
    columns: dict[str, list[TableColumn]] = {}
    for table, kind, name, type_, required, has_default in rows:
        kinds[table] = str(kind)
        there = columns.setdefault(table, [])
        if name is not None:  # the catalog lists no columns of late-binding views
            there.append(TableColumn(name, type_, bool(required), bool(has_default)))
    return {table: TableState(RelationKind(kind), tuple(columns[table])) for table, kind in kinds.items()}


def answers(sql: str, table: str, tables: Tables) -> bool:
    """Whether a query of one of our tables finds there what it names."""
    named = {column.name for column in expected_columns()[table]}.intersection(_WORD.findall(sql))
    state = tables.get(table)
    return state is not None and state.kind is RelationKind.TABLE and named <= {each.name for each in state.columns}


def is_as_made(table: str, tables: Tables) -> bool:
    """Whether one of our tables has the columns of this version, each with its type, whatever
    others it has.
    """
    state = tables.get(table)
    if state is None or state.kind is not RelationKind.TABLE:
        return False
    types = {each.name: each.type for each in state.columns}
    return all(types.get(each.name) == each.type for each in expected_columns()[table])


def has_all_columns(table: str, tables: Tables) -> bool:
    """Whether one of our tables is there with all its columns, whatever others it has."""
    state = tables.get(table)
    named = {column.name for column in expected_columns()[table]}
    return state is not None and state.kind is RelationKind.TABLE and named <= {each.name for each in state.columns}


def _column(match: re.Match[str]) -> TableColumn:
    name, type_, required = match.groups()
    word, bracket, length = type_.lower().partition("(")
    return TableColumn(name, _TYPES.get(word, word) + bracket + length, required is not None)


class _Nothing(dict[str, str]):
    """Stands for the values of a template of which only the shape matters."""

    def __missing__(self, key: str) -> str:
        return "NULL"


_NOTHING = _Nothing()
