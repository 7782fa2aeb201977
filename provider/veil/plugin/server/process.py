"""The life of a process that Terraform has started: handshake, service, prompt exit."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from .certificate import Certificate, self_signed
from .handshake import HandshakeError, Invitation, handshake_line, take_stdout
from .latch import Latch

if TYPE_CHECKING:
    from ..api.provider import Provider
    from .entrance import Entrance
    from .listener import Listener

# How often to look whether Terraform is still there, while it has not connected.
_LOOK_SECONDS = 0.5
# How long the answer to Shutdown may take to reach Terraform, which then closes the connection.
_FAREWELL_SECONDS = 0.1


def run(provider: Provider | str, invitation: Invitation, recorded: str | None = None) -> NoReturn:
    """Serve one Terraform process, then exit. The exit status is 0 unless Terraform could not be
    reached.
    """
    parent = os.getppid()
    stdout = take_stdout()
    done, gone = Latch(), Latch()
    signal.signal(signal.SIGTERM, lambda _number, _frame: done.set())
    certificate = self_signed() if invitation.client_pem else None
    entrance = None
    try:
        entrance = _entrance(invitation, certificate)
        _greet(stdout, entrance, certificate, invitation)
        # Terraform connects from now on, and waits at the entrance for what follows.
        listener = _serve(provider, recorded, entrance, done, gone)
    except (HandshakeError, OSError, RuntimeError) as error:
        if entrance is not None:
            entrance.close()
        print(f"The provider cannot listen for Terraform: {error}", file=sys.stderr)
        sys.exit(1)
    while not done.wait(_LOOK_SECONDS) and os.getppid() == parent:
        pass
    _leave(listener, entrance, gone)


def _entrance(invitation: Invitation, certificate: Certificate | None) -> Entrance:
    if hasattr(socket, "AF_UNIX"):
        from .gate import Gate

        return Gate(invitation.socket_folder, certificate, invitation.client_pem)
    from .port import Port

    return Port(invitation.ports, certificate)


def _greet(stdout: int, entrance: Entrance, certificate: Certificate | None, invitation: Invitation) -> None:
    network, address = entrance.address
    shown = certificate.der if certificate else b""
    line = handshake_line(network, address, shown, multiplex=invitation.multiplex)
    os.write(stdout, line.encode() + b"\n")


def _serve(provider: Provider | str, recorded: str | None, entrance: Entrance, done: Latch, gone: Latch) -> Listener:
    """Set up what answers Terraform, and let it in. What is returned must be kept, or the server
    ends.
    """
    from . import transport  # noqa: F401 - first of all, see there
    from .listener import Listener
    from .logs import PrintedLines, set_up_logging
    from .service import ProviderService

    def ended() -> None:
        gone.set()
        done.set()

    def loaded(provider: Provider | None) -> None:
        if provider is not None:
            sys.stdout = PrintedLines(set_up_logging(os.environ, provider.name))
        gc.freeze()
        # Values are trees of many small objects, and few of them form cycles.
        gc.set_threshold(50_000, 20, 50)
        gc.enable()

    # pydantic would read what every installed package says of itself, to find plugins of its own
    # and run them in here.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    sys.stdout = PrintedLines(set_up_logging(os.environ))
    service = ProviderService(provider, recorded=recorded, loaded=loaded)
    listener = Listener.create(service, done.set)
    entrance.open(listener, ended)
    listener.server.start()
    if recorded is None:
        service.prepare()
    return listener


def _leave(listener: Listener, entrance: Entrance, gone: Latch) -> NoReturn:
    """End the process at once. Threads may hang in calls that nobody waits for any more."""
    entrance.close()
    gone.wait(_FAREWELL_SECONDS)
    with suppress(Exception):
        listener.service.close()
    with suppress(Exception):
        sys.stderr.flush()
    os._exit(0)
