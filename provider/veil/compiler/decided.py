"""What is decided of the caller once per query: the columns of one row, in a common table that all
else refers to.
"""

from collections.abc import Sequence
from functools import cached_property

from veil.compiler.building import call, case, infix
from veil.compiler.sql import (
    Aliased,
    ColumnRef,
    CommonTable,
    CommonTableRef,
    From,
    LiteralRows,
    Output,
    Query,
    ScalarQuery,
    Select,
    Sql,
    TextLiteral,
)
from veil.compiler.users import CALLER, EACH, NOW, POSSIBLE, WHOM, Caller, System

DECIDED = CommonTableRef("decided")
"""The common table of one row: each test of the user as a column of its own, for whom all were
decided, as `w`, and when, as `t`.
"""

DECIDED_FOR_EACH = CommonTableRef("each_decided")
"""The same with a row for whoever the session may be."""


class Decided:
    """The tests of the user that one view asks, whichever of its scopes asks them. `salted` names
    the view's salt.
    """

    relation = DECIDED

    def __init__(self, system: System, caller: Caller, salted: str = "") -> None:
        self.system = system
        self.caller = caller
        self._salted = salted
        self._columns: dict[Sql, str] = {WHOM: "w", NOW: "t"}
        self._asks_possible = False
        self._asked: dict[int, tuple[Sql, str]] = {}
        """By identity, as a hash reads all of a test. It is kept, so that no other gets its
        identity.
        """

    def column(self, test: Sql, name: str = "") -> str:
        """The name of the column that a test has, an aggregate over the caller's entries."""
        asked = self._asked.get(id(test))
        if asked is None:
            column = self._columns.get(test)
            if column is None:
                column = name or f"c{sum(each[0] == 'c' for each in self._columns.values()) + 1}"
                self._columns[test] = column
            asked = self._asked[id(test)] = test, column
        return asked[1]

    @cached_property
    def salt(self) -> str:
        """The column of the data source's salt, which only the view's owner may read."""
        return self.column(self._own_salt, "s")

    @cached_property
    def join_salt(self) -> str:
        """The column of the salt of hash masks: that of the caller's project where it has masked
        joins, else the data source's.
        """
        is_named = self.caller.names_salt(Aliased(self.system.relation("salt"), "g"), "project_salt")
        return self.column(case([(is_named, _only_salt("g"))], self._own_salt), "j")

    @property
    def _own_salt(self) -> Sql:
        is_own = infix("=", ColumnRef("s", "name"), TextLiteral(self._salted))
        salts = From(Aliased(self.system.relation("salt"), "s"))
        return ScalarQuery(Select((Output(_only_salt("s")),), salts, is_own))

    def query(self) -> Select:
        """The SELECT that `relation` stands for, once everything has been asked."""
        return self.caller.read(self._columns)

    def possible_values(self, kind: str, name: str) -> Select:
        """`Caller.values` of whoever the session may be."""
        self._asks_possible = True
        return Caller(POSSIBLE).values(kind, name)

    @cached_property
    def for_each(self) -> "DecidedForEach":
        """The same for whoever the session may be: what is asked of it depends on nothing that
        changes while a query runs.
        """
        self._asks_possible = True
        return DecidedForEach(self)

    def tables(self, caller: Query | LiteralRows, possible: Query) -> Sequence[CommonTable]:
        """The common tables of what has been asked, from what is known of the caller and of whoever
        the session may be.
        """
        known = [CommonTable(CALLER.name, caller), CommonTable(self.relation.name, self.query())]
        if "for_each" in vars(self):
            known.append(CommonTable(self.for_each.relation.name, self.for_each.query()))
        if self._asks_possible:
            known.insert(1, CommonTable(POSSIBLE.name, possible))
        return known


def _only_salt(alias: str) -> Sql:
    """Of two salts of one name somebody has added one, and may know it: then nothing is hashed, and
    masks give NULL.
    """
    least, largest = (call(name, ColumnRef(alias, "salt")) for name in ("min", "max"))
    return case([(infix("=", least, largest), largest)])


class DecidedForEach(Decided):
    """The tests that a sub-select asks of whoever the session may be."""

    relation = DECIDED_FOR_EACH

    def __init__(self, decided: Decided) -> None:
        super().__init__(decided.system, Caller(POSSIBLE))
        self._columns = {EACH: "w", NOW: "t"}

    def query(self) -> Select:
        return self.caller.read(self._columns, (EACH,))
