"""What a policy leaves to the row once the user is known, as a condition.

Everything that the user alone decides is asked of the interpreter and gone from the condition. What
stays is about the row, or about purposes that the user has only to acknowledge.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from veil.diff.conditions import (
    ALWAYS,
    MOST_ALTERNATIVES,
    NEVER,
    Condition,
    Test,
    both,
    constant,
    either,
    only,
)
from veil.language import Usage, referenced_columns, referenced_tags, to_text, tree, walk
from veil.model import (
    Column,
    DataSource,
    Exceptions,
    MaskingPolicy,
    Never,
    Percent,
    Purposes,
    RowPolicy,
    RowRule,
    SubscriptionPolicy,
    TimeWindow,
    UserMatches,
    ValueIn,
    Where,
    fold,
)
from veil.oracle.admission import is_subscribed
from veil.oracle.entitlements import Entitlements
from veil.oracle.evaluate import truth
from veil.oracle.expressions import read_expression
from veil.oracle.facts import Facts
from veil.oracle.places import column as visible
from veil.oracle.places import maskable, tagged
from veil.oracle.scope import Scope
from veil.oracle.values import rtrim

OF_GROUPS = ""
"""The name that stands for groups where attributes have theirs, which are never empty."""


Symbols = Mapping[str, frozenset[str]]
"""What stands for what a user holds, by attribute, and for groups by their name here: of two sets
before and after it says which is in which, and not which values they are. Attributes that are not
in it are the same before and after.
"""

THE_SAME = frozenset({"="})
"""Stands for what a user holds where that is the same before and after: which values it is tells
nobody from others.
"""


@dataclass(frozen=True, slots=True)
class UserScope(Scope):
    """A scope that stands for many users, who hold different values."""

    symbols: Symbols = field(default_factory=dict)


def _extent(held: frozenset[str], name: str, scope: Scope) -> frozenset[str]:
    """What is held, or what stands for it."""
    return scope.symbols.get(rtrim(name), THE_SAME) if held and isinstance(scope, UserScope) else held


def shown_by(policy: RowPolicy, scope: Scope) -> Condition:
    """Under which condition the policy shows a row to the scope's user."""
    if scope.facts is None:
        return NEVER
    excepted = passed_by(policy.exceptions, scope)
    if excepted == ALWAYS:
        return ALWAYS
    if policy.for_everyone_who is None:
        return either((excepted, _rule(policy.show, scope)))
    first = both((_audience(policy.for_everyone_who, scope, wanted=True), _rule(policy.show, scope)))
    other = NEVER
    if policy.otherwise is not None:
        other = both((_audience(policy.for_everyone_who, scope, wanted=False), _rule(policy.otherwise, scope)))
    return either((excepted, first, other))


def passed(policy: MaskingPolicy, scope: Scope) -> Condition:
    """Under which condition the mask lets a cell pass to the next one."""
    if scope.facts is None:
        return NEVER
    excepted = passed_by(policy.exceptions, scope)
    if excepted == ALWAYS or policy.where is None:
        return excepted
    return either((excepted, _of_every_choice(policy.where, scope, wanted=False)))


def sides(policy: MaskingPolicy, scope: Scope) -> tuple[Condition, Condition, bool]:
    """Under which condition the first mask is the user's, under which the other one, and whether
    neither can be anything but NULL.
    """
    if policy.for_everyone_who is None:
        return ALWAYS, NEVER, False
    expression = read_expression(policy.for_everyone_who, Usage.AUDIENCE)
    if expression is None or scope.facts is None:
        return NEVER, NEVER, True
    first, other = (_holds(expression, scope, wanted=wanted) for wanted in (True, False))
    return first, other, not (first or other)


def admitted_by(policy: SubscriptionPolicy, scope: Scope) -> Condition:
    """Under which condition what the policy asks for is there."""
    if scope.facts is None:
        return NEVER
    if policy.access == "everyone":
        return ALWAYS
    if policy.access != "conditions":
        return constant(holds=is_subscribed(scope))
    expression = read_expression(policy.expression or "", Usage.SUBSCRIPTION)
    return NEVER if expression is None else _holds(expression, scope, wanted=True)


def passed_by(exceptions: Exceptions, scope: Scope) -> Condition:
    """Under which condition the user is excepted."""
    facts = scope.facts
    if facts is None or exceptions.is_empty:
        return NEVER
    items = [constant(holds=facts.in_group(each) is True) for each in sorted(exceptions.groups)]
    pairs = sorted((each.name, each.value) for each in exceptions.attributes)
    items += [constant(holds=facts.holds(name, value) is True) for name, value in pairs]
    items += [_purpose(each, facts, wanted=True) for each in sorted(exceptions.purposes)]
    if exceptions.expression is not None:
        items.append(_audience(exceptions.expression, scope, wanted=True))
    return both(items) if exceptions.operator == "all" else either(items)


def _audience(text: str, scope: Scope, *, wanted: bool) -> Condition:
    expression = read_expression(text, Usage.AUDIENCE)
    return NEVER if expression is None else _holds(expression, scope, wanted=wanted)


def _rule(rule: RowRule, scope: Scope) -> Condition:
    facts = scope.facts
    if facts is None:
        return NEVER
    match rule:
        case Never():
            return NEVER
        case Purposes():
            return either(_purpose(each, facts, wanted=True) for each in rule.purposes)
        case Percent():
            if not 0 < rule.percent < 100:
                return constant(holds=rule.percent > 0)
            return only(Test(("percent",), rule.percent, 1, words=f"{rule.percent} percent of the rows"))
        case TimeWindow():
            return _window(rule, scope)
        case ValueIn():
            columns = tagged(scope.source, rule.column_tag)
            return (
                both(_value_in(rule, each) for each in columns) if columns and (rule.values or rule.negated) else NEVER
            )
        case UserMatches():
            return _matches(rule, scope, facts)
        case Where():
            return _of_every_choice(rule.expression, scope, wanted=True)


def _window(rule: TimeWindow, scope: Scope) -> Condition:
    event = visible(scope.source, scope.source.event_time_column or "")
    if event is None or not event.type.family.is_moment:
        return NEVER
    words = f"{event.name} {rule.direction} than {rule.amount} {rule.unit}"
    widens: Any = 1 if rule.direction == "newer" else -1
    return only(Test(("window", event.name, rule.direction, rule.unit), rule.amount, widens, words=words))


def _value_in(rule: ValueIn, column: Column) -> Condition:
    values = ", ".join(sorted(rule.values))
    words = f"{column.name} {'not ' if rule.negated else ''}in ({values})"
    widens: Any = -1 if rule.negated else 1
    return only(Test(("value in", column.name, str(column.type), rule.negated), rule.values, widens, words=words))


def _matches(rule: UserMatches, scope: Scope, facts: Facts) -> Condition:
    if not rule.matches or not all(tagged(scope.source, each.column_tag) for each in rule.matches):
        return NEVER
    conditions = []
    for each in rule.matches:
        all_held = (facts.groups if each.attribute is None else facts.values(each.attribute)).certain
        held = _extent(all_held, each.attribute or OF_GROUPS, scope)
        what = "their groups" if each.attribute is None else f"their {each.attribute}"
        conditions.append(both(_held_in(column, held, what) for column in tagged(scope.source, each.column_tag)))
    return both(conditions) if rule.operator == "all" else either(conditions)


def _held_in(column: Column, held: frozenset[str], what: str) -> Condition:
    # One of several values that the user holds, and nobody is told which: the words go into a pull
    # request.
    test = Test(("held in", column.name, str(column.type)), held, 1, words=f"{column.name} among {what}")
    return only(test) if held else NEVER


def _of_every_choice(text: str, scope: Scope, *, wanted: bool) -> Condition:
    """That an expression over the row is TRUE, or FALSE, for each choice of tagged columns, of
    which there is one at least.
    """
    expression, tags = _of_row(text)
    if expression is None or not all(tagged(scope.source, tag) for tag in tags):
        return NEVER
    return both(_holds(expression, each, wanted=wanted) for each in scope.choices(tags))


@lru_cache(maxsize=4096)
def _of_row(text: str) -> tuple[tree.Expression | None, frozenset[str]]:
    """An expression over rows, and the tags that it names."""
    expression = read_expression(text, Usage.ROW)
    return expression, frozenset() if expression is None else referenced_tags(expression)


def _holds(expression: tree.Expression, scope: Scope, *, wanted: bool) -> Condition:
    """Under which condition an expression is TRUE, or else FALSE where that is what is wanted."""
    match expression:
        case tree.Not():
            return _holds(expression.operand, scope, wanted=not wanted)
        case tree.And() | tree.Or():
            parts = [_holds(each, scope, wanted=wanted) for each in expression.operands]
            condition = both(parts) if isinstance(expression, tree.And) is wanted else either(parts)
            return condition if len(condition) <= MOST_ALTERNATIVES else only(_test(expression, scope, wanted=wanted))
        case tree.IsUsingPurpose() if scope.facts is not None:
            return _purpose(expression.purpose, scope.facts, wanted=wanted)
    if not _is_open(expression, scope):
        return constant(holds=truth(expression, scope) is wanted)
    if _holds_nothing(expression, scope) and wanted:
        return NEVER
    return only(_test(expression, scope, wanted=wanted))


_OF_PURPOSES = (tree.IsUsingPurpose, tree.PurposesContains)


def _is_open(expression: tree.Expression, scope: Scope) -> bool:
    """Whether the row decides, or a purpose that may come to count."""
    by_row, by_purpose = _decided(expression)
    return by_row or (by_purpose and scope.facts is not None and bool(scope.facts.attainable))


@lru_cache(maxsize=16384)
def _decided(expression: tree.Expression) -> tuple[bool, bool]:
    """Whether the row has a part in an expression, and whether purposes have."""
    nodes = list(walk(expression))
    return any(isinstance(each, tree.AboutRow) for each in nodes), any(isinstance(each, _OF_PURPOSES) for each in nodes)


def _holds_nothing(expression: tree.Expression, scope: Scope) -> bool:
    held = _list_held(expression, scope)
    return held is not None and expression.placeholder is None and not held.certain  # type: ignore[union-attr]


def _purpose(name: str, facts: Facts, *, wanted: bool) -> Condition:
    """That the purpose counts, or else that it does not. One that has only to be acknowledged may
    or may not.
    """
    known = facts.under(name)
    if rtrim(name) in facts.attainable and known is not True:
        key, other = (("purpose", facts.project, rtrim(name), each) for each in (wanted, not wanted))
        # Until it is acknowledged it does not count: in an equalized project that may also be
        # unknown.
        words = f'the purpose "{name}" {"acknowledged" if wanted else "not acknowledged"}'
        return only(Test(key, opposite=other, words=words))
    return constant(holds=known is wanted)


def _test(expression: tree.Expression, scope: Scope, *, wanted: bool) -> Test:
    """An expression that the row decides, as one test: its text, the columns that it means, and
    what it asks of the user.
    """
    columns = tuple(sorted((name, *meant(name, scope.source)) for name in referenced_columns(expression)))
    chosen = tuple(
        sorted((tag, each.name, str(each.type)) for tag in referenced_tags(expression) if (each := _choice(tag, scope)))
    )
    held = _list_held(expression, scope)
    text = to_text(expression)
    known: Iterable[Any] = () if held is not None else _asked(expression, scope)
    equalized = scope.facts is not None and scope.facts.equalized
    key = ("expression", text, columns, chosen, tuple(known), equalized)
    words = text if wanted else f"{text} is false"
    if held is None:
        return Test((*key, wanted), opposite=(*key, not wanted), words=words)
    name = expression.attribute if isinstance(expression, tree.AttributeValuesContains) else OF_GROUPS
    certain = _extent(held.certain, name, scope)
    if held.doubtful or getattr(expression, "placeholder", None) is not None:
        exact = (*key, certain, held.doubtful)
        return Test((*exact, wanted), opposite=(*exact, not wanted), words=words)
    # With more values held it is TRUE of more rows, and FALSE of fewer.
    return Test((*key, wanted), certain, 1 if wanted else -1, words=words)


def _choice(tag: str, scope: Scope) -> Column | None:
    return scope.choice.get(fold(tag))


def meant(name: str, source: DataSource) -> tuple[str, str]:
    """The column that a name means, and its type."""
    column = visible(source, name)
    if column is None:
        alike = [each for each in maskable(source) if each.name.lower() == name.lower()]
        column = alike[0] if len(alike) == 1 else None
    return ("", "") if column is None else (column.name, str(column.type))


def _list_held(expression: tree.Expression, scope: Scope) -> Entitlements | None:
    """What the user holds of the list that the expression is about, where it is nothing but a test
    of one against a value that the user has no part in.
    """
    facts = scope.facts
    if facts is None or not isinstance(expression, tree.AttributeValuesContains | tree.GroupsContains):
        return None
    if any(isinstance(each, tree.AboutUser) for each in walk(expression.value)):
        return None
    return facts.groups if isinstance(expression, tree.GroupsContains) else facts.values(expression.attribute)


def _asked(expression: tree.Expression, scope: Scope) -> Iterable[Any]:
    """What an expression asks of the user, answered."""
    facts = scope.facts
    if facts is None:
        return
    for each in walk(expression):
        match each:
            case tree.AttributeValuesContains():
                held = facts.values(each.attribute)
                yield ("values", each.attribute, _extent(held.certain, each.attribute, scope), held.doubtful)
            case tree.GroupsContains():
                yield ("groups", _extent(facts.groups.certain, OF_GROUPS, scope), facts.groups.doubtful)
            case tree.PurposesContains() | tree.IsUsingPurpose():
                yield ("purposes", facts.project, facts.purposes.certain, facts.purposes.doubtful, facts.attainable)
            case tree.Username():
                yield ("user", facts.username is not None)  # Whoever it is, it is the same before and after.
            case tree.UserTest():
                yield ("test", to_text(each), truth(each, scope))
