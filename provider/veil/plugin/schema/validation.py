"""Validate a configuration against its model, as far as it is known.

Each value is pydantic's to judge. Nothing is done about unknown values beforehand: ``UNKNOWN``
fails every check of pydantic's, which therefore skips all validators that would have looked at it,
and the complaints about ``UNKNOWN`` itself are dropped afterwards. What several attributes have to
do with each other is judged by the checks of the models, each as soon as the attributes that it
reads are known.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import ValidationError

from ..diagnostics import Diagnostic, Path, Steps
from ..lifecycle.completion import fill_defaults
from ..values.raw import Raw, contains_unknown
from ..values.unknown import UNKNOWN
from .bindings import Binding, MapBinding, SequenceBinding, SetBinding, TupleBinding
from .check import InvalidValueError, failures
from .model import AS_FAR_AS_KNOWN, Model
from .nulls import MisplacedNull, take_out_nulls
from .objects import ObjectBinding, bind_model
from .schema import Attribute, Nesting


def validate(model: type[Model], attributes: Mapping[str, Attribute], config: Raw) -> list[Diagnostic]:
    """Everything that is wrong with ``config``, so far as it is known; empty when nothing is."""
    binding = bind_model(model)
    decided = _decided_by_provider(attributes, config)
    config, nulls = take_out_nulls(binding, config)
    complaints: list[Any] = []
    try:
        model.model_validate(binding.to_data(config), context=dict(AS_FAR_AS_KNOWN))
    except ValidationError as error:
        complaints = [item for item in error.errors(include_url=False) if item["input"] is not UNKNOWN]
    except Exception:
        # A "before" validator sees values that pydantic has not checked, UNKNOWN among them. It
        # runs again when everything is known.
        if not contains_unknown(config):
            raise
    refused = [*(null.place for null in nulls), *(tuple(item["loc"]) for item in complaints)]
    failed_checks = list(_Checking(refused).of(binding, fill_defaults(attributes, config, config), config))
    return [
        *decided,
        *(_misplaced(null, attributes) for null in nulls),
        *(_diagnostic(item, attributes) for item in complaints),
        *(_failed(place, problem, attributes) for place, problem in failed_checks),
    ]


class _Checking:
    """Runs checks from the inside to the outside. ``refused`` are the places of values that are
    wrong already.
    """

    def __init__(self, refused: Collection[Steps]) -> None:
        self._refused = set(refused)

    def of(self, binding: Binding, value: Raw, written: Raw, place: Steps = ()) -> Iterator[tuple[Steps, ValueError]]:
        """What the checks in ``value`` find, each at its place. ``written`` is the value without
        defaults.
        """
        if value is None or value is UNKNOWN or not _has_checks(binding):
            return
        if isinstance(binding, ObjectBinding):
            given = written if isinstance(written, Mapping) else {}
            for name, (_, inner) in binding.fields.items():
                yield from self.of(inner, value[name], given.get(name), (*place, name))
            yield from self._own(binding, value, given, place)
            return
        for step, inner, item, before in _items(binding, value, written):
            yield from self.of(inner, item, before, (*place, step))

    def _own(
        self, binding: ObjectBinding, value: Raw, written: Mapping[str, Raw], place: Steps
    ) -> Iterator[tuple[Steps, ValueError]]:
        values = {name: inner.to_python(value[hcl_name]) for hcl_name, (name, inner) in binding.fields.items()}
        names = {name: hcl_name for hcl_name, (name, _) in binding.fields.items()}
        set_by_user = {name for name, hcl_name in names.items() if written.get(hcl_name) is not None}
        wrong = {name for name, hcl_name in names.items() if self._is_refused((*place, hcl_name))}
        for problem in failures(binding.model, values, set_by_user, wrong):
            self._refused.add(place)
            yield place, problem

    def _is_refused(self, place: Steps) -> bool:
        """Whether something is wrong there, or inside."""
        return any(each[: len(place)] == place for each in self._refused)


def _items(binding: Binding, value: Raw, written: Raw) -> Iterator[tuple[str | int, Binding, Raw, Raw]]:
    """The elements of a collection: step, binding, value, and value without defaults."""
    match binding:
        case MapBinding():
            before = written if isinstance(written, Mapping) else {}
            for key, item in value.items():
                yield key, binding.element, item, before.get(key)
        case SequenceBinding() | SetBinding():
            for index, item in enumerate(value):
                yield index, binding.element, item, _at(written, index)
        case TupleBinding():
            for index, (element, item) in enumerate(zip(binding.elements, value, strict=True)):
                yield index, element, item, _at(written, index)


def _at(items: Raw, index: int) -> Raw:
    return items[index] if isinstance(items, list) and index < len(items) else None


@cache
def _has_checks(binding: Binding) -> bool:
    """Whether a value of this binding can hold anything to check."""
    match binding:
        case ObjectBinding():
            return bool(binding.model.__checks__) or any(_has_checks(inner) for _, inner in binding.fields.values())
        case MapBinding() | SequenceBinding() | SetBinding():
            return _has_checks(binding.element)
        case TupleBinding():
            return any(map(_has_checks, binding.elements))
    return False


def _failed(place: Steps, problem: ValueError, attributes: Mapping[str, Attribute]) -> Diagnostic:
    invalid = problem if isinstance(problem, InvalidValueError) else InvalidValueError(str(problem))
    path, attribute, _ = locate((*place, *invalid.path), attributes)
    return Diagnostic.error(invalid.summary or _summary(attribute), _sentence(invalid.detail), path)


def _misplaced(null: MisplacedNull, attributes: Mapping[str, Attribute]) -> Diagnostic:
    path, attribute, secret = locate(null.place, attributes)
    detail = "An element of it is null. Leave it out." if secret else null.detail
    return Diagnostic.error(_summary(attribute), detail, path)


def _summary(attribute: Attribute | None) -> str:
    return f"Invalid value for {attribute.name}" if attribute else "Invalid configuration"


def _decided_by_provider(attributes: Mapping[str, Attribute], config: Raw) -> list[Diagnostic]:
    """Complaints about values for attributes that only the provider sets. Terraform itself lets
    them pass.
    """
    given = config if isinstance(config, Mapping) else {}
    return [
        Diagnostic.error(
            f"{name} cannot be set", "Its value is decided by the provider. Delete it here.", Path((name,))
        )
        for name, attribute in attributes.items()
        if attribute.computed and not (attribute.optional or attribute.required) and given.get(name) is not None
    ]


def _diagnostic(item: Any, attributes: Mapping[str, Attribute]) -> Diagnostic:
    path, attribute, secret = locate(item["loc"], attributes)
    name = attribute.name if attribute else ""
    if item["input"] is None and attribute is not None and attribute.required:
        return Diagnostic.error(f"{name} is required", "It must be set to a value that is not null.", path)
    return Diagnostic.error(_summary(attribute), _detail(item, secret or attribute is None), path)


def _detail(item: Any, hide: bool) -> str:
    reason = str(item.get("ctx", {}).get("error", "")) if item["type"] in ("value_error", "assertion_error") else ""
    message = _sentence(reason or _plain_message(item) or item["msg"].replace("Input should", "It must"))
    if reason or hide or not isinstance(item["input"], str | int | float):
        return message
    return f"{message} Found: {_shown(item['input'])}."


_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("int_from_float", "int_type", "int_parsing", "int_parsing_size"), "a whole number"),
    **dict.fromkeys(("decimal_type", "decimal_parsing", "float_type", "float_parsing"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("string_type", "string_sub_type", "bytes_type"), "a string"),
    **dict.fromkeys(("list_type", "tuple_type", "iterable_type"), "a list"),
    **dict.fromkeys(("set_type", "frozen_set_type"), "a set"),
    **dict.fromkeys(("dict_type", "mapping_type"), "a map"),
    **dict.fromkeys(("model_type", "model_attributes_type", "dataclass_type"), "an object"),
    "none_required": "null",
    "finite_number": "a finite number",
}
"""What a value of the wrong type must be, by Pydantic's names of its errors."""


def _plain_message(item: Any) -> str | None:
    """In place of what Pydantic says in the terms of Python."""
    if item["type"] in _KINDS:
        return f"It must be {_KINDS[item['type']]}"
    if item["type"] in ("missing", "extra_forbidden"):
        return "It must be set" if item["type"] == "missing" else "There is no attribute of this name"
    least, most = (item.get("ctx", {}).get(key) for key in ("min_length", "max_length"))
    things = {"string_too_short": "character", "string_too_long": "character", "too_short": "item", "too_long": "item"}
    if item["type"] not in things:
        return None
    limit = most if item["type"].endswith("long") else least
    if limit == 1 and limit is least:
        return "It must not be empty"
    word = "most" if limit is most else "least"
    return f"It must have at {word} {limit} {things[item['type']]}{'' if limit == 1 else 's'}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?^" else text + "."


def locate(loc: Sequence[str | int], attributes: Mapping[str, Attribute]) -> tuple[Path, Attribute | None, bool]:
    """The path of a pydantic location as far as Terraform can address it, the attribute there,
    whether it is secret.
    """
    steps: list[str | int] = []
    attribute: Attribute | None = None
    secret = False
    rest = list(loc)
    while rest and rest[0] in attributes:
        step = rest.pop(0)
        attribute = attributes[str(step)]
        secret = secret or attribute.sensitive or attribute.write_only
        steps.append(step)
        if attribute.nested is None:
            return Path((*steps, *_inner(rest, attribute))), attribute, secret
        if attribute.nested.nesting is Nesting.SET:
            break
        if not attribute.nested.is_one:
            if not rest:
                break
            steps.append(rest.pop(0))
        attributes = attribute.nested.attributes
    return Path(steps), attribute, secret


def _inner(rest: list[str | int], attribute: Attribute) -> list[str | int]:
    """The addressable part of what follows a leaf attribute: one element of a list or map."""
    kind = attribute.type.to_json()
    if rest and isinstance(kind, list) and kind[0] in ("list", "map", "tuple") and rest[1:2] != ["[key]"]:
        return rest[:1]
    return []
