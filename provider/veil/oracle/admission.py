"""Who is admitted to a data source at all: nobody, unless a grant or a subscription says so."""

import re

from veil.model import AppliesTo, SubscriptionPolicy
from veil.oracle.expressions import about_user
from veil.oracle.logic import Truth
from veil.oracle.places import covers_source
from veil.oracle.scope import Scope
from veil.oracle.sight import Admission


def admission(scope: Scope) -> Admission:
    """Whether the scope's user is admitted to its data source, and by or for want of what."""
    facts, source = scope.facts, scope.source
    if not source.enabled:
        return Admission(False, ("the data source is not enabled",))
    if facts is None:
        return Admission(False, ("the user has no profile",))
    demands = [
        f'guardrail "{each.name}" does not hold' for each in guardrails(scope) if demand(each, scope) is not True
    ]
    if facts.unprofiled:
        missing = ", ".join(sorted(facts.unprofiled))
        demands.append(f'members of the equalized project "{facts.project}" have no profile: {missing}')
    elif facts.sources is not None and source.key not in facts.sources:
        demands.append(f'the data source is not in the current project "{facts.project}"')
    if demands:
        return Admission(False, tuple(demands))
    granted = [f'subscription policy "{each.name}" grants access' for each in grants(scope) if grant(each, scope)]
    if is_subscribed(scope):
        granted.append("the user is subscribed to the data source")
    return Admission(
        bool(granted), tuple(granted) or ("no subscription policy grants access, and nobody subscribed it",)
    )


def grants(scope: Scope) -> list[SubscriptionPolicy]:
    """The active policies that can admit to the data source, by name."""
    return [each for each in _active(scope, "grant") if _can_read(each.applies_to)]


def guardrails(scope: Scope) -> list[SubscriptionPolicy]:
    """The active policies that all must hold, by name."""
    return _active(scope, "guardrail")


def grant(policy: SubscriptionPolicy, scope: Scope) -> bool:
    """Whether a grant admits the user by itself. "approval" and "individual" leave that to
    subscriptions.
    """
    return policy.access in ("everyone", "conditions") and demand(policy, scope) is True


def demand(policy: SubscriptionPolicy, scope: Scope) -> Truth:
    """Whether what the policy asks for is there."""
    if policy.access == "everyone":
        return True
    if policy.access == "conditions":
        return None if policy.expression is None else about_user(policy.expression, scope)
    return is_subscribed(scope)


def is_subscribed(scope: Scope) -> bool:
    return scope.facts is not None and scope.source.key in scope.facts.subscriptions


def _active(scope: Scope, mode: str) -> list[SubscriptionPolicy]:
    policies = sorted(scope.world.subscription_policies.values(), key=lambda each: each.name)
    return [
        each
        for each in policies
        if each.mode == mode and not each.staged and covers_source(each.applies_to, scope.source)
    ]


def _can_read(place: AppliesTo) -> bool:
    """A pattern that cannot be read covers every column, which must not admit anybody."""
    try:
        re.compile(place.column_regex or "")
    except re.error:
        return False
    return True
