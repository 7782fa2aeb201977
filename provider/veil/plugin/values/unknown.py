"""The value that Terraform does not know yet."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NoReturn, final


@final
class Unknown:
    """A value that will be known after apply. There is one instance, ``UNKNOWN``.

    It refuses to be tested for truth, because ``if config.name:`` would silently take the wrong branch.
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
    if value is None or isinstance(value, str | int | float | bytes):
        return True
    if isinstance(value, Mapping):
        return all(wholly_known(item) for item in value.values())
    if isinstance(value, list | tuple | AbstractSet):
        return all(wholly_known(item) for item in value)
    # Models keep their attributes in __dict__; importing them here would pull in pydantic.
    return all(wholly_known(item) for item in getattr(value, "__dict__", {}).values())
