"""How an answer gets to the server: a file beside its socket, named as the question says."""

from __future__ import annotations

import json
import re
import sys
import traceback
from collections.abc import Awaitable
from pathlib import Path

from veil.local.rewrite.errors import RefusalError

REACHED = "VEIL2"  # the SQLSTATE of the notices that ask for what only the gateway can reach
_NAME_LENGTH = 32
_NAME = re.compile(r"[0-9a-f]{32}")


def split_question(message: str) -> tuple[str, str] | None:
    """The name of the answer's file and what is asked, of a notice of `pg_veil.ask`; None for
    anybody else's notice.
    """
    name, question = message[:_NAME_LENGTH], message[_NAME_LENGTH:]
    return (name, question) if _NAME.fullmatch(name) else None


class Letterbox:
    """The answers given on one connection; each file goes once the server has moved on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._answered: list[Path] = []

    def put(self, name: str, text: str) -> None:
        """Writes an answer. The server sees all of it or none."""
        draft = self._folder / f"{name}.draft"
        draft.write_text(text, encoding="utf-8", errors="surrogateescape")
        draft.chmod(0o644)
        self._answered.append(draft.replace(self._folder / name))

    async def put_result(self, name: str, work: Awaitable[str]) -> None:
        """Writes what some work gives, or the error that it ends with; the server waits for one of
        them.
        """
        try:
            self.put(name, await work)
        except Exception as error:
            if not isinstance(error, RefusalError) and not hasattr(error, "sqlstate"):
                print(traceback.format_exc(), file=sys.stderr, flush=True)  # into the engine's log
            self.put(f"{name}.error", json.dumps(_described(error)))

    def empty(self) -> None:
        """Removes the answers that have been read."""
        while self._answered:
            self._answered.pop().unlink(missing_ok=True)


def _described(error: Exception) -> dict[str, str]:
    """An error as the server raises it again: a refusal's own words, or those of another
    database.
    """
    if isinstance(error, RefusalError):
        return {"code": error.code, "message": error.message, "hint": error.hint}
    code = getattr(error, "sqlstate", None)
    if code is None:
        return {"code": "XX000", "message": f"the local engine failed: {type(error).__name__}", "hint": "See its log."}
    return {"code": code, "message": getattr(error, "message", str(error)), "hint": getattr(error, "hint", None) or ""}
