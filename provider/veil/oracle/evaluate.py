"""The interpreter of the policy language: an expression and a scope give a typed value, in
three-valued logic.

Nothing here raises for what data can bring about: what SQL would refuse (a division by zero, a
failing cast) is NULL.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from veil.language import asks_user, tree
from veil.oracle import arithmetic, user_tests
from veil.oracle.casts import cast
from veil.oracle.entitlements import Entitlements
from veil.oracle.facts import Facts
from veil.oracle.functions import call, is_about_texts
from veil.oracle.like import like
from veil.oracle.logic import Truth, conjunction, disjunction, negation
from veil.oracle.lookup_types import is_decidable, is_of_lookup
from veil.oracle.operands import (
    BOOLEAN,
    DATE,
    NOTHING,
    TEXT,
    TIMESTAMP,
    UNTYPED,
    Group,
    Operand,
    as_written,
    boolean,
    compare,
    meet,
    numeric,
    of_name,
    smallest_whole,
)
from veil.oracle.reading import read
from veil.oracle.results import case_result
from veil.oracle.scope import Scope
from veil.oracle.texts import closed, concatenated


def truth(expression: tree.Expression, scope: Scope) -> Truth:
    """A condition's truth; unknown where it is no condition at all."""
    return evaluate(expression, scope).truth


ABOUT_UNKNOWN = (tree.Case, tree.Call, tree.IsNull, tree.BooleanTest, tree.IsDistinct)
"""What distinguishes an unknown part from a known one. The interpreter says so by itself, on
purpose.
"""


def evaluate(expression: tree.Expression, scope: Scope) -> Operand:
    """The expression's value and type.

    In an equalized project what makes something of an unknown (CASE, a function, IS) is unknown
    itself where it holds a test of the user: members might come to differ by it.
    """
    return closed(_open(expression, scope))


def _open(expression: tree.Expression, scope: Scope) -> Operand:
    """As `evaluate`, but for a text whose length does not count yet: that of the text that it
    becomes part of does.
    """
    operand = VALUES[type(expression)](expression, scope)
    if _is_equalized(scope) and isinstance(expression, ABOUT_UNKNOWN) and asks_user(expression):
        return replace(operand, value=None)
    return operand


def _is_equalized(scope: Scope) -> bool:
    return scope.facts is not None and scope.facts.equalized


def _number(node: tree.Number, scope: Scope) -> Operand:
    """A number as written: of the smallest integer type that holds it, or a NUMERIC of just its
    digits.
    """
    exponent, whole = int(node.value.as_tuple().exponent), abs(int(node.value))
    if exponent == 0 and whole < 1 << 63:
        return Operand(int(node.value), smallest_whole(int(node.value)))
    return Operand(node.value, numeric(len(str(whole)) if whole else 0, max(0, -exponent)))


def _moment(node: tree.Moment, scope: Scope) -> Operand:
    kind = DATE if node.type == "date" else TIMESTAMP
    return Operand(read(node.text, kind), kind)


def _condition(expression: tree.Expression, scope: Scope) -> Operand:
    """The expression as a condition; what is of another type means nothing as one."""
    operand = evaluate(expression, scope)
    return operand if operand.type is None or operand.group is Group.BOOLEAN else NOTHING


def _not(node: tree.Not, scope: Scope) -> Operand:
    operand = _condition(node.operand, scope)
    return boolean(negation(operand.truth), decided=operand.decided)


def _logic(node: tree.And | tree.Or, scope: Scope) -> Operand:
    operands = [_condition(each, scope) for each in node.operands]
    combine = conjunction if isinstance(node, tree.And) else disjunction
    return boolean(combine(each.truth for each in operands), decided=all(each.decided for each in operands))


def _comparison(node: tree.Comparison, scope: Scope) -> Operand:
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    return boolean(compare(node.operator, left, right), decided=meet(left, right))


def _is_null(node: tree.IsNull, scope: Scope) -> Operand:
    operand = evaluate(node.operand, scope)
    return boolean((operand.value is None) is not node.negated) if operand.decided else NOTHING


def _boolean_test(node: tree.BooleanTest, scope: Scope) -> Operand:
    operand = _condition(node.operand, scope)
    return boolean((operand.truth is node.truth) is not node.negated) if operand.decided else NOTHING


def _is_distinct(node: tree.IsDistinct, scope: Scope) -> Operand:
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    if not meet(left, right):
        return NOTHING
    same = compare("=", left, right) is True or (left.value is None and right.value is None)
    return boolean(same is node.negated)


def _in(node: tree.In, scope: Scope) -> Operand:
    operand = evaluate(node.operand, scope)
    items = [evaluate(item, scope) for item in node.items]
    membership = disjunction(compare("=", operand, item) for item in items)
    return boolean(
        negation(membership) if node.negated else membership, decided=all(meet(operand, item) for item in items)
    )


def _between(node: tree.Between, scope: Scope) -> Operand:
    operand = evaluate(node.operand, scope)
    low, high = evaluate(node.low, scope), evaluate(node.high, scope)
    within = conjunction((compare(">=", operand, low), compare("<=", operand, high)))
    decided = meet(operand, low) and meet(operand, high)
    return boolean(negation(within) if node.negated else within, decided=decided)


def _like(node: tree.Like, scope: Scope) -> Operand:
    operand = evaluate(node.operand, scope)
    matches = like(operand, node.pattern.value, node.case_insensitive)
    decided = operand.decided and (operand.type is None or operand.group is Group.TEXT)
    return boolean(negation(matches) if node.negated else matches, decided=decided)


def _concat(node: tree.Concat, scope: Scope) -> Operand:
    return concatenated([_open(each, scope) for each in _chain(node)])


def _chain(node: tree.Expression) -> list[tree.Expression]:
    return [*_chain(node.left), *_chain(node.right)] if isinstance(node, tree.Concat) else [node]


def _arithmetic(node: tree.Arithmetic | tree.Negative, scope: Scope) -> Operand:
    if isinstance(node, tree.Negative) or node.operator in ("+", "-"):
        return arithmetic.summed(_summand(node, scope))
    return arithmetic.calculate(node.operator, evaluate(node.left, scope), evaluate(node.right, scope))


def _summand(node: tree.Expression, scope: Scope) -> arithmetic.Summand:
    """As `evaluate`, but for a sum, which goes on."""
    match node:
        case tree.Arithmetic(operator="+" | "-" as operator, left=left, right=right):
            sign = 1 if operator == "+" else -1
            return arithmetic.added(sign, _summand(left, scope), _summand(right, scope))
        case tree.Negative(operand=operand):
            return arithmetic.negated(_summand(operand, scope))
        case _:
            return evaluate(node, scope)


def _cast(node: tree.Cast, scope: Scope) -> Operand:
    operand = evaluate(node.operand, scope)
    return cast(operand, node.type, node.arguments) if operand.decided else NOTHING


def _case(node: tree.Case, scope: Scope) -> Operand:
    conditions = [_condition(condition, scope) for condition, _ in node.branches]
    results = [_open(result, scope) for _, result in node.branches]
    otherwise = UNTYPED if node.otherwise is None else _open(node.otherwise, scope)
    if not all(each.decided for each in (*conditions, *results, otherwise)):
        return NOTHING
    return case_result([(each.truth, result) for each, result in zip(conditions, results, strict=True)], otherwise)


def _call(node: tree.Call, scope: Scope) -> Operand:
    operand = _open if is_about_texts(node.function) else evaluate
    arguments = [operand(each, scope) for each in node.arguments]
    return call(node.function, arguments, scope.now) if all(each.decided for each in arguments) else NOTHING


def _in_lookup(node: tree.InLookup, scope: Scope) -> Operand:
    """As SQL's IN: over no rows FALSE, even for NULL; a NULL on either side makes a miss
    unknown.
    """
    values, operand = _looked_up(node.lookup, scope), evaluate(node.operand, scope)
    sought = _typed(node.lookup.select, node.lookup, scope)
    is_comparable = (operand.type is None or operand.group is not None) and (sought is None or meet(operand, sought))
    if values is None or not operand.decided or not is_comparable:
        return boolean(None, decided=False)
    membership = disjunction(compare("=", operand, value) for value in values)
    if _is_equalized(scope) and membership is False and _selects_by_user(node.lookup):
        membership = None
    return boolean(negation(membership) if node.negated else membership)


def _selects_by_user(lookup: tree.Lookup) -> bool:
    """Whether the user decides what is found: to some members of a project it may be there and to
    others not.
    """
    return asks_user(lookup.select) or (lookup.where is not None and asks_user(lookup.where))


def _looked_up(lookup: tree.Lookup, scope: Scope) -> list[Operand] | None:
    """What the lookup selects; None where its table is not there, or its condition cannot be
    decided.
    """
    rows = scope.lookups.get(lookup.table)
    if rows is None:
        return None
    if lookup.where is not None and not is_decidable(lookup.where, lambda part: _typed(part, lookup, scope)):
        return None
    inner = [scope.inside(row, lookup.table) for row in rows]
    return [evaluate(lookup.select, each) for each in inner if lookup.where is None or truth(lookup.where, each)]


def _typed(part: tree.Expression, lookup: tree.Lookup, scope: Scope) -> Operand | None:
    """A part of a lookup: over its columns a NULL of the type that they give it, None where nobody
    has looked which types those are.
    """
    if not is_of_lookup(part):
        return evaluate(part, scope)
    columns = scope.world.lookups.get(lookup.table)
    return evaluate(part, scope.inside(dict.fromkeys(columns), lookup.table)) if columns else None


def _of_user(node: tree.UserTest, scope: Scope) -> Operand:
    """A test of the user: unknown for somebody without a profile."""
    return boolean(None if scope.facts is None else user_tests.TESTS[type(node)](node, scope, scope.facts))


def _contains(held: Callable[[Any, Facts], Entitlements]) -> Callable[[Any, Scope], Operand]:
    """A test whether the value is among what the user holds; it means nothing of a value that has
    no one text.
    """

    def evaluated(node: Any, scope: Scope) -> Operand:
        value = evaluate(node.value, scope)
        decided = value.decided and (value.type is None or (value.group is not None and value.has_text))
        if scope.facts is None:
            return boolean(None, decided=decided)
        return boolean(user_tests.contains(held(node, scope.facts), value, node.placeholder), decided=decided)

    return evaluated


VALUES: Mapping[type, Callable[[Any, Scope], Operand]] = {
    tree.Text: lambda node, scope: Operand(node.value, TEXT, literal=True),
    tree.Number: _number,
    tree.Boolean: lambda node, scope: Operand(node.value, BOOLEAN),
    tree.NullValue: lambda node, scope: UNTYPED,
    tree.Moment: _moment,
    tree.ColumnName: lambda node, scope: scope.bare(node.name),
    tree.ColumnReference: lambda node, scope: scope.named(node.name),
    tree.ColumnTagged: lambda node, scope: scope.tagged(node),
    tree.MaskedValue: lambda node, scope: scope.value,
    tree.Not: _not,
    tree.And: _logic,
    tree.Or: _logic,
    tree.Comparison: _comparison,
    tree.IsNull: _is_null,
    tree.BooleanTest: _boolean_test,
    tree.IsDistinct: _is_distinct,
    tree.In: _in,
    tree.Between: _between,
    tree.Like: _like,
    tree.Arithmetic: _arithmetic,
    tree.Negative: _arithmetic,
    tree.Concat: _concat,
    tree.Cast: _cast,
    tree.Case: _case,
    tree.Call: _call,
    tree.InLookup: _in_lookup,
    **dict.fromkeys(user_tests.TESTS, _of_user),
    tree.AttributeValuesContains: _contains(lambda node, facts: facts.values(node.attribute)),
    tree.GroupsContains: _contains(lambda node, facts: facts.groups),
    tree.PurposesContains: _contains(lambda node, facts: facts.purposes),
    tree.Username: lambda node, scope: of_name(scope.facts.username if scope.facts else None),
    tree.Iam: lambda node, scope: as_written(user_tests.IDENTITY_PROVIDER),
    tree.Infrastructure: lambda node, scope: as_written(
        user_tests.infrastructure(node.part, scope.world.integration, scope.source)
    ),
}
