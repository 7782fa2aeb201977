"""What a hook lets through: explained by the provider, or a bug."""

from veil.plugin import Context, Model, PluginError, Provider, Resource, attribute
from veil.plugin.calls.session import Session
from veil.plugin.calls.table import find
from veil.plugin.codec import encode_msgpack
from veil.plugin.schema.derive import derive_schema
from veil.plugin.wire import tfplugin6_pb2 as pb


class Thing(Model):
    name: str = attribute("")


class ThingResource(Resource[Thing]):
    type_name = "lab_thing"
    model = Thing

    def read(self, state: Thing, ctx: Context) -> Thing:
        raise ConnectionError("the wire was cut") if state.name == "far" else KeyError(state.name)


class Lab(Provider):
    name = "lab"
    resources = (ThingResource,)

    def explain(self, problem: BaseException) -> PluginError | None:
        return PluginError("No connection", f"Mend it: {problem}.") if isinstance(problem, ConnectionError) else None


def told(name: str) -> list[tuple[str, str]]:
    state = pb.DynamicValue(msgpack=encode_msgpack({"name": name}, derive_schema(Thing).type))
    request = pb.ReadResource.Request(type_name="lab_thing", current_state=state)
    return [(each.summary, each.detail) for each in find("ReadResource")(Session(Lab()), request).diagnostics]


def test_the_provider_says_what_an_exception_means() -> None:
    assert told("far") == [("No connection", "Mend it: the wire was cut.")]


def test_what_it_does_not_know_is_a_bug() -> None:
    ((summary, detail),) = told("near")
    assert summary == "Internal error in lab_thing"
    assert "This is a bug in the provider" in detail
    assert "KeyError" not in detail and "near" not in detail
