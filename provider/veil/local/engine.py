"""Starting, stopping and asking after an engine."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import veil
from veil.local.address import FILE_NAME, Address
from veil.local.cluster.binaries import installation
from veil.local.cluster.setup import remove_data
from veil.local.errors import EngineError
from veil.local.faults import set_fault
from veil.local.folder import Folder, default_directory
from veil.local.lock import Lock
from veil.local.options import Options
from veil.local.refusals import known

START_SECONDS = 90
STOP_SECONDS = 40
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Status:
    """Whether the engine of a folder runs, and where it is if it does."""

    directory: Path
    running: bool
    address: Address | None


class Engine:
    """The engine of one folder: PostgreSQL behind a gateway that speaks as Redshift does. For
    development and tests.
    """

    def __init__(self, directory: Path | None = None) -> None:
        """`directory`: where everything of this engine lives; `VEIL_LOCAL_DIR` or `~/.veil/local`
        by default.
        """
        self._folder = Folder((directory or default_directory()).absolute())

    @property
    def directory(self) -> Path:
        """The engine's folder."""
        return self._folder.path

    @property
    def storage(self) -> Path:
        """The folder that stands for S3: the file `bucket/key` in it is what external tables know
        as `s3://bucket/key`.
        """
        return self._folder.storage

    @property
    def functions(self) -> Path:
        """The folder that stands for AWS Lambda: `name.py` in it, with a `lambda_handler`, is the
        function `name`.
        """
        return self._folder.functions

    def up(
        self,
        progress: Callable[[str], object] = print,
        port: int = 0,
        *,
        cross_database: bool = True,
        barrier: bool = True,
        statement_log: Path | None = None,
        refuse: Iterable[str] = (),
    ) -> Address:
        """Starts the engine unless it runs, and waits until it accepts connections.

        Args:
            progress: gets a line of text for what takes time.
            port: the TCP port on 127.0.0.1; 0 takes a free one.
            cross_database: whether queries may reach other databases, as on RA3 nodes and serverless; not so on DC2.
            barrier: whether views are security barriers. Redshift's are not; without them, tests see what a view gives
                away by itself. An engine stays what it was made.
            statement_log: a file that gets every statement of every client, as gateway.statement_log describes it.
            refuse: names of refusals.REFUSALS, what this run refuses besides.

        Raises:
            EngineError: it cannot start; the text says why and what to do.
        """
        installation()
        refused = known(refuse)
        self._folder.make()
        with Lock(self._folder.command_lock):
            running = self.address()
            if running is not None:
                return running
            self._stop()
            self._folder.faults.unlink(missing_ok=True)
            if not self._folder.data.exists():
                progress(f"Preparing a new engine in {self.directory} ...")
            else:
                self._check_made(barrier=barrier)
            log = statement_log.absolute() if statement_log else None
            return self._start(Options(port, cross_database, barrier, log, refused))

    def _check_made(self, *, barrier: bool) -> None:
        if barrier == self._folder.no_barrier.exists():
            made = "without" if barrier else "with"
            raise EngineError(
                f"The engine in {self.directory} was made {made} security barriers. To make it anew, run: veil local reset"
            )

    def fault(self, name: str, value: float) -> dict[str, float]:
        """Switches a fault of faults.FAULTS on while the engine runs, or off where the value is 0.

        Args:
            name: the fault.
            value: the share of statements that meet it, from 0 to 1; of `slow`, seconds.

        Returns:
            All faults that are on then. They end with the engine.

        Raises:
            EngineError: there is no such fault, it cannot have this value, or the engine does not run.
        """
        if self.address() is None:
            raise EngineError("The local engine does not run. Run: veil local up")
        return set_fault(self._folder.faults, name, value)

    def down(self) -> None:
        """Stops the engine; nothing happens if it does not run.

        Raises:
            EngineError: it does not stop.
        """
        if not self.directory.exists():
            return
        with Lock(self._folder.command_lock):
            self._stop()

    def reset(self) -> None:
        """Stops the engine and wipes everything that was in it, but not the files in `s3` and
        `lambda`. It is not started again.
        """
        if not self.directory.exists():
            return
        with Lock(self._folder.command_lock):
            self._stop()
            for data in (self._folder.data, self._folder.draft):
                remove_data(data)
            for file in (
                self._folder.credentials,
                self._folder.log,
                self._folder.runtime,
                self._folder.data_catalog,
                self._folder.no_barrier,
                self._folder.faults,
            ):
                file.unlink(missing_ok=True)

    def status(self) -> Status:
        """Whether it runs, and where."""
        address = self.address()
        return Status(self.directory, address is not None, address)

    def address(self) -> Address | None:
        """Where the running engine is, as its address file says; None if it does not run."""
        if not Lock(self._folder.running_lock).is_held_elsewhere():
            return None
        return Address.read(self.directory)

    def _start(self, options: Options) -> Address:
        command = [sys.executable, "-m", "veil.local.daemon", str(self.directory), options.to_argument()]
        with self._folder.log.open("ab") as log:
            beginning = log.tell()
            daemon = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
                env=os.environ | {"PYTHONPATH": _import_path()},
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if daemon.poll() is not None:
                raise EngineError("The local engine did not start.\n" + self._log_since(beginning))
            address = self.address()
            if address is not None:
                return address
            time.sleep(POLL_SECONDS)
        daemon.terminate()
        raise EngineError(f"The local engine was not ready after {START_SECONDS} s.\n" + self._log_since(beginning))

    def _log_since(self, beginning: int) -> str:
        with contextlib.suppress(OSError), self._folder.log.open("rb") as log:
            log.seek(beginning)
            lines = log.read().decode("utf-8", "replace").strip().splitlines()
            return "\n".join(lines[-15:])
        return f"See {self._folder.log}."

    def _stop(self) -> None:
        running = Lock(self._folder.running_lock)
        address = Address.read(self.directory)
        process = running.holder() or (address.pid if address else None)
        if process is not None and running.is_held_elsewhere():
            os.kill(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while running.is_held_elsewhere():
            if time.monotonic() > deadline:
                raise EngineError(f"The engine's process {process} does not stop. End it with: kill -9 {process}")
            time.sleep(POLL_SECONDS)
        (self.directory / FILE_NAME).unlink(missing_ok=True)  # a killed engine leaves it behind


def _import_path() -> str:
    """Where the daemon finds this package, however we found it."""
    own = str(Path(veil.__file__).parent.parent)
    inherited = os.environ.get("PYTHONPATH")
    return os.pathsep.join([own, inherited]) if inherited else own
