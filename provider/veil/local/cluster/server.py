"""The running PostgreSQL server: one child process with a private socket and no TCP port."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from veil.local.cluster import binaries
from veil.local.cluster.identity import Identity, die_with_parent
from veil.local.cluster.setup import make_data, remove_data
from veil.local.errors import EngineError
from veil.local.folder import Folder
from veil.local.passwords import Passwords

START_SECONDS = 60
STOP_SECONDS = 20
SOCKET_NAME = ".s.PGSQL.5432"


class Server:
    """Starts and stops PostgreSQL for one folder. Used by the gateway's process only, from its main
    thread.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._identity = Identity.choose()
        self._runtime: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """The path of the server's socket; valid between `start` and `stop`."""
        assert self._runtime is not None
        return self._runtime / "socket" / SOCKET_NAME

    def start(
        self,
        passwords: Passwords,
        *,
        cross_database: bool = True,
        barrier: bool = True,
        refused: frozenset[str] = frozenset(),
    ) -> None:
        """Makes the data directory if there is none, then starts the server and waits until it
        accepts connections. `barrier`: whether views of a new one are security barriers. `refused`:
        what functions and catalogs refuse.

        Raises:
            EngineError: a program failed or the server did not come up; the text says what it printed.
        """
        self._runtime = self._make_runtime()
        installation = binaries.installation()
        if self._identity.user is not None and not binaries.reachable_by_others(installation):
            installation = binaries.copy_for_others(installation, self._runtime / "postgresql")
        if not self._folder.data.exists():
            self._make_data(installation, passwords, barrier=barrier)
        self._stop_orphan()
        self._launch(installation, cross_database=cross_database, refused=refused)
        self._wait_until_ready()

    def stop(self) -> None:
        """A fast shutdown: sessions are ended, data is written. Kills the server if that takes too
        long.
        """
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()
        if self._runtime is not None:
            shutil.rmtree(self._runtime, ignore_errors=True)
        self._folder.runtime.unlink(missing_ok=True)

    def has_ended(self) -> bool:
        """True once the server's process is gone."""
        return self._process is not None and self._process.poll() is not None

    def _make_runtime(self) -> Path:
        """A folder with a short name for the socket: socket paths may have about 100 bytes. Removes
        the last run's.
        """
        with contextlib.suppress(OSError):
            shutil.rmtree(self._folder.runtime.read_text(encoding="utf-8"), ignore_errors=True)
        runtime = Path(tempfile.mkdtemp(prefix="veil-", dir="/tmp"))
        self._folder.runtime.write_text(str(runtime), encoding="utf-8")
        if self._identity.user is not None:
            runtime.chmod(0o711)
        (runtime / "socket").mkdir()
        self._identity.own(runtime / "socket")
        return runtime

    def _make_data(self, installation: Path, passwords: Passwords, *, barrier: bool) -> None:
        draft = self._folder.draft
        remove_data(draft)
        draft.mkdir()
        self._identity.own(draft)
        make_data(
            installation,
            draft,
            self._identity,
            administrator=passwords.administrator,
            system=passwords.system,
            signing_key=passwords.signing_key,
            barrier=barrier,
        )
        if not barrier:
            self._folder.no_barrier.touch()
        draft.rename(self._folder.data)

    def _launch(self, installation: Path, *, cross_database: bool, refused: frozenset[str]) -> None:
        data = self._folder.data
        command = [
            str(installation / "bin" / "postgres"), "-D", self._identity.data_argument(data), "-k", str(self.socket.parent),
            "-c", f"pg_veil.cross_database={'on' if cross_database else 'off'}",
            "-c", f"pg_veil.refused={','.join(sorted(refused))}",
        ]  # fmt: skip
        with self._folder.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - the process has one thread when it starts the server
                **self._identity.process_options(data),
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.has_ended():
                raise EngineError(f"PostgreSQL ended while starting. What it said is at the end of {self._folder.log}.")
            if self._postmaster_lines()[7:8] == ["ready"]:
                return
            time.sleep(0.01)
        raise EngineError(
            f"PostgreSQL was not ready after {START_SECONDS} s. What it said is at the end of {self._folder.log}."
        )

    def _postmaster_lines(self) -> list[str]:
        """The lines of `postmaster.pid`: the process number comes first, the state in line 8."""
        try:
            return [
                line.strip() for line in (self._folder.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            ]
        except (OSError, ValueError):
            return []

    def _stop_orphan(self) -> None:
        """Ends a server that outlived a killed gateway. The folder's lock is ours, so no other
        gateway uses it.
        """
        first = self._postmaster_lines()[:1]
        if first and first[0].isdigit() and _is_our_server(int(first[0]), self._folder.data):
            os.kill(int(first[0]), signal.SIGQUIT)
            deadline = time.monotonic() + STOP_SECONDS
            while time.monotonic() < deadline and _is_our_server(int(first[0]), self._folder.data):
                time.sleep(0.05)
        (self._folder.data / "postmaster.pid").unlink(missing_ok=True)


def _is_our_server(pid: int, data: Path) -> bool:
    """True if this process is a PostgreSQL server that works in `data` (numbers are reused)."""
    listing = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    if "postgres" not in listing.stdout:
        return False
    working_directory = Path(f"/proc/{pid}/cwd")
    return str(data) in listing.stdout or (working_directory.exists() and working_directory.resolve() == data.resolve())
