"""What the removal of policies would show of a data source that stays."""

from collections.abc import Collection, Iterator

from veil.model import DataSource, Kind, Remove, World
from veil.model.change import apply
from veil.policy.findings import Finding, Place
from veil.policy.messages import finding, subject
from veil.policy.resolve import resolve
from veil.policy.resolved import Resolved


def uncovered(world: World, planned: World, removed: Collection[Place], source: DataSource) -> Iterator[Finding]:
    """Warnings about those `removed` policies of the World without which `source`, in the form in
    which it stays, shows more than it does now: in the World that is `planned`, or on the way
    there.

    On the way, what other policies of the plan come to cover does not count: nothing orders their
    changes before the removal. In the end, what they no longer cover does.
    """
    before = world.data_sources.get(source.key)
    if before is None or not removed:
        return
    now = resolve(world, before)
    gone = apply(world, *(Remove(*each) for each in removed))
    later = [then for each in (gone, planned) if not (then := resolve(each, source)).closed]
    if now.closed:
        return
    for kind, name in sorted(removed):
        shown = next(filter(None, (_shown(now, then, kind, name) for then in later)), "")
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
