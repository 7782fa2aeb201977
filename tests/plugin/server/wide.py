"""A provider with a part of every kind and a value of every type, which returns what it is
given.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Literal

from veil.plugin import (
    Context,
    DataSource,
    EphemeralResource,
    Function,
    Model,
    MoveSource,
    Plan,
    Provider,
    Resource,
    attribute,
    block,
    computed,
    is_known,
    parameter,
    serve,
)


class Color(StrEnum):
    RED = "red"


class Inner(Model):
    """What is nested."""

    key: str = attribute("")
    rank: int = computed("")
    token: str | None = attribute("", write_only=True)


class Element(Model):
    """What is nested in a set."""

    key: str = attribute("")
    weight: int = attribute("", default=1)


class Wide(Model):
    """One attribute of every type."""

    id: str = computed("", inputs=())
    text: str = attribute("", pattern="^[a-z]*$", requires_replace=True)
    flag: bool | None = attribute("")
    whole: int | None = attribute("", ge=0)
    real: float | None = attribute("")
    exact: Decimal | None = attribute("")
    color: Color | None = attribute("")
    mode: Literal["a", "b"] | None = attribute("")
    words: list[str] | None = attribute("")
    tags: frozenset[str] = attribute("", default=frozenset())
    labels: dict[str, frozenset[str]] | None = attribute("")
    pair: tuple[str, int] | None = attribute("")
    anything: Any = attribute("", default=None)
    one: Inner | None = attribute("")
    several: list[Inner] | None = attribute("")
    distinct: frozenset[Element] | None = attribute("")
    named: dict[str, Inner] | None = attribute("")
    derived: str = computed("", inputs=("text",))
    secret: str | None = attribute("", sensitive=True)
    hidden: str | None = attribute("", write_only=True)
    rule: list[Inner] = block("")
    loose: list["Loose"] = block("")
    limit: Inner | None = block("")


class Loose(Model):
    """Blocks of different types."""

    value: Any = attribute("", default=None)


class WideResource(Resource[Wide]):
    type_name = "wide_thing"
    model = Wide
    schema_version = 1
    upgraders: ClassVar = {0: lambda old: {"text": "t", **old}}

    def plan(self, plan: Plan[Wide], ctx: Context) -> None:
        if plan.planned is not None and is_known(plan.planned.text):
            plan.planned.derived = plan.planned.text

    def create(self, planned: Wide, ctx: Context) -> Wide:
        return self._settled(planned)

    def read(self, state: Wide, ctx: Context) -> Wide:
        return state

    def update(self, prior: Wide, planned: Wide, ctx: Context) -> Wide:
        return self._settled(planned)

    def delete(self, state: Wide, ctx: Context) -> None:
        ctx.log.debug("deleted %s", state.id)

    def import_state(self, identifier: str, /, ctx: Context) -> Wide:
        return Wide.partial(id=identifier)

    def move_state(self, source: MoveSource, ctx: Context) -> Wide:
        return Wide.partial(id=str(source.state.get("id")))

    def _settled(self, planned: Wide) -> Wide:
        return planned.model_copy(update={"id": "x", "derived": planned.text})


class WideData(DataSource[Wide]):
    type_name = "wide_thing"
    model = Wide

    def read(self, config: Wide, ctx: Context) -> Wide:
        return config.model_copy(update={"id": "x", "derived": config.text})


class Lease(EphemeralResource[Wide]):
    type_name = "wide_lease"
    model = Wide

    def open(self, config: Wide, ctx: Context) -> Wide:
        ctx.private["lease"] = "1"
        return config.model_copy(update={"id": "x", "derived": config.text})


class Echo(Function):
    """Gives back what it is given."""

    name = "echo"
    parameters = (parameter("value", Any), parameter("items", list[int] | None))
    variadic = parameter("rest", dict[str, str])
    returns = Any

    def call(self, value: Any, items: list[int] | None, *rest: dict[str, str]) -> Any:
        return {"value": value, "items": items, "rest": rest}


class Settings(Model):
    """What is configured."""

    host: str | None = attribute("")
    port: int = attribute("", default=5439, le=65535)


class WideProvider(Provider):
    name = "wide"
    model = Settings
    resources = (WideResource,)
    data_sources = (WideData,)
    ephemeral_resources = (Lease,)
    functions = (Echo,)

    def configure(self, config: Settings, ctx: Context) -> Any:
        return config


if __name__ == "__main__":
    serve(WideProvider())
