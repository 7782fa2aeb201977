"""Governed objects as canonical JSON, the form in which the warehouse's metadata keeps them.

The same object always gives the same text. Every dataclass carries the stored name of its class
under `$`, sets are sorted, numbers that must stay exact are texts.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from veil.model.kinds import Governed
from veil.model.names import problem_with_text
from veil.model.stored_names import STORED_NAMES

_CLASSES = {name: cls for cls, name in STORED_NAMES.items()}
_GOVERNED = frozenset(STORED_NAMES[each] for each in get_args(Governed))
T = TypeVar("T")
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_ORDER = json.JSONEncoder(sort_keys=True)
"""By what this makes of them the elements of a set are in order."""
_ESCAPED = re.compile(r"\\u(d[89a-f]|0000)", re.IGNORECASE)
"""What may stand for half a character, or for NUL."""


class UnknownNameError(ValueError):
    """A text names a class or field that is not known here: a newer version wrote it."""


def encode(thing: Governed) -> str:
    """The canonical JSON text of a governed object."""
    return _CANONICAL.encode(_plain(thing))


def decode(text: str) -> Governed:
    """The object of a text that `encode` made.

    Raises ValueError where the text is not such a text, whatever else it is: UnknownNameError where
    it names a class or field that is not known here.
    """
    try:
        data = json.loads(text)
        if _ESCAPED.search(text):
            _require_storable(data)
        thing = _build(data, _GOVERNED)
    except RecursionError as problem:
        raise ValueError("the metadata is nested deeper than any of veil's") from problem
    except (ArithmeticError, TypeError) as problem:
        raise ValueError(f"the metadata is not an object of veil's: {problem}") from problem
    return cast(Governed, thing)


@cache
def _names_of_fields(cls: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(cls))


def _plain(value: Any) -> Any:
    if isinstance(value, str | int):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {"$": STORED_NAMES[type(value)]} | {
            name: _plain(getattr(value, name)) for name in _names_of_fields(type(value))
        }
    if isinstance(value, frozenset):
        return sorted(map(_plain, value), key=_ORDER.encode)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _require_storable(value: Any) -> None:
    """Raise ValueError for a text that no text in the warehouse can hold, wherever it stands."""
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for each in value:
            _require_storable(each)
    elif isinstance(value, str) and (problem := problem_with_text(value)):
        raise ValueError(f"the metadata contains {value!r}: {problem}")


def _build(data: Any, classes: frozenset[str]) -> Any:
    """The dataclass that `data` names, which is to be one of `classes`."""
    if not isinstance(data, dict) or not isinstance(name := data.get("$"), str):
        raise ValueError("the metadata is not an object of veil's")
    cls = _CLASSES.get(name)
    if cls is None:
        raise UnknownNameError(f"the metadata names {name!r}, which this version of veil does not know")
    if name not in classes:
        raise ValueError(f"the metadata has a {name} in the place of {' or '.join(sorted(classes))}")
    builders = _builders(cls)
    given = {field: value for field, value in data.items() if field != "$"}
    if unknown := given.keys() - builders.keys():
        raise UnknownNameError(f"the metadata of a {name} names {sorted(unknown)}, which this version does not know")
    return cls(**{field: builders[field](value) for field, value in given.items()})


Builder = Callable[[Any], Any]
"""From a plain value to one of a type. Worked out once for each type: a directory has hundreds of
thousands of values.
"""


@cache
def _builders(cls: type) -> Mapping[str, Builder]:
    hints = get_type_hints(cls)
    return {each.name: _builder(hints[each.name]) for each in fields(cls)}


@cache
def _builder(hint: Any) -> Builder:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _either(arguments)
    if origin in (frozenset, tuple):
        element = _builder(arguments[0])
        return lambda values: origin(map(element, _a(list, values)))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        held = _builder(arguments[1])
        return lambda values: {key: held(each) for key, each in _a(dict, values).items()}
    if origin is Literal:
        return lambda value: _one_of(arguments, value)
    return _scalar(hint)


def _either(hints: tuple[Any, ...]) -> Builder:
    """Of a union: None, where that is one of it, or one of several classes, or a value of its one
    other type.
    """
    others: list[type] = [each for each in hints if each is not type(None)]
    build = _builder(others[0]) if len(others) == 1 else _one_of_classes(others)
    if len(others) == len(hints):
        return build
    return lambda value: None if value is None else build(value)


def _one_of_classes(classes: Iterable[type]) -> Builder:
    names = frozenset(STORED_NAMES[each] for each in classes)
    return lambda value: _build(value, names)


def _scalar(hint: Any) -> Builder:
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda value: _build(value, frozenset({STORED_NAMES[hint]}))
    if hint is datetime:
        return _moment
    if hint is Decimal:
        return _number
    if hint in (int, bool):
        return lambda value: _a(hint, value)
    return lambda value: hint(_a(str, value))


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_a(str, value))
    if moment.tzinfo is None:
        raise ValueError(f"the metadata has a timestamp without a time zone: {value!r}")
    return moment


def _number(value: Any) -> Decimal:
    number = Decimal(_a(str, value))
    if not number.is_finite():
        raise ValueError(f"the metadata has {value!r} in the place of a number")
    return number


def _a(type_: type[T], value: Any) -> T:
    if type(value) is not type_:
        raise ValueError(f"the metadata has {type(value).__name__} in the place of {type_.__name__}")
    return value


def _one_of(allowed: tuple[Any, ...], value: Any) -> Any:
    if value not in allowed:
        raise ValueError(f"the metadata has {value!r} in the place of one of {allowed}")
    return value
