"""How many rows of a data source show to somebody: the row test of its view as a SELECT that is
sent, and never published.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from veil.compiler.building import call, integer
from veil.compiler.decided import Decided
from veil.compiler.errors import CompileError
from veil.compiler.printer import MOST_BYTES, StatementTooLongError, print_query
from veil.compiler.rows import row_test
from veil.compiler.scope import ADMITTED, Place, Scope
from veil.compiler.sql import (
    Aliased,
    Cast,
    CommonTable,
    From,
    LiteralRows,
    Output,
    OwnRef,
    Select,
    Sql,
    TextLiteral,
    With,
    Word,
)
from veil.compiler.users import CALLER, Caller, system_of
from veil.model import ColumnType, DataSource, Family, World
from veil.policy import resolve

_SOMEBODY = "1"
"""For whom all is decided: there is one caller only."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What holds for a caller, as views find it: a group is of the kind "group" and has no name.
    `strength` is 2 for what is certain, and 1 for what some members of an equalized project hold
    and others do not.
    """

    kind: str
    name: str
    value: str
    strength: int = 2


def count_rows(world: World, source: DataSource, entries: Sequence[Entry]) -> str:
    """The SELECT that counts the rows that the row policies show to the caller for whom these
    entries hold, one at least. Whether the caller is admitted, and whether the data source is
    closed, is not asked. It is for a session in UTC.

    Raises CompileError where there is none, or one that is too long.
    """
    resolved = resolve(world, source)
    decided = Decided(system_of(world.integration), Caller(CALLER), source.key)
    columns = {each.name: each.type for each in source.columns}
    scope = Scope(decided, columns=columns, lookups=resolved.lookups).placed(Place.FILTER)
    shown = row_test(resolved, scope)
    rows = scope.source(decided.system.table(source.schema, source.table))
    only = Select(tuple(Output(OwnRef("e", each), each) for each in "knvswt"), From(Aliased(CALLER, "e")))
    known = (
        *decided.tables(LiteralRows(tuple(map(_row, entries))), only),
        CommonTable(ADMITTED.name, Select((Output(call("max", OwnRef("e", "w")), "w"),), From(Aliased(CALLER, "e")))),
    )
    try:
        return print_query(With(known, Select((Output(call("count", Word("*")), "n"),), rows, shown)))
    except StatementTooLongError:
        detail = f"The rows of {source.key} cannot be counted by one statement of at most {MOST_BYTES:,} bytes."
        raise CompileError("Rows that cannot be counted", detail, key=source.key, is_too_long=True) from None


def _row(entry: Entry) -> tuple[Output, ...]:
    return (
        Output(_text(entry.kind), "k"),
        Output(_text(entry.name), "n"),
        Output(_text(entry.value), "v"),
        Output(integer(entry.strength), "s"),
        Output(_text(_SOMEBODY), "w"),
        Output(call("getdate"), "t"),
    )


def _text(text: str) -> Sql:
    """A literal alone has no type, and a column of one is nothing to compare with."""
    return Cast(TextLiteral(text), ColumnType(Family.VARCHAR, max(len(text.encode()), 1)))
