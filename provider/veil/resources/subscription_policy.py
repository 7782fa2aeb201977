"""`veil_subscription_policy`."""

from typing import TYPE_CHECKING, Any, Literal

from veil import model as governed
from veil.model import Kind
from veil.plugin import InvalidValueError, attribute, check
from veil.resources.base import GovernedModel
from veil.resources.hcl.names import Name, Text
from veil.resources.hcl.scope import AppliesTo
from veil.resources.hcl.texts import SubscriptionExpression
from veil.resources.policy import PolicyResource

if TYPE_CHECKING:
    from veil.governance import DeployedState


class SubscriptionPolicyModel(GovernedModel):
    """Who is admitted to data sources. Nobody sees a row until a grant, or a `veil_subscription`, admits them.

    `access = "approval"` and `access = "individual"` admit nobody by themselves: who is admitted has a `veil_subscription` for the
    data source. They work alike, and differ in what they say to people: `approval` that whoever asks is admitted once somebody has
    agreed, `individual` that those who see the data are named. veil keeps no requests and asks nobody: the agreement is the review
    of the change that adds the `veil_subscription`, in which `CODEOWNERS` or a policy check can name who must approve. As a
    guardrail either one demands a `veil_subscription` of everybody whom a grant admits.
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
    expression: SubscriptionExpression | None = attribute("For `conditions`: the condition in the policy language.")
    staged: bool = attribute("Stored, and without any effect.", default=False)

    @check("access", given=["expression"])
    def _expression_goes_with_conditions(self) -> None:
        if (self.access == "conditions") != (self.expression is not None):
            raise InvalidValueError(
                'expression goes with access = "conditions": give both or neither.',
                ("access" if self.expression is None else "expression",),
            )


class SubscriptionPolicy(PolicyResource[SubscriptionPolicyModel]):
    type_name = "veil_subscription_policy"
    model = SubscriptionPolicyModel
    kind = Kind.SUBSCRIPTION_POLICY
    exported_to = "policies.tf"

    def closes(self, planned: SubscriptionPolicyModel, prior: SubscriptionPolicyModel | None) -> bool:
        # A grant that is not there admits nobody; one that is, and was to admit less, admits as before.
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
        }
