"""What the system schema tells about the caller, and the test of a user as an aggregate over it.

A test is part of a SELECT without GROUP BY, which gives exactly one row: TRUE or FALSE for a caller
with a profile, NULL for everybody else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from veil.compiler.building import FALSE, TRUE, call, case, conjunction, form, infix, integer
from veil.compiler.sql import (
    Aliased,
    ColumnRef,
    CommonTableRef,
    From,
    In,
    Join,
    Output,
    OwnRef,
    Relation,
    Select,
    Sql,
    Table,
    TextLiteral,
)
from veil.language import has_infrastructure, infrastructure_pieces, tree, walk
from veil.language.tree import Expression
from veil.model import Integration
from veil.policy.targeting import lineage

CALLER = CommonTableRef("caller")
"""The common table of everything that is known of the caller: kind, name, value and strength of
each entry, for whom it was found, as `w`, and when, as `t`. All tests of the user in a view read it
and nothing else: who the caller is could otherwise change between two of them, while a query runs.
"""

POSSIBLE = CommonTableRef("possible")
"""The common table of everything that is known of whoever the session may be, in the form of
`caller`. It depends on nothing that the session may change while a query runs: what it does not
hold for somebody they do not hold.
"""

LONGEST_NAME = 256
"""Bytes of a user's name, as the profile's table holds it."""

ENTRY_VALUE = OwnRef("e", "v")
"""The value of one of the caller's entries, within an aggregate over them."""
_ENTRY_KIND, _ENTRY_NAME, _ENTRY_STRENGTH = OwnRef("e", "k"), OwnRef("e", "n"), OwnRef("e", "s")
_IS_CALLER = infix("=", _ENTRY_KIND, TextLiteral("caller"))
_IS_ALONE = infix("=", _ENTRY_NAME, TextLiteral("alone"))
HAS_PROFILE = infix("=", call("max", case([(_IS_CALLER, integer(1))])), integer(1))
"""TRUE for a caller with a profile; NULL, and never FALSE, without."""
NOT_EQUALIZED = infix("=", call("max", case([(_IS_CALLER, case([(_IS_ALONE, integer(1))], integer(0)))])), integer(1))
"""TRUE for a caller who sees what they are to see, FALSE for one who sees what all members of a
project share.
"""
USERNAME = call("max", case([(conjunction([_IS_CALLER, _IS_ALONE]), ENTRY_VALUE)]))
"""The caller's name as `@username` has it: NULL while they act in an equalized project."""
_FIRST, _LAST = call("min", OwnRef("e", "w")), call("max", OwnRef("e", "w"))
WHOM = case([(infix("=", _FIRST, _LAST), _LAST)])
"""For whom the tests of one sub-select were decided; NULL where it met two."""
EACH = OwnRef("e", "w")
"""For whom the tests of one group were decided, where they are grouped by that."""
NOW = call("max", OwnRef("e", "t"))
"""The moment of the query, at UTC and without a fraction."""
PROFILE_NOT_EQUALIZED = infix("=", OwnRef("p", "n"), TextLiteral("alone"))
PROFILE_NAME = case([(PROFILE_NOT_EQUALIZED, OwnRef("p", "v"))])
"""`NOT_EQUALIZED` and `USERNAME` inside an aggregate, beside each entry."""


@dataclass(frozen=True, slots=True)
class System:
    """The names of what views read: the system schema's relations, and tables. With several
    databases in play, `database` being the integration's and `tables` that of the tables, all names
    have three parts.
    """

    schema: str
    database: str | None = None
    tables: str | None = None

    def relation(self, name: str) -> Table:
        return Table((self.database, self.schema, name) if self.database else (self.schema, name))

    def table(self, *parts: str) -> Table:
        """A base table, or a lookup's, of schema and name; one that names its database already
        keeps that.
        """
        return Table((self.tables, *parts) if self.tables and len(parts) == 2 else parts)


def system_of(integration: Integration) -> System:
    """The names of what an integration's views read."""
    if integration.other_database is None:
        return System(integration.system_schema)
    return System(integration.system_schema, integration.database, integration.other_database)


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tag functions look at: the tags of the data source, those of its columns, and what
    `@hostname` and its like stand for in values of `@hasAttribute`, None where they stand for
    themselves.
    """

    source: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    infrastructure: Mapping[str, str] | None = None

    def at(self, place: str) -> frozenset[str]:
        """The tags of the data source, or those of its columns."""
        return self.source if place == "dataSource" else self.columns


NO_TAGS = Tags()


def is_certain(strength: Sql) -> Sql:
    """A test of the caller from the strength of what was found: TRUE for 2, which is held, unknown
    for 1, which some members of an equalized project hold and others do not, FALSE for 0.
    """
    return infix("=", form("NULLIF", strength, integer(1)), integer(2))


def caller_entries(system: System, relation: str = "user_entry") -> Select:
    """The SELECT that `CALLER` stands for, or with "possible_entry" `POSSIBLE`."""
    outputs = (
        Output(ColumnRef("e", "kind"), "k"),
        Output(call("rtrim", ColumnRef("e", "name")), "n"),
        Output(call("rtrim", ColumnRef("e", "value")), "v"),
        Output(ColumnRef("e", "strength"), "s"),
        Output(ColumnRef("e", "whom"), "w"),
        Output(ColumnRef("e", "decided_at"), "t"),
    )
    return Select(outputs, From(Aliased(system.relation(relation), "e")))


class Caller:
    """Tests of the caller's entries, as aggregates: which kinds of entry they look at, and whether
    they look at the caller `beside` each. The entries are those of `relation`.
    """

    def __init__(self, relation: Relation) -> None:
        self.relation = relation
        self.kinds: set[str] = set()
        self.beside = False
        self._joins: tuple[Join, ...] = ()

    def holds(self, kind: str, condition: Sql, name: str | None = None) -> Sql:
        """Whether the caller has an entry of this kind, and name, for which the condition holds."""
        self.kinds.add(kind)
        tests = [infix("=", _ENTRY_KIND, TextLiteral(kind))]
        if name is not None:
            tests.append(infix("=", _ENTRY_NAME, TextLiteral(name.rstrip(" "))))
        return is_certain(call("max", case([(conjunction([*tests, condition]), _ENTRY_STRENGTH)], integer(0))))

    def holds_value(self, kind: str, value: str, name: str | None = None) -> Sql:
        return self.holds(kind, infix("=", ENTRY_VALUE, TextLiteral(value.rstrip(" "))), name)

    def holds_tag(self, kind: str, present: frozenset[str], name: str | None = None) -> Sql:
        """Whether a value of the caller equals or stands above one of these tags."""
        above = sorted({each for tag in present for each in lineage(tag)})
        listed = tuple(TextLiteral(tag) for tag in above)
        return self.holds(kind, In(call("lower", ENTRY_VALUE), listed) if listed else FALSE, name)

    def has_attribute(self, node: tree.HasAttribute, parts: Mapping[str, str] | None) -> Sql:
        """Whether the caller holds the pair. Infrastructure variables in the value stand for these
        parts, where they are given, and `*` for any run.
        """
        if parts is None or not has_infrastructure(node.value):
            return self.holds_value("attribute", node.value, node.name)
        pieces = infrastructure_pieces(node.value.rstrip(" "))
        pattern = "".join(
            _escaped(parts[piece]) if index % 2 else "%".join(map(_escaped, piece.split("*")))
            for index, piece in enumerate(pieces)
        )
        return self.holds("attribute", infix("LIKE", ENTRY_VALUE, TextLiteral(pattern)), node.name)

    def names_salt(self, salts: Aliased, kind: str) -> Sql:
        """Whether the caller has an entry of this kind, whose value names a salt. Those are joined
        to the entries: a sub-select that asked for the name could be evaluated for another caller.
        """
        self.kinds.add(kind)
        is_of_kind = infix("=", _ENTRY_KIND, TextLiteral(kind))
        named = conjunction([is_of_kind, infix("=", ColumnRef(salts.alias, "name"), ENTRY_VALUE)])
        self._joins = (Join("LEFT", salts, named),)
        return infix("=", call("max", case([(is_of_kind, integer(1))], integer(0))), integer(1))

    @property
    def in_project(self) -> Sql:
        """Whether the caller acts in a project."""
        return self.holds("current_project", TRUE)

    def read(self, tests: Mapping[Sql, str], group_by: tuple[Sql, ...] = ()) -> Select:
        """The SELECT of these tests over the caller's entries. One row, as one of them is an
        aggregate, or one a group.
        """
        outputs = tuple(Output(test, name) for test, name in tests.items())
        kinds = In(_ENTRY_KIND, tuple(TextLiteral(kind) for kind in sorted({"caller", *self.kinds})))
        is_beside = infix("=", OwnRef("p", "k"), TextLiteral("caller")), infix("=", OwnRef("p", "w"), OwnRef("e", "w"))
        beside = (Join("INNER", Aliased(self.relation, "p"), conjunction(is_beside)),) if self.beside else ()
        return Select(outputs, From(Aliased(self.relation, "e"), (*self._joins, *beside)), kinds, group_by)

    def values(self, kind: str, name: str, *, certain: bool = False) -> Select:
        """The distinct values of an attribute (or groups, purposes) that the caller holds, as
        column `v`, how strongly, as column `s`, and for whom that was found, as column `w`; or only
        the `certain` ones, then without `s`. Of several callers, those of each.
        """
        wanted = [infix("=", _ENTRY_KIND, TextLiteral(kind))]
        if name:
            wanted.append(infix("=", _ENTRY_NAME, TextLiteral(name.rstrip(" "))))
        strength = () if certain else (Output(call("max", _ENTRY_STRENGTH), "s"),)
        if certain:
            wanted.append(infix("=", _ENTRY_STRENGTH, integer(2)))
        one = self.relation != POSSIBLE
        whom, by = (_LAST, (ENTRY_VALUE,)) if one else (EACH, (ENTRY_VALUE, EACH))
        outputs = Output(ENTRY_VALUE, "v"), *strength, Output(whom, "w")
        return Select(outputs, From(Aliased(self.relation, "e")), conjunction(wanted), group_by=by)


def is_about_user(expression: Expression) -> bool:
    """Whether an expression depends on the user alone, and can be decided once per query.

    A list function over a value that itself tests the user cannot: aggregates do not nest.
    """
    if isinstance(expression, tree.UserTest) and not isinstance(expression, tree.ListTest):
        return True
    nodes = tuple(walk(expression))
    if any(isinstance(node, tree.AboutRow) for node in nodes):
        return False
    values = [node.value for node in nodes if isinstance(node, tree.ListTest)]
    if any(isinstance(inner, tree.UserTest) for value in values for inner in walk(value)):
        return False
    return any(isinstance(node, tree.AboutUser) or is_clock(node) for node in nodes)


def is_clock(node: Expression) -> bool:
    """Whether it is GETDATE()."""
    return isinstance(node, tree.Call) and node.function == "getdate"


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
