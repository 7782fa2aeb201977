"""Answers what the server asks in the middle of a statement: how a procedure's dynamic statement is
to be rewritten, and what only the gateway can reach (other databases, files).

The server asks with a notice (`pg_veil.ask` in 09_questions.sql) and reads the answer from a file
beside its socket.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path

from veil.local.foreign import Foreign
from veil.local.foreign.letterbox import REACHED, Letterbox, split_question
from veil.local.rewrite import Rewriter, Settings
from veil.local.rewrite.foreign import Relation

REWRITTEN = "VEIL1"  # the SQLSTATE of the notices that ask for a rewritten statement
QUESTIONS = frozenset({REWRITTEN, REACHED})


class Questions:
    """The questions asked on one connection."""

    def __init__(self, folder: Path, rewriter: Rewriter, settings: Settings, foreign: Foreign) -> None:
        self._letterbox = Letterbox(folder)
        self._rewriter = rewriter
        self._settings = settings
        self._foreign = foreign
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, code: str, message: str) -> None:
        """Answers one question: the name of the file, then what is asked. Anything else is nobody's
        question.
        """
        asked = split_question(message)
        if asked is None:
            return
        name, question = asked
        if code == REACHED:
            self._answer_later(name, self._foreign.answer(question))
            return
        statements = self._rewriter.script(question, self._settings)
        text = ";".join(one.sql for one in statements)
        needed = frozenset[Relation]().union(*(one.foreign for one in statements))
        if needed:
            self._answer_later(name, self._rewritten(text, needed))
        else:
            self._letterbox.put(name, text)

    def forget(self) -> None:
        """Removes the answers that have been read."""
        self._letterbox.empty()

    async def _rewritten(self, text: str, needed: frozenset[Relation]) -> str:
        await self._foreign.before_statement(self._settings.database, needed)
        return text

    def _answer_later(self, name: str, work: Awaitable[str]) -> None:
        task = asyncio.ensure_future(self._letterbox.put_result(name, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
