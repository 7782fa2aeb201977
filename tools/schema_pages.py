"""The Schema section of a registry page, from a model: in the form that tfplugindocs gave to all
providers' pages.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

from veil.plugin.schema.bindings import Binding
from veil.plugin.schema.derive import derive_schema, describe
from veil.plugin.schema.model import Model
from veil.plugin.schema.objects import ObjectBinding, bind_model
from veil.plugin.schema.schema import Attribute, Block, Nesting

GROUPS: tuple[tuple[str, Callable[[Attribute], bool]], ...] = (
    ("Required", lambda each: each.required),
    ("Optional", lambda each: each.optional or isinstance(each, Block)),
    ("Read-Only", lambda each: not each.required and not each.optional and not isinstance(each, Block)),
)

_NESTED = {
    Nesting.SINGLE: "Attributes",
    Nesting.LIST: "Attributes List",
    Nesting.SET: "Attributes Set",
    Nesting.MAP: "Attributes Map",
}
_SIMPLE = {"string": "String", "number": "Number", "bool": "Boolean", "dynamic": "Dynamic"}


@dataclass(frozen=True)
class Place:
    """A model and the dotted path at which it is nested; the path of a whole resource is empty."""

    model: type[Model]
    path: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        return "nestedatt--" + "--".join(self.path)


def schema_section(model: type[Model]) -> str:
    """The section from its heading on, nested objects included, depth first."""
    return "## Schema\n\n" + "\n".join(_place(Place(model), heading="### {}"))


def _place(place: Place, heading: str) -> Iterator[str]:
    attributes = sorted(derive_schema(place.model).attributes.items())
    for title, belongs in GROUPS:
        chosen = [attribute for _, attribute in attributes if belongs(attribute)]
        if chosen:
            yield heading.format(title) + "\n"
            yield "\n".join(_line(place, each) for each in chosen) + "\n"
    for name, attribute in attributes:
        if attribute.nested is not None:
            yield from _nested(Place(_model_of(place.model, name), (*place.path, name)))


def _nested(place: Place) -> Iterator[str]:
    yield f'<a id="{place.anchor}"></a>\n### Nested Schema for `{".".join(place.path)}`\n'
    if text := describe(place.model):
        yield f"{text}\n"
    yield from _place(place, heading="{}:")


def _line(place: Place, attribute: Attribute) -> str:
    sentences = [attribute.description.replace("\n", " "), _choices(place.model, attribute.name), _default(attribute)]
    if attribute.requires_replace:
        sentences.append("Changing this replaces the resource.")
    if attribute.deprecated:
        sentences.append(f"**Deprecated**: {attribute.deprecated}.")
    if attribute.nested is not None:
        anchor = Place(place.model, (*place.path, attribute.name)).anchor
        sentences.append(f"(see [below for nested schema](#{anchor}))")
    return f"- `{attribute.name}` ({_type(attribute)}) {' '.join(each for each in sentences if each)}"


def _type(attribute: Attribute) -> str:
    name = _NESTED[attribute.nested.nesting] if attribute.nested is not None else type_name(attribute.type.to_json())
    if isinstance(attribute, Block):
        name = name.replace("Attributes", "Block")
    flags = [text for text, on in (("Sensitive", attribute.sensitive), ("Write-only", attribute.write_only)) if on]
    return ", ".join([name, *flags])


def type_name(constraint: Any) -> str:
    """A type constraint, in its JSON form, as people read it: `["set", "string"]` is "Set of
    String".
    """
    if isinstance(constraint, str):
        return _SIMPLE[constraint]
    kind, element = constraint
    return kind.title() if kind in ("object", "tuple") else f"{kind.title()} of {type_name(element)}"


def _default(attribute: Attribute) -> str:
    """The default in HCL. Empty collections and nested objects go without saying."""
    value = attribute.default
    if not attribute.has_default or value in ([], {}) or attribute.nested is not None:
        return ""
    if isinstance(value, bool):
        return f"Default: `{str(value).lower()}`."
    return f'Default: `"{value}"`.' if isinstance(value, str) else f"Default: `{value}`."


def _choices(model: type[Model], hcl_name: str) -> str:
    name, _ = bind_model(model).fields[hcl_name]
    values = list(_literals(model.model_fields[name].annotation))
    return f"One of {', '.join(f'`{value}`' for value in values)}." if len(values) > 1 else ""


def _literals(annotation: Any) -> Iterator[Any]:
    """The values that an annotation lists."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif isinstance(annotation, type) and issubclass(annotation, StrEnum):
        yield from (member.value for member in annotation)
    else:
        for argument in get_args(annotation):
            yield from _literals(argument)


def _model_of(model: type[Model], hcl_name: str) -> type[Model]:
    """The model of the objects nested in an attribute."""
    binding: Binding = bind_model(model).fields[hcl_name][1]
    element = binding if isinstance(binding, ObjectBinding) else getattr(binding, "element", None)
    assert isinstance(element, ObjectBinding), f"{hcl_name} holds no objects"
    return element.model
