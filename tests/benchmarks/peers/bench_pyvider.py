"""The same resource, written on the package `pyvider`, which finds it by an entry point."""

import attrs
from pyvider.providers import BaseProvider, ProviderMetadata, register_provider
from pyvider.resources import BaseResource, register_resource
from pyvider.schema import a_str, s_resource


@register_provider("bench")
class Bench(BaseProvider):
    def __init__(self):
        super().__init__(metadata=ProviderMetadata(name="bench", version="1.0.0", protocol_version="6"))


@attrs.define
class Config:
    name: str


@attrs.define
class State:
    name: str
    id: str | None = None


@register_resource("bench_thing")
class Thing(BaseResource):
    config_class = Config
    state_class = State

    @classmethod
    def get_schema(cls):
        return s_resource({"name": a_str(required=True), "id": a_str(computed=True)})

    async def _validate_config(self, config):
        return []

    async def _create_apply(self, ctx):
        return State(name=ctx.config.name, id=f"id of {ctx.config.name}"), None

    async def read(self, ctx):
        return ctx.state

    async def _update_apply(self, ctx):
        return ctx.planned_state, None

    async def _delete_apply(self, ctx):
        return None
