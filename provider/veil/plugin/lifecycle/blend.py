"""Bring what provider code returns back into raw values without disturbing what it left alone."""

from collections.abc import Mapping
from typing import Any

from ..codec.errors import inside
from ..schema.model import Model
from ..schema.objects import ObjectBinding
from ..schema.schema import Attribute
from ..values.raw import Raw


def blend(binding: ObjectBinding, answer: Model, base: Raw) -> Raw:
    """``answer`` as a raw value. An attribute that still means what ``base`` has keeps exactly base's value.

    So a number keeps digits that a Python float has not, and a dynamic value the type that the user gave it.
    Raises CodecError when ``answer`` does not have the declared types.
    """
    if base is None or not isinstance(answer, binding.model):
        return binding.to_raw(answer)
    result = {}
    for hcl_name, (name, field) in binding.fields.items():
        value = answer.__dict__.get(name)
        if same(value, field.to_python(base[hcl_name])):
            result[hcl_name] = base[hcl_name]
        else:
            with inside(hcl_name):
                result[hcl_name] = field.to_raw(value)
    return result


def same(left: Any, right: Any) -> bool:
    """Equality that tells True from 1."""
    return type(left) is type(right) and bool(left == right)


def drop_write_only(attributes: Mapping[str, Attribute], value: Raw) -> Raw:
    """``value`` with null for everything write-only: it must never reach a state."""
    return copy_write_only(attributes, value, None)


def copy_write_only(attributes: Mapping[str, Attribute], value: Raw, source: Raw) -> Raw:
    """``value`` with the write-only values of ``source``, object by object; null where ``source`` has none."""
    if not isinstance(value, dict):
        return value
    there = source if isinstance(source, dict) else {}
    return {name: _copied(attribute, value[name], there.get(name)) for name, attribute in attributes.items()}


def _copied(attribute: Attribute, value: Raw, source: Raw) -> Raw:
    if attribute.write_only:
        return source
    if attribute.nested is None:
        return value
    inner = attribute.nested.attributes
    match attribute.nested.nesting.name:
        case "SINGLE":
            return copy_write_only(inner, value, source)
        case "MAP" if isinstance(value, dict):
            there = source if isinstance(source, dict) else {}
            return {key: copy_write_only(inner, item, there.get(key)) for key, item in value.items()}
        case "LIST" if isinstance(value, list):
            items = source if isinstance(source, list) else []
            padded = [*items, *[None] * (len(value) - len(items))]
            return [copy_write_only(inner, item, other) for item, other in zip(value, padded, strict=False)]
    return value
