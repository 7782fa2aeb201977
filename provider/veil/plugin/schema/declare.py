"""How the fields of a model are declared: attributes that the user sets, computed ones, and nested
blocks.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

BEHAVIOUR = "terraform"


def attribute(
    description: str = "",
    *,
    default: Any = PydanticUndefined,
    computed: bool = False,
    inputs: Sequence[str] | None = None,
    sensitive: bool = False,
    write_only: bool = False,
    requires_replace: bool | Callable[[Any, Any], bool] = False,
    equivalent: Callable[[Any, Any], bool] | None = None,
    deprecated: str | None = None,
    **constraints: Any,
) -> Any:
    """Declare an attribute that the user may set.

    It is required, unless its type admits None (optional, null when absent), it has a ``default``
    (optional, the default is filled in by the plan) or it is ``computed`` as well (optional, the
    provider chooses when it is absent; ``inputs`` as for ``computed()``). A change replaces the
    resource if ``requires_replace``, or if that says so of the old and the new value; one that is
    not known yet does. Of two ``equivalent`` values the state keeps the one that it has, whether
    the user spelled it another way or the provider returned it so. ``constraints`` are those of
    pydantic's ``Field``: ``ge``, ``min_length``, ``pattern``, ``alias`` (the name in HCL, if it
    cannot be the name in Python)...
    """
    has_default = default is not PydanticUndefined and default is not None
    behaviour = {
        "computed": computed,
        "inputs": None if inputs is None else list(inputs),
        "sensitive": sensitive,
        "write_only": write_only,
        "requires_replace": requires_replace,
        "equivalent": equivalent,
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

    ``inputs`` are the attributes of the same object on which its value depends: an update makes it
    unknown if one of them changes. ``()`` means that it never changes after create; None, that any
    change may change it.
    """
    behaviour = {
        "computed": True,
        "only": True,
        "inputs": None if inputs is None else list(inputs),
        "sensitive": sensitive,
        "deprecated": deprecated,
    }
    return _field(description, None, behaviour, constraints)


def block(
    description: str = "",
    *,
    group: bool = False,
    min_items: int = 0,
    max_items: int = 0,
    requires_replace: bool = False,
    deprecated: str | None = None,
    **constraints: Any,
) -> Any:
    """Declare nested blocks: ``rule { ... }`` instead of ``rule = { ... }``.

    The type says how many: ``Rule`` exactly one, ``Rule | None`` one at most, ``list[Rule]`` and
    ``frozenset[Rule]`` any number (``min_items`` to ``max_items``, 0 for no limit), ``dict[str,
    Rule]`` one for each label. A ``group`` of type ``Rule`` need not be written, and is there all
    the same, its attributes null. Terraform counts; a collection of no blocks is empty, never None.
    Without a ``description``, the docstring of the model is it.
    """
    behaviour = {
        "block": {"group": group, "min_items": min_items, "max_items": max_items},
        "requires_replace": requires_replace,
        "deprecated": deprecated,
    }
    return _field(description, PydanticUndefined, behaviour, constraints)


def behaviour_of(info: FieldInfo) -> Mapping[str, Any]:
    """What ``attribute()`` or ``computed()`` said about a field beyond pydantic's part."""
    extra = info.json_schema_extra
    behaviour = extra.get(BEHAVIOUR) if isinstance(extra, dict) else None
    return behaviour if isinstance(behaviour, dict) else {}


def _field(description: str, default: Any, behaviour: dict[str, Any], constraints: dict[str, Any]) -> Any:
    extra: dict[str, Any] = {BEHAVIOUR: behaviour}
    if callable(default):
        return Field(default_factory=default, description=description, json_schema_extra=extra, **constraints)
    return Field(default=default, description=description, json_schema_extra=extra, **constraints)
