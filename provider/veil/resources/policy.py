"""What masking, row and subscription policies share: where one fails, the data sources that it
would have covered close.

A create that failed leaves a tainted resource in the state: what it left in the warehouse is what
closes those data sources. So Terraform itself remembers it, and tells of its end: applied anew, it
is replaced; taken out of the configuration, it is destroyed.
"""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from veil.governance import identity, requests
from veil.model.closings import EVERYWHERE
from veil.plugin import Context, Failure, Plan, PluginError, is_known
from veil.resources.base import GovernedModel, GovernedResource, client_of
from veil.resources.hcl.left_out import drop_defaults
from veil.resources.hcl.scope import AppliesTo
from veil.resources.hcl.spelling import ignore_spelling
from veil.resources.refusals import refused

if TYPE_CHECKING:
    from veil.governance import Governance, closing
    from veil.model import Closing

_OWNER = "owner"
"""Under which the private data of one apply keeps the token of a policy that is being made."""
_REPLACES = "replaces"
"""Under which the private data of a plan keeps what is to be made: Terraform hands it to what it
destroys for that, too.
"""

M = TypeVar("M", bound=GovernedModel)


class PolicyResource(GovernedResource[M]):
    """A policy. Its model has a `name`, `applies_to` and `staged`."""

    schema_version = 1
    upgraders: ClassVar[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {0: drop_defaults}

    def reach(self, planned: M) -> "closing.Reach":
        """Where the policy applies. `planned` may be wrong in any way: what cannot be determined is
        everywhere.
        """
        try:
            declared: Any = planned
            return AppliesTo(**dict(declared.applies_to)).to_model(), frozenset()
        except (TypeError, ValueError):
            return EVERYWHERE, frozenset()

    def closes(self, planned: M, prior: M | None) -> bool:
        """Whether somebody may see more for want of the policy. `planned` may be wrong in any
        way.
        """
        declared: Any = planned
        return declared.staged is not True

    def plan(self, plan: Plan[M], ctx: Context) -> None:
        if plan.planned is None:
            ctx.private.pop(_REPLACES, None)
        else:
            # First of all: where the rest fails within an apply, this must be what the plan was
            # that people have seen.
            ignore_spelling(plan)
            plan.planned.drift = frozenset()
            if plan.prior is None:
                made = [_text(plan.planned, "integration"), _text(plan.planned, "name")]
                ctx.private[_REPLACES] = json.dumps(made)
        super().plan(plan, ctx)

    def create(self, planned: M, ctx: Context) -> M:
        ctx.private.pop(_REPLACES, None)
        owner = ctx.private[_OWNER] = identity.new_id()
        governance = client_of(ctx).installed(planned.integration)
        with refused():
            stored = governance.submit(requests.Create(self.to_draft(planned, governance.require()), owner))
        made = self._written(planned, stored, governance, ctx)
        del ctx.private[_OWNER]
        return made

    def delete(self, state: M, ctx: Context) -> None:
        governance = client_of(ctx).governance(state.integration)
        with refused():
            deployed = governance.deployed()
            key = self._key_of(state, deployed)
            failed = deployed is not None and deployed.closing_after(state.id) is not None
            if key is not None or failed:
                governance.submit(requests.Delete(self.kind, key, state.id, _replacement(state, ctx)))

    def read(self, state: M, ctx: Context) -> M | None:
        with refused():
            deployed = client_of(ctx).governance(state.integration).deployed()
        failed = deployed.closing_after(state.id) if deployed is not None else None
        if deployed is not None and failed is not None:
            from veil.governance import closing

            if (self.kind, state.id) not in deployed.by_id:
                # Its create failed. What the state says of it may be the very thing that was wrong.
                return state.model_copy(update={"drift": frozenset({closing.undone(failed)})})
        return super().read(state, ctx)

    def _plan_removal(self, prior: M, governance: "Governance", ctx: Context) -> None:
        super()._plan_removal(prior, governance, ctx)
        with refused():
            deployed = governance.deployed()
        closed = deployed.closing_after(prior.id) if deployed is not None else None
        if closed is None or not closed.sources:
            return
        from veil.governance import closing

        ctx.warning(
            f"Destroying the {closing.subject(closed)} opens data sources again",
            f"Since it could not be applied these show no rows, and will: {', '.join(sorted(closed.sources))}. If another "
            "policy is to take its place, apply that one first: nothing orders the two.",
        )

    def failed(self, failure: Failure[M], ctx: Context) -> None:
        prior, planned = failure.prior, failure.planned
        ctx.private.pop(_REPLACES, None)
        owner = prior.id if prior is not None else ctx.private.pop(_OWNER, "") or identity.new_id()
        if not self.closes(planned, prior):
            return
        from veil.governance import closing

        reason = " ".join(closing.in_short(each.summary, each.detail) for each in failure.diagnostics)
        name = _text(planned, "name") or (_text(prior, "name") if prior is not None else "")
        wanted = closing.closing(owner, self.kind, name, reason, self.reach(planned))
        try:
            with refused():
                closed = client_of(ctx).installed(planned.integration).close_sources(wanted)
        except Exception as problem:
            _tell_of_failure(wanted, problem, failure, ctx)
            return
        _tell(closed, ctx)
        if prior is None:
            ctx.partial(planned.model_copy(update={"id": owner, "drift": frozenset()}))


def _text(model: Any, name: str) -> str:
    value = getattr(model, name, None)
    return value if is_known(value) and isinstance(value, str) else ""


def _replacement(state: GovernedModel, ctx: Context) -> str | None:
    """The name of the policy that is to be made in the place of this one, in the same integration;
    None where this one goes for good. Where the name is not known yet it is the one that this one
    has.
    """
    if _REPLACES not in ctx.private:
        return None
    integration, name = json.loads(ctx.private[_REPLACES])
    if integration != state.integration:
        return None
    return name or _text(state, "name")


def _tell(closed: "Closing", ctx: Context) -> None:
    from veil.governance import closing

    title = f"Data sources closed until the {closing.subject(closed)} is applied"
    if closed.sources:
        shown = f"These show no rows from now on: {', '.join(sorted(closed.sources))}."
    else:
        shown = "It would cover no data source yet. Such as are made later will show no rows."
    ctx.warning(
        title,
        f"{shown} Correct the policy and apply again: that opens them. So does taking the policy out of the configuration.",
    )


def _tell_of_failure(wanted: "Closing", problem: Exception, failure: Failure[Any], ctx: Context) -> None:
    from veil.governance import closing

    raised = problem.diagnostics if isinstance(problem, PluginError) else ()
    why = " ".join(closing.in_short(each.summary, each.detail) for each in raised) or closing.words_of(problem)
    already = {closing.in_short(each.summary, each.detail) for each in failure.diagnostics}
    ctx.error(
        "Data sources could not be closed",
        f"The {closing.subject(wanted)} failed, and the data sources that it would have covered could not be closed"
        f"{' for the same reason' if why in already else f': {why}'}. Until it is applied they may show what it was to hide.",
    )
