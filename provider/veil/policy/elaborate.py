"""An expression made ready for one data source: variables filled in, literals typed, what cannot be decided unknown.

The linter reports the problems found here and the compiler compiles the tree that comes out, so that what a plan says
is what a view does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from veil.language import asks_user, to_text, tree
from veil.language.tree import Expression
from veil.policy.comparing import UNKNOWN, Containing, Surroundings, Typed, cast_type
from veil.policy.findings import Problem
from veil.policy.naming import Naming
from veil.policy.shapes import Shape, article, literal_shape, meet, shape_of
from veil.policy.signatures import call_shape, unified, why_not


@dataclass(frozen=True, slots=True)
class Elaborated:
    expression: Expression
    shape: Shape
    problems: tuple[Problem, ...]


def elaborate(expression: Expression, surroundings: Surroundings) -> Elaborated:
    """Type an expression. `expression` of the result contains no variable, no tag function and no comparison that
    its operands do not allow: those have become unknown, each with a problem.
    """
    elaborator = _Elaborator(surroundings)
    typed, shape = elaborator.value(expression)
    return Elaborated(typed, shape, tuple(dict.fromkeys(elaborator.problems)))


def elaborate_condition(expression: Expression, surroundings: Surroundings) -> Elaborated:
    """As `elaborate`, for an expression that must be TRUE, FALSE or unknown."""
    elaborator = _Elaborator(surroundings)
    typed, _ = elaborator.condition(expression)
    return Elaborated(typed, Shape.BOOLEAN, tuple(dict.fromkeys(elaborator.problems)))


_UNKNOWN_OF_USER = tree.Comparison("=", UNKNOWN, tree.Username())
"""Unknown in place of a test of the user, which it is still known to be: members of an equalized project could differ
by it, as far as whoever wrote it goes.
"""
_NULL_OF_USER = tree.Case(((_UNKNOWN_OF_USER, UNKNOWN),))


class _Elaborator(Naming):
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
        match node:
            case tree.Text() | tree.Number() | tree.Boolean() | tree.NullValue() | tree.Moment():
                return node, literal_shape(node)
            case tree.ColumnName(name=name):
                return self.column(name)
            case tree.ColumnReference(name=name):
                return self.of_row(name)
            case tree.ColumnTagged(tag=tag):
                return self.tagged(tag)
            case tree.MaskedValue():
                return self.masked_value()
            case tree.Infrastructure(part=part):
                return tree.Text(self.around.infrastructure.get(part, "")), Shape.TEXT
            case tree.Username() | tree.Iam():
                return node, Shape.TEXT
            case tree.Arithmetic() | tree.Negative() | tree.Concat() | tree.Cast() | tree.Case() | tree.Call():
                with self.inside(node):
                    typed, shape = self._computed(node)
                return (UNKNOWN if shape is Shape.LOST else typed), shape
            case tree.IsDistinct() | tree.Comparison() | tree.In() | tree.Between() | tree.Like() | tree.InLookup():
                with self.inside(node):
                    return self._test(node)
            case _:
                return self._test(node)

    def _computed(self, node: Expression) -> Typed:
        match node:
            case tree.Arithmetic():
                return self._arithmetic(node)
            case tree.Negative(operand=operand):
                typed, shape = self.value(operand)
                if shape.is_number or shape.is_open:
                    return tree.Negative(typed), shape
                return self.unknown("type-mismatch", f"{article(shape)} has no negative")
            case tree.Concat(left=left, right=right):
                return self._concat(left, right)
            case tree.Cast():
                return self._cast(node)
            case tree.Case():
                return self._case(node)
            case tree.Call(function=function, arguments=arguments):
                return self._call(function, arguments)
            case _:
                raise AssertionError(f"not a computation: {type(node).__name__}")

    def _arithmetic(self, node: tree.Arithmetic) -> Typed:
        (left, left_shape), (right, right_shape) = self.value(node.left), self.value(node.right)
        if not all(shape.is_number or shape.is_open for shape in (left_shape, right_shape)):
            return self.unknown("type-mismatch", f"{left_shape} {node.operator} {right_shape} is not arithmetic")
        shape = unified((left_shape, right_shape))
        if node.operator == "%" and shape is Shape.DOUBLE:
            return self.unknown("type-mismatch", "% works on whole and exact numbers, not on floating-point ones")
        return tree.Arithmetic(node.operator, left, right), shape or Shape.NULL

    def _concat(self, left: Expression, right: Expression) -> Typed:
        operands = [self.value(left), self.value(right)]
        for _, shape in operands:
            if not (shape is Shape.TEXT or shape.is_open):
                return self.unknown("type-mismatch", f"|| joins texts, not {article(shape)}; use CAST(… AS VARCHAR(n))")
        lost = any(shape is Shape.LOST for _, shape in operands)
        return tree.Concat(operands[0][0], operands[1][0]), Shape.LOST if lost else Shape.TEXT

    def _cast(self, node: tree.Cast) -> Typed:
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

    def _case(self, node: tree.Case) -> Typed:
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

    def _call(self, function: str, arguments: Sequence[Expression]) -> Typed:
        typed = [self.value(argument) for argument in arguments]
        expressions = tuple(expression for expression, _ in typed)
        shapes = [shape for _, shape in typed]
        result = call_shape(function, shapes)
        if result is None:
            return self.unknown("type-mismatch", f"{function.upper()} {why_not(function, shapes)}")
        return tree.Call(function, expressions), result

    def _test(self, node: Expression) -> Typed:
        match node:
            case tree.Not(operand=operand):
                typed, shape = self.condition(operand)
                return tree.Not(typed), shape
            case tree.And(operands=operands) | tree.Or(operands=operands):
                found = [self.condition(each) for each in operands]
                return type(node)(tuple(typed for typed, _ in found)), _decided(shape for _, shape in found)
            case tree.IsNull() | tree.BooleanTest() | tree.IsDistinct():
                return self._about_unknown(node)
            case tree.Comparison(left=left, right=right):
                found = [self.value(left), self.value(right)]
                pair = self.pair(*found)
                if pair is None:
                    return UNKNOWN, Shape.LOST
                return replace(node, left=pair[0], right=pair[1]), _decided(shape for _, shape in found)
            case tree.In() | tree.Between() | tree.Like() | tree.InLookup():
                return self._membership(node)
            case tree.AttributeValuesContains() | tree.GroupsContains() | tree.PurposesContains():
                return self._contains(node)
            case _:
                return node, Shape.BOOLEAN

    def _about_unknown(self, node: tree.IsNull | tree.BooleanTest | tree.IsDistinct) -> Typed:
        """A test that is TRUE or FALSE of an unknown. Of one that only stands for what cannot be decided it is neither."""
        match node:
            case tree.IsNull(operand=operand):
                typed, shape = self.value(operand)
                return (UNKNOWN, shape) if shape is Shape.LOST else (replace(node, operand=typed), Shape.BOOLEAN)
            case tree.BooleanTest(operand=operand):
                typed, shape = self.condition(operand)
                return (UNKNOWN, shape) if shape is Shape.LOST else (replace(node, operand=typed), Shape.BOOLEAN)
            case tree.IsDistinct(left=left, right=right):
                found = [self.value(left), self.value(right)]
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

    def _membership(self, node: Expression) -> Typed:
        match node:
            case tree.In(operand=operand, items=items):
                typed = self.value(operand)
                items, shape = self._items(typed, items)
                return replace(node, operand=typed[0], items=items), shape
            case tree.Between(operand=operand, low=low, high=high):
                typed = self.value(operand)
                bounds = [self.value(low), self.value(high)]
                pairs = [self.pair(typed, bound) for bound in bounds]
                lower, upper = (UNKNOWN if pair is None else pair[1] for pair in pairs)
                shape = Shape.LOST if None in pairs else _decided((typed[1], *(shape for _, shape in bounds)))
                return replace(node, operand=typed[0], low=lower, high=upper), shape
            case tree.Like(operand=operand):
                text, shape = self.value(operand)
                if shape is Shape.TEXT or shape.is_open:
                    return replace(node, operand=text), _decided([shape])
                return self.unknown("type-mismatch", f"LIKE looks at texts, not at {article(shape)}")
            case tree.InLookup():
                return self._in_lookup(node)
            case _:
                raise AssertionError(f"not a membership test: {type(node).__name__}")

    def _in_lookup(self, node: tree.InLookup) -> Typed:
        typed, shape = self.value(node.operand)
        if shape is Shape.LOST:
            return UNKNOWN, Shape.LOST
        if shape is Shape.OPAQUE:
            return self.unknown("type-mismatch", "a value of this type cannot be looked up")
        lookup = node.lookup
        inner = _Elaborator(self.around.of_lookup(lookup.table))
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

    def _contains(self, node: Containing) -> Typed:
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
