"""Calls that check a configuration, as far as it is known."""

from typing import Any

from ..lifecycle.completion import fill_defaults
from ..schema.validation import validate
from ..schema.write_only import configured_write_only, copy_write_only
from ..values.raw import Raw, contains_unknown
from ..wire import tfplugin6_pb2 as pb
from .putting_off import has_to_put_off
from .registry import Definition
from .session import Session
from .translate import read_object
from .work import Work


def validate_resource_config(
    session: Session, request: pb.ValidateResourceConfig.Request
) -> pb.ValidateResourceConfig.Response:
    """Check one resource block. Terraform asks for each before it plans anything, and again when it
    plans and applies it.
    """
    work = Work(session, request.type_name)
    with work.guarded():
        definition = work.on(session.registry.resource(request.type_name))
        config = validate_config(work, definition, request)
        if session.walk is not None and contains_unknown(config):
            session.walk.plans()
        if work.diagnostics.has_errors and has_to_put_off(session, definition.part, work.diagnostics):
            # The plan, which comes next, finds the same.
            work.diagnostics.items.clear()
        if definition.schema.has_write_only and not request.client_capabilities.write_only_attributes_allowed:
            _refuse_write_only(work, definition, config)
    return pb.ValidateResourceConfig.Response(diagnostics=work.messages())


def validate_data_resource_config(
    session: Session, request: pb.ValidateDataResourceConfig.Request
) -> pb.ValidateDataResourceConfig.Response:
    """Check one data block."""
    work = Work(session, f"data.{request.type_name}")
    with work.guarded():
        validate_config(work, work.on(session.registry.data_source(request.type_name)), request)
    return pb.ValidateDataResourceConfig.Response(diagnostics=work.messages())


def validate_ephemeral_resource_config(
    session: Session, request: pb.ValidateEphemeralResourceConfig.Request
) -> pb.ValidateEphemeralResourceConfig.Response:
    """Check one ephemeral block."""
    work = Work(session, f"ephemeral.{request.type_name}")
    with work.guarded():
        validate_config(work, work.on(session.registry.ephemeral(request.type_name)), request)
    return pb.ValidateEphemeralResourceConfig.Response(diagnostics=work.messages())


def validate_config(work: Work, definition: Definition[Any], request: Any) -> Raw:
    """First the model, then, if that is well, the provider's own hook. Returns the
    configuration.
    """
    schema = definition.schema
    config = read_object(request.config, schema.type)
    work.diagnostics.extend(validate(definition.model, schema.attributes, config))
    if not work.diagnostics.has_errors:
        ctx = work.context(request)
        ctx.config = definition.binding.to_python(config)
        complete = copy_write_only(schema, fill_defaults(schema.attributes, config, config), config)
        definition.part.validate(definition.binding.to_python(complete), ctx)
    return config


def _refuse_write_only(work: Work, definition: Definition[Any], config: Raw) -> None:
    """A Terraform that does not know write-only attributes would store them."""
    for path in configured_write_only(definition.schema.attributes, config):
        detail = "Its value must not be stored, which Terraform supports since version 1.11. Upgrade, or do not set it."
        work.diagnostics.error("Write-only attribute with an old Terraform", detail, path)
