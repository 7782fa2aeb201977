"""Strategies for trees that `parse` could have made: random ones, but such as mean something to the
language.
"""

from decimal import Decimal
from random import Random
from typing import Literal as OneOf

from hypothesis import strategies as st

from veil.language import Usage, tree, walk
from veil.language.functions import ALLOWED, Signature, Takes
from veil.language.tree import Expression
from veil.language.value_types import ValueType

TEXTS = (
    "",
    "it's",
    "\\",
    "a\\'b",
    "''",
    "@isInGroups('x')",
    "--",
    "/*",
    "1) ; DROP",
    '"',
    "$$",
    "%_",
    "ü€😀",
    "a\nb",
    "US",
)
HELD = ("analysts", "it's", "o\\k", "@x", "a b", "--", "größe")
NAMES = ("a", "t", "date", "left", "select", "user", "odd name", 'q"q', "é", "_x$1", "group", "null", "@v", "sysdate")
TAGS = ("pii", "pii.email", "o'neil.x")
NUMBERS = ("0", "1", "-1", "2.50", "-0.001", "99999999999999999999999999999999999999")
MOMENTS = (("date", "2024-02-29"), ("timestamp", "0001-01-01 00:00:00"), ("timestamp", "2026-01-31 10:00:00.000001"))
PATTERNS = ("a%", "\\_%", "it's", "", "%\\\\")
COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")
PLACES: tuple[OneOf["dataSource"], OneOf["column"]] = ("dataSource", "column")
PARTS = ("hostname", "database", "schema", "table")
CASTS = {
    "number": (("integer", ()), ("numeric", (12, 2)), ("double precision", ())),
    "text": (("character varying", (20,)), ("character", (1,))),
    "moment": (("date", ()), ("timestamp without time zone", ())),
}
KINDS = ("number", "text", "moment")
_VARYING = (tree.ColumnName, tree.ColumnReference, tree.ColumnTagged, tree.MaskedValue, tree.Username, tree.Iam)
_GIVES = {
    ValueType.TEXT: "text",
    ValueType.NUMBER: "number",
    ValueType.INTEGER: "number",
    ValueType.DATE: "moment",
    ValueType.TIMESTAMP: "moment",
}
_WANTS = {Takes.TEXT: "text", Takes.NUMBER: "number", Takes.MOMENT: "moment"}


class Grower:
    """Grows the trees of one usage from a source of chance."""

    def __init__(self, usage: Usage, chance: Random) -> None:
        self.usage, self.chance = usage, chance

    def expression(self, depth: int) -> Expression:
        """Whatever may stand in the usage."""
        if self.usage is Usage.MASK and self.chance.random() < 0.7:
            return self.value(self.chance.choice(KINDS), depth)
        return self.condition(depth)

    def condition(self, depth: int) -> Expression:
        if depth <= 0:
            return self.atom()
        kind = self.chance.choice(KINDS)
        return self.chance.choice((self._logic, self._test, self._test, self._other_test, self._odd))(kind, depth - 1)

    def atom(self) -> Expression:
        """A condition without parts."""
        pick, people = self.chance.choice, self.usage is not Usage.MASK
        found: list[Expression] = [tree.Boolean(pick((True, False)))]
        if people:
            found += [tree.IsInGroups(tuple(self._some(HELD))), tree.IsUsingPurpose(pick(HELD))]
            found += [tree.HasAttribute(pick(HELD), pick((*HELD, "")))]
        if self.usage is Usage.SUBSCRIPTION:
            found += [tree.HasTagAsAttribute(pick(HELD), pick(PLACES)), tree.HasTagAsGroup(pick(PLACES))]
            found += [tree.HasAttribute("access", "@hostname.@database.*")]
        return pick(found)

    def value(self, kind: str, depth: int) -> Expression:
        if depth <= 0:
            return self._leaf(kind)
        shapes = {"number": self._number, "text": self._concat, "moment": self._cast}
        return self.chance.choice((shapes[kind], self._cast, self._call, self._case))(kind, depth - 1)

    def _some(self, things: tuple[str, ...]) -> list[str]:
        return self.chance.choices(things, k=self.chance.randint(1, 3))

    def _column(self) -> Expression | None:
        pick = self.chance.choice
        if self.usage is Usage.MASK:
            return pick((tree.MaskedValue(), tree.ColumnReference(pick(NAMES))))
        if self.usage is Usage.ROW:
            return pick(
                (tree.ColumnName(pick(NAMES)), tree.ColumnReference(pick(NAMES)), tree.ColumnTagged(pick(TAGS)))
            )
        return None

    def _leaf(self, kind: str) -> Expression:
        pick = self.chance.choice
        column = self._column()
        if column is not None and self.chance.random() < 0.5:
            return column
        if kind == "number":
            return tree.Number(Decimal(pick(NUMBERS)))
        if kind == "moment":
            return pick((tree.Call("getdate", ()), tree.Moment(*pick(MOMENTS))))  # type: ignore[arg-type]
        if self.usage is Usage.SUBSCRIPTION:
            return pick((tree.Text(pick(TEXTS)), tree.Infrastructure(pick(PARTS))))  # type: ignore[arg-type]
        texts: list[Expression] = [tree.Text(pick(TEXTS))]
        return pick(texts if self.usage is Usage.MASK else [*texts, tree.Username(), tree.Iam()])

    def _number(self, kind: str, depth: int) -> Expression:
        if self.chance.random() < 0.2:
            return tree.Negative(self.value(kind, depth))
        return tree.Arithmetic(self.chance.choice("+-*/%"), self.value(kind, depth), self.value(kind, depth))  # type: ignore[arg-type]

    def _concat(self, kind: str, depth: int) -> Expression:
        return tree.Concat(self.value(kind, depth), self.value(kind, depth))

    def _cast(self, kind: str, depth: int) -> Expression:
        name, arguments = self.chance.choice(CASTS[kind])
        return tree.Cast(self.value(self.chance.choice(KINDS), depth), name, arguments)

    def _case(self, kind: str, depth: int) -> Expression:
        count = self.chance.randint(1, 2)
        branches = tuple((self.condition(depth), self.value(kind, depth)) for _ in range(count))
        return tree.Case(branches, self.chance.choice((None, tree.NullValue(), self.value(kind, depth))))

    def _call(self, kind: str, depth: int) -> Expression:
        fitting = [each for each in ALLOWED.values() if _GIVES.get(each.gives or ValueType.UNKNOWN, kind) == kind]
        signature = self.chance.choice(fitting)
        count = self.chance.randint(signature.required, len(signature.parameters) + signature.repeats)
        return tree.Call(signature.name, tuple(self._argument(signature, at, kind, depth) for at in range(count)))

    def _argument(self, signature: Signature, at: int, kind: str, depth: int) -> Expression:
        takes = signature.parameters[min(at, len(signature.parameters) - 1)]
        if takes is Takes.UNIT:
            return tree.Text(self.chance.choice(signature.units))
        if takes in (Takes.INTEGER, Takes.COUNT, Takes.ORDINAL, Takes.DIGITS, Takes.WIDTH):
            least = -9 if takes in (Takes.INTEGER, Takes.DIGITS) else 1
            return tree.Number(Decimal(self.chance.randint(least, 9)))
        if takes in (Takes.FILL, Takes.CHARACTERS):
            return tree.Text(
                self.chance.choice(
                    (("'\\", "%", "*"), ("\\'", "a-b", "%"), ("", "*"))[at - 1 if takes is Takes.CHARACTERS else 0]
                )
            )
        return self.value(_WANTS.get(takes, kind), depth)

    def _logic(self, kind: str, depth: int) -> Expression:
        operands = tuple(self.condition(depth) for _ in range(self.chance.randint(2, 3)))
        return self.chance.choice((tree.And(operands), tree.Or(operands), tree.Not(operands[0])))

    def _test(self, kind: str, depth: int) -> Expression:
        one, two, three = self._varying(kind, depth), self.value(kind, depth), self.value(kind, depth)
        negated, folded = (self.chance.random() < 0.4 for _ in range(2))
        found: list[Expression] = [tree.Comparison(self.chance.choice(COMPARATORS), one, two)]  # type: ignore[arg-type]
        found += [
            tree.IsNull(one, negated),
            tree.IsDistinct(one, two, negated),
            tree.In(one, (two, three), negated),
            tree.Between(one, two, three, negated),
        ]
        pattern = tree.Text(self.chance.choice(PATTERNS))
        return self.chance.choice((*found, tree.Like(one, pattern, folded, negated)))

    def _varying(self, kind: str, depth: int) -> Expression:
        """A value that depends on the row, the user or the time: tests of fixed strings are
        refused.
        """
        found = self.value(kind, depth)
        if any(isinstance(each, _VARYING) for each in walk(found)):
            return found
        user: dict[str, Expression] = {"text": tree.Username(), "number": tree.Call("length", (tree.Username(),))}
        return self._column() or user.get(kind, tree.Call("getdate", ()))

    def _other_test(self, kind: str, depth: int) -> Expression:
        """Tests that only some usages have."""
        if self.usage is Usage.MASK:
            return self._test(kind, depth)
        value, placeholder = self.value(kind, depth), self.chance.choice((None, *HELD))
        found: list[Expression] = [tree.AttributeValuesContains(self.chance.choice(HELD), value, placeholder)]
        found += [tree.GroupsContains(value, placeholder), tree.PurposesContains(value, placeholder)]
        if self.usage is Usage.ROW:
            found += [tree.InLookup(value, self._lookup(), self.chance.random() < 0.5)] * 2
        return self.chance.choice(found)

    def _odd(self, kind: str, depth: int) -> Expression:
        """Conditions as values: compared, chosen between, replaced where unknown."""
        one, two = self.condition(depth), self.condition(depth)
        negated, truth = (self.chance.random() < 0.5 for _ in range(2))
        asked = self.chance.choice((tree.BooleanTest(one, truth, negated), tree.IsDistinct(one, two, negated)))
        chosen = tree.Case(((one, two),), self.chance.choice((None, one)))
        return self.chance.choice((tree.Comparison("=", one, two), asked, chosen, tree.Call("coalesce", (one, two))))

    def _lookup(self) -> tree.Lookup:
        pick = self.chance.choice
        column = tree.ColumnName(pick(NAMES))
        test = tree.AttributeValuesContains(pick(HELD), column, pick((None, *HELD)))
        both = tree.And((test, tree.Comparison("=", tree.ColumnName(pick(NAMES)), tree.Text(pick(TEXTS)))))
        tied = tree.Comparison("=", tree.ColumnReference(pick(NAMES)), column)
        wheres = (None, test, both, tied, tree.And((test, tied)), tree.Or((tied, tied)))
        return tree.Lookup(tuple(self.chance.choices(NAMES, k=pick((2, 3)))), column, pick(wheres))


@st.composite
def grown(draw: st.DrawFn) -> tuple[Usage, Expression]:
    """A usage and a tree that may stand in it."""
    usage = draw(st.sampled_from(list(Usage)))
    chance = draw(st.randoms(use_true_random=False, note_method_calls=False))
    return usage, Grower(usage, chance).expression(draw(st.integers(0, 4)))
