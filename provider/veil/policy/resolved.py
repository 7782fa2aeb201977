"""Which policies decide what on one data source, ready to be compiled."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from veil.language.tree import Boolean, Expression, Moment, Number, Text
from veil.model import Column, ColumnType, DataSource, Family, Kind, LookupTables, Mask, Null, TimeWindow
from veil.policy.findings import Path, Place, Problem


@dataclass(frozen=True, slots=True)
class ExpressionMask:
    """A mask whose value is an expression over `@value` and the row: a constant, or what an `sql`
    mask says.
    """

    expression: Expression
    replaces_null: bool = False


@dataclass(frozen=True, slots=True)
class Argument:
    """A constant that a function gets after the value, as an expression and in the type that the
    function takes.
    """

    value: Text | Number | Boolean | Moment
    type: ColumnType


@dataclass(frozen=True, slots=True)
class Called:
    """A mask that is a call of a user's function, which gives a value of the column's family. One
    that is not `steady` may give something else to whoever else asks.
    """

    reads_row: ClassVar[bool] = False

    schema: str
    name: str
    arguments: tuple[Argument, ...]
    returns: Family
    steady: bool


FittedMask = Mask | ExpressionMask | Called
"""What a mask does on a column that it fits. One that does not fit is `Null`; a `Constant` or `Sql`
is `ExpressionMask`, a `Function` is `Called`.
"""


_NULL = Null()


@dataclass(frozen=True, slots=True)
class AppliedMask:
    """One masking policy on one column.

    It passes to the next where `excepted` is TRUE, or where every expression of `where` (one per
    choice of tagged columns) is FALSE; `where` None never passes. `audience` TRUE gives `mask`,
    FALSE `otherwise`, unknown NULL.
    """

    policy: str
    excepted: Expression
    mask: FittedMask
    where: tuple[Expression, ...] | None = None
    audience: Expression | None = None
    otherwise: FittedMask = _NULL


@dataclass(frozen=True, slots=True)
class ResolvedColumn:
    """A column of the view. `type` is what the view gives, wider than the base column's where texts
    are hashed.

    `is_null` columns are NULL for everybody; `masks` decide in their order. `is_bare` columns stand
    in the view without a guard, so that a user's filters reach the scan: they are under no mask.
    """

    column: Column
    type: ColumnType
    masks: tuple[AppliedMask, ...] = ()
    is_null: bool = False
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Conditions:
    """A row shows where all of these are TRUE."""

    expressions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A row shows where its event time lies in the window."""

    column: Column
    window: TimeWindow


@dataclass(frozen=True, slots=True)
class Sample:
    """A row shows where salt and values put it among `percent` of the rows."""

    percent: Decimal


RowTest = Conditions | Window | Sample


_NEVER = Conditions((Boolean(False),))


@dataclass(frozen=True, slots=True)
class AppliedRows:
    """One row policy: a row shows where `excepted` or `test` is TRUE.

    With `audience`, TRUE asks `test`, FALSE asks `otherwise`, and unknown shows nothing.
    """

    policy: str
    excepted: Expression
    test: RowTest
    audience: Expression | None = None
    otherwise: RowTest = _NEVER


@dataclass(frozen=True, slots=True)
class Admission:
    """One subscription policy. `condition` None admits, or as a guardrail demands, a subscription
    by name.
    """

    policy: str
    condition: Expression | None


@dataclass(frozen=True, slots=True)
class Incompatibility:
    """A problem of one policy on this data source, at a path of its HCL."""

    kind: Kind
    policy: str
    path: Path
    problem: Problem
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Guarded:
    """A column that was to stand bare and does not, and why: because of these objects."""

    column: str
    why: str
    about: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """What one data source's view does. `closed` are the reasons for which it shows no row to
    anybody, `guarded` the columns that were to stand bare and do not. `lookups` are the tables that
    its policies look up in, as far as they are known.
    """

    source: DataSource
    columns: tuple[ResolvedColumn, ...]
    rows: tuple[AppliedRows, ...] = ()
    grants: tuple[Admission, ...] = ()
    guardrails: tuple[Admission, ...] = ()
    closed: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    guarded: tuple[Guarded, ...] = ()
    column_tags: frozenset[str] = frozenset()
    incompatibilities: tuple[Incompatibility, ...] = ()
    lookups: LookupTables = field(default_factory=dict)

    @property
    def masked(self) -> tuple[ResolvedColumn, ...]:
        return tuple(column for column in self.columns if column.masks or column.is_null)
