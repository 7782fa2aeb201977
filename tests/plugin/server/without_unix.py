"""Starts the provider where what only Unix has is not there, as far as that can be taken away on
Unix.

What is left out are modules and names that "Availability: Unix" stands beside in Python's library
reference.
"""

import os
import runpy
import select
import signal
import socket
import sys
from collections.abc import Sequence
from types import ModuleType

MODULES = frozenset(
    {"fcntl", "pwd", "grp", "termios", "tty", "pty", "resource", "syslog", "crypt", "spwd", "nis", "readline", "curses"}
)
NAMES: dict[ModuleType, Sequence[str]] = {
    os: (
        "fork", "forkpty", "getuid", "geteuid", "getgid", "getegid", "setuid", "setsid", "killpg", "chown", "fchmod", "uname",
        "wait", "register_at_fork", "sched_getaffinity", "sysconf", "mkfifo", "pread", "pwrite", "set_blocking", "nice",
    ),
    select: ("poll", "epoll", "kqueue"),
    signal: ("SIGHUP", "SIGKILL", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGPIPE", "SIGCHLD", "alarm", "pthread_sigmask"),
    socket: ("AF_UNIX", "SCM_RIGHTS", "sethostname"),
}  # fmt: skip


class _NotOnWindows:
    """Finds none of the modules."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _socketpair() -> tuple[socket.socket, socket.socket]:
    """As Python makes it on Windows: two ends of a local connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        one = socket.create_connection(listening.getsockname())
        other, _ = listening.accept()
    return one, other


def main() -> None:
    """Take it all away, and serve."""
    sys.meta_path.insert(0, _NotOnWindows)  # type: ignore[arg-type]
    for name in MODULES:
        sys.modules.pop(name, None)
    for module, names in NAMES.items():
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    socket.socketpair = _socketpair  # type: ignore[assignment]
    runpy.run_module("veil.resources.serve", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
