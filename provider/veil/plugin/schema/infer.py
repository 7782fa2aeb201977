"""The Terraform type of a plain Python value, for dynamic attributes."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any

from ..codec.errors import CodecError
from ..codec.text import normal_text
from ..values.raw import Raw, Typed, number
from ..values.types import BOOL, DYNAMIC, NUMBER, STRING, ObjectType, SetType, TupleType, Type
from ..values.unknown import UNKNOWN


def infer(value: Any) -> Typed:
    """``value`` with the type that it has in Terraform: lists become tuples, dicts objects, as
    HCL's own literals do.

    Raises CodecError for what Terraform cannot express.
    """
    kind, raw = _infer(value)
    return Typed(kind, raw)


def _infer(value: Any) -> tuple[Type, Raw]:
    if value is None or value is UNKNOWN:
        return DYNAMIC, value
    if isinstance(value, Typed):
        return value.type, value.value
    if isinstance(value, bool):
        return BOOL, value
    if isinstance(value, str):
        return STRING, normal_text(value)
    if isinstance(value, int | float | Decimal):
        return NUMBER, number(value)
    if isinstance(value, Mapping):
        members = {normal_text(str(name)): _infer(item) for name, item in value.items()}
        return ObjectType({name: kind for name, (kind, _) in members.items()}), {
            n: raw for n, (_, raw) in members.items()
        }
    if isinstance(value, AbstractSet):
        return _infer_set(value)
    if isinstance(value, list | tuple):
        items = [_infer(item) for item in value]
        return TupleType(tuple(kind for kind, _ in items)), [raw for _, raw in items]
    raise CodecError(f"a {type(value).__name__} cannot be expressed in Terraform")


def _infer_set(value: AbstractSet[Any]) -> tuple[Type, Raw]:
    items = [_infer(item) for item in sorted(value, key=repr)]
    kinds = {kind for kind, _ in items if kind is not DYNAMIC}
    if len(kinds) > 1:
        raise CodecError("the elements of a set must have one type")
    return SetType(kinds.pop() if kinds else DYNAMIC), [raw for _, raw in items]
