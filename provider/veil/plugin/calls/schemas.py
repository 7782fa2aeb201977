"""Schemas as messages, and the calls that ask for them."""

from collections.abc import Iterable, Mapping

from ..api.function import Function, Parameter
from ..schema.annotations import read_annotation
from ..schema.derive import describe
from ..schema.objects import bind
from ..schema.schema import Attribute, Block, Nested, Schema, SchemaError
from ..wire import tfplugin6_pb2 as pb
from .session import Session


def capabilities() -> pb.ServerCapabilities:
    """What this server can do. Terraform reads it from GetProviderSchema only."""
    return pb.ServerCapabilities(plan_destroy=True, get_provider_schema_optional=True, move_resource_state=True)


def get_provider_schema(session: Session, _request: pb.GetProviderSchema.Request) -> pb.GetProviderSchema.Response:
    """Everything the provider offers."""
    registry = session.registry
    meta = registry.meta_definition
    return pb.GetProviderSchema.Response(
        provider_meta=None if meta is None else write_schema(meta.schema),
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
    block = _write_block(schema.attributes, schema.description, schema.deprecated)
    return pb.Schema(version=schema.version, block=block)


def _write_block(attributes: Mapping[str, Attribute], description: str, deprecated: str | None) -> pb.Schema.Block:
    blocks = {name: block for name, block in sorted(attributes.items()) if isinstance(block, Block)}
    return pb.Schema.Block(
        attributes=write_attributes(attributes),
        block_types=[_write_nested_block(block) for block in blocks.values()],
        description=description,
        description_kind=pb.MARKDOWN,
        deprecated=deprecated is not None,
        deprecation_message=deprecated or "",
    )


def _write_nested_block(block: Block) -> pb.Schema.NestedBlock:
    if block.nested is None:
        raise SchemaError(f"the block {block.name} describes nothing")
    return pb.Schema.NestedBlock(
        type_name=block.name,
        block=_write_block(block.nested.attributes, block.description, block.deprecated),
        nesting=pb.Schema.NestedBlock.NestingMode.Name(block.nested.nesting.value),
        min_items=block.min_items,
        max_items=block.max_items,
    )


def write_attributes(attributes: Mapping[str, Attribute]) -> Iterable[pb.Schema.Attribute]:
    """Attributes as messages, sorted by name; blocks are left out."""
    for name in sorted(attributes):
        attribute = attributes[name]
        if isinstance(attribute, Block):
            continue
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
            message.nested_type.CopyFrom(_write_nested(attribute.nested))
        yield message


def _write_nested(nested: Nested) -> pb.Schema.Object:
    nesting = pb.Schema.Object.NestingMode.Name(nested.nesting.value)
    return pb.Schema.Object(nesting=nesting, attributes=write_attributes(nested.attributes))


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
