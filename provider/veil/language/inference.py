"""What type of value an expression gives, as far as the text alone tells. Columns tell nothing."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from veil.language import tree
from veil.language.functions import ALLOWED
from veil.language.tree import Expression
from veil.language.types import CASTABLE
from veil.language.value_types import ValueType, meet, unified

DAYS = "Write DATEADD(day, -30, x) for an earlier day, DATEDIFF(day, a, b) for the midnights from a to b."
"""The advice where numbers stand for days."""


def static_type(expression: Expression) -> ValueType:
    """The type of value that `expression` gives; UNKNOWN where only the columns' types decide, and
    where its parts do not go together.
    """
    return expression.gives or DEPENDENT[type(expression)](expression)


def _of_number(node: tree.Number) -> ValueType:
    """A number without a decimal point that a BIGINT holds is an integer."""
    is_integer = node.value.as_tuple().exponent == 0 and abs(node.value) < 2**63
    return ValueType.INTEGER if is_integer else ValueType.NUMERIC


def _of_case(node: tree.Case) -> ValueType:
    return unified(map(static_type, results(node))) or ValueType.UNKNOWN


def results(node: tree.Case) -> Iterator[Expression]:
    """What a CASE chooses from, as far as it is written."""
    yield from (result for _, result in node.branches)
    if node.otherwise is not None:
        yield node.otherwise


def _of_call(node: tree.Call) -> ValueType:
    gives = ALLOWED[node.function].gives
    return gives or unified(map(static_type, node.arguments)) or ValueType.UNKNOWN


DEPENDENT: Mapping[type[tree.Node], Callable[[Any], ValueType]] = {
    tree.Number: _of_number,
    tree.Moment: lambda node: ValueType(node.type),
    tree.Cast: lambda node: CASTABLE[node.type].gives,
    tree.Case: _of_case,
    tree.Call: _of_call,
}
"""The constructs whose class does not say what they give, because that depends on their parts."""


def comparable(one: Expression, other: Expression) -> bool:
    """Whether two expressions can be compared. A string literal is read as what it is compared
    with.
    """
    literal = isinstance(one, tree.Text) or isinstance(other, tree.Text)
    return literal or meet(static_type(one), static_type(other))
