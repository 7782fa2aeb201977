"""How the resource of a kind is written into a configuration by `veil export`."""

from abc import abstractmethod
from typing import Any, ClassVar, Protocol

from veil.model import Kind
from veil.plugin import Model


class References(Protocol):
    """Refers to other resources of the configuration that is written."""

    def reference(self, attribute: str, *places: tuple[Kind, Any]) -> Any:
        """An attribute of the first object, by kind and key, that is there; the key of the first
        one where none is.
        """

    @property
    def view_schema(self) -> str:
        """Where the integration puts views that name no schema."""


class Exportable:
    """A resource class of governed objects as an export sees it."""

    kind: ClassVar[Kind]
    model: ClassVar[type[Model]]
    exported_to: ClassVar[str]
    """The file of the configuration in which its blocks stand."""

    @abstractmethod
    def from_stored(self, thing: Any) -> dict[str, Any]:
        """The configurable attributes of an object as an import writes them, but for `integration`,
        by the model's fields.
        """

    def exported_names(self, key: Any) -> tuple[str, ...]:
        """What the block of the object of a key may be called: the first that is free."""
        return (str(key),)

    def references(self, thing: Any, others: References) -> dict[str, Any]:
        """The attributes that refer to other resources, or that Terraform would compute as they
        are.
        """
        return {}
