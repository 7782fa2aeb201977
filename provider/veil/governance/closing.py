"""From a policy that could not be created or updated to what closes the data sources that it would
have covered.
"""

from veil.errors import VeilError
from veil.governance.admission.closings import Reach, admits, reach_of
from veil.governance.errors import UNDONE
from veil.governance.metadata.identity import new_id
from veil.governance.requests import Create, Request, Update
from veil.model import KINDS, POLICY_KINDS, Closing, DataSource, Kind, Policy, World, kind_of
from veil.model.names import problem_with_value
from veil.warehouse import WarehouseError

__all__ = [
    "Reach",
    "closing",
    "closing_after",
    "closings_of",
    "in_short",
    "reach_of",
    "subject",
    "told",
    "undone",
    "why_closed",
    "words_of",
]

_MOST_OF_A_NAME = 200
_MOST_OF_A_REASON = 400


def closing_after(request: Request, problem: BaseException) -> Closing | None:
    """What closes the data sources that the policy of this failed request would have covered; None
    where the request is about no policy, or nobody sees more for want of it.
    """
    if not isinstance(request, Create | Update) or not isinstance(request.draft, Policy) or request.draft.staged:
        return None
    draft = request.draft
    if isinstance(request, Create) and admits(draft):
        return None
    return closing(request.id or new_id(), kind_of(draft), draft.name, words_of(problem), reach_of(draft))


def closing(owner: str, kind: Kind, name: str, reason: str, reach: Reach) -> Closing:
    """A new closing. `owner` is the token of the policy's resource. The name may be one that no
    policy can have.
    """
    return Closing(new_id(), owner, kind.value, _storable(name), _short(reason), *reach)


def words_of(problem: BaseException) -> str:
    """Why something failed, in the words of its error."""
    match problem:
        case WarehouseError():
            return in_short(problem.summary, problem.found)
        case VeilError():
            return in_short(problem.summary, problem.detail)
    return "An internal error of veil, which the failed apply tells of."


def in_short(title: str, detail: str) -> str:
    """An error in one line: what follows the first line of its detail shows the place, for who
    looks at that.
    """
    return f"{title}. {detail.partition(chr(10))[0]}".strip()


def closings_of(world: World, source: DataSource) -> list[Closing]:
    """What closes a data source, in the order of the policies' names."""
    closings = (each for each in world.closings.values() if each.closes(source))
    return sorted(closings, key=lambda each: (each.kind, each.name, each.id))


def subject(closing: Closing) -> str:
    """The policy that failed, inside a sentence: `masking policy "m"`."""
    noun = KINDS[Kind(closing.kind)].noun if closing.kind in POLICY_KINDS else closing.kind
    return f'{noun} "{closing.name}"'


def told(closing: Closing) -> str:
    """The policy and why it failed, in one line without a full stop."""
    return f"{subject(closing)}: {_within(closing.reason)}"


def why_closed(closing: Closing) -> str:
    """One sentence on why a data source is closed and how it opens."""
    if closing.kind == Kind.INTEGRATION:
        return (
            f"It is closed and shows no rows: {_within(closing.reason)}. It opens with the apply that finds that given back, or "
            f'with reopen = ["{closing.id}"] in the data source.'
        )
    return (
        f"It is closed and shows no rows: the {subject(closing)}, which would have covered it, could not be applied "
        f"({_within(closing.reason)}). It opens once that policy is applied or destroyed, or with reopen = "
        f'["{closing.id}"] in the data source.'
    )


def undone(closing: Closing) -> str:
    """What is left undone of a policy, as a line of its `drift`."""
    shown = (
        f"{', '.join(sorted(closing.sources))} show no rows" if closing.sources else "it closes data sources to come"
    )
    return f"{UNDONE} ({_within(closing.reason)}): until it is applied, {shown}"


def _within(reason: str) -> str:
    return reason.rstrip().removesuffix(".")


def _storable(name: str) -> str:
    """The name, or where the warehouse could not keep it something that shows what it was."""
    if problem_with_value(name):
        name = name.encode("unicode_escape").decode()
    return name[:_MOST_OF_A_NAME].rstrip() or "?"


def _short(reason: str) -> str:
    text = " ".join("".join(each if each.isprintable() else " " for each in reason).split())
    return text if len(text) <= _MOST_OF_A_REASON else text[: _MOST_OF_A_REASON - 1].rstrip() + "…"
