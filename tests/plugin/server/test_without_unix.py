"""The provider needs nothing that only Unix has."""

import ast
from pathlib import Path

import pytest

from tests.plugin.server.process import INVITED, Started, running
from tests.plugin.server.without_unix import MODULES, NAMES
from tests.test_architecture import modules, package_of
from veil.plugin.calls.registry import Registry
from veil.plugin.codec import encode_msgpack
from veil.plugin.wire import tfplugin6_pb2 as pb
from veil.resources.provider import Veil

SCRIPT = Path(__file__).with_name("without_unix.py")
UNENCRYPTED = {name: value for name, value in INVITED.items() if name != "PLUGIN_CLIENT_CERT"}


def configure(started: Started) -> list[str]:
    """The titles of what is wrong where the provider is to connect to a host that is not there."""
    schema = Registry(Veil()).provider_definition.schema
    there = {"host": "nowhere.invalid", "database": "analytics", "username": "veil", "password": "secret"}
    config = pb.DynamicValue(msgpack=encode_msgpack(dict.fromkeys(schema.attributes) | there, schema.type))
    request = pb.ConfigureProvider.Request(config=config)
    answer = started.call("tfplugin6.Provider/ConfigureProvider", request, pb.ConfigureProvider.Response)
    return [each.summary for each in answer.diagnostics]


@pytest.mark.parametrize("environment", [INVITED, UNENCRYPTED], ids=["encrypted", "in clear"])
def test_the_provider_is_reached_at_a_port_and_loads_all_that_it_works_with(environment: dict[str, str]) -> None:
    with running(environment, provider=SCRIPT) as started:
        assert started.handshake[2] == "tcp"
        answer = started.call("tfplugin6.Provider/GetProviderSchema", None, pb.GetProviderSchema.Response)
        assert "veil_data_source" in answer.resource_schemas
        assert configure(started) == ["Unknown host"]
        started.call("plugin.GRPCController/Shutdown")
        assert started.process.wait(120) == 0


def test_nothing_but_the_embedded_engine_imports_what_only_unix_has() -> None:
    needing = [
        f"{path.name}: {name}"
        for path in modules()
        if package_of(path) != "local"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
        if name in MODULES
    ]
    assert needing == []


def test_nothing_but_the_gate_of_unix_sockets_names_what_only_unix_has() -> None:
    names = {(module.__name__, name) for module, all_names in NAMES.items() for name in all_names}
    needing = {
        path.name
        for path in modules()
        if package_of(path) != "local"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if (node.value.id, node.attr) in names
    }
    assert needing == {"gate.py", "caller.py"}
