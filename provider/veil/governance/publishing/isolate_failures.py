"""What becomes of a group when its transaction fails: the error lands on the request that caused
it.
"""

from collections.abc import Callable, Collection, Sequence

from veil.governance.errors import GovernanceError
from veil.governance.publishing.publisher import Outcome
from veil.governance.requests import Batch, Create, Delete, Request, Update, parts, place_of
from veil.governance.requests import Close as CloseRequest
from veil.model import KINDS, Integration, MaskingPolicy, RowPolicy, SubscriptionPolicy
from veil.warehouse import WarehouseError

Close = Callable[[Request, BaseException], bool]
"""Sees to it that a request that failed leaves nothing open, and tells whether that is so: the data
sources that a policy would have covered are closed durably.
"""


def may_loosen(request: Request) -> bool:
    """Whether carrying this request out might show anybody more than before.

    Only making a mask, row policy or guardrail, and removing what admits or what is governed,
    certainly does not.
    """
    if isinstance(request, Batch):
        return any(may_loosen(each) for each in request.requests)
    if isinstance(request, CloseRequest):
        return False
    if isinstance(request, Delete):
        return KINDS[request.kind].removal_shows_more
    return not (isinstance(request, Create) and restricts(request))


def restricts(request: Request) -> bool:
    """Whether a put of this object is there to show less."""
    if not isinstance(request, Create | Update):
        return False
    match request.draft:
        case MaskingPolicy() | RowPolicy():
            return True
        case SubscriptionPolicy(mode=mode):
            return mode == "guardrail"
        case _:
            return False


def isolate_failures(
    requests: Sequence[Request], commit: Callable[[Sequence[Request]], Sequence[Outcome]], close: Close
) -> Sequence[Outcome]:
    """Commit a group at once, and where that fails, each request alone. What a request raises is
    its outcome and nobody else's, a bug that it meets included. What is left open by requests that
    fail is closed before the next is tried.
    """

    def commit_one(request: Request) -> Outcome:
        try:
            return commit([request])[0]
        except Exception as problem:
            return problem

    try:
        return commit(requests)
    except Exception as problem:
        if len(requests) == 1 or (isinstance(problem, WarehouseError) and problem.lost):
            for each in requests:
                close(each, problem)
            return [problem] * len(requests)
    return one_by_one(requests, commit_one, close)


def repairs(request: Request) -> bool:
    """Whether this puts the integration, which may be what makes the rest fail, and changes nothing
    else.
    """
    return all(isinstance(each, Create | Update) and isinstance(each.draft, Integration) for each in parts(request))


def corrects(request: Request, owners: Collection[str]) -> bool:
    """Whether this may be what ends it that the policies of these `owners` are left open: the
    integration's repair, or the update of the policy where it is the only one. What shows more
    while another one is left open waits.
    """
    return repairs(request) or (isinstance(request, Update) and set(owners) == {request.id})


def holding_back(
    requests: Sequence[Request],
    refusal: GovernanceError | None,
    commit: Callable[[Sequence[Request]], Sequence[Outcome]],
    owners: Collection[str] = (),
) -> Sequence[Outcome]:
    """Commit a group, those that might loosen refused with this error where there is one, but for
    what may correct what the policies of these `owners` left open.
    """
    if refusal is None:
        return commit(requests)
    held = [may_loosen(each) and not corrects(each, owners) for each in requests]
    kept = [each for each, is_held in zip(requests, held, strict=True) if not is_held]
    done = iter(commit(kept) if kept else ())
    return [refusal if is_held else next(done) for is_held in held]


def one_by_one(requests: Sequence[Request], commit_one: Callable[[Request], Outcome], close: Close) -> list[Outcome]:
    """Commit each request alone, restrictive ones first. Once one has failed that would have shown
    less, and what it left open could not be closed, those that might loosen are refused, but for a
    repair of the integration.

    Which sources they are about is not asked then: a change that shows more can wait for the next
    apply.
    """
    outcomes: dict[int, Outcome] = {}
    failed: Request | None = None
    order = sorted(
        range(len(requests)), key=lambda index: (may_loosen(requests[index]), not restricts(requests[index]))
    )
    for index in order:
        request = requests[index]
        if failed is not None and may_loosen(request) and not repairs(request):
            kind, key = place_of(failed)
            outcomes[index] = held_back(f"{KINDS[kind].noun} {key}")
            continue
        outcome = outcomes[index] = commit_one(request)
        if isinstance(outcome, BaseException) and not close(request, outcome):
            failed = failed or (request if restricts(request) or not may_loosen(request) else None)
    return [outcomes[index] for index in range(len(requests))]


def held_back(failed: str) -> GovernanceError:
    """What refuses a change that could show more, as long as nothing is done about what failed:
    `masking policy m`.
    """
    return GovernanceError(
        "Held back",
        f"This change could show more, and the {failed} of the same apply could not be made. "
        "Correct that one and apply again.",
    )
