"""What the gateway remembers of the statements in flight, so that each reply finds the statement it
answers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from veil.local.gateway.wire import format_of
from veil.local.rewrite import Rewritten


@dataclass
class Prepared:
    """A prepared statement: what was rewritten, which of its columns are SUPER or VARBYTE and which
    are what intervals once that is known, which of its parameters are intervals, and the formats
    that its columns were last asked for in (0 for text; one stands for all, none is text).
    """

    rewritten: Rewritten
    super_columns: tuple[int, ...] = ()
    byte_columns: tuple[int, ...] = ()
    interval_columns: Mapping[int, int] = field(default_factory=dict)  # Redshift's type number, by position
    interval_parameters: Mapping[int, int] = field(default_factory=dict)
    formats: tuple[int, ...] = ()

    def is_text(self, column: int) -> bool:
        """Whether a column comes as text."""
        return format_of(self.formats, column) == 0

    @property
    def is_adjusted(self) -> bool:
        """Whether the server's rows are not yet what Redshift would send."""
        return bool(self.super_columns or self.byte_columns or self.interval_columns)


SYNC = "sync"


@dataclass
class InFlight:
    """Statements sent to the server and not answered yet, in order; SYNC stands where the server
    says it is ready.
    """

    waiting: deque[Prepared | str] = field(default_factory=deque)
    described: deque[Prepared] = field(default_factory=deque)

    def current(self) -> Prepared | None:
        """The statement whose rows or completion come next."""
        first = self.waiting[0] if self.waiting else None
        return first if isinstance(first, Prepared) else None

    def complete(self) -> Prepared | None:
        """Takes the statement that has just completed."""
        completed = self.current()
        if completed is not None:
            self.waiting.popleft()
        return completed

    def ready(self) -> None:
        """Drops what an error skipped, up to the point where the server is ready again."""
        self.described.clear()
        while self.waiting:
            if self.waiting.popleft() == SYNC:
                return
