"""What one SELECT reads: a relation, the caller's tests decided once, and lists of values joined to its rows.

The protected row, a lookup's table and the subscription test each have a scope of their own, so that a bare name
inside a lookup can never reach the outer row.
"""

from collections.abc import Mapping

from veil.compiler.quoting import identifier, literal
from veil.compiler.sql import Sql, call, is_null
from veil.compiler.users import ALONE, HAS_PROFILE, USERNAME, Caller, System, Tags, is_certain, values_held
from veil.compiler.values import NOTHING, Value, read_column
from veil.model import ColumnType
from veil.policy.shapes import Shape


class Scope:
    """Gathers joins while expressions are compiled; `source` then writes the FROM clause.

    Aliases: `t` the protected row, `l` a lookup's table, `d` the caller's tests, `a1`, `a2`, … lists that the caller
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
    ) -> None:
        self.system = system
        self.alias = alias
        self.columns = columns
        self.caller = Caller(system, caller_tags or Tags())
        self.masked = NOTHING
        self._salted = salted
        self._decided: dict[Sql, str] = {}
        self._joins: dict[tuple[Sql, ...], str] = {}
        self._clauses: list[Sql] = []

    def column(self, name: str) -> Value:
        """A column of this scope's relation. Of a lookup only the warehouse knows the type."""
        reference = self.reference(name)
        if self.columns is None:
            return Value(reference, Shape.ANY)
        return read_column(reference, self.columns[name])

    def reference(self, name: str) -> Sql:
        """A column as it stands in the table."""
        return Sql(f"{self.alias}.{identifier(name)}")

    def decide(self, aggregate: Sql, name: str = "") -> Sql:
        """Have the caller's test decided once per query, and refer to it."""
        if aggregate not in self._decided:
            self._decided[aggregate] = name or f"c{sum(each[0] == 'c' for each in self._decided.values()) + 1}"
        return Sql(f"d.{self._decided[aggregate]}")

    @property
    def has_profile(self) -> Sql:
        return self.decide(HAS_PROFILE, "p")

    @property
    def alone(self) -> Sql:
        """TRUE but while the caller acts in an equalized project."""
        return self.decide(ALONE, "o")

    @property
    def username(self) -> Value:
        return Value(self.decide(USERNAME, "u"), Shape.TEXT, trimmed=True)

    @property
    def salt(self) -> Sql:
        """The data source's salt, which only the view's owner may read."""
        return self._salt_named(literal(self._salted), "s")

    @property
    def join_salt(self) -> Sql:
        """The salt of hash masks: that of the caller's project where it has masked joins, else the data source's."""
        largest, relation = call("max", Sql('e."value"')), self.system.relation("user_entry")
        shared = f'(SELECT {largest} FROM {relation} AS e WHERE e."kind" = {literal("project_salt")})'
        return self._salt_named(Sql(f"COALESCE({shared}, {literal(self._salted)})"), "j")

    def _salt_named(self, name: Sql, alias: str) -> Sql:
        salt, relation = call("max", Sql('s."salt"')), self.system.relation("salt")
        return self.decide(Sql(f'(SELECT {salt} FROM {relation} AS s WHERE s."name" = {name})'), alias)

    def held(self, kind: str, name: str, text: Sql) -> Sql:
        """Whether `text`, which is not NULL, is among what the caller holds."""
        alias = self._joined(values_held(self.system, kind, name), {"v": text}, "a")
        return is_certain(Sql(f"COALESCE({alias}.s, 0)"))

    def has(self, query: Sql, matched: Mapping[str, Sql]) -> Sql:
        """Whether a query has a row whose columns equal these values of this scope's row: `v`, and others. It has at
        most one such row.
        """
        return is_null(Sql(f"{self._joined(query, matched, 'k')}.v"), negated=True)

    def number(self, query: Sql, matched: Mapping[str, Sql], column: str) -> Sql:
        """A number out of the only row of a query, or of the only one whose columns equal these values of this scope's
        row: 0 where there is none.
        """
        found = Sql(f"{self._joined(query, matched, 'n')}.{column}")
        return Sql(f"COALESCE({found}, 0)") if matched else found

    def _joined(self, query: Sql, matched: Mapping[str, Sql], letter: str) -> str:
        """The alias of a query that is joined once, however often it is asked."""
        known = (query, *(Sql(f"{column} = {value}") for column, value in matched.items()))
        alias = self._joins.get(known)
        if alias is None:
            alias = f"{letter}{sum(each[0] == letter for each in self._joins.values()) + 1}"
            self._joins[known] = alias
            join = f"LEFT JOIN ({query}) AS {alias} ON {equalities(alias, matched)}"
            self._clauses.append(Sql(join if matched else f"CROSS JOIN ({query}) AS {alias}"))
        return alias

    def source(self, relation: Sql | None, separator: str = " ") -> Sql:
        """The FROM clause: the relation, the caller's tests where there are any, and the joins."""
        first = [f"{relation} AS {self.alias}"] if relation is not None else []
        if self._decided or relation is None:
            # The salt alone is no aggregate, and without one there would be a row per entry instead of one.
            tests = self.caller.read({HAS_PROFILE: "p", **self._decided}, f"{separator}  " if separator != " " else " ")
            first.append(f"({tests}) AS d" if relation is None else f"CROSS JOIN ({tests}) AS d")
        return Sql(f"FROM {separator.join([*first, *self._clauses])}")


def equalities(alias: str, matched: Mapping[str, Sql]) -> Sql:
    """That columns of `alias` equal these values."""
    return Sql(" AND ".join(f"{alias}.{column} = {value}" for column, value in matched.items()))
