"""The call that plans a change."""

from typing import Any

from ..api.context import Context
from ..diagnostics import PluginError
from ..lifecycle.plan import Planner, PlanResult
from ..wire import tfplugin6_pb2 as pb
from .registry import Definition
from .session import Session, encode_private
from .translate import Attributes, read_object, read_state, write_deferred, write_path, write_value
from .work import BUG, Work


def plan_resource_change(session: Session, request: pb.PlanResourceChange.Request) -> pb.PlanResourceChange.Response:
    """Plan one resource."""
    work = Work(session, request.type_name)
    response = pb.PlanResourceChange.Response()
    with work.guarded():
        definition = work.on(session.registry.resource(request.type_name))
        ctx = work.context(request, request.prior_private)
        result = _plan(definition, request, ctx)
        work.report(result.problems, "plan")
        response.planned_state.CopyFrom(write_value(result.planned, definition.schema.type))
        response.requires_replace.extend(_replaced(result, definition.schema.attributes, request.type_name))
        response.planned_private = encode_private(ctx.private)
        if ctx.deferred is not None:
            response.deferred.CopyFrom(write_deferred(ctx.deferred))
    response.diagnostics.extend(work.messages())
    return response


def _plan(definition: Definition[Any], request: pb.PlanResourceChange.Request, ctx: Context) -> PlanResult:
    kind = definition.schema.type
    planner = Planner(definition.part, definition.schema, definition.binding, ctx)
    proposed = read_state(request.proposed_new_state, kind)
    if proposed is None:
        return planner.destroy(read_object(request.prior_state, kind))
    return planner.change(proposed, read_object(request.config, kind), read_state(request.prior_state, kind))


def _replaced(result: PlanResult, attributes: Attributes, type_name: str) -> list[pb.AttributePath]:
    paths = []
    for steps in result.replaced:
        path = write_path(steps, attributes)
        if path is None:
            raise PluginError(
                "Malformed plan", f"{type_name} has no attribute {steps[0]!r} to require replacement. {BUG}"
            )
        paths.append(path)
    return paths
