"""What an expression is evaluated in: the user, the data source, one row of it, and what is being
masked.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import product

from veil.language import tree
from veil.model import Column, DataSource, Family, World, fold
from veil.oracle.facts import Facts
from veil.oracle.operands import NOTHING, Operand, of_column, of_python
from veil.oracle.places import column as visible
from veil.oracle.places import maskable, tagged
from veil.oracle.values import Value

Row = Mapping[str, Value]
Lookups = Mapping[tuple[str, ...], Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Scope:
    """`choice` says which column each `@columnTagged` stands for; `inner` is the row of a lookup's
    table, which is `looked_up`; `value` is the one being masked. `salt` is the data source's; `join_salt` is what hash
    masks take, which a project with masked joins shares among its data sources. `subscription`
    turns on infrastructure variables. `rows` are all of the table, and `counted` how many of them
    are alike in some columns, as far as it was asked. `functions` stand for those of users.
    """

    world: World
    source: DataSource
    facts: Facts | None
    now: datetime
    row: Row = field(default_factory=dict)
    lookups: Lookups = field(default_factory=dict)
    salt: str | None = None
    join_salt: str | None = None
    choice: Mapping[str, Column] = field(default_factory=dict)
    inner: Row | None = None
    looked_up: tuple[str, ...] = ()
    value: Operand = NOTHING
    subscription: bool = False
    rows: Sequence[Row] = ()
    counted: dict[tuple[str, ...], Counter[tuple[str | None, ...]]] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Value]] = field(default_factory=dict)

    def bare(self, name: str) -> Operand:
        """A bare name: of the lookup's table inside a lookup, else of the protected row."""
        if self.inner is None:
            return self.named(name)
        if name not in self.inner:
            return NOTHING
        known = self.world.lookups.get(self.looked_up, {}).get(name)
        if known is not None and known.family is Family.TIMESTAMPTZ:
            return NOTHING
        operand = of_python(self.inner[name]) if known is None else of_column(self.inner[name], known)
        return replace(operand, of_lookup=True)

    def named(self, name: str) -> Operand:
        """A column of the protected row, whatever the case of its letters where that tells it from
        no other; NOTHING where it is not there, or hidden.
        """
        column = visible(self.source, name)
        if column is None:
            alike = [each for each in maskable(self.source) if each.name.lower() == name.lower()]
            column = alike[0] if len(alike) == 1 else None
        return NOTHING if column is None else self.of(column)

    def of(self, column: Column) -> Operand:
        return of_column(self.row.get(column.name), column.type)

    def alike(self, names: frozenset[str]) -> int | None:
        """How many rows of the table have the row's values in these columns, as texts of which NULL
        is one like others; None where one is not there, or has no text.
        """
        columns = tuple(sorted(names))
        own = self._texts(columns)
        if own is None:
            return None
        if columns not in self.counted:
            every = (replace(self, row=row)._texts(columns) for row in self.rows)
            self.counted[columns] = Counter(each for each in every if each is not None)
        return self.counted[columns][own]

    def _texts(self, columns: tuple[str, ...]) -> tuple[str | None, ...] | None:
        operands = [self.named(each) for each in columns]
        return (
            tuple(each.text for each in operands) if all(each.has_text and each.decided for each in operands) else None
        )

    def choices(self, tags: frozenset[str]) -> list["Scope"]:
        """One scope per way to let each tag stand for one of its columns; none where a tag has no
        column.
        """
        ordered = sorted(set(map(fold, tags)))
        ways = product(*(tagged(self.source, tag) for tag in ordered))
        return [replace(self, choice=dict(zip(ordered, way, strict=True))) for way in ways]

    def inside(self, row: Row, table: tuple[str, ...]) -> "Scope":
        """This scope within a lookup, at one row of the lookup's table."""
        return replace(self, inner=row, looked_up=table)

    def tagged(self, atom: tree.ColumnTagged) -> Operand:
        chosen = self.choice.get(fold(atom.tag))
        return NOTHING if chosen is None else self.of(chosen)
