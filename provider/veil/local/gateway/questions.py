"""Answers what the server asks in the middle of a statement: how a procedure's dynamic statement is to be rewritten, and
what rows a relation of another database has.

The server asks with a notice (`pg_veil.ask` in 09_questions.sql) and reads the answer from a file beside its socket.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from veil.local.foreign import Foreign
from veil.local.rewrite import Rewriter, Settings
from veil.local.rewrite.errors import RefusalError

REWRITTEN = "VEIL1"  # the notices' SQLSTATEs
ROWS = "VEIL2"
QUESTIONS = frozenset({REWRITTEN, ROWS})
_NAME_LENGTH = 32
_NAME = re.compile(r"[0-9a-f]{32}")


class Questions:
    """The answers given on one connection; each file goes once the server has moved on."""

    def __init__(self, folder: Path, rewriter: Rewriter, settings: Settings, foreign: Foreign) -> None:
        self._folder = folder
        self._rewriter = rewriter
        self._settings = settings
        self._foreign = foreign
        self._answered: list[Path] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, code: str, message: str) -> None:
        """Answers one question: the name of the file, then what is asked. Anything else is nobody's question."""
        name, question = message[:_NAME_LENGTH], message[_NAME_LENGTH:]
        if not _NAME.fullmatch(name):
            return
        if code == ROWS:
            self._answer_later(name, self._foreign.answer(question))
            return
        statements = self._rewriter.script(question, self._settings)
        text = ";".join(one.sql for one in statements)
        needed = frozenset[Any]().union(*(one.foreign for one in statements))
        if needed:
            self._answer_later(name, self._rewritten(text, needed))
        else:
            self._write(name, text)

    def forget(self) -> None:
        """Removes the answers that have been read."""
        while self._answered:
            self._answered.pop().unlink(missing_ok=True)

    async def _rewritten(self, text: str, needed: frozenset[Any]) -> str:
        await self._foreign.before_statement(self._settings.database, needed)
        return text

    def _answer_later(self, name: str, work: Coroutine[Any, Any, str]) -> None:
        task = asyncio.ensure_future(self._finish(name, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish(self, name: str, work: Coroutine[Any, Any, str]) -> None:
        try:
            self._write(name, await work)
        except Exception as error:  # whatever it is, the server waits for an answer
            self._write(f"{name}.error", json.dumps(_described(error)))

    def _write(self, name: str, text: str) -> None:
        draft = self._folder / f"{name}.draft"
        draft.write_text(text, encoding="utf-8", errors="surrogateescape")
        draft.chmod(0o644)
        self._answered.append(draft.replace(self._folder / name))


def _described(error: Exception) -> dict[str, str]:
    """An error as the server raises it again: a refusal's own words, or those of another database."""
    if isinstance(error, RefusalError):
        return {"code": error.code, "message": error.message, "hint": error.hint}
    code = getattr(error, "sqlstate", None)
    if code is None:
        return {"code": "XX000", "message": f"the engine could not read this: {error}", "hint": ""}
    return {"code": code, "message": getattr(error, "message", str(error)), "hint": getattr(error, "hint", None) or ""}
