"""What becomes of a group when its transaction fails: the error lands on the request that caused it."""

from collections.abc import Callable, Sequence

from veil.governance.errors import NOUNS, GovernanceError
from veil.governance.publishing.publisher import Outcome
from veil.governance.requests import Batch, Create, Delete, Request, place_of
from veil.model import Kind, MaskingPolicy, RowPolicy, SubscriptionPolicy
from veil.warehouse import WarehouseError

_RESTRICTING = frozenset({Kind.MASKING_POLICY, Kind.ROW_POLICY})
_ADMITTING = frozenset({Kind.SUBSCRIPTION, Kind.PROFILE, Kind.PROJECT, Kind.IMPERSONATION})


def may_loosen(request: Request) -> bool:
    """Whether carrying this request out might show anybody more than before.

    Only making a mask, row policy or guardrail, and removing what admits or what is governed, certainly does not.
    """
    if isinstance(request, Batch):
        return any(may_loosen(each) for each in request.requests)
    kind, _ = place_of(request)
    if isinstance(request, Delete):
        return kind in _RESTRICTING or kind in (Kind.SUBSCRIPTION_POLICY, Kind.INTEGRATION)
    return not (isinstance(request, Create) and restricts(request))


def restricts(request: Request) -> bool:
    """Whether a put of this object is there to show less."""
    if isinstance(request, Batch | Delete):
        return False
    match request.draft:
        case MaskingPolicy() | RowPolicy():
            return True
        case SubscriptionPolicy(mode=mode):
            return mode == "guardrail"
        case _:
            return False


def together_or_alone(
    requests: Sequence[Request], commit: Callable[[Sequence[Request]], Sequence[Outcome]]
) -> Sequence[Outcome]:
    """Commit a group at once, and where that fails, each request alone. What a request raises is its outcome and nobody
    else's, a bug that it meets included.
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
            return [problem] * len(requests)
    return one_by_one(requests, commit_one)


def one_by_one(requests: Sequence[Request], commit_one: Callable[[Request], Outcome]) -> list[Outcome]:
    """Commit each request alone, restrictive ones first. Once one that restricts has failed, those that might
    loosen are refused.

    Which sources an unmade policy would have protected is not asked: a change that shows more can wait for the
    next apply.
    """
    outcomes: dict[int, Outcome] = {}
    failed: Request | None = None
    order = sorted(
        range(len(requests)), key=lambda index: (may_loosen(requests[index]), not restricts(requests[index]))
    )
    for index in order:
        request = requests[index]
        if failed is not None and may_loosen(request):
            outcomes[index] = _held_back(failed)
            continue
        outcomes[index] = commit_one(request)
        if isinstance(outcomes[index], BaseException) and (restricts(request) or not may_loosen(request)):
            failed = failed or request
    return [outcomes[index] for index in range(len(requests))]


def _held_back(failed: Request) -> GovernanceError:
    kind, key = place_of(failed)
    return GovernanceError(
        "Held back",
        f"This change could show more, and the {NOUNS[kind]} {key} of the same apply could not be made. "
        "Correct that one and apply again.",
    )
