"""The life of a provider's process, as Terraform sees it."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import grpc
import pytest

from veil.plugin.codec import encode_msgpack
from veil.plugin.server.handshake import COOKIE, COOKIE_NAME
from veil.plugin.values.types import STRING, ObjectType
from veil.plugin.wire import tfplugin6_pb2 as pb

from .process import INVITED, PROVIDER, connect, running, start

SHUTDOWN = "plugin.GRPCController/Shutdown"


def schema(started: Any) -> pb.GetProviderSchema.Response:
    return started.call("tfplugin6.Provider/GetProviderSchema", None, pb.GetProviderSchema.Response)


def validate(started: Any, name: str) -> pb.ValidateResourceConfig.Response:
    kind = ObjectType({"id": STRING, "name": STRING})
    config = pb.DynamicValue(msgpack=encode_msgpack({"id": None, "name": name}, kind))
    request = pb.ValidateResourceConfig.Request(type_name="sample_thing", config=config)
    return started.call("tfplugin6.Provider/ValidateResourceConfig", request, pb.ValidateResourceConfig.Response)


def test_the_handshake_is_one_line_and_the_connection_is_encrypted() -> None:
    with running() as started:
        assert started.handshake[:3] == ["1", "6", "unix"]
        assert started.handshake[4] == "grpc"
        assert len(started.handshake[5]) > 50
        assert "=" not in started.handshake[5]
        assert "sample_thing" in schema(started).resource_schemas


def test_the_socket_lies_in_a_folder_of_its_owner_alone() -> None:
    with running() as started:
        assert stat.S_IMODE(started.socket.parent.stat().st_mode) == 0o700
        assert len(str(started.socket)) <= 100


def test_without_a_client_certificate_there_is_no_encryption() -> None:
    environment = {COOKIE_NAME: COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "6"}
    with running(environment) as started:
        assert started.handshake[5] == ""
        assert schema(started).provider.block is not None


def test_a_client_with_another_certificate_in_mind_is_not_served() -> None:
    with running() as started, running() as other:
        crossed = connect([*started.handshake[:5], other.handshake[5]])
        call = crossed.unary_unary("/tfplugin6.Provider/GetProviderSchema")
        with pytest.raises(grpc.RpcError):
            call(b"", timeout=5)
        crossed.close()


def _vanishes(path: Any) -> bool:
    deadline = time.monotonic() + 120
    while path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    return not path.exists()


def test_shutdown_ends_the_process_and_removes_the_socket() -> None:
    with running() as started:
        schema(started)
        started.call(SHUTDOWN)
        assert started.process.wait(120) == 0
        assert not started.socket.parent.exists()
        assert b"closed" in _stderr(started.process)


def test_the_end_of_terraform_ends_the_process() -> None:
    with running() as started:
        schema(started)
        started.channel.close()
        assert started.process.wait(120) == 0


def test_a_terraform_that_dies_before_the_handshake_is_not_waited_for() -> None:
    process = start()
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(120) == 1
    assert process.stderr is not None
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()


def test_an_orphan_ends_by_itself() -> None:
    # The parent prints the handshake and dies without ever connecting.
    script = (
        "import subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, {str(PROVIDER)!r}], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)\n"
        "print(child.pid, child.stdout.readline().decode().split('|')[3], flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **INVITED}, stdout=subprocess.PIPE, text=True, check=True
    )
    assert _vanishes(Path(done.stdout.split()[1]))


def test_an_interrupt_from_the_terminal_does_not_end_the_process() -> None:
    with running() as started:
        started.process.send_signal(signal.SIGINT)
        assert "sample_thing" in schema(started).resource_schemas


def test_a_request_to_terminate_ends_the_process() -> None:
    with running() as started:
        started.process.send_signal(signal.SIGTERM)
        assert started.process.wait(120) == 0
        assert not started.socket.exists()


def test_printing_does_not_disturb_the_protocol() -> None:
    with running() as started:
        assert not validate(started, "fine").diagnostics
        started.call(SHUTDOWN)
        out, err = started.process.communicate(timeout=120)
        assert out == b""
        assert b"printed around Python" in err


def test_logs_are_json_lines_of_strings() -> None:
    with running({**INVITED, "TF_LOG_PROVIDER": "TRACE"}) as started:
        validate(started, "raise")
        started.call(SHUTDOWN)
        lines = [line for line in _stderr(started.process).splitlines() if line.startswith(b"{")]
    records = [json.loads(line) for line in lines]
    ours = [record for record in records if record.get("@module", "").startswith("terraform.provider")]
    messages = {record["@message"].splitlines()[0]: record for record in ours}
    assert messages["printed: printed while loading"]["@level"] == "debug"
    assert messages["validating raise"]["@level"] == "info"
    assert any(record.get("tf_rpc") == "ValidateResourceConfig" for record in ours)
    assert any("Traceback" in record["@message"] for record in ours if record["@level"] == "debug")
    assert all(isinstance(value, str) for record in ours for value in record.values())


def test_what_a_provider_prints_cannot_crash_terraform() -> None:
    # Terraform 1.11 dies of a line on stderr whose @message is a number.
    with running() as started:
        validate(started, "fine")
        started.call(SHUTDOWN)
        for line in _stderr(started.process).splitlines():
            assert not line.startswith(b"{") or isinstance(json.loads(line)["@message"], str)


def test_nothing_is_logged_unless_asked_for() -> None:
    with running() as started:
        validate(started, "raise")
        started.call(SHUTDOWN)
        assert b"validating" not in _stderr(started.process)


def test_an_unknown_procedure_is_unimplemented() -> None:
    with running() as started:
        with pytest.raises(grpc.RpcError) as refused:
            started.call("tfplugin6.Provider/ListResource")
        assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_a_message_that_is_no_message_does_not_end_the_process() -> None:
    with running() as started:
        garbage = started.channel.unary_unary("/tfplugin6.Provider/PlanResourceChange")
        with pytest.raises(grpc.RpcError):
            garbage(b"\xff\xff\xff", timeout=120)
        assert "sample_thing" in schema(started).resource_schemas


def test_someone_who_starts_it_by_hand_is_told_what_it_is() -> None:
    process = start({})
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert b"This program is a Terraform provider" in err
    assert out == b""


def test_a_terraform_that_is_too_old_is_told_so() -> None:
    process = start({**INVITED, "PLUGIN_PROTOCOL_VERSIONS": "4,5"})
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert b"speaks plugin protocol 6" in err


def test_debugging_prints_what_to_attach_with() -> None:
    process = start({}, "--debug")
    assert process.stdout is not None
    lines = [process.stdout.readline().decode() for _ in range(4)]
    value = next(line for line in lines if "TF_REATTACH_PROVIDERS" in line).split("=", 1)[1].strip().strip("'")
    attached = json.loads(value)
    assert list(attached) == ["registry.terraform.io/hashicorp/sample", "registry.opentofu.org/hashicorp/sample"]
    entry = attached["registry.terraform.io/hashicorp/sample"]
    assert entry["ProtocolVersion"] == 6
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == 0
    process.communicate()
    assert not Path(entry["Addr"]["String"]).exists()


def _stderr(process: Any) -> bytes:
    return bytes(process.communicate(timeout=120)[1])
