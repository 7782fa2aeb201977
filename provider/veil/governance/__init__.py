"""From what Terraform wants to what the warehouse holds: the planned world, publishing in groups,
drift.

This is the door: what resources, commands and `certify` may touch of governance stands in
`__all__`, and nothing else. Begin with `Governance`, which they talk to: `requests` are what they
ask of it, `answers` what it says, `errors` what it refuses. `DeployedState` is what it knows of the
warehouse, and `StoredObject` one object of that, which `drift` compares with what is wanted.
`closing`, `last_errors` and `notices` have the words for what people are told.

What the door leads to is imported where it is first used: a process that only tells schemas, or
validates, needs neither compiler nor driver. `load` imports all of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from veil.governance import answers, closing, drift, errors, last_errors, notices, requests
    from veil.governance.admission import known_columns
    from veil.governance.metadata import access_requests, identity
    from veil.governance.metadata.deployed import DeployedState, StoredObject
    from veil.governance.service import Governance

__all__ = [
    "DeployedState",
    "Governance",
    "StoredObject",
    "access_requests",
    "answers",
    "closing",
    "drift",
    "errors",
    "identity",
    "known_columns",
    "last_errors",
    "load",
    "notices",
    "requests",
]

_CLASSES = {
    "DeployedState": "metadata.deployed",
    "Governance": "service",
    "StoredObject": "metadata.deployed",
}
"""The module that each class of the door is from."""

_MODULES = {
    "access_requests": "metadata.access_requests",
    "identity": "metadata.identity",
    "known_columns": "admission.known_columns",
}
"""Where the modules of the door are that stand in a package. The others need no help to be
found.
"""


def load() -> None:
    """Import all that the door leads to."""
    for name in __all__:
        if name not in globals():
            import_module(f"{__name__}.{_CLASSES.get(name) or _MODULES.get(name, name)}")


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"{__name__}.{_MODULES[name]}")
    if name not in _CLASSES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_CLASSES[name]}"), name)
