"""Bindings: how a Python annotation maps to a Terraform type, and values between the two.

Towards Python nothing is validated: a state may be older than the rules, and a configuration may be
wrong in ways that the validation is about to explain. Towards Terraform a value of the wrong type
is refused, naming the place.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from enum import Enum
from typing import Any

from ..codec.errors import CodecError
from ..codec.text import normal_text
from ..values.raw import Raw, Typed, number
from ..values.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, SetType, TupleType, Type
from ..values.unknown import UNKNOWN
from .infer import infer


class Binding:
    """Maps values of one annotation. ``None`` and ``UNKNOWN`` map to themselves."""

    type: Type

    def to_python(self, raw: Raw) -> Any:
        """The Python value of a raw one."""
        return raw if raw is None or raw is UNKNOWN else self._to_python(raw)

    def to_raw(self, value: Any) -> Raw:
        """The raw value of a Python one. Raises CodecError."""
        return value if value is None or value is UNKNOWN else self._to_raw(value)

    def to_data(self, raw: Raw) -> Any:
        """The raw value as the plain data that pydantic validates; what is unknown stays
        ``UNKNOWN``.
        """
        return raw if raw is None or raw is UNKNOWN else self._to_data(raw)

    def _to_python(self, raw: Raw) -> Any:
        return raw

    def _to_raw(self, value: Any) -> Raw:
        raise NotImplementedError

    def _to_data(self, raw: Raw) -> Any:
        return raw


class StringBinding(Binding):
    """``str``."""

    type = STRING

    def _to_raw(self, value: Any) -> Raw:
        if isinstance(value, Enum):
            value = value.value
        if isinstance(value, str):
            return normal_text(value)
        raise _mismatch("a str", value)


class EnumBinding(StringBinding):
    """A ``StrEnum``. Text that is not a member stays text, for the validation to refuse."""

    def __init__(self, enum: type[Enum]) -> None:
        self.enum = enum

    def _to_python(self, raw: Raw) -> Any:
        try:
            return self.enum(raw)
        except ValueError:
            return raw


class BoolBinding(Binding):
    """``bool``."""

    type = BOOL

    def _to_raw(self, value: Any) -> Raw:
        if isinstance(value, bool):
            return value
        raise _mismatch("a bool", value)


class NumberBinding(Binding):
    """``int``, ``float`` or ``Decimal``. A number that is not whole stays a Decimal where an int is
    declared.
    """

    type = NUMBER

    def __init__(self, kind: Callable[..., Any]) -> None:
        self.kind = kind

    def _to_python(self, raw: Raw) -> Any:
        return self.kind(raw) if self.kind is not int else raw

    def _to_raw(self, value: Any) -> Raw:
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            try:
                return number(value)
            except ValueError as error:
                raise CodecError(str(error)) from None
        raise _mismatch("a number", value)

    def _to_data(self, raw: Raw) -> Any:
        # No Decimal is an int here, and pydantic would write out all digits of 1e999999999 to see
        # that.
        return float(raw) if self.kind is int and isinstance(raw, Decimal) else raw


class DynamicBinding(Binding):
    """``Any``: what the user writes decides the type; what the provider returns, the Python
    type.
    """

    type = DYNAMIC

    def _to_python(self, raw: Raw) -> Any:
        return plain(raw)

    def _to_raw(self, value: Any) -> Raw:
        return infer(value)

    def _to_data(self, raw: Raw) -> Any:
        return plain(raw)


class SequenceBinding(Binding):
    """``list[T]`` and ``tuple[T, ...]``. ``nullable`` where an element may be null."""

    def __init__(self, element: Binding, build: Callable[..., Any], *, nullable: bool = True) -> None:
        self.element = element
        self.nullable = nullable
        self.build = build
        self.type = ListType(element.type)

    def _to_python(self, raw: Raw) -> Any:
        return self.build(self.element.to_python(item) for item in raw)

    def _to_raw(self, value: Any) -> Raw:
        if isinstance(value, list | tuple):
            return _each(enumerate(value), self.element)
        raise _mismatch("a list or tuple", value)

    def _to_data(self, raw: Raw) -> Any:
        return [self.element.to_data(item) for item in raw]


class SetBinding(Binding):
    """``frozenset[T]`` and ``set[T]``. ``nullable`` where an element may be null."""

    def __init__(self, element: Binding, build: Callable[..., Any], *, nullable: bool = True) -> None:
        self.element = element
        self.nullable = nullable
        self.build = build
        self.type = SetType(element.type)

    def _to_python(self, raw: Raw) -> Any:
        return self.build(self.element.to_python(item) for item in raw)

    def _to_raw(self, value: Any) -> Raw:
        # The order of a Python set changes from process to process; what we send does not.
        if isinstance(value, AbstractSet):
            return [self.element.to_raw(item) for item in sorted(value, key=repr)]
        if isinstance(value, list | tuple):
            return _each(enumerate(value), self.element)
        raise _mismatch("a set", value)

    def _to_data(self, raw: Raw) -> Any:
        return [self.element.to_data(item) for item in raw]


class MapBinding(Binding):
    """``dict[str, T]``. ``nullable`` where a value may be null."""

    def __init__(self, element: Binding, *, nullable: bool = True) -> None:
        self.element = element
        self.nullable = nullable
        self.type = MapType(element.type)

    def _to_python(self, raw: Raw) -> Any:
        return {name: self.element.to_python(item) for name, item in raw.items()}

    def _to_raw(self, value: Any) -> Raw:
        if not isinstance(value, Mapping):
            raise _mismatch("a dict", value)
        return dict(zip(map(normal_text, value), _each(value.items(), self.element), strict=True))

    def _to_data(self, raw: Raw) -> Any:
        return {name: self.element.to_data(item) for name, item in raw.items()}


class TupleBinding(Binding):
    """``tuple[A, B]``. ``nullable`` says of each element whether it may be null."""

    def __init__(self, elements: tuple[Binding, ...], nullable: tuple[bool, ...]) -> None:
        self.elements = elements
        self.nullable = nullable
        self.type = TupleType(tuple(element.type for element in elements))

    def _to_python(self, raw: Raw) -> Any:
        return tuple(element.to_python(item) for element, item in zip(self.elements, raw, strict=True))

    def _to_raw(self, value: Any) -> Raw:
        if isinstance(value, list | tuple) and len(value) == len(self.elements):
            return [element.to_raw(item) for element, item in zip(self.elements, value, strict=True)]
        raise _mismatch(f"a tuple of {len(self.elements)}", value)

    def _to_data(self, raw: Raw) -> Any:
        return tuple(element.to_data(item) for element, item in zip(self.elements, raw, strict=True))


def plain(raw: Raw) -> Any:
    """A raw value of any type as Python data: dynamic values unwrapped, sets of scalars as
    frozensets.
    """
    if not isinstance(raw, Typed):
        return raw
    return _plain(raw.value, raw.type)


def _plain(value: Raw, kind: Type) -> Any:
    if value is None or value is UNKNOWN:
        return value
    match kind:
        case SetType(element) if element in (STRING, NUMBER, BOOL):
            return frozenset(value)
        case ListType(element) | SetType(element):
            return [_plain(item, element) for item in value]
        case TupleType(elements):
            return [_plain(item, element) for item, element in zip(value, elements, strict=True)]
        case MapType(element):
            return {name: _plain(item, element) for name, item in value.items()}
    if isinstance(value, dict):
        return {name: _plain(item, kind.attributes[name]) for name, item in value.items()}  # type: ignore[attr-defined]
    return plain(value)


def _each(items: Iterable[tuple[str | int, Any]], element: Binding) -> list[Raw]:
    """The raw form of every item; ``items`` pairs each with the step that leads to it."""
    result = []
    step: str | int = 0
    try:
        for step, item in items:  # noqa: B007 - the handler reads it
            result.append(element.to_raw(item))
    except CodecError as error:
        raise error.under(step) from None
    return result


def _mismatch(wanted: str, value: object) -> CodecError:
    return CodecError(f"{wanted} is required, found a {type(value).__name__}")
