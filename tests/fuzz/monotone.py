"""Changes that must never show anybody more, and what "more" is: a row that was hidden, a cell that
was masked.

Left out are worlds in which a change opens something by design: a baseline or a listed policy waits
for it, or a user test is negated (directly, or by deciding where a mask applies).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from tests.fuzz.pools import USERS
from tests.fuzz.rows import lookups_of, rows_of
from tests.fuzz.stage import salts_of
from tests.fuzz.worlds import Case
from veil.language import Expression, ExpressionError, Usage, parse, tree, walk
from veil.model import Exceptions, MaskingPolicy, RowPolicy, SubscriptionPolicy, Where, World
from veil.model.integration import Baseline
from veil.oracle import see

Shown = frozenset[tuple[str, str, int, str]]
_OF_USER = (
    tree.IsInGroups,
    tree.HasAttribute,
    tree.IsUsingPurpose,
    tree.AttributeValuesContains,
    tree.GroupsContains,
    tree.PurposesContains,
    tree.HasTagAsAttribute,
    tree.HasTagAsGroup,
)


def shown(case: Case, now: datetime) -> Shown:
    """Every row that somebody sees, as (user, source, row, ""), and every clear cell, with the
    column's name.
    """
    found: set[tuple[str, str, int, str]] = set()
    lookups = lookups_of(case.seed, now)
    for key, source in case.world.data_sources.items():
        rows = rows_of(source, case.seed, now)
        for user in USERS:
            for row in see(case.world, user, key, rows, now=now, salts=salts_of(case.world), lookups=lookups).rows:
                found.add((user, key, row.index, ""))
                clear = (name for name, decision in row.decisions.items() if decision.outcome == "clear")
                found |= {(user, key, row.index, name) for name in clear}
    return frozenset(found)


def without_waiting(world: World) -> World:
    """The world without a baseline and without listed policies, which a new policy may satisfy."""
    sources = {key: replace(source, policies=frozenset()) for key, source in world.data_sources.items()}
    return replace(world, data_sources=sources, integration=replace(world.integration, baseline=Baseline()))


def with_policy(world: World, policy: MaskingPolicy | RowPolicy | SubscriptionPolicy) -> World:
    """The world with one more policy, under a name that is new."""
    place = {MaskingPolicy: "masking_policies", RowPolicy: "row_policies", SubscriptionPolicy: "subscription_policies"}[
        type(policy)
    ]
    return replace(world, **{place: {**getattr(world, place), policy.name: policy}})


def positive(world: World) -> World:
    """The world with every policy left out in which holding less may show more."""
    return replace(
        world,
        masking_policies={name: each for name, each in world.masking_policies.items() if _mask_is_positive(each)},
        row_policies={name: each for name, each in world.row_policies.items() if _row_is_positive(each)},
        subscription_policies={
            name: each
            for name, each in world.subscription_policies.items()
            if _is_positive(each.expression, Usage.SUBSCRIPTION)
        },
    )


def removals(world: World) -> Iterator[World]:
    """The world with one grant, subscription, approval, group or attribute less."""
    for name, policy in world.subscription_policies.items():
        if policy.mode == "grant":
            kept = {other: each for other, each in world.subscription_policies.items() if other != name}
            yield replace(world, subscription_policies=kept)
    for key in world.subscriptions:
        yield replace(world, subscriptions={other: each for other, each in world.subscriptions.items() if other != key})
    for key in world.approvals:
        yield replace(world, approvals={other: each for other, each in world.approvals.items() if other != key})
    for user, profile in world.profiles.items():
        poorer = [replace(profile, groups=profile.groups - {group}) for group in sorted(profile.groups)]
        for name, values in profile.attributes.items():
            poorer += [
                replace(profile, attributes={**profile.attributes, name: values - {value}}) for value in sorted(values)
            ]
        for each in poorer:
            yield replace(world, profiles={**world.profiles, user: each})


def _mask_is_positive(policy: MaskingPolicy) -> bool:
    if policy.for_everyone_who is not None or (policy.where is not None and _asks_user(policy.where, Usage.ROW)):
        return False
    return _exceptions_are_positive(policy.exceptions)


def _row_is_positive(policy: RowPolicy) -> bool:
    if policy.for_everyone_who is not None:
        return False
    rule = policy.show
    return _exceptions_are_positive(policy.exceptions) and (
        not isinstance(rule, Where) or _is_positive(rule.expression, Usage.ROW)
    )


def _exceptions_are_positive(exceptions: Exceptions) -> bool:
    return _is_positive(exceptions.expression, Usage.AUDIENCE)


def _asks_user(text: str, usage: Usage) -> bool:
    try:
        return any(isinstance(each, _OF_USER) for each in walk(parse(text, usage)))
    except ExpressionError:
        return False


def _is_positive(text: str | None, usage: Usage) -> bool:
    try:
        return text is None or _grows(parse(text, usage))
    except ExpressionError:
        return True


def _grows(expression: Expression) -> bool:
    """Whether the condition can only turn TRUE, never cease to be, when a user holds more."""
    match expression:
        case tree.And(operands=operands) | tree.Or(operands=operands):
            return all(map(_grows, operands))
        case tree.AttributeValuesContains() | tree.GroupsContains() | tree.PurposesContains():
            return expression.placeholder is None
        case tree.InLookup(negated=False, lookup=lookup):
            return lookup.where is None or _grows(lookup.where)
    return isinstance(expression, _OF_USER) or not any(isinstance(each, _OF_USER) for each in walk(expression))
