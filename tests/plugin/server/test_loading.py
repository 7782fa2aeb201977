"""A provider that is imported only when Terraform is already connecting."""

from pathlib import Path
from typing import Any

import grpc
import pytest

from veil.plugin import Provider
from veil.plugin.server.service import ProviderService, load_provider
from veil.plugin.wire import tfplugin6_pb2 as pb


def answer(service: ProviderService, name: str, request: Any) -> Any:
    class Details:
        method = f"/tfplugin6.Provider/{name}"

    handler = service.service(Details())  # type: ignore[arg-type]
    assert handler is not None
    return handler.unary_unary(request, None)  # type: ignore[misc]


def test_a_provider_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    assert type(load_provider("sample:Sample")).__name__ == "Sample"


@pytest.mark.parametrize("source", ["nowhere.to_be:Found", "json:JSONDecoder"])
def test_one_that_cannot_be_loaded_is_explained_in_every_answer(source: str) -> None:
    service = ProviderService(source)
    assert service.prepare() is None
    schema = answer(service, "GetProviderSchema", pb.GetProviderSchema.Request())
    assert schema.diagnostics[0].summary == "The provider cannot be loaded"
    assert schema.diagnostics[0].severity == pb.Diagnostic.ERROR
    assert "The provider cannot be loaded" in answer(service, "StopProvider", pb.StopProvider.Request()).Error
    assert "The provider cannot be loaded" in answer(service, "CallFunction", pb.CallFunction.Request()).error.text
    service.close()


def test_grpc_has_its_asyncio_half_when_someone_wants_it() -> None:
    import grpc.aio as wanted

    assert callable(wanted.server)
    assert grpc.aio is wanted


def test_paths_of_other_services_are_not_ours() -> None:
    class Details:
        method = "/grpc.health.v1.Health/Check"

    assert ProviderService(type("P", (Provider,), {"name": "p"})()).service(Details()) is None  # type: ignore[arg-type]
