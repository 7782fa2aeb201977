"""Calls that look: refresh, import, data sources."""

from typing import Any

from ..api.context import DeferredReason
from ..api.resource import Resource, overrides
from ..contract.applying import check_known
from ..diagnostics import Diagnostics, PluginError
from ..lifecycle.blend import blend, drop_write_only
from ..lifecycle.completion import fill_defaults
from ..values.raw import Raw
from ..wire import tfplugin6_pb2 as pb
from .guard import guarded, report
from .planning import validate_config
from .registry import Definition
from .session import Session, encode_private
from .translate import Attributes, read_value, write_deferred, write_diagnostics, write_value


def read_resource(session: Session, request: pb.ReadResource.Request) -> pb.ReadResource.Response:
    """Refresh one resource."""
    diagnostics = Diagnostics()
    attributes: Attributes = {}
    response = pb.ReadResource.Response(private=request.private)
    with guarded(session, diagnostics, request.type_name):
        definition = session.registry.resource(request.type_name)
        attributes = definition.schema.attributes
        ctx = session.context(request.private, deferral_allowed=request.client_capabilities.deferral_allowed)
        ctx.diagnostics = diagnostics
        before = read_value(request.current_state, definition.schema.type)
        answer = definition.part.read(definition.binding.to_python(before), ctx)
        state = None if answer is None else _state(definition, answer, before, diagnostics, request.type_name)
        response.new_state.CopyFrom(write_value(state, definition.schema.type))
        response.private = encode_private(ctx.private)
        _defer(response, ctx.deferred)
    response.diagnostics.extend(write_diagnostics(diagnostics, attributes))
    return response


def _state(definition: Definition[Any], answer: Any, base: Raw, diagnostics: Diagnostics, subject: str) -> Raw:
    """What the provider returned, as a state: known in full, nothing write-only."""
    state = blend(definition.binding, answer, base)
    if definition.schema.has_write_only:
        state = drop_write_only(definition.schema.attributes, state)
    report(diagnostics, list(check_known(definition.schema.attributes, state)), subject, "result")
    return state


def _defer(response: Any, reason: DeferredReason | None) -> None:
    if reason is not None:
        response.deferred.CopyFrom(write_deferred(reason))


def import_resource_state(session: Session, request: pb.ImportResourceState.Request) -> pb.ImportResourceState.Response:
    """Find one existing object."""
    diagnostics = Diagnostics()
    attributes: Attributes = {}
    response = pb.ImportResourceState.Response()
    with guarded(session, diagnostics, request.type_name):
        definition = session.registry.resource(request.type_name)
        attributes = definition.schema.attributes
        if not overrides(definition.part, Resource, "import_state"):
            raise PluginError("Import is not supported", f"A {request.type_name} cannot be imported.")
        ctx = session.context(deferral_allowed=request.client_capabilities.deferral_allowed)
        ctx.diagnostics = diagnostics
        answer = definition.part.import_state(request.id, ctx)
        if answer is None:
            raise PluginError("Nothing to import", f"There is no {request.type_name} called {request.id!r}.")
        state = _state(definition, answer, None, diagnostics, request.type_name)
        imported = response.imported_resources.add(type_name=request.type_name, private=encode_private(ctx.private))
        imported.state.CopyFrom(write_value(state, definition.schema.type))
        _defer(response, ctx.deferred)
    response.diagnostics.extend(write_diagnostics(diagnostics, attributes))
    return response


def validate_data_resource_config(
    session: Session, request: pb.ValidateDataResourceConfig.Request
) -> pb.ValidateDataResourceConfig.Response:
    """Check one data block."""
    diagnostics = Diagnostics()
    attributes: Attributes = {}
    with guarded(session, diagnostics, f"data.{request.type_name}"):
        definition = session.registry.data_source(request.type_name)
        attributes = definition.schema.attributes
        validate_config(session, definition, request.config, diagnostics)
    return pb.ValidateDataResourceConfig.Response(diagnostics=write_diagnostics(diagnostics, attributes))


def read_data_source(session: Session, request: pb.ReadDataSource.Request) -> pb.ReadDataSource.Response:
    """Read one data source."""
    diagnostics = Diagnostics()
    attributes: Attributes = {}
    subject = f"data.{request.type_name}"
    response = pb.ReadDataSource.Response()
    with guarded(session, diagnostics, subject):
        definition = session.registry.data_source(request.type_name)
        attributes = definition.schema.attributes
        ctx = session.context(deferral_allowed=request.client_capabilities.deferral_allowed)
        ctx.diagnostics = diagnostics
        base = _with_defaults(definition, read_value(request.config, definition.schema.type))
        ctx.config = definition.binding.to_python(base)
        answer = definition.part.read(definition.binding.to_python(base), ctx)
        if ctx.deferred is None:
            state = _state(definition, answer, base, diagnostics, subject)
            response.state.CopyFrom(write_value(state, definition.schema.type))
        _defer(response, ctx.deferred)
    response.diagnostics.extend(write_diagnostics(diagnostics, attributes))
    return response


def _with_defaults(definition: Definition[Any], config: Raw) -> Raw:
    return fill_defaults(definition.schema.attributes, config, config)
