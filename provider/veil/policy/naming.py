"""What the names in an expression stand for: columns, tagged columns, the value that is masked."""

from veil.language import tree
from veil.language.errors import did_you_mean
from veil.model import fold
from veil.policy.comparing import Comparing, Surroundings, Typed, spelled
from veil.policy.shapes import Shape, shape_of


class Naming(Comparing):
    """Finds what is named in these surroundings, and makes unknown what is not there."""

    def column(self, name: str) -> Typed:
        """A bare name, which inside a lookup is one of the lookup's columns."""
        return self._named(name, self.around, tree.ColumnName)

    def of_row(self, name: str) -> Typed:
        """A column of the protected row, which inside a lookup keeps being told from the lookup's columns."""
        around = self.around.of_row
        return self._named(name, around, tree.ColumnName if around is self.around else tree.ColumnReference)

    def _named(self, name: str, around: Surroundings, kind: type[tree.ColumnName | tree.ColumnReference]) -> Typed:
        if around.columns is None:
            return kind(name), Shape.ANY
        known = spelled(name, around.columns)
        if known is None:
            near = did_you_mean(name, around.columns, quote="'{}'")
            hint = f". {near}" if near else ""
            return self.unknown("unknown-column", f"there is no column {name!r} on {around.place}{hint}")
        return kind(known), shape_of(around.columns[known])

    def tagged(self, tag: str) -> Typed:
        name = self.around.tagged.get(fold(tag))
        if name is None:
            return self.unknown("tag-missing", f"no column of {self.around.of_row.place} carries the tag {tag!r}")
        return self.of_row(name)

    def masked_value(self) -> Typed:
        if self.around.value is None:
            return self.unknown("type-mismatch", "@value stands only in the expression of a mask")
        return tree.MaskedValue(), shape_of(self.around.value)
