"""`veil_access_refusal`."""

from typing import TYPE_CHECKING, Any

from veil import model as governed
from veil.model import Kind
from veil.plugin import attribute
from veil.resources.base import GovernedModel
from veil.resources.hcl.moments import Moment, moment_of, moment_text
from veil.resources.hcl.names import Text, User
from veil.resources.pair import PairResource
from veil.resources.references import source_key

if TYPE_CHECKING:
    from veil.governance import DeployedState


class AccessRefusalModel(GovernedModel):
    """Refuses one user one data source for the asking: an open request ends, and so does what was
    approved at run time. Until `until`, or as long as it is there, the user may not ask again, and
    nobody may approve.

    It takes no `veil_subscription` away, and no access that a subscription policy gives: those have
    resources of their own. What it ended stays ended when it is destroyed; the user may ask anew
    then.
    """

    user: User = attribute("The Redshift user.", requires_replace=True)
    data_source: Text = attribute("Id of the `veil_data_source`.", requires_replace=True)
    until: Moment | None = attribute(
        "From when on the user may ask again, in RFC 3339: `2030-01-01T00:00:00Z`. Left out: not as long as this is there."
    )
    reason: Text | None = attribute("Why, for those who read the configuration.")


class AccessRefusal(PairResource[AccessRefusalModel]):
    type_name = "veil_access_refusal"
    model = AccessRefusalModel
    kind = Kind.ACCESS_REFUSAL
    exported_to = "users.tf"
    plural = "refusals"

    def to_draft(self, declared: AccessRefusalModel, deployed: "DeployedState | None") -> governed.AccessRefusal:
        return governed.AccessRefusal(
            declared.user,
            source_key(declared.data_source, deployed, ("data_source",)),
            moment_of(declared.until) if declared.until is not None else None,
            declared.reason or "",
        )

    def from_stored(self, thing: object) -> dict[str, Any]:
        assert isinstance(thing, governed.AccessRefusal)
        return {
            "user": thing.user,
            "data_source": thing.data_source,
            "until": moment_text(thing.until) if thing.until else None,
            "reason": thing.reason or None,
        }
