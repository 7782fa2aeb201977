"""A provider's process, started the way Terraform starts it, and a client that speaks to it."""

import base64
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from veil.plugin.server.certificate import Certificate, self_signed
from veil.plugin.server.handshake import COOKIE, COOKIE_NAME

PROVIDER = Path(__file__).with_name("sample.py")
TERRAFORM = self_signed()
INVITED = {
    COOKIE_NAME: COOKIE,
    "PLUGIN_PROTOCOL_VERSIONS": "5,6",
    "PLUGIN_CLIENT_CERT": TERRAFORM.certificate_pem.decode(),
}


@dataclass
class Started:
    """A running process: its handshake, split at the bars, and a channel to it."""

    process: subprocess.Popen[bytes]
    handshake: list[str]
    channel: grpc.Channel

    @property
    def socket(self) -> Path:
        return Path(self.handshake[3])

    def call(self, name: str, request: Any = None, response: Any = None) -> Any:
        """Call a remote procedure by its full name, ``service/Name``, with messages or with
        nothing.
        """
        method = self.channel.unary_unary(
            f"/{name}",
            request_serializer=lambda message: b"" if message is None else message.SerializeToString(),
            response_deserializer=bytes if response is None else response.FromString,
        )
        return method(request, timeout=120, wait_for_ready=True)

    def open_broker(self) -> Any:
        """Open the stream that Terraform keeps open while it lives; cancel() what comes back to end
        it.
        """
        over = iter(_Endless())
        return self.channel.stream_stream("/plugin.GRPCBroker/StartStream")(over, wait_for_ready=True)


class _Endless:
    """A stream of requests that never sends one."""

    def __iter__(self) -> Iterator[bytes]:
        import threading

        threading.Event().wait(20)
        yield from ()


def start(environment: dict[str, str] = INVITED, *arguments: str, provider: Path = PROVIDER) -> subprocess.Popen[bytes]:
    """Start a provider with nothing but ``environment`` and what a Python process needs."""
    base = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, str(provider), *arguments],
        env={**base, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )


def connect(handshake: list[str], client: Certificate | None = TERRAFORM) -> grpc.Channel:
    """A channel to the address of a handshake line, trusting its certificate and no other, and
    showing our own.
    """
    target = f"unix:{handshake[3]}" if handshake[2] == "unix" else handshake[3]
    if not handshake[5]:
        return grpc.insecure_channel(target)
    shown = (client.key_pem, client.certificate_pem) if client else (None, None)
    trusted = grpc.ssl_channel_credentials(certificate_of(handshake).encode(), *shown)
    options = [("grpc.ssl_target_name_override", "localhost"), ("grpc.max_receive_message_length", -1)]
    return grpc.secure_channel(target, trusted, options=options)


def certificate_of(handshake: list[str]) -> str:
    """The certificate in a handshake line, as PEM."""
    return ssl.DER_cert_to_PEM_cert(base64.b64decode(handshake[5] + "=" * (-len(handshake[5]) % 4)))


@contextmanager
def running(environment: dict[str, str] = INVITED, *, provider: Path = PROVIDER) -> Iterator[Started]:
    """A running provider with a client; told to end at the end, so that it removes its socket."""
    process = start(environment, provider=provider)
    assert process.stdout is not None
    handshake = process.stdout.readline().decode().rstrip("\n").split("|")
    channel = connect(handshake)
    try:
        yield Started(process, handshake, channel)
    finally:
        channel.close()
        process.terminate()
        if not process.stdout.closed:
            process.communicate(timeout=120)
