"""Bytes on their way in one direction of a connection."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

Work = Coroutine[Any, Any, None]


class Pipeline:
    """Passes bytes on in order. What has to wait for some work holds back all that comes after
    it.
    """

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._waiting: deque[tuple[bytes, Work | None]] = deque()
        self._task: asyncio.Task[None] | None = None

    def pass_on(self, data: bytes, after: Work | None = None) -> None:
        """Writes `data`, once all that came before is written and the work `after` is done."""
        if self._task is None and after is None:
            self._write(data)
            return
        self._waiting.append((data, after))
        if self._task is None:
            self._task = asyncio.ensure_future(self._drain())

    def close(self) -> None:
        """Drops what still waits."""
        if self._task is not None:
            self._task.cancel()
        while self._waiting:
            _, work = self._waiting.popleft()
            if work is not None:
                work.close()

    async def _drain(self) -> None:
        while self._waiting:
            data, work = self._waiting.popleft()
            if work is not None:
                await work
            self._write(data)
        self._task = None
