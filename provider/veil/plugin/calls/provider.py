"""Calls about the provider itself."""

from ..lifecycle.completion import fill_defaults
from ..schema.validation import validate
from ..secrecy import secrets_in
from ..wire import tfplugin6_pb2 as pb
from .session import Session
from .translate import read_object
from .walk import Walk
from .work import UNEXPECTED, Work


def validate_provider_config(
    session: Session, request: pb.ValidateProviderConfig.Request
) -> pb.ValidateProviderConfig.Response:
    """Check the provider block."""
    work = Work(session, f"provider {session.provider.name}")
    with work.guarded():
        definition = work.on(session.registry.provider_definition)
        config = read_object(request.config, definition.schema.type)
        work.diagnostics.extend(validate(definition.model, definition.schema.attributes, config))
        if not work.diagnostics.has_errors:
            complete = fill_defaults(definition.schema.attributes, config, config)
            session.provider.validate(definition.binding.to_python(complete), work.context(request))
    return pb.ValidateProviderConfig.Response(diagnostics=work.messages())


def configure_provider(session: Session, request: pb.ConfigureProvider.Request) -> pb.ConfigureProvider.Response:
    """Connect the provider. A process that is debugged is configured once per phase; nothing is
    kept from before.
    """
    work = Work(session, f"provider {session.provider.name}")
    session.client, session.walk = None, Walk()
    session.stopping.clear()
    session.terraform_version = request.terraform_version
    with work.guarded():
        definition = work.on(session.registry.provider_definition)
        config = read_object(request.config, definition.schema.type)
        config = fill_defaults(definition.schema.attributes, config, config)
        session.secrets.keep(secrets_in(definition.schema.attributes, config))
        ctx = work.context(request)
        ctx.config = definition.binding.to_python(config)
        session.client = session.provider.configure(ctx.config, ctx)
    return pb.ConfigureProvider.Response(diagnostics=work.messages())


def stop_provider(session: Session, _request: pb.StopProvider.Request) -> pb.StopProvider.Response:
    """Tell calls in flight that the user wants to stop. Terraform still waits for them."""
    session.stopping.set()
    try:
        session.provider.stop()
    except (Exception, SystemExit):
        session.log.debug("stop() failed", exc_info=True)
        return pb.StopProvider.Response(Error=UNEXPECTED)
    return pb.StopProvider.Response()
