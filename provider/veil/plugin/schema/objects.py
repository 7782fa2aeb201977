"""Bindings of whole models: objects whose attributes are bound one by one."""

from functools import cache
from typing import Any

from ..codec.errors import CodecError
from ..values.raw import Raw
from ..values.types import ObjectType, Type
from .annotations import Annotation, read_annotation
from .bindings import (
    Binding,
    BoolBinding,
    DynamicBinding,
    EnumBinding,
    MapBinding,
    NumberBinding,
    SequenceBinding,
    SetBinding,
    StringBinding,
    TupleBinding,
)
from .check import require_declared
from .model import Model, resolve
from .schema import SchemaError

_set = object.__setattr__


class ObjectBinding(Binding):
    """A model. ``fields`` maps the names in HCL to the names in Python and the bindings of the
    values.
    """

    def __init__(self, model: type[Model]) -> None:
        resolve(model)
        require_declared(model)
        self.model = model
        self.fields: dict[str, tuple[str, Binding]] = {}
        self.optional: set[str] = set()
        for name, info in model.model_fields.items():
            hcl_name = info.alias or name
            annotation = read_annotation(info.annotation, f"{model.__name__}.{name}")
            self.fields[hcl_name] = (name, bind(annotation))
            if annotation.nullable or not info.is_required():
                self.optional.add(hcl_name)
        self.type: Type = ObjectType({n: b.type for n, (_, b) in self.fields.items()}, frozenset(self.optional))

    def _to_python(self, raw: Raw) -> Any:
        values = {name: binding.to_python(raw[hcl_name]) for hcl_name, (name, binding) in self.fields.items()}
        # Not model_construct: it would look for aliases and defaults that cannot be missing here.
        instance = self.model.__new__(self.model)
        _set(instance, "__dict__", values)
        _set(instance, "__pydantic_fields_set__", set())
        _set(instance, "__pydantic_extra__", None)
        _set(instance, "__pydantic_private__", None)
        return instance

    def _to_raw(self, value: Any) -> Raw:
        if not isinstance(value, self.model):
            raise CodecError(f"a {self.model.__name__} is required, found a {type(value).__name__}")
        result = {}
        hcl_name = ""
        try:
            for hcl_name, (name, binding) in self.fields.items():
                result[hcl_name] = binding.to_raw(value.__dict__.get(name))
        except CodecError as error:
            raise error.under(hcl_name) from None
        return result

    def _to_data(self, raw: Raw) -> Any:
        # An absent optional attribute is left out, so that pydantic fills in the default.
        present = {name: value for name, value in raw.items() if value is not None or name not in self.optional}
        return {name: self.fields[name][1].to_data(value) for name, value in present.items()}


@cache
def bind_model(model: type[Model]) -> ObjectBinding:
    """The binding of a model, made once per process. Raises SchemaError if an annotation has no
    Terraform type.
    """
    try:
        return ObjectBinding(model)
    except RecursionError:
        raise SchemaError(f"{model.__name__} contains itself, which nothing in Terraform can") from None


def bind(annotation: Annotation) -> Binding:
    """The binding of an annotation."""
    inner = [bind(parameter) for parameter in annotation.parameters]
    nullable = tuple(parameter.nullable for parameter in annotation.parameters)
    match annotation.kind:
        case "model":
            return bind_model(annotation.origin)
        case "str":
            return StringBinding()
        case "enum":
            return EnumBinding(annotation.origin)
        case "bool":
            return BoolBinding()
        case "number":
            return NumberBinding(annotation.origin)
        case "dynamic":
            return DynamicBinding()
        case "sequence":
            return SequenceBinding(inner[0], annotation.origin, nullable=nullable[0])
        case "set":
            return SetBinding(inner[0], annotation.origin, nullable=nullable[0])
        case "map":
            return MapBinding(inner[0], nullable=nullable[0])
        case "tuple":
            return TupleBinding(tuple(inner), nullable)
    raise SchemaError(f"unhandled annotation kind {annotation.kind}")
