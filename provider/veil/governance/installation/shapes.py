"""Whether the tables of an integration have the columns that veil gave them, and whether its names
stand for what they are to.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import count

from veil import warehouse
from veil.governance.metadata.deployed import DeployedState
from veil.governance.showing import shown
from veil.model.names import dotted
from veil.warehouse import NOUN_OF, Layout, RelationKind, TableColumn, identifier, qualified

Place = tuple[str, str]


def shape_lines(deployed: DeployedState, lost: Collection[Place]) -> Iterator[str]:
    """One readable line per thing of another kind in the place of one of ours, and per column that
    is not as it was made; none about the places of `lost`.
    """
    for place, kind in sorted(displacing(deployed).items()):
        if place in lost:
            continue
        yield (
            f"a {NOUN_OF[kind]} of {shown(deployed.snapshot.owners.get(place, ''))} stands in the place of the "
            f"{NOUN_OF[_ours(deployed)[place]]} {dotted(*place)}: it is kept as {dotted(place[0], _aside(deployed, place))}"
        )
    for table in misshapen(deployed):
        if (deployed.layout.system, table) in lost:
            continue
        yield from _column_lines(deployed, table)


def displacing(deployed: DeployedState) -> Mapping[Place, RelationKind]:
    """What stands under the name of a table or view of ours in the system schema, and is of another
    kind.
    """
    ours, kinds = _ours(deployed), deployed.snapshot.kinds
    return {place: kinds[place] for place in ours if place in kinds and kinds[place] is not ours[place]}


def misshapen(deployed: DeployedState) -> list[str]:
    """The tables of ours in which a column is missing, or is another one than veil made. One more
    column does no harm.
    """
    tables = deployed.snapshot.tables
    return [table for table in sorted(_tables(deployed)) if table in tables and _bent(tables[table].columns, table)]


def added_columns(deployed: DeployedState) -> list[tuple[str, TableColumn]]:
    """Columns in tables of ours that veil did not make."""
    expected, tables = warehouse.expected_columns(), deployed.snapshot.tables
    return [
        (table, column)
        for table in sorted(_tables(deployed) & tables.keys())
        for column in tables[table].columns
        if column.name not in {each.name for each in expected[table]}
    ]


def reshaping(deployed: DeployedState, layout: Layout, lost: Collection[Place]) -> Iterator[str]:
    """Statements that put what displaces ours aside, under another name, and make misshapen tables
    anew, with the rows that still have all their columns. What is missing then is made by
    install_statements. What is `lost` is left as it is.
    """
    for place in sorted(displacing(deployed).keys() - set(lost)):
        if place[1] != "writer":  # It was put aside when the transaction began.
            yield putting_aside(deployed, place)
    for table in misshapen(deployed):
        place = (layout.system, table)
        if place in lost:
            continue
        old = (layout.system, _aside(deployed, place))
        yield putting_aside(deployed, place)
        yield warehouse.install_pieces(layout)["table", table][0]
        if _keeps_rows(deployed, table):
            yield _carrying(table, old, place)
        yield f"DROP TABLE {qualified(*old)}"


def _declared(type_: str) -> str:
    """A type of ours as statements write it. The catalog calls some otherwise."""
    return type_.replace("character varying", "VARCHAR").replace("timestamp without time zone", "TIMESTAMP")


def putting_aside(deployed: DeployedState, place: Place) -> str:
    """The statement that keeps what is in a place of ours under another name."""
    return f"ALTER TABLE {qualified(*place)} RENAME TO {identifier(_aside(deployed, place))}"


def _ours(deployed: DeployedState) -> Mapping[Place, RelationKind]:
    tables = dict.fromkeys(warehouse.expected_tables(deployed.layout), RelationKind.TABLE)
    return tables | dict.fromkeys(warehouse.expected_views(deployed.layout), RelationKind.VIEW)


def _tables(deployed: DeployedState) -> frozenset[str]:
    """The names of our tables, as far as tables have them."""
    tables = deployed.snapshot.tables
    names = {name for _, name in warehouse.expected_tables(deployed.layout)}
    return frozenset(each for each in names if each in tables and tables[each].kind is RelationKind.TABLE)


def _bent(columns: tuple[TableColumn, ...], table: str) -> bool:
    now = {each.name: each for each in columns}
    return any(not _is(now.get(each.name), each) for each in warehouse.expected_columns()[table])


def _is(actual: TableColumn | None, wanted: TableColumn) -> bool:
    return actual is not None and (actual.type, actual.required) == (wanted.type, wanted.required)


def _column_lines(deployed: DeployedState, table: str) -> Iterator[str]:
    name = dotted(deployed.layout.system, table)
    now = {each.name: each for each in deployed.snapshot.tables[table].columns}
    end = "it is made anew, with its rows" if _keeps_rows(deployed, table) else "it is made anew, without its rows"
    for wanted in warehouse.expected_columns()[table]:
        actual = now.get(wanted.name)
        if actual is None:
            yield f"the column {wanted.name} of the table {name} is missing: {end}"
        elif actual.type != wanted.type:
            yield f"the column {wanted.name} of the table {name} is {actual.type} and not {wanted.type}: {end}"
        elif actual.required != wanted.required:
            may = "may not be NULL" if actual.required else "may be NULL"
            yield f"the column {wanted.name} of the table {name} {may}: {end}"


def _keeps_rows(deployed: DeployedState, table: str) -> bool:
    """Whether rows can be carried over: all columns are there, of the same type but for the length
    of texts.
    """
    now = {each.name: each.type for each in deployed.snapshot.tables[table].columns}
    return all(_is_alike(now.get(each.name, ""), each.type) for each in warehouse.expected_columns()[table])


def _is_alike(actual: str, wanted: str) -> bool:
    text = "character varying"
    return actual == wanted or (actual.startswith(text) and wanted.startswith(text))


def _carrying(table: str, old: Place, new: Place) -> str:
    """Copies the rows. One that lacks what veil always writes is none of veil's, and a text that
    does not fit was not written by veil: cut off, it no longer matches its hash.
    """
    columns = warehouse.expected_columns()[table]
    names = ", ".join(identifier(each.name) for each in columns)
    values = ", ".join(f"CAST({identifier(each.name)} AS {_declared(each.type)})" for each in columns)
    required = " AND ".join(f"{identifier(each.name)} IS NOT NULL" for each in columns if each.required)
    where = f" WHERE {required}" if required else ""
    return f"INSERT INTO {qualified(*new)} ({names}) SELECT {values} FROM {qualified(*old)}{where}"


def _aside(deployed: DeployedState, place: Place) -> str:
    """A name that nothing has."""
    taken = {name for schema, name in deployed.snapshot.kinds if schema == place[0]} | deployed.snapshot.tables.keys()
    candidates = (f"{place[1]}_aside{number if number > 1 else ''}" for number in count(1))
    return next(each for each in candidates if each not in taken)
