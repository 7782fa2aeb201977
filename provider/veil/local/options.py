"""How an engine is to run, told by the command that starts it to the process that is it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """What `veil local up` says of the engine that it starts."""

    port: int = 0
    cross_database: bool = True
    barrier: bool = True
    statement_log: Path | None = None
    refused: frozenset[str] = frozenset()

    def to_argument(self) -> str:
        """The options as one argument of a command."""
        return json.dumps(
            {
                "port": self.port,
                "cross_database": self.cross_database,
                "barrier": self.barrier,
                "statement_log": str(self.statement_log) if self.statement_log else None,
                "refused": sorted(self.refused),
            }
        )

    @classmethod
    def from_argument(cls, argument: str) -> Options:
        """The options that `to_argument` gave."""
        given = json.loads(argument)
        log, refused = given.pop("statement_log"), given.pop("refused")
        return cls(**given, statement_log=Path(log) if log else None, refused=frozenset(refused))
