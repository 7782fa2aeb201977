"""Where a policy says something in the policy language."""

from collections.abc import Iterable

from veil.language import Usage
from veil.model import MaskingPolicy, Policy, SubscriptionPolicy, Where
from veil.policy.findings import Path


def expressions_of(policy: Policy) -> Iterable[tuple[Path, str, Usage]]:
    """Every expression of a policy, where it stands and what it may mention."""
    if isinstance(policy, SubscriptionPolicy):
        if policy.expression is not None:
            yield ("expression",), policy.expression, Usage.SUBSCRIPTION
        return
    if policy.exceptions.expression is not None:
        yield ("exceptions", "expression"), policy.exceptions.expression, Usage.AUDIENCE
    if policy.for_everyone_who is not None:
        yield ("for_everyone_who",), policy.for_everyone_who, Usage.AUDIENCE
    if isinstance(policy, MaskingPolicy):
        if policy.where is not None:
            yield ("where",), policy.where, Usage.ROW
        for key, mask in (("mask", policy.mask), ("otherwise", policy.otherwise)):
            if mask is not None and mask.key == "sql":
                yield (key, "sql"), mask.expression, Usage.MASK  # type: ignore[union-attr]
        return
    for key, rule in (("show", policy.show), ("otherwise", policy.otherwise)):
        if isinstance(rule, Where):
            yield (key, "where"), rule.expression, Usage.ROW
