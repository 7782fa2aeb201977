"""The typed tree of a policy expression.

Every node is frozen and holds only what the language allows; whatever is not here cannot reach the warehouse. `parse`
in this package
makes these trees from text, the compiler turns them into SQL and the interpreter evaluates them. Logic is SQL's
three-valued logic.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as OneOf

Comparator = OneOf["=", "<>", "<", "<=", ">", ">="]
Operator = OneOf["+", "-", "*", "/", "%"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text literal."""

    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number literal, exactly as written."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Boolean:
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True, slots=True)
class NullValue:
    """NULL."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A typed literal: DATE '2026-01-31' or TIMESTAMP '2026-01-31 10:00:00'. `text` is checked and canonical."""

    type: OneOf["date", "timestamp"]
    text: str


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A bare column: of the protected row outside a lookup, of the lookup's table inside one."""

    name: str


@dataclass(frozen=True, slots=True)
class ColumnReference:
    """`@columnReference('name')`: the named column of the protected row, also inside a lookup."""

    name: str


@dataclass(frozen=True, slots=True)
class ColumnTagged:
    """`@columnTagged('tag')`: the columns of the protected row that carry the tag or a child of it."""

    tag: str


@dataclass(frozen=True, slots=True)
class MaskedValue:
    """`@value`: the value being masked. Only in `sql` masks."""


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class And:
    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    operator: Comparator
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class IsNull:
    operand: "Expression"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class BooleanTest:
    """`x IS [NOT] TRUE` (`FALSE` where `truth` is): TRUE or FALSE, also where `x` is unknown."""

    operand: "Expression"
    truth: bool
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsDistinct:
    """`a IS [NOT] DISTINCT FROM b`: whether they differ, where NULL differs from every value and not from NULL."""

    left: "Expression"
    right: "Expression"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In:
    """`x [NOT] IN (a, b, …)`."""

    operand: "Expression"
    items: tuple["Expression", ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    operand: "Expression"
    low: "Expression"
    high: "Expression"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Like:
    """`x [NOT] LIKE 'pattern'` (`ILIKE` where `case_insensitive`); backslash escapes."""

    operand: "Expression"
    pattern: Text
    case_insensitive: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Arithmetic:
    operator: Operator
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Negative:
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Concat:
    """`a || b`: NULL where either is NULL."""

    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Cast:
    """`CAST(x AS type)`; `type` is one of the spellings in `types.CASTABLE`, `length`/`precision`/`scale` where
    written.
    """

    operand: "Expression"
    type: str
    arguments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """`CASE WHEN condition THEN result … ELSE otherwise END`."""

    branches: tuple[tuple["Expression", "Expression"], ...]
    otherwise: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call of an allow-listed function (`functions.ALLOWED`), by its canonical lower-case name."""

    function: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """`(SELECT [DISTINCT] column FROM schema.table [AS alias] [WHERE condition])`: one column of one table. `where`
    reaches the protected row by `@columnTagged` and `@columnReference` alone, and only so that `correlation.ways` can
    take it apart.
    """

    table: tuple[str, ...]
    select: "Expression"
    where: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class InLookup:
    """`x [NOT] IN (SELECT …)`."""

    operand: "Expression"
    lookup: Lookup
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsInGroups:
    """`@isInGroups('a', 'b')`: the user is in all of them."""

    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HasAttribute:
    """`@hasAttribute('name', 'value')`: the user holds exactly that pair. In subscriptions the value may contain
    the infrastructure
    variables and, with them, the wildcard `*`; then `value` still holds the text as written.
    """

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class IsUsingPurpose:
    """`@isUsingPurpose('p')`: the current project carries the purpose and the user has acknowledged it."""

    purpose: str


@dataclass(frozen=True, slots=True)
class AttributeValuesContains:
    """`@attributeValuesContains('attr', value[, 'placeholder'])`: `value` is among the user's values of `attr`.
    Where the user holds
    none, the placeholder, if given, stands for the list.
    """

    attribute: str
    value: "Expression"
    placeholder: str | None = None


@dataclass(frozen=True, slots=True)
class GroupsContains:
    """`@groupsContains(value[, 'placeholder'])`: `value` is one of the user's groups."""

    value: "Expression"
    placeholder: str | None = None


@dataclass(frozen=True, slots=True)
class PurposesContains:
    """`@purposesContains(value[, 'placeholder'])`: `value` is one of the purposes that count for the user now."""

    value: "Expression"
    placeholder: str | None = None


@dataclass(frozen=True, slots=True)
class Username:
    """`@username`: the user's name, of the impersonated user where one is."""


@dataclass(frozen=True, slots=True)
class Iam:
    """`@iam`: the name of the identity provider the user comes from; `redshift` here."""


@dataclass(frozen=True, slots=True)
class HasTagAsAttribute:
    """`@hasTagAsAttribute('attr', 'dataSource'|'column')`: a value of the user's `attr` equals or covers a tag of
    the place.
    """

    attribute: str
    place: OneOf["dataSource", "column"]


@dataclass(frozen=True, slots=True)
class HasTagAsGroup:
    """`@hasTagAsGroup('dataSource'|'column')`: the name of a group of the user equals or covers a tag of the place."""

    place: OneOf["dataSource", "column"]


@dataclass(frozen=True, slots=True)
class Infrastructure:
    """`@hostname`, `@database`, `@schema`, `@table` of the protected data source, as a text."""

    part: OneOf["hostname", "database", "schema", "table"]


Expression = (
    Text
    | Number
    | Boolean
    | NullValue
    | Moment
    | ColumnName
    | ColumnReference
    | ColumnTagged
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
