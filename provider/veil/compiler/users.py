"""What the system schema tells about the caller, and the test of a user as an aggregate over it.

A test is part of a SELECT without GROUP BY, which gives exactly one row: TRUE or FALSE for a caller with a profile,
NULL for everybody else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from veil.compiler.quoting import literal, qualified
from veil.compiler.sql import FALSE, Sql, call, case, conjunction, infix, is_null
from veil.language import has_infrastructure, infrastructure_pieces, tree, walk
from veil.language.tree import Expression
from veil.model import Integration
from veil.policy.places import lineage

PROFILE_USER = Sql('p."immuta__userid"')
PROFILE_NAME = Sql('p."username"')
"""The caller's name as `@username` has it: NULL while they act in an equalized project."""
USERNAME = call("rtrim", call("max", PROFILE_NAME))
HAS_PROFILE = infix("=", call("max", case([(is_null(PROFILE_USER, negated=True), Sql("1"))])), Sql("1"))
"""TRUE for a caller with a profile; NULL, and never FALSE, without."""
PROFILE_ALONE = infix("=", Sql('p."equalized"'), Sql("0"))
ALONE = infix("=", call("max", Sql('p."equalized"')), Sql("0"))
"""TRUE for a caller who sees what they are to see, FALSE for one who sees what all members of a project share."""
IN_PROJECT = infix(
    "=", call("max", case([(is_null(Sql('p."current_project"'), negated=True), Sql("1"))], Sql("0"))), Sql("1")
)

_NAME, _VALUE = call("rtrim", Sql('e."name"')), call("rtrim", Sql('e."value"'))


@dataclass(frozen=True, slots=True)
class System:
    """The names of what views read: the system schema's relations, and tables. With several databases in play, `database`
    being the integration's and `tables` that of the tables, all names have three parts.
    """

    schema: str
    database: str | None = None
    tables: str | None = None

    def relation(self, name: str) -> Sql:
        return qualified(*([self.database] if self.database else []), self.schema, name)

    def table(self, *parts: str) -> Sql:
        """A base table, or a lookup's, of schema and name; one that names its database already keeps that."""
        return qualified(*([self.tables] if self.tables and len(parts) == 2 else []), *parts)


def system_of(integration: Integration) -> System:
    """The names of what an integration's views read."""
    if integration.other_database is None:
        return System(integration.system_schema)
    return System(integration.system_schema, integration.database, integration.other_database)


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tag functions look at: the tags of the data source, those of its columns, and what `@hostname` and
    its like stand for in values of `@hasAttribute`, None where they stand for themselves.
    """

    source: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    infrastructure: Mapping[str, str] | None = None


def is_certain(strength: Sql) -> Sql:
    """A test of the caller from the strength of what was found: TRUE for 2, which is held, unknown for 1, which some
    members of an equalized project hold and others do not, FALSE for 0.
    """
    return infix("=", Sql(f"NULLIF({strength}, 1)"), Sql("2"))


class Caller:
    """Tests of the caller's entries, as aggregates, and which kinds of entry they look at."""

    def __init__(self, system: System, tags: Tags) -> None:
        self.system = system
        self.tags = tags
        self.kinds: set[str] = set()

    def holds(self, kind: str, condition: Sql, name: str | None = None) -> Sql:
        """Whether the caller has an entry of this kind, and name, for which the condition holds."""
        self.kinds.add(kind)
        tests = [infix("=", Sql("e.k"), literal(kind))]
        if name is not None:
            tests.append(infix("=", Sql("e.n"), literal(name.rstrip(" "))))
        return is_certain(call("max", case([(conjunction([*tests, condition]), Sql("e.s"))], Sql("0"))))

    def holds_value(self, kind: str, value: str, name: str | None = None) -> Sql:
        return self.holds(kind, infix("=", Sql("e.v"), literal(value.rstrip(" "))), name)

    def holds_tag(self, kind: str, place: str, name: str | None = None) -> Sql:
        """Whether a value of the caller equals or stands above a tag of the place."""
        present = self.tags.source if place == "dataSource" else self.tags.columns
        above = sorted({each for tag in present for each in lineage(tag)})
        listed = ", ".join(literal(tag) for tag in above)
        return self.holds(kind, infix("IN", call("lower", Sql("e.v")), Sql(f"({listed})")) if listed else FALSE, name)

    def has_attribute(self, node: tree.HasAttribute) -> Sql:
        """Whether the caller holds the pair. With infrastructure variables in the value `*` stands for any run."""
        parts = self.tags.infrastructure
        if parts is None or not has_infrastructure(node.value):
            return self.holds_value("attribute", node.value, node.name)
        pieces = infrastructure_pieces(node.value.rstrip(" "))
        pattern = "".join(
            _escaped(parts[piece]) if index % 2 else "%".join(map(_escaped, piece.split("*")))
            for index, piece in enumerate(pieces)
        )
        return self.holds("attribute", infix("LIKE", Sql("e.v"), literal(pattern)), node.name)

    def read(self, tests: Mapping[Sql, str], separator: str = " ") -> Sql:
        """The SELECT of these tests over the caller's profile and entries. One row, as one of them is an aggregate."""
        listed = f",{separator}".join(f"{test} AS {name}" for test, name in tests.items())
        clauses = [f"SELECT {listed}", f"FROM {self.system.relation('user_profile')} AS p"]
        if self.kinds:
            clauses.append(f"LEFT JOIN ({self._entries()}) AS e ON e.k IS NOT NULL")
        return Sql(separator.join(clauses))

    def _entries(self) -> Sql:
        kinds = ", ".join(literal(kind) for kind in sorted(self.kinds))
        relation = self.system.relation("user_entry")
        return Sql(
            f'SELECT e."kind" AS k, {_NAME} AS n, {_VALUE} AS v, e."strength" AS s FROM {relation} AS e '
            f'WHERE e."kind" IN ({kinds})'
        )


def values_held(system: System, kind: str, name: str) -> Sql:
    """The distinct values of an attribute (or groups, purposes) that the caller holds, as column `v`, and how strongly,
    as column `s`.
    """
    named = f" AND {_NAME} = {literal(name.rstrip(' '))}" if name else ""
    relation = system.relation("user_entry")
    strongest = call("max", Sql('e."strength"'))
    columns = f"{_VALUE} AS v, {strongest} AS s"
    return Sql(f'SELECT {columns} FROM {relation} AS e WHERE e."kind" = {literal(kind)}{named} GROUP BY {_VALUE}')


_ROW_NODES = (tree.ColumnName, tree.ColumnReference, tree.ColumnTagged, tree.MaskedValue, tree.InLookup)
_ATOMS = (
    tree.IsInGroups,
    tree.HasAttribute,
    tree.IsUsingPurpose,
    tree.AttributeValuesContains,
    tree.GroupsContains,
    tree.PurposesContains,
    tree.HasTagAsAttribute,
    tree.HasTagAsGroup,
)
_CONTAINS = (tree.AttributeValuesContains, tree.GroupsContains, tree.PurposesContains)


def is_about_user(expression: Expression) -> bool:
    """Whether an expression depends on the user alone, and can be decided once per query.

    A list function over a value that itself tests the user cannot: aggregates do not nest.
    """
    nodes = tuple(walk(expression))
    if any(isinstance(node, _ROW_NODES) for node in nodes):
        return False
    if any(isinstance(inner, _ATOMS) for node in nodes if isinstance(node, _CONTAINS) for inner in walk(node.value)):
        return False
    return any(isinstance(node, (*_ATOMS, tree.Username)) for node in nodes)


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
