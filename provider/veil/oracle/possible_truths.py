"""What a condition can say when the row is not known: the set of truths that it may take on some
row.

Too large a set is allowed, too small a one is not. Purposes that the user has only to acknowledge
may count or not.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any

from veil.language import Usage, referenced_tags, tree, walk
from veil.oracle.evaluate import truth
from veil.oracle.expressions import read_expression
from veil.oracle.facts import Facts
from veil.oracle.logic import Truth, conjunction, disjunction, negation
from veil.oracle.places import tagged
from veil.oracle.scope import Scope
from veil.oracle.user_tests import TESTS

Truths = frozenset[Truth]

ANYTHING: Truths = frozenset({True, False, None})
UNKNOWN: Truths = frozenset({None})


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
    """What an expression over rows can say, the same for every choice of tagged columns; None where
    a tag has none.
    """
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
    if scope.facts is None:
        return UNKNOWN
    return TRUTHS[type(expression)](expression, scope, scope.facts)


def _of_parts(node: tree.Expression, scope: Scope, facts: Facts) -> Truths:
    """What the condition says of the user, where nothing in it depends on the row or on a purpose
    to come.
    """
    return ANYTHING if _depends(node, facts) else exactly(truth(node, scope))


def _contains(held: Callable[[Any, Facts], bool]) -> Callable[[Any, Scope, Facts], Truths]:
    """A list function, which is never TRUE of somebody who holds nothing for certain."""

    def truths(node: Any, scope: Scope, facts: Facts) -> Truths:
        if not _depends(node, facts):
            return exactly(truth(node, scope))
        return ANYTHING if node.placeholder is not None or held(node, facts) else frozenset({False, None})

    return truths


TRUTHS: Mapping[type, Callable[[Any, Scope, Facts], Truths]] = {
    **dict.fromkeys(TESTS, _of_parts),
    tree.And: lambda node, scope, facts: all_of(possible(each, scope) for each in node.operands),
    tree.Or: lambda node, scope, facts: any_of(possible(each, scope) for each in node.operands),
    tree.Not: lambda node, scope, facts: frozenset(map(negation, possible(node.operand, scope))),
    tree.IsUsingPurpose: lambda node, scope, facts: purpose(node.purpose, facts),
    tree.AttributeValuesContains: _contains(lambda node, facts: bool(facts.values(node.attribute).certain)),
    tree.GroupsContains: _contains(lambda node, facts: bool(facts.groups.certain)),
    tree.PurposesContains: _contains(lambda node, facts: bool(facts.purposes.certain | facts.attainable)),
    **dict.fromkeys((tree.Text, tree.Number, tree.Boolean, tree.NullValue, tree.Moment), _of_parts),
    **dict.fromkeys((tree.ColumnName, tree.ColumnReference, tree.ColumnTagged, tree.MaskedValue), _of_parts),
    **dict.fromkeys((tree.Comparison, tree.IsNull, tree.BooleanTest, tree.IsDistinct), _of_parts),
    **dict.fromkeys((tree.In, tree.InLookup, tree.Between, tree.Like), _of_parts),
    **dict.fromkeys((tree.Arithmetic, tree.Negative, tree.Concat, tree.Cast, tree.Case, tree.Call), _of_parts),
    **dict.fromkeys((tree.Username, tree.Iam, tree.Infrastructure), _of_parts),
}
"""What each construct can say. The interpreter keeps its own tables on purpose: it is what the
compiler is held against, and would not find an error that both read from one place.
"""

_OF_ROW = (tree.ColumnName, tree.ColumnReference, tree.ColumnTagged, tree.MaskedValue, tree.InLookup)
_OF_PURPOSES = (tree.IsUsingPurpose, tree.PurposesContains)


def _depends(expression: tree.Expression, facts: Facts) -> bool:
    """Whether the row, or a purpose that may come to count, decides."""
    deciding = (*_OF_ROW, *_OF_PURPOSES) if facts.attainable else _OF_ROW
    return any(isinstance(each, deciding) for each in walk(expression))


def _combined(sets: Iterable[Truths], combine: Callable[[Iterable[Truth]], Truth]) -> Truths:
    truths = exactly(combine(()))
    for each in sets:
        truths = frozenset(map(combine, product(truths, each)))
    return truths
