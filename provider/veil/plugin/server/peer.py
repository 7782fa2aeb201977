"""Which process is at the other end of a local socket, as the kernel tells."""

import os
import socket
import struct
import sys

_MACOS_LEVEL, _MACOS_PID = 0, 2
"""SOL_LOCAL and LOCAL_PEERPID of macOS's sys/un.h, which Python has no names for."""


def process_of(connection: socket.socket) -> int:
    """The process that has connected, 0 where the kernel does not tell, or not in this
    namespace.
    """
    try:
        if sys.platform == "linux":
            return int(struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0])
        if sys.platform == "darwin":
            return int(struct.unpack("i", connection.getsockopt(_MACOS_LEVEL, _MACOS_PID, 4))[0])
    except OSError:
        pass
    return 0


def ancestors() -> frozenset[int]:
    """The processes that this one descends from, as far up as is known: its parent at least, init
    never.
    """
    pids = set()
    process = os.getppid()
    while process > 1 and process not in pids:
        pids.add(process)
        process = _parent_of(process)
    return frozenset(pids)


def _parent_of(process: int) -> int:
    if sys.platform != "linux":
        return 0
    try:
        with open(f"/proc/{process}/stat", "rb") as file:  # noqa: PTH123 - pathlib would have to be imported for it
            # The name of the program, in parentheses, may hold anything.
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0
