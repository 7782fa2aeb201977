"""What Terraform Core does around a provider, as far as the tests of planning need it."""

from collections.abc import Mapping
from typing import Any

from veil.plugin.lifecycle.pairing import children, counterpart, is_present, rebuild
from veil.plugin.schema.schema import Attribute
from veil.plugin.values.raw import Typed
from veil.plugin.values.types import BOOL, DYNAMIC, NUMBER, ListType, MapType, ObjectType, SetType, TupleType, Type
from veil.plugin.values.unknown import UNKNOWN


def propose(attributes: Mapping[str, Attribute], config: Any, prior: Any) -> Any:
    """Core's proposal: what is configured, and prior values where a computed attribute is not."""
    result = {}
    for name, attribute in attributes.items():
        before = prior[name] if is_present(prior) else None
        result[name] = _propose(attribute, config[name], before)
    return result


def _propose(attribute: Attribute, config: Any, prior: Any) -> Any:
    if config is None and attribute.computed:
        return prior
    if attribute.nested is None or not is_present(config):
        return config
    pairs = []
    for step, item in children(attribute.nested, config):
        before = counterpart(attribute.nested, step, item, prior)
        pairs.append((step, propose(attribute.nested.attributes, item, before) if is_present(item) else item))
    return rebuild(attribute.nested, pairs)


def settle(value: Any, kind: Type) -> Any:
    """``value`` with something known in every place that was unknown: what a faithful provider
    returns.
    """
    if value is UNKNOWN:
        return _anything(kind)
    if value is None:
        return None
    match kind:
        case ListType(element) | SetType(element):
            return [settle(item, element) for item in value]
        case MapType(element):
            return {name: settle(item, element) for name, item in value.items()}
        case TupleType(elements):
            return [settle(item, element) for item, element in zip(value, elements, strict=True)]
        case ObjectType(members):
            return {name: settle(value[name], element) for name, element in members.items()}
    return Typed(value.type, settle(value.value, value.type)) if isinstance(value, Typed) else value


def _anything(kind: Type) -> Any:
    match kind:
        case ListType() | SetType():
            return []
        case MapType():
            return {}
        case TupleType(elements):
            return [_anything(element) for element in elements]
        case ObjectType(members):
            return {name: _anything(element) for name, element in members.items()}
    if kind is DYNAMIC:
        return Typed(BOOL, True)
    return {NUMBER: 7, BOOL: True}.get(kind, "settled")  # type: ignore[call-overload]
