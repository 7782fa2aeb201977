"""Dynamic values inside collections.

Terraform gives every element of a list, set or map the same type, even where the schema says
dynamic: it dies of one that breaks this. Nested blocks that hold something dynamic may differ, and
travel therefore as one dynamic tuple or object. Here they are a list or map like any other, whose
dynamic attributes carry their types; this module goes between the two.
"""

from collections.abc import Iterable
from typing import Any

from ..values.raw import Raw, Typed
from ..values.types import DYNAMIC, ListType, MapType, ObjectType, SetType, TupleType, Type
from ..values.unknown import UNKNOWN
from .errors import CodecError


def tighten(value: Raw, declared: Type) -> Typed:
    """``value`` with the type that it has once all that is dynamic is known, nothing in it wrapped
    any more.

    Raises CodecError if the elements of a collection differ in type.
    """
    if declared is DYNAMIC:
        return value if isinstance(value, Typed) else Typed(DYNAMIC, value)
    if value is None or value is UNKNOWN:
        return Typed(declared, value)
    match declared:
        case ListType(element, loose=True):
            return _tuple(_each((index, item, element) for index, item in enumerate(value)))
        case TupleType(elements):
            return _tuple(_each((index, value[index], element) for index, element in enumerate(elements)))
        case MapType(element, loose=True):
            return _object(_each((name, item, element) for name, item in value.items()))
        case ObjectType(attributes):
            return _object(_each((name, value[name], kind) for name, kind in attributes.items()))
        case ListType(element) | SetType(element):
            items = list(_each((index, item, element) for index, item in enumerate(value)).values())
            return Typed(type(declared)(_common(items, element)), [item.value for item in items])
        case MapType(element):
            named = _each((name, item, element) for name, item in value.items())
            return Typed(MapType(_common(named.values(), element)), {name: item.value for name, item in named.items()})
    return Typed(declared, value)


def _each(items: Iterable[tuple[str | int, Raw, Type]]) -> dict[Any, Typed]:
    """Every item tight, by the step of a path that leads to it."""
    result = {}
    step: str | int = 0
    try:
        for step, item, kind in items:
            result[step] = tighten(item, kind)
    except CodecError as error:
        raise error.under(step) from None
    return result


def _tuple(items: dict[Any, Typed]) -> Typed:
    return Typed(TupleType(tuple(item.type for item in items.values())), [item.value for item in items.values()])


def _object(members: dict[Any, Typed]) -> Typed:
    kinds = {name: item.type for name, item in members.items()}
    return Typed(ObjectType(kinds), {name: item.value for name, item in members.items()})


def _common(items: Iterable[Typed], declared: Type) -> Type:
    """The one type of the elements. Only one that is dynamic to the last, null or unknown, agrees
    with any other.
    """
    kinds = [item.type for item in items if item.type is not DYNAMIC]
    if any(kind != kinds[0] for kind in kinds):
        raise CodecError("the elements of a list, set or map must all have the same type")
    return kinds[0] if kinds else declared


def loosen(value: Raw, concrete: Type, declared: Type) -> Raw:
    """The opposite: ``value``, which has the type ``concrete``, as a value of the ``declared``
    type. Raises CodecError.
    """
    if declared is DYNAMIC and concrete is not DYNAMIC:
        return Typed(concrete, value)
    if value is None or value is UNKNOWN:
        return value
    match declared, concrete:
        case (ListType(element) | SetType(element), ListType(inner) | SetType(inner)):
            return [loosen(item, inner, element) for item in value]
        case (ListType(element, loose=True), TupleType(inners)):
            return [loosen(item, inner, element) for item, inner in zip(value, inners, strict=True)]
        case (TupleType(elements), TupleType(inners)) if len(elements) == len(inners):
            return [loosen(*each) for each in zip(value, inners, elements, strict=True)]
        case (MapType(element), MapType(inner)):
            return {name: loosen(item, inner, element) for name, item in value.items()}
        case (MapType(element, loose=True), ObjectType(members)):
            return {name: loosen(value[name], inner, element) for name, inner in members.items()}
        case (ObjectType(attributes), ObjectType(members)) if attributes.keys() == members.keys():
            return {name: loosen(value[name], members[name], kind) for name, kind in attributes.items()}
    if declared == concrete:
        return value
    raise CodecError(f"blocks of another type are required, found {concrete.encode().decode()[:200]}")


def is_loose(kind: Type) -> bool:
    """Whether values of ``kind`` travel as dynamic ones."""
    return isinstance(kind, ListType | MapType) and kind.loose
