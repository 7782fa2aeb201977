"""Calls about the provider itself."""

from ..diagnostics import Diagnostics
from ..schema.validation import validate
from ..wire import tfplugin6_pb2 as pb
from .guard import guarded
from .session import Session
from .translate import read_value, write_diagnostics


def validate_provider_config(
    session: Session, request: pb.ValidateProviderConfig.Request
) -> pb.ValidateProviderConfig.Response:
    """Check the provider block."""
    diagnostics, definition = Diagnostics(), session.registry.provider_definition
    with guarded(session, diagnostics, f"provider {session.provider.name}"):
        config = read_value(request.config, definition.schema.type)
        diagnostics.extend(validate(definition.model, definition.schema.attributes, config))
        if not diagnostics.has_errors:
            ctx = session.context()
            ctx.diagnostics = diagnostics
            session.provider.validate(definition.binding.to_python(config), ctx)
    messages = write_diagnostics(diagnostics, definition.schema.attributes)
    return pb.ValidateProviderConfig.Response(diagnostics=messages)


def configure_provider(session: Session, request: pb.ConfigureProvider.Request) -> pb.ConfigureProvider.Response:
    """Connect the provider. A process that is debugged is configured once per phase; nothing is kept from before."""
    diagnostics, definition = Diagnostics(), session.registry.provider_definition
    session.client = None
    session.stopping.clear()
    session.terraform_version = request.terraform_version
    with guarded(session, diagnostics, f"provider {session.provider.name}"):
        config = definition.binding.to_python(read_value(request.config, definition.schema.type))
        ctx = session.context(deferral_allowed=request.client_capabilities.deferral_allowed)
        ctx.diagnostics, ctx.config = diagnostics, config
        session.client = session.provider.configure(config, ctx)
    return pb.ConfigureProvider.Response(diagnostics=write_diagnostics(diagnostics, definition.schema.attributes))


def stop_provider(session: Session, _request: pb.StopProvider.Request) -> pb.StopProvider.Response:
    """Tell calls in flight that the user wants to stop. Terraform still waits for them."""
    session.stopping.set()
    try:
        session.provider.stop()
    except (Exception, SystemExit) as error:
        session.log.debug("stop() failed", exc_info=True)
        return pb.StopProvider.Response(Error=f"{type(error).__name__}: {error}")
    return pb.StopProvider.Response()
