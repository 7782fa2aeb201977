"""Expressions over a row, and tests of the caller that are decided once per query beside the
rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from veil.compiler.building import (
    FALSE,
    TRUE,
    UNKNOWN,
    call,
    case,
    conjunction,
    disjunction,
    guard,
    infix,
    is_null,
    negation,
)
from veil.compiler.lengths import of_text
from veil.compiler.lookups import LookupQuery, in_values
from veil.compiler.nodes import ExpressionCompiler
from veil.compiler.scope import Place, Scope
from veil.compiler.sql import OwnRef, Sql, TextLiteral
from veil.compiler.users import (
    ENTRY_VALUE,
    LONGEST_NAME,
    NOT_EQUALIZED,
    NOW,
    PROFILE_NAME,
    PROFILE_NOT_EQUALIZED,
    USERNAME,
    is_about_user,
    is_clock,
)
from veil.compiler.values import Value, entry_text
from veil.language import asks_user, tree
from veil.language.correlation import Way, ways
from veil.language.tree import Expression
from veil.language.value_types import ValueType


class Expressions(ExpressionCompiler):
    """Compiles expressions over a scope's row. What depends on the user alone is decided once."""

    def condition(self, node: Expression) -> Sql:
        decided = self._hoisted(node)
        return self.test(node) if decided is None else decided

    def _hoisted(self, node: Expression) -> Sql | None:
        """What depends on the user alone; None for what does not."""
        tests = self.scope.user_tests
        try:
            known = tests[node]
        except KeyError:
            known = tests[node] = UserTests(self.scope).test(node) if is_about_user(node) else None
        if known is None:
            return None
        return known if known in (TRUE, FALSE, UNKNOWN) else self.scope.hoist_user_test(known)

    def test(self, node: Expression) -> Sql:
        return self._joining.test(node) if self._distinguishes(node) else super().test(node)

    def _distinguishes(self, node: Expression) -> bool:
        """Whether it could be TRUE since something is unknown, in a place where what was decided
        for another caller is.
        """
        return (
            self.scope.place is Place.FILTER
            and isinstance(node, tree.Computed)
            and not node.passes_unknown_on
            and asks_user(node)
        )

    def truth(self, node: Expression) -> Sql:
        """TRUE where the condition is TRUE, and nowhere else: FALSE and NULL are not distinguished,
        which costs less.
        """
        decided = self._hoisted(node)
        if decided is not None:
            return decided
        match node:
            case tree.And(operands=operands):
                return conjunction(self.truth(each) for each in operands)
            case tree.Or(operands=operands):
                return disjunction(self.truth(each) for each in operands)
            case tree.AttributeValuesContains(attribute=name, value=value, placeholder=placeholder):
                return self._surely_contains("attribute", name, value, placeholder)
            case tree.GroupsContains(value=value, placeholder=placeholder):
                return self._surely_contains("group", "", value, placeholder)
            case tree.PurposesContains(value=value, placeholder=placeholder):
                return self._surely_contains("purpose", "", value, placeholder)
            case _:
                return self.test(node)

    def value(self, node: Expression) -> Value:
        """A moment that depends on the query's alone is decided with all else."""
        if self._distinguishes(node):
            return self._joining.value(node)
        if isinstance(node, tree.Call) and not is_clock(node) and is_about_user(node):
            user_value = UserTests(self.scope).value(node)
            if user_value.value_type.is_moment:
                return replace(user_value, sql=self.scope.hoist_user_test(user_value.sql))
        return super().value(node)

    @property
    def _joining(self) -> "Expressions":
        """Compiles what something is joined by, the same wherever that is asked."""
        return Expressions(self.scope.placed(Place.VALUE))

    @property
    def now(self) -> Sql:
        return self.scope.now

    @property
    def not_equalized(self) -> Sql:
        return self.scope.not_equalized

    @property
    def username(self) -> Value:
        return self.scope.username

    def contains(self, kind: str, name: str, value: Expression, placeholder: str | None) -> Sql:
        """Whether the value is among what the caller holds, by a join to the distinct list of
        it.
        """
        compiled = self._joining.value(value)
        if compiled.is_null:
            return UNKNOWN
        text = entry_text(compiled)
        tests = [self.scope.held(kind, name, text), self._is_placeholder(kind, name, text, placeholder)]
        return guard(is_null(text, negated=True), disjunction(tests))

    def _surely_contains(self, kind: str, name: str, value: Expression, placeholder: str | None) -> Sql:
        compiled = self._joining.value(value)
        if compiled.is_null:
            return UNKNOWN
        text = entry_text(compiled)
        return disjunction(
            [self.scope.surely_held(kind, name, text), self._is_placeholder(kind, name, text, placeholder)]
        )

    def _is_placeholder(self, kind: str, name: str, text: Sql, placeholder: str | None) -> Sql:
        """Whether the text is what stands for those who hold nothing, and the caller is one of
        them.
        """
        if placeholder is None:
            return FALSE
        none_held = negation(self.scope.hoist_user_test(self.scope.decided.caller.holds(kind, TRUE, name or None)))
        return conjunction([none_held, infix("=", text, TextLiteral(placeholder.rstrip(" ")))])

    def in_lookup(self, node: tree.InLookup) -> Sql:
        lookup = node.lookup
        membership = disjunction(self._in_way(node, way) for way in ways(lookup.where))
        if not asks_user(lookup.select) and (lookup.where is None or not asks_user(lookup.where)):
            return membership
        # What the lookup does not select for all members of a project, it may select for one of
        # them.
        return disjunction([membership, case([(self.not_equalized, FALSE)])])

    def _in_way(self, node: tree.InLookup, way: Way) -> Sql:
        """Whether the operand is among what the lookup finds in one of its ways."""
        # A key that another caller would not have is in no row that could say for whom it was
        # decided.
        of_user = any(asks_user(key) for key, _ in way.keys)
        inner = Expressions(self.scope.inner(node.lookup.table, for_each=of_user))
        for_each, joining = inner.scope.is_for_each, self._joining
        select = inner.value(node.lookup.select)
        keys = [(inner.value(key), joining.value(outer)) for key, outer in way.keys]
        condition = conjunction(inner.condition(each) for each in way.filters if not asks_user(each))
        asked = conjunction(inner.condition(each) for each in way.filters if asks_user(each))
        source = inner.scope.source(self.scope.decided.system.table(*node.lookup.table))
        self.scope.rely_on_types_of(node.lookup.table, inner.scope)
        decides = inner.scope.decides and not for_each
        membership = LookupQuery(select, source, condition, asked, keys, decides, for_each)
        is_found = in_values(self.scope, joining.value(node.operand), membership)
        return guard(conjunction(joining.condition(each) for each in way.gates), is_found, FALSE)


class UserTests(ExpressionCompiler):
    """Compiles what depends on the user alone, as aggregates over the caller's profile and
    entries.
    """

    @property
    def not_equalized(self) -> Sql:
        return NOT_EQUALIZED

    @property
    def now(self) -> Sql:
        return NOW

    @property
    def username(self) -> Value:
        return Value(USERNAME, ValueType.TEXT, trimmed=True, known=of_text(USERNAME, LONGEST_NAME))

    def user_test(self, node: tree.UserTest) -> Sql:
        return HELD[type(node)](self.scope, node)

    def contains(self, kind: str, name: str, value: Expression, placeholder: str | None) -> Sql:
        compiled = _PerEntry(self.scope).value(value)
        if compiled.is_null:
            return UNKNOWN
        text = entry_text(compiled)
        tests = [self.scope.decided.caller.holds(kind, infix("=", ENTRY_VALUE, text), name or None)]
        asked = call("max", text)
        if placeholder is not None:
            none_held = negation(self.scope.decided.caller.holds(kind, TRUE, name or None))
            tests.append(conjunction([none_held, infix("=", asked, TextLiteral(placeholder.rstrip(" ")))]))
        return guard(is_null(asked, negated=True), disjunction(tests))


class _PerEntry(ExpressionCompiler):
    """Compiles the value that a list function looks for, inside the aggregate over the entries."""

    @property
    def not_equalized(self) -> Sql:
        self.scope.decided.caller.beside = True
        return PROFILE_NOT_EQUALIZED

    @property
    def now(self) -> Sql:
        return OwnRef("e", "t")

    @property
    def username(self) -> Value:
        self.scope.decided.caller.beside = True
        return Value(PROFILE_NAME, ValueType.TEXT, trimmed=True, known=of_text(PROFILE_NAME, LONGEST_NAME))


HELD: Mapping[type[tree.Node], Callable[[Scope, Any], Sql]] = {
    tree.IsInGroups: lambda scope, node: (
        conjunction(scope.decided.caller.holds_value("group", group) for group in node.groups) if node.groups else FALSE
    ),
    tree.HasAttribute: lambda scope, node: scope.decided.caller.has_attribute(node, scope.tags.infrastructure),
    tree.IsUsingPurpose: lambda scope, node: scope.decided.caller.holds_value("purpose", node.purpose),
    tree.HasTagAsAttribute: lambda scope, node: scope.decided.caller.holds_tag(
        "attribute", scope.tags.at(node.place), node.attribute
    ),
    tree.HasTagAsGroup: lambda scope, node: scope.decided.caller.holds_tag("group", scope.tags.at(node.place)),
}
"""Whether the caller holds what a test names."""
