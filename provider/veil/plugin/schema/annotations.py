"""Which Python annotations have a Terraform type."""

import types
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from .model import Model
from .schema import SchemaError

_UNHASHABLE = ("sequence", "set", "map")


@dataclass(frozen=True)
class Annotation:
    """An annotation, read: its kind, the class it names, what it contains, and whether None is
    allowed.
    """

    kind: str
    origin: Any = None
    parameters: tuple["Annotation", ...] = ()
    nullable: bool = False


def read_annotation(annotation: Any, where: str) -> Annotation:
    """Read ``annotation``; ``where`` names its place in errors. Raises SchemaError when it has no
    Terraform type.
    """
    origin = get_origin(annotation)
    if origin is Annotated:
        return read_annotation(get_args(annotation)[0], where)
    if origin in (Union, types.UnionType):
        return _optional(annotation, where)
    if annotation is Any:
        return Annotation("dynamic", nullable=True)
    if origin is Literal:
        return _literal(annotation, where)
    return _generic(origin, get_args(annotation), where) if origin else _plain(annotation, where)


def _optional(annotation: Any, where: str) -> Annotation:
    members = [member for member in get_args(annotation) if member is not type(None)]
    if len(members) != 1:
        raise SchemaError(f"{where}: a union of types has no Terraform type; use one type, or Any")
    inner = read_annotation(members[0], where)
    return Annotation(inner.kind, inner.origin, inner.parameters, nullable=True)


def _literal(annotation: Any, where: str) -> Annotation:
    kinds = {type(value) for value in get_args(annotation)}
    for kind, read in ((str, "str"), (bool, "bool")):
        if kinds == {kind}:
            return Annotation(read)
    if kinds == {int}:
        return Annotation("number", int)
    raise SchemaError(f"{where}: the values of a Literal must have one type: str, int or bool")


def _plain(annotation: Any, where: str) -> Annotation:
    if isinstance(annotation, type):
        if issubclass(annotation, Model):
            return Annotation("model", annotation)
        if issubclass(annotation, str):
            return Annotation("enum", annotation) if issubclass(annotation, Enum) else Annotation("str")
        if annotation is bool:
            return Annotation("bool")
        if annotation in (int, float, Decimal):
            return Annotation("number", annotation)
    raise SchemaError(f"{where}: {annotation!r} has no Terraform type")


def _is_text(annotation: Any) -> bool:
    """Whether an annotation is str, whatever checks are annotated to it."""
    return annotation is str or (get_origin(annotation) is Annotated and get_args(annotation)[0] is str)


def _generic(origin: Any, arguments: tuple[Any, ...], where: str) -> Annotation:
    if issubclass(origin, tuple) and arguments[-1:] != (...,):
        return Annotation("tuple", tuple, tuple(read_annotation(argument, where) for argument in arguments))
    if issubclass(origin, Mapping):
        if not _is_text(arguments[0]):
            raise SchemaError(f"{where}: the keys of a map must be str")
        return Annotation("map", dict, (read_annotation(arguments[1], where),))
    element = read_annotation(arguments[0], where)
    if issubclass(origin, AbstractSet):
        if element.kind in _UNHASHABLE and element.origin is not tuple:
            raise SchemaError(f"{where}: the elements of a set must be hashable; use tuple[...] or a model")
        return Annotation("set", set if issubclass(origin, set) else frozenset, (element,))
    if issubclass(origin, Sequence):
        return Annotation("sequence", tuple if issubclass(origin, tuple) or origin is Sequence else list, (element,))
    raise SchemaError(f"{where}: {origin!r} has no Terraform type")
