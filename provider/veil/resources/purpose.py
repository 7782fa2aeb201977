"""`veil_purpose`."""

from typing import TYPE_CHECKING, Any

from veil import model as governed
from veil.model import Kind
from veil.plugin import InvalidValueError, attribute, check
from veil.resources.base import GovernedModel, GovernedResource
from veil.resources.hcl.names import Name, Text

if TYPE_CHECKING:
    from veil.governance import DeployedState


class PurposeModel(GovernedModel):
    """Why data is used. It counts only for users who act in a project that carries it and have
    acknowledged its current text.

    A dotted name is that of a sub-purpose: a policy for `fraud` covers those who act under
    `fraud.cards`, and a policy for `fraud.cards` does not cover those who act under `fraud`.
    """

    name: Name = attribute("Name of the purpose; of a sub-purpose, the name of the one above, a dot and its own.")
    acknowledgement: Text | None = attribute(
        "The text that users must agree to. A sub-purpose without one has that of the nearest purpose above it, and is "
        "agreed to by itself all the same.",
        min_length=1,
    )
    description: Text | None = attribute("What the purpose is about.")

    @check("name")
    def _parts_have_names(self) -> None:
        if any(not part or part != part.strip(" ") for part in self.name.split(".")):
            raise InvalidValueError(
                f"The purpose {self.name!r} has a part without a name, or one with spaces around it. "
                'Write a sub-purpose as "fraud.cards".',
                ("name",),
            )

    @check("name", given=["acknowledgement"])
    def _has_a_text(self) -> None:
        if "." not in self.name and self.acknowledgement is None:
            raise ValueError(f"The purpose {self.name!r} needs an acknowledgement: only sub-purposes inherit one.")


class Purpose(GovernedResource[PurposeModel]):
    type_name = "veil_purpose"
    model = PurposeModel
    kind = Kind.PURPOSE
    exported_to = "purposes.tf"

    def to_draft(self, declared: PurposeModel, deployed: "DeployedState | None") -> governed.Purpose:
        return governed.Purpose(declared.name, declared.acknowledgement or "", declared.description or "")

    def from_stored(self, thing: object) -> dict[str, Any]:
        assert isinstance(thing, governed.Purpose)
        return {
            "name": thing.name,
            "acknowledgement": thing.acknowledgement or None,
            "description": thing.description or None,
        }
