"""`veil_masking_policy`."""

from typing import TYPE_CHECKING, Any

from veil import model as governed
from veil.model import Kind
from veil.plugin import InvalidValueError, attribute, check
from veil.resources.base import GovernedModel
from veil.resources.hcl.audience import (
    Exceptions,
    both_sides,
    exceptions_from_model,
    exceptions_to_model,
    exclude_exceptions,
)
from veil.resources.hcl.masks import Mask
from veil.resources.hcl.names import Name, Text
from veil.resources.hcl.scope import AppliesTo
from veil.resources.hcl.texts import AudienceExpression, RowExpression
from veil.resources.policy import PolicyResource

if TYPE_CHECKING:
    from veil.governance import DeployedState


class MaskingModel(GovernedModel):
    """Masks columns for everyone but those it excepts.

    Masks on one column stack: the highest `priority` decides first, then the deeper tag, then the
    name; a policy that excepts the user, or whose `where` is false on the row, passes to the next.
    The clear value shows only when every mask passes.

    How deep a policy's tag stands is that of the `column_tags` item which covers the column:
    `pii.email` before `pii`, and `pii` before a regular expression or `all_columns`. Names go by
    their characters: `A` before `a`, `a` before `b`.
    """

    name: Name = attribute("Name of the policy, unique among masking policies.")
    description: Text | None = attribute("What the policy is for.")
    priority: int = attribute("Which mask of a column decides first: the highest number.", default=0)
    applies_to: AppliesTo = attribute("The columns that are masked.")
    mask: Mask = attribute("What stands in place of the value.")
    where: RowExpression | None = attribute("Cell masking: a cell is masked unless this condition on its row is FALSE.")
    exceptions: Exceptions | None = attribute("Who is not subject to the mask.")
    for_everyone_who: AudienceExpression | None = attribute(
        "Two masks instead of exceptions: those for whom this is TRUE get `mask`, those for whom it is FALSE `otherwise`."
    )
    otherwise: Mask | None = attribute("The mask of those for whom `for_everyone_who` is FALSE.")
    staged: bool = attribute("Stored, and without any effect.", default=False)

    @check(given=["applies_to"])
    def _masks_columns(self) -> None:
        if self.applies_to.names_columns() is False:
            raise InvalidValueError(
                "applies_to names data sources only, and a mask needs columns. Add column_tags, column_regex, "
                "untagged_columns or all_columns = true.",
                ("applies_to",),
            )

    _both_sides = both_sides
    _no_exceptions = exclude_exceptions


class MaskingPolicy(PolicyResource[MaskingModel]):
    type_name = "veil_masking_policy"
    model = MaskingModel
    kind = Kind.MASKING_POLICY
    exported_to = "policies.tf"

    def to_draft(self, declared: MaskingModel, deployed: "DeployedState | None") -> governed.MaskingPolicy:
        return governed.MaskingPolicy(
            name=declared.name,
            description=declared.description or "",
            priority=declared.priority,
            applies_to=declared.applies_to.to_model(),
            mask=declared.mask.to_model(),
            where=declared.where,
            exceptions=exceptions_to_model(declared.exceptions),
            for_everyone_who=declared.for_everyone_who,
            otherwise=declared.otherwise.to_model() if declared.otherwise else None,
            staged=declared.staged,
        )

    def from_stored(self, thing: object) -> dict[str, Any]:
        assert isinstance(thing, governed.MaskingPolicy)
        return {
            "name": thing.name,
            "description": thing.description or None,
            "priority": thing.priority,
            "applies_to": AppliesTo.from_model(thing.applies_to),
            "mask": Mask.from_model(thing.mask),
            "where": thing.where,
            "exceptions": exceptions_from_model(thing.exceptions),
            "for_everyone_who": thing.for_everyone_who,
            "otherwise": Mask.from_model(thing.otherwise) if thing.otherwise else None,
            "staged": thing.staged,
        }
