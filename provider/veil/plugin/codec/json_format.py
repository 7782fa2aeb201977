"""Values as JSON, the form in which they lie in the state file."""

import json
from decimal import Decimal

from ..values.raw import Raw
from ..values.types import Type, TypeSyntaxError, type_from_json
from .errors import CodecError
from .shape import Shape, conform


def decode_json(data: bytes | str, kind: Type) -> Raw:
    """Decode JSON text as a value of type ``kind``; attributes that are absent are null. Raises
    CodecError.
    """
    return conform_json(parse_json(data), kind)


def parse_json(data: bytes | str) -> object:
    """JSON text as Python data, numbers kept exact. Raises CodecError when it is not JSON."""
    try:
        return json.loads(data, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise CodecError("the stored value is not valid JSON") from None


def conform_json(data: object, kind: Type) -> Raw:
    """JSON data as a raw value of type ``kind``. Raises CodecError, naming the place."""
    return conform(data, kind, _JSON)


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def _unwrap(value: object) -> tuple[Type, object]:
    match value:
        case {"type": kind, "value": inner, **rest} if not rest:
            try:
                return type_from_json(kind), inner
            except TypeSyntaxError as error:
                raise CodecError(str(error)) from None
    raise CodecError("a dynamic value must have exactly a type and a value")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


_JSON = Shape(unwrap=_unwrap, text=_text, number_text=False, fill_missing=True)
