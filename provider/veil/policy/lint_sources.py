"""What people should know about one data source and the policies on it."""

from collections.abc import Iterable, Mapping, Sequence

from veil.model import DataSource, Kind, World
from veil.model.names import folded
from veil.policy.findings import Finding
from veil.policy.messages import finding, incompatibility_finding
from veil.policy.resolve import closed_tag, resolve
from veil.policy.resolved import Resolved
from veil.policy.targeting import source_view

_LISTED = (Kind.MASKING_POLICY, Kind.ROW_POLICY)
"""The kinds of policy that a data source lists by name."""


def lint_source(world: World, source: DataSource) -> Iterable[Finding]:
    """Every finding about one data source."""
    resolved = resolve(world, source)
    yield from misfits(resolved)
    yield from stacked(source, stacks_of(resolved))
    yield from gaps(world, resolved)


def misfits(resolved: Resolved) -> Iterable[Finding]:
    """What of the policies does not fit the data source: each by itself, whichever others there
    are.
    """
    for incompatibility in resolved.incompatibilities:
        if incompatibility.problem.code != "expression-invalid":
            yield incompatibility_finding(incompatibility, resolved.source.key)


def stacks_of(resolved: Resolved) -> dict[str, tuple[str, ...]]:
    """By column, the masking policies that decide on it, the first one first."""
    return {each.column.name: tuple(mask.policy for mask in each.masks) for each in resolved.columns if each.masks}


def stacked(source: DataSource, stacks: Mapping[str, Sequence[str]]) -> Iterable[Finding]:
    """One finding per set of policies that share columns of the data source."""
    shared: dict[tuple[str, ...], list[str]] = {}
    for column, names in stacks.items():
        if len(names) > 1:
            shared.setdefault(tuple(names), []).append(column)
    for policies, columns in shared.items():
        order = ", then ".join(f'"{name}"' for name in policies)
        detail = (
            f"Data source {source.key}, {'column' if len(columns) == 1 else 'columns'} {', '.join(columns)}: "
            f"{order} mask in this order. The first that makes no exception for the user decides. "
            "Set priority to change the order; the higher number decides first."
        )
        about = [(Kind.DATA_SOURCE, source.key), *((Kind.MASKING_POLICY, name) for name in policies)]
        yield finding("masks-stacked", detail, Kind.MASKING_POLICY, policies[0], ("priority",), about=about)


def gaps(world: World, resolved: Resolved) -> Iterable[Finding]:
    """What the data source wants and no policy gives it, or gives it otherwise."""
    yield from _listed(world, resolved)
    yield from _guarded(resolved)
    if resolved.source.enabled:
        yield from _closed_by_baseline(world, resolved)
        yield from _nobody_admitted(world, resolved)


def _listed(world: World, resolved: Resolved) -> Iterable[Finding]:
    source = resolved.source
    applied = {mask.policy for each in resolved.columns for mask in each.masks} | {
        each.policy for each in resolved.rows
    }
    for name in sorted(source.policies - applied):
        about = [(kind, name) for kind in _LISTED]
        named = [each for each in (world.masking_policies.get(name), world.row_policies.get(name)) if each]
        if not any(not each.staged for each in named):
            state = "is staged" if named else "does not exist"
            detail = (
                f'Data source {source.key} must not be published without the policy "{name}", which {state}. '
                f"Its view shows no rows. {'Set staged = false on it' if named else 'Create it'}, or take it off policies."
            )
            absent = () if named else _LISTED
            yield finding(
                "listed-policy-missing", detail, Kind.DATA_SOURCE, source.key, ("policies",), about=about, absent=absent
            )
        else:
            detail = (
                f'Data source {source.key} lists the policy "{name}", which does not apply to it. '
                "Check the policy's applies_to against the tags of the data source and its columns."
            )
            yield finding("listed-policy-elsewhere", detail, Kind.DATA_SOURCE, source.key, ("policies",), about=about)


def _guarded(resolved: Resolved) -> Iterable[Finding]:
    key = resolved.source.key
    for each in resolved.guarded:
        is_named = folded(each.column) in map(folded, resolved.source.filter_columns)
        wish = "filter_columns" if is_named else "filter_column_tags of the integration's baseline"
        detail = (
            f"Data source {key}, column {each.column}: {wish} would have it stand bare, and it {each.why}. That wins: the "
            "column is guarded, so that no filter of a user's reaches the scan by it. Leave it out, or let the policy be "
            "about other columns."
        )
        path = ("filter_columns",) if is_named else ()
        yield finding("filter-column-guarded", detail, Kind.DATA_SOURCE, key, path, about=each.about)


def _closed_by_baseline(world: World, resolved: Resolved) -> Iterable[Finding]:
    key, tag = resolved.source.key, closed_tag(world, source_view(resolved.source))
    if tag is not None and not resolved.rows:
        detail = (
            f'Data source {key} is under the closed tag "{tag}" of the integration\'s baseline and no active row policy '
            "covers it, so its view shows no rows. Let a row policy apply to it."
        )
        yield finding("closed-by-baseline", detail, Kind.DATA_SOURCE, key, ("tags",), absent=[Kind.ROW_POLICY])


def _nobody_admitted(world: World, resolved: Resolved) -> Iterable[Finding]:
    key = resolved.source.key
    if resolved.grants or any(subscribed == key for _, subscribed in (*world.subscriptions, *world.approvals)):
        return
    detail = (
        f"No subscription policy grants access to data source {key} and nobody is subscribed to it, so its view shows "
        'nobody a row. Let a policy with mode = "grant" apply to it, or create a veil_subscription.'
    )
    yield finding("nobody-admitted", detail, Kind.DATA_SOURCE, key, absent=[Kind.SUBSCRIPTION_POLICY])
