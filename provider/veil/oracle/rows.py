"""Which rows the row policies show."""

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from veil.model import (
    Column,
    Match,
    Never,
    Percent,
    Purposes,
    RowPolicy,
    RowRule,
    TimeWindow,
    UserMatches,
    ValueIn,
    Where,
)
from veil.oracle.audience import belongs, excepted
from veil.oracle.calendar import add
from veil.oracle.expressions import over_row, shows, tags_in
from veil.oracle.logic import Truth, conjunction, disjunction, held, negation
from veil.oracle.masks import fraction_of, hashed
from veil.oracle.operands import TEXT, Operand, compare
from veil.oracle.places import column as visible
from veil.oracle.places import covers_source, tagged
from veil.oracle.scope import Scope
from veil.oracle.user_tests import contains
from veil.oracle.values import at_utc, text_length, text_of


def row_policies(scope: Scope) -> list[RowPolicy]:
    """The active row policies of the data source, by name."""
    policies = sorted(scope.world.row_policies.values(), key=lambda each: each.name)
    return [each for each in policies if not each.staged and _applies(each, scope)]


def policy_shows(policy: RowPolicy, scope: Scope) -> bool:
    """Whether the policy lets the scope's row show: its user is excepted, or the rule for them is
    TRUE.
    """
    if excepted(policy.exceptions, scope) is True:
        return True
    match belongs(policy.for_everyone_who, scope):
        case True:
            return rule_shows(policy.show, scope)
        case False:
            return policy.otherwise is not None and rule_shows(policy.otherwise, scope)
        case _:
            return False


def rule_shows(rule: RowRule, scope: Scope) -> bool:
    """Whether the rule is TRUE for the scope's row and user."""
    return _RULES[type(rule)](rule, scope) is True


def _applies(policy: RowPolicy, scope: Scope) -> bool:
    """By its place; one without a place applies exactly where each tag that it uses is on some
    column.
    """
    if not policy.applies_to.is_empty:
        return covers_source(policy.applies_to, scope.source)
    used = tags_of(policy.show) | (tags_of(policy.otherwise) if policy.otherwise else frozenset())
    return bool(used) and all(tagged(scope.source, tag) for tag in used)


def tags_of(rule: RowRule) -> frozenset[str]:
    """The column tags that the rule uses."""
    match rule:
        case UserMatches():
            return frozenset(each.column_tag for each in rule.matches)
        case ValueIn():
            return frozenset({rule.column_tag})
        case Where():
            return tags_in(rule.expression)
        case TimeWindow() | Purposes() | Percent() | Never():
            return frozenset()


def _user_matches(rule: UserMatches, scope: Scope) -> Truth:
    """A tag without a column shows no rows, whatever the other matches say."""
    if scope.facts is None or not all(tagged(scope.source, each.column_tag) for each in rule.matches):
        return None
    return held(rule.operator, [_match(each, scope) for each in rule.matches])


def _match(match: Match, scope: Scope) -> Truth:
    facts = scope.facts
    if facts is None:
        return None
    texts = facts.groups if match.attribute is None else facts.values(match.attribute)
    return conjunction(contains(texts, scope.of(each), None) for each in tagged(scope.source, match.column_tag))


def _value_in(rule: ValueIn, scope: Scope) -> Truth:
    columns = tagged(scope.source, rule.column_tag)
    return conjunction(_is_one_of(rule, each, scope) for each in columns) if columns else None


def _is_one_of(rule: ValueIn, column: Column, scope: Scope) -> Truth:
    operand = scope.of(column)
    membership = disjunction(compare("=", operand, Operand(value, TEXT, literal=True)) for value in rule.values)
    if operand.value is None:
        return None
    return negation(membership) if rule.negated else membership


def _time_window(rule: TimeWindow, scope: Scope) -> Truth:
    """Unknown without an event time column that is a date or a timestamp."""
    column = visible(scope.source, scope.source.event_time_column or "")
    if column is None or not column.type.family.is_moment:
        return None
    event = scope.of(column).value
    if not isinstance(event, date):
        return None
    start = before(at_utc(scope.now).replace(microsecond=0), rule)
    newer = None if start is None else at_utc(event) >= start
    return newer if rule.direction == "newer" else negation(newer)


def before(now: datetime, rule: TimeWindow) -> datetime | None:
    """The moment at which the window starts or ends, in calendar years; None before the first
    year.
    """
    return add(rule.unit.removesuffix("s"), -rule.amount, now)


def _percent(rule: Percent, scope: Scope) -> Truth:
    share = fraction_of(scope.salt, fingerprint(scope))
    return None if share is None else share < Fraction(rule.percent) / 100


def fingerprint(scope: Scope) -> str:
    """One text for the row's accepted columns, in order, that differs where any of them does.

    Columns whose type has no canonical text are left out. What makes no one text is hashed in
    pieces.
    """
    pieces: list[str] = [""]
    size = 0
    for column in scope.source.columns:
        if column.accepted and has_text(column):
            most = text_length(column.type) if column.type.family.is_text else _LONGEST_OF_OTHERS
            most += _MARKS
            size += min(most, _LONG_TEXT)
            if size > _LONGEST_PIECE:
                pieces.append("")
                size = min(most, _LONG_TEXT)
            pieces[-1] += _marked(scope, column, is_long=most > _LONG_TEXT)
    return pieces[0] if len(pieces) == 1 else "".join(map(hashed, pieces))


_LONG_TEXT, _LONGEST_PIECE, _LONGEST_OF_OTHERS, _MARKS = 1_000, 60_000, 64, 8
"""Bytes."""


def has_text(column: Column) -> bool:
    """Whether values of the column's type have one canonical text."""
    family = column.type.family
    return family.is_text or family.is_integer or family.is_moment or family.value in ("numeric", "boolean")


def _marked(scope: Scope, column: Column, *, is_long: bool) -> str:
    text = text_of(scope.of(column).value, column.type)
    return "-" if text is None else f"+{len(text)}:{hashed(text) if is_long else text}"


def _purposes(rule: Purposes, scope: Scope) -> Truth:
    return None if scope.facts is None else disjunction(scope.facts.under(purpose) for purpose in rule.purposes)


_RULES: dict[type, Callable[[Any, Scope], Truth]] = {
    UserMatches: _user_matches,
    Where: lambda rule, scope: shows(over_row(rule.expression, scope)),
    ValueIn: _value_in,
    TimeWindow: _time_window,
    Purposes: _purposes,
    Percent: _percent,
    Never: lambda rule, scope: False,
}
