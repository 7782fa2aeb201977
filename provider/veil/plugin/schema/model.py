"""Models: one class gives the schema, the validation and the documentation of a block."""

import sys
import warnings
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationInfo, model_validator
from pydantic._internal._model_construction import ModelMetaclass
from pydantic.errors import PydanticUndefinedAnnotation
from pydantic.fields import FieldInfo

from .check import Check, run_all
from .declare import behaviour_of
from .schema import SchemaError

AS_FAR_AS_KNOWN: Mapping[str, Any] = MappingProxyType({"as_far_as_known": True})
"""The context of a validation after which checks are run by whoever knows what is known."""


class ModelMeta(ModelMetaclass):
    """Lets attributes be called ``schema`` or ``copy``, which pydantic warns about and Terraform
    users write. Takes checks out of what pydantic sees.
    """

    def __new__(mcs, name: str, bases: tuple[type, ...], members: dict[str, Any], **options: Any) -> type:
        checks = {name: member for name, member in members.items() if isinstance(member, Check)}
        members = {name: member for name, member in members.items() if name not in checks}
        if checks:
            inherited = {
                name: each for base in reversed(bases) for name, each in getattr(base, "__checks__", {}).items()
            }
            members |= {"__checks__": inherited | checks, "_run_checks": model_validator(mode="after")(_run_checks)}
        # Pydantic looks up annotations that are text where the class is defined, and would find
        # this function instead.
        around = sys._getframe(1)
        if around.f_code.co_name != "<module>":
            local = {name: value for name, value in around.f_locals.items() if isinstance(value, type)}
            members = {**members, "__pydantic_parent_namespace__": local}
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Field name .* shadows an attribute", category=UserWarning)
            return super().__new__(mcs, name, bases, members, __pydantic_reset_parent_namespace__=False, **options)


def _run_checks(instance: "Model", info: ValidationInfo) -> "Model":
    if not (info.context or {}).get("as_far_as_known"):
        run_all(instance)
    return instance


class Model(BaseModel, metaclass=ModelMeta):
    """Base of all models. Its docstring is the Markdown description of the resource or nested
    object.

    Inside the provider, attributes hold Python values, ``None`` for null and ``UNKNOWN`` for what
    is not known yet. The constructor validates as pydantic does; ``partial`` does not.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        defer_build=True,
        protected_namespaces=(),
        allow_inf_nan=True,
    )

    __checks__: ClassVar[Mapping[str, Check]] = MappingProxyType({})

    if TYPE_CHECKING:
        # So that a subclass may declare attributes of these names with types of their own.
        schema = json = copy = dict = cast(Any, None)

    @classmethod
    def __pydantic_init_subclass__(cls, **_options: Any) -> None:
        _open_optional(cls)

    @classmethod
    def __pydantic_on_complete__(cls) -> None:
        # Now is known what annotations mean that name classes defined later.
        if _open_optional(cls):
            cls.model_rebuild(force=True)

    @classmethod
    def partial(cls, **values: Any) -> Self:
        """An instance from attribute names and values as they are, nothing validated; all others
        are None, and there are no blocks.

        For an import that knows no more than the identifier, and for values that are not known yet.
        """
        unset = {
            name: info.default_factory() if "block" in behaviour_of(info) and info.default_factory else None  # type: ignore[call-arg]
            for name, info in cls.model_fields.items()
        }
        instance = cls.model_construct(**{**unset, **values})
        instance.__pydantic_fields_set__.intersection_update(values)
        return instance

    def __hash__(self) -> int:
        return hash((type(self), tuple(_frozen(value) for value in self.__dict__.values())))


def resolve(model: type[Model]) -> None:
    """Find out what the annotations of ``model`` mean that name classes defined after it.

    Raises SchemaError if one names nothing.
    """
    if model.__pydantic_fields_complete__:
        return
    try:
        model.model_rebuild(force=True)
    except PydanticUndefinedAnnotation as error:
        raise SchemaError(f"{model.__name__}: nothing is called {error.name!r}, which an annotation names") from None


def _open_optional(model: type[Model]) -> bool:
    """Let what may be absent in Terraform be left out in Python as well. Returns whether that
    changed anything.
    """
    required = [info for info in model.model_fields.values() if info.is_required()]
    for info in required:
        if type(None) in get_args(info.annotation):
            info.default = None
        elif "block" in behaviour_of(info):
            info.default_factory = _none_of(info)
    return not all(info.is_required() for info in required)


def _none_of(info: FieldInfo) -> Callable[[], Any] | None:
    """What makes the value of a block that is not written, None if it must be written."""
    origin = get_origin(info.annotation)
    if isinstance(origin, type):
        return dict if issubclass(origin, Mapping) else tuple if issubclass(origin, tuple) else origin
    model = info.annotation
    return model if isinstance(model, type) and behaviour_of(info)["block"]["group"] else None


def _frozen(value: Any) -> Any:
    """``value`` as something hashable, for models inside sets."""
    if isinstance(value, Mapping):
        return frozenset((name, _frozen(item)) for name, item in value.items())
    if isinstance(value, AbstractSet):
        return frozenset(_frozen(item) for item in value)
    if isinstance(value, list | tuple):
        return tuple(_frozen(item) for item in value)
    return value
