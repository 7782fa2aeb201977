"""The call that changes things: apply."""

from dataclasses import dataclass
from typing import Any

from ..api.context import Context
from ..api.resource import Failure
from ..contract.applying import check_apply, check_known
from ..diagnostics import PluginError
from ..lifecycle.blend import blend
from ..lifecycle.equivalence import keep_equivalent
from ..schema.blocks import fill_blocks
from ..schema.write_only import copy_write_only, drop_write_only
from ..values.raw import Raw, without_unknowns
from ..wire import tfplugin6_pb2 as pb
from .putting_off import raise_what_was_put_off
from .registry import Definition
from .session import Session, encode_private
from .translate import read_object, read_state, write_value
from .work import BUG, Work


@dataclass
class _Change:
    """One apply: what there was, what is to be, what the user wrote."""

    definition: Definition[Any]
    prior: Raw
    planned: Raw
    config: Raw
    ctx: Context


def apply_resource_change(session: Session, request: pb.ApplyResourceChange.Request) -> pb.ApplyResourceChange.Response:
    """Create, update or delete one resource.

    When it fails, the answer carries what must not be forgotten: the prior state, or what the
    provider recorded with ``ctx.partial``.
    """
    work = Work(session, request.type_name)
    if session.walk is not None:
        session.walk.applies()
    response = pb.ApplyResourceChange.Response()
    with work.guarded():
        definition = work.on(session.registry.resource(request.type_name))
        change = _read(definition, request, work.context(request, request.planned_private))
        state: Raw = None
        with work.guarded():
            raise_what_was_put_off(change.ctx.private)
            state = _run(work, change)
        if work.diagnostics.has_errors and state is None:
            with work.guarded():
                _tell(work, change)
            state = _salvaged(change)
        response.new_state.CopyFrom(write_value(state, definition.schema.type))
        response.private = encode_private(change.ctx.private)
    response.diagnostics.extend(work.messages())
    return response


def _read(definition: Definition[Any], request: pb.ApplyResourceChange.Request, ctx: Context) -> _Change:
    kind = definition.schema.type
    planned = read_state(request.planned_state, kind)
    if planned is None:
        return _Change(definition, read_object(request.prior_state, kind), None, None, ctx)
    config = read_object(request.config, kind)
    ctx.config = definition.binding.to_python(config)
    return _Change(definition, read_state(request.prior_state, kind), planned, config, ctx)


def _run(work: Work, change: _Change) -> Raw:
    """Let the provider do it. Returns the new state, None after a delete."""
    part, to_python = change.definition.part, change.definition.binding.to_python
    if change.planned is None:
        part.delete(to_python(change.prior), change.ctx)
        return None
    planned = to_python(copy_write_only(change.definition.schema, change.planned, change.config))
    if change.prior is None:
        answer = part.create(planned, change.ctx)
    else:
        answer = part.update(to_python(change.prior), planned, change.ctx)
    if answer is None:
        raise PluginError("Missing result", f"The provider gave no new state back. {BUG}")
    state = _state(change, answer)
    attributes = change.definition.schema.attributes
    work.report(check_known(attributes, state), "result")
    work.report(check_apply(attributes, change.planned, state), "result")
    return without_unknowns(state)


def _tell(work: Work, change: _Change) -> None:
    """Let the provider act on a create or update that failed."""
    if change.planned is None:
        return
    to_python = change.definition.binding.to_python
    planned = to_python(copy_write_only(change.definition.schema, change.planned, change.config))
    errors = tuple(each for each in work.diagnostics if each.severity == "error")
    change.definition.part.failed(Failure(to_python(change.prior), planned, errors), change.ctx)


def _state(change: _Change, answer: Any) -> Raw:
    schema = change.definition.schema
    state = blend(change.definition.binding, answer, change.planned)
    state = keep_equivalent(schema.attributes, state, change.planned)
    return drop_write_only(schema, fill_blocks(schema, state))


def _salvaged(change: _Change) -> Raw:
    """What to save after a failure."""
    if change.ctx.partial_state is not None and change.planned is not None:
        return without_unknowns(_state(change, change.ctx.partial_state))
    return change.prior
