"""`veil_purpose`."""

from typing import TYPE_CHECKING, Any

from veil import model as governed
from veil.model import Kind
from veil.plugin import attribute
from veil.resources.base import GovernedModel, GovernedResource
from veil.resources.hcl.texts import Name

if TYPE_CHECKING:
    from veil.governance.deployed import Deployed


class PurposeModel(GovernedModel):
    """Why data is used. It counts only for users who act in a project that carries it and have acknowledged its
    current text.
    """

    name: Name = attribute("Name of the purpose.")
    acknowledgement: str = attribute("The text that users must agree to.", min_length=1)
    description: str | None = attribute("What the purpose is about.")


class Purpose(GovernedResource[PurposeModel]):
    type_name = "veil_purpose"
    model = PurposeModel
    kind = Kind.PURPOSE

    def to_draft(self, declared: PurposeModel, deployed: "Deployed | None") -> governed.Purpose:
        return governed.Purpose(declared.name, declared.acknowledgement, declared.description or "")

    def from_stored(self, thing: object) -> dict[str, Any]:
        assert isinstance(thing, governed.Purpose)
        return {
            "name": thing.name,
            "acknowledgement": thing.acknowledgement,
            "description": thing.description or None,
        }
