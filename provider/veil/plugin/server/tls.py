"""TLS with the one client that may come in: whoever holds the key of the certificate that Terraform
handed over.

That certificate is P-521. gRPC's own TLS library does not let a client sign with it, so that gRPC
could only skip the check. Python's does, hence TLS ends here and not in gRPC.
"""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from .certificate import Certificate

_RECORD = 16_384


def server_context(certificate: Certificate, client_pem: str) -> ssl.SSLContext:
    """What a TLS server needs that shows ``certificate`` and demands the client's. Raises
    ssl.SSLError.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=client_pem)
    with _readable(certificate.certificate_pem) as chain, _readable(certificate.key_pem) as key:
        context.load_cert_chain(chain, key)
    context.set_alpn_protocols(["h2"])
    return context


@contextmanager
def _readable(content: bytes) -> Iterator[str]:
    """A path at which ``content`` can be read once: OpenSSL takes keys from files only, and this
    one shall be in none.
    """
    reading, writing = os.pipe()
    try:
        os.write(writing, content)
        os.close(writing)
        yield f"/dev/fd/{reading}"
    finally:
        os.close(reading)


class Cipher:
    """The TLS of one connection, apart from its socket: bytes in, bytes out. Not for two threads at
    a time.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self._arrived, self._leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._arrived, self._leaving, server_side=True)

    def shake_hands(self, data: bytes) -> bool:
        """Go on with the handshake, given what has arrived. Returns whether it is over. Raises
        ssl.SSLError.
        """
        self._arrived.write(data)
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def open(self, data: bytes) -> bytes:
        """What the client says in ``data``; empty while a record is incomplete. Raises
        ssl.SSLError.
        """
        self._arrived.write(data)
        parts = []
        with suppress(ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            while part := self._tls.read(_RECORD):
                parts.append(part)
        return b"".join(parts)

    def seal(self, data: bytes) -> None:
        """Encrypt ``data`` for the client."""
        self._tls.write(data)

    def leaving(self) -> bytes:
        """What there is to send by now."""
        return self._leaving.read()
