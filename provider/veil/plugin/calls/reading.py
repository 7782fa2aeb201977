"""Calls that look: refresh, import, data sources."""

from typing import Any

from ..api.context import Context
from ..api.resource import Resource, overrides
from ..contract.applying import check_known
from ..diagnostics import PluginError
from ..lifecycle.blend import blend
from ..lifecycle.completion import fill_defaults
from ..lifecycle.equivalence import keep_equivalent
from ..schema.blocks import fill_blocks
from ..schema.write_only import drop_write_only
from ..values.raw import Raw
from ..wire import tfplugin6_pb2 as pb
from .registry import Definition
from .session import Session, encode_private
from .translate import read_object, write_deferred, write_value
from .work import BUG, Work


def read_resource(session: Session, request: pb.ReadResource.Request) -> pb.ReadResource.Response:
    """Refresh one resource."""
    work = Work(session, request.type_name)
    _only_planned(session)
    response = pb.ReadResource.Response(private=request.private)
    with work.guarded():
        definition = work.on(session.registry.resource(request.type_name))
        ctx = work.context(request, request.private)
        before = read_object(request.current_state, definition.schema.type)
        answer = definition.part.read(definition.binding.to_python(before), ctx)
        state = None if answer is None else finished(work, definition, answer, before)
        response.new_state.CopyFrom(write_value(state, definition.schema.type))
        response.private = encode_private(ctx.private)
        _defer(response, ctx)
    response.diagnostics.extend(work.messages())
    return response


def import_resource_state(session: Session, request: pb.ImportResourceState.Request) -> pb.ImportResourceState.Response:
    """Find one existing object."""
    work = Work(session, request.type_name)
    _only_planned(session)
    response = pb.ImportResourceState.Response()
    with work.guarded():
        definition = work.on(session.registry.resource(request.type_name))
        if not overrides(definition.part, Resource, "import_state"):
            raise PluginError("Import is not supported", f"A {request.type_name} cannot be imported.")
        ctx = work.context(request)
        answer = definition.part.import_state(request.id, ctx)
        if answer is None:
            raise PluginError("Nothing to import", f"There is no {request.type_name} called {request.id[:200]!r}.")
        state = finished(work, definition, answer, None)
        imported = response.imported_resources.add(type_name=request.type_name, private=encode_private(ctx.private))
        imported.state.CopyFrom(write_value(state, definition.schema.type))
        _defer(response, ctx)
    response.diagnostics.extend(work.messages())
    return response


def read_data_source(session: Session, request: pb.ReadDataSource.Request) -> pb.ReadDataSource.Response:
    """Read one data source."""
    work = Work(session, f"data.{request.type_name}")
    response = pb.ReadDataSource.Response()
    with work.guarded():
        definition = work.on(session.registry.data_source(request.type_name))
        ctx = work.context(request)
        config = read_object(request.config, definition.schema.type)
        base = fill_defaults(definition.schema.attributes, config, config)
        ctx.config = definition.binding.to_python(config)
        answer = definition.part.read(definition.binding.to_python(base), ctx)
        if ctx.deferred is None:
            state = finished(work, definition, answer, base)
            response.state.CopyFrom(write_value(state, definition.schema.type))
        _defer(response, ctx)
    response.diagnostics.extend(work.messages())
    return response


def finished(work: Work, definition: Definition[Any], answer: Any, base: Raw) -> Raw:
    """What the provider returned, on top of ``base``: nothing write-only; what is not known is
    reported.
    """
    if answer is None:
        raise PluginError("Missing result", f"The provider gave nothing back. {BUG}")
    state = fill_blocks(definition.schema, blend(definition.binding, answer, base))
    state = keep_equivalent(definition.schema.attributes, state, base)
    state = drop_write_only(definition.schema, state)
    work.report(check_known(definition.schema.attributes, state), "result")
    return state


def _only_planned(session: Session) -> None:
    if session.walk is not None:
        session.walk.plans()


def _defer(response: Any, ctx: Context) -> None:
    if ctx.deferred is not None:
        response.deferred.CopyFrom(write_deferred(ctx.deferred))
