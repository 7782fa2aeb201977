"""What an expression may refer to, and how two of its values meet in a comparison."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from veil.language import to_text, tree, walk
from veil.language.tree import Expression
from veil.model import ColumnType, Family
from veil.policy.findings import Problem
from veil.policy.shapes import Shape, article, meet, read

UNKNOWN = tree.NullValue()
"""What stands where a value or a test cannot be decided: unknown, which falls on the closed side."""

Typed = tuple[Expression, Shape]
LookupTables = Mapping[tuple[str, ...], Mapping[str, ColumnType]]
"""The columns of tables that lookups read, by the names under which policies name them."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an expression may refer to: the row's columns by name, the data source's infrastructure, and the value
    being masked. `tagged` says which column each folded tag stands for. `outer` are, inside a lookup, the surroundings of
    the lookup, for what reaches the row there; `columns` are then those of the lookup's table, out of `tables`, and None
    where only the warehouse knows them, as it does for who compiles.
    """

    place: str
    columns: Mapping[str, ColumnType] | None
    infrastructure: Mapping[str, str] = field(default_factory=dict)
    value: ColumnType | None = None
    tagged: Mapping[str, str] = field(default_factory=dict)
    tables: LookupTables = field(default_factory=dict)
    outer: "Surroundings | None" = None

    def of_lookup(self, table: tuple[str, ...]) -> "Surroundings":
        """Those of the condition of a lookup that stands here."""
        return replace(self, place=".".join(table), columns=self.tables.get(table), outer=self)

    @property
    def of_row(self) -> "Surroundings":
        """Those of the protected row."""
        return self.outer or self


class Comparing:
    """Decides how values meet within these surroundings, and gathers what does not go together."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.around = surroundings
        self.problems: list[Problem] = []
        self.within: Expression | None = None

    @contextmanager
    def inside(self, part: Expression) -> Iterator[None]:
        """Let problems with types that are found inside name this part of the expression."""
        around, self.within = self.within, part
        yield
        self.within = around

    def unknown(self, code: str, message: str) -> Typed:
        if code == "type-mismatch" and self.within is not None:
            message = f"{message}, in {_shortened(to_text(self.within))}"
        self.problems.append(Problem(code, message))
        return UNKNOWN, Shape.LOST

    def has_text(self, node: Expression, shape: Shape) -> bool:
        """Whether the value has one text. A computed NUMERIC has none: how many decimals it prints is not certain."""
        if shape is Shape.NUMERIC:
            return isinstance(node, tree.ColumnName | tree.ColumnReference | tree.MaskedValue | tree.Number | tree.Cast)
        return shape not in (Shape.OPAQUE, Shape.DOUBLE)

    def pair(self, left: Typed, right: Typed) -> tuple[Expression, Expression] | None:
        """Both sides of a comparison, a text literal read as the other side's type; None where they do not meet."""
        if self._is_lookup_as_text(left, right) or self._is_lookup_as_text(right, left):
            return left[0], right[0]
        if isinstance(right[0], tree.Text) and _reads_literals(left[1]):
            found = self._read(right[0], left)
            return None if found is None else (left[0], found)
        if isinstance(left[0], tree.Text) and _reads_literals(right[1]):
            found = self._read(left[0], right)
            return None if found is None else (found, right[0])
        if not meet(left[1], right[1]):
            self.unknown("type-mismatch", f"{article(left[1])} cannot be compared with {article(right[1])}")
            return None
        return left[0], right[0]

    def _is_lookup_as_text(self, mine: Typed, other: Typed) -> bool:
        """Whether a lookup's column of a known type is compared with a text, which views do by the text of it."""
        return other[1] is Shape.TEXT and mine[1] in _STEADY_TEXTS and self.is_of_lookup(mine[0])

    def is_of_lookup(self, node: Expression) -> bool:
        """Whether a value is that of a lookup's column whose type is known here, and not to the view."""
        if self.around.outer is None or self.around.columns is None or isinstance(node, tree.Cast | tree.Call):
            return False
        return any(isinstance(each, tree.ColumnName) for each in walk(node))

    def require_steady_text(self, node: Expression, shape: Shape) -> bool:
        """Whether the text of a value is safe to look at; notes a problem where it is a lookup's and of a type whose
        text the caller's settings change.
        """
        if shape in _STEADY_TEXTS or shape.is_open or not self.is_of_lookup(node):
            return True
        self.unknown("type-mismatch", f"{article(shape)} of a lookup has no one text: compare it with {article(shape)}")
        return False

    def _read(self, literal: tree.Text, other: Typed) -> Expression | None:
        if not self.require_steady_text(*other):
            return None
        expected = self._type_of(*other)
        found = read(literal.value, expected)
        if found is None:
            self.unknown("type-mismatch", f"{literal.value!r} cannot be read as {article(expected.family)}")
        elif expected.family is Family.REAL:
            return tree.Cast(found, Family.REAL)
        return found

    def _type_of(self, node: Expression, shape: Shape) -> ColumnType:
        match node:
            case tree.ColumnName(name=name) if self.around.columns is not None:
                return self.around.columns[name]
            case tree.ColumnReference(name=name) if self.around.of_row.columns is not None:
                return self.around.of_row.columns[name]
            case tree.MaskedValue() if self.around.value is not None:
                return self.around.value
            case tree.Cast():
                return cast_type(node)
            case _:
                return _TYPES[shape]


def spelled(name: str, columns: Collection[str]) -> str | None:
    """The column that a name means: the one spelled so, else the only one that differs in case. Redshift folds names,
    quoted or not, unless its sessions are told otherwise, and people name columns as other systems spell them.
    """
    alike = [name] if name in columns else [each for each in columns if each.lower() == name.lower()]
    return alike[0] if len(alike) == 1 else None


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


_LONGEST = 80
"""So many characters of an expression stand in a message."""

_STEADY_TEXTS = frozenset({Shape.TEXT, Shape.INTEGER, Shape.NUMERIC})
"""The shapes whose text no setting of a session changes."""

_TYPES = {
    Shape.INTEGER: ColumnType(Family.BIGINT),
    Shape.NUMERIC: ColumnType(Family.NUMERIC, precision=38),
    Shape.DOUBLE: ColumnType(Family.DOUBLE),
    Shape.BOOLEAN: ColumnType(Family.BOOLEAN),
    Shape.DATE: ColumnType(Family.DATE),
    Shape.TIMESTAMP: ColumnType(Family.TIMESTAMP),
}


def _reads_literals(shape: Shape) -> bool:
    return shape in _TYPES


def cast_type(node: tree.Cast) -> ColumnType:
    """The type that a cast names. The parser has filled in lengths, precisions and scales."""
    family = Family(node.type)
    if family.is_text:
        return ColumnType(family, length=node.arguments[0])
    if family is Family.NUMERIC:
        return ColumnType(family, precision=node.arguments[0], scale=node.arguments[1])
    return ColumnType(family)
