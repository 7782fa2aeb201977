"""What plans say of what was altered outside Terraform: that the apply repairs it."""

from typing import TYPE_CHECKING, Any

from veil.governance import errors
from veil.plugin import UNKNOWN, Context, Plan
from veil.resources.hcl.spelling import ignore_spelling
from veil.resources.refusals import refused

if TYPE_CHECKING:
    from veil.governance import Governance


def plan_repair(plan: Plan[Any], governance: "Governance | None", integration: str | None) -> None:
    """Plan that nothing is altered any more. `integration` is the id of the integration that this
    is about, None where it is not known yet, or is what the plan is of.

    Raises PluginError where what the plan writes could not be written.
    """
    planned, prior = plan.planned, plan.prior
    if planned is None:
        return
    ignore_spelling(plan)
    planned.drift = frozenset()
    if governance is not None and (prior is None or planned != prior):
        with refused():
            if integration is not None:
                governance.require(integration)
            governance.plan_write()
    if prior is None or not prior.drift:
        return
    for name in planned.found_anew:
        setattr(planned, name, UNKNOWN)


def tell_of_repair(plan: Plan[Any], ctx: Context, *, refused_by_now: bool = False) -> None:
    """Say what the apply will repair; where it is `refused_by_now`, that this has to wait."""
    prior = plan.prior
    if prior is None or not prior.drift:
        return
    undone = [each for each in sorted(prior.drift) if each.startswith(errors.UNDONE)]
    altered = "\n".join(f"  - {each}" for each in sorted(prior.drift) if each not in undone)
    if altered:
        begins = "No apply repairs this as long as it refuses the rest" if refused_by_now else "The apply will repair"
        ctx.diagnostics.warning("Altered outside Terraform", f"{begins}:\n{altered}")
    for each in undone:
        ctx.diagnostics.warning("Left undone by an apply that failed", f"The apply will make up for it: {each}.")
