"""A connection that has been let in, joined to the gRPC server behind the gate."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from .tls import Cipher

_CHUNK = 256 * 1024


class Tunnel:
    """Carries bytes between a client and ``inner``, the connection to the gRPC server, until one of
    them ends.
    """

    def __init__(self, inner: socket.socket, ended: Callable[[], None]) -> None:
        self._inner = inner
        self._ended = ended
        self._state, self._sending = threading.Lock(), threading.Lock()

    def carry(self, outer: socket.socket, cipher: Cipher | None) -> None:
        """Carry what ``outer`` says, protected by ``cipher``, until the end. Returns at once."""
        self._outer, self._cipher = outer, cipher
        for direction in (self._inwards, self._outwards):
            threading.Thread(target=self._run, args=(direction,), name="tunnel", daemon=True).start()

    def _run(self, direction: Callable[[], None]) -> None:
        try:
            # A connection that breaks ends like one that is closed. ssl.SSLError is an OSError.
            with suppress(OSError):
                direction()
        finally:
            for end in (self._outer, self._inner):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            self._ended()

    def _inwards(self) -> None:
        # The client may have sent something along with the end of its handshake.
        data = b""
        while True:
            self._inner.sendall(self._opened(data))
            data = self._outer.recv(_CHUNK)
            if not data:
                return

    def _outwards(self) -> None:
        while data := self._inner.recv(_CHUNK):
            self._send(data)

    def _opened(self, data: bytes) -> bytes:
        if self._cipher is None:
            return data
        with self._state:
            opened = self._cipher.open(data)
        self._send(b"")
        return opened

    def _send(self, data: bytes) -> None:
        """Send in the order of encryption, while what arrives can still be decrypted."""
        if self._cipher is None:
            self._outer.sendall(data)
            return
        with self._sending:
            with self._state:
                if data:
                    self._cipher.seal(data)
                leaving = self._cipher.leaving()
            if leaving:
                self._outer.sendall(leaving)
