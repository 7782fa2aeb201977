"""Models: one class gives the schema, the validation and the documentation of a block."""

import warnings
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, Self, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic._internal._model_construction import ModelMetaclass
from pydantic.fields import FieldInfo

from .declare import behaviour_of


class ModelMeta(ModelMetaclass):
    """Lets attributes be called ``schema`` or ``copy``, which pydantic warns about and Terraform users write."""

    def __new__(mcs, *arguments: Any, **options: Any) -> type:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Field name .* shadows an attribute", category=UserWarning)
            return super().__new__(mcs, *arguments, **options)


class Model(BaseModel, metaclass=ModelMeta):
    """Base of all models. Its docstring is the Markdown description of the resource or nested object.

    Inside the provider, attributes hold Python values, ``None`` for null and ``UNKNOWN`` for what is not known yet.
    The constructor validates as pydantic does; ``partial`` does not.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        defer_build=True,
        protected_namespaces=(),
        allow_inf_nan=True,
    )

    if TYPE_CHECKING:
        # So that a subclass may declare attributes of these names with types of their own.
        schema = json = copy = dict = cast(Any, None)

    @classmethod
    def __pydantic_init_subclass__(cls, **_options: Any) -> None:
        for info in cls.model_fields.values():
            if info.is_required() and type(None) in get_args(info.annotation):
                info.default = None
            elif "block" in behaviour_of(info):
                info.default_factory = _none_of(info)

    @classmethod
    def partial(cls, **values: Any) -> Self:
        """An instance from attribute names and values as they are, nothing validated; all others are None, and
        there are no blocks.

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
