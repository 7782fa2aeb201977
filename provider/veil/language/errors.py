"""What is wrong with an expression, and where, for the person who wrote it."""

import difflib
from collections.abc import Iterable

from veil.errors import VeilError
from veil.language.spans import Span


class ExpressionError(VeilError, ValueError):
    """An expression that the policy language refuses.

    `message` says what is wrong, `text` is the whole expression, `start` and `end` are the offsets
    in it of what is meant (`end` is exclusive), `suggestion` says what to write instead, where that
    is known.
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
    def span(self) -> Span:
        """The place that is meant."""
        return Span(self.text, self.start, self.end)

    @property
    def line(self) -> int:
        """The line of the place, counted from 1."""
        return self.span.line

    @property
    def column(self) -> int:
        """The character in its line, counted from 1."""
        return self.span.column

    def render(self) -> str:
        """Several lines: what is wrong, where, the line itself with a caret run under the place,
        what to do.
        """
        lines = [self.message, self.span.pointed_out()]
        return "\n".join([*lines, self.suggestion] if self.suggestion else lines)


def did_you_mean(word: str, known: Iterable[str], *, quote: str = "{}", cutoff: float = 0.7) -> str | None:
    """A suggestion that names the nearest of `known`, whatever its case; None where nothing is
    near. Names that hold what is not seen, such as the end of a line, are never suggested: whoever
    may make a table can call it so, and nobody means it.
    """
    by_fold = {each.lower(): each for each in known if each.isprintable()}
    near = difflib.get_close_matches(word.lower(), list(by_fold), n=1, cutoff=cutoff)
    return f"Did you mean {quote.format(by_fold[near[0]])}?" if near else None
