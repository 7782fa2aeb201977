"""A group of requests, decided together: what one of them gives up another may have."""

from collections.abc import Iterator, Sequence

from veil.governance.admission.admit import Catalog, admit, taken
from veil.governance.admission.closings import follow_sources
from veil.governance.admission.expressions import require_expressions
from veil.governance.admission.naming import Owner, movable, named_like
from veil.governance.admission.overlay import Overlay
from veil.governance.errors import NameTakenError
from veil.governance.metadata.deployed import StoredObject
from veil.governance.requests import Create, Delete, Request, Single, SourceDraft, Update, draft_place, parts
from veil.model import MaskingPolicy, RowPolicy, key_of
from veil.model.kinds import Governed


def admit_all(requests: Sequence[Request], overlay: Overlay, catalog: Catalog) -> tuple[StoredObject | None, ...]:
    """Carry out all requests in the overlay; for each what is stored then, None where it was a
    delete. Of a batch it is what its last one did.

    In whatever order they come: what is deleted goes first, then names move, and what would get one
    of those names is made last. Raises GovernanceError where a request is refused.
    """
    singles = [single for request in requests for single in parts(request)]
    before = [_before(single, overlay) for single in singles]
    made: dict[int, StoredObject | None] = {}
    late: list[int] = []
    for at in sorted(range(len(singles)), key=lambda at: not isinstance(singles[at], Delete)):
        try:
            made[at] = admit(singles[at], overlay, catalog)
        except NameTakenError:
            if not isinstance(singles[at], Create):
                raise
            late.append(at)
    _move(overlay)
    _require_moved(singles, overlay)
    for at in late:
        made[at] = admit(singles[at], overlay, catalog)
    require_expressions(_changed(singles, before, overlay), overlay, catalog)
    follow_sources(overlay)
    return _outcomes(requests, made, overlay)


def _before(single: Single, overlay: Overlay) -> Governed | None:
    """What is stored in the place of what a request puts."""
    match single:
        case Create(draft=draft):
            stored = overlay.stored.get(draft_place(draft))
        case Update(id=token, draft=draft):
            stored = overlay.by_id.get((draft_place(draft)[0], token))
        case _:
            return None
    return None if stored is None else stored.thing


def _changed(
    singles: Sequence[Single], before: Sequence[Governed | None], overlay: Overlay
) -> Iterator[tuple[Governed | None, Governed | None]]:
    """What each request has put, and what was there."""
    for single, was in zip(singles, before, strict=True):
        if isinstance(single, Create | Update) and not isinstance(single.draft, SourceDraft):
            yield single.draft, was


def _move(overlay: Overlay) -> None:
    """Give the objects that wait for names those that they can have by now."""
    if not overlay.waiting:
        return
    waiting = {owner: wanted for owner, wanted in overlay.waiting.items() if owner in overlay.by_id}
    moving = movable(waiting, lambda wanted: _owner(overlay.holder(wanted)))
    overlay.waiting = {owner: wanted for owner, wanted in waiting.items() if owner not in moving}
    moves = [(overlay.by_id[owner], waiting[owner]) for owner in moving]
    for stored, _ in moves:
        overlay.remove(stored.kind, stored.key)
    for stored, wanted in moves:
        thing = named_like(stored.thing, wanted) if stored.thing is not None else wanted
        overlay.put(StoredObject(stored.kind, key_of(thing), stored.id, thing))


def _owner(stored: StoredObject | None) -> Owner | None:
    return None if stored is None else (stored.kind, stored.id)


def _require_moved(singles: Sequence[Single], overlay: Overlay) -> None:
    """Raise GovernanceError where an object must not wait: for the same other one as it did when an
    earlier apply ended, and where it becomes staged, since data sources that list its new name
    would be opened by the one that has it.
    """
    for each in singles:
        if not isinstance(each, Update):
            continue
        wanted = overlay.waiting.get((draft_place(each.draft)[0], each.id))
        holder = overlay.holder(wanted) if wanted is not None else None
        if holder is None:
            continue
        if holder.id == each.waited_for or (isinstance(wanted, MaskingPolicy | RowPolicy) and wanted.staged):
            raise taken(holder, wanted)


def _outcomes(
    requests: Sequence[Request], made: dict[int, StoredObject | None], overlay: Overlay
) -> tuple[StoredObject | None, ...]:
    outcomes: list[StoredObject | None] = []
    at = 0
    for request in requests:
        at += len(parts(request))
        last = made[at - 1]
        outcomes.append(None if last is None else overlay.by_id.get((last.kind, last.id), last))
    return tuple(outcomes)
