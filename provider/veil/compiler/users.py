"""What the system schema tells about the caller, and the test of a user as an aggregate over it.

A test is part of a SELECT without GROUP BY, which gives exactly one row: TRUE or FALSE for a caller with a profile,
NULL for everybody else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from veil.compiler.building import FALSE, call, case, conjunction, form, infix, integer, is_null
from veil.compiler.sql import Aliased, ColumnRef, From, In, Join, Output, OwnRef, Select, Sql, Table, TextLiteral
from veil.language import has_infrastructure, infrastructure_pieces, tree, walk
from veil.language.tree import Expression
from veil.model import Integration
from veil.policy.places import lineage

PROFILE_USER = ColumnRef("p", "immuta__userid")
PROFILE_NAME = ColumnRef("p", "username")
"""The caller's name as `@username` has it: NULL while they act in an equalized project."""
USERNAME = call("rtrim", call("max", PROFILE_NAME))
HAS_PROFILE = infix("=", call("max", case([(is_null(PROFILE_USER, negated=True), integer(1))])), integer(1))
"""TRUE for a caller with a profile; NULL, and never FALSE, without."""
PROFILE_ALONE = infix("=", ColumnRef("p", "equalized"), integer(0))
ALONE = infix("=", call("max", ColumnRef("p", "equalized")), integer(0))
"""TRUE for a caller who sees what they are to see, FALSE for one who sees what all members of a project share."""
_HAS_PROJECT = is_null(ColumnRef("p", "current_project"), negated=True)
IN_PROJECT = infix("=", call("max", case([(_HAS_PROJECT, integer(1))], integer(0))), integer(1))

ENTRY_VALUE = OwnRef("e", "v")
"""The value of one of the caller's entries, within an aggregate over them."""
_ENTRY_KIND, _ENTRY_NAME, _ENTRY_STRENGTH = OwnRef("e", "k"), OwnRef("e", "n"), OwnRef("e", "s")
_KIND = ColumnRef("e", "kind")
_NAME, _VALUE = call("rtrim", ColumnRef("e", "name")), call("rtrim", ColumnRef("e", "value"))
_STRENGTH = ColumnRef("e", "strength")


@dataclass(frozen=True, slots=True)
class System:
    """The names of what views read: the system schema's relations, and tables. With several databases in play, `database`
    being the integration's and `tables` that of the tables, all names have three parts.
    """

    schema: str
    database: str | None = None
    tables: str | None = None

    def relation(self, name: str) -> Table:
        return Table((self.database, self.schema, name) if self.database else (self.schema, name))

    def table(self, *parts: str) -> Table:
        """A base table, or a lookup's, of schema and name; one that names its database already keeps that."""
        return Table((self.tables, *parts) if self.tables and len(parts) == 2 else parts)


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
    return infix("=", form("NULLIF", strength, integer(1)), integer(2))


class Caller:
    """Tests of the caller's entries, as aggregates, and which kinds of entry they look at."""

    def __init__(self, system: System, tags: Tags) -> None:
        self.system = system
        self.tags = tags
        self.kinds: set[str] = set()

    def holds(self, kind: str, condition: Sql, name: str | None = None) -> Sql:
        """Whether the caller has an entry of this kind, and name, for which the condition holds."""
        self.kinds.add(kind)
        tests = [infix("=", _ENTRY_KIND, TextLiteral(kind))]
        if name is not None:
            tests.append(infix("=", _ENTRY_NAME, TextLiteral(name.rstrip(" "))))
        return is_certain(call("max", case([(conjunction([*tests, condition]), _ENTRY_STRENGTH)], integer(0))))

    def holds_value(self, kind: str, value: str, name: str | None = None) -> Sql:
        return self.holds(kind, infix("=", ENTRY_VALUE, TextLiteral(value.rstrip(" "))), name)

    def holds_tag(self, kind: str, place: str, name: str | None = None) -> Sql:
        """Whether a value of the caller equals or stands above a tag of the place."""
        present = self.tags.source if place == "dataSource" else self.tags.columns
        above = sorted({each for tag in present for each in lineage(tag)})
        listed = tuple(TextLiteral(tag) for tag in above)
        return self.holds(kind, In(call("lower", ENTRY_VALUE), listed) if listed else FALSE, name)

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
        return self.holds("attribute", infix("LIKE", ENTRY_VALUE, TextLiteral(pattern)), node.name)

    def read(self, tests: Mapping[Sql, str]) -> Select:
        """The SELECT of these tests over the caller's profile and entries. One row, as one of them is an aggregate."""
        outputs = tuple(Output(test, name) for test, name in tests.items())
        profile = Aliased(self.system.relation("user_profile"), "p")
        if not self.kinds:
            return Select(outputs, From(profile))
        entries = Join("LEFT", Aliased(self._entries(), "e"), is_null(_ENTRY_KIND, negated=True))
        return Select(outputs, From(profile, (entries,)))

    def _entries(self) -> Select:
        outputs = Output(_KIND, "k"), Output(_NAME, "n"), Output(_VALUE, "v"), Output(_STRENGTH, "s")
        kinds = In(_KIND, tuple(TextLiteral(kind) for kind in sorted(self.kinds)))
        return Select(outputs, _user_entry(self.system), kinds)


def values_held(system: System, kind: str, name: str) -> Select:
    """The distinct values of an attribute (or groups, purposes) that the caller holds, as column `v`, and how strongly,
    as column `s`.
    """
    wanted = [infix("=", _KIND, TextLiteral(kind))]
    if name:
        wanted.append(infix("=", _NAME, TextLiteral(name.rstrip(" "))))
    outputs = Output(_VALUE, "v"), Output(call("max", _STRENGTH), "s")
    return Select(outputs, _user_entry(system), conjunction(wanted), group_by=(_VALUE,))


def _user_entry(system: System) -> From:
    return From(Aliased(system.relation("user_entry"), "e"))


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
