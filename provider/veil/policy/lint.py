"""What people should know about the policies of a World before it is published."""

from collections.abc import Iterable

from veil.model import (
    Kind,
    MaskingPolicy,
    Never,
    Percent,
    Policy,
    Purposes,
    RowPolicy,
    SubscriptionPolicy,
    TimeWindow,
    UserMatches,
    ValueIn,
    Where,
    World,
    kind_of,
)
from veil.policy.affected_views import SourceIndex
from veil.policy.expressions import expressions_of
from veil.policy.findings import Finding, Path
from veil.policy.fitting import may_keep_value
from veil.policy.lint_sources import lint_source
from veil.policy.lint_wildcards import WHY, listed_stars, literal_stars
from veil.policy.messages import finding, pointed_out, subject
from veil.policy.reading import read_expression
from veil.policy.resolve import admits_on
from veil.policy.rows import filters, used_tags
from veil.policy.targeting import SourceView, masked_columns, source_view


def lint(world: World, sources: Iterable[str] | None = None) -> tuple[Finding, ...]:
    """Every finding about the World's policies, and about `sources` (keys; all of them unless
    given).

    Policies first, by name, then data sources. The same World gives the same findings in the same
    order.
    """
    findings: list[Finding] = []
    index = SourceIndex(world.data_sources)
    for policy in _policies(world):
        findings += _about(policy, world, index)
    keys = sorted(world.data_sources) if sources is None else sorted(set(sources) & set(world.data_sources))
    for key in keys:
        findings += lint_source(world, world.data_sources[key])
    return tuple(dict.fromkeys(findings))


def _policies(world: World) -> Iterable[Policy]:
    for policies in (world.masking_policies, world.row_policies, world.subscription_policies):
        yield from (policies[name] for name in sorted(policies))


def lint_policy(world: World, policy: Policy, index: SourceIndex | None = None) -> tuple[Finding, ...]:
    """The findings about one policy of the World, but for those about the data sources it applies
    to. `index` is of these.
    """
    return tuple(_about(policy, world, index or SourceIndex(world.data_sources)))


def _about(policy: Policy, world: World, index: SourceIndex) -> Iterable[Finding]:
    kind = kind_of(policy)
    for path, text, usage in expressions_of(policy):
        expression, problem = read_expression(text, usage)
        if problem:
            detail = f"{subject(kind, policy.name)}: {pointed_out(problem)}"
            yield finding("expression-invalid", detail, kind, policy.name, path)
        if expression is not None:
            yield from _stars(kind, policy, path, literal_stars(expression, usage))
    if not isinstance(policy, SubscriptionPolicy):
        yield from _stars(kind, policy, ("exceptions", "attributes"), listed_stars(policy.exceptions))
    if isinstance(policy, MaskingPolicy):
        yield from _keeping(policy)
    if isinstance(policy, RowPolicy):
        yield from _empty_lists(policy)
    if _is_nowhere(policy):
        detail = f"{subject(kind, policy.name)} has an empty applies_to. Say which data sources or columns it is for."
        yield finding("empty-scope", detail, kind, policy.name, ("applies_to",))
    elif not policy.staged and not _applies_somewhere(policy, world, index):
        detail = (
            f"{subject(kind, policy.name)} applies to no data source and no column that is registered now. "
            "Check the spelling of its tags and names, or register what it is for."
        )
        yield finding("policy-matches-nothing", detail, kind, policy.name, ("applies_to",), absent=[Kind.DATA_SOURCE])


def _empty_lists(policy: RowPolicy) -> Iterable[Finding]:
    """Rules whose list nobody filled in. A list of a variable may come out empty, so this is no
    error.
    """
    for place, rule in (("show", policy.show), ("otherwise", policy.otherwise)):
        match rule:
            case UserMatches(matches=()):
                key, shown = "user_matches", "no row"
            case Purposes(purposes=purposes) if not purposes:
                key, shown = "purposes", "no row"
            case ValueIn(values=values, negated=negated) if not values:
                key, shown = ("value_not_in", "every row with a value") if negated else ("value_in", "no row")
            case UserMatches() | Purposes() | ValueIn() | Where() | TimeWindow() | Percent() | Never() | None:
                continue
        detail = f"{subject(Kind.ROW_POLICY, policy.name)}: {key} lists nothing, so it shows {shown}. Fill it in if it should not."
        yield finding("rule-without-items", detail, Kind.ROW_POLICY, policy.name, (place, key))


def _stars(kind: Kind, policy: Policy, path: Path, places: Iterable[str]) -> Iterable[Finding]:
    for place in places:
        yield finding(
            "star-stands-for-itself", f"{subject(kind, policy.name)}: in {place} {WHY}", kind, policy.name, path
        )


def _keeping(policy: MaskingPolicy) -> Iterable[Finding]:
    for key, mask in (("mask", policy.mask), ("otherwise", policy.otherwise)):
        why = None if mask is None else may_keep_value(mask)
        if mask is not None and why:
            detail = (
                f"{subject(Kind.MASKING_POLICY, policy.name)} uses {mask.key}: {why}. "
                "Use hash, constant or null where no value may be shown."
            )
            yield finding("mask-may-keep-value", detail, Kind.MASKING_POLICY, policy.name, (key, mask.key))


def _is_nowhere(policy: Policy) -> bool:
    if not policy.applies_to.is_empty:
        return False
    return not (isinstance(policy, RowPolicy) and used_tags(policy))


def _applies_somewhere(policy: Policy, world: World, index: SourceIndex) -> bool:
    return any(applies(policy, source_view(world.data_sources[key])) for key in places_of(policy, index))


def places_of(policy: Policy, index: SourceIndex) -> set[str]:
    """The data sources that a policy may apply to, and few others."""
    if isinstance(policy, RowPolicy) and policy.applies_to.is_empty:
        return index.carrying(used_tags(policy))
    return index.within(policy.applies_to)


def reads_expressions(policy: Policy) -> bool:
    """Whether a policy has anything written in the policy language."""
    return any(True for _ in expressions_of(policy))


def applies(policy: Policy, place: SourceView) -> bool:
    """Whether a policy has a say on a data source, as far as its place goes."""
    match policy:
        case MaskingPolicy():
            return bool(masked_columns(policy.applies_to, place))
        case RowPolicy():
            return filters(policy, place)
        case SubscriptionPolicy():
            return admits_on(policy, place)
