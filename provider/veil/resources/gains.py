"""What a plan says where it lets somebody see more: in a line, to whom the plan is shown, and not
again while it is applied.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from veil.model import Kind
from veil.plugin import Context, Diagnostic
from veil.resources.refusals import refused

if TYPE_CHECKING:
    from veil.governance import Governance
    from veil.resources.client import Gains

_SO_FAR = "Judged by what has been planned so far."
_REFUSED = 'The provider\'s gains = "error" refuses that. A resource that is planned later may balance it: veil diff judges the whole plan.'


def tell_of_change(governance: "Governance", kind: Kind, key: Any, replaces: Any, ctx: Context) -> None:
    """Say who gains by a planned change of this object, or by its removal. `replaces` is the key
    that it has now.
    """
    if kind is Kind.PROFILE or (setting := _asked(ctx)) == "ignore":
        return
    with refused():
        _tell(governance.planned_gains(kind, key, replaces, exact=setting == "error"), setting, ctx)


def tell_of_removals(governance: "Governance", source: str, ctx: Context) -> None:
    """Say who gains on a data source that is planned to stay by policies that were planned to go
    before.
    """
    if not governance.plans_removals() or (setting := _asked(ctx)) == "ignore":
        return
    with refused():
        _tell(governance.planned_gains_by_removals(source, exact=setting == "error"), setting, ctx)


def tell_of_unknown(governance: "Governance", kind: Kind, names: list[str], ctx: Context) -> None:
    """Say that it cannot be told who gains, where that is to be refused."""
    if kind is Kind.PROFILE or ctx.client.gains != "error" or _asked(ctx) == "ignore":
        return
    with refused():
        if governance.deployed() is None:
            return
    named = ", ".join(sorted(names))
    later = "is known only after the apply" if len(names) == 1 else "are known only after the apply"
    _tell(f"May let somebody see more: {named} {later}", "error", ctx)


def _asked(ctx: Context) -> "Gains":
    """What is to be done about gains. In an apply Terraform plans once more what people have
    seen.
    """
    setting: Gains = ctx.client.gains
    return "ignore" if setting == "ignore" or ctx.is_repeated() else setting


def _tell(title: str | None, setting: "Gains", ctx: Context) -> None:
    if title is None:
        return
    if setting == "error":
        # At once: where the errors of a policy wait for its application, that one would close what
        # was to open.
        ctx.diagnostics.add(replace(Diagnostic.error(title, f"{_SO_FAR} {_REFUSED}"), at_once=True))
    else:
        ctx.warning(title, _SO_FAR)
