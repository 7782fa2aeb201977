"""What one SELECT reads: a relation, the caller's tests decided once, and lists of values joined to its rows.

The protected row, a lookup's table and the subscription test each have a scope of their own, so that a bare name
inside a lookup can never reach the outer row.
"""

from collections.abc import Mapping
from functools import cached_property

from veil.compiler.building import call, conjunction, form, infix, integer, is_null
from veil.compiler.lengths import of_text
from veil.compiler.sql import (
    Aliased,
    ColumnRef,
    From,
    Join,
    Output,
    OwnRef,
    Relation,
    ScalarQuery,
    Select,
    Sql,
    TextLiteral,
)
from veil.compiler.users import (
    ALONE,
    CALLER,
    HAS_PROFILE,
    LONGEST_NAME,
    USERNAME,
    WHOM,
    Caller,
    System,
    Tags,
    is_certain,
)
from veil.compiler.values import NOTHING, Value, read_column
from veil.language.tree import Expression
from veil.model import ColumnType
from veil.policy.shapes import Shape


class Scope:
    """Gathers joins while expressions are compiled; `source` then writes the FROM clause.

    Names: `caller` all that is known of the caller (see `CALLER`), `t` the protected row, `l` a lookup's table, `d` the caller's tests, `a1`, `a2`, … lists that the caller
    holds, `k1`, `k2`, … lookups, `n1`, `n2`, … how many rows those have. Columns are always qualified and quoted, so none
    of them can be mistaken for an alias.
    """

    def __init__(
        self,
        system: System,
        *,
        alias: str = "t",
        columns: Mapping[str, ColumnType] | None = None,
        caller_tags: Tags | None = None,
        salted: str = "",
        caller: Relation = CALLER,
    ) -> None:
        self.system = system
        self.alias = alias
        self.columns = columns
        self.caller = Caller(caller, caller_tags or Tags())
        self.masked = NOTHING
        self._salted = salted
        self.user_tests: dict[Expression, Sql] = {}
        self._decided: dict[Sql, str] = {}
        self._joins: dict[tuple[Select, tuple[tuple[str, Sql], ...]], str] = {}
        self._clauses: list[Join] = []

    def column(self, name: str) -> Value:
        """A column of this scope's relation. Of a lookup only the warehouse knows the type."""
        reference = self.reference(name)
        if self.columns is None:
            return Value(reference, Shape.ANY)
        return read_column(reference, self.columns[name])

    def reference(self, name: str) -> Sql:
        """A column as it stands in the table."""
        return ColumnRef(self.alias, name)

    def decide(self, aggregate: Sql, name: str = "") -> Sql:
        """Have the caller's test decided once per query, and refer to it."""
        if aggregate not in self._decided:
            self._decided[aggregate] = name or f"c{sum(each[0] == 'c' for each in self._decided.values()) + 1}"
        return OwnRef("d", self._decided[aggregate])

    @cached_property
    def has_profile(self) -> Sql:
        return self.decide(HAS_PROFILE, "p")

    @cached_property
    def alone(self) -> Sql:
        """TRUE but while the caller acts in an equalized project."""
        return self.decide(ALONE, "o")

    @cached_property
    def whom(self) -> Sql:
        """For whom the caller's tests were decided."""
        return self.decide(WHOM, "w")

    @property
    def decides(self) -> bool:
        """Whether anything about the caller is asked here."""
        return bool(self._decided)

    @cached_property
    def username(self) -> Value:
        name = self.decide(USERNAME, "u")
        return Value(name, Shape.TEXT, trimmed=True, known=of_text(name, LONGEST_NAME))

    @cached_property
    def salt(self) -> Sql:
        """The data source's salt, which only the view's owner may read."""
        return self._salt_named(TextLiteral(self._salted), "s")

    @cached_property
    def join_salt(self) -> Sql:
        """The salt of hash masks: that of the caller's project where it has masked joins, else the data source's."""
        largest = Output(call("max", OwnRef("e", "v")))
        shared = infix("=", OwnRef("e", "k"), TextLiteral("project_salt"))
        found = ScalarQuery(Select((largest,), From(Aliased(self.caller.relation, "e")), shared))
        return self._salt_named(form("COALESCE", found, TextLiteral(self._salted)), "j")

    def _salt_named(self, name: Sql, alias: str) -> Sql:
        salt = Output(call("max", ColumnRef("s", "salt")))
        named = infix("=", ColumnRef("s", "name"), name)
        salts = From(Aliased(self.system.relation("salt"), "s"))
        return self.decide(ScalarQuery(Select((salt,), salts, named)), alias)

    def held(self, kind: str, name: str, text: Sql) -> Sql:
        """Whether `text`, which is not NULL, is among what the caller holds."""
        alias = self._joined(self.caller.values(kind, name), {"v": text}, "a")
        return is_certain(form("COALESCE", OwnRef(alias, "s"), integer(0)))

    def has(self, query: Select, matched: Mapping[str, Sql]) -> Sql:
        """Whether a query has a row whose columns equal these values of this scope's row: `v`, and others. It has at
        most one such row.
        """
        return is_null(OwnRef(self._joined(query, matched, "k"), "v"), negated=True)

    def number(self, query: Select, matched: Mapping[str, Sql], column: str) -> Sql:
        """A number out of the only row of a query, or of the only one whose columns equal these values of this scope's
        row: 0 where there is none.
        """
        found = OwnRef(self._joined(query, matched, "n"), column)
        return form("COALESCE", found, integer(0)) if matched else found

    def _joined(self, query: Select, matched: Mapping[str, Sql], letter: str) -> str:
        """The alias of a query that is joined once, however often it is asked."""
        known = (query, tuple(matched.items()))
        alias = self._joins.get(known)
        if alias is None:
            alias = f"{letter}{sum(each[0] == letter for each in self._joins.values()) + 1}"
            self._joins[known] = alias
            on = equalities(alias, matched) if matched else None
            self._clauses.append(Join("LEFT" if matched else "CROSS", Aliased(query, alias), on))
        return alias

    def source(self, relation: Relation | None) -> From:
        """The FROM clause: the relation, the caller's tests where there are any, and the joins."""
        if not self._decided and relation is not None:
            return From(Aliased(relation, self.alias), tuple(self._clauses))
        # The salt alone is no aggregate, and without one there would be a row per entry instead of one.
        tests = Aliased(self.caller.read({WHOM: "w", **self._decided}), "d")
        if relation is None:
            return From(tests, tuple(self._clauses))
        return From(Aliased(relation, self.alias), (Join("CROSS", tests), *self._clauses))


def equalities(alias: str, matched: Mapping[str, Sql]) -> Sql:
    """That columns of `alias` equal these values, of which there is one at least."""
    return conjunction(infix("=", OwnRef(alias, column), value) for column, value in matched.items())
