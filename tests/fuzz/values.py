"""Draws typed value expressions: texts, numbers and moments, as trees of the language."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, cast

from tests.fuzz.drawing import Draw, chance, pick
from tests.fuzz.pools import BASE, HELD, NAMES
from veil.language import Usage, tree
from veil.model import Family

Node = tree.Expression

DATES = ("2024-02-29", "2023-12-31", "2026-01-01", "1999-06-15")
TIMES = ("2024-02-29 13:14:15", "2023-12-31 23:59:59.500000", "2026-01-01 00:00:00")
ZONED = (
    "2024-02-29 13:14:15+02",
    "2024-02-29 13:14:15-0530",
    "2024-02-29 13:14:15.25 UTC",
    "2024-02-29T13:14Z",
    "2024-01-01 00:30:00+15:59",
    "2024-01-01 00:30:00-16",
    "2024-01-01+02",
)
"""Texts of moments with a time zone, and some that look like one."""
_UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")


class Values:
    """Draws values for one usage. `masked` is the family of the value that a mask's expression is
    about.
    """

    def __init__(self, draw: Draw, usage: Usage, masked: Family | None = None) -> None:
        self.draw = draw
        self.usage = usage
        self.masked = masked
        self.inside: dict[str, Any] | None = None

    def one(self, choices: Sequence[Any]) -> Any:
        return pick(self.draw, choices)

    def chance(self, percent: int) -> bool:
        return chance(self.draw, percent)

    @abstractmethod
    def condition(self, depth: int) -> Node:
        """A condition with at most `depth` levels of logic."""

    def column(self, *families: Family) -> Node | None:
        """A column of one of these families, which every source has; rarely one that only some
        have.
        """
        if self.usage not in (Usage.ROW, Usage.MASK):
            return None
        if self.masked in families and self.chance(60):
            return tree.MaskedValue()
        names = [name for name in (tuple(NAMES) if self.chance(12) else BASE) if NAMES[name].family in families]
        if not names:
            return None
        referenced = self.usage is Usage.MASK or self.chance(30)
        name = self.one(names)
        if self.chance(5):
            name = name.upper()
        return tree.ColumnReference(name) if referenced else tree.ColumnName(name)

    def anything(self, depth: int) -> Node:
        """A column of any type, which mostly does not fit."""
        return self.column(*Family) or tree.Username()

    def text(self, depth: int) -> Node:
        if self.chance(4):
            return self.anything(0)
        if depth > 0 and self.chance(10):
            return tree.Call("coalesce", (self.text(depth - 1), tree.Text(self.one(("none", "US")))))
        column = self.column(Family.VARCHAR, Family.CHAR)
        if column is not None and self.chance(50 if depth <= 0 else 30):
            return column
        if depth <= 0 or self.chance(15):
            return tree.Text(self.one((*HELD, "", "a", "US  ", "o''b", "%")))
        return cast(Node, self.one((self._text_call, self._concat, self._text_case, self._text_cast))(depth - 1))

    def _text_call(self, depth: int) -> Node:
        value, few = self.text(depth), tree.Number(Decimal(self.one(range(4))))
        first = tree.Number(few.value + 1)
        return cast(
            Node,
            self.one(
                (
                    tree.Call("lower", (value,)),
                    tree.Call("upper", (value,)),
                    tree.Call("btrim", (value,)),
                    tree.Call("ltrim", (value, tree.Text("U "))),
                    tree.Call("rtrim", (value, tree.Text("s"))),
                    tree.Call("left", (value, few)),
                    tree.Call("right", (value, few)),
                    tree.Call("substring", (value, first, few)),
                    tree.Call("substring", (value, first)),
                    tree.Call("replace", (value, tree.Text("S"), tree.Text("\\'"))),
                    tree.Call("split_part", (value, tree.Text("@"), first)),
                    tree.Call("lpad", (value, tree.Number(Decimal(self.one((0, 3, 9)))), tree.Text("*'"))),
                    tree.Call("rpad", (value, tree.Number(Decimal(self.one((0, 3, 9)))))),
                    tree.Call("translate", (value, tree.Text("US0123\\'"), tree.Text("us####"))),
                    tree.Call("coalesce", (value, tree.Text("none"))),
                    tree.Call("nullif", (value, tree.Text("US"))),
                    tree.Call("greatest", (value, self._or_null(tree.Text("a")))),
                    tree.Call("least", (value, tree.Text("a"))),
                )
            ),
        )

    def _concat(self, depth: int) -> Node:
        """Now and then a side cannot be decided, which no COALESCE around it must hide."""
        if self.chance(15):
            return tree.Call("coalesce", (tree.Concat(self._lost(), self.text(0)), tree.Text("US")))
        return tree.Concat(self.text(depth), self.text(0))

    def _lost(self) -> Node:
        """A text function of a column that is mostly of another type."""
        return tree.Call("lower", (self.anything(0),))

    def _text_case(self, depth: int) -> Node:
        return self._case(self.text, depth)

    def _case(self, kind: Callable[[int], Node], depth: int) -> Node:
        branches = [(self.condition(0), self._or_null(kind(depth))) for _ in range(pick(self.draw, (1, 1, 2)))]
        return tree.Case(tuple(branches), self._or_null(kind(0)) if self.chance(60) else None)

    def _or_null(self, value: Node) -> Node:
        """Now and then NULL, as people write it."""
        return tree.NullValue() if self.chance(8) else value

    def _text_cast(self, depth: int) -> Node:
        """Lengths are in bytes: some cut a text, and would cut it within a character."""
        kind = self.one(("character varying", "character"))
        if self.chance(50):
            return tree.Cast(self.one((self.text, self.anything))(depth), kind, (self.one((3, 4, 24, 256)),))
        return tree.Cast(
            self.one((self._exact, self._date, self.number, self.moment))(depth), kind, (self.one((3, 24)),)
        )

    def number(self, depth: int) -> Node:
        if self.chance(4):
            return self.anything(0)
        if depth > 0 and self.chance(10):
            return tree.Call("coalesce", (self.number(depth - 1), tree.Number(Decimal(self.one(("0", "7", "2.5"))))))
        column = self.column(Family.INTEGER, Family.NUMERIC, Family.SMALLINT, Family.BIGINT)
        if column is not None and self.chance(50 if depth <= 0 else 30):
            return column
        if depth <= 0 or self.chance(15):
            return tree.Number(Decimal(self.one(("0", "1", "7", "-3", "5.5", "5.50", "100", "2.25"))))
        return cast(Node, self.one(self._numbers)(depth - 1))

    @property
    def _numbers(self) -> Sequence[Callable[[int], Node]]:
        common = (self._arithmetic, self._sum, self._number_call, self._length, self._number_cast)
        return (*common, *common, lambda depth: self._case(self.number, depth))

    def _exact(self, depth: int) -> Node:
        return self.column(Family.INTEGER, Family.NUMERIC) or tree.Number(Decimal(7))

    def _arithmetic(self, depth: int) -> Node:
        if self.chance(15):
            return tree.Negative(self._exact(depth))
        operator = self.one(("+", "-", "*", "/", "%"))
        right = self.anything(0) if self.chance(8) else self.number(0)
        if operator in ("/", "%") and self.chance(50):
            right = tree.Call("nullif", (right, tree.Number(Decimal(0))))
        return tree.Arithmetic(operator, self.number(depth), self._or_null(right))

    def _sum(self, depth: int) -> Node:
        """A few terms, in parentheses from either side: the compiler makes one sum of them."""
        node = self.number(0)
        for _ in range(self.one((2, 2, 3))):
            left, right = (node, self.number(0)) if self.chance(60) else (self.number(0), node)
            node = tree.Arithmetic(self.one(("+", "-")), left, right)
        return tree.Negative(node) if self.chance(15) else node

    def _number_call(self, depth: int) -> Node:
        value, one = self.number(depth), tree.Number(Decimal(1))
        return cast(
            Node,
            self.one(
                (
                    tree.Call("abs", (value,)),
                    tree.Call("floor", (value,)),
                    tree.Call("ceil", (value,)),
                    tree.Call("round", (value,)),
                    tree.Call("round", (value, one)),
                    tree.Call("round", (value, tree.Number(Decimal(self.one((-1, -3)))))),
                    tree.Call("mod", (value, tree.Number(Decimal(4)))),
                    tree.Call("coalesce", (value, one)),
                    tree.Call("nullif", (value, one)),
                    tree.Call("greatest", (value, self._or_null(one))),
                    tree.Call("least", (value, one)),
                )
            ),
        )

    def _length(self, depth: int) -> Node:
        moment = self.moment(0)
        return cast(
            Node,
            self.one(
                (
                    tree.Call("length", (self.text(depth),)),
                    tree.Call("strpos", (self.text(depth), tree.Text("S"))),
                    tree.Call(
                        "date_part",
                        (tree.Text(self.one(("year", "quarter", "month", "day", "hour", "dow", "doy"))), moment),
                    ),
                    tree.Call(
                        "datediff", (tree.Text(self.one(("year", "month", "day", "hour"))), moment, self._date(0))
                    ),
                )
            ),
        )

    def _number_cast(self, depth: int) -> Node:
        kind = self.one((("integer", ()), ("smallint", ()), ("numeric", (5, 1)), ("bigint", ())))
        return tree.Cast(self.one((self.text, self.number, self.anything))(depth), *kind)

    def _date(self, depth: int) -> Node:
        return self.column(Family.DATE) or tree.Moment("date", self.one(DATES))

    def _now(self) -> Node:
        """GETDATE(), by the day where its value would show: engine and interpreter do not look in
        the same second.
        """
        now = tree.Call("getdate", ())
        return tree.Call("date_trunc", (tree.Text("day"), now)) if self.usage is Usage.MASK else now

    def moment(self, depth: int) -> Node:
        if self.chance(4):
            return self.anything(0)
        if depth > 0 and self.chance(5):
            return self._case(self.moment, depth - 1)
        column = self.column(Family.DATE, Family.TIMESTAMP, Family.TIMESTAMPTZ)
        if column is not None and self.chance(50 if depth <= 0 else 30):
            return column
        if depth <= 0 or self.chance(15):
            kind = self.one(("date", "timestamp"))
            return tree.Moment(kind, self.one(DATES if kind == "date" else TIMES))
        value, unit = self.moment(depth - 1), tree.Text(self.one(_UNITS))
        amount = tree.Number(Decimal(self.one(range(-40, 41))))
        return cast(
            Node,
            self.one(
                (
                    tree.Call("date_trunc", (unit, value)),
                    tree.Call("dateadd", (unit, amount, value)),
                    tree.Call("dateadd", (tree.Text("day"), tree.Number(Decimal(-90)), self._now())),
                    tree.Call("last_day", (value,)),
                    tree.Cast(value, "date"),
                    tree.Cast(value, "timestamp without time zone"),
                    tree.Call("coalesce", (self._or_null(value), tree.Call("date_trunc", (unit, value)))),
                )
            ),
        )
