"""Terraform providers in Python: plugin protocol 6, from the process handshake to the plan.

A provider's author writes models, resources and a provider class, and calls ``serve``. Names are
imported on first use: the handshake must not wait for pydantic.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api.context import Context, DeferredReason
    from .api.function import Function, Parameter, parameter
    from .api.provider import Provider
    from .api.reading import DataSource, EphemeralResource
    from .api.resource import Failure, MoveSource, Plan, Resource
    from .diagnostics import Diagnostic, Diagnostics, FunctionError, Path, PluginError
    from .imports import importing
    from .schema.check import InvalidValueError, check
    from .schema.declare import attribute, block, computed
    from .schema.model import Model
    from .schema.schema import SchemaError
    from .schema.shown import from_shown
    from .server.serve import serve
    from .terminal import printable
    from .values.unknown import UNKNOWN, Unknown, is_known, wholly_known

_HOMES = {
    "api.context": ("Context", "DeferredReason"),
    "api.function": ("Function", "Parameter", "parameter"),
    "api.provider": ("Provider",),
    "api.reading": ("DataSource", "EphemeralResource"),
    "api.resource": ("Failure", "MoveSource", "Plan", "Resource"),
    "diagnostics": ("Diagnostic", "Diagnostics", "FunctionError", "Path", "PluginError"),
    "imports": ("importing",),
    "schema.check": ("InvalidValueError", "check"),
    "schema.declare": ("attribute", "block", "computed"),
    "schema.model": ("Model",),
    "schema.schema": ("SchemaError",),
    "schema.shown": ("from_shown",),
    "server.serve": ("serve",),
    "terminal": ("printable",),
    "values.unknown": ("UNKNOWN", "Unknown", "is_known", "wholly_known"),
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [  # noqa: RUF022
    "Context",
    "DataSource",
    "DeferredReason",
    "Diagnostic",
    "Diagnostics",
    "EphemeralResource",
    "Failure",
    "Function",
    "FunctionError",
    "InvalidValueError",
    "Model",
    "MoveSource",
    "Parameter",
    "Path",
    "Plan",
    "PluginError",
    "Provider",
    "Resource",
    "SchemaError",
    "UNKNOWN",
    "Unknown",
    "attribute",
    "block",
    "check",
    "computed",
    "from_shown",
    "importing",
    "is_known",
    "parameter",
    "printable",
    "serve",
    "wholly_known",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_MODULE_OF[name]}", __name__), name)
