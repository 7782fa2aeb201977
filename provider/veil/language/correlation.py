"""How a lookup's condition reaches the protected row: by keys, and by tests of that row alone.

A condition that reaches the row is not evaluated once per row but taken apart, so that the lookup
can be joined.
"""

from dataclasses import dataclass

from veil.language import tree
from veil.language.tree import Expression
from veil.language.visitor import walk

MAX_WAYS = 16
"""How many ways a condition may fall apart into. Each is a join of its own."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a row of the lookup's table is found.

    All `filters`, which see that row, and all `gates`, which see the protected row, are TRUE; and
    in each pair of `keys` a value of the lookup's row, first, equals one of the protected row. All
    of them may ask about the user.
    """

    filters: tuple[Expression, ...] = ()
    gates: tuple[Expression, ...] = ()
    keys: tuple[tuple[Expression, Expression], ...] = ()

    def __and__(self, other: "Way") -> "Way":
        return Way(self.filters + other.filters, self.gates + other.gates, self.keys + other.keys)


class CorrelationError(Exception):
    """A part of the condition that ties the two rows together in another way than by an
    equality.
    """

    def __init__(self, part: Expression) -> None:
        super().__init__("not an equality of one row's value with the other's")
        self.part = part


class TooManyWaysError(Exception):
    """The condition falls apart into more than `MAX_WAYS`."""


def ways(condition: Expression | None) -> tuple[Way, ...]:
    """The ways in which a lookup's condition can be TRUE: it is where one of them is. Together they
    find the rows that the condition finds.

    Raises CorrelationError and TooManyWaysError, which `parse` has turned into errors for people.
    """
    if condition is None:
        return (Way(),)
    if not reaches_row(condition):
        return (Way(filters=(condition,)),)
    if not _of_lookup(condition):
        return (Way(gates=(condition,)),)
    match condition:
        case tree.And(operands=operands):
            return _product(operands)
        case tree.Or(operands=operands):
            return _limited(tuple(way for each in operands for way in ways(each)))
        case tree.Comparison(operator="=", left=left, right=right):
            return (Way(keys=(_key(condition, left, right),)),)
        case _:
            raise CorrelationError(condition)


def reaches_row(expression: Expression) -> bool:
    """Whether the expression, a part of a lookup, names a column of the protected row."""
    return any(isinstance(each, tree.ColumnReference | tree.ColumnTagged) for each in walk(expression))


def _of_lookup(expression: Expression) -> bool:
    return any(isinstance(each, tree.ColumnName) for each in walk(expression))


def _product(operands: tuple[Expression, ...]) -> tuple[Way, ...]:
    combined: tuple[Way, ...] = (Way(),)
    for each in operands:
        combined = _limited(tuple(before & way for before in combined for way in ways(each)))
    return combined


def _limited(combined: tuple[Way, ...]) -> tuple[Way, ...]:
    if len(combined) > MAX_WAYS:
        raise TooManyWaysError
    return combined


def _key(comparison: Expression, left: Expression, right: Expression) -> tuple[Expression, Expression]:
    """The two sides, the lookup's first."""
    for inner, outer in ((left, right), (right, left)):
        if not reaches_row(inner) and not _of_lookup(outer):
            return inner, outer
    raise CorrelationError(comparison)
