"""Terraform's type system: what a value may be, and how a type is written on the wire.

The JSON form is that of the published wire format: ``"string"``, ``["list", T]``, ``["object",
{name: T}]`` ...
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


class TypeSyntaxError(ValueError):
    """The JSON form of a type makes no sense."""


class Type:
    """A Terraform type. Compare types with ``==``."""

    __slots__ = ()

    def to_json(self) -> object:
        """The type as JSON data."""
        raise NotImplementedError

    def encode(self) -> bytes:
        """The type as the bytes that ``Schema.Attribute.type`` carries."""
        return json.dumps(self.to_json(), separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Primitive(Type):
    """``string``, ``number``, ``bool``, or ``dynamic``, whose values say their own type."""

    name: str

    def to_json(self) -> object:
        return self.name


STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
DYNAMIC = Primitive("dynamic")
PRIMITIVES: Mapping[str, Primitive] = MappingProxyType({t.name: t for t in (STRING, NUMBER, BOOL, DYNAMIC)})


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """A sequence of values of one type.

    ``loose`` lists travel as dynamic tuples: so Terraform treats nested blocks that hold something
    dynamic, each of which may therefore have another type.
    """

    element: Type
    loose: bool = field(default=False, compare=False, kw_only=True)

    def to_json(self) -> object:
        return "dynamic" if self.loose else ["list", self.element.to_json()]


@dataclass(frozen=True, slots=True)
class SetType(Type):
    """Distinct values of one type, in no order."""

    element: Type

    def to_json(self) -> object:
        return ["set", self.element.to_json()]


@dataclass(frozen=True, slots=True)
class MapType(Type):
    """Values of one type under names that the user chooses. ``loose`` as for lists; these travel as
    objects.
    """

    element: Type
    loose: bool = field(default=False, compare=False, kw_only=True)

    def to_json(self) -> object:
        return "dynamic" if self.loose else ["map", self.element.to_json()]


@dataclass(frozen=True, slots=True)
class TupleType(Type):
    """A fixed number of values, each of its own type."""

    elements: tuple[Type, ...]

    def to_json(self) -> object:
        return ["tuple", [element.to_json() for element in self.elements]]


@dataclass(frozen=True, slots=True)
class ObjectType(Type):
    """Values of their own types under names that the schema chooses; ``optional`` names may be left
    out in HCL.
    """

    attributes: Mapping[str, Type]
    optional: frozenset[str] = field(default=frozenset(), compare=False)

    def to_json(self) -> object:
        attributes = {name: self.attributes[name].to_json() for name in sorted(self.attributes)}
        if self.optional:
            return ["object", attributes, sorted(self.optional)]
        return ["object", attributes]

    def __hash__(self) -> int:
        return hash(frozenset(self.attributes.items()))


def type_from_json(data: object) -> Type:
    """Read the JSON form of a type. Raises TypeSyntaxError when it is none."""
    match data:
        case str() if data in PRIMITIVES:
            return PRIMITIVES[data]
        case ["list", element]:
            return ListType(type_from_json(element))
        case ["set", element]:
            return SetType(type_from_json(element))
        case ["map", element]:
            return MapType(type_from_json(element))
        case ["tuple", [*elements]]:
            return TupleType(tuple(type_from_json(element) for element in elements))
        case ["object", dict() as attributes]:
            return ObjectType({name: type_from_json(value) for name, value in attributes.items()})
        case ["object", dict() as attributes, [*optional]] if all(isinstance(name, str) for name in optional):
            members = {name: type_from_json(value) for name, value in attributes.items()}
            return ObjectType(members, frozenset(map(str, optional)))
    raise TypeSyntaxError(f"{json.dumps(data, default=str)[:200]} is not a Terraform type")


def has_dynamic(kind: Type) -> bool:
    """Whether something inside a value of type ``kind`` says its own type."""
    match kind:
        case ListType(element) | SetType(element) | MapType(element):
            return has_dynamic(element)
        case TupleType(elements):
            return any(has_dynamic(element) for element in elements)
        case ObjectType(attributes):
            return any(has_dynamic(element) for element in attributes.values())
    return kind is DYNAMIC


def decode_type(encoded: bytes | str) -> Type:
    """Read a type as it travels inside a dynamic value. Raises TypeSyntaxError."""
    try:
        return type_from_json(json.loads(encoded))
    except (ValueError, RecursionError) as error:
        if isinstance(error, TypeSyntaxError):
            raise
        raise TypeSyntaxError("the type of a dynamic value is not JSON") from None
