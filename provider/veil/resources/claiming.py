"""Two resources of one configuration that would have the same name, user, table or view: an error
of the plan.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from veil.plugin import Context, Plan, is_known
from veil.resources.people.problems import bounded

if TYPE_CHECKING:
    from veil.governance import Governance, answers, requests

_REPLACED = "replaced"
"""Under which private state the first plan of a replacement leaves the resource's token for the
second: Terraform then plans it once more, as something new.
"""


def claim(plan: Plan[Any], claims: Iterable["requests.Claim"], governance: "Governance", ctx: Context) -> None:
    """Take in what a planned resource is to be alone with, and report where another one of the
    configuration is as well.
    """
    conflicts = governance.claim(_owner(plan, ctx), claims)
    for (title, resource), group in groupby(conflicts, lambda each: (each.mine.title, each.other.resource)):
        together = list(group)
        ctx.diagnostics.error(title, _told(resource, together), together[0].mine.path)


def name_claims(planned: Any, resource: str, kind: str, title: str) -> Iterator["requests.Claim"]:
    """The claim to a name, once that is known."""
    from veil.governance import requests

    if is_known(planned.name):
        yield requests.Claim((kind, planned.name), title, planned.name, resource, ("name",))


def _owner(plan: Plan[Any], ctx: Context) -> Hashable:
    if plan.prior is not None:
        token: str = plan.prior.id
        ctx.private[_REPLACED] = token
        return token
    return ctx.private.get(_REPLACED) or object()


def _told(resource: str, conflicts: Sequence["answers.Conflict"]) -> str:
    own = conflicts[0].mine
    other = f"{'Another' if own.resource == resource else 'A'} {resource} of this configuration"
    if len(conflicts) == 1:
        shared = f'"{own.shown}" here, "{conflicts[0].other.shown}" there'
    else:
        shared = ", ".join(bounded([f'"{each.mine.shown}"' for each in conflicts]))
    return (
        f"{other} is about the same: {shared}. Each of the two would take it from the other, so keep one of them, or let "
        f"them differ in {own.path[0] if own.path else 'that'}."
    )
