"""Typechecking: an expression over one data source, with its names resolved, its variables filled
in, its literals read as what they are compared with, and what cannot be decided unknown.

The linter reports the problems found here and the compiler compiles the tree that comes out, so
that what a plan says is what a view does. The interpreter types values by itself, on purpose: it is
there to find errors made here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from veil.language import asks_user, to_text, tree, walk
from veil.language.errors import did_you_mean
from veil.language.inference import static_type
from veil.language.signatures import call_type, why_not
from veil.language.spans import Span
from veil.language.tree import Expression
from veil.language.value_types import ValueType, article, meet, unified
from veil.model import ColumnType, Family, LookupTables, fold
from veil.policy.column_types import value_type_of
from veil.policy.derived_types import OF_VALUES, cast_type, derived_type
from veil.policy.findings import Problem
from veil.policy.literals import read

UNKNOWN = tree.NullValue()
"""What stands where a value or a test cannot be decided: unknown, which falls on the closed
side.
"""

Typed = tuple[Expression, ValueType]
_Pair = tuple[Expression, Expression]
"""Both sides of a comparison."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What an expression may refer to: the row's columns by name, the data source's infrastructure,
    and the value being masked. `tagged` says which column each folded tag stands for. `outer` is,
    inside a lookup, the environment of the lookup, for what reaches the row there; `columns` are
    then those of the lookup's table, out of `tables`, and None where only the warehouse knows them.
    """

    place: str
    columns: Mapping[str, ColumnType] | None
    infrastructure: Mapping[str, str] = field(default_factory=dict)
    value: ColumnType | None = None
    tagged: Mapping[str, str] = field(default_factory=dict)
    tables: LookupTables = field(default_factory=dict)
    outer: "Environment | None" = None

    def of_lookup(self, table: tuple[str, ...]) -> "Environment":
        """That of the condition of a lookup that stands here."""
        return replace(self, place=".".join(table), columns=self.tables.get(table), outer=self)

    @property
    def of_row(self) -> "Environment":
        """That of the protected row."""
        return self.outer or self


_LONGEST = 80
"""So many characters of an expression stand in a message."""

_STEADY_TEXTS = frozenset({ValueType.TEXT, ValueType.INTEGER, ValueType.NUMERIC})
"""The types whose text no setting of a session changes."""

_READABLE = frozenset(
    {
        *(ValueType.INTEGER, ValueType.NUMERIC, ValueType.DOUBLE),
        *(ValueType.BOOLEAN, ValueType.DATE, ValueType.TIMESTAMP),
    }
)
"""The types that a string literal beside a value is read as."""


@dataclass(frozen=True, slots=True)
class TypedExpression:
    expression: Expression
    value_type: ValueType
    problems: tuple[Problem, ...]


def typecheck(expression: Expression, env: Environment) -> TypedExpression:
    """Type an expression. `expression` of the result contains no variable, no tag function and no
    comparison that its operands do not allow: those have become unknown, each with a problem.
    """
    checker = _TypeChecker(env)
    typed, value_type = checker.value(expression)
    return TypedExpression(typed, value_type, _distinct(checker.problems))


def typecheck_condition(expression: Expression, env: Environment) -> TypedExpression:
    """As `typecheck`, for an expression that must be TRUE, FALSE or unknown."""
    checker = _TypeChecker(env)
    typed, _ = checker.condition(expression)
    return TypedExpression(typed, ValueType.BOOLEAN, _distinct(checker.problems))


def _distinct(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems in the order of the text. What a name lacks is said once, wherever else the name
    stands.
    """
    distinct: dict[object, Problem] = {}
    for each in problems:
        distinct.setdefault(each if each.code == "type-mismatch" else (each.code, each.message), each)
    return tuple(distinct.values())


_UNKNOWN_OF_USER = tree.Comparison("=", UNKNOWN, tree.Username())
"""Unknown in place of a test of the user, which it is still known to be: members of an equalized
project could differ by it, as far as whoever wrote it goes.
"""
_NULL_OF_USER = tree.Case(((_UNKNOWN_OF_USER, UNKNOWN),))


_VALUES = tuple(each for each in tree.constructs(tree.Computed) if each.gives is not ValueType.BOOLEAN)
"""The constructs that make a value of their parts. Of one that cannot be decided none is made; a
test is kept, because three-valued logic may decide it all the same.
"""
_NAMED_IN_PROBLEMS = (*tree.constructs(tree.Computed), tree.InLookup)
"""The constructs that problems with the types of their parts name."""


class _TypeChecker:
    """One walk over one expression within an environment, gathering problems. They point at `part`,
    the innermost that somebody wrote; those with types in a test that nobody wrote name the
    construct `within` which they are.
    """

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.problems: list[Problem] = []
        self.part: Expression | None = None
        self.within: Expression | None = None

    def condition(self, node: Expression) -> Typed:
        """The node as a test. It is BOOLEAN, or LOST where a part of it cannot be decided:
        three-valued logic may still decide without that part, so the test is kept.
        """
        typed, value_type = self._value(node)
        if not (value_type is ValueType.BOOLEAN or value_type.is_open):
            message = f"{article(value_type)} stands where TRUE or FALSE is needed"
            typed, value_type = self.unknown("type-mismatch", message, node)
        return (_UNKNOWN_OF_USER if typed == UNKNOWN and asks_user(node) else typed), value_type

    def value(self, node: Expression) -> Typed:
        """The node and its type. What is made of something that cannot be decided cannot be decided
        either: COALESCE, CASE or IS over it must not find another value instead.
        """
        typed, value_type = self._value(node)
        if value_type is ValueType.LOST:
            typed = UNKNOWN
        if typed == UNKNOWN and asks_user(node):
            return (_UNKNOWN_OF_USER if value_type is ValueType.BOOLEAN else _NULL_OF_USER), value_type
        return typed, value_type

    def _value(self, node: Expression) -> Typed:
        with self.inside(node):
            typed, value_type = RULES[type(node)](self, node)
        return (UNKNOWN if value_type is ValueType.LOST and isinstance(node, _VALUES) else typed), value_type

    # What names stand for: columns, tagged columns, the value that is masked.

    def column(self, node: tree.ColumnName) -> Typed:
        """A bare name, which inside a lookup is one of the lookup's columns."""
        return self._named(node.name, self.env, tree.ColumnName, node.span)

    def reference(self, node: tree.ColumnReference) -> Typed:
        return self._of_row(node.name, node.span)

    def _of_row(self, name: str, span: Span | None) -> Typed:
        """A column of the protected row, which inside a lookup keeps being told from the lookup's
        columns.
        """
        env = self.env.of_row
        return self._named(name, env, tree.ColumnName if env is self.env else tree.ColumnReference, span)

    def _named(
        self, name: str, env: Environment, kind: type[tree.ColumnName | tree.ColumnReference], span: Span | None
    ) -> Typed:
        if env.columns is None:
            return kind(name, span=span), ValueType.UNKNOWN
        known = spelled(name, env.columns)
        if known is None:
            near = did_you_mean(name, env.columns, quote="'{}'")
            hint = f". {near}" if near else ""
            return self.unknown("unknown-column", f"there is no column {name!r} on {env.place}{hint}")
        if env.outer is not None and env.columns[known].family is Family.TIMESTAMPTZ:
            # Nothing but the view's own row is read at UTC.
            message = f"{known!r} of {env.place} is a TIMESTAMPTZ, which the time zone of a session would move"
            return self.unknown("type-mismatch", f"{message}: give it AT TIME ZONE 'UTC' in a view")
        return kind(known, span=span), value_type_of(env.columns[known])

    def tagged(self, node: tree.ColumnTagged) -> Typed:
        name = self.env.tagged.get(fold(node.tag))
        if name is None:
            return self.unknown("tag-missing", f"no column of {self.env.of_row.place} carries the tag {node.tag!r}")
        return self._of_row(name, node.span)

    def masked_value(self, node: tree.MaskedValue) -> Typed:
        if self.env.value is None:
            return self.unknown("type-mismatch", "@value stands only in the expression of a mask")
        return node, value_type_of(self.env.value)

    # How two values meet in a comparison.

    @contextmanager
    def inside(self, part: Expression) -> Iterator[None]:
        """Let problems that are found inside point at this part of the expression."""
        outer = self.part, self.within
        if part.span is not None:
            self.part = part
        if isinstance(part, _NAMED_IN_PROBLEMS):
            self.within = part
        yield
        self.part, self.within = outer

    def unknown(self, code: str, message: str, part: Expression | None = None) -> Typed:
        """Unknown, because of a problem with this part of the expression, or with the one at
        hand.
        """
        span = part.span if part is not None else None
        if span is None and self.part is not None:
            span = self.part.span
        if span is None and code == "type-mismatch" and self.within is not None:
            message = f"{message}, in {_shortened(to_text(self.within))}"
        self.problems.append(Problem(code, message, span))
        return UNKNOWN, ValueType.LOST

    def has_text(self, node: Expression, value_type: ValueType) -> bool:
        """Whether the value has one text. A computed NUMERIC has none: how many decimals it prints
        is not certain.
        """
        if value_type is ValueType.NUMERIC:
            return isinstance(node, tree.ColumnName | tree.ColumnReference | tree.MaskedValue | tree.Number | tree.Cast)
        return value_type not in (ValueType.OPAQUE, ValueType.DOUBLE)

    def pair(self, left: Typed, right: Typed) -> _Pair | None:
        """Both sides of a comparison, a string literal read as the other side's type; None where
        they do not meet.
        """
        if self._is_lookup_as_text(left, right):
            return as_text(left), right[0]
        if self._is_lookup_as_text(right, left):
            return left[0], as_text(right)
        if isinstance(right[0], tree.Text) and left[1] in _READABLE:
            parsed = self._read(right[0], left)
            return None if parsed is None else (left[0], parsed)
        if isinstance(left[0], tree.Text) and right[1] in _READABLE:
            parsed = self._read(left[0], right)
            return None if parsed is None else (parsed, right[0])
        if not meet(left[1], right[1]):
            self.unknown("type-mismatch", f"{article(left[1])} cannot be compared with {article(right[1])}")
            return None
        return left[0], right[0]

    def _is_lookup_as_text(self, column: Typed, other: Typed) -> bool:
        """Whether a lookup's column of a known type is compared with a string that is no literal,
        which views do by the text of it. What is computed of such columns has no certain one.
        """
        is_text = other[1] is ValueType.TEXT and not isinstance(other[0], tree.Text)
        is_column = isinstance(column[0], tree.ColumnName) and self.is_of_lookup(column[0])
        return is_text and is_column and column[1] in _STEADY_TEXTS

    def is_of_lookup(self, node: Expression) -> bool:
        """Whether a value is that of a lookup's column whose type is known here, and not to the
        view.
        """
        if self.env.outer is None or self.env.columns is None or isinstance(node, tree.Cast | tree.Call):
            return False
        return any(isinstance(each, tree.ColumnName) for each in walk(node))

    def require_steady_text(self, node: Expression, value_type: ValueType) -> bool:
        """Whether the text of a value is safe to look at; notes a problem where it is a lookup's
        and of a type whose text the caller's settings change.
        """
        if value_type in _STEADY_TEXTS or value_type.is_open or not self.is_of_lookup(node):
            return True
        message = f"{article(value_type)} of a lookup has no one text: compare it with {article(value_type)}"
        self.unknown("type-mismatch", message, node)
        return False

    def _read(self, literal: tree.Text, other: Typed) -> Expression | None:
        if not self.require_steady_text(*other):
            return None
        expected = derived_type(other[0], self._column_type) or OF_VALUES[other[1]]
        parsed = read(literal.value, expected)
        if parsed is None:
            message = f"{literal.value!r} cannot be read as {article(expected.family)}"
            self.unknown("type-mismatch", message, literal)
        elif expected.family is Family.REAL:
            return tree.Cast(parsed, Family.REAL)
        return parsed

    def _column_type(self, node: Expression) -> ColumnType | None:
        """The type of what a name stands for; None where only the warehouse knows it."""
        env = self.env.of_row if isinstance(node, tree.ColumnReference) else self.env
        if isinstance(node, tree.MaskedValue):
            return env.value
        assert isinstance(node, tree.ColumnName | tree.ColumnReference)
        return None if env.columns is None else env.columns[node.name]

    # The rules, one for each construct.

    def literal(self, node: tree.Text | tree.Number | tree.Boolean | tree.NullValue | tree.Moment) -> Typed:
        return node, static_type(node)

    def infrastructure(self, node: tree.Infrastructure) -> Typed:
        return tree.Text(self.env.infrastructure.get(node.part, ""), span=node.span), ValueType.TEXT

    def negative(self, node: tree.Negative) -> Typed:
        typed, value_type = self.value(node.operand)
        if value_type.is_number or value_type.is_open:
            return replace(node, operand=typed), value_type
        return self.unknown("type-mismatch", f"{article(value_type)} has no negative", node.operand)

    def arithmetic(self, node: tree.Arithmetic) -> Typed:
        (left, left_type), (right, right_type) = self.value(node.left), self.value(node.right)
        if not all(value_type.is_number or value_type.is_open for value_type in (left_type, right_type)):
            return self.unknown("type-mismatch", f"{left_type} {node.operator} {right_type} is not arithmetic")
        value_type = unified((left_type, right_type))
        if node.operator == "%" and value_type is ValueType.DOUBLE:
            return self.unknown("type-mismatch", "% works on integers and decimal numbers, not on floating-point ones")
        return replace(node, left=left, right=right), value_type or ValueType.NULL

    def concat(self, node: tree.Concat) -> Typed:
        operands = [self.value(node.left), self.value(node.right)]
        for part, (_, value_type) in zip((node.left, node.right), operands, strict=True):
            if not (value_type is ValueType.TEXT or value_type.is_open):
                message = f"|| joins strings, not {article(value_type)}; use CAST(… AS VARCHAR(n))"
                return self.unknown("type-mismatch", message, part)
        lost = any(value_type is ValueType.LOST for _, value_type in operands)
        typed = replace(node, left=operands[0][0], right=operands[1][0])
        return typed, ValueType.LOST if lost else ValueType.TEXT

    def cast(self, node: tree.Cast) -> Typed:
        typed, value_type = self.value(node.operand)
        target = value_type_of(cast_type(node))
        if not self.require_steady_text(typed, value_type):
            return UNKNOWN, ValueType.LOST
        if not self._castable(typed, value_type, target):
            return self.unknown("type-mismatch", f"{article(value_type)} cannot be cast to {node.type.upper()}")
        return replace(node, operand=typed), ValueType.LOST if value_type is ValueType.LOST else target

    def _castable(self, operand: Expression, value_type: ValueType, target: ValueType) -> bool:
        if value_type.is_open or value_type is target or (value_type.is_number and target.is_number):
            return True
        if value_type is ValueType.TEXT or (value_type.is_moment and target.is_moment):
            return True
        return target is ValueType.TEXT and self.has_text(operand, value_type)

    def case(self, node: tree.Case) -> Typed:
        conditions = [self.condition(condition) for condition, _ in node.branches]
        results = [self.value(result) for _, result in node.branches]
        results.append(self.value(node.otherwise) if node.otherwise is not None else (UNKNOWN, ValueType.NULL))
        value_type = unified([value_type for _, value_type in results])
        if any(each is ValueType.LOST for _, each in conditions):
            return UNKNOWN, ValueType.LOST
        if value_type is None:
            value_types = " and ".join(dict.fromkeys(value_type for _, value_type in results))
            return self.unknown("type-mismatch", f"the results of a CASE are of different kinds: {value_types}")
        values = [typed for typed, _ in results]
        tests = [typed for typed, _ in conditions]
        return replace(node, branches=tuple(zip(tests, values, strict=False)), otherwise=values[-1]), value_type

    def call(self, node: tree.Call) -> Typed:
        function = node.function
        typed = [self.value(argument) for argument in node.arguments]
        expressions = tuple(expression for expression, _ in typed)
        value_types = [value_type for _, value_type in typed]
        result = call_type(function, value_types)
        if result is None:
            return self.unknown("type-mismatch", f"{function.upper()} {why_not(function, value_types)}")
        return replace(node, arguments=expressions), result

    def negation(self, node: tree.Not) -> Typed:
        typed, value_type = self.condition(node.operand)
        return replace(node, operand=typed), value_type

    def logic(self, node: tree.And | tree.Or) -> Typed:
        operands = [self.condition(each) for each in node.operands]
        return replace(node, operands=tuple(typed for typed, _ in operands)), _decided(
            value_type for _, value_type in operands
        )

    def comparison(self, node: tree.Comparison) -> Typed:
        sides = [self.value(node.left), self.value(node.right)]
        pair = self.pair(*sides)
        if pair is None:
            return UNKNOWN, ValueType.LOST
        return replace(node, left=pair[0], right=pair[1]), _decided(value_type for _, value_type in sides)

    def is_null(self, node: tree.IsNull) -> Typed:
        """TRUE or FALSE of an unknown; of one that only stands for what cannot be decided
        neither.
        """
        typed, value_type = self.value(node.operand)
        return (
            (UNKNOWN, value_type) if value_type is ValueType.LOST else (replace(node, operand=typed), ValueType.BOOLEAN)
        )

    def boolean_test(self, node: tree.BooleanTest) -> Typed:
        """As `is_null`."""
        typed, value_type = self.condition(node.operand)
        return (
            (UNKNOWN, value_type) if value_type is ValueType.LOST else (replace(node, operand=typed), ValueType.BOOLEAN)
        )

    def is_distinct(self, node: tree.IsDistinct) -> Typed:
        """As `is_null`."""
        sides = [self.value(node.left), self.value(node.right)]
        pair = self.pair(*sides)
        if pair is None or _decided(value_type for _, value_type in sides) is ValueType.LOST:
            return UNKNOWN, ValueType.LOST
        return replace(node, left=pair[0], right=pair[1]), ValueType.BOOLEAN

    def _items(self, typed: Typed, items: Sequence[Expression]) -> tuple[list[_Pair | None], ValueType]:
        """The operand with each item of a list. The first that does not go with the operand speaks
        for the others.
        """
        before = len(self.problems)
        given = [self.value(item) for item in items]
        pairs = [self.pair(typed, item) for item in given]
        new_problems = self.problems[before:]
        incompatibilities = [each for each in new_problems if each.code == "type-mismatch"]
        self.problems[before:] = [
            *incompatibilities[:1],
            *(each for each in new_problems if each.code != "type-mismatch"),
        ]
        value_type = ValueType.LOST if None in pairs else _decided((typed[1], *(value_type for _, value_type in given)))
        return pairs, value_type

    def membership(self, node: tree.In) -> Typed:
        typed = self.value(node.operand)
        pairs, value_type = self._items(typed, node.items)
        if _is_read_otherwise(typed[0], pairs):
            return _negated(_connected(tree.Or, [_compared("=", pair) for pair in pairs]), node.negated), value_type
        items = tuple(UNKNOWN if pair is None else pair[1] for pair in pairs)
        return replace(node, operand=typed[0], items=items), value_type

    def between(self, node: tree.Between) -> Typed:
        typed = self.value(node.operand)
        bounds = [self.value(node.low), self.value(node.high)]
        pairs = [self.pair(typed, bound) for bound in bounds]
        value_type = (
            ValueType.LOST if None in pairs else _decided((typed[1], *(value_type for _, value_type in bounds)))
        )
        if _is_read_otherwise(typed[0], pairs):
            limits = [_compared(">=", pairs[0]), _compared("<=", pairs[1])]
            return _negated(_connected(tree.And, limits), node.negated), value_type
        lower, upper = (UNKNOWN if pair is None else pair[1] for pair in pairs)
        return replace(node, operand=typed[0], low=lower, high=upper), value_type

    def like(self, node: tree.Like) -> Typed:
        text, value_type = self.value(node.operand)
        if value_type is ValueType.TEXT or value_type.is_open:
            return replace(node, operand=text), _decided([value_type])
        return self.unknown("type-mismatch", f"LIKE looks at strings, not at {article(value_type)}", node.operand)

    def in_lookup(self, node: tree.InLookup) -> Typed:
        typed, value_type = self.value(node.operand)
        if value_type is ValueType.LOST:
            return UNKNOWN, ValueType.LOST
        if value_type is ValueType.OPAQUE:
            return self.unknown("type-mismatch", "a value of this type cannot be looked up", node.operand)
        lookup = node.lookup
        inner = _TypeChecker(self.env.of_lookup(lookup.table))
        sought, select = inner.offered(lookup.select, (typed, value_type))
        where = None if lookup.where is None else inner.condition(lookup.where)[0]
        self.problems += inner.problems
        if inner.problems:
            return UNKNOWN, ValueType.LOST  # A condition that finds nothing would make NOT IN show everything.
        return replace(node, operand=sought, lookup=replace(lookup, select=select, where=where)), ValueType.BOOLEAN

    def offered(self, select: Expression, sought: Typed) -> _Pair:
        """What is sought and what a lookup selects, as they are compared."""
        typed, value_type = self.value(select)
        operand, wanted = sought
        if isinstance(operand, tree.Text) and value_type in _READABLE:
            return self._read(operand, (typed, value_type)) or UNKNOWN, typed
        if wanted is ValueType.TEXT and value_type in _STEADY_TEXTS and isinstance(typed, tree.ColumnName):
            return operand, as_text((typed, value_type))
        if wanted is ValueType.TEXT and not self.require_steady_text(typed, value_type):
            return operand, typed
        if not meet(wanted, value_type):
            message = f"{article(wanted)} is looked for in {to_text(typed)}, {article(value_type)}"
            self.unknown("type-mismatch", message, select)
        return operand, typed

    def contains(self, node: tree.AttributeValuesContains | tree.GroupsContains | tree.PurposesContains) -> Typed:
        typed, value_type = self.value(node.value)
        if not self.has_text(typed, value_type):
            message = f"{article(value_type)} has no one text to compare with what users hold"
            return self.unknown("no-canonical-text", message, node.value)
        if not self.require_steady_text(typed, value_type):
            return UNKNOWN, ValueType.LOST
        return replace(node, value=typed), _decided([value_type])


def _is_read_otherwise(operand: Expression, pairs: Iterable[_Pair | None]) -> bool:
    """Whether the operand is not itself what it is compared as: a string literal is read as the
    type of each value that it meets, and a list of several has several of them.
    """
    return any(pair is not None and pair[0] != operand for pair in pairs)


def _compared(comparator: tree.Comparator, pair: _Pair | None) -> Expression:
    return UNKNOWN if pair is None else tree.Comparison(comparator, *pair)


def _connected(connector: type[tree.And | tree.Or], tests: Sequence[Expression]) -> Expression:
    return tests[0] if len(tests) == 1 else connector(tuple(tests))


def _negated(test: Expression, negated: bool) -> Expression:
    return tree.Not(test) if negated else test


def as_text(typed: Typed) -> Expression:
    """A value whose text no setting changes, as that text."""
    expression, value_type = typed
    return expression if value_type is ValueType.TEXT else tree.Cast(expression, Family.VARCHAR, (LONGEST_TEXT,))


LONGEST_TEXT = 65_535
"""Bytes of the longest text.

Source: Amazon Redshift Developer Guide, "Character types".
"""


def spelled(name: str, columns: Collection[str]) -> str | None:
    """The column that a name means: the one spelled so, else the only one that differs in case.
    Redshift folds names, quoted or not, unless its sessions are told otherwise, and people name
    columns as other systems spell them.
    """
    alike = [name] if name in columns else [each for each in columns if each.lower() == name.lower()]
    return alike[0] if len(alike) == 1 else None


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _decided(value_types: Iterable[ValueType]) -> ValueType:
    """The type of a test of such parts."""
    return ValueType.LOST if ValueType.LOST in value_types else ValueType.BOOLEAN


def _of_user(checker: _TypeChecker, node: Expression) -> Typed:
    """A test of what the user holds, which nothing of the row is part of."""
    return node, ValueType.BOOLEAN


def _text_of_user(checker: _TypeChecker, node: Expression) -> Typed:
    return node, ValueType.TEXT


RULES: Mapping[type[tree.Node], Callable[[_TypeChecker, Any], Typed]] = {
    **dict.fromkeys(tree.constructs(tree.UserTest), _of_user),
    **dict.fromkeys(tree.constructs(tree.ListTest), _TypeChecker.contains),
    **dict.fromkeys((tree.Text, tree.Number, tree.Boolean, tree.NullValue, tree.Moment), _TypeChecker.literal),
    tree.ColumnName: _TypeChecker.column,
    tree.ColumnReference: _TypeChecker.reference,
    tree.ColumnTagged: _TypeChecker.tagged,
    tree.MaskedValue: _TypeChecker.masked_value,
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
