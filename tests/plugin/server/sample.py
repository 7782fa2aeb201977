"""A provider that misbehaves on request, for the tests of the process around it."""

import os
import sys

from veil.plugin import Context, Model, Provider, Resource, attribute, computed, serve


class Thing(Model):
    """A thing."""

    id: str = computed("", inputs=())
    name: str = attribute("")


class ThingResource(Resource[Thing]):
    type_name = "sample_thing"
    model = Thing

    def __init__(self) -> None:
        print("printed while loading")

    def validate(self, config: Thing, ctx: Context) -> None:
        print('{"@message":5}')
        os.write(1, b"printed around Python\n")
        ctx.log.info("validating %s", config.name)
        if config.name == "raise":
            raise RuntimeError("as asked")


class Sample(Provider):
    name = "sample"
    resources = (ThingResource,)

    def close(self) -> None:
        sys.stderr.write("closed\n")


if __name__ == "__main__":
    serve(Sample())
