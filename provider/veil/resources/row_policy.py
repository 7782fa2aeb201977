"""`veil_row_policy`."""

from typing import TYPE_CHECKING, Any

from veil import model as governed
from veil.model import Kind
from veil.model.closings import EVERYWHERE
from veil.plugin import attribute, check, is_known
from veil.resources.base import GovernedModel
from veil.resources.hcl.audience import (
    Exceptions,
    both_sides,
    exceptions_from_model,
    exceptions_to_model,
    exclude_exceptions,
)
from veil.resources.hcl.names import Name, Text
from veil.resources.hcl.rows import Show
from veil.resources.hcl.scope import AppliesTo
from veil.resources.hcl.texts import AudienceExpression
from veil.resources.policy import PolicyResource

if TYPE_CHECKING:
    from veil.governance import DeployedState, closing


class RowModel(GovernedModel):
    """Shows only some rows to everyone but those it excepts. All row policies that apply to a data
    source must hold.
    """

    name: Name = attribute("Name of the policy, unique among row policies.")
    description: Text | None = attribute("What the policy is for.")
    applies_to: AppliesTo | None = attribute(
        "The data sources that are filtered. Left out: exactly those that carry every column tag the policy uses."
    )
    show: Show = attribute("The rows that are shown.")
    exceptions: Exceptions | None = attribute("Who sees all rows.")
    for_everyone_who: AudienceExpression | None = attribute(
        "Two rules instead of exceptions: those for whom this is TRUE get `show`, those for whom it is FALSE `otherwise`."
    )
    otherwise: Show | None = attribute("The rule of those for whom `for_everyone_who` is FALSE.")
    staged: bool = attribute("Stored, and without any effect.", default=False)

    _both_sides = both_sides
    _no_exceptions = exclude_exceptions

    @check(given=["applies_to"], partly=["show", "otherwise"])
    def _has_a_place(self) -> None:
        rules = [self.show, self.otherwise]
        if self.applies_to is not None or not all(map(is_known, rules)):
            return
        if all(each is None or each.names_tags() is False for each in rules):
            raise ValueError(
                "Without applies_to a row policy applies where the column tags it uses are, and it uses none. "
                'Add applies_to, for example { data_source_tags = ["domain.sales"] }.'
            )


class RowPolicy(PolicyResource[RowModel]):
    type_name = "veil_row_policy"
    model = RowModel
    kind = Kind.ROW_POLICY
    exported_to = "policies.tf"

    def reach(self, planned: RowModel) -> "closing.Reach":
        if planned.applies_to is not None:
            return super().reach(planned)
        from veil.governance import closing

        try:
            show, otherwise = _rule(planned.show), _rule(planned.otherwise) if planned.otherwise else None
        except (AttributeError, ValueError):
            return EVERYWHERE, frozenset()
        return closing.reach_of(governed.RowPolicy("", governed.AppliesTo(), show, otherwise=otherwise))

    def to_draft(self, declared: RowModel, deployed: "DeployedState | None") -> governed.RowPolicy:
        return governed.RowPolicy(
            name=declared.name,
            description=declared.description or "",
            applies_to=declared.applies_to.to_model() if declared.applies_to else governed.AppliesTo(),
            show=declared.show.to_model(),
            exceptions=exceptions_to_model(declared.exceptions),
            for_everyone_who=declared.for_everyone_who,
            otherwise=declared.otherwise.to_model() if declared.otherwise else None,
            staged=declared.staged,
        )

    def from_stored(self, thing: object) -> dict[str, Any]:
        assert isinstance(thing, governed.RowPolicy)
        return {
            "name": thing.name,
            "description": thing.description or None,
            "applies_to": None if thing.applies_to.is_empty else AppliesTo.from_model(thing.applies_to),
            "show": Show.from_model(thing.show),
            "exceptions": exceptions_from_model(thing.exceptions),
            "for_everyone_who": thing.for_everyone_who,
            "otherwise": Show.from_model(thing.otherwise) if thing.otherwise else None,
            "staged": thing.staged,
        }


def _rule(declared: Show) -> governed.RowRule:
    """A rule, validated in all its parts. Raises ValueError where it is none."""
    return Show.model_validate(declared.model_dump(by_alias=True, warnings=False)).to_model()
