"""The one way into the process: a socket that lets a single client in, Terraform, and is gone from
then on.

Terraform is who holds the key of its certificate, whatever process that is. But other processes of
this user can connect as well, thousands of them, and a full queue of the kernel's resets whoever
comes next. So somebody is at the gate from the moment that it exists, takes in at once whoever
knocks, shares the places out among the processes that do, and keeps some for our ancestors, of
which Terraform is one.
"""

import os
import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from .certificate import Certificate
from .handshake import make_socket_path
from .latch import Latch
from .peer import ancestors, process_of
from .visitors import Room, Visitor

if TYPE_CHECKING:
    import ssl

    from .listener import Listener
    from .tunnel import Tunnel

_QUEUE = 4096
_STRANGERS, _EXPECTED = 64, 32
# How many are taken in before somebody is listened to. To answer one takes as long as to take in a
# hundred, and the queue must not fill up meanwhile.
_ACCEPTED = 256
_GREETING = 65_536
_CROWDED_SECONDS = 0.01
_LOOK_MILLISECONDS = 1000


class Gate:
    """Listens where the handshake says, in a folder that only this user may enter."""

    def __init__(self, folder: str | None, certificate: Certificate | None, client_pem: str) -> None:
        """Bind to a socket in a new folder in ``folder``. Raises OSError, HandshakeError.

        Without a ``certificate`` the first of our ancestors who comes is taken for Terraform, and
        where the kernel does not tell who comes, whoever is first: so the user wants it, who can
        disable TLS.
        """
        self._path = make_socket_path(folder)
        self._certificate, self._client_pem = certificate, client_pem
        self._ancestors = ancestors()
        self._strangers, self._expected = Room(_STRANGERS), Room(_EXPECTED)
        self._context: ssl.SSLContext | None = None
        self._tunnel: Tunnel | None = None
        self._opened, self._closed = Latch(), Latch()
        self._poll, self._is_open, self._next_look = select.poll(), False, 0.0
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(self._path)
        self._listening.listen(_QUEUE)
        self._listening.setblocking(False)
        threading.Thread(target=self._keep, name="gate", daemon=True).start()

    @property
    def address(self) -> tuple[str, str]:
        """The network and the address for the handshake."""
        return "unix", self._path

    def open(self, listener: "Listener", ended: Callable[[], None]) -> None:
        """Join the first client that shows Terraform's certificate to ``listener``. Raises OSError,
        RuntimeError.
        """
        from .tls import server_context
        from .tunnel import Tunnel

        self._context = server_context(self._certificate, self._client_pem) if self._certificate else None
        self._tunnel = Tunnel(listener.connect(f"{self._path}i"), ended)
        self._opened.set()

    def close(self) -> None:
        """Stop listening and remove the socket and its folder. Who is inside stays inside."""
        self._closed.set()
        with suppress(OSError):
            os.unlink(self._path)  # noqa: PTH108 - pathlib is not imported before the handshake
        with suppress(OSError):
            os.rmdir(os.path.dirname(self._path))  # noqa: PTH106, PTH120

    def _keep(self) -> None:
        """What the gate's own thread does, until Terraform is inside or the process ends."""
        try:
            visitor = self._watch()
            self.close()
            if visitor is not None and self._tunnel is not None:
                self._room_of(visitor).forget(visitor)
                visitor.connection.setblocking(True)
                self._tunnel.carry(visitor.connection, visitor.cipher)
        finally:
            self._listening.close()
            for each in self._everybody():
                each.leave()

    def _watch(self) -> Visitor | None:
        """Wait for Terraform; None where the gate is closed before it has come."""
        for each in (self._listening, self._opened, self._closed):
            self._poll.register(each, select.POLLIN)
        while True:
            ready = {number for number, _ in self._poll.poll(_LOOK_MILLISECONDS if self._count() else None)}
            if self._closed.fileno() in ready:
                return None
            if self._opened.fileno() in ready:
                self._begin_to_listen()
            if self._listening.fileno() in ready:
                self._take_in()
            for room in (self._expected, self._strangers) if self._is_open else ():
                visitor = room.next(ready)
                if visitor is not None and self._is_terraform(visitor):
                    return visitor
            self._dismiss_overdue()

    def _begin_to_listen(self) -> None:
        self._poll.unregister(self._opened)
        self._is_open = True
        for each in self._everybody():
            self._poll.register(each.connection, select.POLLIN)

    def _take_in(self) -> None:
        for _ in range(_ACCEPTED):
            try:
                connection, _address = self._listening.accept()
            except BlockingIOError:
                return
            except OSError:
                # There is no room for another open file, or who knocked has gone.
                time.sleep(_CROWDED_SECONDS)
                return
            connection.setblocking(False)
            process = process_of(connection)
            visitor = Visitor(connection, process, expected=process in self._ancestors)
            if lost := self._room_of(visitor).enter(visitor):
                self._send_away(lost)
            if self._is_open:
                self._poll.register(connection, select.POLLIN)

    def _is_terraform(self, visitor: Visitor) -> bool:
        """Go on with a visitor's handshake. Returns whether he has shown that he is Terraform."""
        if self._context is None:
            # Nobody but an ancestor, where the kernel tells of anybody.
            if visitor.expected or not visitor.process:
                return True
            self._dismiss(visitor, "it is none of the processes that started this one")
            return False
        try:
            return self._shake_hands(visitor, self._context)
        except OSError as error:  # ssl.SSLError is one.
            self._dismiss(visitor, error)
            return False

    def _shake_hands(self, visitor: Visitor, context: "ssl.SSLContext") -> bool:
        from .tls import Cipher

        if visitor.cipher is None:
            visitor.cipher = Cipher(context)
        data = visitor.connection.recv(_GREETING)
        if not data:
            raise ConnectionAbortedError("it went away before it had said who it is")
        try:
            return visitor.cipher.shake_hands(data)
        finally:
            self._answer(visitor, visitor.cipher.leaving())

    def _answer(self, visitor: Visitor, words: bytes) -> None:
        """Send the next or last words of a handshake, or the alert that says why there is none."""
        with suppress(ConnectionError):  # Whoever has gone may have got in before, and ends the session.
            # They are few: who does not take them at once is in no hurry to get in.
            if words and visitor.connection.send(words) < len(words):
                raise BlockingIOError("it does not listen")

    def _dismiss_overdue(self) -> None:
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + _LOOK_MILLISECONDS / 1000
            for visitor in self._everybody():
                if visitor.deadline <= now:
                    self._dismiss(visitor, "it has not said who it is")

    def _dismiss(self, visitor: Visitor, reason: object) -> None:
        # Not imported before the handshake.
        import logging

        logging.getLogger("terraform.provider").debug("a client was refused: %s", reason)
        self._room_of(visitor).forget(visitor)
        self._send_away(visitor)

    def _send_away(self, visitor: Visitor) -> None:
        if self._is_open:
            self._poll.unregister(visitor.connection)
        visitor.leave()

    def _room_of(self, visitor: Visitor) -> Room:
        return self._expected if visitor.expected else self._strangers

    def _everybody(self) -> list[Visitor]:
        return [*self._expected.everybody(), *self._strangers.everybody()]

    def _count(self) -> int:
        return len(self._expected) + len(self._strangers)
