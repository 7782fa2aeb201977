"""Answers that a provider gives without knowing anything but itself: made when it is built, and
sent from files.

Such an answer follows from all models of the provider. To import them is most of what a process
does that Terraform starts only to ask for the schema.
"""

from collections.abc import Mapping

from ..api.provider import Provider
from ..wire import tfplugin6_pb2 as pb
from .session import Session
from .table import find

RECORDED = ("GetProviderSchema", "GetMetadata", "GetFunctions")
"""The procedures whose requests hold nothing."""

SUFFIX = ".binpb"


def record(provider: Provider) -> Mapping[str, bytes]:
    """The files of a folder that ``serve`` takes as ``recorded``, by their names: of each procedure
    its response, serialized.

    The same provider gives the same bytes. Raises SchemaError where a model makes no sense in
    Terraform.
    """
    session = Session(provider)
    return {
        f"{name}{SUFFIX}": find(name)(session, getattr(pb, name).Request()).SerializeToString(deterministic=True)
        for name in RECORDED
    }
