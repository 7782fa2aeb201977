"""What requests do to closings: which data sources one closes, and what ends it."""

from dataclasses import replace

from veil.governance.admission.overlay import Overlay
from veil.governance.metadata.deployed import StoredObject
from veil.governance.metadata.identity import new_id
from veil.governance.requests import Close, Delete
from veil.model import KINDS, AppliesTo, Closing, DataSource, Kind, Policy, RowPolicy, SubscriptionPolicy
from veil.model.closings import EVERYWHERE
from veil.policy.rows import used_tags
from veil.policy.targeting import applies_to_source, carries_all, source_view

Reach = tuple[AppliesTo, frozenset[str]]
"""Where a policy applies, as a closing keeps it: a scope or, where that is empty, tags of which a
data source has columns under each.
"""


def reach_of(policy: Policy) -> Reach:
    """Where a policy applies. One that says nothing of that is taken to apply everywhere."""
    if not policy.applies_to.is_empty:
        return policy.applies_to, frozenset()
    tags = used_tags(policy) if isinstance(policy, RowPolicy) else frozenset()
    return (AppliesTo(), tags) if tags else (EVERYWHERE, frozenset())


def admits(policy: Policy) -> bool:
    """Whether without the policy nobody sees more than with it: that of a grant is what nobody is
    given.
    """
    return isinstance(policy, SubscriptionPolicy) and policy.mode == "grant"


def covers(closing: Closing, source: DataSource) -> bool:
    """Whether the policy that failed would have covered the data source."""
    place = source_view(source)
    if closing.applies_to.is_empty:
        return carries_all(place, closing.carrying)
    return applies_to_source(closing.applies_to, place)


def close(request: Close, overlay: Overlay) -> StoredObject:
    """Carry out a closing: of all that it covers, and of all that an earlier failure of the same
    policy closes, also one of a create that nothing came of.
    """
    closing = request.closing
    sources = {each.key for each in overlay.sources() if covers(closing, each)}
    for each in overlay.closings():
        if each.owner == closing.owner or _is_left_over(each, closing.kind, closing.name, overlay):
            sources |= each.sources
            overlay.remove(Kind.CLOSING, each.id)
    return _put(replace(closing, sources=frozenset(sources)), overlay)


def end_with(policy: StoredObject, overlay: Overlay) -> None:
    """A policy that is as it is to be closes nothing any more, under whatever token it failed to be
    made before.
    """
    for each in overlay.closings():
        if each.owner == policy.id or _is_left_over(each, policy.kind, policy.key, overlay):
            overlay.remove(Kind.CLOSING, each.id)


def follow_removal(request: Delete, gone: StoredObject | None, overlay: Overlay) -> None:
    """What the removal of a policy does: it ends what the policy closes, unless another one is to
    take its place. Between the end of the one and the beginning of the other nothing else stands in
    their place.
    """
    closing = next((each for each in overlay.closings() if each.owner == request.id), None)
    if request.replaced_by is None:
        if closing is not None:
            overlay.remove(Kind.CLOSING, closing.id)
    elif closing is not None:
        _put(replace(closing, name=request.replaced_by), overlay)
    elif gone is not None and isinstance(gone.thing, Policy) and not gone.thing.staged and not admits(gone.thing):
        reason = f"The {KINDS[gone.kind].noun} was to be replaced, and what replaces it is not there yet."
        reach = reach_of(gone.thing)
        close(Close(Closing(new_id(), request.id, gone.kind.value, request.replaced_by, reason, *reach)), overlay)


def follow_sources(overlay: Overlay) -> None:
    """Close the data sources that were put and that a failed policy would have covered, and forget
    those that are gone.
    """
    changed = [key for kind, key in overlay.changed if kind is Kind.DATA_SOURCE]
    for closing in overlay.closings() if changed else ():
        sources = set(closing.sources)
        for key in changed:
            stored = overlay.stored.get((Kind.DATA_SOURCE, key))
            if stored is None:
                sources.discard(key)
            elif isinstance(stored.thing, DataSource) and covers(closing, stored.thing):
                sources.add(key)
        if sources != closing.sources:
            _put(replace(closing, sources=frozenset(sources)), overlay)


def _is_left_over(closing: Closing, kind: str, name: str, overlay: Overlay) -> bool:
    """Whether a create of the policy of this kind and name failed, and nothing came of it."""
    return (closing.kind, closing.name) == (kind, name) and (closing.kind, closing.owner) not in overlay.by_id


def _put(closing: Closing, overlay: Overlay) -> StoredObject:
    stored = StoredObject(Kind.CLOSING, closing.id, closing.owner, closing)
    overlay.put(stored)
    return stored
