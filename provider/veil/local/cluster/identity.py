"""Under which user PostgreSQL runs. It refuses root, so root lends it the unprivileged user
`nobody`.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from veil.local.errors import EngineError

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Identity:
    """The user and group that the server's processes get; None keeps our own."""

    user: int | None
    group: int | None

    @classmethod
    def choose(cls) -> Identity:
        """Our own user, or `nobody` where that is root.

        Raises:
            EngineError: we are root, and the system has no user `nobody` or is not Linux.
        """
        if os.geteuid() != 0:
            return cls(None, None)
        if sys.platform != "linux":
            raise EngineError("PostgreSQL does not run as root. Start the local engine as an ordinary user.")
        try:
            entry = pwd.getpwnam("nobody")
        except KeyError:
            raise EngineError(
                "PostgreSQL does not run as root, and this system has no user `nobody`. Start the engine as an ordinary user."
            ) from None
        return cls(entry.pw_uid, entry.pw_gid)

    def own(self, path: Path) -> None:
        """Gives a folder to the server's user, closed to everybody else."""
        path.chmod(0o700)
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)

    def data_argument(self, data: Path) -> str:
        """How to name the data directory to a program that is started in it.

        `nobody` may not come through the folders above it, which stay closed; `/proc/self/cwd`
        leads there directly.
        """
        return str(data) if self.user is None else "/proc/self/cwd"

    def process_options(self, data: Path) -> dict[str, Any]:
        """The arguments for `subprocess` to start a program in the data directory as the server's
        user.
        """
        options: dict[str, Any] = {
            "cwd": data,
            "env": {"HOME": "/", "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            "start_new_session": True,
        }
        if self.user is not None:
            options |= {"user": self.user, "group": self.group, "extra_groups": []}
        return options


def die_with_parent() -> None:
    """In a child, before it starts its program: asks Linux to stop it (a fast shutdown) when its
    parent ends.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
