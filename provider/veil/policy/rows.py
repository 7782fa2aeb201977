"""Which row policies filter a data source, and what each of them tests."""

from dataclasses import replace

from veil.language import Usage, tree
from veil.language.tree import Expression
from veil.model import (
    DataSource,
    Kind,
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
    World,
    fold,
)
from veil.policy.findings import Path, Problem
from veil.policy.masks import Notes, resolve_where
from veil.policy.reading import exception_test, tags_of, user_test
from veil.policy.resolved import AppliedRows, Conditions, Incompatibility, RowTest, Sample, Window
from veil.policy.targeting import SourceView, applies_to_source, carries_all
from veil.policy.typecheck import UNKNOWN, Environment, typecheck_condition

_CLOSED = Conditions((UNKNOWN,))


def resolve_rows(
    world: World, place: SourceView, env: Environment, incompatibilities: list[Incompatibility]
) -> tuple[AppliedRows, ...]:
    """The active row policies of a data source, by name; all of them must show a row."""
    policies = sorted(world.row_policies.values(), key=lambda each: each.name)
    return tuple(
        _apply(each, place, env, incompatibilities) for each in policies if not each.staged and filters(each, place)
    )


def filters(policy: RowPolicy, place: SourceView) -> bool:
    """Whether a row policy applies. One without a place does where each tag that it uses is on some
    column.
    """
    if not policy.applies_to.is_empty:
        return applies_to_source(policy.applies_to, place)
    return carries_all(place, used_tags(policy))


def used_tags(policy: RowPolicy) -> frozenset[str]:
    """The folded column tags that a row policy's rules use."""
    return _rule_tags(policy.show) | (_rule_tags(policy.otherwise) if policy.otherwise else frozenset())


def _rule_tags(rule: RowRule) -> frozenset[str]:
    match rule:
        case UserMatches(matches=matches):
            return frozenset(fold(each.column_tag) for each in matches)
        case ValueIn(column_tag=tag):
            return frozenset({fold(tag)})
        case Where(expression=text):
            return tags_of(text)
        case TimeWindow() | Purposes() | Percent() | Never():
            return frozenset()


def _apply(
    policy: RowPolicy, place: SourceView, env: Environment, incompatibilities: list[Incompatibility]
) -> AppliedRows:
    notes = Notes(Kind.ROW_POLICY, policy.name, incompatibilities)
    excepted, problems = exception_test(policy.exceptions, env)
    notes.add(("exceptions", "expression"), problems)
    test = _test(policy.show, place, env, "show", notes)
    if policy.for_everyone_who is None:
        return AppliedRows(policy.name, excepted, test)
    audience, problems = user_test(policy.for_everyone_who, Usage.AUDIENCE, env)
    notes.add(("for_everyone_who",), problems)
    otherwise = _CLOSED if policy.otherwise is None else _test(policy.otherwise, place, env, "otherwise", notes)
    return AppliedRows(policy.name, excepted, test, audience, otherwise)


def _test(rule: RowRule, place: SourceView, env: Environment, key: str, notes: Notes) -> RowTest:
    match rule:
        case UserMatches():
            return _user_matches(rule, place, env, (key, "user_matches"), notes)
        case Where(expression=text):
            return Conditions(resolve_where(text, place, env, (key, "where"), notes))
        case ValueIn():
            path = (key, "value_not_in" if rule.negated else "value_in")
            return _value_in(rule, place, env, path, notes)
        case TimeWindow():
            return _window(rule, place, (key, f"{rule.direction}_than"), notes)
        case Purposes(purposes=purposes):
            tests: tuple[Expression, ...] = tuple(tree.IsUsingPurpose(each) for each in sorted(purposes))
            return Conditions((tree.Or(tests) if tests else tree.Boolean(False),))
        case Percent(percent=percent):
            return Sample(percent)
        case Never():
            return Conditions((tree.Boolean(False),))


def _user_matches(rule: UserMatches, place: SourceView, env: Environment, path: Path, notes: Notes) -> RowTest:
    conditions: list[Expression] = []
    for index, match in enumerate(rule.matches):
        tests = [_match_test(match, name) for name in _columns(match.column_tag, place, (*path, index), notes)]
        conditions.append(tree.And(tuple(_typed(test, env, (*path, index), notes) for test in tests)))
        if not tests:
            return _CLOSED
    if not conditions:
        return Conditions((tree.Boolean(False),))
    return Conditions(tuple(conditions)) if rule.operator == "all" else Conditions((tree.Or(tuple(conditions)),))


def _match_test(match: Match, column: str) -> Expression:
    value = tree.ColumnName(column)
    if match.attribute is None:
        return tree.GroupsContains(value)
    return tree.AttributeValuesContains(match.attribute, value)


def _value_in(rule: ValueIn, place: SourceView, env: Environment, path: Path, notes: Notes) -> RowTest:
    items: tuple[Expression, ...] = tuple(tree.Text(value) for value in sorted(rule.values))
    tests = [
        tree.In(tree.ColumnName(name), items, rule.negated) if items else _none_listed(name, rule.negated)
        for name in _columns(rule.column_tag, place, path, notes)
    ]
    return Conditions(tuple(_typed(test, env, path, notes) for test in tests)) if tests else _CLOSED


def _none_listed(column: str, negated: bool) -> Expression:
    """`value_in` of nothing shows nothing; `value_not_in` of nothing still hides NULLs."""
    return tree.IsNull(tree.ColumnName(column), negated=True) if negated else tree.Boolean(False)


def _window(rule: TimeWindow, place: SourceView, path: Path, notes: Notes) -> RowTest:
    name = place.source.event_time_column
    column = None if name is None else place.column(name)
    if column is not None and column.type.family.is_moment:
        return Window(column, rule)
    notes.add(path, (Problem("event-time-missing", _event_time_problem(place.source)),))
    return _CLOSED


def _event_time_problem(source: DataSource) -> str:
    if source.event_time_column is None:
        return f"{source.key} has no event_time_column"
    return f"the event_time_column {source.event_time_column!r} of {source.key} is not a known date or timestamp column"


def _columns(tag: str, place: SourceView, path: Path, notes: Notes) -> list[str]:
    names = [column.name for column in place.tagged(tag)]
    if not names:
        notes.add(path, (Problem("tag-missing", f"no column of {place.source.key} carries the tag {tag!r}"),))
    return names


def _typed(test: Expression, env: Environment, path: Path, notes: Notes) -> Expression:
    column = test.operand if isinstance(test, tree.In) else getattr(test, "value", None)
    name = column.name if isinstance(column, tree.ColumnName) else None
    typed = typecheck_condition(test, replace(env, tagged={}))
    notes.add(path, typed.problems, name)
    return typed.expression
