"""Where in an expression's text something stands, as a person is shown it."""

import unicodedata
from dataclasses import dataclass

_WINDOW = 100
"""How many characters of a long line are shown around the place."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a string, by the offsets of its first character and of the one behind its last."""

    text: str
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line of the place, counted from 1."""
        return self.text.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        """The character in its line, counted from 1."""
        return self.start - self._line_start() + 1

    def pointed_out(self) -> str:
        """Three lines: where it is, the line itself, and a run of carets under the place."""
        shown, carets = self._picture()
        return "\n".join([f"line {self.line}, column {self.column}:", f"    {shown}".rstrip(), f"    {carets}"])

    def _line_start(self) -> int:
        return self.text.rfind("\n", 0, self.start) + 1

    def _picture(self) -> tuple[str, str]:
        """The line, cut to a window where it is long, and the carets under the place."""
        first = self._line_start()
        last = self.text.find("\n", first)
        last = len(self.text) if last < 0 else last
        left = max(first, self.start - _WINDOW // 2) if last - first > _WINDOW else first
        right = min(last, left + _WINDOW)
        end = min(max(self.end, self.start + 1), right)
        before = ("… " if left > first else "") + _printable(self.text[left : self.start])
        place = _printable(self.text[self.start : end])
        after = _printable(self.text[max(end, self.start) : right]) + (" …" if right < last else "")
        return before + place + after, " " * _width(before) + "^" * max(_width(place), 1)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _width(text: str) -> int:
    """How many terminal cells a string takes."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
