"""Raw values: what the codecs produce and the plan logic works on.

| Terraform | Python |
|---|---|
| null, unknown | ``None``, ``UNKNOWN`` |
| string, bool | ``str``, ``bool`` |
| number | ``int`` when integral, otherwise ``Decimal``: never a float, so no digit is lost |
| list, set, tuple | ``list`` (of a set in any order; an element may be unknown more than once) |
| map, object | ``dict`` |
| dynamic | ``Typed``: a value with its type, or ``None``, ``UNKNOWN`` |
"""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .types import DYNAMIC, ListType, MapType, ObjectType, Primitive, SetType, TupleType, Type
from .unknown import UNKNOWN

Raw = Any


@dataclass(frozen=True, slots=True)
class Typed:
    """The value of a dynamic attribute, with the type that it turned out to have."""

    type: Type
    value: Raw


def fingerprint(value: Raw, kind: Type) -> Hashable:
    """A hashable stand-in for ``value``: equal values of one type, and only they, have equal
    stand-ins.
    """
    if value is None or value is UNKNOWN:
        return value
    match kind:
        case Primitive():
            if kind is DYNAMIC or isinstance(value, Typed):
                return (value.type, fingerprint(value.value, value.type))
            return (kind.name, value) if isinstance(value, bool) else value
        case SetType(element):
            return _set_fingerprint(value, element)
        case ListType(element):
            return tuple(fingerprint(item, element) for item in value)
        case TupleType(elements):
            return tuple(fingerprint(item, element) for item, element in zip(value, elements, strict=True))
        case MapType(element):
            return frozenset((name, fingerprint(item, element)) for name, item in value.items())
        case ObjectType(attributes):
            return frozenset((name, fingerprint(value[name], element)) for name, element in attributes.items())
    raise TypeError(f"not a Terraform type: {kind!r}")


def _set_fingerprint(value: list[Raw], element: Type) -> Hashable:
    """Known elements count once, unknown ones each for itself: they may turn out to differ."""
    prints = [fingerprint(item, element) for item in value]
    unknowns = Counter(item for item in prints if contains_unknown(item))
    return frozenset(prints), frozenset(unknowns.items())


def contains_unknown(value: object) -> bool:
    """Whether a raw value or a fingerprint holds an unknown value at any depth."""
    if value is UNKNOWN:
        return True
    if isinstance(value, dict):
        return any(contains_unknown(item) for item in value.values())
    if isinstance(value, list | tuple | frozenset):
        return any(contains_unknown(item) for item in value)
    return isinstance(value, Typed) and contains_unknown(value.value)


def equal(left: Raw, right: Raw, kind: Type) -> bool:
    """Whether two raw values of one type are the same value. An unknown value equals an unknown
    value.
    """
    left, right = _plain(left), _plain(right)
    # Values of one type that Python takes for equal are; those it distinguishes may be sets in
    # another order.
    if left is right or left == right:
        return True
    if left is None or right is None or left is UNKNOWN or right is UNKNOWN:
        return False
    match kind:
        case ObjectType(attributes):
            return all(equal(left[name], right[name], element) for name, element in attributes.items())
        case MapType(element):
            return left.keys() == right.keys() and all(equal(left[name], right[name], element) for name in left)
        case ListType(element):
            return len(left) == len(right) and all(equal(*pair, element) for pair in zip(left, right, strict=True))
    return fingerprint(left, kind) == fingerprint(right, kind)


def _plain(value: Raw) -> Raw:
    """A dynamic value of no type of its own as what it holds: the wire has both forms and they mean
    the same.
    """
    while isinstance(value, Typed) and value.type == DYNAMIC:
        value = value.value
    return value


def without_unknowns(value: Raw) -> Raw:
    """``value`` with null in every place that is unknown: what may be saved when an apply has
    failed.
    """
    if value is UNKNOWN:
        return None
    if isinstance(value, dict):
        return {name: without_unknowns(item) for name, item in value.items()}
    if isinstance(value, list):
        return [without_unknowns(item) for item in value]
    if isinstance(value, Typed):
        return Typed(value.type, without_unknowns(value.value))
    return value


def number(value: int | float | Decimal | str) -> int | Decimal:
    """A number as raw values hold it: an int when it is integral and of sane size, otherwise a
    Decimal.

    A float becomes the shortest decimal that means the same float, which is what its author wrote.
    Raises ValueError if ``value`` is text that is not a number, or is not a number (NaN).
    """
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        value = repr(value)
    if isinstance(value, str):
        value = _decimal(value)
    if value.is_nan():
        raise ValueError("not a number")
    if value.is_finite() and value.adjusted() < 4000 and value == value.to_integral_value():
        return int(value)
    return value


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(f"{text[:80]!r} is not a number") from None
