"""Answers that were recorded when a provider was built are sent as they stand, and nothing is
imported for them.
"""

from pathlib import Path
from typing import Any

import grpc
import pytest

from veil.plugin import Provider
from veil.plugin.calls.recording import RECORDED, record
from veil.plugin.calls.table import CALLS
from veil.plugin.server.caller import Caller
from veil.plugin.server.service import ProviderService
from veil.plugin.wire import tfplugin6_pb2 as pb

from .sample import Sample


class Stranger(Caller):
    """Nobody is the one who may call."""

    def check(self, context: Any) -> None:
        raise PermissionError


def answer(service: ProviderService, name: str) -> bytes:
    class Details:
        method = f"/tfplugin6.Provider/{name}"

    handler = service.service(Details())  # type: ignore[arg-type]
    assert handler is not None
    return bytes(handler.unary_unary(b"", None))  # type: ignore[misc]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    for name, content in record(Sample()).items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_answer_needs_no_provider(recorded: Path, name: str) -> None:
    service = ProviderService("nowhere.to_be:Found", recorded=str(recorded))
    assert answer(service, name) == (recorded / f"{name}.binpb").read_bytes()


def test_what_is_recorded_is_what_the_provider_answers(recorded: Path) -> None:
    told = pb.GetProviderSchema.Response.FromString(answer(ProviderService(Sample()), "GetProviderSchema"))
    sent = answer(ProviderService("nowhere.to_be:Found", recorded=str(recorded)), "GetProviderSchema")
    assert pb.GetProviderSchema.Response.FromString(sent) == told
    assert list(told.resource_schemas) == ["sample_thing"]


def test_all_other_calls_are_answered_by_the_provider(recorded: Path) -> None:
    loaded: list[Provider | None] = []
    service = ProviderService(Sample(), recorded=str(recorded), loaded=loaded.append)
    answer(service, "GetProviderSchema")
    assert loaded == []
    assert pb.ValidateProviderConfig.Response.FromString(answer(service, "ValidateProviderConfig"))
    assert [type(each) for each in loaded] == [Sample]


def test_what_was_not_recorded_is_answered_by_the_provider(recorded: Path) -> None:
    (recorded / "GetProviderSchema.binpb").unlink()
    answered = answer(ProviderService(Sample(), recorded=str(recorded)), "GetProviderSchema")
    assert "sample_thing" in pb.GetProviderSchema.Response.FromString(answered).resource_schemas


def test_nobody_else_is_sent_a_recorded_answer(recorded: Path) -> None:
    service = ProviderService(Sample(), Stranger(), recorded=str(recorded))
    with pytest.raises(PermissionError):
        answer(service, "GetProviderSchema")


def test_the_same_provider_gives_the_same_bytes() -> None:
    assert record(Sample()) == record(Sample())


def test_only_calls_that_ask_for_nothing_are_recorded() -> None:
    for name in CALLS:
        asks_for_nothing = not getattr(pb, name).Request.DESCRIPTOR.fields
        assert (name in RECORDED) == (asks_for_nothing and name != "StopProvider")


def test_a_procedure_that_is_not_implemented_loads_nothing(recorded: Path) -> None:
    class Details(grpc.HandlerCallDetails):
        method = "/tfplugin6.Provider/GetResourceIdentitySchemas"

    loaded: list[Provider | None] = []
    service = ProviderService(Sample(), recorded=str(recorded), loaded=loaded.append)
    assert service.service(Details()) is None
    assert loaded == []
