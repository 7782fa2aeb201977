"""Where a running engine is and how to sign in: the file `address.json`, the only thing that others
read of an engine.
"""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

from veil.local.errors import EngineError

FILE_NAME = "address.json"


@dataclasses.dataclass(frozen=True)
class Address:
    """How to connect to a running engine. `pid` is the gateway's process, `version` the veil that
    started it.
    """

    host: str
    port: int
    database: str
    username: str
    password: str = dataclasses.field(repr=False)
    pid: int
    version: str

    def write(self, directory: Path) -> None:
        """Writes `address.json` so that a reader sees all of it or none, and only its owner may
        read it.
        """
        draft = directory / f".{FILE_NAME}.{os.getpid()}"
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(dataclasses.asdict(self), file, indent=2)
            file.write("\n")
        draft.replace(directory / FILE_NAME)

    @classmethod
    def read(cls, directory: Path) -> Address | None:
        """Reads `address.json`; None where there is none.

        Raises:
            EngineError: the file is there but cannot be read as an address.
        """
        path = directory / FILE_NAME
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, TypeError) as error:
            raise EngineError(
                f"{path} is not a readable address ({error}). Run: veil local down, then veil local up."
            ) from error
