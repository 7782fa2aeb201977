"""Calls about stored state: upgrades from older schema versions, moves from other types."""

from typing import Any

from ..api.resource import MoveSource, Resource, overrides
from ..codec.errors import CodecError
from ..codec.json_format import conform_json, parse_json
from ..diagnostics import PluginError
from ..schema.blocks import fill_blocks
from ..schema.write_only import drop_write_only
from ..wire import tfplugin6_pb2 as pb
from .reading import finished
from .registry import Definition
from .session import Session, encode_private
from .translate import write_value
from .work import Work


def upgrade_resource_state(
    session: Session, request: pb.UpgradeResourceState.Request
) -> pb.UpgradeResourceState.Response:
    """Bring a stored state to the current schema version. Terraform asks for every instance,
    changed schema or not.
    """
    work = Work(session, request.type_name)
    response = pb.UpgradeResourceState.Response()
    with work.guarded():
        _upgrade(work.on(session.registry.resource(request.type_name)), request, response)
    response.diagnostics.extend(work.messages())
    return response


def _upgrade(
    definition: Definition[Any], request: pb.UpgradeResourceState.Request, response: pb.UpgradeResourceState.Response
) -> None:
    if request.raw_state.flatmap and not request.raw_state.json:
        raise PluginError(
            "State is too old",
            f"The state of this {request.type_name} was written by Terraform 0.11. Upgrade it with Terraform 0.12 first.",
        )
    if request.version == definition.version:
        # Terraform decodes JSON by the schema itself, so that the bytes can go back as they came.
        response.upgraded_state.json = request.raw_state.json
        return
    data = parse_json(request.raw_state.json)
    if not isinstance(data, dict):
        raise CodecError("the stored state is not a JSON object")
    for version in range(request.version, definition.version):
        upgrader = definition.part.upgraders.get(version)
        if upgrader is None:
            raise PluginError(
                "State cannot be upgraded",
                f"The state of this {request.type_name} has schema version {version}, which this provider no longer reads."
                f" Apply with an older release of the provider first.",
            )
        data = upgrader(data)
    state = fill_blocks(definition.schema, conform_json(data, definition.schema.type))
    state = drop_write_only(definition.schema, state)
    response.upgraded_state.CopyFrom(write_value(state, definition.schema.type))


def move_resource_state(session: Session, request: pb.MoveResourceState.Request) -> pb.MoveResourceState.Response:
    """Take over the state of a resource of another type. Runs in a process that is not
    configured.
    """
    work = Work(session, request.target_type_name)
    response = pb.MoveResourceState.Response()
    with work.guarded():
        definition = work.on(session.registry.resource(request.target_type_name))
        ctx = work.context(request)
        answer = None
        if overrides(definition.part, Resource, "move_state"):
            answer = definition.part.move_state(_source(request), ctx)
        if answer is None:
            raise PluginError(
                "Move is not supported",
                f"A {request.source_type_name} of {request.source_provider_address} cannot become a"
                f" {request.target_type_name}.",
            )
        state = finished(work, definition, answer, None)
        response.target_state.CopyFrom(write_value(state, definition.schema.type))
        response.target_private = encode_private(ctx.private)
    response.diagnostics.extend(work.messages())
    return response


def _source(request: pb.MoveResourceState.Request) -> MoveSource:
    data = parse_json(request.source_state.json)
    if not isinstance(data, dict):
        raise CodecError("the stored state is not a JSON object")
    return MoveSource(
        request.source_provider_address,
        request.source_type_name,
        request.source_schema_version,
        data,
        request.source_private,
    )
