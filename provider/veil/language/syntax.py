"""What the parser reads: an expression as it is written, before anything is known of what it means.

Every node knows its place, from offset `start` to `end` of the user's text, with its parentheses
and leading words. `analysis` turns these nodes into the typed tree of `tree`, where shorthands,
spelling and parentheses are gone.
"""

from dataclasses import dataclass, field
from typing import Literal as OneOf

from veil.language.tokens import Kind, Token
from veil.language.tree import Comparator, Operator


@dataclass(slots=True, eq=False)
class Node:
    start: int
    end: int


@dataclass(slots=True, eq=False)
class String(Node):
    value: str


@dataclass(slots=True, eq=False)
class Number(Node):
    """A number without a sign; `value` are its digits."""

    value: str


@dataclass(slots=True, eq=False)
class Constant(Node):
    value: OneOf["TRUE", "FALSE", "NULL"]


@dataclass(slots=True, eq=False)
class Moment(Node):
    """DATE '…' or TIMESTAMP '…'; `text` is canonical."""

    type: OneOf["date", "timestamp"]
    text: str


@dataclass(slots=True, eq=False)
class Name(Node):
    """A name, with what stands before its dot, if anything does."""

    token: Token
    qualifier: tuple[Token, ...] = ()

    @property
    def is_word(self) -> bool:
        """Whether it is one word without quotes, which may be a unit, a clock or UNKNOWN."""
        return self.token.kind is Kind.NAME and not self.qualifier

    @property
    def value(self) -> str:
        """The last part, folded as Redshift folds it."""
        return self.token.value


@dataclass(slots=True, eq=False)
class Template(Node):
    """`@name` with its arguments; a call without parentheses has none either."""

    name: str
    arguments: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Call(Node):
    """The call of an SQL function by one of its spellings, in lower case."""

    function: str
    arguments: list[Node]


@dataclass(slots=True, eq=False)
class Group(Node):
    """An expression in parentheses."""

    inner: Node


@dataclass(slots=True, eq=False)
class Row(Node):
    """Several expressions in parentheses, which the language does not have but for advice on what
    to write.
    """

    items: list[Node]


@dataclass(slots=True, eq=False)
class Condition(Node):
    """A condition whose last word is not its own, such as `a = b`.

    As an operand of another operator it needs parentheses, because the dialects of SQL rank them
    differently.
    """


@dataclass(slots=True, eq=False)
class Chain(Condition):
    """Operands joined by AND alone, or by OR alone."""

    operator: OneOf["AND", "OR"]
    operands: list[Node]


@dataclass(slots=True, eq=False)
class Not(Condition):
    operand: Node


@dataclass(slots=True, eq=False)
class Test(Condition):
    """A condition about the value before it."""

    left: Node


@dataclass(slots=True, eq=False)
class Comparison(Test):
    operator: Comparator
    right: Node


@dataclass(slots=True, eq=False)
class Distinct(Test):
    """`left IS [NOT] DISTINCT FROM right`."""

    right: Node
    negated: bool


@dataclass(slots=True, eq=False)
class Is(Test):
    """`left IS [NOT] right`, whatever stands there."""

    right: Node
    negated: bool


@dataclass(slots=True, eq=False)
class In(Test):
    items: list[Node]
    negated: bool


@dataclass(slots=True, eq=False)
class InQuery(Test):
    query: "Query"
    negated: bool


@dataclass(slots=True, eq=False)
class Between(Test):
    low: Node
    high: Node
    negated: bool


@dataclass(slots=True, eq=False)
class Like(Test):
    pattern: Node
    case_insensitive: bool
    negated: bool


@dataclass(slots=True, eq=False)
class Infix(Node):
    """An operator between two values: arithmetic, or `||`."""

    left: Node
    operator: Operator | OneOf["||"]
    right: Node


@dataclass(slots=True, eq=False)
class Negative(Node):
    operand: Node


@dataclass(slots=True, eq=False)
class Cast(Node):
    """`CAST(operand AS type)` or `operand::type`; `type` is the standard name, `arguments` are
    complete.
    """

    operand: Node
    type: str
    arguments: tuple[int, ...]


@dataclass(slots=True, eq=False)
class When(Node):
    """`WHEN test THEN result`; the place is that of the test and the result."""

    test: Node
    result: Node


@dataclass(slots=True, eq=False)
class Case(Node):
    subject: Node | None
    branches: list[When]
    otherwise: Node | None


@dataclass(slots=True, eq=False)
class Table(Node):
    parts: list[Token]
    alias: Token | None


@dataclass(slots=True, eq=False)
class Query(Node):
    """`(SELECT [DISTINCT] columns FROM table [WHERE condition])`, with its parentheses."""

    columns: list[Node]
    table: Table
    where: Node | None
