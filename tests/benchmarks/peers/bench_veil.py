"""A resource that does nothing, written on veil.plugin."""

from veil.plugin import Context, Model, Provider, Resource, attribute, computed


class Thing(Model):
    id: str = computed("", inputs=())
    name: str = attribute("")


class ThingResource(Resource[Thing]):
    type_name = "bench_thing"
    model = Thing

    def create(self, planned: Thing, ctx: Context) -> Thing:
        return planned.model_copy(update={"id": f"id of {planned.name}"})

    def read(self, state: Thing, ctx: Context) -> Thing:
        return state

    def update(self, prior: Thing, planned: Thing, ctx: Context) -> Thing:
        return planned

    def delete(self, state: Thing, ctx: Context) -> None:
        return None


class Bench(Provider):
    name = "bench"
    resources = (ThingResource,)
