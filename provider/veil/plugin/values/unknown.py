"""The value that Terraform does not know yet."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from types import NoneType
from typing import Any, NoReturn, cast, final


@final
class Unknown:
    """A value that will be known after apply. There is one instance, ``UNKNOWN``.

    It refuses to be tested for truth, because ``if config.name:`` would silently take the wrong
    branch.
    """

    __slots__ = ()
    _instance: "Unknown | None" = None

    def __new__(cls) -> "Unknown":
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __bool__(self) -> NoReturn:
        raise TypeError("this value is not known until apply: ask is_known(value) first")

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __copy__(self) -> "Unknown":
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> "Unknown":
        return self

    def __reduce__(self) -> str:
        return "UNKNOWN"


# Any, because it may stand wherever a model declares a str, an int, a list...
UNKNOWN: Any = Unknown()


def is_known(value: object) -> bool:
    """Whether ``value`` itself is known; what is inside it may still be unknown."""
    return value is not UNKNOWN


def wholly_known(value: object) -> bool:
    """Whether ``value`` and everything inside it, at any depth, is known."""
    if value is UNKNOWN:
        return False
    inside = _inside(cast(Hashable, type(value)))
    return inside is None or all(map(wholly_known, inside(value)))


@cache
def _inside(kind: Hashable) -> Callable[[Any], Iterable[object]] | None:
    """How what is inside a value of this class is found; None where nothing can be. A plan asks it
    of every value of 100,000 users, and of abstract classes the answer is slow.
    """
    assert isinstance(kind, type)
    if issubclass(kind, str | int | float | bytes | NoneType):
        return None
    if issubclass(kind, Mapping):
        return lambda value: value.values()
    if issubclass(kind, list | tuple | AbstractSet):
        return iter
    # Models keep their attributes in __dict__; importing them here would pull in pydantic.
    return lambda value: getattr(value, "__dict__", {}).values()
