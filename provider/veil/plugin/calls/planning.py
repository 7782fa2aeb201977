"""The call that plans a change."""

from typing import Any

from ..api.context import Context
from ..diagnostics import Diagnostic, PluginError
from ..lifecycle.plan import Planner, PlanResult
from ..values.raw import contains_unknown
from ..wire import tfplugin6_pb2 as pb
from .putting_off import has_to_put_off, may_put_off, put_off
from .registry import Definition
from .session import Session, encode_private
from .translate import Attributes, read_object, read_state, write_deferred, write_path, write_value
from .validating import validate_config
from .work import BUG, Work


def plan_resource_change(session: Session, request: pb.PlanResourceChange.Request) -> pb.PlanResourceChange.Response:
    """Plan one resource. Terraform asks again when it applies, once more is known."""
    work = Work(session, request.type_name)
    response = pb.PlanResourceChange.Response()
    with work.guarded():
        definition = work.on(session.registry.resource(request.type_name))
        ctx = work.context(request, request.prior_private)
        ctx.is_repeated = lambda: _is_repeated(session, request)
        result = _plan(work, definition, request, ctx)
        if not work.diagnostics.has_errors:
            work.report(result.problems, "plan")
            _answer(response, result, definition, ctx)
        elif result.planned is not None and has_to_put_off(session, definition.part, work.diagnostics):
            put_off(session, work.diagnostics, ctx.private)
            _answer(response, result, definition, ctx)
    response.diagnostics.extend(work.messages())
    return response


def _plan(work: Work, definition: Definition[Any], request: pb.PlanResourceChange.Request, ctx: Context) -> PlanResult:
    kind, walk = definition.schema.type, work.session.walk
    planner = Planner(definition.part, definition.schema, definition.binding, ctx, work.guarded)
    proposed = read_state(request.proposed_new_state, kind)
    if proposed is None:
        if walk is not None:
            walk.plans()
        return planner.destroy(read_object(request.prior_state, kind))
    config, prior = read_object(request.config, kind), read_state(request.prior_state, kind)
    if walk is not None and contains_unknown(config):
        walk.plans()
    refused = _refused(work, definition, request)
    planner.is_refused = bool(refused)
    result = planner.change(proposed, config, prior)
    if refused:
        # What else went wrong followed from that.
        work.diagnostics.items[:] = refused
    return result


def _is_repeated(session: Session, request: pb.PlanResourceChange.Request) -> bool:
    """Whether this is the plan that Terraform makes once more where it applies. Only then, and
    always then, it allows deferral, but for experimental builds that are asked to; OpenTofu and
    older versions never do, and the calls around it tell.
    """
    if request.client_capabilities.deferral_allowed:
        return True
    return session.walk is not None and session.walk.turns_out_to_apply()


def _refused(work: Work, definition: Definition[Any], request: pb.PlanResourceChange.Request) -> list[Diagnostic]:
    """The errors in the configuration that its validation has put off."""
    if not may_put_off(work.session, definition.part):
        return []
    checking = Work(work.session, request.type_name)
    with checking.guarded():
        validate_config(checking, definition, request)
    return [each for each in checking.diagnostics if each.severity == "error"]


def _answer(
    response: pb.PlanResourceChange.Response, result: PlanResult, definition: Definition[Any], ctx: Context
) -> None:
    attributes = definition.schema.attributes
    response.planned_state.CopyFrom(write_value(result.planned, definition.schema.type))
    response.requires_replace.extend(_replaced(result, attributes, definition.part.type_name))
    response.planned_private = encode_private(ctx.private)
    if ctx.deferred is not None:
        response.deferred.CopyFrom(write_deferred(ctx.deferred))


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
