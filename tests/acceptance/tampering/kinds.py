"""What a tampering is, and the addresses of the configuration it is done to: that of
`tests.acceptance.lifecycle`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tampering:
    """Statements that an administrator runs, and how the next plan tells of them.

    `drift` holds, by resource address, a part of the entry in its `drift`. Where no update can put
    it right, `warning` is a part of what the plan warns of instead, `health` the resource whose
    `health` or `validation_results` shows it too, and `undo` what a person runs; what an apply
    repairs has an `undo` where it is tried beside such. `anew` are the addresses that the apply
    makes again because nothing is left of them.
    """

    name: str
    statements: tuple[str, ...]
    drift: Mapping[str, str] = field(default_factory=dict)
    warning: str = ""
    health: str = ""
    undo: tuple[str, ...] = ()
    anew: frozenset[str] = frozenset()

    @property
    def repairable(self) -> bool:
        """Whether an apply puts it right."""
        return not self.warning


MAIN = "veil_integration.main"
CUSTOMERS, PLAIN, AUDITED, FILTERED, ORDERS = (
    f"veil_data_source.{name}" for name in ("customers", "plain", "audited", "filtered", "orders")
)
ALICE = "veil_user_profile.alice"
BOB, ERIN = (f'veil_user_profile.others["{name}"]' for name in ("bob", "erin"))
DIRECTORY = "veil_user_profiles.directory"
AUDIT = "veil_subscription.audit"
SUPPORT = "veil_impersonation.support"
GROUP = "immuta_impersonator_role"
CONTRACTORS, OUTSIDERS = "contractors", "outsiders"
"""A group and a role that have nothing to do with veil."""

STRANGERS = (f"CREATE GROUP {CONTRACTORS}", f"CREATE ROLE {OUTSIDERS}")
"""Statements that make them, once per engine."""
