"""Models from the JSON in which `terraform show -json` tells plans and states.

Source: Terraform's "JSON Output Format", where `after_unknown` is described as an object of the
shape of `after`, in which `true` stands for each value that is not known before the apply.
"""

from collections.abc import Mapping
from itertools import zip_longest
from typing import TypeVar

from ..codec.json_format import conform_json
from ..values.unknown import UNKNOWN
from .model import Model
from .objects import bind_model

M = TypeVar("M", bound=Model)


def from_shown(model: type[M], values: Mapping[str, object], unknown: object = False) -> M:
    """The model of one resource, nothing validated. `values` are its attributes, numbers exact;
    `unknown` is the `after_unknown` beside them. Raises CodecError, which is a ValueError, where
    the values are those of another schema.
    """
    binding = bind_model(model)
    instance: M = binding.to_python(conform_json(_overlaid(dict(values), unknown), binding.type))
    return instance


def _overlaid(value: object, unknown: object) -> object:
    """The value with UNKNOWN in it where it is not known."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict):
        known = value if isinstance(value, dict) else {}
        inside = {name: _overlaid(known.get(name), each) for name, each in unknown.items() if _any(each)}
        return {**known, **inside} if inside else value
    if isinstance(unknown, list) and _any(unknown):
        items = value if isinstance(value, list) else []
        return [_overlaid(item, each) for item, each in zip_longest(items, unknown)]
    return value


def _any(unknown: object) -> bool:
    """Whether anything in it is unknown."""
    if isinstance(unknown, dict):
        return any(map(_any, unknown.values()))
    if isinstance(unknown, list):
        return any(map(_any, unknown))
    return unknown is True
