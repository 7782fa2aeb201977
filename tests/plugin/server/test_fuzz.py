"""Whatever comes over the wire, the process answers in order and lives on."""

from collections.abc import Iterator

import grpc
import msgpack
import pytest
from google.protobuf.message_factory import GetMessageClass

from veil.plugin.wire import tfplugin6_pb2 as pb

from .garbage import WIDE, Garbage
from .process import PROVIDER, Started, running

PROVIDER_OF_ALL_KINDS = PROVIDER.with_name("wide.py")
METHODS = pb.DESCRIPTOR.services_by_name["Provider"].methods_by_name
REFUSALS = {grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.UNIMPLEMENTED}


@pytest.fixture
def started() -> Iterator[Started]:
    with running(provider=PROVIDER_OF_ALL_KINDS) as started:
        yield started


def send(started: Started, name: str, request: bytes) -> bytes:
    return started.channel.unary_unary(f"/tfplugin6.Provider/{name}")(request, timeout=120, wait_for_ready=True)


def is_alive(started: Started) -> bool:
    response = pb.GetProviderSchema.Response.FromString(send(started, "GetProviderSchema", b""))
    return "wide_thing" in response.resource_schemas


@pytest.mark.parametrize("seed", range(4))
def test_no_request_goes_unanswered_or_ends_the_process(started: Started, seed: int) -> None:
    garbage, answers = Garbage(seed), 0
    for _ in range(500):
        name, request = garbage.request()
        try:
            response = GetMessageClass(METHODS[name].output_type).FromString(send(started, name, request))
        except grpc.RpcError as refused:
            assert refused.code() in REFUSALS
            continue
        told = " ".join(f"{item.summary} {item.detail}" for item in getattr(response, "diagnostics", ()))
        assert "Internal error" not in told, (name, told)
        assert len(told) < 20_000
        answers += 1
    assert answers > 400
    assert is_alive(started)
    started.channel.close()
    assert started.process.wait(120) == 0
    assert started.process.communicate()[1] == b""


def test_procedures_of_later_terraforms_are_unimplemented(started: Started) -> None:
    later = [name for name in METHODS if name.startswith(("List", "PlanA", "Invoke", "Lock", "GetResourceIdentity"))]
    assert len(later) == 5
    for name in later:
        with pytest.raises(grpc.RpcError) as refused:
            send(started, name, b"")
        assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert is_alive(started)


def test_a_message_of_sixty_megabytes_passes(started: Started) -> None:
    size = 60_000_000
    state = pb.DynamicValue(msgpack=msgpack.packb({**WIDE, "text": "a" * size}))
    request = pb.ReadResource.Request(type_name="wide_thing", current_state=state)
    response = pb.ReadResource.Response.FromString(send(started, "ReadResource", request.SerializeToString()))
    assert not response.diagnostics
    assert msgpack.unpackb(response.new_state.msgpack)["text"] == "a" * size
