"""Values of every type that metadata is made of, worked out from the types."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_SCALARS: Mapping[Any, list[Any]] = {
    str: ["a text", "Grüße \\ \"'"],
    int: [7],
    bool: [True, False],
    datetime: [datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)],
    Decimal: [Decimal("0.10")],
    type(None): [None],
}


def samples(hint: Any) -> list[Any]:
    """Some values of a type: every alternative that it has, and of a class so many objects that
    each of its fields has every one of its values in one of them.
    """
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return [each for argument in arguments for each in samples(argument)]
    if origin is Literal:
        return list(arguments)
    if origin in (frozenset, tuple):
        return [origin(samples(arguments[0]))]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return [{key: samples(arguments[1])[0] for key in samples(arguments[0])}]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return list(hint)
    return _objects(hint) if is_dataclass(hint) else _SCALARS[hint]


def _objects(cls: Any) -> list[Any]:
    hints = get_type_hints(cls)
    values = {each.name: samples(hints[each.name]) for each in fields(cls)}
    most = max(map(len, values.values()), default=1)
    return [cls(**{name: each[at % len(each)] for name, each in values.items()}) for at in range(most)]
