"""What an expression is evaluated in: the user, the data source, one row of it, and what is being masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import product

from veil.language import tree
from veil.model import Column, DataSource, World, fold
from veil.oracle.facts import Facts
from veil.oracle.operands import NOTHING, Operand, of_column, of_python
from veil.oracle.places import column as visible
from veil.oracle.places import maskable, tagged
from veil.oracle.values import Value

Row = Mapping[str, Value]
Lookups = Mapping[tuple[str, ...], Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Scope:
    """`choice` says which column each `@columnTagged` stands for; `inner` is the row of a lookup's table; `value` is
    the one being masked. `salt` is the data source's; `join_salt` is what hash masks take, which a project with masked
    joins shares among its data sources. `subscription` turns on infrastructure variables.
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
    value: Operand = NOTHING
    subscription: bool = False

    def bare(self, name: str) -> Operand:
        """A bare name: of the lookup's table inside a lookup, else of the protected row."""
        if self.inner is None:
            return self.named(name)
        return of_python(self.inner[name]) if name in self.inner else NOTHING

    def named(self, name: str) -> Operand:
        """A column of the protected row, whatever the case of its letters where that tells it from no other; NOTHING
        where it is not there, or hidden.
        """
        found = visible(self.source, name)
        if found is None:
            alike = [each for each in maskable(self.source) if each.name.lower() == name.lower()]
            found = alike[0] if len(alike) == 1 else None
        return NOTHING if found is None else self.of(found)

    def of(self, column: Column) -> Operand:
        return of_column(self.row.get(column.name), column.type)

    def choices(self, tags: frozenset[str]) -> list["Scope"]:
        """One scope per way to let each tag stand for one of its columns; none where a tag has no column."""
        ordered = sorted(set(map(fold, tags)))
        ways = product(*(tagged(self.source, tag) for tag in ordered))
        return [replace(self, choice=dict(zip(ordered, way, strict=True))) for way in ways]

    def inside(self, row: Row) -> "Scope":
        """This scope within a lookup, at one row of the lookup's table."""
        return replace(self, inner=row)

    def tagged(self, atom: tree.ColumnTagged) -> Operand:
        chosen = self.choice.get(fold(atom.tag))
        return NOTHING if chosen is None else self.of(chosen)
