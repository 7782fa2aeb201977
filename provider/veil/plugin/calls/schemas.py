"""Schemas as messages, and the calls that ask for them."""

from collections.abc import Iterable, Mapping

from ..api.function import Function, Parameter
from ..schema.annotations import read_annotation
from ..schema.derive import describe
from ..schema.objects import bind
from ..schema.schema import Attribute, Nesting, Schema
from ..wire import tfplugin6_pb2 as pb
from .session import Session

_NESTING = {
    Nesting.SINGLE: pb.Schema.Object.SINGLE,
    Nesting.LIST: pb.Schema.Object.LIST,
    Nesting.SET: pb.Schema.Object.SET,
    Nesting.MAP: pb.Schema.Object.MAP,
}


def capabilities() -> pb.ServerCapabilities:
    """What this server can do. Terraform reads it from GetProviderSchema only."""
    return pb.ServerCapabilities(plan_destroy=True, get_provider_schema_optional=True, move_resource_state=True)


def get_provider_schema(session: Session, _request: pb.GetProviderSchema.Request) -> pb.GetProviderSchema.Response:
    """Everything the provider offers."""
    registry = session.registry
    return pb.GetProviderSchema.Response(
        provider=write_schema(registry.provider_definition.schema),
        resource_schemas={name: write_schema(item.schema) for name, item in registry.resources().items()},
        data_source_schemas={name: write_schema(item.schema) for name, item in registry.data_sources().items()},
        ephemeral_resource_schemas={name: write_schema(item.schema) for name, item in registry.ephemerals().items()},
        functions=_functions(session),
        server_capabilities=capabilities(),
    )


def get_metadata(session: Session, _request: pb.GetMetadata.Request) -> pb.GetMetadata.Response:
    """The names of everything the provider offers."""
    registry = session.registry
    return pb.GetMetadata.Response(
        server_capabilities=capabilities(),
        resources=[pb.GetMetadata.ResourceMetadata(type_name=name) for name in registry.resources()],
        data_sources=[pb.GetMetadata.DataSourceMetadata(type_name=name) for name in registry.data_sources()],
        ephemeral_resources=[pb.GetMetadata.EphemeralMetadata(type_name=name) for name in registry.ephemerals()],
        functions=[pb.GetMetadata.FunctionMetadata(name=name) for name in registry.functions.all()],
    )


def get_functions(session: Session, _request: pb.GetFunctions.Request) -> pb.GetFunctions.Response:
    """The functions alone."""
    return pb.GetFunctions.Response(functions=_functions(session))


def write_schema(schema: Schema) -> pb.Schema:
    """A schema as a message."""
    block = pb.Schema.Block(
        attributes=write_attributes(schema.attributes),
        description=schema.description,
        description_kind=pb.MARKDOWN,
        deprecated=schema.deprecated is not None,
        deprecation_message=schema.deprecated or "",
    )
    return pb.Schema(version=schema.version, block=block)


def write_attributes(attributes: Mapping[str, Attribute]) -> Iterable[pb.Schema.Attribute]:
    """Attributes as messages, sorted by name."""
    for name in sorted(attributes):
        attribute = attributes[name]
        message = pb.Schema.Attribute(
            name=name,
            description=attribute.description,
            description_kind=pb.MARKDOWN,
            required=attribute.required,
            optional=attribute.optional,
            computed=attribute.computed,
            sensitive=attribute.sensitive,
            write_only=attribute.write_only,
            deprecated=attribute.deprecated is not None,
            deprecation_message=attribute.deprecated or "",
        )
        if attribute.nested is None:
            message.type = attribute.type.encode()
        else:
            nested = attribute.nested
            message.nested_type.nesting = _NESTING[nested.nesting]
            message.nested_type.attributes.extend(write_attributes(nested.attributes))
        yield message


def _functions(session: Session) -> dict[str, pb.Function]:
    return {name: write_function(function) for name, function in session.registry.functions.all().items()}


def write_function(function: Function) -> pb.Function:
    """A function's signature as a message."""
    returns = bind(read_annotation(function.returns, f"{function.name} returns"))
    message = pb.Function(
        parameters=[_parameter(item) for item in function.parameters],
        variadic_parameter=_parameter(function.variadic) if function.variadic else None,
        summary=function.summary,
        description=describe(type(function)),
        description_kind=pb.MARKDOWN,
        deprecation_message=function.deprecated or "",
    )
    # The field's name is a keyword in Python.
    getattr(message, "return").type = returns.type.encode()
    return message


def _parameter(item: Parameter) -> pb.Function.Parameter:
    annotation = read_annotation(item.annotation, item.name)
    return pb.Function.Parameter(
        name=item.name,
        type=bind(annotation).type.encode(),
        allow_null_value=annotation.nullable,
        allow_unknown_values=item.allow_unknown,
        description=item.description,
        description_kind=pb.MARKDOWN,
    )
