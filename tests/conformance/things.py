"""A resource that remembers what it is given, for tests to derive from."""

from itertools import count
from typing import Any, ClassVar

from veil.plugin import Context, Model, Resource, attribute, computed, is_known

_numbers = count(1)


class Thing(Model):
    """Something with a name."""

    id: str = computed("Its identifier.", inputs=())
    name: str | None = attribute("Its name.")


class ThingResource(Resource[Any]):
    """Keeps every object in ``shelf``, filling in what is computed: ``id``, and ``None`` for all
    else.
    """

    type_name = "lab_thing"
    model = Thing
    shelf: ClassVar[dict[str, Any]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.shelf = {}

    def computed(self, planned: Any) -> dict[str, Any]:
        """Values for the computed attributes that are not known yet."""
        return {name: None for name, value in planned.__dict__.items() if not is_known(value)}

    def create(self, planned: Any, ctx: Context) -> Any:
        identifier = f"id-{next(_numbers)}"
        return self.put(planned.model_copy(update={**self.computed(planned), "id": identifier}))

    def read(self, state: Any, ctx: Context) -> Any:
        return self.shelf.get(state.id)

    def update(self, prior: Any, planned: Any, ctx: Context) -> Any:
        return self.put(planned.model_copy(update={**self.computed(planned), "id": prior.id}))

    def delete(self, state: Any, ctx: Context) -> None:
        self.shelf.pop(state.id, None)

    def put(self, state: Any) -> Any:
        """Keep and return ``state``."""
        self.shelf[state.id] = state
        return state


def resource_of(described: type[Model], **members: Any) -> type[ThingResource]:
    """A resource ``lab_thing`` with the model ``described`` and, if need be, methods of its own."""
    return type("LabThing", (ThingResource,), {"model": described, **members})
