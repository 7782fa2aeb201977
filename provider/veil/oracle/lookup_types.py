"""Whether a lookup's condition can be decided at all, as far as it is about the protected row.

Where it cannot, no row of the lookup is found, and NOT IN over none would be TRUE.
"""

from collections.abc import Callable, Mapping
from typing import Any

from veil.language import tree, walk
from veil.oracle.operands import Operand, meet

ValueOf = Callable[[tree.Expression], Operand | None]
"""The value of an expression over the protected row and the user; for one over the lookup's columns
a NULL of its type, or None where their types are not known.
"""


def is_decidable(condition: tree.Expression, value_of: ValueOf) -> bool:
    """Whether all that the condition compares goes together. What the lookup's own columns go with
    is known only once they have values, where nobody has looked which types they have.
    """
    return not any(_fails(each, value_of) for each in walk(condition))


def _fails(node: tree.Expression, value_of: ValueOf) -> bool:
    known = value_of(node)
    if known is not None:
        return not known.decided
    compared = COMPARED[type(node)](node)
    return bool(compared) and not _all_meet(compared[0], compared[1:], value_of)


def _all_meet(operand: tree.Expression, others: tuple[tree.Expression, ...], value_of: ValueOf) -> bool:
    known = value_of(operand)
    return all(_meet(known, value_of(each)) for each in others)


def _meet(left: Operand | None, right: Operand | None) -> bool:
    """Whether two values compare. What is of the lookup, None here, does with everything that
    compares at all.
    """
    if left is not None and right is not None:
        return meet(left, right)
    known = left or right
    return known is None or known.type is None or known.group is not None


def is_of_lookup(expression: tree.Expression) -> bool:
    """Whether a column of the lookup is in an expression of its condition."""
    return any(isinstance(each, tree.ColumnName) for each in walk(expression))


def _nothing(node: tree.Expression) -> tuple[tree.Expression, ...]:
    return ()


COMPARED: Mapping[type, Callable[[Any], tuple[tree.Expression, ...]]] = {
    tree.Comparison: lambda node: (node.left, node.right),
    tree.IsDistinct: lambda node: (node.left, node.right),
    tree.In: lambda node: (node.operand, *node.items),
    tree.Between: lambda node: (node.operand, node.low, node.high),
    **dict.fromkeys((tree.Not, tree.And, tree.Or, tree.IsNull, tree.BooleanTest, tree.Like), _nothing),
    **dict.fromkeys((tree.Arithmetic, tree.Negative, tree.Concat, tree.Cast, tree.Case, tree.Call), _nothing),
    **dict.fromkeys(tree.constructs(tree.Fixed, tree.AboutUser, tree.AboutRow, tree.Templated), _nothing),
}
"""What each construct compares: the first value with each of the others."""
