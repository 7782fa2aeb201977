"""Those who knock: as many at a time as there is room for, each for as long as it may take to say
who one is.
"""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .tls import Cipher

PATIENCE_SECONDS = 20
"""How long a visitor may take to show that he is Terraform."""


class Visitor:
    """One open connection of a ``process``, 0 where it is not known. ``expected``: Terraform may be
    that process.
    """

    __slots__ = ("cipher", "connection", "deadline", "expected", "process")

    def __init__(self, connection: socket.socket, process: int, *, expected: bool) -> None:
        self.connection = connection
        self.process, self.expected = process, expected
        self.cipher: Cipher | None = None
        self.deadline = time.monotonic() + PATIENCE_SECONDS

    def leave(self) -> None:
        self.connection.close()


class Room:
    """Holds ``places`` visitors. Who comes when it is full takes the place of another: of the first
    who came of the process that has most.

    Turning the newcomer away instead would let a crowd that says nothing keep Terraform out.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._visitors: dict[int, Visitor] = {}
        self._of_process: dict[int, dict[int, Visitor]] = {}

    def __len__(self) -> int:
        return len(self._visitors)

    def enter(self, visitor: Visitor) -> Visitor | None:
        """Give a visitor a place. Returns who has lost his, if anybody."""
        lost = None
        if len(self._visitors) >= self._places:
            most = max(self._of_process.values(), key=len)
            lost = next(iter(most.values()))
            self.forget(lost)
        number = visitor.connection.fileno()
        self._visitors[number] = visitor
        self._of_process.setdefault(visitor.process, {})[number] = visitor
        return lost

    def next(self, ready: set[int]) -> Visitor | None:
        """Whose turn it is of those whose sockets have these numbers: the one who has not had one
        for longest.
        """
        number = next((each for each in self._visitors if each in ready), None)
        if number is None:
            return None
        visitor = self._visitors[number] = self._visitors.pop(number)
        return visitor

    def forget(self, visitor: Visitor) -> None:
        """Take a visitor's place away, before his socket is closed."""
        number = visitor.connection.fileno()
        del self._visitors[number]
        del self._of_process[visitor.process][number]
        if not self._of_process[visitor.process]:
            del self._of_process[visitor.process]

    def everybody(self) -> list[Visitor]:
        """All visitors."""
        return list(self._visitors.values())
