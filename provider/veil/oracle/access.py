"""What can show in one situation: rows, and for each column whether the raw value can be in it."""

from dataclasses import dataclass, replace
from typing import Literal

from veil.language import Usage, outcomes, tree
from veil.model import (
    Column,
    Exceptions,
    Mask,
    MaskingPolicy,
    Never,
    Percent,
    Purposes,
    RowPolicy,
    RowRule,
    Sql,
    SubscriptionPolicy,
    TimeWindow,
    UserMatches,
    ValueIn,
    Where,
)
from veil.oracle.admission import grants, guardrails, is_subscribed
from veil.oracle.expressions import read_expression
from veil.oracle.logic import Truth
from veil.oracle.mask_order import is_nulled, stacks
from veil.oracle.places import column as visible
from veil.oracle.places import maskable, tagged
from veil.oracle.possible_truths import (
    ANYTHING,
    UNKNOWN,
    Truths,
    all_of,
    any_of,
    exactly,
    over_rows,
    over_users,
    purpose,
)
from veil.oracle.rows import row_policies
from veil.oracle.scope import Scope

Rows = Literal["all", "some", "none"]


@dataclass(frozen=True, slots=True)
class ColumnAccess:
    """Whether the raw value of a column shows: always, never, or on some rows or in some projects
    only.

    `policies` can decide, in their order; `reasons` say so in words.
    """

    state: Literal["clear", "masked", "sometimes"]
    policies: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def may_admit(scope: Scope) -> bool:
    """Whether the user can be admitted, if only by acknowledging a purpose."""
    here = replace(scope, subscription=True)
    facts, source = scope.facts, scope.source
    if facts is None or not source.enabled or (facts.sources is not None and source.key not in facts.sources):
        return False
    if not all(True in _demanded(each, here) for each in guardrails(here)):
        return False
    open_to = [each for each in grants(here) if each.access in ("everyone", "conditions")]
    return is_subscribed(here) or any(True in _demanded(each, here) for each in open_to)


def rows_access(scope: Scope) -> Rows:
    """Whether all, some or none of the rows can show."""
    outcomes = [_row_truths(each, scope) for each in row_policies(scope)]
    if any(True not in each for each in outcomes):
        return "none"
    return "all" if all(each == {True} for each in outcomes) else "some"


def column_access(column: Column, scope: Scope) -> ColumnAccess:
    """Whether the column's raw value can show in a row that does."""
    if column not in maskable(scope.source):
        return ColumnAccess("masked", (), ("the column is new and not accepted yet",))
    stack = stacks(scope)[column.name]
    if is_nulled(column, stack, scope):
        return ColumnAccess("masked", (), ("the column is under a null tag of the baseline and no mask covers it",))
    deciding: list[str] = []
    called: list[str] = []
    leaks = False
    for policy in stack:
        passing = _passing(policy, scope)
        if passing != {True}:
            deciding.append(policy.name)
            called += [f"{policy.name} calls {each.name}, which is not run here" for each in policy.functions]
            leaks = leaks or any(_may_return_value(mask, column) for mask in (policy.mask, policy.otherwise))
        if True not in passing:
            return _state(deciding, called, clear=leaks, masked=True)
    return _state(deciding, called, clear=True, masked=bool(deciding))


def _state(deciding: list[str], called: list[str], *, clear: bool, masked: bool) -> ColumnAccess:
    if not masked:
        return ColumnAccess("clear", (), ("no mask applies to the user",))
    reason = f"masked by {', '.join(deciding)}"
    if clear:
        return ColumnAccess("sometimes", tuple(deciding), (f"{reason} where it applies", *called))
    return ColumnAccess("masked", tuple(deciding), (reason, *called))


def _demanded(policy: SubscriptionPolicy, scope: Scope) -> Truths:
    if policy.access == "everyone":
        return exactly(True)
    if policy.access == "conditions":
        return UNKNOWN if policy.expression is None else over_users(policy.expression, scope)
    return exactly(is_subscribed(scope))


def _excepted(exceptions: Exceptions, scope: Scope) -> Truths:
    facts = scope.facts
    if facts is None or exceptions.is_empty:
        return exactly(False)
    items = [exactly(facts.in_group(each)) for each in exceptions.groups]
    items += [exactly(facts.holds(each.name, each.value)) for each in exceptions.attributes]
    items += [purpose(each, facts) for each in exceptions.purposes]
    if exceptions.expression is not None:
        items.append(over_users(exceptions.expression, scope))
    return all_of(items) if exceptions.operator == "all" else any_of(items)


def _belonging(for_everyone_who: str | None, scope: Scope) -> Truths:
    return exactly(True) if for_everyone_who is None else over_users(for_everyone_who, scope)


def _passing(policy: MaskingPolicy, scope: Scope) -> Truths:
    """Whether the mask passes: TRUE by exception or where FALSE, else it decides."""
    by_row = over_rows(policy.where, scope) if policy.where is not None else None
    passed = frozenset(truth is False for truth in by_row) if by_row is not None else exactly(False)
    return frozenset(truth is True for truth in any_of((_excepted(policy.exceptions, scope), passed)))


def _row_truths(policy: RowPolicy, scope: Scope) -> Truths:
    """Whether the policy shows a row."""
    rule_truths: set[Truth] = set()
    for belongs in _belonging(policy.for_everyone_who, scope):
        rule = {True: policy.show, False: policy.otherwise, None: None}[belongs]
        rule_truths |= exactly(False) if rule is None else _rule_truths(rule, scope)
    truths = any_of((_excepted(policy.exceptions, scope), frozenset(rule_truths)))
    return frozenset(truth is True for truth in truths)


def _rule_truths(rule: RowRule, scope: Scope) -> Truths:
    facts = scope.facts
    if facts is None:
        return UNKNOWN
    match rule:
        case Never():
            return exactly(False)
        case Purposes():
            return any_of(purpose(each, facts) for each in rule.purposes)
        case Percent():
            return exactly(rule.percent > 0) if not 0 < rule.percent < 100 else frozenset({True, False})
        case TimeWindow():
            event = visible(scope.source, scope.source.event_time_column or "")
            return ANYTHING if event is not None and event.type.family.is_moment else UNKNOWN
        case ValueIn():
            return ANYTHING if tagged(scope.source, rule.column_tag) else UNKNOWN
        case UserMatches():
            return _match_truths(rule, scope)
        case Where():
            return over_rows(rule.expression, scope) or UNKNOWN


def _match_truths(rule: UserMatches, scope: Scope) -> Truths:
    facts = scope.facts
    if facts is None or not rule.matches or not all(tagged(scope.source, each.column_tag) for each in rule.matches):
        return UNKNOWN
    held = [facts.groups if each.attribute is None else facts.values(each.attribute) for each in rule.matches]
    truths = [ANYTHING if texts.certain else frozenset({False, None}) for texts in held]
    return all_of(truths) if rule.operator == "all" else any_of(truths)


def _may_return_value(mask: Mask | None, column: Column) -> bool:
    """Whether an `sql` mask can hand back the very value that it masks."""
    expression = read_expression(mask.expression, Usage.MASK) if isinstance(mask, Sql) else None
    return expression is not None and _is_value(expression, column)


def _is_value(expression: tree.Expression, column: Column) -> bool:
    """Whether the expression, or what it chooses or casts, is the value itself."""
    return any(
        isinstance(each, tree.MaskedValue)
        or (isinstance(each, tree.ColumnReference) and each.name.lower() == column.name.lower())
        for each in outcomes(expression)
    )
