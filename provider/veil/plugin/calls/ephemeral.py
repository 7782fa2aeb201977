"""Calls about ephemeral resources."""

from datetime import UTC, datetime
from typing import Any

from ..api.context import Context
from ..contract.applying import check_known
from ..diagnostics import Diagnostics
from ..lifecycle.blend import blend, drop_write_only
from ..lifecycle.completion import fill_defaults
from ..wire import tfplugin6_pb2 as pb
from .guard import guarded, report
from .planning import validate_config
from .session import Session, encode_private
from .translate import Attributes, read_value, write_deferred, write_diagnostics, write_value


def validate_ephemeral_resource_config(
    session: Session, request: pb.ValidateEphemeralResourceConfig.Request
) -> pb.ValidateEphemeralResourceConfig.Response:
    """Check one ephemeral block."""
    diagnostics = Diagnostics()
    attributes: Attributes = {}
    with guarded(session, diagnostics, f"ephemeral.{request.type_name}"):
        definition = session.registry.ephemeral(request.type_name)
        attributes = definition.schema.attributes
        validate_config(session, definition, request.config, diagnostics)
    return pb.ValidateEphemeralResourceConfig.Response(diagnostics=write_diagnostics(diagnostics, attributes))


def open_ephemeral_resource(
    session: Session, request: pb.OpenEphemeralResource.Request
) -> pb.OpenEphemeralResource.Response:
    """Obtain one."""
    diagnostics = Diagnostics()
    attributes: Attributes = {}
    subject = f"ephemeral.{request.type_name}"
    response = pb.OpenEphemeralResource.Response()
    with guarded(session, diagnostics, subject):
        definition = session.registry.ephemeral(request.type_name)
        attributes = definition.schema.attributes
        config = read_value(request.config, definition.schema.type)
        base = fill_defaults(attributes, config, config)
        ctx = session.context(deferral_allowed=request.client_capabilities.deferral_allowed)
        ctx.diagnostics, ctx.config = diagnostics, definition.binding.to_python(config)
        answer = definition.part.open(definition.binding.to_python(base), ctx)
        if ctx.deferred is None:
            result = drop_write_only(attributes, blend(definition.binding, answer, base))
            report(diagnostics, list(check_known(attributes, result)), subject, "result")
            response.result.CopyFrom(write_value(result, definition.schema.type))
        else:
            response.deferred.CopyFrom(write_deferred(ctx.deferred))
        _write_lease(response, ctx)
    response.diagnostics.extend(write_diagnostics(diagnostics, attributes))
    return response


def renew_ephemeral_resource(
    session: Session, request: pb.RenewEphemeralResource.Request
) -> pb.RenewEphemeralResource.Response:
    """Prolong one."""
    diagnostics = Diagnostics()
    response = pb.RenewEphemeralResource.Response()
    with guarded(session, diagnostics, f"ephemeral.{request.type_name}"):
        ctx = session.context(request.private)
        ctx.diagnostics = diagnostics
        session.registry.ephemeral(request.type_name).part.renew(ctx)
        _write_lease(response, ctx)
    response.diagnostics.extend(write_diagnostics(diagnostics, {}))
    return response


def close_ephemeral_resource(
    session: Session, request: pb.CloseEphemeralResource.Request
) -> pb.CloseEphemeralResource.Response:
    """Let go of one."""
    diagnostics = Diagnostics()
    with guarded(session, diagnostics, f"ephemeral.{request.type_name}"):
        ctx = session.context(request.private)
        ctx.diagnostics = diagnostics
        session.registry.ephemeral(request.type_name).part.close(ctx)
    return pb.CloseEphemeralResource.Response(diagnostics=write_diagnostics(diagnostics, {}))


def _write_lease(response: Any, ctx: Context) -> None:
    response.private = encode_private(ctx.private)
    if ctx.renew_at is not None:
        response.renew_at.FromDatetime(_utc(ctx.renew_at))


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("renew_at needs a time zone")
    return moment.astimezone(UTC).replace(tzinfo=None)
