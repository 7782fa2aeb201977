"""Between our objects and the protocol's messages: values, diagnostics, paths."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..api.context import DeferredReason
from ..codec import CodecError, decode_json, decode_msgpack, encode_msgpack
from ..diagnostics import Diagnostic, Path
from ..schema.schema import Attribute, Block, Nesting
from ..terminal import printable
from ..values.raw import Raw
from ..values.types import DYNAMIC, ListType, MapType, ObjectType, TupleType, Type
from ..values.unknown import UNKNOWN
from ..wire import tfplugin6_pb2 as pb

Attributes = Mapping[str, Attribute]
_SEVERITIES = {"error": pb.Diagnostic.ERROR, "warning": pb.Diagnostic.WARNING}


def read_value(message: pb.DynamicValue, kind: Type) -> Raw:
    """The value in a message, in whichever encoding it came. Raises CodecError."""
    if message.msgpack:
        return decode_msgpack(message.msgpack, kind)
    return decode_json(message.json, kind) if message.json else None


def read_state(message: pb.DynamicValue, kind: ObjectType) -> Raw:
    """An object, or None where there is none. Raises CodecError."""
    value = read_value(message, kind)
    if value is UNKNOWN:
        raise CodecError("an object is required, found an unknown value")
    return value


def read_object(message: pb.DynamicValue, kind: ObjectType) -> Raw:
    """An object. Raises CodecError, also where there is none."""
    value = read_state(message, kind)
    if value is None:
        raise CodecError("an object is required, found null")
    return value


def write_value(value: Raw, kind: Type) -> pb.DynamicValue:
    """A message with the value. Raises CodecError when it is not of that type."""
    return pb.DynamicValue(msgpack=encode_msgpack(value, kind))


def write_diagnostics(diagnostics: Iterable[Diagnostic], attributes: Attributes) -> list[pb.Diagnostic]:
    """Messages for people; paths are resolved against the schema as far as they exist in it.

    Terraform finds the line of an attribute, in nested blocks too, or of one element of it, not of
    what is nested deeper: for that it shows the head of the whole resource. So the path ends where
    a line can be found, and the text names the rest.
    """
    return [_write_diagnostic(item, attributes) for item in diagnostics]


def _write_diagnostic(item: Diagnostic, attributes: Attributes) -> pb.Diagnostic:
    path = write_path(item.path, attributes)
    steps = list(path.steps)[: _visible(item.path, attributes)] if path else []
    where = f"This is about {Path(item.path)}." if len(item.path) > len(steps) else ""
    return pb.Diagnostic(
        severity=_SEVERITIES[item.severity],
        summary=_clean(item.summary) or "Unspecified problem",
        detail=_clean("\n\n".join(filter(None, (item.detail, where)))),
        attribute=pb.AttributePath(steps=steps) if steps else None,
    )


def _visible(path: Sequence[str | int], attributes: Attributes) -> int:
    """How many steps of ``path`` lead to a line that Terraform can show."""
    done = 0
    while done < len(path) and path[done] in attributes:
        attribute = attributes[str(path[done])]
        done += 1
        if not isinstance(attribute, Block) or attribute.nested is None or attribute.nested.nesting is Nesting.SET:
            return done + (_is_element(attribute) and not isinstance(attribute, Block))
        done += not attribute.nested.is_one
        attributes = attribute.nested.attributes
    return done


def _is_element(attribute: Attribute) -> bool:
    """Whether the step after an attribute leads to an element of it, and not to an attribute of a
    nested object.
    """
    return not isinstance(attribute.type, ObjectType)


def write_deferred(reason: DeferredReason) -> pb.Deferred:
    """A message that says why something is put off."""
    return pb.Deferred(reason=pb.Deferred.Reason.Name(reason.value))


def _clean(text: str) -> str:
    """Text that protobuf accepts. Terraform prints what it is given, and what is told may name what
    others made in the warehouse.
    """
    return printable(str(text))


def write_path(path: Iterable[str | int], attributes: Attributes) -> pb.AttributePath | None:
    """A path in the protocol's form: it tells attributes from map keys, which the schema must
    decide.

    Stops at the first step that cannot be addressed, such as an element of a set. None when nothing
    is left.
    """
    steps: list[pb.AttributePath.Step] = []
    kind: Type | Attributes = attributes
    for step in path:
        addressed = _step(step, kind)
        if addressed is None:
            break
        message, kind = addressed
        steps.append(message)
    return pb.AttributePath(steps=steps) if steps else None


def _step(step: str | int, kind: Any) -> tuple[pb.AttributePath.Step, Any] | None:
    match kind:
        case ListType(element) | TupleType((element, *_)) if isinstance(step, int):
            return pb.AttributePath.Step(element_key_int=step), element
        case MapType(element):
            return pb.AttributePath.Step(element_key_string=str(step)), element
        case ObjectType(members) if step in members:
            return pb.AttributePath.Step(attribute_name=str(step)), members[str(step)]
        case Mapping() if step in kind:
            return pb.AttributePath.Step(attribute_name=str(step)), kind[step].type
        case _ if kind is DYNAMIC and isinstance(step, int):
            return pb.AttributePath.Step(element_key_int=step), DYNAMIC
        case _ if kind is DYNAMIC:
            return pb.AttributePath.Step(attribute_name=str(step)), DYNAMIC
    return None
