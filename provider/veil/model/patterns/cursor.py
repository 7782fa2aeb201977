"""Where the reading of a pattern stands."""

from dataclasses import dataclass, field
from typing import NoReturn


class PatternError(ValueError):
    """A pattern that cannot be used, and why: a sentence without its stop, that begins with what
    was found.
    """


@dataclass
class Cursor:
    """Goes through a pattern from left to right."""

    pattern: str
    position: int = field(default=0)

    @property
    def rest(self) -> str:
        return self.pattern[self.position :]

    def fail(self, problem: str, advice: str) -> NoReturn:
        raise PatternError(f"{problem} (character {self.position + 1}). {advice.rstrip('.')}")

    def take(self, count: int = 1) -> str:
        taken = self.rest[:count]
        self.position += count
        return taken
