"""Calls that come before a change: validate and plan."""

from typing import Any

from ..api.context import Context
from ..codec.errors import CodecError
from ..diagnostics import Diagnostics
from ..lifecycle.plan import Planner, PlanResult
from ..schema.validation import validate
from ..wire import tfplugin6_pb2 as pb
from .guard import guarded, report
from .registry import Definition
from .session import Session, encode_private
from .translate import Attributes, read_value, write_deferred, write_diagnostics, write_path, write_value


def validate_resource_config(
    session: Session, request: pb.ValidateResourceConfig.Request
) -> pb.ValidateResourceConfig.Response:
    """Check one resource block, as far as it is known."""
    diagnostics, attributes = Diagnostics(), _no_attributes()
    with guarded(session, diagnostics, request.type_name):
        definition = session.registry.resource(request.type_name)
        attributes = definition.schema.attributes
        validate_config(session, definition, request.config, diagnostics)
    return pb.ValidateResourceConfig.Response(diagnostics=write_diagnostics(diagnostics, attributes))


def validate_config(
    session: Session,
    definition: Definition[Any],
    message: pb.DynamicValue,
    diagnostics: Diagnostics,
) -> None:
    """Check a configuration: first its model, then, if that is well, the provider's own hook."""
    config = read_value(message, definition.schema.type)
    diagnostics.extend(validate(definition.model, definition.schema.attributes, config))
    if not diagnostics.has_errors:
        ctx = session.context()
        ctx.diagnostics = diagnostics
        definition.part.validate(definition.binding.to_python(config), ctx)


def _no_attributes() -> Attributes:
    return {}


def plan_resource_change(session: Session, request: pb.PlanResourceChange.Request) -> pb.PlanResourceChange.Response:
    """Plan one resource."""
    diagnostics, attributes = Diagnostics(), _no_attributes()
    response = pb.PlanResourceChange.Response()
    with guarded(session, diagnostics, request.type_name):
        definition = session.registry.resource(request.type_name)
        attributes = definition.schema.attributes
        ctx = session.context(request.prior_private, deferral_allowed=request.client_capabilities.deferral_allowed)
        ctx.diagnostics = diagnostics
        result = _plan(definition, request, ctx)
        report(diagnostics, result.problems, request.type_name, "plan")
        _check_replaced(result, attributes, request.type_name)
        response.planned_state.CopyFrom(write_value(result.planned, definition.schema.type))
        response.requires_replace.extend(filter(None, (write_path(path, attributes) for path in result.replaced)))
        response.planned_private = encode_private(ctx.private)
        if ctx.deferred is not None:
            response.deferred.CopyFrom(write_deferred(ctx.deferred))
    response.diagnostics.extend(write_diagnostics(diagnostics, attributes))
    return response


def _plan(definition: Definition[Any], request: pb.PlanResourceChange.Request, ctx: Context) -> PlanResult:
    kind = definition.schema.type
    prior = read_value(request.prior_state, kind)
    proposed = read_value(request.proposed_new_state, kind)
    config = read_value(request.config, kind)
    planner = Planner(definition.part, definition.schema, definition.binding, ctx)
    ctx.config = definition.binding.to_python(config)
    return planner.destroy(prior) if proposed is None else planner.change(proposed, config, prior)


def _check_replaced(result: PlanResult, attributes: Attributes, type_name: str) -> None:
    for path in result.replaced:
        if path[0] not in attributes:
            raise CodecError(f"{type_name} has no attribute {path[0]!r} that could require replacement")
