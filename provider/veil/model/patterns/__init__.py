"""Regular expressions of masks: those that Redshift, PostgreSQL and the interpreter read alike, and
can always run.

Source: Amazon Redshift Developer Guide, "POSIX operators".
"""

import re
from dataclasses import dataclass

from veil.model.patterns.cursor import PatternError
from veil.model.patterns.reader import END, Reader

__all__ = ["Pattern", "PatternError", "problem_with_pattern", "read_pattern"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as Python's regular expressions. They take the first alternative that matches where
    POSIX takes the longest match, so `whole` matches a stretch of text from end to end, and `inner`
    one behind which text follows.
    """

    whole: re.Pattern[str]
    inner: re.Pattern[str]

    def replace(self, text: str, replacement: str) -> str:
        """The text with every match, the leftmost and longest first, replaced."""
        pieces: list[str] = []
        position = 0
        while position < len(text):
            end = self._match(text, position)
            pieces.append(text[position] if end is None else replacement)
            position = position + 1 if end is None else end
        return "".join(pieces)

    def _match(self, text: str, start: int) -> int | None:
        """Where the longest match that begins at `start` ends. No pattern matches the empty
        string.
        """
        if self.whole.fullmatch(text, start):
            return len(text)
        return next((end for end in range(len(text) - 1, start, -1) if self.inner.fullmatch(text, start, end)), None)


def read_pattern(pattern: str, *, case_insensitive: bool = False) -> Pattern:
    """The pattern, ready for use. Raises PatternError."""
    if "\0" in pattern:
        raise PatternError("it contains the character NUL. Delete it")
    reader = Reader(pattern)
    piece = reader.alternatives(0)
    if reader.rest:
        reader.fail("')' closes nothing", "Write \\) for the character.")
    if piece.may_be_empty:
        raise PatternError("it matches the empty string, which replaces nothing. Write + instead of *, for example")
    flags = re.ASCII | re.DOTALL | (re.IGNORECASE if case_insensitive else 0)
    python = piece.python
    return Pattern(re.compile(python.replace(END, "\\Z"), flags), re.compile(python.replace(END, "(?!)"), flags))


def problem_with_pattern(pattern: str) -> str | None:
    """Why a regex mask cannot use the pattern, or None."""
    try:
        read_pattern(pattern)
    except PatternError as error:
        return str(error)
    return None
