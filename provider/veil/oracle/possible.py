"""What a condition can say when the row is not known: the set of truths that it may take on some row.

Too large a set is allowed, too small a one is not. Purposes that the user has only to acknowledge may count or not.
"""

from collections.abc import Callable, Iterable
from itertools import product

from veil.language import Usage, referenced_tags, tree, walk
from veil.oracle.evaluate import truth
from veil.oracle.expressions import read_expression
from veil.oracle.facts import Facts
from veil.oracle.logic import Truth, conjunction, disjunction, negation
from veil.oracle.places import tagged
from veil.oracle.scope import Scope

Truths = frozenset[Truth]

ANYTHING: Truths = frozenset({True, False, None})
UNKNOWN: Truths = frozenset({None})
_OF_ROW = (tree.ColumnName, tree.ColumnReference, tree.ColumnTagged, tree.MaskedValue, tree.InLookup)


def exactly(truth: Truth) -> Truths:
    return frozenset({truth})


def all_of(sets: Iterable[Truths]) -> Truths:
    """AND of conditions that are independent of each other."""
    return _combined(sets, conjunction)


def any_of(sets: Iterable[Truths]) -> Truths:
    """OR of conditions that are independent of each other."""
    return _combined(sets, disjunction)


def over_users(text: str, scope: Scope) -> Truths:
    """What an expression over the user alone can say."""
    expression = read_expression(text, Usage.SUBSCRIPTION if scope.subscription else Usage.AUDIENCE)
    return UNKNOWN if expression is None else possible(expression, scope)


def over_rows(text: str, scope: Scope) -> Truths | None:
    """What an expression over rows can say, the same for every choice of tagged columns; None where a tag has none."""
    expression = read_expression(text, Usage.ROW)
    if expression is None:
        return UNKNOWN
    if not all(tagged(scope.source, tag) for tag in referenced_tags(expression)):
        return None
    return possible(expression, scope)


def purpose(name: str, facts: Facts) -> Truths:
    """Whether the purpose counts, or may."""
    may = name in facts.attainable and facts.under(name) is not True
    return ANYTHING if may else exactly(facts.under(name))


def possible(expression: tree.Expression, scope: Scope) -> Truths:
    """The truths that the condition can take."""
    facts = scope.facts
    if facts is None:
        return UNKNOWN
    match expression:
        case tree.And():
            return all_of(possible(each, scope) for each in expression.operands)
        case tree.Or():
            return any_of(possible(each, scope) for each in expression.operands)
        case tree.Not():
            return frozenset(map(negation, possible(expression.operand, scope)))
        case tree.IsUsingPurpose():
            return purpose(expression.purpose, facts)
    if not _depends(expression, facts):
        return exactly(truth(expression, scope))
    return _of_atom(expression, facts)


def _of_atom(expression: tree.Expression, facts: Facts) -> Truths:
    match expression:
        case tree.AttributeValuesContains(placeholder=None) if not facts.values(expression.attribute).certain:
            return frozenset({False, None})
        case tree.GroupsContains(placeholder=None) if not facts.groups.certain:
            return frozenset({False, None})
        case tree.PurposesContains(placeholder=None) if not facts.purposes.certain | facts.attainable:
            return frozenset({False, None})
        case _:
            return ANYTHING


def _depends(expression: tree.Expression, facts: Facts) -> bool:
    """Whether the row, or a purpose that may come to count, decides."""
    waiting = bool(facts.attainable)
    return any(
        isinstance(each, _OF_ROW) or (waiting and isinstance(each, tree.IsUsingPurpose | tree.PurposesContains))
        for each in walk(expression)
    )


def _combined(sets: Iterable[Truths], combine: Callable[[Iterable[Truth]], Truth]) -> Truths:
    found = exactly(combine(()))
    for each in sets:
        found = frozenset(map(combine, product(found, each)))
    return found
