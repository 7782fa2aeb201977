"""Values as msgpack, the form in which Terraform sends and receives them.

Facts: the object wire format of the published plugin protocol, and what Terraform 1.11 was seen to
send. Numbers come as ints, floats or decimal text; unknown values as extension 0, or 12 when
something about them is known already; dynamic values as the pair of a JSON type and a value.
"""

from decimal import Decimal
from typing import Any

import msgpack

from ..values.raw import Raw, number
from ..values.types import (
    DYNAMIC,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
    TypeSyntaxError,
    decode_type,
    has_dynamic,
)
from ..values.unknown import UNKNOWN
from .errors import CodecError
from .loose import is_loose, tighten
from .shape import Shape, conform

_UNKNOWN_EXTENSION = msgpack.ExtType(0, b"\x00")
_INT64_MIN, _UINT64_MAX = -(2**63), 2**64 - 1


def decode_msgpack(data: bytes, kind: Type) -> Raw:
    """Decode ``data`` as a value of type ``kind``. Empty input is null. Raises CodecError, naming
    the place.
    """
    if not data:
        return None
    try:
        loose = msgpack.unpackb(data, raw=False, strict_map_key=False, ext_hook=_unknown, timestamp=0)
    except (ValueError, TypeError, msgpack.UnpackException, RecursionError) as error:
        raise CodecError(f"the value is not valid msgpack ({type(error).__name__})") from None
    return conform(loose, kind, _MSGPACK)


def encode_msgpack(value: Raw, kind: Type) -> bytes:
    """Encode the raw ``value``, which must be of type ``kind``. Raises CodecError when it cannot be
    encoded as such.
    """
    try:
        if has_dynamic(kind):
            # Terraform dies of a list whose elements differ in type.
            tighten(value, kind)
        return bytes(msgpack.packb(_pack(value, kind), use_bin_type=True))
    except CodecError:
        raise
    except UnicodeEncodeError:
        raise CodecError("the string cannot be encoded as UTF-8") from None
    except RecursionError:
        raise CodecError("the value is nested too deeply") from None
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise CodecError(f"the value does not have its type ({type(error).__name__})") from None


def _unknown(_code: int, _body: bytes) -> Any:
    # Whatever the extension says about it (code 12 carries a prefix, bounds, nullness), it is
    # unknown.
    return UNKNOWN


def _unwrap_pair(value: object) -> tuple[Type, object]:
    match value:
        case [bytes() | str() as encoded, inner]:
            try:
                return decode_type(encoded), inner
            except TypeSyntaxError as error:
                raise CodecError(str(error)) from None
    raise CodecError("a dynamic value must be a pair of type and value")


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            raise CodecError("the string is not valid UTF-8") from None
    return value if isinstance(value, str) else None


_MSGPACK = Shape(unwrap=_unwrap_pair, text=_text, number_text=True, fill_missing=False)


def _pack(value: Raw, kind: Type) -> Any:
    """A conforming value as what msgpack can pack, map keys sorted as Terraform does."""
    if value is None:
        return None
    if value is UNKNOWN:
        return _UNKNOWN_EXTENSION
    if is_loose(kind):
        return _pack_primitive(tighten(value, kind), DYNAMIC)
    match kind:
        case Primitive():
            return _pack_primitive(value, kind)
        case ListType(element) | SetType(element):
            return [_pack(item, element) for item in value]
        case TupleType(elements):
            return [_pack(item, element) for item, element in zip(value, elements, strict=True)]
        case MapType(element):
            return {name: _pack(value[name], element) for name in sorted(value)}
        case ObjectType(attributes):
            return {name: _pack(value[name], attributes[name]) for name in sorted(attributes)}
    raise CodecError(f"{kind!r} is not a Terraform type")


def _pack_primitive(value: Raw, kind: Primitive) -> Any:
    if kind is DYNAMIC:
        return [value.type.encode(), _pack(value.value, value.type)]
    if isinstance(value, bool | str):
        return value
    return _pack_number(number(value))


def _pack_number(value: int | Decimal) -> int | float | str:
    if isinstance(value, int):
        return value if _INT64_MIN <= value <= _UINT64_MAX else str(value)
    if value.is_infinite():
        return float(value)
    # Terraform reads both notations; the plain one only while it stays short.
    return format(value, "f") if abs(value.adjusted()) < 400 else str(value)
