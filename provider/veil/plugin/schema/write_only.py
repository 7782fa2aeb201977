"""Write-only values: in the configuration, never in a state."""

from collections.abc import Iterator, Mapping

from ..diagnostics import Steps
from ..values.raw import Raw
from .schema import Attribute, Nesting, Schema


def drop_write_only(schema: Schema, value: Raw) -> Raw:
    """``value`` with null for everything write-only."""
    return copy_write_only(schema, value, None)


def copy_write_only(schema: Schema, value: Raw, source: Raw) -> Raw:
    """``value`` with the write-only values of ``source``, object by object; null where ``source``
    has none.
    """
    return _copy(schema.attributes, value, source) if schema.has_write_only else value


def _copy(attributes: Mapping[str, Attribute], value: Raw, source: Raw) -> Raw:
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
    match attribute.nested.nesting:
        case Nesting.SINGLE | Nesting.GROUP:
            return _copy(inner, value, source)
        case Nesting.MAP if isinstance(value, dict):
            there = source if isinstance(source, dict) else {}
            return {key: _copy(inner, item, there.get(key)) for key, item in value.items()}
        case Nesting.LIST if isinstance(value, list):
            items = source if isinstance(source, list) else []
            padded = [*items, *[None] * (len(value) - len(items))]
            return [_copy(inner, item, other) for item, other in zip(value, padded, strict=False)]
    # Nothing inside a set can be write-only: the schema refuses it.
    return value


def configured_write_only(attributes: Mapping[str, Attribute], value: Raw, path: Steps = ()) -> Iterator[Steps]:
    """The paths of write-only attributes that have a value, as far as attributes alone lead to
    them.
    """
    if not isinstance(value, dict):
        return
    for name, attribute in attributes.items():
        if attribute.write_only and value[name] is not None:
            yield (*path, name)
        elif attribute.nested is not None and attribute.nested.is_one:
            yield from configured_write_only(attribute.nested.attributes, value[name], (*path, name))
