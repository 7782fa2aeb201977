"""What is wrong with an expression, and where, for the person who wrote it."""

import difflib
import unicodedata
from collections.abc import Iterable

from veil.errors import VeilError

_WINDOW = 100
"""How many characters of a long line are shown around the place."""


class ExpressionError(VeilError, ValueError):
    """An expression that the policy language refuses.

    `message` says what is wrong, `text` is the whole expression, `start` and `end` are the offsets in it of what is
    meant (`end` is exclusive), `suggestion` says what to write instead, where that is known.
    """

    def __init__(self, message: str, text: str, start: int, end: int, suggestion: str | None = None) -> None:
        self.message = message
        self.text = text
        self.start = start
        self.end = end
        self.suggestion = suggestion
        super().__init__("Expression that cannot be read", self.render())

    def __reduce__(self) -> tuple[type["ExpressionError"], tuple[object, ...]]:
        return type(self), (self.message, self.text, self.start, self.end, self.suggestion)

    def __str__(self) -> str:
        return f"{self.message} (line {self.line}, column {self.column})"

    @property
    def line(self) -> int:
        """The line of the place, counted from 1."""
        return self.text.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        """The character in its line, counted from 1."""
        return self.start - self._line_start() + 1

    def render(self) -> str:
        """Several lines: what is wrong, where, the line itself with a caret run under the place, what to do."""
        shown, carets = self._picture()
        lines = [self.message, f"line {self.line}, column {self.column}:", f"    {shown}".rstrip(), f"    {carets}"]
        return "\n".join([*lines, self.suggestion] if self.suggestion else lines)

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


def did_you_mean(word: str, known: Iterable[str], *, quote: str = "{}", cutoff: float = 0.7) -> str | None:
    """A suggestion that names the nearest of `known`, whatever its case; None where nothing is near."""
    by_fold = {each.lower(): each for each in known}
    near = difflib.get_close_matches(word.lower(), list(by_fold), n=1, cutoff=cutoff)
    return f"Did you mean {quote.format(by_fold[near[0]])}?" if near else None


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _width(text: str) -> int:
    """How many terminal cells a text takes."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
