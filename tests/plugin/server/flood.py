"""Other processes of the same user who connect to a provider as fast as they can, and keep what
they have got.

As a program: FOLDER WORDS, where the sockets appear and what to say there, in hexadecimal. It tells
on stdout whenever it has made another thousand connections.
"""

import os
import socket
import ssl
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HELD = 1500
PROCESSES = 3


class Flood:
    """Processes that flood."""

    def __init__(self, processes: list[subprocess.Popen[bytes]]) -> None:
        self._processes = processes

    def rise(self, thousands: int) -> None:
        """Wait until so many thousand connections have been made, by each process its share."""
        for _ in range(-(-thousands // len(self._processes))):
            for process in self._processes:
                assert process.stdout is not None
                assert process.stdout.readline()


@contextmanager
def flooding(folder: Path, words: bytes = b"") -> Iterator[Flood]:
    """Flood all sockets of providers in ``folder``."""
    command = [sys.executable, __file__, str(folder), words.hex()]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(PROCESSES)]
    try:
        yield Flood(processes)
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def greeting() -> bytes:
    """How a handshake begins: to answer it costs the other side more than anything else."""
    context = ssl.create_default_context()
    leaving = ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), leaving, server_hostname="localhost").do_handshake()
    return leaving.read()


def _flood(folder: str, words: bytes) -> None:
    held: deque[socket.socket] = deque(maxlen=HELD)
    made = 0
    while True:
        for entry in os.scandir(folder):
            connection = socket.socket(socket.AF_UNIX)
            connection.setblocking(False)
            try:
                connection.connect(f"{entry.path}/s")
                connection.send(words)
            except OSError:
                continue
            held.append(connection)
            made += 1
            if made % 1000 == 0:
                print(made, flush=True)


if __name__ == "__main__":
    _flood(sys.argv[1], bytes.fromhex(sys.argv[2]))
