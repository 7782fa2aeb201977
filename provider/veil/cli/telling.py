"""How long commands speak: numbered steps, what is going on below them, and how long each took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

WIDTH = 110
"""Columns assumed where the output is no terminal, so that the table of a log is not folded."""


class Teller:
    """Prints to `console`. `steps` is how many there will be."""

    def __init__(self, steps: int, console: Console | None = None) -> None:
        self.console = console or Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
        self._steps = steps
        self._number = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Say what is being done; at its end, how long it took."""
        self._number += 1
        self.console.print(Text.assemble((f"[{self._number}/{self._steps}] ", "cyan"), (title, "bold")))
        start = time.monotonic()
        with self.console.status(title):
            yield
        self.say(f"{time.monotonic() - start:.1f} s", style="bright_black")

    def say(self, text: str, style: str = "") -> None:
        """One or more lines below the step."""
        for line in text.splitlines():
            self.console.print(Text(f"      {line}", style=style), soft_wrap=True)
