"""Every construct of the policy language as SQL, but for what tells the caller's entries from the
row's columns.

An expression comes typed (see `veil.policy.typecheck`): its operands go together, and what could
not be decided is NULL.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from veil.compiler.arithmetic import Summand, added, arithmetic, negated, summed
from veil.compiler.building import (
    FALSE,
    NULL,
    TRUE,
    UNKNOWN,
    case,
    conjunction,
    disjunction,
    guard,
    infix,
    is_null,
    negation,
)
from veil.compiler.calls import call_function, is_about_texts
from veil.compiler.casts import guarded_cast
from veil.compiler.lengths import joined
from veil.compiler.results import as_results
from veil.compiler.scope import Scope
from veil.compiler.sql import In, Sql, TextLiteral
from veil.compiler.users import is_clock
from veil.compiler.values import NOTHING, Value, align, as_text, closed, compare, length_of, literal_value, null_of
from veil.language import asks_user, tree
from veil.language.tree import Expression
from veil.language.value_types import ValueType, unified
from veil.policy.derived_types import cast_type

IDENTITY_PROVIDER = "redshift"
"""What `@iam` stands for here."""


class ExpressionCompiler:
    """Compiles expressions within one scope. Subclasses say how the caller is asked."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def condition(self, node: Expression) -> Sql:
        """An expression as a test: TRUE, FALSE or NULL."""
        return self.test(node)

    @property
    def not_equalized(self) -> Sql:
        """TRUE but while the caller acts in an equalized project."""
        raise NotImplementedError

    def unless_equalized(self, node: Expression, compiled: Sql) -> Sql:
        """What was compiled for a node. In an equalized project it is unknown where the node
        distinguishes an unknown from what is known and holds a test of the user: members might come
        to differ by it.
        """
        if not isinstance(node, tree.Computed) or node.passes_unknown_on or compiled in (NULL, UNKNOWN):
            return compiled
        return guard(self.not_equalized, compiled) if asks_user(node) else compiled

    @property
    def username(self) -> Value:
        """The caller's name."""
        raise NotImplementedError

    @property
    def now(self) -> Sql:
        """The moment of the query, at UTC and without a fraction."""
        raise NotImplementedError

    def contains(self, kind: str, name: str, value: Expression, placeholder: str | None) -> Sql:
        """Whether the value is among what the caller holds."""
        raise NotImplementedError

    def in_lookup(self, node: tree.InLookup) -> Sql:
        """Whether the operand is among what a lookup selects."""
        raise NotImplementedError

    def user_test(self, node: tree.UserTest) -> Sql:
        """Whether the caller holds what the test names."""
        raise NotImplementedError

    def test(self, node: Expression) -> Sql:
        kind = type(node)
        if kind in VALUES and kind not in CONDITIONS:
            return self.value(node).sql
        return self.unless_equalized(node, CONDITIONS[kind](self, node))

    def _distinct(self, node: tree.IsDistinct) -> Sql:
        """Redshift documents no IS DISTINCT FROM. Beside what is never NULL each operand stands
        here once.
        """
        left, right = self.value(node.left), self.value(node.right)
        differs, same = (FALSE, TRUE) if node.negated else (TRUE, FALSE)
        branches = [(compare("=", left, right), same)]
        if not (_is_certain(node.left) or _is_certain(node.right)):
            branches.append((conjunction([_is_null(left), _is_null(right)]), same))
        return case(branches, differs)

    def _membership(self, node: tree.In) -> Sql:
        membership = self._in(self.value(node.operand), [self.value(item) for item in node.items])
        return _negated(membership, node.negated)

    def _between(self, node: tree.Between) -> Sql:
        value = self.value(node.operand)
        bounds = [compare(">=", value, self.value(node.low)), compare("<=", value, self.value(node.high))]
        return _negated(conjunction(bounds), node.negated)

    def _in(self, operand: Value, items: Sequence[Value]) -> Sql:
        if operand.is_null or not items:
            return UNKNOWN if items else FALSE
        first, *rest = align([operand, *items])
        return In(first.sql, tuple(item.sql for item in rest))

    def _like(self, node: tree.Like) -> Sql:
        value, pattern = self.value(node.operand), node.pattern.value
        escapes = len(pattern) - len(pattern.rstrip("\\"))
        if value.is_null or escapes % 2:
            return UNKNOWN
        operator = "ILIKE" if node.case_insensitive else "LIKE"
        return infix(f"NOT {operator}" if node.negated else operator, _looked_through(value), TextLiteral(pattern))

    def value(self, node: Expression) -> Value:
        """What the expression gives: NULL where it cannot be computed."""
        return closed(self._open(node))

    def _open(self, node: Expression) -> Value:
        """As `value`, but for a text whose length is not checked yet: one that it becomes part of
        is.
        """
        rule = VALUES.get(type(node))
        if rule is None:
            return Value(self.condition(node), ValueType.BOOLEAN)
        value = rule(self, node)
        return replace(value, sql=self.unless_equalized(node, value.sql))

    def _called(self, node: tree.Call) -> Value:
        if is_clock(node):
            return Value(self.now, ValueType.TIMESTAMP)
        operand = self._open if is_about_texts(node.function) else self.value
        return call_function(node.function, node.arguments, [operand(each) for each in node.arguments])

    def _arithmetic(self, node: tree.Arithmetic | tree.Negative) -> Value:
        if isinstance(node, tree.Negative) or node.operator in ("+", "-"):
            return summed(self._summand(node))
        return arithmetic(node.operator, self.value(node.left), self.value(node.right))

    def _summand(self, node: Expression) -> Summand:
        """As `value`, but for a sum, which goes on."""
        match node:
            case tree.Arithmetic(operator="+" | "-" as sign, left=left, right=right):
                return added(sign, self._summand(left), self._summand(right))
            case tree.Negative(operand=operand):
                return negated(self._summand(operand))
            case _:
                return self.value(node)

    def _concatenated(self, node: tree.Concat) -> Value:
        """All texts of a chain of `||` side by side."""
        texts = [self._open(each) for each in _chain(node)]
        if any(text.is_null for text in texts):
            return null_of(ValueType.TEXT)
        return Value(
            infix("||", *map(as_text, texts)), ValueType.TEXT, known=joined([length_of(each) for each in texts])
        )

    def _case(self, node: tree.Case) -> Value:
        conditions = [self.condition(condition) for condition, _ in node.branches]
        results = [self._open(result) for _, result in node.branches]
        results.append(NOTHING if node.otherwise is None else self._open(node.otherwise))
        value_type = unified([result.value_type for result in results])
        if value_type is None or value_type is ValueType.NULL:
            return NOTHING
        (*chosen, otherwise), known = as_results(results, value_type)
        return Value(case(list(zip(conditions, chosen, strict=True)), otherwise), value_type, known=known)


def _chain(node: Expression) -> list[Expression]:
    """What is joined by a chain of `||`."""
    return [*_chain(node.left), *_chain(node.right)] if isinstance(node, tree.Concat) else [node]


_CERTAIN = (
    *(tree.Text, tree.Number, tree.Boolean, tree.Moment),
    *(tree.IsNull, tree.BooleanTest, tree.IsDistinct),
)


def _is_certain(node: Expression) -> bool:
    """Whether a value is never NULL, where nothing is made of it for an equalized project."""
    return isinstance(node, _CERTAIN)


def _looked_through(value: Value) -> Sql:
    """A text of any length, as a pattern is looked for in it: a column stands bare."""
    return value.sql if value.value_type is ValueType.TEXT else as_text(value)


def _is_null(value: Value, *, negated: bool = False) -> Sql:
    return (FALSE if negated else TRUE) if value.is_null else is_null(value.sql, negated=negated)


def _is_truth(condition: Sql, truth: bool, negated: bool) -> Sql:
    """IS [NOT] TRUE or FALSE. Redshift has it in WHERE alone (Developer Guide, Boolean type), and
    conditions stand in SELECT lists too.
    """
    return guard(condition if truth else negation(condition), FALSE if negated else TRUE, TRUE if negated else FALSE)


def _negated(condition: Sql, negated: bool) -> Sql:
    return negation(condition) if negated else condition


def _absent(nodes: ExpressionCompiler, node: Expression) -> Value:
    """What a typed expression does not have: columns stand for tags there, and texts for
    variables.
    """
    raise AssertionError(f"{type(node).__name__} was not typechecked")


CONDITIONS: Mapping[type[tree.Node], Callable[[Any, Any], Sql]] = {
    **dict.fromkeys(tree.constructs(tree.UserTest), lambda nodes, node: nodes.user_test(node)),
    tree.Boolean: lambda nodes, node: TRUE if node.value else FALSE,
    tree.NullValue: lambda nodes, node: UNKNOWN,
    tree.Not: lambda nodes, node: negation(nodes.condition(node.operand)),
    tree.And: lambda nodes, node: conjunction(nodes.condition(each) for each in node.operands),
    tree.Or: lambda nodes, node: disjunction(nodes.condition(each) for each in node.operands),
    tree.Comparison: lambda nodes, node: compare(node.operator, nodes.value(node.left), nodes.value(node.right)),
    tree.IsNull: lambda nodes, node: _is_null(nodes.value(node.operand), negated=node.negated),
    tree.BooleanTest: lambda nodes, node: _is_truth(nodes.condition(node.operand), node.truth, node.negated),
    tree.IsDistinct: ExpressionCompiler._distinct,
    tree.In: ExpressionCompiler._membership,
    tree.Between: ExpressionCompiler._between,
    tree.Like: ExpressionCompiler._like,
    tree.InLookup: lambda nodes, node: _negated(nodes.in_lookup(node), node.negated),
    tree.AttributeValuesContains: lambda nodes, node: nodes.contains(
        "attribute", node.attribute, node.value, node.placeholder
    ),
    tree.GroupsContains: lambda nodes, node: nodes.contains("group", "", node.value, node.placeholder),
    tree.PurposesContains: lambda nodes, node: nodes.contains("purpose", "", node.value, node.placeholder),
}
"""What compiles each construct that is a condition. The others are conditions by their value."""

VALUES: Mapping[type[tree.Node], Callable[[Any, Any], Value]] = {
    **dict.fromkeys((tree.Text, tree.Number, tree.Boolean, tree.Moment), lambda nodes, node: literal_value(node)),
    tree.NullValue: lambda nodes, node: NOTHING,
    tree.ColumnName: lambda nodes, node: nodes.scope.column(node.name),
    tree.ColumnReference: lambda nodes, node: nodes.scope.column(node.name),
    tree.ColumnTagged: _absent,
    tree.MaskedValue: lambda nodes, node: nodes.scope.masked,
    tree.Arithmetic: ExpressionCompiler._arithmetic,
    tree.Negative: ExpressionCompiler._arithmetic,
    tree.Concat: ExpressionCompiler._concatenated,
    tree.Cast: lambda nodes, node: guarded_cast(nodes.value(node.operand), cast_type(node)),
    tree.Case: ExpressionCompiler._case,
    tree.Call: ExpressionCompiler._called,
    tree.Username: lambda nodes, node: nodes.username,
    tree.Iam: lambda nodes, node: literal_value(tree.Text(IDENTITY_PROVIDER)),
    tree.Infrastructure: _absent,
}
"""What compiles each construct that gives another value than a condition, and literals. The others
are values by their truth.
"""
