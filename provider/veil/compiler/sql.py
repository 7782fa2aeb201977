"""Redshift SQL as a tree: what a view is made of, before it is text.

Nodes are frozen and compare by what they hold. Only `printer` turns them into text, once, at the end; it quotes names
and literals and sets brackets, so that nothing here depends on precedence and no text of a person can leave its quotes.
"""

from dataclasses import dataclass

from veil.model import ColumnType


class Sql:
    """An expression: one value of a row."""

    __slots__ = ()


class Relation:
    """What stands in FROM."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Word(Sql):
    """A word of SQL that is a value, or stands where a value could: NULL, TRUE, the unit of a DATEADD, the `*` of a
    COUNT.
    """

    word: str


@dataclass(frozen=True, slots=True)
class TextLiteral(Sql):
    """`'text'`, or with a type in front `DATE '2026-01-31'`."""

    text: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class NumberLiteral(Sql):
    """A number to the digit: how many decimals are written decides its type."""

    digits: str


@dataclass(frozen=True, slots=True)
class ColumnRef(Sql):
    """A column that a person named, of the relation with this alias."""

    alias: str
    name: str


@dataclass(frozen=True, slots=True)
class OwnRef(Sql):
    """A column that the compiler named, of the relation with this alias."""

    alias: str
    name: str


@dataclass(frozen=True, slots=True)
class Infix(Sql):
    """`a operator b operator c`."""

    operator: str
    operands: tuple[Sql, ...]


@dataclass(frozen=True, slots=True)
class Sum(Sql):
    """`a + b - c`, added up from left to right: terms with their signs, `+` or `-`."""

    terms: tuple[tuple[str, Sql], ...]


@dataclass(frozen=True, slots=True)
class Prefix(Sql):
    """`NOT a`, `- a`."""

    operator: str
    operand: Sql


@dataclass(frozen=True, slots=True)
class IsNull(Sql):
    operand: Sql
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between(Sql):
    operand: Sql
    low: Sql
    high: Sql


@dataclass(frozen=True, slots=True)
class In(Sql):
    """`a IN (b, c)`."""

    operand: Sql
    items: tuple[Sql, ...]


@dataclass(frozen=True, slots=True)
class InQuery(Sql):
    """`a IN (SELECT …)`."""

    operand: Sql
    query: "Query"


@dataclass(frozen=True, slots=True)
class Exists(Sql):
    query: "Query"


@dataclass(frozen=True, slots=True)
class ScalarQuery(Sql):
    """`(SELECT …)`, of one column and at most one row."""

    query: "Query"


@dataclass(frozen=True, slots=True)
class Case(Sql):
    """`CASE WHEN … THEN … ELSE … END`; with an operand `CASE operand WHEN … THEN … END`, which reads it once."""

    branches: tuple[tuple[Sql, Sql], ...]
    otherwise: Sql
    operand: Sql | None = None


@dataclass(frozen=True, slots=True)
class Cast(Sql):
    operand: Sql
    type: ColumnType


@dataclass(frozen=True, slots=True)
class Call(Sql):
    """A call of a function of `pg_catalog`, by that name: or a look-alike earlier in the caller's search_path would run
    in its place.
    """

    function: str
    arguments: tuple[Sql, ...]


@dataclass(frozen=True, slots=True)
class Form(Sql):
    """What reads like a call and is a form of the language, which no search_path changes: COALESCE, NULLIF, DATEADD."""

    keyword: str
    arguments: tuple[Sql, ...]


@dataclass(frozen=True, slots=True)
class Extract(Sql):
    """`EXTRACT(unit FROM moment)`."""

    unit: str
    operand: Sql


@dataclass(frozen=True, slots=True)
class Table(Relation):
    """A table or view by its name: of database, schema and itself, or the last two."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """`value AS name`; `quoted` where a person named it, and without a name where nobody asks for one."""

    value: Sql
    name: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Aliased:
    """`relation AS alias`."""

    relation: Relation
    alias: str


@dataclass(frozen=True, slots=True)
class Join:
    """`kind JOIN relation ON condition`; a CROSS join has no condition."""

    kind: str
    joined: Aliased
    on: Sql | None = None


@dataclass(frozen=True, slots=True)
class From:
    """The FROM clause: a relation and what is joined to it."""

    first: Aliased
    joins: tuple[Join, ...] = ()


@dataclass(frozen=True, slots=True)
class Select(Relation):
    """A SELECT. As a relation it is a derived table."""

    outputs: tuple[Output, ...]
    source: From
    where: Sql | None = None
    group_by: tuple[Sql, ...] = ()
    distinct: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class CommonTable:
    """`name AS (SELECT …)` of a WITH."""

    name: str
    query: "Query"


@dataclass(frozen=True, slots=True)
class With(Relation):
    """`WITH … SELECT`."""

    tables: tuple[CommonTable, ...]
    query: Select


Query = Select | With


@dataclass(frozen=True, slots=True)
class CommonTableRef(Relation):
    """A common table by the name that the compiler gave it."""

    name: str


@dataclass(frozen=True, slots=True)
class CreateView:
    """`CREATE OR REPLACE VIEW`, late-binding, with a remark in front of its query."""

    name: Table
    query: Query
    remark: str
