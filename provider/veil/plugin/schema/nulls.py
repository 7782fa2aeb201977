"""Nulls among the elements of collections.

Terraform lets null stand for any element of a list, set or map. Few providers mean anything by it,
and what gives one is mostly an optional input of a module. So it is answered before anything else
looks at the collection, in the words of who wrote it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..diagnostics import Steps
from ..values.raw import Raw
from ..values.types import BOOL, NUMBER
from ..values.unknown import UNKNOWN
from .bindings import Binding, MapBinding, SequenceBinding, SetBinding, TupleBinding
from .objects import ObjectBinding

_FOR_MAPS = "In an expression: { for key, value in … : key => value if value != null }."
_FOR_LISTS = "In an expression: [for each in … : each if each != null]."


@dataclass(frozen=True)
class MisplacedNull:
    """A null that is no element of its collection: where it is, for machines and as it is written
    in HCL, and what to do.
    """

    place: Steps
    written: str
    advice: str

    @property
    def detail(self) -> str:
        return f"{self.written} is null. {self.advice}"


def take_out_nulls(binding: Binding, value: Raw) -> tuple[Raw, list[MisplacedNull]]:
    """The value with ``UNKNOWN`` where a null must not be, so that nothing more is said of it; and
    these nulls.
    """
    misplaced = list(_misplaced(binding, value, (), ""))
    return (_without(binding, value) if misplaced else value), misplaced


def _misplaced(binding: Binding, value: Raw, place: Steps, written: str) -> Iterator[MisplacedNull]:
    if value is None or value is UNKNOWN:
        return
    if isinstance(binding, ObjectBinding):
        for name, (_, inner) in binding.fields.items():
            yield from _misplaced(inner, value[name], (*place, name), f"{written}.{name}".lstrip("."))
        return
    for step, inner, item in _elements(binding, value):
        shown = f'{written}["{step}"]' if isinstance(step, str) else f"{written}[{step}]"
        shown = f"An element of {written}" if isinstance(binding, SetBinding) else shown
        if item is None and not _may_be_null(binding, step):
            yield MisplacedNull((*place, step), shown, _advice(binding, inner))
        else:
            inside = written if isinstance(binding, SetBinding) else shown
            yield from _misplaced(inner, item, (*place, step), inside)


def _elements(binding: Binding, value: Raw) -> Iterator[tuple[str | int, Binding, Raw]]:
    match binding:
        case MapBinding(element=element):
            yield from ((key, element, item) for key, item in value.items())
        case SequenceBinding(element=element) | SetBinding(element=element):
            yield from ((index, element, item) for index, item in enumerate(value))
        case TupleBinding(elements=elements):
            yield from (
                (index, element, item) for index, (element, item) in enumerate(zip(elements, value, strict=True))
            )


def _may_be_null(binding: Binding, step: str | int) -> bool:
    if isinstance(binding, TupleBinding):
        return binding.nullable[int(step)]
    return isinstance(binding, MapBinding | SequenceBinding | SetBinding) and binding.nullable


def _without(binding: Binding, value: Raw) -> Raw:
    if value is None or value is UNKNOWN:
        return value
    if isinstance(binding, ObjectBinding):
        return {name: _without(inner, value[name]) for name, (_, inner) in binding.fields.items()}
    kept = {
        step: UNKNOWN if item is None and not _may_be_null(binding, step) else _without(inner, item)
        for step, inner, item in _elements(binding, value)
    }
    if not kept:
        return value
    return kept if isinstance(value, Mapping) else type(value)(kept.values())


def _advice(binding: Binding, element: Binding) -> str:
    if isinstance(binding, TupleBinding):
        return f"Write {_instead(element)}."
    if isinstance(binding, MapBinding):
        return f"Leave the key out, or write {_instead(element)}. {_FOR_MAPS}"
    return f"Leave it out, or write {_instead(element)}. {_FOR_LISTS}"


def _instead(element: Binding) -> str:
    """What may stand where null does."""
    match element:
        case ObjectBinding():
            return "{} where nothing is set" if element.optional == set(element.fields) else "an object"
        case SequenceBinding() | SetBinding():
            return "[] for none"
        case MapBinding():
            return "{} for none"
        case TupleBinding():
            return "a list"
    if element.type == BOOL:
        return "true or false"
    return "a number" if element.type == NUMBER else "a string"
