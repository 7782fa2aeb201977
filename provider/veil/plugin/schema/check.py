"""Checks across attributes, declared with the attributes that they read.

A check runs as soon as those are known, whatever else of the configuration is not: one that waited
for the whole would speak up in the middle of an apply, when other resources have been made already.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..diagnostics import Steps
from ..values.unknown import is_known, wholly_known
from .schema import SchemaError

_set = object.__setattr__


class InvalidValueError(ValueError):
    """What a check found, and at which attribute: ``path`` begins at the model that was checked.
    Without a ``summary`` the attribute's name makes one.
    """

    def __init__(self, detail: str, path: Steps = (), summary: str = "") -> None:
        super().__init__(detail)
        self.detail, self.path, self.summary = detail, path, summary


@dataclass(frozen=True)
class Check:
    """One check of a model: the names of the attributes in Python, and the function that raises
    ValueError.
    """

    name: str
    wholly: tuple[str, ...]
    given: tuple[str, ...]
    partly: tuple[str, ...]
    function: Callable[[Any], None]

    @property
    def reads(self) -> tuple[str, ...]:
        """All attributes that the check may look at."""
        return (*self.wholly, *self.given, *self.partly)

    def can_run(self, values: Mapping[str, Any]) -> bool:
        """Whether enough is known of the values, by the attributes' names."""
        return all(wholly_known(values[name]) for name in self.wholly) and all(
            is_known(values[name]) for name in self.given
        )

    def run(self, model: type[Any], values: Mapping[str, Any], written: Collection[str]) -> None:
        """Check an object of ``model``. ``written`` names the attributes that the configuration
        sets.

        The function is given nothing but what the check declares, so that it cannot come to depend
        on more. Raises ValueError where something is wrong, AttributeError where the function reads
        what it does not declare.
        """
        shown = object.__new__(model)
        _set(shown, "__dict__", {name: values[name] for name in self.reads})
        _set(shown, "__pydantic_fields_set__", set(written) & set(self.reads))
        _set(shown, "__pydantic_extra__", None)
        _set(shown, "__pydantic_private__", None)
        self.function(shown)


def check(
    *wholly: str, given: Collection[str] = (), partly: Collection[str] = ()
) -> Callable[[Callable[[Any], None]], Check]:
    """Declare a method of a model as a check. It raises ValueError, or InvalidValueError with the
    attribute that is at fault.

    It runs once the attributes named first are known with all that is inside them, and those in
    ``given`` are known themselves, if only to be null or not. Those in ``partly`` may be
    ``UNKNOWN``: the method finds out what can be said all the same. It can read no others.
    ``model_fields_set`` are those that the configuration sets.
    """

    def declare(function: Callable[[Any], None]) -> Check:
        return Check(function.__name__, tuple(wholly), tuple(given), tuple(partly), function)

    return declare


def require_declared(model: type[Any]) -> None:
    """Raise SchemaError if a check of the model names an attribute that the model has not."""
    for each in model.__checks__.values():
        for name in each.reads:
            if name not in model.model_fields:
                raise SchemaError(f"{model.__name__}.{each.name}: the check reads {name!r}, which is no attribute")


def run_all(instance: Any) -> None:
    """Run every check of an object of which everything is known. Raises ValueError."""
    for each in type(instance).__checks__.values():
        each.run(type(instance), instance.__dict__, instance.model_fields_set)


def failures(
    model: type[Any], values: Mapping[str, Any], written: Collection[str], wrong: Collection[str] = ()
) -> Iterator[ValueError]:
    """What the checks find that can run on an object. None runs that reads an attribute which is
    known to be ``wrong``: it might fail over that, and would at best say in other words what has
    been said.
    """
    for each in model.__checks__.values():
        if each.can_run(values) and not set(wrong) & set(each.reads):
            try:
                each.run(model, values, written)
            except ValueError as failure:
                yield failure
