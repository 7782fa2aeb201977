"""Every construct of the policy language as SQL, but for what tells the caller's entries from the row's columns.

An expression comes elaborated (see `veil.policy.elaborate`): its operands go together, and what could not be decided
is NULL.
"""

from collections.abc import Sequence
from dataclasses import replace

from veil.compiler.arithmetic import Summand, added, arithmetic, negated, summed
from veil.compiler.building import (
    FALSE,
    NULL,
    TRUE,
    UNKNOWN,
    case,
    conjunction,
    disjunction,
    infix,
    is_null,
    negation,
    where,
)
from veil.compiler.calls import call_function, is_about_texts
from veil.compiler.casts import guarded_cast
from veil.compiler.lengths import joined
from veil.compiler.results import as_results
from veil.compiler.scope import Scope
from veil.compiler.sql import In, Sql, TextLiteral
from veil.compiler.values import NOTHING, Value, align, as_text, closed, compare, length_of, literal_value, null_of
from veil.language import asks_user, tree
from veil.language.tree import Expression
from veil.policy.comparing import cast_type
from veil.policy.shapes import Shape
from veil.policy.signatures import unified

IDENTITY_PROVIDER = "redshift"
"""What `@iam` stands for here."""


class Nodes:
    """Compiles expressions within one scope. Subclasses say how the caller is asked."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def condition(self, node: Expression) -> Sql:
        """An expression as a test: TRUE, FALSE or NULL."""
        return self.test(node)

    @property
    def alone(self) -> Sql:
        """TRUE but while the caller acts in an equalized project."""
        raise NotImplementedError

    def among_equals(self, node: Expression, found: Sql) -> Sql:
        """What was found for a node that makes something of an unknown. In an equalized project it is unknown where
        the node holds a test of the user: members might come to differ by it.
        """
        return where(self.alone, found) if asks_user(node) and found not in (NULL, UNKNOWN) else found

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

    def test(self, node: Expression) -> Sql:
        match node:
            case tree.Boolean(value=truth):
                return TRUE if truth else FALSE
            case tree.NullValue():
                return UNKNOWN
            case tree.Not(operand=operand):
                return negation(self.condition(operand))
            case tree.And(operands=operands):
                return conjunction(self.condition(each) for each in operands)
            case tree.Or(operands=operands):
                return disjunction(self.condition(each) for each in operands)
            case tree.IsNull(operand=operand, negated=negated):
                return self.among_equals(node, _is_null(self.value(operand), negated=negated))
            case tree.BooleanTest(operand=operand, truth=truth, negated=negated):
                return self.among_equals(node, _is_truth(self.condition(operand), truth, negated))
            case tree.IsDistinct():
                return self.among_equals(node, self._distinct(node))
            case tree.Comparison() | tree.In() | tree.Between() | tree.Like() | tree.InLookup():
                return self._comparison(node)
            case _:
                return self.atom(node)

    def _distinct(self, node: tree.IsDistinct) -> Sql:
        """Redshift documents no IS DISTINCT FROM. Beside what is never NULL each operand stands here once."""
        left, right = self.value(node.left), self.value(node.right)
        differs, same = (FALSE, TRUE) if node.negated else (TRUE, FALSE)
        branches = [(compare("=", left, right), same)]
        if not (_is_certain(node.left) or _is_certain(node.right)):
            branches.append((conjunction([_is_null(left), _is_null(right)]), same))
        return case(branches, differs)

    def _comparison(self, node: Expression) -> Sql:
        match node:
            case tree.Comparison(operator=operator, left=left, right=right):
                return compare(operator, self.value(left), self.value(right))
            case tree.In(operand=operand, items=items, negated=negated):
                return _negated(self._in(self.value(operand), [self.value(item) for item in items]), negated)
            case tree.Between(operand=operand, low=low, high=high, negated=negated):
                value = self.value(operand)
                bounds = [compare(">=", value, self.value(low)), compare("<=", value, self.value(high))]
                return _negated(conjunction(bounds), negated)
            case tree.Like():
                return self._like(node)
            case tree.InLookup():
                return _negated(self.in_lookup(node), node.negated)
            case _:
                raise AssertionError(f"not a comparison: {type(node).__name__}")

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
        return infix(f"NOT {operator}" if node.negated else operator, as_text(value), TextLiteral(pattern))

    def atom(self, node: Expression) -> Sql:
        match node:
            case tree.AttributeValuesContains(attribute=name, value=value, placeholder=placeholder):
                return self.contains("attribute", name, value, placeholder)
            case tree.GroupsContains(value=value, placeholder=placeholder):
                return self.contains("group", "", value, placeholder)
            case tree.PurposesContains(value=value, placeholder=placeholder):
                return self.contains("purpose", "", value, placeholder)
            case _:
                return self.value(node).sql

    def value(self, node: Expression) -> Value:
        """What the expression gives: NULL where it cannot be computed."""
        return closed(self._open(node))

    def _open(self, node: Expression) -> Value:
        """As `value`, but for a text whose length is not checked yet: one that it becomes part of is."""
        match node:
            case tree.Text() | tree.Number() | tree.Boolean() | tree.Moment():
                return literal_value(node)
            case tree.NullValue():
                return NOTHING
            case tree.ColumnName(name=name) | tree.ColumnReference(name=name):
                return self.scope.column(name)
            case tree.MaskedValue():
                return self.scope.masked
            case tree.Username():
                return self.username
            case tree.Iam():
                return literal_value(tree.Text(IDENTITY_PROVIDER))
            case tree.Cast():
                return guarded_cast(self.value(node.operand), cast_type(node))
            case tree.Call(function="getdate") | tree.Arithmetic() | tree.Negative() | tree.Concat() | tree.Case():
                return self._computed(node)
            case tree.Call(function=function, arguments=arguments):
                operand = self._open if is_about_texts(function) else self.value
                found = call_function(function, arguments, [operand(each) for each in arguments])
                return replace(found, sql=self.among_equals(node, found.sql))
            case _:
                return Value(self.condition(node), Shape.BOOLEAN)

    def _computed(self, node: Expression) -> Value:
        match node:
            case tree.Call():
                return Value(self.now, Shape.TIMESTAMP)
            case tree.Arithmetic(operator="+" | "-") | tree.Negative():
                return summed(self._summand(node))
            case tree.Arithmetic(operator=operator, left=left, right=right):
                return arithmetic(operator, self.value(left), self.value(right))
            case tree.Concat():
                return self._concatenated(node)
            case tree.Case():
                found = self._case(node)
                return replace(found, sql=self.among_equals(node, found.sql))
            case _:
                raise AssertionError(f"not a computation: {type(node).__name__}")

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
            return null_of(Shape.TEXT)
        return Value(infix("||", *map(as_text, texts)), Shape.TEXT, known=joined([length_of(each) for each in texts]))

    def _case(self, node: tree.Case) -> Value:
        conditions = [self.condition(condition) for condition, _ in node.branches]
        results = [self._open(result) for _, result in node.branches]
        results.append(NOTHING if node.otherwise is None else self._open(node.otherwise))
        shape = unified([result.shape for result in results])
        if shape is None or shape is Shape.NULL:
            return NOTHING
        (*chosen, otherwise), known = as_results(results, shape)
        return Value(case(list(zip(conditions, chosen, strict=True)), otherwise), shape, known=known)


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


def _is_null(value: Value, *, negated: bool = False) -> Sql:
    return (FALSE if negated else TRUE) if value.is_null else is_null(value.sql, negated=negated)


def _is_truth(condition: Sql, truth: bool, negated: bool) -> Sql:
    """IS [NOT] TRUE or FALSE. Redshift has it in WHERE alone (Developer Guide, Boolean type), and conditions stand in
    SELECT lists too.
    """
    return where(condition if truth else negation(condition), FALSE if negated else TRUE, TRUE if negated else FALSE)


def _negated(condition: Sql, negated: bool) -> Sql:
    return negation(condition) if negated else condition
