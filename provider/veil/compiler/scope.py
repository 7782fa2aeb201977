"""What one SELECT reads: a relation, what is decided of the caller, and lists of values joined to
its rows.

The protected row, a lookup's table and the subscription test each have a scope of their own, so
that a bare name inside a lookup can never reach the outer row.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import count
from typing import Self

from veil.compiler.building import FALSE, TRUE, call, case, conjunction, form, infix, integer, is_null, mentions
from veil.compiler.decided import Decided, DecidedForEach
from veil.compiler.lengths import LONGEST, of_text
from veil.compiler.sql import (
    Aliased,
    ColumnRef,
    CommonTableRef,
    CountOver,
    From,
    Join,
    Output,
    OwnRef,
    PerColumn,
    Relation,
    ScalarQuery,
    Select,
    Sql,
    ThisColumn,
)
from veil.compiler.typechecks import type_tests
from veil.compiler.users import LONGEST_NAME, NO_TAGS, NOT_EQUALIZED, NOW, USERNAME, Tags, is_certain
from veil.compiler.values import LOOKUP, NOTHING, Value, entire, read_column
from veil.language.tree import Expression
from veil.language.value_types import ValueType
from veil.model import ColumnType, Family, LookupTables

ADMITTED = CommonTableRef("admitted")
"""The common table of one row: for whom the view was opened, as `w`, NULL where it was not."""


NO_LOOKUPS: LookupTables = {}


class Place(Enum):
    """Where an expression stands, which decides how it asks about the caller."""

    VALUE = auto()
    """What is decided of the caller is a row that is joined to the scope's."""
    FILTER = auto()
    """In WHERE, before anything is joined: what is decided comes from sub-selects that depend on
    nothing, so that the test is one of the table's scan where it needs no list.
    """


@dataclass(slots=True)
class _Joined:
    """What is joined to a scope's relation."""

    aliases: dict[tuple[Select, tuple[tuple[str, Sql], ...]], str] = field(default_factory=dict)
    clauses: list[Join] = field(default_factory=list)
    decided: bool = False
    counts: dict[tuple[str, ...], str] = field(default_factory=dict)
    """What counts the rows that have the same values in these columns."""
    named: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    """The columns of which more is made than that they are shown."""
    agreements: dict[Sql, None] = field(default_factory=dict)
    """What is TRUE where what was joined was found for whom all else was decided."""
    looked_up: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    """By the lookup's table, those of its columns."""


class Scope:
    """Gathers joins while expressions are compiled; `source` then writes the FROM clause.

    Names: `caller`, `decided` and `admitted` what is known of the caller, `t` the protected row,
    `l` a lookup's table, `d` the row of what is decided, `a1`, `a2`, … lists that the caller holds,
    `k1`, `k2`, … lookups, `n1`, `n2`, … how many rows those have. Columns are always qualified and
    quoted, so none of them can be mistaken for an alias.
    """

    def __init__(
        self,
        decided: Decided,
        *,
        alias: str = "t",
        columns: Mapping[str, ColumnType] | None = None,
        tags: Tags = NO_TAGS,
        lookups: LookupTables = NO_LOOKUPS,
    ) -> None:
        self.decided = decided
        self.tags = tags
        self.alias = alias
        self.columns = columns
        self.lookups = lookups
        self.masked = NOTHING
        self.place = Place.VALUE
        self.user_tests: dict[Expression, Sql | None] = {}
        """What has been asked, as a test of the user; None for what asks about more than the
        user.
        """
        self._joined = _Joined()

    def placed(self, place: Place) -> Self:
        """The same scope, joins included, for expressions that stand elsewhere."""
        other = copy(self)
        other.place = place
        return other

    def inner(self, table: tuple[str, ...], *, for_each: bool = False) -> "Scope":
        """The scope of a lookup's table, of whose columns more may be known than their names. It
        asks about the caller, or `for_each` about whoever the session may be.
        """
        inner = Scope(
            self.decided.for_each if for_each else self.decided, alias=LOOKUP, columns=self.lookups.get(table)
        )
        inner._joined.decided = for_each
        return inner

    def column(self, name: str) -> Value:
        """A column of this scope's relation. Of a lookup it may be that only the warehouse knows
        the type.
        """
        reference = self.reference(name)
        if self.columns is None:
            return Value(reference, ValueType.UNKNOWN)
        self.rely_on_type(name)
        column_type = self.columns[name]
        if self.alias == LOOKUP and column_type.family.is_text:
            # Nothing tests how long its texts may be, and one that is cut might be what is looked
            # for.
            column_type = replace(column_type, length=LONGEST)
        return read_column(reference, column_type)

    def reference(self, name: str) -> ColumnRef:
        """A column as it stands in the table."""
        self._joined.named.add(name)
        return ColumnRef(self.alias, name)

    def rely_on_type(self, name: str) -> None:
        """Have the view test that a column still has its type: something is computed from its
        values.
        """
        self._joined.typed.add(name)

    def rely_on_types_of(self, table: tuple[str, ...], inner: "Scope") -> None:
        """Have the view test the types of the columns of a lookup's table that its scope relies
        on.
        """
        self._joined.looked_up.setdefault(table, set()).update(inner._joined.typed)

    @property
    def type_tests(self) -> Sequence[Sql]:
        """What is TRUE where all columns that something is computed from have the types that are
        known of them.
        """
        return [*self._own_type_tests(), *self._lookup_type_tests()]

    def _lookup_type_tests(self) -> Iterator[Sql]:
        """One sub-select for each table, which reads none of its rows: over no rows too an
        aggregate has a type. It stands beside what the lookup finds: finding nothing would make NOT
        IN show everything.
        """
        for table, names in sorted(self._joined.looked_up.items()):
            if names:
                known = self.lookups[table]
                tests = conjunction(
                    each
                    for name in sorted(names)
                    for each in _type_tests_over_none(ColumnRef(LOOKUP, name), known[name])
                )
                source = From(Aliased(self.decided.system.table(*table), LOOKUP))
                yield ScalarQuery(Select((Output(tests),), source, FALSE))

    def _own_type_tests(self) -> Sequence[Sql]:
        this, bodies = ThisColumn(self.alias, ""), dict[ColumnType, Sql]()
        known, tests = self.columns or {}, []
        for name in sorted(self._joined.typed):
            column_type = known[name]
            body = bodies.get(column_type)
            if body is None:
                body = bodies[column_type] = conjunction(type_tests(this, column_type))
            if body is not TRUE:
                tests.append(PerColumn(body, ColumnRef(self.alias, name)))
        return tests

    def alike(self, names: Collection[str]) -> Sql:
        """How many rows of the relation have this row's values in these columns, whatever else
        filters them: NULL is a value like others, and spaces at the end of a text are none.
        """
        columns = tuple(sorted(names))
        if columns not in self._joined.counts:
            taken = {each.lower() for each in self.columns or ()}
            free = (each for at in count(1) if (each := f"g{at}") not in taken)
            used = set(self._joined.counts.values())
            self._joined.typed |= {*columns} & {*(self.columns or ())}
            self._joined.counts[columns] = next(each for each in free if each not in used)
        return OwnRef(self.alias, self._joined.counts[columns])

    def hoist_user_test(self, test: Sql, name: str = "") -> Sql:
        """Have something about the caller decided once per query, and refer to it."""
        return self._refer(self.decided.column(test, name))

    def beside(self, column: str) -> Sql:
        """A column of the row of what is decided. As an argument of a function it is a column in
        every place: engines would not unfold the function over a sub-select.
        """
        self._joined.decided = True
        return OwnRef("d", column)

    def _refer(self, column: str) -> Sql:
        if self.place is not Place.FILTER:
            return self.beside(column)
        # An engine may evaluate this and the row that is joined at different times: what was
        # decided for another caller than the one for whom the view was opened is unknown here.
        same = infix("=", OwnRef("d", "w"), opened_for())
        return ScalarQuery(Select((Output(OwnRef("d", column)),), From(Aliased(self.decided.relation, "d")), same))

    @property
    def not_equalized(self) -> Sql:
        """TRUE but while the caller acts in an equalized project."""
        return self.hoist_user_test(NOT_EQUALIZED, "o")

    @property
    def username(self) -> Value:
        name = self.hoist_user_test(USERNAME, "u")
        return Value(name, ValueType.TEXT, trimmed=True, known=of_text(name, LONGEST_NAME))

    @property
    def now(self) -> Sql:
        """The moment of the query."""
        return self.beside(self.decided.column(NOW))

    @property
    def salt(self) -> Sql:
        return self.beside(self.decided.salt)

    @property
    def join_salt(self) -> Sql:
        return self.beside(self.decided.join_salt)

    @property
    def whom(self) -> Sql:
        """For whom what is asked here was decided: in WHERE, for whom the view was opened."""
        return opened_for() if self.place is Place.FILTER else self.beside("w")

    @property
    def is_for_each(self) -> bool:
        """Whether what is decided is so for whoever the session may be, in a row for each."""
        return isinstance(self.decided, DecidedForEach)

    @property
    def decides(self) -> bool:
        """Whether the row of what is decided is joined."""
        return self._joined.decided

    def held(self, kind: str, name: str, text: Sql) -> Sql:
        """Whether `text`, which is not NULL, is among what the caller holds.

        A value that is not there is not held, so what is joined has to be the same for every
        caller: an engine may evaluate it after the session asked to be somebody else. An IN would
        be a filter at the scan and was measured: it costs more where columns are guarded (see
        tests/benchmarks/list_forms.py).
        """
        alias = self._join(self.decided.possible_values(kind, name), {"v": text, "w": self.beside("w")}, "a")
        return is_certain(form("COALESCE", OwnRef(alias, "s"), integer(0)))

    def surely_held(self, kind: str, name: str, text: Sql) -> Sql:
        """TRUE where `held` is TRUE, and nowhere else."""
        found_for = OwnRef(self._join(self.decided.caller.values(kind, name, certain=True), {"v": text}, "a"), "w")
        return infix("=", found_for, self.whom)

    def has(self, query: Select, matched: Mapping[str, Sql], *, decides: bool = False) -> Sql:
        """Whether a query has a row whose columns equal these values of this scope's row: `v`, and
        others. It has at most one such row. One that `decides` by the caller says in `s` whether it
        is one, and in `w` for whom.
        """
        alias = self._join(query, matched, "k")
        return infix("=", OwnRef(alias, "s"), integer(1)) if decides else is_null(OwnRef(alias, "v"), negated=True)

    def agreement(self, query: Select, matched: Mapping[str, Sql], letter: str) -> Sql:
        """Whether a query that decides by the caller, and whose `number` is asked, or with "k"
        whether it `has` something, did so for whom all else was decided. It did where it has no
        row, which it then has for nobody. Elsewhere no row shows: that what it says were unknown
        would not do, as expressions may show rows for what is unknown.
        """
        reference, whom = OwnRef(self._join(query, matched, letter), "w"), self.beside("w")
        agreed = infix("=", form("COALESCE", reference, whom), whom)
        self._joined.agreements[agreed] = None
        return agreed

    @property
    def agreements(self) -> Sequence[Sql]:
        """What is TRUE where all that was joined was found for whom all else was decided."""
        return tuple(self._joined.agreements)

    def number(self, query: Select, matched: Mapping[str, Sql], column: str) -> Sql:
        """A number out of the only row of a query, or of the only one whose columns equal these
        values of this scope's row: 0 where there is none.
        """
        reference = OwnRef(self._join(query, matched, "n"), column)
        return form("COALESCE", reference, integer(0)) if matched else reference

    def _join(self, query: Select, matched: Mapping[str, Sql], letter: str) -> str:
        """The alias of a query that is joined once, however often it is asked."""
        aliases = self._joined.aliases
        known = (query, tuple(matched.items()))
        alias = aliases.get(known)
        if alias is None:
            alias = f"{letter}{sum(each[0] == letter for each in aliases.values()) + 1}"
            aliases[known] = alias
            on = equalities(alias, matched) if matched else None
            self._joined.clauses.append(Join("LEFT" if matched else "CROSS", Aliased(query, alias), on))
        return alias

    def source(self, relation: Relation | None) -> From:
        """The FROM clause: the relation, the row of what is decided where it is asked, and the
        joins. Without a relation it is that row alone.
        """
        decided, clauses = Aliased(self.decided.relation, "d"), self._joined.clauses
        if relation is not None and self._joined.counts:
            relation = self._counted(relation)
        if relation is None:
            return From(decided, tuple(clauses))
        if not self._joined.decided:
            return From(Aliased(relation, self.alias), tuple(clauses))
        # As late as can be: lists that filter leave fewer rows to join it to.
        asked = [at for at, each in enumerate(clauses) if each.on is not None and mentions(each.on, "d")]
        at = asked[0] if asked else len(clauses)
        return From(Aliased(relation, self.alias), (*clauses[:at], Join("CROSS", decided), *clauses[at:]))

    def _counted(self, relation: Relation) -> Select:
        """The relation with what is counted over all of it, below every condition on its rows."""
        assert self.columns is not None
        outputs = [
            Output(ColumnRef("r", name), name, quoted=True) for name in self.columns if name in self._joined.named
        ]
        for names, counted in self._joined.counts.items():
            values = (read_column(ColumnRef("r", name), self.columns[name]) for name in names)
            outputs.append(Output(CountOver(tuple(map(entire, values))), counted))
        return Select(tuple(outputs), From(Aliased(relation, "r")))


def _type_tests_over_none(column: ColumnRef, column_type: ColumnType) -> Iterator[Sql]:
    """The tests of a column's type over none of its rows. There is no largest of BOOLEANs: what is
    none is an error all the same.

    Source: Amazon Redshift Database Developer Guide, "MAX function": its argument's type is that of
    what it returns.
    """
    if column_type.family is Family.BOOLEAN:
        counted = call("count", case([(conjunction(type_tests(column, column_type)), integer(1))]))
        yield infix("=", counted, integer(0))
    else:
        yield from type_tests(call("max", column), column_type)


def opened_for() -> Sql:
    """`(SELECT a.w FROM admitted AS a)`: for whom the view was opened."""
    return ScalarQuery(Select((Output(OwnRef("a", "w")),), From(Aliased(ADMITTED, "a"))))


def equalities(alias: str, matched: Mapping[str, Sql]) -> Sql:
    """That columns of `alias` equal these values, of which there is one at least."""
    return conjunction(infix("=", OwnRef(alias, column), value) for column, value in matched.items())
