"""Calls about ephemeral resources."""

from datetime import UTC, datetime
from typing import Any

from ..api.context import Context
from ..lifecycle.completion import fill_defaults
from ..wire import tfplugin6_pb2 as pb
from .reading import finished
from .session import Session, encode_private
from .translate import read_object, write_deferred, write_value
from .work import Work


def open_ephemeral_resource(
    session: Session, request: pb.OpenEphemeralResource.Request
) -> pb.OpenEphemeralResource.Response:
    """Obtain one."""
    work = Work(session, f"ephemeral.{request.type_name}")
    response = pb.OpenEphemeralResource.Response()
    with work.guarded():
        definition = work.on(session.registry.ephemeral(request.type_name))
        config = read_object(request.config, definition.schema.type)
        base = fill_defaults(definition.schema.attributes, config, config)
        ctx = work.context(request)
        ctx.config = definition.binding.to_python(config)
        answer = definition.part.open(definition.binding.to_python(base), ctx)
        if ctx.deferred is None:
            result = finished(work, definition, answer, base)
            response.result.CopyFrom(write_value(result, definition.schema.type))
        else:
            response.deferred.CopyFrom(write_deferred(ctx.deferred))
        _write_lease(response, ctx)
    response.diagnostics.extend(work.messages())
    return response


def renew_ephemeral_resource(
    session: Session, request: pb.RenewEphemeralResource.Request
) -> pb.RenewEphemeralResource.Response:
    """Prolong one."""
    work = Work(session, f"ephemeral.{request.type_name}")
    response = pb.RenewEphemeralResource.Response()
    with work.guarded():
        ctx = work.context(request, request.private)
        session.registry.ephemeral(request.type_name).part.renew(ctx)
        _write_lease(response, ctx)
    response.diagnostics.extend(work.messages())
    return response


def close_ephemeral_resource(
    session: Session, request: pb.CloseEphemeralResource.Request
) -> pb.CloseEphemeralResource.Response:
    """Let go of one."""
    work = Work(session, f"ephemeral.{request.type_name}")
    with work.guarded():
        ctx = work.context(request, request.private)
        session.registry.ephemeral(request.type_name).part.close(ctx)
    return pb.CloseEphemeralResource.Response(diagnostics=work.messages())


def _write_lease(response: Any, ctx: Context) -> None:
    response.private = encode_private(ctx.private)
    if ctx.renew_at is not None:
        response.renew_at.FromDatetime(_utc(ctx.renew_at))


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("renew_at needs a time zone")
    return moment.astimezone(UTC).replace(tzinfo=None)
