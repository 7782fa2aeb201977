"""The passwords that an engine is made with."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import string
from dataclasses import dataclass, field

from veil.local.cluster.setup import ADMINISTRATOR
from veil.local.errors import EngineError
from veil.local.folder import Folder

_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Passwords:
    """That of the administrator, which people use, and that of the system's own user, which only
    the gateway does.
    """

    administrator: str = field(repr=False)
    system: str = field(repr=False)

    @property
    def signing_key(self) -> bytes:
        """With which the gateway signs what it has rewritten for the server."""
        return hashlib.sha256(b"signing key of " + self.system.encode()).digest()

    @classmethod
    def of(cls, folder: Folder) -> Passwords:
        """What the data directory was made with, or new ones (kept in the folder) for a new
        directory.

        Raises:
            EngineError: the file that keeps them is not readable.
        """
        if folder.data.exists():
            return cls._read(folder)
        made = cls(_random(), _random())
        folder.credentials.unlink(missing_ok=True)
        descriptor = os.open(folder.credentials, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"username": ADMINISTRATOR, "password": made.administrator, "system": made.system}, file)
        return made

    @classmethod
    def _read(cls, folder: Folder) -> Passwords:
        try:
            kept = json.loads(folder.credentials.read_text(encoding="utf-8"))
            return cls(kept["password"], kept["system"])
        except (OSError, ValueError, KeyError) as error:
            raise EngineError(
                f"{folder.credentials} is not readable or of an earlier version ({error}). Run: veil local reset"
            ) from error


def _random() -> str:
    return "Aa1" + "".join(secrets.choice(_LETTERS) for _ in range(29))
