"""A session that only remembers: for tests of what is sent, and in which order, without a
warehouse.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from veil.warehouse import Settings, WarehouseError

Row = tuple[Any, ...]


@dataclass
class Recording:
    """Stands for a Session. Queries that hold a word of `answers` get its rows, all others none; a
    statement that holds `failing` fails.
    """

    answers: dict[str, Sequence[Row]] = field(default_factory=dict)
    failing: str = ""
    problem: Exception = field(default_factory=lambda: WarehouseError("No", "The warehouse says no."))
    sent: list[str] = field(default_factory=list)
    settings: Settings = field(default_factory=lambda: Settings("nowhere", "analytics", "veil", "secret"))

    def query(self, sql: str) -> list[Row]:
        self.execute(sql)
        return [row for word, rows in self.answers.items() if word in sql for row in rows]

    def execute(self, sql: str) -> None:
        self.sent.append(sql)
        if self.failing and self.failing in sql:
            raise self.problem

    def pin(self) -> None:
        self.sent.append("pin")

    def first(self, word: str) -> int:
        """The place of the first statement with a word. Raises StopIteration where there is
        none.
        """
        return next(number for number, sql in enumerate(self.sent) if word in sql)

    def last(self, word: str) -> int:
        """The place of the last one."""
        return max(number for number, sql in enumerate(self.sent) if word in sql)
