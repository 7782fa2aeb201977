"""An expression made ready for one data source: variables filled in, literals typed, what cannot be decided unknown.

The linter reports the problems found here and the compiler compiles the tree that comes out, so that what a plan says
is what a view does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from veil.language import asks_user, to_text, tree
from veil.language.tree import Expression
from veil.policy.comparing import UNKNOWN, Surroundings, Typed, cast_type
from veil.policy.findings import Problem
from veil.policy.naming import Naming
from veil.policy.shapes import Shape, article, literal_shape, meet, shape_of
from veil.policy.signatures import call_shape, unified, why_not


@dataclass(frozen=True, slots=True)
class TypedExpression:
    expression: Expression
    shape: Shape
    problems: tuple[Problem, ...]


def typecheck(expression: Expression, surroundings: Surroundings) -> TypedExpression:
    """Type an expression. `expression` of the result contains no variable, no tag function and no comparison that
    its operands do not allow: those have become unknown, each with a problem.
    """
    checker = _TypeChecker(surroundings)
    typed, shape = checker.value(expression)
    return TypedExpression(typed, shape, tuple(dict.fromkeys(checker.problems)))


def typecheck_condition(expression: Expression, surroundings: Surroundings) -> TypedExpression:
    """As `typecheck`, for an expression that must be TRUE, FALSE or unknown."""
    checker = _TypeChecker(surroundings)
    typed, _ = checker.condition(expression)
    return TypedExpression(typed, Shape.BOOLEAN, tuple(dict.fromkeys(checker.problems)))


_UNKNOWN_OF_USER = tree.Comparison("=", UNKNOWN, tree.Username())
"""Unknown in place of a test of the user, which it is still known to be: members of an equalized project could differ
by it, as far as whoever wrote it goes.
"""
_NULL_OF_USER = tree.Case(((_UNKNOWN_OF_USER, UNKNOWN),))


_VALUES = (tree.Arithmetic, tree.Negative, tree.Concat, tree.Cast, tree.Case, tree.Call)
_NAMED_IN_PROBLEMS = (
    *_VALUES,
    *(tree.IsDistinct, tree.Comparison, tree.In, tree.Between, tree.Like, tree.InLookup),
)
"""The constructs that problems with the types of their parts name."""


class _TypeChecker(Naming):
    """One walk over one expression, gathering problems."""

    def condition(self, node: Expression) -> Typed:
        """The node as a test. It is BOOLEAN, or LOST where a part of it cannot be decided: three-valued logic may still
        decide without that part, so the test is kept.
        """
        typed, shape = self._value(node)
        if not (shape is Shape.BOOLEAN or shape.is_open):
            typed, shape = self.unknown("type-mismatch", f"{article(shape)} stands where TRUE or FALSE is needed")
        return (_UNKNOWN_OF_USER if typed == UNKNOWN and asks_user(node) else typed), shape

    def value(self, node: Expression) -> Typed:
        """The node and its shape. What is made of something that cannot be decided cannot be decided either: COALESCE,
        CASE or IS over it must not find another value instead.
        """
        typed, shape = self._value(node)
        if shape is Shape.LOST:
            typed = UNKNOWN
        if typed == UNKNOWN and asks_user(node):
            return (_UNKNOWN_OF_USER if shape is Shape.BOOLEAN else _NULL_OF_USER), shape
        return typed, shape

    def _value(self, node: Expression) -> Typed:
        rule = RULES[type(node)]
        if not isinstance(node, _NAMED_IN_PROBLEMS):
            return rule(self, node)
        with self.inside(node):
            typed, shape = rule(self, node)
        return (UNKNOWN if shape is Shape.LOST and isinstance(node, _VALUES) else typed), shape

    def literal(self, node: tree.Text | tree.Number | tree.Boolean | tree.NullValue | tree.Moment) -> Typed:
        return node, literal_shape(node)

    def infrastructure(self, node: tree.Infrastructure) -> Typed:
        return tree.Text(self.around.infrastructure.get(node.part, "")), Shape.TEXT

    def negative(self, node: tree.Negative) -> Typed:
        typed, shape = self.value(node.operand)
        if shape.is_number or shape.is_open:
            return tree.Negative(typed), shape
        return self.unknown("type-mismatch", f"{article(shape)} has no negative")

    def arithmetic(self, node: tree.Arithmetic) -> Typed:
        (left, left_shape), (right, right_shape) = self.value(node.left), self.value(node.right)
        if not all(shape.is_number or shape.is_open for shape in (left_shape, right_shape)):
            return self.unknown("type-mismatch", f"{left_shape} {node.operator} {right_shape} is not arithmetic")
        shape = unified((left_shape, right_shape))
        if node.operator == "%" and shape is Shape.DOUBLE:
            return self.unknown("type-mismatch", "% works on whole and exact numbers, not on floating-point ones")
        return tree.Arithmetic(node.operator, left, right), shape or Shape.NULL

    def concat(self, node: tree.Concat) -> Typed:
        operands = [self.value(node.left), self.value(node.right)]
        for _, shape in operands:
            if not (shape is Shape.TEXT or shape.is_open):
                return self.unknown("type-mismatch", f"|| joins texts, not {article(shape)}; use CAST(… AS VARCHAR(n))")
        lost = any(shape is Shape.LOST for _, shape in operands)
        return tree.Concat(operands[0][0], operands[1][0]), Shape.LOST if lost else Shape.TEXT

    def cast(self, node: tree.Cast) -> Typed:
        typed, shape = self.value(node.operand)
        target = shape_of(cast_type(node))
        if not self.require_steady_text(typed, shape):
            return UNKNOWN, Shape.LOST
        if not self._castable(typed, shape, target):
            return self.unknown("type-mismatch", f"{article(shape)} cannot be cast to {node.type.upper()}")
        return replace(node, operand=typed), Shape.LOST if shape is Shape.LOST else target

    def _castable(self, operand: Expression, shape: Shape, target: Shape) -> bool:
        if shape.is_open or shape is target or (shape.is_number and target.is_number):
            return True
        if shape is Shape.TEXT or (shape.is_moment and target.is_moment):
            return True
        return target is Shape.TEXT and self.has_text(operand, shape)

    def case(self, node: tree.Case) -> Typed:
        conditions = [self.condition(condition) for condition, _ in node.branches]
        results = [self.value(result) for _, result in node.branches]
        results.append(self.value(node.otherwise) if node.otherwise is not None else (UNKNOWN, Shape.NULL))
        shape = unified([shape for _, shape in results])
        if any(each is Shape.LOST for _, each in conditions):
            return UNKNOWN, Shape.LOST
        if shape is None:
            shapes = " and ".join(dict.fromkeys(shape for _, shape in results))
            return self.unknown("type-mismatch", f"the results of a CASE are of different kinds: {shapes}")
        values = [typed for typed, _ in results]
        tests = [typed for typed, _ in conditions]
        return tree.Case(tuple(zip(tests, values, strict=False)), values[-1]), shape

    def call(self, node: tree.Call) -> Typed:
        function = node.function
        typed = [self.value(argument) for argument in node.arguments]
        expressions = tuple(expression for expression, _ in typed)
        shapes = [shape for _, shape in typed]
        result = call_shape(function, shapes)
        if result is None:
            return self.unknown("type-mismatch", f"{function.upper()} {why_not(function, shapes)}")
        return tree.Call(function, expressions), result

    def negation(self, node: tree.Not) -> Typed:
        typed, shape = self.condition(node.operand)
        return tree.Not(typed), shape

    def logic(self, node: tree.And | tree.Or) -> Typed:
        found = [self.condition(each) for each in node.operands]
        return type(node)(tuple(typed for typed, _ in found)), _decided(shape for _, shape in found)

    def comparison(self, node: tree.Comparison) -> Typed:
        found = [self.value(node.left), self.value(node.right)]
        pair = self.pair(*found)
        if pair is None:
            return UNKNOWN, Shape.LOST
        return replace(node, left=pair[0], right=pair[1]), _decided(shape for _, shape in found)

    def is_null(self, node: tree.IsNull) -> Typed:
        """TRUE or FALSE of an unknown; of one that only stands for what cannot be decided neither."""
        typed, shape = self.value(node.operand)
        return (UNKNOWN, shape) if shape is Shape.LOST else (replace(node, operand=typed), Shape.BOOLEAN)

    def boolean_test(self, node: tree.BooleanTest) -> Typed:
        """As `is_null`."""
        typed, shape = self.condition(node.operand)
        return (UNKNOWN, shape) if shape is Shape.LOST else (replace(node, operand=typed), Shape.BOOLEAN)

    def is_distinct(self, node: tree.IsDistinct) -> Typed:
        """As `is_null`."""
        found = [self.value(node.left), self.value(node.right)]
        pair = self.pair(*found)
        if pair is None or _decided(shape for _, shape in found) is Shape.LOST:
            return UNKNOWN, Shape.LOST
        return replace(node, left=pair[0], right=pair[1]), Shape.BOOLEAN

    def _items(self, typed: Typed, items: Sequence[Expression]) -> tuple[tuple[Expression, ...], Shape]:
        """The items of a list. The first that does not go with the operand speaks for the others."""
        before = len(self.problems)
        given = [self.value(item) for item in items]
        pairs = [self.pair(typed, item) for item in given]
        found = self.problems[before:]
        misfits = [each for each in found if each.code == "type-mismatch"]
        self.problems[before:] = [*misfits[:1], *(each for each in found if each.code != "type-mismatch")]
        shape = Shape.LOST if None in pairs else _decided((typed[1], *(shape for _, shape in given)))
        return tuple(UNKNOWN if pair is None else pair[1] for pair in pairs), shape

    def membership(self, node: tree.In) -> Typed:
        typed = self.value(node.operand)
        items, shape = self._items(typed, node.items)
        return replace(node, operand=typed[0], items=items), shape

    def between(self, node: tree.Between) -> Typed:
        typed = self.value(node.operand)
        bounds = [self.value(node.low), self.value(node.high)]
        pairs = [self.pair(typed, bound) for bound in bounds]
        lower, upper = (UNKNOWN if pair is None else pair[1] for pair in pairs)
        shape = Shape.LOST if None in pairs else _decided((typed[1], *(shape for _, shape in bounds)))
        return replace(node, operand=typed[0], low=lower, high=upper), shape

    def like(self, node: tree.Like) -> Typed:
        text, shape = self.value(node.operand)
        if shape is Shape.TEXT or shape.is_open:
            return replace(node, operand=text), _decided([shape])
        return self.unknown("type-mismatch", f"LIKE looks at texts, not at {article(shape)}")

    def in_lookup(self, node: tree.InLookup) -> Typed:
        typed, shape = self.value(node.operand)
        if shape is Shape.LOST:
            return UNKNOWN, Shape.LOST
        if shape is Shape.OPAQUE:
            return self.unknown("type-mismatch", "a value of this type cannot be looked up")
        lookup = node.lookup
        inner = _TypeChecker(self.around.of_lookup(lookup.table))
        select = inner.offered(lookup.select, shape)
        where = None if lookup.where is None else inner.condition(lookup.where)[0]
        self.problems += inner.problems
        if inner.problems:
            return UNKNOWN, Shape.LOST  # A condition that finds nothing would make NOT IN show everything.
        return replace(node, operand=typed, lookup=replace(lookup, select=select, where=where)), Shape.BOOLEAN

    def offered(self, select: Expression, sought: Shape) -> Expression:
        """What a lookup selects, to be compared with a value of the shape `sought`."""
        typed, shape = self.value(select)
        if sought is Shape.TEXT:
            self.require_steady_text(typed, shape)
        elif not meet(sought, shape):
            self.unknown("type-mismatch", f"{article(sought)} is looked for in {to_text(typed)}, {article(shape)}")
        return typed

    def contains(self, node: tree.AttributeValuesContains | tree.GroupsContains | tree.PurposesContains) -> Typed:
        typed, shape = self.value(node.value)
        if not self.has_text(typed, shape):
            message = f"{article(shape)} has no one text to compare with what users hold"
            return self.unknown("no-canonical-text", message)
        if not self.require_steady_text(typed, shape):
            return UNKNOWN, Shape.LOST
        return replace(node, value=typed), _decided([shape])


def _decided(shapes: Iterable[Shape]) -> Shape:
    """The shape of a test of such parts."""
    return Shape.LOST if Shape.LOST in shapes else Shape.BOOLEAN


def _of_user(checker: _TypeChecker, node: Expression) -> Typed:
    """A test of what the user holds, which nothing of the row is part of."""
    return node, Shape.BOOLEAN


def _text_of_user(checker: _TypeChecker, node: Expression) -> Typed:
    return node, Shape.TEXT


RULES: Mapping[type[tree.Node], Callable[[_TypeChecker, Any], Typed]] = {
    **dict.fromkeys(tree.constructs(tree.UserTest), _of_user),
    **dict.fromkeys(tree.constructs(tree.ListTest), _TypeChecker.contains),
    **dict.fromkeys((tree.Text, tree.Number, tree.Boolean, tree.NullValue, tree.Moment), _TypeChecker.literal),
    tree.ColumnName: lambda checker, node: checker.column(node.name),
    tree.ColumnReference: lambda checker, node: checker.of_row(node.name),
    tree.ColumnTagged: lambda checker, node: checker.tagged(node.tag),
    tree.MaskedValue: lambda checker, node: checker.masked_value(),
    tree.Not: _TypeChecker.negation,
    tree.And: _TypeChecker.logic,
    tree.Or: _TypeChecker.logic,
    tree.Comparison: _TypeChecker.comparison,
    tree.IsNull: _TypeChecker.is_null,
    tree.BooleanTest: _TypeChecker.boolean_test,
    tree.IsDistinct: _TypeChecker.is_distinct,
    tree.In: _TypeChecker.membership,
    tree.Between: _TypeChecker.between,
    tree.Like: _TypeChecker.like,
    tree.Arithmetic: _TypeChecker.arithmetic,
    tree.Negative: _TypeChecker.negative,
    tree.Concat: _TypeChecker.concat,
    tree.Cast: _TypeChecker.cast,
    tree.Case: _TypeChecker.case,
    tree.Call: _TypeChecker.call,
    tree.InLookup: _TypeChecker.in_lookup,
    tree.Username: _text_of_user,
    tree.Iam: _text_of_user,
    tree.Infrastructure: _TypeChecker.infrastructure,
}
"""What types each construct."""
