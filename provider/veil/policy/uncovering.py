"""What the removal of policies would show of a data source that stays."""

from collections.abc import Collection, Iterator

from veil.model import DataSource, Kind, Remove, World
from veil.model.change import apply
from veil.policy.findings import Finding
from veil.policy.resolve import resolve
from veil.policy.resolved import Resolved
from veil.policy.wording import finding, subject

Removed = tuple[Kind, str]


def uncovered(world: World, removed: Collection[Removed], source: DataSource) -> Iterator[Finding]:
    """Warnings about those `removed` policies of the World without which `source`, in the form in which it stays, shows
    more than it does now.

    Policies that are only being made do not count as cover: nothing orders their creation before the removal.
    """
    before = world.data_sources.get(source.key)
    if before is None or not removed:
        return
    now = resolve(world, before)
    then = resolve(apply(world, *(Remove(*each) for each in removed)), source)
    if now.closed or then.closed:
        return
    for kind, name in sorted(removed):
        shown = _shown(now, then, kind, name)
        if shown:
            detail = (
                f"{subject(kind, name)} is destroyed and data source {source.key} stays: {shown}. If another policy of this "
                "plan takes over, apply that one first, or list it in the data source's policies: nothing else orders "
                "the two."
            )
            yield finding("removal-uncovers", detail, kind, name)


def _shown(now: Resolved, then: Resolved, kind: Kind, name: str) -> str:
    if kind is Kind.ROW_POLICY and any(each.policy == name for each in now.rows):
        return "it shows the rows that the policy hid"
    if kind is Kind.SUBSCRIPTION_POLICY and any(each.policy == name for each in now.guardrails):
        return "it admits those whom the guardrail kept out"
    masked = {each.column.name for each in now.columns if any(mask.policy == name for mask in each.masks)}
    clear = [each.column.name for each in then.columns if not each.masks and not each.is_null]
    columns = [each for each in clear if each in masked] if kind is Kind.MASKING_POLICY else []
    return f"no mask is left on {'column' if len(columns) == 1 else 'columns'} {', '.join(columns)}" if columns else ""
