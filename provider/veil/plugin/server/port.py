"""The entrance where there are no Unix sockets: a local port that gRPC itself listens at.

gRPC cannot check Terraform's certificate, see ``tls``. So a client on the same machine that
connects is served.
"""

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from .certificate import Certificate
from .handshake import HandshakeError

if TYPE_CHECKING:
    from .listener import Listener


class Port:
    """A port of 127.0.0.1."""

    def __init__(self, allowed: Iterable[int], certificate: Certificate | None) -> None:
        """Reserve one of the ``allowed`` ports. Raises HandshakeError when none is free."""
        self._certificate = certificate
        self._reserved, self._number = _reserve(allowed)

    @property
    def address(self) -> tuple[str, str]:
        """The network and the address for the handshake."""
        return "tcp", f"127.0.0.1:{self._number}"

    def open(self, listener: "Listener", ended: Callable[[], None]) -> None:
        """Hand the port over to ``listener``. That Terraform goes is known when it says so."""
        import grpc

        self._reserved.close()
        address = self.address[1]
        if self._certificate is None:
            listener.server.add_insecure_port(address)
            return
        pair = (self._certificate.key_pem, self._certificate.certificate_pem)
        listener.server.add_secure_port(address, grpc.ssl_server_credentials([pair]))

    def close(self) -> None:
        """The port closes with the process."""


def _reserve(allowed: Iterable[int]) -> tuple[socket.socket, int]:
    for number in allowed:
        reserved = socket.socket()
        with suppress(OSError):
            reserved.bind(("127.0.0.1", number))
            return reserved, number
        reserved.close()
    raise HandshakeError("no free port")
