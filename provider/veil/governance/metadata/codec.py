"""Governed objects as canonical JSON, the form in which the warehouse's metadata keeps them.

The same object always gives the same text. Every dataclass carries its class name under `$`, sets are sorted, numbers
that must stay
exact are texts.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from veil import model
from veil.governance.errors import NewerFormatError
from veil.model.change import Governed

_CLASSES: dict[str, type] = {
    name: each for name in model.__all__ if isinstance(each := getattr(model, name), type) and is_dataclass(each)
}


def encode(thing: Governed) -> str:
    """The canonical JSON text of a governed object."""
    return json.dumps(_plain(thing), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def decode(text: str) -> Governed:
    """The object of a text that `encode` made.

    Raises ValueError where the text is not such a text, NewerFormatError where it names a class or field that is
    not known here.
    """
    data = json.loads(text)
    if not isinstance(data, dict) or "$" not in data:
        raise ValueError("the metadata is not an object of veil's")
    thing: Governed = _build_dataclass(data)
    return thing


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {"$": type(value).__name__} | {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, frozenset):
        return sorted((_plain(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _build_dataclass(data: Mapping[str, Any]) -> Any:
    cls = _CLASSES.get(data["$"])
    if cls is None:
        raise NewerFormatError(f"the metadata names {data['$']!r}, which this version of veil does not know")
    builders = _builders(cls)
    given = {name: value for name, value in data.items() if name != "$"}
    if unknown := given.keys() - builders.keys():
        raise NewerFormatError(
            f"the metadata of a {data['$']} names {sorted(unknown)}, which this version does not know"
        )
    return cls(**{name: builders[name](value) for name, value in given.items()})


Build = Callable[[Any], Any]
"""From a plain value to one of a type. Worked out once for each type: a directory has hundreds of thousands of values."""


@cache
def _builders(cls: type) -> Mapping[str, Build]:
    return {name: _builder(hint) for name, hint in get_type_hints(cls).items()}


@cache
def _builder(hint: Any) -> Build:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _builder(next(each for each in arguments if each is not type(None)))
    if origin in (frozenset, tuple):
        element = _builder(arguments[0])
        return lambda values: None if values is None else origin(map(element, values))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        held = _builder(arguments[1])
        return lambda values: None if values is None else {key: held(each) for key, each in values.items()}
    scalar = _scalar(hint)
    return lambda value: _build_dataclass(value) if _is_dataclass(value) else None if value is None else scalar(value)


def _is_dataclass(value: Any) -> bool:
    return isinstance(value, dict) and "$" in value


def _scalar(hint: Any) -> Build:
    if hint is datetime:
        return datetime.fromisoformat
    return hint if isinstance(hint, type) else lambda value: value
