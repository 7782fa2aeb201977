"""What is wrong with the policies as they are stored, whoever's configuration they are in."""

from veil.governance.checks.validation import Check
from veil.governance.metadata.deployed import DeployedState
from veil.policy import lint

_LISTED = 20
_TOLD_WHERE_THEY_ARE_MADE = frozenset({"masks-stacked", "mask-may-keep-value", "star-stands-for-itself"})
"""What is as somebody wanted it, and was told to them."""


def policies_check(deployed: DeployedState) -> Check:
    """That every policy fits the data sources that it applies to. A plan sees this of what one
    Terraform state holds.
    """
    problems = [each.detail for each in lint(deployed.world) if each.code not in _TOLD_WHERE_THEY_ARE_MADE]
    if not problems:
        return Check("policies", "passed", "Every policy fits the data sources that it applies to.")
    more = len(problems) - _LISTED
    shown = [*problems[:_LISTED], *([f"And {more} more."] if more > 0 else [])]
    return Check("policies", "warning", " ".join(shown), ("Correct what is named there. Until then less is shown.",))
