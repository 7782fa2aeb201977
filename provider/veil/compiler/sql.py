"""Redshift SQL as a tree: what a view is made of, before it is text.

Nodes are frozen and compare by what they hold. Only `printer` turns them into text, once, at the
end; it quotes names and literals and sets parentheses, so that nothing here depends on precedence
and no text of a person can leave its quotes.
"""

from veil.compiler.node import node
from veil.model import ColumnType


class Sql:
    """An expression: one value of a row."""

    __slots__ = ()


class Relation:
    """What stands in FROM."""

    __slots__ = ()


@node
class Word(Sql):
    """A word of SQL that is a value, or stands where a value could: NULL, TRUE, the unit of a
    DATEADD, the `*` of a COUNT.
    """

    word: str


@node
class TextLiteral(Sql):
    """`'text'`, or with a type in front `DATE '2026-01-31'`."""

    text: str
    type: str = ""


@node
class NumberLiteral(Sql):
    """A number to the digit: how many decimals are written decides its type."""

    digits: str


@node
class ColumnRef(Sql):
    """A column that a person named, of the relation with this alias."""

    alias: str
    name: str


@node
class ThisColumn(ColumnRef):
    """Stands in the body of a `PerColumn` for its column."""


@node
class PerColumn(Sql):
    """`body`, about a column. What several columns show in the same way has one body, which is
    built and written once.
    """

    body: Sql
    column: ColumnRef


@node
class OwnRef(Sql):
    """A column that the compiler named, of the relation with this alias."""

    alias: str
    name: str


@node
class Infix(Sql):
    """`a operator b operator c`."""

    operator: str
    operands: tuple[Sql, ...]


@node
class Sum(Sql):
    """`a + b - c`, added up from left to right: terms with their signs, `+` or `-`."""

    terms: tuple[tuple[str, Sql], ...]


@node
class Prefix(Sql):
    """`NOT a`, `- a`."""

    operator: str
    operand: Sql


@node
class IsNull(Sql):
    operand: Sql
    negated: bool = False


@node
class Between(Sql):
    operand: Sql
    low: Sql
    high: Sql


@node
class In(Sql):
    """`a IN (b, c)`."""

    operand: Sql
    items: tuple[Sql, ...]


@node
class InQuery(Sql):
    """`a IN (SELECT …)`."""

    operand: Sql
    query: "Query"


@node
class Exists(Sql):
    query: "Query"


@node
class ScalarQuery(Sql):
    """`(SELECT …)`, of one column and at most one row."""

    query: "Query"


@node
class Case(Sql):
    """`CASE WHEN … THEN … ELSE … END`; with an operand `CASE operand WHEN … THEN … END`, which
    reads it once.
    """

    branches: tuple[tuple[Sql, Sql], ...]
    otherwise: Sql
    operand: Sql | None = None


@node
class Cast(Sql):
    operand: Sql
    type: ColumnType


@node
class Call(Sql):
    """A call of a function of `pg_catalog`: in a late-binding view by that name, or a look-alike
    earlier in the caller's search_path would run in its place. A bound view found it when it was
    made.
    """

    function: str
    arguments: tuple[Sql, ...]


@node
class UserCall(Sql):
    """A call of a user's function, `"schema"."name"(a, b)`."""

    schema: str
    name: str
    arguments: tuple[Sql, ...]


@node
class Form(Sql):
    """What reads like a call and is a form of the language, which no search_path changes: COALESCE,
    NULLIF, DATEADD.
    """

    keyword: str
    arguments: tuple[Sql, ...]


COUNT_OVER = "count over"
"""How COUNT over a window is named among functions: a warehouse may look it up otherwise than the
aggregate.
"""


@node
class CountOver(Sql):
    """`COUNT(*) OVER (PARTITION BY a, b)`: how many rows of the relation have these values, of
    which NULL is one.
    """

    partition: tuple[Sql, ...]


@node
class Extract(Sql):
    """`EXTRACT(unit FROM moment)`."""

    unit: str
    operand: Sql


@node
class Table(Relation):
    """A table or view by its name: of database, schema and itself, or the last two."""

    parts: tuple[str, ...]


@node
class Output:
    """`value AS name`; `quoted` where a person named it, and without a name where nobody asks for
    one.
    """

    value: Sql
    name: str = ""
    quoted: bool = False


@node
class LiteralRows(Relation):
    """Rows that are written out: `SELECT a AS b UNION ALL SELECT c AS b`. There is one at least."""

    rows: tuple[tuple[Output, ...], ...]


@node
class Aliased:
    """`relation AS alias`."""

    relation: Relation
    alias: str


@node
class Join:
    """`kind JOIN relation ON condition`; a CROSS join has no condition."""

    kind: str
    joined: Aliased
    on: Sql | None = None


@node
class From:
    """The FROM clause: a relation and what is joined to it."""

    first: Aliased
    joins: tuple[Join, ...] = ()


@node
class Select(Relation):
    """A SELECT. As a relation it is a derived table."""

    outputs: tuple[Output, ...]
    source: From
    where: Sql | None = None
    group_by: tuple[Sql, ...] = ()
    distinct: bool = False
    limit: int | None = None


@node
class CommonTable:
    """`name AS (SELECT …)` of a WITH."""

    name: str
    query: "Query | LiteralRows"


@node
class With(Relation):
    """`WITH … SELECT`."""

    tables: tuple[CommonTable, ...]
    query: Select


Query = Select | With


@node
class CommonTableRef(Relation):
    """A common table by the name that the compiler gave it."""

    name: str


@node
class CreateView:
    """`CREATE OR REPLACE VIEW`, with a remark in front of its query: late-binding, or bound to what
    it reads and calls.
    """

    name: Table
    query: Query
    remark: str
    is_bound: bool = False
