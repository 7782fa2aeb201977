"""Answers procedures that ask, in the middle of their run, how a dynamic statement is to be rewritten.

The server asks with a notice (`pg_veil.rewritten` in 09_dynamic.sql) and reads the answer from a file beside its socket.
"""

from __future__ import annotations

import re
from pathlib import Path

from veil.local.rewrite import Rewriter, Settings

QUESTION = "VEIL1"  # the notice's SQLSTATE
_NAME_LENGTH = 32
_NAME = re.compile(r"[0-9a-f]{32}")


class Questions:
    """The answers given on one connection; each file goes once the server has moved on."""

    def __init__(self, folder: Path, rewriter: Rewriter, settings: Settings) -> None:
        self._folder = folder
        self._rewriter = rewriter
        self._settings = settings
        self._answered: list[Path] = []

    def answer(self, message: str) -> None:
        """Answers one question: the name of the file, then the statement. Anything else is nobody's question."""
        name, statement = message[:_NAME_LENGTH], message[_NAME_LENGTH:]
        if not _NAME.fullmatch(name):
            return
        text = ";".join(one.sql for one in self._rewriter.script(statement, self._settings))
        draft = self._folder / f"{name}.draft"
        draft.write_text(text, encoding="utf-8", errors="surrogateescape")
        draft.chmod(0o644)
        self._answered.append(draft.replace(self._folder / name))

    def forget(self) -> None:
        """Removes the answers that have been read."""
        while self._answered:
            self._answered.pop().unlink(missing_ok=True)
