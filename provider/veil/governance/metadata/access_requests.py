"""What users ask for at run time, what approvers agreed to, and who may: from the warehouse's rows,
and as rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from veil.governance.metadata.deployed import DeployedState
from veil.model import AccessRefusal, Change, Kind, Remove, SubscriptionPolicy, World, key_of, kind_of
from veil.model.change import ended_by
from veil.model.names import dotted
from veil.oracle.facts import is_live
from veil.policy import admits_on, source_view
from veil.warehouse import (
    AccessRequestRow,
    ApprovalRow,
    ApproverRow,
    Layout,
    RequestEndRow,
    Snapshot,
    UnsealedRow,
    end_requests,
    put_approvers,
)

Pair = tuple[str, str]
"""A user, and the key of a data source."""


def open_requests(deployed: DeployedState, now: datetime) -> list[AccessRequestRow]:
    """What users ask for at `now` and nobody has decided, by when they asked."""
    snapshot, world = deployed.snapshot, deployed.world
    ends, unsealed = _ends(snapshot), snapshot.unsealed or frozenset()
    requests = [
        each
        for each in snapshot.requests
        if UnsealedRow("request", each.user, each.source) not in unsealed
        and not _is_over(each.requested_at, ends.get((each.user, each.source), ()))
        and each.user in world.profiles
        and each.source in world.data_sources
        and not _admits(world, (each.user, each.source), now)
    ]
    return sorted(requests, key=lambda each: (each.requested_at or now, each.user, each.source))


def live_approvals(deployed: DeployedState, now: datetime) -> list[ApprovalRow]:
    """What was approved at run time and admits at `now`, by when it was approved."""
    counting = deployed.world.approvals
    approvals = [
        each
        for each in deployed.snapshot.approvals
        if (pair := (each.user, each.source)) in counting
        and counting[pair].expires_at == each.expires_at
        and is_live(counting[pair], now)
        and each.user in deployed.world.profiles
    ]
    return sorted(approvals, key=lambda each: (each.approved_at or now, each.user, each.source))


def _admits(world: World, pair: Pair, now: datetime) -> bool:
    subscriptions = (world.subscriptions.get(pair), world.approvals.get(pair))
    return any(each is not None and is_live(each, now) for each in subscriptions)


def _ends(snapshot: Snapshot) -> Mapping[Pair, list[RequestEndRow]]:
    ends: dict[Pair, list[RequestEndRow]] = {}
    for each in snapshot.request_ends:
        ends.setdefault((each.user, each.source), []).append(each)
    return ends


def _is_over(moment: datetime | None, ends: Iterable[RequestEndRow]) -> bool:
    """Whether an apply ended what was written at a moment."""
    return any(moment is None or each.ended_at is None or each.ended_at >= moment for each in ends)


def has_ended_rows(deployed: DeployedState, following: DeployedState) -> bool:
    """Whether the warehouse holds requests or approvals that are over: by the changes between the
    two states, or already in the first.
    """
    before, after = deployed.snapshot, following.snapshot
    ends = _ends(before)
    return (
        len(after.requests) < len(before.requests)
        or len(after.approvals) < len(before.approvals)
        or any(_is_over(each.requested_at, ends.get((each.user, each.source), ())) for each in before.requests)
        or any(_is_over(each.approved_at, ends.get((each.user, each.source), ())) for each in before.approvals)
    )


def approvers_of(deployed: DeployedState, keys: Iterable[str] | None = None) -> frozenset[ApproverRow]:
    """What the warehouse is to hold of who may approve requests for these data sources, or for all.
    Nobody may while a policy cannot be read: it might have to name them, too.
    """
    if any(kind is Kind.SUBSCRIPTION_POLICY for kind, _ in deployed.broken):
        return frozenset()
    policies = [each for each in deployed.world.subscription_policies.values() if _names_people(each)]
    if not any(each.access == "approval" for each in policies):
        return frozenset()
    approvers = set()
    sources = deployed.world.data_sources
    for source in sources.values() if keys is None else (sources[key] for key in keys if key in sources):
        place = source_view(source)
        for policy in policies:
            if admits_on(policy, place):
                approvers |= set(_rows(policy, source.key, dotted(source.view_schema, source.view_name)))
    return frozenset(approvers)


def _names_people(policy: SubscriptionPolicy) -> bool:
    return policy.access in ("approval", "individual") and not policy.staged


def _rows(policy: SubscriptionPolicy, source: str, shown: str) -> Iterable[ApproverRow]:
    row = ApproverRow(source, shown, policy.name, "policy", policy.access)
    approval = policy.approval
    if approval is None:
        # Nobody is named by it, and so nobody may approve.
        yield row
        return
    yield row._replace(seconds=None if approval.longest is None else approval.longest.seconds)
    yield from (row._replace(kind="group", name=each) for each in approval.groups)
    yield from (row._replace(kind="user", name=each) for each in approval.users)


def altered_approvers(deployed: DeployedState) -> list[str]:
    """The data sources of which the warehouse holds otherwise who may approve requests."""
    return sorted({each.source for each in deployed.snapshot.approvers ^ approvers_of(deployed)})


def approver_statements(before: DeployedState, following: DeployedState, changes: Iterable[Change]) -> list[str]:
    """The calls that bring who may approve to what it is to be after these changes."""
    held, wanted = before.snapshot.approvers, _approvers_after(before, following, changes)
    sources = {each.source for each in held ^ wanted}
    return put_approvers(before.layout, sources, (each for each in wanted if each.source in sources))


def _approvers_after(
    before: DeployedState, following: DeployedState, changes: Iterable[Change]
) -> frozenset[ApproverRow]:
    """What the warehouse is to hold after these changes: only what they decide is found out anew.
    What was altered of the rest is drift of the integration, whose own change puts all of it right.
    """
    kinds = {Kind.SUBSCRIPTION_POLICY, Kind.INTEGRATION}
    places = [_place(each) for each in changes]
    if before.broken != following.broken or any(kind in kinds for kind, _ in places):
        return approvers_of(following)
    keys = {key for kind, key in places if kind is Kind.DATA_SOURCE}
    if not keys:
        return before.snapshot.approvers
    kept = frozenset(each for each in before.snapshot.approvers if each.source not in keys)
    return kept | approvers_of(following, keys)


def ending(before: DeployedState, changes: Iterable[Change]) -> frozenset[Pair]:
    """Of whom these changes end what was asked for or approved."""
    snapshot = before.snapshot
    asked = {(each.user, each.source) for each in snapshot.requests}
    return ended_by(changes, asked | {(each.user, each.source) for each in snapshot.approvals})


def ending_statements(
    layout: Layout, before: DeployedState, following: DeployedState, changes: Sequence[Change]
) -> list[str]:
    """The calls that end what users asked for or were approved for, and that refuse what they will
    ask for.
    """
    return end_requests(layout, _ends_after(before, following, changes))


def _ends_after(before: DeployedState, following: DeployedState, changes: Sequence[Change]) -> list[RequestEndRow]:
    """The rows that these changes write of what ends. A refusal that is put or goes has one in any
    case.
    """
    refused = following.world.access_refusals
    places = (_place(each) for each in changes)
    changed_refusals = {key for kind, key in places if kind is Kind.ACCESS_REFUSAL}
    return [refusal_row(pair, refused.get(pair)) for pair in sorted(ending(before, changes) | changed_refusals)]


def refusal_row(pair: Pair, refusal: AccessRefusal | None) -> RequestEndRow:
    """What the warehouse is to hold of a user and a data source, with a refusal or without one."""
    return RequestEndRow(*pair, refused=refusal is not None, until=refusal.until if refusal is not None else None)


def strange_refusals(deployed: DeployedState) -> list[RequestEndRow]:
    """Rows that refuse what no refusal of ours does, or of which there are several."""
    known = {key for kind, key in deployed.stored if kind is Kind.ACCESS_REFUSAL}
    rows = [each for each in deployed.snapshot.request_ends if each.refused]
    return sorted((each for each in rows if (each.user, each.source) not in known), key=str)


def refusal_drift(deployed: DeployedState, refusal: AccessRefusal) -> Iterator[str]:
    """Whether the row is there that keeps the user from asking."""
    pair = (refusal.user, refusal.data_source)
    if _ends(deployed.snapshot).get(pair) != [refusal_row(pair, refusal)]:
        yield "the row that keeps the user from asking is missing or was altered"


def _place(change: Change) -> tuple[Kind, Any]:
    if isinstance(change, Remove):
        return change.kind, change.key
    return kind_of(change.thing), key_of(change.thing)


def snapshot_after(before: DeployedState, following: DeployedState, changes: Sequence[Change]) -> Snapshot:
    """The snapshot with who may approve, and without what these changes end."""
    snapshot, gone = following.snapshot, ending(before, changes)
    written = {(each.user, each.source): each for each in _ends_after(before, following, changes)}
    return replace(
        snapshot,
        request_ends=(
            *(each for each in snapshot.request_ends if (each.user, each.source) not in written),
            *written.values(),
        ),
        approvers=_approvers_after(before, following, changes),
        requests=tuple(each for each in snapshot.requests if (each.user, each.source) not in gone),
        approvals=tuple(each for each in snapshot.approvals if (each.user, each.source) not in gone),
    )
