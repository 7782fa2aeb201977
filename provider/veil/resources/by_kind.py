"""The resource that declares the objects of a kind: `resources/<kind>.py` has it, in a class of the
kind's name.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from veil.model import KINDS, Kind

if TYPE_CHECKING:
    from veil.resources.exporting import Exportable


def _place(kind: Kind) -> str:
    name = "".join(part.capitalize() for part in kind.value.split("_"))
    return f"veil.resources.{kind.value}:{name}"


RESOURCE_OF: Mapping[Kind, str] = {kind: _place(kind) for kind, spec in KINDS.items() if spec.is_declared}
"""Module and class of the resource of each kind that one declares. Nothing is imported before it is
wanted.
"""


def resource_of(kind: Kind) -> "Exportable":
    """The resource of a kind. Raises KeyError for a kind that no resource declares."""
    module, _, name = RESOURCE_OF[kind].partition(":")
    resource: Exportable = getattr(import_module(module), name)()
    return resource
