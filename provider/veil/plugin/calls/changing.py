"""The call that changes things: apply."""

from dataclasses import dataclass
from typing import Any

from ..api.context import Context
from ..codec.errors import CodecError
from ..contract.applying import check_apply, check_known
from ..diagnostics import Diagnostics
from ..lifecycle.blend import blend, copy_write_only, drop_write_only
from ..values.raw import Raw, contains_unknown, without_unknowns
from ..wire import tfplugin6_pb2 as pb
from .guard import guarded, report
from .registry import Definition
from .session import Session, encode_private
from .translate import Attributes, read_value, write_diagnostics, write_value


@dataclass
class Change:
    """One apply: what there was, what is to be, what the user wrote."""

    definition: Definition[Any]
    prior: Raw
    planned: Raw
    config: Raw
    ctx: Context


def apply_resource_change(session: Session, request: pb.ApplyResourceChange.Request) -> pb.ApplyResourceChange.Response:
    """Create, update or delete one resource.

    When it fails, the answer carries what must not be forgotten: the prior state, or what the provider recorded with
    ``ctx.partial``.
    """
    diagnostics = Diagnostics()
    attributes: Attributes = {}
    response = pb.ApplyResourceChange.Response()
    with guarded(session, diagnostics, request.type_name):
        definition = session.registry.resource(request.type_name)
        attributes = definition.schema.attributes
        change = _read(session, definition, request)
        change.ctx.diagnostics = diagnostics
        state: Raw = None
        with guarded(session, diagnostics, request.type_name):
            state = _run(change, request.type_name)
        if diagnostics.has_errors:
            state = _salvaged(change, state)
        response.new_state.CopyFrom(write_value(state, definition.schema.type))
        response.private = encode_private(change.ctx.private)
    response.diagnostics.extend(write_diagnostics(diagnostics, attributes))
    return response


def _read(session: Session, definition: Definition[Any], request: pb.ApplyResourceChange.Request) -> Change:
    kind = definition.schema.type
    ctx = session.context(request.planned_private)
    config = read_value(request.config, kind)
    ctx.config = definition.binding.to_python(config)
    return Change(
        definition, read_value(request.prior_state, kind), read_value(request.planned_state, kind), config, ctx
    )


def _run(change: Change, type_name: str) -> Raw:
    """Let the provider do it; the new state, or None after a delete."""
    definition, to_python = change.definition, change.definition.binding.to_python
    if change.planned is None:
        definition.part.delete(to_python(change.prior), change.ctx)
        return None
    planned = change.planned
    if definition.schema.has_write_only:
        planned = copy_write_only(definition.schema.attributes, planned, change.config)
    if change.prior is None:
        answer = definition.part.create(to_python(planned), change.ctx)
    else:
        answer = definition.part.update(to_python(change.prior), to_python(planned), change.ctx)
    if answer is None:
        raise CodecError("create() and update() must return the new state, but returned None")
    state = _raw(change, answer)
    problems = [
        *check_known(definition.schema.attributes, state),
        *check_apply(definition.schema.attributes, change.planned, state),
    ]
    report(change.ctx.diagnostics, problems, type_name, "result")
    return without_unknowns(state) if contains_unknown(state) else state


def _raw(change: Change, answer: Any) -> Raw:
    definition = change.definition
    state = blend(definition.binding, answer, change.planned)
    return drop_write_only(definition.schema.attributes, state) if definition.schema.has_write_only else state


def _salvaged(change: Change, state: Raw) -> Raw:
    """What to save after a failure."""
    if state is not None:
        return state
    if change.ctx.partial_state is not None and change.planned is not None:
        return without_unknowns(_raw(change, change.ctx.partial_state))
    return change.prior
