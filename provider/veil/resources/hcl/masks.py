"""`mask`: what stands in place of a value. Exactly one kind per mask.

The models of the kinds are made of their declarations in `veil.model.masks`.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, cast, get_type_hints

from pydantic import AfterValidator

from veil import model
from veil.model.masks import MASK_KINDS, MaskKind
from veil.plugin import Model, attribute, check
from veil.resources.hcl.names import Text
from veil.resources.hcl.texts import MaskExpression, one_of


def _problem(find: Any, value: Any) -> Any:
    if problem := find(value):
        raise ValueError(problem)
    return value


_TEXTS: Mapping[Any, Any] = {str: Text, frozenset[str]: frozenset[Text], tuple[str, ...]: list[Text]}


def _attribute(declared: "Field[Any]", hint: Any) -> tuple[Any, Any]:
    """A field of a kind as the type and the declaration of an attribute."""
    metadata = declared.metadata
    hint = MaskExpression if metadata["is_expression"] else _TEXTS.get(hint, hint)
    if metadata["problem"] is not None:
        hint = Annotated[hint, AfterValidator(partial(_problem, metadata["problem"]))]
    default = {} if declared.default is MISSING else {"default": _listed(declared.default)}
    return hint, attribute(metadata["description"], **default, **metadata["constraints"])


def _listed(value: Any) -> Any:
    """A value of a kind as HCL has it: in a list what is one in Python's own words."""
    return list(value) if isinstance(value, tuple) else value


def _model(kind: type[MaskKind]) -> type[Model]:
    """The model of one kind of mask."""
    hints = get_type_hints(kind)
    members: dict[str, Any] = {each.name: _attribute(each, hints[each.name]) for each in fields(cast(Any, kind))}
    return _made(kind.__name__, Model, kind.__doc__, members)


def _made(name: str, base: type[Model], description: str | None, members: Mapping[str, tuple[Any, Any]]) -> type[Model]:
    """A model with these attributes, each with its type."""
    body: dict[str, Any] = {"__module__": __name__, "__qualname__": name, "__doc__": description}
    body["__annotations__"] = {each: hint for each, (hint, _) in members.items()}
    body |= {each: declaration for each, (_, declaration) in members.items()}
    metaclass: Any = type(base)
    return cast(type[Model], metaclass(name, (base,), body))


_MODELS: Mapping[type[MaskKind], type[Model]] = {kind: _model(kind) for kind in MASK_KINDS}
_NAMES: Mapping[type[MaskKind], str] = {kind: f"{kind.key}_" for kind in MASK_KINDS}
"""The kinds' names in Python, some of which would be those of a function in HCL's spelling."""


class _Mask(Model):
    """What stands in place of a value: exactly one of the kinds. NULL stays NULL, except under
    `constant` and where an `sql` expression makes something of it. A mask that does not fit the
    column's type gives NULL, and the plan warns; so does a result that the column cannot hold.
    """

    @check(partly=tuple(_NAMES.values()))
    def _one_kind(self) -> None:
        kinds = {kind.key: getattr(self, name) for kind, name in _NAMES.items()}
        one_of("mask", kinds, " Write one policy for each.")

    def to_model(self) -> model.Mask:
        """The mask as it is governed."""
        kind, given = next((kind, each) for kind, name in _NAMES.items() if (each := getattr(self, name)) is not None)
        values = {each.name: getattr(given, each.name) for each in fields(cast(Any, kind))}
        tuples = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return cast(model.Mask, kind(**values | tuples))

    @classmethod
    def from_model(cls, mask: model.Mask) -> "Mask":
        """The mask as it is declared."""
        kind = type(mask)
        values = {each.name: _listed(getattr(mask, each.name)) for each in fields(mask)}
        return cls(**{kind.key: _MODELS[kind](**values)})


if TYPE_CHECKING:
    Mask = _Mask
else:
    _KINDS = {_NAMES[kind]: (inner | None, attribute(kind.summary, alias=kind.key)) for kind, inner in _MODELS.items()}
    Mask = _made("Mask", _Mask, _Mask.__doc__, _KINDS)
