"""From the attributes that an import writes to those that a person would: what a default says is
left out.
"""

from collections.abc import Mapping
from typing import Any

from veil.cli.export.hcl import Expression, Value
from veil.plugin import Model
from veil.plugin.schema.derive import derive_schema
from veil.plugin.schema.objects import bind_model


def declared(model: type[Model], values: Mapping[str, Any]) -> dict[str, Value]:
    """The attributes of an object of this model by their HCL names, in the model's order. `values`
    are by the names of the model's fields; an Expression stands for itself.
    """
    attributes = derive_schema(model).attributes
    by_hcl_name: dict[str, Value] = {}
    for hcl_name, (name, _) in bind_model(model).fields.items():
        attribute, value = attributes[hcl_name], values.get(name)
        if value is None or not (attribute.required or attribute.optional):
            continue
        default = model.model_fields[name].get_default(call_default_factory=True)
        if attribute.required or value != default:
            by_hcl_name[hcl_name] = _value(value)
    return by_hcl_name


def _value(value: Any) -> Value:
    if isinstance(value, Model):
        return declared(type(value), dict(value))
    if isinstance(value, Mapping):
        return {str(key): _value(each) for key, each in sorted(value.items())}
    if isinstance(value, frozenset):
        return sorted(map(_value, value), key=_order)
    if isinstance(value, list | tuple):
        return [_value(each) for each in value]
    known: Value = value
    return known


def _order(value: Value) -> str:
    return value.text if isinstance(value, Expression) else str(value)
