"""Expressions over a row, and tests of the caller that are decided once per query beside the rows."""

from veil.compiler.building import (
    FALSE,
    TRUE,
    UNKNOWN,
    call,
    case,
    conjunction,
    disjunction,
    infix,
    is_null,
    negation,
    where,
)
from veil.compiler.lengths import of_text
from veil.compiler.lookups import Found, in_values
from veil.compiler.nodes import Nodes
from veil.compiler.scope import Scope
from veil.compiler.sql import Sql, TextLiteral
from veil.compiler.users import ALONE, ENTRY_VALUE, LONGEST_NAME, PROFILE_ALONE, PROFILE_NAME, USERNAME, is_about_user
from veil.compiler.values import Value, canonical_text
from veil.language import asks_user, tree
from veil.language.correlation import Way, ways
from veil.language.tree import Expression
from veil.policy.shapes import Shape


class Expressions(Nodes):
    """Compiles expressions over a scope's row. What depends on the user alone is decided once."""

    def condition(self, node: Expression) -> Sql:
        known = self.scope.user_tests.get(node)
        if known is not None:
            return known
        if not is_about_user(node):
            return self.test(node)
        test = UserTests(self.scope).test(node)
        decided = test if test in (TRUE, FALSE, UNKNOWN) else self.scope.decide(test)
        self.scope.user_tests[node] = decided
        return decided

    @property
    def alone(self) -> Sql:
        return self.scope.alone

    @property
    def username(self) -> Value:
        return self.scope.username

    def contains(self, kind: str, name: str, value: Expression, placeholder: str | None) -> Sql:
        """Whether the value is among what the caller holds, by a join to the distinct list of it."""
        compiled = self.value(value)
        if compiled.is_null:
            return UNKNOWN
        text = canonical_text(compiled)
        tests = [self.scope.held(kind, name, text)]
        if placeholder is not None:
            none_held = negation(self.scope.decide(self.scope.caller.holds(kind, TRUE, name or None)))
            tests.append(conjunction([none_held, infix("=", text, TextLiteral(placeholder.rstrip(" ")))]))
        return where(conjunction([self.scope.has_profile, is_null(text, negated=True)]), disjunction(tests))

    def in_lookup(self, node: tree.InLookup) -> Sql:
        lookup = node.lookup
        found = disjunction(self._in_way(node, way) for way in ways(lookup.where))
        if not asks_user(lookup.select) and (lookup.where is None or not asks_user(lookup.where)):
            return found
        # What the lookup does not select for all members of a project, it may select for one of them.
        return disjunction([found, case([(self.alone, FALSE)])])

    def _in_way(self, node: tree.InLookup, way: Way) -> Sql:
        """Whether the operand is among what the lookup finds in one of its ways."""
        inner = Expressions(Scope(self.scope.system, alias="l", caller_tags=self.scope.caller.tags))
        select = inner.value(node.lookup.select)
        keys = [(inner.value(mine), self.value(outer)) for mine, outer in way.keys]
        condition = conjunction(inner.condition(each) for each in way.filters)
        source = inner.scope.source(self.scope.system.table(*node.lookup.table))
        found = in_values(self.scope, self.value(node.operand), Found(select, source, condition, keys))
        return where(conjunction(self.condition(each) for each in way.gates), found, FALSE)


class UserTests(Nodes):
    """Compiles what depends on the user alone, as aggregates over the caller's profile and entries."""

    @property
    def alone(self) -> Sql:
        return ALONE

    @property
    def username(self) -> Value:
        return Value(USERNAME, Shape.TEXT, trimmed=True, known=of_text(USERNAME, LONGEST_NAME))

    def atom(self, node: Expression) -> Sql:
        caller = self.scope.caller
        match node:
            case tree.IsInGroups(groups=groups):
                return conjunction(caller.holds_value("group", group) for group in groups) if groups else FALSE
            case tree.HasAttribute():
                return caller.has_attribute(node)
            case tree.IsUsingPurpose(purpose=purpose):
                return caller.holds_value("purpose", purpose)
            case tree.HasTagAsAttribute(attribute=name, place=place):
                return caller.holds_tag("attribute", place, name)
            case tree.HasTagAsGroup(place=place):
                return caller.holds_tag("group", place)
            case _:
                return super().atom(node)

    def contains(self, kind: str, name: str, value: Expression, placeholder: str | None) -> Sql:
        compiled = _PerEntry(self.scope).value(value)
        if compiled.is_null:
            return UNKNOWN
        text = canonical_text(compiled)
        tests = [self.scope.caller.holds(kind, infix("=", ENTRY_VALUE, text), name or None)]
        asked = call("max", text)
        if placeholder is not None:
            none_held = negation(self.scope.caller.holds(kind, TRUE, name or None))
            tests.append(conjunction([none_held, infix("=", asked, TextLiteral(placeholder.rstrip(" ")))]))
        return where(is_null(asked, negated=True), disjunction(tests))


class _PerEntry(Nodes):
    """Compiles the value that a list function looks for, inside the aggregate over the entries."""

    @property
    def alone(self) -> Sql:
        self.scope.caller.beside = True
        return PROFILE_ALONE

    @property
    def username(self) -> Value:
        self.scope.caller.beside = True
        return Value(PROFILE_NAME, Shape.TEXT, trimmed=True, known=of_text(PROFILE_NAME, LONGEST_NAME))
