"""The typed tree of a policy expression.

Every node is frozen and holds only what the language allows; whatever is not here cannot reach the
warehouse. `parse` in this package makes these trees from text, the compiler turns them into SQL and
the interpreter evaluates them. Logic is SQL's three-valued logic.

A construct is declared here and nowhere else: its bases say what it is about, its class variables
what it gives and where it may stand, and that of a templated function how it is called. What a pass
does with it stands in the one table of that pass; `tests/language/test_constructs.py` asserts that
every construct is in every table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, ClassVar, Self, TypeAlias
from typing import Literal as OneOf

from veil.language.asked import Asked, Holding
from veil.language.spans import Span
from veil.language.templates import Subject, Takes, Template
from veil.language.usage import Usage
from veil.language.value_types import ValueType

Comparator = OneOf["=", "<>", "<", "<=", ">", ">="]
Operator = OneOf["+", "-", "*", "/", "%"]


@dataclass(frozen=True, slots=True)
class Node:
    """A construct of the policy language."""

    gives: ClassVar[ValueType | None]
    """What it results in, as far as the text tells; None where that depends on its parts (see
    `inference`).
    """
    usages: ClassVar[frozenset[Usage]] = frozenset(Usage)
    """Where it may stand. Templated functions say that themselves."""

    span: Span | None = field(default=None, kw_only=True, compare=False, repr=False)
    """The text that it was read from, for messages; None of what nobody wrote. Trees that mean the
    same are equal.
    """


class Fixed(Node):
    """A literal."""

    __slots__ = ()


class Computed(Node):
    """Made of its parts alone: it says the same of every row and user where they do. GETDATE() is
    the exception.
    """

    __slots__ = ()

    passes_unknown_on: ClassVar[bool] = False
    """Whether it never tells an unknown part from a known one, as AND and + do not, and IS NULL and
    COALESCE do. What tells them apart is unknown itself in an equalized project where it holds a
    test of the user: members might come to differ by it. So whoever says nothing here is on the
    closed side.
    """


class AboutUser(Node):
    """Who the user is decides it, or what they hold. In an equalized project it may be unknown."""

    __slots__ = ()


class AboutRow(Node):
    """The protected row decides it, or that of a lookup."""

    __slots__ = ()


class AboutSource(Node):
    """Where the data lies decides it: the same of every row and user of a data source."""

    __slots__ = ()


class Templated(Node):
    """A function written with @. Its fields are its arguments, in their order."""

    __slots__ = ()

    templates: ClassVar[tuple[Template, ...]]
    """How it is called."""

    @classmethod
    def called(cls, name: str, arguments: Sequence[Any]) -> Self:
        """The node of a call by one of its names."""
        return cls(*arguments)

    def call(self) -> tuple[str, tuple[Any, ...]]:
        """The name and the arguments of the call: the reverse of `called`. An argument left out is
        not among them.
        """
        values = tuple(getattr(self, each.name) for each in fields(self) if not each.kw_only)
        return self.templates[0].name, tuple(each for each in values if each is not None)


class UserTest(Templated, AboutUser):
    """A condition on what the user holds."""

    __slots__ = ()

    gives = ValueType.BOOLEAN

    def asks_for(self) -> Sequence[Asked]:
        """What it asks for by name, by which plans find names that nobody has. Empty where it
        compares what users hold with what rows or tags say. Each test of the user says so itself.
        """
        raise NotImplementedError


class ListTest(UserTest):
    """Whether a value is among what the user holds. Where they hold nothing, a placeholder may
    stand for it.
    """

    __slots__ = ()

    value: "Expression"
    placeholder: str | None


@dataclass(frozen=True, slots=True)
class Text(Fixed):
    """A string literal."""

    gives = ValueType.TEXT

    value: str


@dataclass(frozen=True, slots=True)
class Number(Fixed):
    """A number literal, exactly as written."""

    gives = None

    value: Decimal


@dataclass(frozen=True, slots=True)
class Boolean(Fixed):
    """TRUE or FALSE."""

    gives = ValueType.BOOLEAN

    value: bool


@dataclass(frozen=True, slots=True)
class NullValue(Fixed):
    """NULL."""

    gives = ValueType.NULL


@dataclass(frozen=True, slots=True)
class Moment(Fixed):
    """A typed literal: DATE '2026-01-31' or TIMESTAMP '2026-01-31 10:00:00'. `text` is checked and
    canonical.
    """

    gives = None

    type: OneOf["date", "timestamp"]
    text: str


@dataclass(frozen=True, slots=True)
class ColumnName(AboutRow):
    """A bare column: of the protected row outside a lookup, of the lookup's table inside one."""

    gives = ValueType.UNKNOWN
    usages = frozenset({Usage.ROW})

    name: str


@dataclass(frozen=True, slots=True)
class ColumnTagged(AboutRow, Templated):
    """`@columnTagged('tag')`: the columns of the protected row that carry the tag or a child of
    it.
    """

    gives = ValueType.UNKNOWN
    templates = (Template("columnTagged", Subject.COLUMN, "@columnTagged('geo.region')", (Takes.TAG,), required=1),)

    tag: str


@dataclass(frozen=True, slots=True)
class ColumnReference(AboutRow, Templated):
    """`@columnReference('name')`: the named column of the protected row, also inside a lookup."""

    gives = ValueType.UNKNOWN
    templates = (
        Template(
            "columnReference",
            Subject.COLUMN,
            "@columnReference('territory')",
            (Takes.COLUMN,),
            required=1,
            also=frozenset({Usage.MASK}),
        ),
    )

    name: str


@dataclass(frozen=True, slots=True)
class MaskedValue(AboutRow, Templated):
    """`@value`: the value being masked. Only in `sql` masks."""

    gives = ValueType.UNKNOWN
    templates = (Template("value", Subject.VALUE, "@value"),)


@dataclass(frozen=True, slots=True)
class Not(Computed):
    gives = ValueType.BOOLEAN
    passes_unknown_on = True

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class And(Computed):
    gives = ValueType.BOOLEAN
    passes_unknown_on = True

    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or(Computed):
    gives = ValueType.BOOLEAN
    passes_unknown_on = True

    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Comparison(Computed):
    gives = ValueType.BOOLEAN
    passes_unknown_on = True

    operator: Comparator
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class IsNull(Computed):
    gives = ValueType.BOOLEAN

    operand: "Expression"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class BooleanTest(Computed):
    """`x IS [NOT] TRUE` (`FALSE` where `truth` is): TRUE or FALSE, also where `x` is unknown."""

    gives = ValueType.BOOLEAN

    operand: "Expression"
    truth: bool
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsDistinct(Computed):
    """`a IS [NOT] DISTINCT FROM b`: whether they differ, where NULL differs from every value and
    not from NULL.
    """

    gives = ValueType.BOOLEAN

    left: "Expression"
    right: "Expression"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In(Computed):
    """`x [NOT] IN (a, b, …)`."""

    gives = ValueType.BOOLEAN
    passes_unknown_on = True

    operand: "Expression"
    items: tuple["Expression", ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between(Computed):
    gives = ValueType.BOOLEAN
    passes_unknown_on = True

    operand: "Expression"
    low: "Expression"
    high: "Expression"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Like(Computed):
    """`x [NOT] LIKE 'pattern'` (`ILIKE` where `case_insensitive`); backslash escapes."""

    gives = ValueType.BOOLEAN
    passes_unknown_on = True

    operand: "Expression"
    pattern: Text
    case_insensitive: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Arithmetic(Computed):
    gives = ValueType.NUMBER
    passes_unknown_on = True

    operator: Operator
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Negative(Computed):
    gives = ValueType.NUMBER
    passes_unknown_on = True

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Concat(Computed):
    """`a || b`: NULL where either is NULL."""

    gives = ValueType.TEXT
    passes_unknown_on = True

    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Cast(Computed):
    """`CAST(x AS type)`; `type` is one of the spellings in `types.CASTABLE`,
    `length`/`precision`/`scale` where written.
    """

    gives = None
    passes_unknown_on = True

    operand: "Expression"
    type: str
    arguments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Case(Computed):
    """`CASE WHEN condition THEN result … ELSE otherwise END`."""

    gives = None

    branches: tuple[tuple["Expression", "Expression"], ...]
    otherwise: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class Call(Computed):
    """A call of an allow-listed function (`functions.ALLOWED`), by its canonical lower-case
    name.
    """

    gives = None

    function: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """`(SELECT [DISTINCT] column FROM schema.table [AS alias] [WHERE condition])`: one column of
    one table. `where` reaches the protected row by `@columnTagged` and `@columnReference` alone,
    and only so that `correlation.ways` can take it apart.
    """

    table: tuple[str, ...]
    select: "Expression"
    where: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class InLookup(AboutRow):
    """`x [NOT] IN (SELECT …)`."""

    gives = ValueType.BOOLEAN
    usages = frozenset({Usage.ROW})

    operand: "Expression"
    lookup: Lookup
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsInGroups(UserTest):
    """`@isInGroups('a', 'b')`: the user is in all of them."""

    templates = (
        Template(
            "isInGroups",
            Subject.USER,
            "@isInGroups('analysts', 'hr')",
            (Takes.LITERAL,),
            required=1,
            repeats=True,
        ),
    )

    groups: tuple[str, ...]

    @classmethod
    def called(cls, name: str, arguments: Sequence[Any]) -> Self:
        return cls(tuple(arguments))

    def call(self) -> tuple[str, tuple[Any, ...]]:
        return self.templates[0].name, self.groups

    def asks_for(self) -> Sequence[Asked]:
        return [Asked(Holding.GROUP, each) for each in self.groups]


@dataclass(frozen=True, slots=True)
class HasAttribute(UserTest):
    """`@hasAttribute('name', 'value')`: the user holds exactly that pair. In subscriptions the
    value may contain the infrastructure variables and, with them, the wildcard `*`; then `value`
    still holds the text as written.
    """

    templates = (
        Template(
            "hasAttribute", Subject.USER, "@hasAttribute('clearance', 'high')", (Takes.LITERAL, Takes.HELD), required=2
        ),
    )

    name: str
    value: str

    def asks_for(self) -> Sequence[Asked]:
        return [Asked(Holding.ATTRIBUTE, self.name, self.value)]


@dataclass(frozen=True, slots=True)
class IsUsingPurpose(UserTest):
    """`@isUsingPurpose('p')`: the current project carries the purpose and the user has acknowledged
    it.
    """

    templates = (Template("isUsingPurpose", Subject.USER, "@isUsingPurpose('fraud')", (Takes.LITERAL,), required=1),)

    purpose: str

    def asks_for(self) -> Sequence[Asked]:
        return [Asked(Holding.PURPOSE, self.purpose)]


@dataclass(frozen=True, slots=True)
class AttributeValuesContains(ListTest):
    """`@attributeValuesContains('attr', value[, 'placeholder'])`: `value` is among the user's
    values of `attr`. Where the user holds none, the placeholder, if given, stands for the list.
    """

    templates = (
        Template(
            "attributeValuesContains",
            Subject.USER,
            "@attributeValuesContains('territory', @columnTagged('geo.region'))",
            (Takes.LITERAL, Takes.VALUE, Takes.LITERAL),
            required=2,
        ),
    )

    attribute: str
    value: "Expression"
    placeholder: str | None = None

    def asks_for(self) -> Sequence[Asked]:
        return [Asked(Holding.ATTRIBUTE, self.attribute)]


@dataclass(frozen=True, slots=True)
class GroupsContains(ListTest):
    """`@groupsContains(value[, 'placeholder'])`: `value` is one of the user's groups."""

    templates = (
        Template(
            "groupsContains", Subject.USER, "@groupsContains(department)", (Takes.VALUE, Takes.LITERAL), required=1
        ),
    )

    value: "Expression"
    placeholder: str | None = None

    def asks_for(self) -> Sequence[Asked]:
        return ()


@dataclass(frozen=True, slots=True)
class PurposesContains(ListTest):
    """`@purposesContains(value[, 'placeholder'])`: `value` is one of the purposes that count for
    the user now.
    """

    templates = (
        Template(
            "purposesContains", Subject.USER, "@purposesContains(purpose)", (Takes.VALUE, Takes.LITERAL), required=1
        ),
    )

    value: "Expression"
    placeholder: str | None = None

    def asks_for(self) -> Sequence[Asked]:
        return ()


@dataclass(frozen=True, slots=True)
class Username(Templated, AboutUser):
    """`@username`: the user's name, of the impersonated user where one is."""

    gives = ValueType.TEXT
    templates = (Template("username", Subject.USER, "@username"),)


@dataclass(frozen=True, slots=True)
class Iam(Templated, AboutSource):
    """`@iam`: the name of the identity provider the user comes from; `redshift` here."""

    gives = ValueType.TEXT
    templates = (Template("iam", Subject.USER, "@iam"),)


@dataclass(frozen=True, slots=True)
class HasTagAsAttribute(UserTest):
    """`@hasTagAsAttribute('attr', 'dataSource'|'column')`: a value of the user's `attr` equals or
    covers a tag of the place.
    """

    templates = (
        Template(
            "hasTagAsAttribute",
            Subject.TAG,
            "@hasTagAsAttribute('domain', 'dataSource')",
            (Takes.LITERAL, Takes.PLACE),
            required=2,
        ),
    )

    attribute: str
    place: OneOf["dataSource", "column"]

    def asks_for(self) -> Sequence[Asked]:
        return [Asked(Holding.ATTRIBUTE, self.attribute)]


@dataclass(frozen=True, slots=True)
class HasTagAsGroup(UserTest):
    """`@hasTagAsGroup('dataSource'|'column')`: the name of a group of the user equals or covers a
    tag of the place.
    """

    templates = (Template("hasTagAsGroup", Subject.TAG, "@hasTagAsGroup('dataSource')", (Takes.PLACE,), required=1),)

    place: OneOf["dataSource", "column"]

    def asks_for(self) -> Sequence[Asked]:
        return ()


@dataclass(frozen=True, slots=True)
class Infrastructure(Templated, AboutSource):
    """`@hostname`, `@database`, `@schema`, `@table` of the protected data source, as a string."""

    gives = ValueType.TEXT
    templates = tuple(Template(name, Subject.PLACE, f"@{name}") for name in ("hostname", "database", "schema", "table"))

    part: OneOf["hostname", "database", "schema", "table"]

    @classmethod
    def called(cls, name: str, arguments: Sequence[Any]) -> Self:
        return cls(name)  # type: ignore[arg-type]

    def call(self) -> tuple[str, tuple[Any, ...]]:
        return self.part, ()


Expression: TypeAlias = (
    Text
    | Number
    | Boolean
    | NullValue
    | Moment
    | ColumnName
    | ColumnTagged
    | ColumnReference
    | MaskedValue
    | Not
    | And
    | Or
    | Comparison
    | IsNull
    | BooleanTest
    | IsDistinct
    | In
    | Between
    | Like
    | Arithmetic
    | Negative
    | Concat
    | Cast
    | Case
    | Call
    | InLookup
    | IsInGroups
    | HasAttribute
    | IsUsingPurpose
    | AttributeValuesContains
    | GroupsContains
    | PurposesContains
    | Username
    | Iam
    | HasTagAsAttribute
    | HasTagAsGroup
    | Infrastructure
)

CONSTRUCTS: tuple[type[Expression], ...] = Expression.__args__
"""Every construct of the language."""


def constructs(*bases: type[Node]) -> tuple[type[Expression], ...]:
    """The constructs with one of these bases, for passes to which that says all."""
    return tuple(each for each in CONSTRUCTS if issubclass(each, bases))


_CALLS = [
    (template, construct)
    for construct in CONSTRUCTS
    if issubclass(construct, Templated)
    for template in construct.templates
]
TEMPLATED: Mapping[str, tuple[Template, type[Templated]]] = {
    template.name.lower(): (template, construct)
    for template, construct in sorted(_CALLS, key=lambda each: list(Subject).index(each[0].subject))
}
"""Every templated function by its name in lower case, in which any case is accepted."""

DENIABLE = (In, InLookup, Between, Like, IsNull, BooleanTest)
"""The tests that NOT before them becomes a part of."""
