"""A flag to wait for that signal handlers may set.

``threading.Event`` is not one: a handler runs in the main thread, which may hold the event's lock
at that moment because it is about to wait, and would then wait for itself for ever.
"""

import select
import socket


class Latch:
    """Open at first; once ``set``, from any thread or signal handler, it stays so."""

    def __init__(self) -> None:
        self._read, self._write = socket.socketpair()
        self._write.setblocking(False)

    def set(self) -> None:
        """Set it. Setting it again changes nothing."""
        try:
            self._write.send(b"!")
        except BlockingIOError:
            return

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is set, for ``seconds`` at most. Returns whether it is."""
        readable, _, _ = select.select([self._read], [], [], seconds)
        return bool(readable)

    def fileno(self) -> int:
        """What becomes readable once it is set, for who waits for several things."""
        return self._read.fileno()
