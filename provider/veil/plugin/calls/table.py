"""Which function answers which remote procedure. What is not listed is answered UNIMPLEMENTED."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..imports import load

if TYPE_CHECKING:
    from .session import Session

Call = Callable[["Session", Any], Any]

# By name: no process of Terraform's makes all calls, and what is not imported starts faster.
CALLS: Mapping[str, str] = MappingProxyType(
    {
        "GetProviderSchema": "schemas.get_provider_schema",
        "GetMetadata": "schemas.get_metadata",
        "GetFunctions": "schemas.get_functions",
        "ValidateProviderConfig": "provider.validate_provider_config",
        "ConfigureProvider": "provider.configure_provider",
        "StopProvider": "provider.stop_provider",
        "ValidateResourceConfig": "validating.validate_resource_config",
        "PlanResourceChange": "planning.plan_resource_change",
        "ApplyResourceChange": "changing.apply_resource_change",
        "ReadResource": "reading.read_resource",
        "ImportResourceState": "reading.import_resource_state",
        "ValidateDataResourceConfig": "validating.validate_data_resource_config",
        "ReadDataSource": "reading.read_data_source",
        "UpgradeResourceState": "state.upgrade_resource_state",
        "MoveResourceState": "state.move_resource_state",
        "ValidateEphemeralResourceConfig": "validating.validate_ephemeral_resource_config",
        "OpenEphemeralResource": "ephemeral.open_ephemeral_resource",
        "RenewEphemeralResource": "ephemeral.renew_ephemeral_resource",
        "CloseEphemeralResource": "ephemeral.close_ephemeral_resource",
        "CallFunction": "functions.call_function",
    }
)


def find(name: str) -> Call:
    """The function that answers the procedure ``name``, imported now if it was not before."""
    module, _, function = CALLS[name].partition(".")
    call: Call = getattr(load(f".{module}", __package__), function)
    return call
