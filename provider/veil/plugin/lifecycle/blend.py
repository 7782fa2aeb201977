"""Bring what provider code returns back into raw values without disturbing what it left alone."""

from typing import Any

from ..codec.errors import CodecError
from ..schema.model import Model
from ..schema.objects import ObjectBinding
from ..values.raw import Raw


def blend(binding: ObjectBinding, answer: Model, base: Raw) -> Raw:
    """``answer`` as a raw value. An attribute that still means what ``base`` has keeps exactly
    base's value.

    So a number keeps digits that a Python float has not, and a dynamic value the type that the user
    gave it. Raises CodecError when ``answer`` does not have the declared types.
    """
    if base is None or not isinstance(answer, binding.model):
        return binding.to_raw(answer)
    result = {}
    for hcl_name, (name, field) in binding.fields.items():
        value = answer.__dict__.get(name)
        if same(value, field.to_python(base[hcl_name])):
            result[hcl_name] = base[hcl_name]
        else:
            try:
                result[hcl_name] = field.to_raw(value)
            except CodecError as error:
                raise error.under(hcl_name) from None
    return result


def same(left: Any, right: Any) -> bool:
    """Equality that tells True from 1."""
    return type(left) is type(right) and bool(left == right)
