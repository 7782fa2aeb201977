"""The one way into the process: a socket that lets a single client in, Terraform, and is gone from then on."""

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from .certificate import Certificate
from .handshake import make_socket_path

if TYPE_CHECKING:
    from .listener import Listener
    from .tls import Cipher
    from .tunnel import Tunnel

# As long as a stranger may take to show that he is Terraform, and how many may try at a time.
_PATIENCE_SECONDS = 20
_STRANGERS = 128


class Gate:
    """Listens where the handshake says, in a folder that only this user may enter."""

    def __init__(self, folder: str | None, certificate: Certificate | None, client_pem: str) -> None:
        """Bind to a socket in a new folder in ``folder``. Raises OSError, HandshakeError.

        Without a ``certificate`` whoever comes first is taken for Terraform: so the user wants it, who can disable TLS.
        """
        self._path = make_socket_path(folder)
        self._certificate, self._client_pem = certificate, client_pem
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(self._path)
        self._listening.listen(_STRANGERS)
        self._strangers = threading.BoundedSemaphore(_STRANGERS)
        self._lock = threading.Lock()
        self._taken = False

    @property
    def address(self) -> tuple[str, str]:
        """The network and the address for the handshake."""
        return "unix", self._path

    def open(self, listener: "Listener", ended: Callable[[], None]) -> None:
        """Join the first client that shows Terraform's certificate to ``listener``. Raises OSError, RuntimeError."""
        from .tls import server_context
        from .tunnel import Tunnel

        self._context = server_context(self._certificate, self._client_pem) if self._certificate else None
        tunnel = Tunnel(listener.connect(f"{self._path}i"), ended)
        threading.Thread(target=self._watch, args=(tunnel,), name="gate", daemon=True).start()

    def close(self) -> None:
        """Stop listening and remove the socket and its folder. Who is inside stays inside."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with suppress(OSError):
            os.unlink(self._path)  # noqa: PTH108 - pathlib is not imported before the handshake
        with suppress(OSError):
            os.rmdir(os.path.dirname(self._path))  # noqa: PTH106, PTH120

    def _watch(self, tunnel: "Tunnel") -> None:
        while True:
            try:
                stranger, _ = self._listening.accept()
            except OSError:
                return
            if self._strangers.acquire(blocking=False):
                arguments = (stranger, tunnel)
                threading.Thread(target=self._examine, args=arguments, name="gate", daemon=True).start()
            else:
                stranger.close()

    def _examine(self, stranger: socket.socket, tunnel: "Tunnel") -> None:
        try:
            cipher = self._identify(stranger)
        except OSError as error:
            # Not imported before the handshake.
            import logging

            logging.getLogger("terraform.provider").debug("a client was refused: %s", error)
            stranger.close()
            return
        finally:
            self._strangers.release()
        with self._lock:
            if self._taken:
                stranger.close()
                return
            self._taken = True
        self.close()
        tunnel.carry(stranger, cipher)

    def _identify(self, stranger: socket.socket) -> "Cipher | None":
        """Shake hands. Raises OSError, of which ssl.SSLError is one."""
        if self._context is None:
            return None
        from .tls import Cipher

        stranger.settimeout(_PATIENCE_SECONDS)
        cipher = Cipher(self._context)
        data = b""
        try:
            while not cipher.shake_hands(data):
                stranger.sendall(cipher.leaving())
                data = stranger.recv(65_536)
                if not data:
                    raise ConnectionAbortedError("it went away before it had said who it is")
        finally:
            # The last words of a handshake, or the alert that says why there is none.
            with suppress(OSError):
                stranger.sendall(cipher.leaving())
        stranger.settimeout(None)
        return cipher
