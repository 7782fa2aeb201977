"""A provider whose creates wait until they are told to stop, and which writes down what happens to
it.
"""

import os
from pathlib import Path

from veil.plugin import Context, Model, PluginError, Provider, Resource, attribute, computed, serve

NOTES = Path(os.environ["SLOW_NOTES"])


def note(line: str) -> None:
    with NOTES.open("a") as notes:
        notes.write(f"{line}\n")


class Settings(Model):
    """The block of one configuration."""

    region: str = attribute("", default="home")


class Thing(Model):
    """Something that takes time."""

    id: str = computed("", inputs=())
    wait: bool = attribute("", default=False)


class ThingResource(Resource[Thing]):
    type_name = "slow_thing"
    model = Thing

    def create(self, planned: Thing, ctx: Context) -> Thing:
        note(f"create {os.getpid()}")
        if planned.wait and ctx.stopping.wait(60):
            raise PluginError("Cancelled", "The user has interrupted this.")
        return planned.model_copy(update={"id": str(ctx.client)})

    def read(self, state: Thing, ctx: Context) -> Thing:
        return state

    def delete(self, state: Thing, ctx: Context) -> None:
        note("delete")


class Slow(Provider):
    name = "slow"
    model = Settings
    resources = (ThingResource,)

    def configure(self, config: Settings, ctx: Context) -> str:
        return config.region

    def stop(self) -> None:
        note("stop")

    def close(self) -> None:
        note("close")


if __name__ == "__main__":
    serve(Slow())
