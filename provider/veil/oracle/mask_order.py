"""The masks on one column: their order, and which of them decides a cell."""

from veil.model import Column, Mask, MaskingPolicy
from veil.model.tags import covers
from veil.oracle.audience import belongs, excepted
from veil.oracle.expressions import masking, over_row, passes
from veil.oracle.masks import Cell, Functions, masked
from veil.oracle.places import columns_of, maskable, tag_depth
from veil.oracle.rows import fingerprint
from veil.oracle.scope import Scope
from veil.oracle.sight import Decision
from veil.oracle.values import Value


def stacks(scope: Scope) -> dict[str, list[MaskingPolicy]]:
    """For each column that policies see, its active masks in the order in which they decide."""
    by_column: dict[str, list[MaskingPolicy]] = {each.name: [] for each in maskable(scope.source)}
    for policy in scope.world.masking_policies.values():
        if not policy.staged:
            for column in columns_of(policy.applies_to, scope.source):
                by_column[column.name].append(policy)
    return {name: _ordered(by_column[name], column) for column in maskable(scope.source) for name in [column.name]}


def is_nulled(column: Column, stack: list[MaskingPolicy], scope: Scope) -> bool:
    """Whether the baseline makes the column NULL: it is under a null tag and no active mask covers
    it.
    """
    baseline = scope.world.integration.baseline
    return not stack and any(covers(tag, each) for tag in baseline.null_tags for each in column.tags)


def decide(column: Column, stack: list[MaskingPolicy], scope: Scope) -> tuple[Value, Decision]:
    """What shows in the column of the scope's row, and why."""
    if is_nulled(column, stack, scope):
        return None, Decision("masked", None, "the column is under a null tag of the baseline and no mask covers it")
    for policy in stack:
        if excepted(policy.exceptions, scope) is True:
            continue
        if policy.where is not None and passes(over_row(policy.where, scope)):
            continue
        return _applied(policy, column, scope)
    reason = "every mask on the column passes" if stack else "no mask covers the column"
    return scope.row.get(column.name), Decision("clear", None, reason)


def _applied(policy: MaskingPolicy, column: Column, scope: Scope) -> tuple[Value, Decision]:
    match belongs(policy.for_everyone_who, scope):
        case True:
            return _value(policy, policy.mask, column, scope), Decision("masked", policy.name, "the mask applies")
        case False:
            return _value(policy, policy.otherwise, column, scope), Decision(
                "masked", policy.name, "the other mask applies"
            )
        case _:
            return None, Decision("masked", policy.name, "whether the mask applies is unknown")


def _value(policy: MaskingPolicy, mask: Mask | None, column: Column, scope: Scope) -> Value:
    if mask is None:
        return None
    cell = Cell(
        value=scope.of(column).value,
        column=column,
        salt=scope.salt,
        join_salt=scope.join_salt,
        evaluate=lambda expression, on: masking(expression, on, scope),
        row=lambda: fingerprint(scope),
        alike=scope.alike,
        functions=Functions(
            scope.world.functions,
            policy.definitions,
            scope.functions,
            equalized=scope.facts is not None and scope.facts.equalized,
        ),
    )
    return masked(mask, cell)


def _ordered(policies: list[MaskingPolicy], column: Column) -> list[MaskingPolicy]:
    """Highest priority first, then the deepest matching tag, then the name."""
    return sorted(policies, key=lambda each: (-each.priority, -tag_depth(each.applies_to, column), each.name))
