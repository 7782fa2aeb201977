"""Functions: pure, called in any phase, in processes that are not configured."""

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Parameter:
    """One parameter. ``annotation`` is a Python type as in models; ``str | None`` lets the caller
    pass null.
    """

    name: str
    annotation: Any
    description: str = ""
    allow_unknown: bool = False


def parameter(name: str, annotation: Any, description: str = "", *, allow_unknown: bool = False) -> Parameter:
    """Declare a parameter. With ``allow_unknown`` the function is called even while its value is
    unknown.
    """
    return Parameter(name, annotation, description, allow_unknown)


class Function:
    """Base of a function. Its docstring is its description.

    ``returns`` is a Python type. Raise ``FunctionError(text, argument=0)`` to refuse an argument.
    """

    name: ClassVar[str]
    summary: ClassVar[str] = ""
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    variadic: ClassVar[Parameter | None] = None
    returns: ClassVar[Any]
    deprecated: ClassVar[str | None] = None

    # An attribute and not a method: each function has parameters of its own.
    call: Any
