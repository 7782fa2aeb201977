"""Models: one class gives the schema, the validation and the documentation of a block."""

import warnings
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, Self, cast, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic._internal._model_construction import ModelMetaclass
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

BEHAVIOUR = "terraform"


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

    @classmethod
    def partial(cls, **values: Any) -> Self:
        """An instance from attribute names and values as they are, nothing validated; all others are None.

        For an import that knows no more than the identifier, and for values that are not known yet.
        """
        unset: dict[str, Any] = dict.fromkeys(cls.model_fields)
        instance = cls.model_construct(**{**unset, **values})
        instance.__pydantic_fields_set__.intersection_update(values)
        return instance

    def __hash__(self) -> int:
        return hash((type(self), tuple(_frozen(value) for value in self.__dict__.values())))


def attribute(
    description: str = "",
    *,
    default: Any = PydanticUndefined,
    computed: bool = False,
    inputs: Sequence[str] | None = None,
    sensitive: bool = False,
    write_only: bool = False,
    requires_replace: bool = False,
    deprecated: str | None = None,
    **constraints: Any,
) -> Any:
    """Declare an attribute that the user may set.

    It is required, unless its type admits None (optional, null when absent), it has a ``default`` (optional, the
    default is filled in by the plan) or it is ``computed`` as well (optional, the provider chooses when it is
    absent; ``inputs`` as for ``computed()``). ``constraints`` are those of pydantic's ``Field``: ``ge``,
    ``min_length``, ``pattern``, ``alias`` (the name in HCL, if it cannot be the name in Python) and so on.
    """
    has_default = default is not PydanticUndefined and default is not None
    behaviour = {
        "computed": computed,
        "inputs": None if inputs is None else list(inputs),
        "sensitive": sensitive,
        "write_only": write_only,
        "requires_replace": requires_replace,
        "deprecated": deprecated,
        "default": has_default,
    }
    if default is PydanticUndefined and computed:
        default = None
    if has_default:
        constraints = {"validate_default": True, **constraints}
    return _field(description, default, behaviour, constraints)


def computed(
    description: str = "",
    *,
    inputs: Sequence[str] | None = None,
    sensitive: bool = False,
    deprecated: str | None = None,
    **constraints: Any,
) -> Any:
    """Declare an attribute that only the provider sets.

    ``inputs`` are the attributes of the same object on which its value depends: an update makes it unknown if one
    of them changes. ``()`` means that it never changes after create; None, that any change may change it.
    """
    behaviour = {
        "computed": True,
        "only": True,
        "inputs": None if inputs is None else list(inputs),
        "sensitive": sensitive,
        "deprecated": deprecated,
    }
    return _field(description, None, behaviour, constraints)


def behaviour_of(info: FieldInfo) -> Mapping[str, Any]:
    """What ``attribute()`` or ``computed()`` said about a field beyond pydantic's part."""
    extra = info.json_schema_extra
    found = extra.get(BEHAVIOUR) if isinstance(extra, dict) else None
    return found if isinstance(found, dict) else {}


def _field(description: str, default: Any, behaviour: dict[str, Any], constraints: dict[str, Any]) -> Any:
    extra: dict[str, Any] = {BEHAVIOUR: behaviour}
    if callable(default):
        return Field(default_factory=default, description=description, json_schema_extra=extra, **constraints)
    return Field(default=default, description=description, json_schema_extra=extra, **constraints)


def _frozen(value: Any) -> Any:
    """``value`` as something hashable, for models inside sets."""
    if isinstance(value, Mapping):
        return frozenset((name, _frozen(item)) for name, item in value.items())
    if isinstance(value, AbstractSet):
        return frozenset(_frozen(item) for item in value)
    if isinstance(value, list | tuple):
        return tuple(_frozen(item) for item in value)
    return value
