"""The life of a process that Terraform has started: handshake, service, prompt exit."""

import gc
import os
import signal
import sys
import time
from contextlib import suppress
from typing import NoReturn

from ..api.provider import Provider
from . import transport  # noqa: F401 - first of all, see there
from .certificate import Certificate, self_signed
from .handshake import HandshakeError, Invitation, handshake_line, make_socket_path, take_stdout
from .latch import Latch
from .listener import Listener
from .logs import PrintedLines, set_up_logging
from .service import ProviderService

# How often to look whether Terraform is still there, while it has not opened its streams.
_LOOK_SECONDS = 0.5
# Long enough for the answer to Shutdown to leave, short enough not to be felt: Terraform waits for the exit.
_FAREWELL_SECONDS = 0.002


def run(provider: Provider | str, invitation: Invitation) -> NoReturn:
    """Serve one Terraform process, then exit. The exit status is 0 unless no socket could be made."""
    parent = os.getppid()
    stdout = take_stdout()
    done = Latch()
    signal.signal(signal.SIGTERM, lambda _number, _frame: done.set())
    certificate = self_signed() if invitation.tls else None
    service = ProviderService(provider)
    door = _Door(invitation)
    listener = Listener.create(service, door.close, done.set)
    try:
        network, address = door.open(listener, certificate)
    except (HandshakeError, OSError, RuntimeError) as error:
        print(f"The provider cannot listen for Terraform: {error}", file=sys.stderr)
        sys.exit(1)
    listener.server.start()
    line = handshake_line(network, address, certificate.der if certificate else b"", multiplex=invitation.multiplex)
    os.write(stdout, line.encode() + b"\n")
    sys.stdout = PrintedLines(set_up_logging(os.environ))
    loaded = service.prepare()
    if loaded is not None:
        sys.stdout = PrintedLines(set_up_logging(os.environ, loaded.name))
    gc.freeze()
    # Values are trees of many small objects, and few of them form cycles.
    gc.set_threshold(50_000, 20, 50)
    gc.enable()
    while not done.wait(_LOOK_SECONDS) and os.getppid() == parent:
        pass
    _leave(service, door)


class _Door:
    """The socket. It is removed once Terraform is inside, so that nobody else can come in."""

    def __init__(self, invitation: Invitation) -> None:
        self._invitation = invitation
        self._path = ""

    def open(self, listener: Listener, certificate: Certificate | None) -> tuple[str, str]:
        """Listen. Returns the network and the address for the handshake."""
        pems = (certificate.key_pem, certificate.certificate_pem) if certificate else (b"", b"")
        if os.name != "nt":
            self._path = make_socket_path(self._invitation.socket_folder)
            listener.listen(f"unix:{self._path}", *pems)
            return "unix", self._path
        for port in self._invitation.ports:
            with suppress(RuntimeError):
                if listener.listen(f"127.0.0.1:{port}", *pems):
                    return "tcp", f"127.0.0.1:{port}"
        raise HandshakeError("no free port")

    def close(self) -> None:
        """Remove the socket and its folder; connections that exist are not affected."""
        if self._path:
            with suppress(OSError):
                os.unlink(self._path)  # noqa: PTH108 - pathlib is not imported before the handshake
            with suppress(OSError):
                os.rmdir(os.path.dirname(self._path))  # noqa: PTH106, PTH120


def _leave(service: ProviderService, door: _Door) -> NoReturn:
    """End the process at once. Threads may hang in calls that nobody waits for any more."""
    door.close()
    with suppress(Exception):
        service.close()
    time.sleep(_FAREWELL_SECONDS)
    with suppress(Exception):
        sys.stderr.flush()
    os._exit(0)
