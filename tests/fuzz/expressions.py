"""Draws expressions, built as trees of the language and typed, so that nearly all of them mean
something.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import cast

from tests.fuzz.drawing import Draw, pick, several
from tests.fuzz.pools import ATTRIBUTES, GROUPS, HELD, LOOKUPS, PLACEHOLDERS, PURPOSES, USERS, VALUES, WANTED_TAGS
from tests.fuzz.values import DATES, TIMES, ZONED, Node, Values
from veil.language import Usage, has_infrastructure, to_text, tree, walk
from veil.model import Family

_COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")
_VARYING = (tree.ColumnName, tree.ColumnReference, tree.ColumnTagged, tree.MaskedValue, tree.Username, tree.Iam)
_FAMILIES = {
    "text": (Family.VARCHAR, Family.CHAR),
    "number": (Family.INTEGER, Family.NUMERIC),
    "moment": (Family.DATE, Family.TIMESTAMP, Family.TIMESTAMPTZ),
}
_PATTERNS = (
    "%",
    "U%",
    "%s",
    "_S",
    "a\\_b",
    "100\\%",
    "%\\\\%",
    "o'%",
    "us",
    "",
    "%1%",
    "größe%",
    "GRÖSSE%",
    "grÖße",
    "Größ_",
)


NUMBERS = ("1", "7", "-3", "5.50", "1e2", "x", "", " 7 ", "0.1", "40000", "3000000000")
"""Texts of numbers, some of which not every type of a number holds, and some that are none."""


WHOLES = ("7", "07", " 7 ", "-3", "1", "40000")
"""Texts of integers."""


def _is_zoned(node: Node) -> bool:
    """Whether a column with a time zone is in a value."""
    return any(isinstance(each, tree.ColumnName | tree.ColumnReference) and each.name == "zoned" for each in walk(node))


class Trees(Values):
    """Draws conditions for one usage."""

    def condition(self, depth: int) -> Node:
        """A condition with at most `depth` levels of logic."""
        if depth > 0 and self.chance(50):
            return self._logic(depth)
        return cast(Node, self.one(self._tests())(1 + max(0, depth)))

    def _logic(self, depth: int) -> Node:
        kind = self.one((tree.And, tree.Or, tree.Not))
        if kind is tree.Not:
            return tree.Not(self.condition(depth - 1))
        return cast(Node, kind(tuple(self._operand(kind, depth) for _ in range(pick(self.draw, (2, 3))))))

    def _operand(self, kind: type, depth: int) -> Node:
        """Chains of one connector lie flat in parsed trees, so they do here."""
        found = self.condition(depth - 1)
        return tree.Not(found) if isinstance(found, kind) else found

    def _tests(self) -> list[Callable[[int], Node]]:
        people = [self._in_groups, self._has_attribute, self._using_purpose, self._username, self._truth]
        if self.usage is Usage.SUBSCRIPTION:
            return [
                *people,
                self._has_place,
                self._tag_attribute,
                self._tag_group,
                self._infrastructure,
                self._constant,
            ]
        if self.usage is Usage.AUDIENCE:
            return [*people, self._constant, self._contains_text]
        mine = [self._compare_texts, self._compare_numbers, self._compare_moments, self._between, self._in, self._like]
        mine += [self._is_null, self._boolean, self._constant, self._mixed, self._distinct, self._truth, self._unknown]
        if self.usage is Usage.MASK:
            return mine
        contains = [self._attribute_contains, self._attribute_contains, self._groups_contain, self._purposes_contain]
        return [*mine, *people, *contains] + ([self._lookup] * 4 if self.inside is None else [])

    # Conditions over values.

    def _compare_texts(self, depth: int) -> Node:
        return tree.Comparison(self.one(_COMPARATORS), self._tested(self.text, depth), self.text(depth))

    def _compare_numbers(self, depth: int) -> Node:
        literal = tree.Text(self.one(NUMBERS)) if self.chance(15) else None
        return tree.Comparison(self.one(_COMPARATORS), self._tested(self.number, depth), literal or self.number(depth))

    def _compare_moments(self, depth: int) -> Node:
        left = self._tested(self.moment, depth)
        right: Node = self.moment(depth)
        if _is_zoned(left) and self.chance(60):
            right = tree.Text(self.one(ZONED))
        elif self.chance(15):
            right = tree.Text(self.one((*DATES, *TIMES, *ZONED, "2024-02-30")))
        return tree.Comparison(self.one(_COMPARATORS), left, right)

    def _tested(self, kind: Callable[[int], Node], depth: int) -> Node:
        """A value of this kind that is not the same in every row: tests of fixed texts are
        refused.
        """
        found = kind(depth)
        if any(isinstance(each, _VARYING) for each in walk(found)):
            return found
        return self.column(*_FAMILIES[kind.__name__]) or found

    def _mixed(self, depth: int) -> Node:
        """Sides of any type, which mostly do not mix."""
        return tree.Comparison(self.one(_COMPARATORS), self.anything(depth), self.anything(depth))

    def _between(self, depth: int) -> Node:
        if self.chance(15):
            literal, kind = self._literal()
            return tree.Between(literal, self._tested(kind, depth), kind(depth), self.chance(30))
        kind = self.one((self.text, self.number, self.moment))
        return tree.Between(self._tested(kind, depth), kind(0), kind(0), self.chance(30))

    def _literal(self) -> tuple[Node, Callable[[int], Node]]:
        """A string literal that comes before what it is read as, and what draws that."""
        if self.chance(50):
            return tree.Text(self.one(NUMBERS)), self.number
        return tree.Text(self.one((*DATES, *TIMES, *ZONED))), self.moment

    def _in(self, depth: int) -> Node:
        if self.chance(15):
            literal, kind = self._literal()
            others = tuple(self.one((kind, kind, kind, self.text))(0) for _ in range(pick(self.draw, (0, 1))))
            return tree.In(literal, (self._tested(kind, depth), *others), self.chance(30))
        kind = self.one((self.text, self.number, self.moment))
        items = tuple(kind(0) for _ in range(pick(self.draw, (1, 2, 3))))
        return tree.In(self._tested(kind, depth), items, self.chance(30))

    def _like(self, depth: int) -> Node:
        pattern = tree.Text(self.one(_PATTERNS))
        return tree.Like(self._tested(self.text, depth), pattern, self.chance(30), self.chance(30))

    def _is_null(self, depth: int) -> Node:
        return tree.IsNull(self._tested(self.one((self.text, self.number, self.moment)), depth), self.chance(50))

    def _distinct(self, depth: int) -> Node:
        """Also of values that do not mix, and of conditions."""
        if self.chance(20):
            return tree.IsDistinct(self.condition(0), self.condition(0), self.chance(50))
        kind = self.one((self.text, self.number, self.moment))
        other = self.one((kind, kind, kind, self.anything))
        return tree.IsDistinct(self._tested(kind, depth), other(depth), self.chance(50))

    def _truth(self, depth: int) -> Node:
        return tree.BooleanTest(self.condition(min(1, depth)), self.chance(50), self.chance(50))

    def _unknown(self, depth: int) -> Node:
        """IS UNKNOWN, and other ways to make something of a condition that is."""
        test = self.condition(0)
        return self.one(
            (
                tree.IsNull(test, self.chance(50)),
                tree.Call("coalesce", (test, self._constant(0))),
                tree.Case(((test, self._constant(0)),), self._constant(0)),
            )
        )

    def _boolean(self, depth: int) -> Node:
        column = self.column(Family.BOOLEAN)
        return self._constant(depth) if column is None else tree.Comparison("=", column, tree.Boolean(self.chance(50)))

    def _constant(self, depth: int) -> Node:
        return tree.Boolean(self.chance(50))

    def _lookup(self, depth: int) -> Node:
        table = self.one(tuple(LOOKUPS))
        known = LOOKUPS[table]
        name = self.one(tuple(known))
        operand = self._sought(known[name].family)
        self.inside = known
        where = self._found() if self.chance(80) else None
        self.inside = None
        return tree.InLookup(operand, tree.Lookup(table, tree.ColumnName(name), where), self.chance(40))

    def _sought(self, family: Family) -> Node:
        """What a lookup looks for: of its column's type, which nobody checks before the engine
        does.
        """
        if family is Family.INTEGER:
            if self.chance(30):
                return self.one((tree.Text(self.one(WHOLES)), self.column(Family.VARCHAR) or tree.Text("7")))
            return self.column(Family.INTEGER, Family.NUMERIC) or tree.Number(Decimal(7))
        found = self.column(Family.VARCHAR, Family.CHAR) or tree.Text("US")
        return tree.Call("lower", (found,)) if self.chance(20) else found

    def _found(self) -> Node:
        """A lookup's condition, which may reach the protected row."""
        if self.chance(25):
            return self._inner()
        tied = self._tied()
        both = tree.And((tied, self.one((self._inner, self._inner, self._gate, self._gate, self._tied))()))
        asked = tree.And((tied, self._inner(), self._plain()))
        either = tree.Or((self._gate(), tied))
        mixed = tree.Or((tree.And((tied, self._gate())), tree.Not(self._inner())))
        return self.one((tied, both, both, both, both, asked, asked, either, mixed, self._gate()))

    def _tied(self) -> Node:
        """An equality of the two rows, of which the protected one is read as the type of the
        lookup's.
        """
        name, kind = self.one(tuple((self.inside or {}).items()))
        mine: Node = tree.ColumnName(name)
        if kind.family is Family.INTEGER:
            outer: Node = tree.ColumnReference(self.one(("id", "a1")))
            outer = tree.Arithmetic("+", outer, tree.Number(Decimal(1))) if self.chance(20) else outer
        else:
            outer = self._reached()
            if self.chance(20):
                mine, outer = tree.Call("lower", (mine,)), tree.Call("lower", (outer,))
        return tree.Comparison("=", mine, outer) if self.chance(70) else tree.Comparison("=", outer, mine)

    def _reached(self) -> Node:
        """A text of the protected row."""
        if self.chance(50):
            return tree.ColumnReference(self.one(("t", "t", "T", "select", "user")))
        return tree.Cast(tree.ColumnTagged(self.one(WANTED_TAGS)), "character varying", (256,))

    def _gate(self) -> Node:
        """A condition on the protected row and the user, inside a lookup."""
        text = self._reached()
        return self.one(
            (
                tree.Comparison(self.one(_COMPARATORS), text, tree.Text(self.one(HELD))),
                tree.AttributeValuesContains(self.one(ATTRIBUTES), text, self._placeholder()),
                tree.IsNull(tree.ColumnReference(self.one(("t", "a1"))), self.chance(50)),
                tree.Comparison("=", text, tree.Username()),
                tree.GroupsContains(tree.ColumnTagged(self.one(WANTED_TAGS)), self._placeholder()),
                tree.Comparison(
                    self.one(_COMPARATORS),
                    tree.ColumnReference(self.one(("id", "a1", "d"))),
                    tree.Text(self.one(("7", "x", "2024-02-29"))),
                ),
                tree.In(
                    tree.ColumnReference(self.one(("id", "t"))), (tree.Number(Decimal(7)), tree.Number(Decimal(1)))
                ),
            )
        )

    def _plain(self) -> Node:
        """A condition on the lookup's rows alone, the same for everybody."""
        name, kind = self.one(tuple((self.inside or {}).items()))
        value: Node = tree.Text(self.one(HELD))
        if kind.family is Family.INTEGER:
            value = self.one((tree.Number(Decimal(7)), tree.Text(self.one(WHOLES))))
        return self.one(
            (
                tree.Comparison(self.one(_COMPARATORS), tree.ColumnName(name), value),
                tree.IsNull(tree.ColumnName(name), self.chance(50)),
            )
        )

    def _inner(self) -> Node:
        """A lookup's condition: user functions, bare columns of its table, literals."""
        texts = [name for name, kind in (self.inside or {}).items() if kind.family is Family.VARCHAR]
        column = tree.ColumnName(self.one(texts))
        atom: Node = tree.AttributeValuesContains(self.one(ATTRIBUTES), column, self._placeholder())
        other = self.one((tree.Comparison("=", column, tree.Text(self.one(HELD))), tree.GroupsContains(column), None))
        return atom if other is None else self.one((other, tree.And((atom, other)), tree.Or((other, tree.Not(atom)))))

    # Tests of the user.

    def _in_groups(self, depth: int) -> Node:
        return tree.IsInGroups(tuple(several(self.draw, GROUPS, 1, 2)))

    def _has_attribute(self, depth: int) -> Node:
        values = [each for each in VALUES if each and not has_infrastructure(each)]
        return tree.HasAttribute(self.one(ATTRIBUTES), self.one(values))

    def _using_purpose(self, depth: int) -> Node:
        return tree.IsUsingPurpose(self.one(PURPOSES))

    def _username(self, depth: int) -> Node:
        left: Node = tree.Username() if self.chance(80) else tree.Iam()
        return tree.Comparison(self.one(("=", "<>")), left, tree.Text(self.one((*USERS, "redshift"))))

    def _has_place(self, depth: int) -> Node:
        value = self.one(
            ("@hostname.@database.*", "@database.@schema", "*.@table", "main-*.@database.raw.t", "@schema")
        )
        return tree.HasAttribute(self.one(ATTRIBUTES), value)

    def _tag_attribute(self, depth: int) -> Node:
        return tree.HasTagAsAttribute(self.one(ATTRIBUTES), self.one(("dataSource", "column")))

    def _tag_group(self, depth: int) -> Node:
        return tree.HasTagAsGroup(self.one(("dataSource", "column")))

    def _infrastructure(self, depth: int) -> Node:
        part = tree.Infrastructure(self.one(("hostname", "database", "schema", "table")))
        return tree.Comparison(self.one(("=", "<>")), part, tree.Text(self.one(("main-host", "fuzz_raw", "t", "user"))))

    def _contains_text(self, depth: int) -> Node:
        return tree.AttributeValuesContains(self.one(ATTRIBUTES), tree.Username(), self._placeholder())

    def _placeholder(self) -> str | None:
        return self.one((None, None, *PLACEHOLDERS))  # type: ignore[no-any-return]

    def _subject(self, depth: int) -> Node:
        if self.chance(40):
            return tree.ColumnTagged(self.one(WANTED_TAGS))
        return cast(Node, self.one((self.text, self.text, self.number, self.moment, self.anything))(min(depth, 1)))

    def _attribute_contains(self, depth: int) -> Node:
        return tree.AttributeValuesContains(self.one(ATTRIBUTES), self._column_like(depth), self._placeholder())

    def _groups_contain(self, depth: int) -> Node:
        return tree.GroupsContains(self._column_like(depth), self._placeholder())

    def _purposes_contain(self, depth: int) -> Node:
        return tree.PurposesContains(self._column_like(depth), self._placeholder())

    def _column_like(self, depth: int) -> Node:
        """What is looked for: no condition, and no text literal, which would name a column."""
        found = self._subject(depth)
        return tree.ColumnName("t") if isinstance(found, tree.Text) else found


def condition(draw: Draw, usage: Usage, depth: int = 2) -> str:
    """The text of a condition for this usage, with at most `depth` levels of logic."""
    return to_text(Trees(draw, usage).condition(pick(draw, range(depth + 1))))


def mask_expression(draw: Draw, family: Family | None = None) -> str:
    """The text of an `sql` mask on a column of this family, by default mostly of texts, which
    columns mostly are.
    """
    family = family or pick(draw, (Family.VARCHAR, Family.VARCHAR, Family.NUMERIC, Family.INTEGER, Family.DATE))
    trees = Trees(draw, Usage.MASK, family)
    if family.is_number:
        return to_text(trees.number(2))
    if family is Family.BOOLEAN:
        return to_text(trees.condition(1))
    return to_text(trees.moment(2) if family.is_moment else trees.text(2))
