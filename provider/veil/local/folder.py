"""The engine's folder: what lies where, and that nobody else can look into it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from veil.local.errors import EngineError


def default_directory() -> Path:
    """`VEIL_LOCAL_DIR`, or `~/.veil/local`."""
    configured = os.environ.get("VEIL_LOCAL_DIR")
    return Path(configured).expanduser() if configured else Path.home() / ".veil" / "local"


@dataclass(frozen=True)
class Folder:
    """The layout of one engine's folder (mode 0700)."""

    path: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.path / "data"

    @property
    def draft(self) -> Path:
        """A data directory in the making; it becomes `data` when it is complete."""
        return self.path / "data.new"

    @property
    def credentials(self) -> Path:
        """The password of `awsuser`, made with the data directory."""
        return self.path / "credentials.json"

    @property
    def no_barrier(self) -> Path:
        """There where the data directory was made without security barriers."""
        return self.path / "no-barrier"

    @property
    def storage(self) -> Path:
        """What stands for S3: `s3://bucket/key` is the file `bucket/key` in it. People put their
        files there.
        """
        return self.path / "s3"

    @property
    def functions(self) -> Path:
        """What stands for AWS Lambda: `name.py` in it is the function `name`. People put their
        files there.
        """
        return self.path / "lambda"

    @property
    def data_catalog(self) -> Path:
        """What stands for AWS Glue: the external databases and their tables."""
        return self.path / "data-catalog.json"

    @property
    def log(self) -> Path:
        """What the gateway and PostgreSQL have to say."""
        return self.path / "engine.log"

    @property
    def faults(self) -> Path:
        """The faults that are switched on."""
        return self.path / "faults.json"

    @property
    def running_lock(self) -> Path:
        """Held by the gateway's process as long as it lives."""
        return self.path / "running.lock"

    @property
    def command_lock(self) -> Path:
        """Held by whoever starts, stops or resets the engine."""
        return self.path / "command.lock"

    @property
    def runtime(self) -> Path:
        """Names the folder of this run's private socket (sockets need a short path)."""
        return self.path / "runtime"

    def make(self) -> None:
        """Makes the folder, or checks that an existing one is ours and closed to others.

        Raises:
            EngineError: it cannot be made, belongs to somebody else, or is not a folder.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.path.stat().st_uid != os.geteuid():
                raise EngineError(f"{self.path} belongs to another user. Choose another folder with VEIL_LOCAL_DIR.")
            self.path.chmod(0o700)
        except OSError as error:
            raise EngineError(f"The engine's folder {self.path} cannot be used: {error.strerror}.") from error
