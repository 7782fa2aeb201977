"""Check a decoded value against its type, and bring it into the raw form.

Msgpack, JSON and our own raw values differ in few points. ``Shape`` holds those points; the walk is
the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..values.raw import Raw, Typed, number
from ..values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)
from ..values.unknown import UNKNOWN
from .errors import CodecError
from .loose import is_loose, loosen


@dataclass(frozen=True, slots=True)
class Shape:
    """Where an encoding differs from the others.

    ``unwrap`` splits a dynamic value into type and value; ``text`` gives the str, or None for
    something else; ``number_text`` tells whether numbers may come as text; ``fill_missing`` whether
    an absent attribute is null.
    """

    unwrap: Callable[[object], tuple[Type, object]]
    text: Callable[[object], str | None]
    number_text: bool
    fill_missing: bool


def conform(value: Any, kind: Type, shape: Shape) -> Raw:
    """``value`` as a raw value of type ``kind``. Raises CodecError, naming the place."""
    if value is None or value is UNKNOWN:
        return value
    if is_loose(kind):
        concrete, content = shape.unwrap(value)
        return loosen(conform(content, concrete, shape), concrete, kind)
    match kind:
        case Primitive():
            return _primitive(value, kind, shape)
        case ListType(element) | SetType(element):
            sequence = _sequence(value)
            return _each(enumerate(sequence), [element] * len(sequence), shape)
        case TupleType(elements):
            return _tuple(_sequence(value), elements, shape)
        case MapType(element):
            mapping = _mapping(value, shape)
            return dict(zip(mapping, _each(mapping.items(), [element] * len(mapping), shape), strict=True))
        case ObjectType(attributes):
            return _object(_mapping(value, shape), attributes, shape)
    raise CodecError(f"{kind!r} is not a Terraform type")


def _each(items: Iterable[tuple[str | int, Any]], kinds: Sequence[Type], shape: Shape) -> list[Raw]:
    """The conforming form of every item; ``items`` pairs each with the step that leads to it."""
    result = []
    step: str | int = 0
    try:
        for (step, item), kind in zip(items, kinds, strict=True):  # noqa: B007 - the handler reads it
            result.append(conform(item, kind, shape))
    except CodecError as error:
        raise error.under(step) from None
    return result


def _primitive(value: Any, kind: Primitive, shape: Shape) -> Raw:
    if kind is DYNAMIC:
        inner, content = shape.unwrap(value)
        return Typed(inner, conform(content, inner, shape))
    if kind is STRING:
        text = shape.text(value)
        if text is not None:
            return text
    elif kind is BOOL and isinstance(value, bool):
        return value
    elif kind is NUMBER and not isinstance(value, bool):
        return _number(value, shape)
    raise CodecError(f"{kind.name} is required, found {_name(value)}")


def _number(value: Any, shape: Shape) -> int | Decimal:
    accepted = isinstance(value, int | float | Decimal) or (shape.number_text and isinstance(value, str))
    if not accepted:
        raise CodecError(f"number is required, found {_name(value)}")
    try:
        return number(value)
    except ValueError as error:
        raise CodecError(str(error)) from None


def _sequence(value: Any) -> list[Any] | tuple[Any, ...]:
    if isinstance(value, list | tuple):
        return value
    raise CodecError(f"a sequence is required, found {_name(value)}")


def _mapping(value: Any, shape: Shape) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CodecError(f"a map or an object is required, found {_name(value)}")
    result: dict[str, Any] = {}
    for key, item in value.items():
        name = shape.text(key)
        if name is None:
            raise CodecError(f"a name is required, found {_name(key)}")
        result[name] = item
    return result


def _tuple(value: list[Any] | tuple[Any, ...], elements: tuple[Type, ...], shape: Shape) -> Raw:
    if len(value) != len(elements):
        raise CodecError(f"a tuple of {len(elements)} elements is required, found {len(value)}")
    return _each(enumerate(value), elements, shape)


def _object(value: dict[str, Any], attributes: Mapping[str, Type], shape: Shape) -> Raw:
    for name in value:
        if name not in attributes:
            raise CodecError(f"unsupported attribute {name!r}")
    for name in attributes:
        if name not in value and not shape.fill_missing:
            raise CodecError(f"attribute {name!r} is missing")
    items = [(name, value.get(name)) for name in attributes]
    return dict(zip(attributes, _each(items, list(attributes.values()), shape), strict=True))


def _name(value: object) -> str:
    """The kind of a misplaced value. Never the value: it may be a secret."""
    match value:
        case bool():
            return "a bool"
        case int() | float() | Decimal():
            return "a number"
        case str() | bytes():
            return "a string"
        case list() | tuple() | set() | frozenset():
            return "a sequence"
        case dict():
            return "a map"
    return f"a {type(value).__name__}"
