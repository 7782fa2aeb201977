"""What of a planned resource is not known yet, as far as a draft is made from it."""

from typing import Any, TypeVar

from veil.plugin import Model, is_known, wholly_known
from veil.plugin.schema.declare import behaviour_of

AnyModel = TypeVar("AnyModel", bound=Model)


def without_unknown_descriptions(model: AnyModel) -> AnyModel:
    """The model, and what is in its maps, without the descriptions that are not known yet: nothing
    that a plan finds depends on one, so nothing has to wait for it.
    """
    values = dict(model)
    updates: dict[str, Any] = {"description": None} if not is_known(values.get("description")) else {}
    for name, value in values.items():
        if isinstance(value, dict) and any(isinstance(each, Model) for each in value.values()):
            updates[name] = {
                key: without_unknown_descriptions(each) if isinstance(each, Model) else each
                for key, each in value.items()
            }
    return model.model_copy(update=updates) if updates else model


def undecided(model: Model) -> list[str]:
    """The attributes that are not known yet and that a draft is made from: none that the provider
    computes counts, nor the integration, which a draft does not carry.
    """
    fields = type(model).model_fields
    wanted = (name for name in fields if name != "integration" and not behaviour_of(fields[name]).get("computed"))
    return [name for name in wanted if not wholly_known(getattr(model, name))]
