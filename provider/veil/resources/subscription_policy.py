"""`veil_subscription_policy`."""

from typing import TYPE_CHECKING, Any, Literal

from veil import model as governed
from veil.model import Kind
from veil.plugin import InvalidValueError, Model, attribute, check, is_known
from veil.resources.base import GovernedModel
from veil.resources.hcl.names import Name, Text, User
from veil.resources.hcl.scope import AppliesTo
from veil.resources.hcl.texts import SubscriptionExpression, one_of
from veil.resources.policy import PolicyResource

if TYPE_CHECKING:
    from veil.governance import DeployedState


MOST_DAYS = 3650
"""So long may an approval last: the procedure that approves counts in seconds, and Redshift's
DATEADD takes an INTEGER.
"""


class ApprovalLength(Model):
    """How long an approval lasts: one of its units."""

    minutes: int | None = attribute("Minutes.", gt=0)
    hours: int | None = attribute("Hours.", gt=0)
    days: int | None = attribute("Days.", gt=0)

    @check(partly=["minutes", "hours", "days"])
    def _one_unit(self) -> None:
        one_of("The longest time of an approval", {"minutes": self.minutes, "hours": self.hours, "days": self.days})
        if (
            all(is_known(each) for each in (self.minutes, self.hours, self.days))
            and self.to_model().seconds > MOST_DAYS * 86_400
        ):
            raise ValueError(
                f"An approval lasts {MOST_DAYS} days at most. Leave longest out for one that does not end."
            )

    def to_model(self) -> governed.Duration:
        units: dict[Literal["minutes", "hours", "days"], int | None] = {
            "minutes": self.minutes,
            "hours": self.hours,
            "days": self.days,
        }
        ((unit, amount),) = [(unit, amount) for unit, amount in units.items() if amount is not None]
        return governed.Duration(amount, unit)


class Approval(Model):
    """Who may approve requests at run time."""

    groups: frozenset[Text] = attribute(
        "Groups of user profiles: whoever is in one when they approve may do so.", default=frozenset()
    )
    users: frozenset[User] = attribute("Redshift users who may approve.", default=frozenset())
    longest: ApprovalLength | None = attribute(
        "How long after it was approved a request admits. Left out: until it is ended."
    )

    @check(partly=["groups", "users"])
    def _somebody(self) -> None:
        if is_known(self.groups) and is_known(self.users) and not self.groups and not self.users:
            raise ValueError("approval names nobody: list groups or users who may approve, or leave approval out.")

    def to_model(self) -> governed.Approval:
        longest = self.longest.to_model() if self.longest is not None else None
        return governed.Approval(self.groups, self.users, longest)

    @classmethod
    def from_model(cls, approval: governed.Approval) -> "Approval":
        longest = approval.longest
        return cls(
            groups=approval.groups,
            users=approval.users,
            longest=None if longest is None else ApprovalLength(**{longest.unit: longest.amount}),
        )


class SubscriptionPolicyModel(GovernedModel):
    """Who is admitted to data sources. Nobody sees a row until a grant, or a `veil_subscription`,
    admits them.

    `access = "approval"` and `access = "individual"` admit nobody by themselves: who is admitted
    has a `veil_subscription` for the data source. Under `individual` those who see the data are
    named, and that is all. Under `approval` people may ask: an analyst with a profile who is not
    subscribed calls `<prefix>_procedures.request_access('governed.customers', 'why')`, takes it
    back with `withdraw_request('governed.customers')`, and has one request open for each data
    source. A `veil_subscription` admits and closes the request.

    With `approval`, the users and groups that it names may admit at run time as well, by
    `<prefix>_procedures.approve_request('governed.customers', 'alice')`. What they are is decided
    when they approve. A procedure of somebody else's that an approver calls could approve in their
    name: the guide on operations says how to keep that from happening. Nobody approves for
    themselves or while acting as somebody else; where
    several policies of access `approval` or `individual` apply to a data source, each of them has
    to name the approver, and the shortest `longest` counts. What was approved admits as a
    `veil_subscription` does: guardrails, row policies and masks still hold, and in an equalized
    project it does not count. It outlives applies, and is no drift. A `veil_subscription` of the
    same user and data source takes its place; a user profile or data source that goes ends it.

    As a guardrail either one demands a `veil_subscription`, or what was approved, of everybody whom
    a grant admits.
    """

    name: Name = attribute("Name of the policy, unique among subscription policies.")
    description: Text | None = attribute("What the policy is for.")
    mode: Literal["grant", "guardrail"] = attribute(
        "A `grant` admits; one grant suffices. A `guardrail` only demands; every guardrail must hold.", default="grant"
    )
    applies_to: AppliesTo = attribute("The data sources it decides about.")
    access: Literal["everyone", "conditions", "approval", "individual"] = attribute(
        "Who is admitted: `everyone` with a profile, by `conditions` those who meet `expression`, by `approval` or `individual` only "
        "those who have a `veil_subscription`."
    )
    approval: Approval | None = attribute('For `access = "approval"`: who may approve requests at run time.')
    expression: SubscriptionExpression | None = attribute("For `conditions`: the condition in the policy language.")
    staged: bool = attribute("Stored, and without any effect.", default=False)

    @check("access", given=["expression"])
    def _expression_goes_with_conditions(self) -> None:
        if (self.access == "conditions") != (self.expression is not None):
            raise InvalidValueError(
                'expression goes with access = "conditions": give both or neither.',
                ("access" if self.expression is None else "expression",),
            )

    @check("access", given=["approval"])
    def _approval_goes_with_approval(self) -> None:
        if self.approval is not None and self.access != "approval":
            raise InvalidValueError('approval goes with access = "approval" alone.', ("approval",))


class SubscriptionPolicy(PolicyResource[SubscriptionPolicyModel]):
    type_name = "veil_subscription_policy"
    model = SubscriptionPolicyModel
    kind = Kind.SUBSCRIPTION_POLICY
    exported_to = "policies.tf"

    def closes(self, planned: SubscriptionPolicyModel, prior: SubscriptionPolicyModel | None) -> bool:
        # A grant that is not there admits nobody; one that is, and was to admit less, admits as
        # before.
        return super().closes(planned, prior) and not (prior is None and planned.mode == "grant")

    def to_draft(
        self, declared: SubscriptionPolicyModel, deployed: "DeployedState | None"
    ) -> governed.SubscriptionPolicy:
        return governed.SubscriptionPolicy(
            name=declared.name,
            description=declared.description or "",
            mode=declared.mode,
            applies_to=declared.applies_to.to_model(),
            access=declared.access,
            expression=declared.expression,
            staged=declared.staged,
            approval=declared.approval.to_model() if declared.approval is not None else None,
        )

    def from_stored(self, thing: object) -> dict[str, Any]:
        assert isinstance(thing, governed.SubscriptionPolicy)
        return {
            "name": thing.name,
            "description": thing.description or None,
            "mode": thing.mode,
            "applies_to": AppliesTo.from_model(thing.applies_to),
            "access": thing.access,
            "expression": thing.expression,
            "staged": thing.staged,
            "approval": Approval.from_model(thing.approval) if thing.approval is not None else None,
        }
