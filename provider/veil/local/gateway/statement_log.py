"""A record of the statements that clients send, for tests that judge them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

Record = Callable[[str], None]


def record_nothing(sql: str) -> None:
    """Takes a statement where none is recorded."""


class StatementLog:
    """A file of JSON objects, a line each: `user`, `application`, `database` and `sql`, the text as
    it was sent.

    Statements may hold passwords and rows, so nobody else may read the file.
    """

    def __init__(self, path: Path) -> None:
        """Appends to what is there. Raises OSError."""
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._file = os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace", buffering=1)

    def of_client(self, startup: dict[str, str]) -> Record:
        """What takes the statements of a client, who began with these parameters."""
        user = startup.get("user", "")
        client = {
            "user": user,
            "application": startup.get("application_name", ""),
            "database": startup.get("database", user),
        }
        return lambda sql: self._write({**client, "sql": sql})

    def _write(self, line: dict[str, str]) -> None:
        self._file.write(json.dumps(line) + "\n")
