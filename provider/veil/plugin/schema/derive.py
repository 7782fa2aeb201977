"""From a model to its schema."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic.fields import FieldInfo

from ..codec.errors import CodecError
from ..values.types import DYNAMIC, ListType, MapType, ObjectType, SetType, TupleType, Type
from .bindings import Binding, MapBinding, SequenceBinding, SetBinding
from .blocks import derive_block, refuse_blocks
from .declare import behaviour_of
from .model import Model
from .objects import ObjectBinding, bind_model
from .schema import Attribute, Comparison, Nested, Nesting, Schema, SchemaError

_NAME = re.compile(r"[a-z][a-z0-9_]*")
# What Terraform itself puts into every resource and every provider block.
_RESERVED = frozenset({"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"})
_RESERVED_IN_PROVIDERS = frozenset({"alias", "version"})


def derive_schema(model: type[Model], version: int = 0, deprecated: str | None = None) -> Schema:
    """The schema of a block described by ``model``. Raises SchemaError when the model makes no
    sense in Terraform.
    """
    _refuse_names(model, _RESERVED)
    return Schema(_attributes(model), version, describe(model), deprecated)


def describe(documented: type) -> str:
    """The docstring of a class as Markdown, empty when it has none of its own."""
    return inspect.cleandoc(documented.__dict__.get("__doc__") or "")


def settings_schema(model: type[Model]) -> Schema:
    """The schema of a provider block: nothing in it is computed, attributes with a default are
    merely optional.
    """
    schema = derive_schema(model)
    _refuse_names(model, _RESERVED_IN_PROVIDERS)
    return replace(schema, attributes=_only_configured(schema.attributes))


def _only_configured(attributes: Mapping[str, Attribute]) -> Mapping[str, Attribute]:
    result = {}
    for name, attribute in attributes.items():
        nested = attribute.nested
        nested = nested and replace(nested, attributes=_only_configured(nested.attributes))
        if attribute.computed and not attribute.has_default:
            raise SchemaError(f"{name}: nothing in a provider block can be computed")
        result[name] = replace(attribute, computed=False, nested=nested)
    return result


@cache
def _attributes(model: type[Model]) -> Mapping[str, Attribute]:
    binding = bind_model(model)
    result = {}
    for hcl_name, (name, field_binding) in binding.fields.items():
        result[hcl_name] = _attribute(
            model, hcl_name, model.model_fields[name], field_binding, hcl_name in binding.optional
        )
    for attribute in result.values():
        _check(model, attribute, result)
    return result


def _attribute(model: type[Model], hcl_name: str, info: FieldInfo, binding: Binding, nullable: bool) -> Attribute:
    behaviour = behaviour_of(info)
    where = f"{model.__name__}.{hcl_name}"
    if "block" in behaviour:
        inner = _model_in(binding)
        words = info.description or (describe(inner) if inner else "")
        return derive_block(where, hcl_name, info, nested=_nested(binding), description=words, nullable=nullable)
    only = bool(behaviour.get("only"))
    has_default = bool(behaviour.get("default")) or (
        not behaviour and not info.is_required() and info.default is not None
    )
    is_computed = bool(behaviour.get("computed")) or has_default
    nested = _nested(binding)
    refuse_blocks(where, binding)
    if nested is not None and only:
        nested = replace(nested, attributes=_only_computed(nested.attributes))
    inputs, replace_if = behaviour.get("inputs"), behaviour.get("requires_replace")
    return Attribute(
        name=hcl_name,
        leaf_type=binding.type if nested is None else None,
        nested=nested,
        description=info.description or "",
        required=not nullable and not is_computed,
        optional=not only and (nullable or is_computed),
        computed=is_computed,
        sensitive=bool(behaviour.get("sensitive")),
        write_only=bool(behaviour.get("write_only")),
        deprecated=behaviour.get("deprecated"),
        requires_replace=replace_if is True,
        replaces=_comparison(replace_if, binding),
        equivalent=_comparison(behaviour.get("equivalent"), binding),
        has_default=has_default,
        default=_default(where, info, binding) if has_default else None,
        inputs=None if inputs is None else tuple(inputs),
    )


def _comparison(compare: Any, binding: Binding) -> Comparison | None:
    """What an author said about two values in Python, for raw ones."""
    if not callable(compare):
        return None
    return lambda old, new: bool(compare(binding.to_python(old), binding.to_python(new)))


def _nested(binding: Binding) -> Nested | None:
    """The nested objects of an attribute, if that is what it holds; deeper ones are plain object
    types.
    """
    inner = _model_in(binding)
    if inner is None:
        return None
    nesting = {SequenceBinding: Nesting.LIST, SetBinding: Nesting.SET, MapBinding: Nesting.MAP}.get(type(binding))
    return Nested(nesting or Nesting.SINGLE, _attributes(inner))


def _model_in(binding: Binding) -> type[Model] | None:
    """The model of a nested object, or of the elements of a collection."""
    element = getattr(binding, "element", binding)
    return element.model if isinstance(element, ObjectBinding) else None


def _only_computed(attributes: Mapping[str, Attribute]) -> Mapping[str, Attribute]:
    """Inside what only the provider sets, nothing can be configured."""
    result = {}
    for name, attribute in attributes.items():
        nested = attribute.nested
        nested = nested and replace(nested, attributes=_only_computed(nested.attributes))
        result[name] = replace(
            attribute, required=False, optional=False, computed=True, has_default=False, default=None, nested=nested
        )
    return result


def _default(where: str, info: FieldInfo, binding: Binding) -> Any:
    value = info.get_default(call_default_factory=True)
    try:
        return binding.to_raw(_coerced(value, binding))
    except CodecError as error:
        raise SchemaError(f"{where}: the default does not have the declared type: {error}") from None


def _coerced(value: Any, binding: Binding) -> Any:
    """Let ``default={}`` stand for a nested model with all its own defaults, and ``[]`` for an
    empty set.
    """
    if isinstance(binding, ObjectBinding) and isinstance(value, Mapping):
        return binding.model(**value)
    if isinstance(binding, SetBinding) and isinstance(value, list | tuple):
        return frozenset(value)
    return value


def _refuse_names(model: type[Model], reserved: frozenset[str]) -> None:
    for name in _attributes(model).keys() & reserved:
        raise SchemaError(f"{model.__name__}.{name}: Terraform gives this name a meaning of its own")


def _check(model: type[Model], attribute: Attribute, siblings: Mapping[str, Attribute]) -> None:
    where = f"{model.__name__}.{attribute.name}"
    if not _NAME.fullmatch(attribute.name):
        raise SchemaError(f"{where}: a name has lower-case letters, digits and underscores, and starts with a letter")
    if attribute.write_only and (
        attribute.computed or attribute.requires_replace or attribute.replaces or attribute.equivalent
    ):
        raise SchemaError(f"{where}: a write-only attribute has no computed value, default or comparison")
    for name in attribute.inputs or ():
        if name not in siblings:
            raise SchemaError(f"{where}: the input {name!r} is not an attribute of the same object")
    if _has_dynamic_sets(attribute.type):
        raise SchemaError(f"{where}: nothing inside a set can be dynamic")
    if attribute.nested and attribute.nested.nesting is Nesting.SET:
        _check_set(where, attribute.nested.attributes)


def _check_set(where: str, attributes: Mapping[str, Attribute]) -> None:
    for name, attribute in attributes.items():
        if attribute.write_only:
            raise SchemaError(f"{where}.{name}: nothing inside a set can be write-only")
        if attribute.nested:
            _check_set(where, attribute.nested.attributes)


def _has_dynamic_sets(kind: Type, inside: bool = False) -> bool:
    match kind:
        case SetType(element):
            return _has_dynamic_sets(element, True)
        case ListType(element) | MapType(element):
            return _has_dynamic_sets(element, inside)
        case TupleType(elements):
            return any(_has_dynamic_sets(element, inside) for element in elements)
        case ObjectType(attributes):
            return any(_has_dynamic_sets(element, inside) for element in attributes.values())
    return inside and kind is DYNAMIC
