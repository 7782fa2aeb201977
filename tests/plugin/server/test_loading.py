"""A provider that is imported only when Terraform is already connecting."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import grpc
import pytest

from veil.plugin import Provider
from veil.plugin.server.service import ProviderService, load_provider
from veil.plugin.wire import tfplugin6_pb2 as pb

from .process import INVITED


def answer(service: ProviderService, name: str, request: Any) -> Any:
    class Details:
        method = f"/tfplugin6.Provider/{name}"

    handler = service.service(Details())  # type: ignore[arg-type]
    assert handler is not None
    response = handler.unary_unary(request.SerializeToString(), None)  # type: ignore[misc]
    return getattr(pb, name).Response.FromString(response)


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
    assert "Error" not in schema.diagnostics[0].detail and "TF_LOG=debug" in schema.diagnostics[0].detail
    assert "The provider cannot be loaded" in answer(service, "StopProvider", pb.StopProvider.Request()).Error
    assert "The provider cannot be loaded" in answer(service, "CallFunction", pb.CallFunction.Request()).error.text
    service.close()


def test_a_process_starts_without_asyncio_and_has_it_when_someone_wants_it() -> None:
    script = (
        "import sys\n"
        "import veil.plugin.server.process, veil.plugin.server.transport, veil.plugin.server.listener\n"
        "assert 'asyncio' not in sys.modules and 'grpc.aio' not in sys.modules\n"
        "import asyncio, grpc.aio\n"
        "async def serve():\n"
        "    server = grpc.aio.server()\n"
        "    await server.start()\n"
        "    await server.stop(None)\n"
        "asyncio.run(serve())\n"
        "print('served')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout == "served\n", done.stderr


def test_grpc_has_its_asyncio_half_when_someone_wants_it() -> None:
    import grpc.aio as wanted

    assert callable(wanted.server)
    assert grpc.aio is wanted


def test_paths_of_other_services_are_not_ours() -> None:
    class Details:
        method = "/grpc.health.v1.Health/Check"

    assert ProviderService(type("P", (Provider,), {"name": "p"})()).service(Details()) is None  # type: ignore[arg-type]


def run_by_name(*arguments: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, **INVITED, "PYTHONPATH": str(Path(__file__).parent)}
    return subprocess.Popen(
        [sys.executable, "-m", "veil.plugin", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def test_a_provider_can_be_started_by_its_name() -> None:
    process = run_by_name("sample:Sample")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("1|6|unix|")
    process.terminate()
    process.communicate(timeout=120)
    assert process.returncode == 0


@pytest.mark.parametrize("arguments", [(), ("sample",), ("a:B", "c:D")])
def test_a_start_without_a_name_says_how(arguments: tuple[str, ...]) -> None:
    process = run_by_name(*arguments)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 1
    assert told.startswith("Usage: python -m veil.plugin PACKAGE.MODULE:CLASS")


def test_the_handshake_waits_for_no_large_module() -> None:
    script = (
        "import sys\n"
        "import veil.resources.serve, veil.plugin.server.serve, veil.plugin.server.process, veil.plugin.server.gate\n"
        "large = {'asyncio', 'dataclasses', 'grpc', 'google.protobuf', 'json', 'logging', 'pathlib', 'pydantic', 'ssl'}\n"
        "assert not large & sys.modules.keys(), large & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-I", "-c", script], check=True)
