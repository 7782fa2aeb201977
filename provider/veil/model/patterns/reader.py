"""The grammar: alternatives of repeated atoms."""

import re
from dataclasses import dataclass

from veil.model.patterns.brackets import ESCAPES, bracket
from veil.model.patterns.cursor import Cursor

END = "\0"
"""Stands for `$` in what is read, which means something else where text follows."""
_QUANTIFIER = re.compile(r"[*+?]|\{(\d{1,9})(,(\d{0,9}))?\}")
_MOST_REPETITIONS = 255
"""What POSIX demands of every engine, and PostgreSQL allows."""
_LARGEST = 2_000
"""How many characters the pattern may have with all its repetitions written out: engines give up on
larger ones.
"""
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a pattern in Python's form, with END for `$`, and how large it is."""

    python: str
    may_be_empty: bool = False
    size: int = 1


class Reader(Cursor):
    """Reads a pattern."""

    def alternatives(self, depth: int) -> Piece:
        if depth > _DEEPEST:
            self.fail("it is nested too deeply", "Write it with fewer parentheses.")
        branches = [self._branch(depth)]
        while self.rest.startswith("|"):
            self.take()
            branches.append(self._branch(depth))
        python = "|".join(each.python for each in branches)
        return Piece(python, any(each.may_be_empty for each in branches), sum(each.size for each in branches))

    def _branch(self, depth: int) -> Piece:
        pieces: list[Piece] = []
        while self.rest and self.rest[0] not in "|)":
            pieces.append(self._repeated(self._atom(depth)))
        if not pieces and depth and not self.rest:
            self.fail("a ')' is missing", "Write \\( for the character.")
        if not pieces:
            self.fail(
                "an alternative is empty", "Delete the | or the parentheses, or write ? after what may be missing."
            )
        python = "".join(each.python for each in pieces)
        return self._checked(python, all(each.may_be_empty for each in pieces), sum(each.size for each in pieces))

    def _checked(self, python: str, may_be_empty: bool, size: int) -> Piece:
        if size > _LARGEST:
            self.fail("it is too large with all its repetitions", f"They come to {_LARGEST} characters at most.")
        return Piece(python, may_be_empty, size)

    def _repeated(self, piece: Piece) -> Piece:
        match = _QUANTIFIER.match(self.rest)
        if match is None:
            return piece
        if piece.python in ("^", END):
            self.fail(f"{match[0]!r} has nothing to repeat", "Write a backslash before it for the character.")
        least, most = self._counts(match)
        self.take(len(match[0]))
        if self.rest[:1] and self.rest[0] in "*+?{":
            self.fail(f"{self.rest[0]!r} repeats what is repeated", "POSIX has no lazy or possessive repetition.")
        return self._checked(
            piece.python + match[0], piece.may_be_empty or least == 0, piece.size * max(least, most, 1)
        )

    def _counts(self, match: re.Match[str]) -> tuple[int, int]:
        if match[1] is None:
            return (1 if match[0] == "+" else 0), 1
        least = int(match[1])
        most = least if match[2] is None else int(match[3]) if match[3] else least
        if max(least, most) > _MOST_REPETITIONS:
            self.fail(f"{match[0]!r} repeats too often", f"At most {_MOST_REPETITIONS} repetitions are possible.")
        if most < least:
            self.fail(f"{match[0]!r} counts backwards", "Write the smaller number first.")
        return least, most

    def _atom(self, depth: int) -> Piece:
        character = self.rest[0]
        if character == "(":
            return self._group(depth)
        if character == "[":
            return Piece(bracket(self))
        if character == "\\":
            return Piece(self._escape())
        if character in "*+?{":
            self.fail(f"{character!r} has nothing to repeat", "Write a backslash before it for the character.")
        if character in "]}":
            self.fail(f"{character!r} closes nothing", "Write a backslash before it for the character.")
        self.take()
        if character in "^$":
            return Piece(END if character == "$" else "^", may_be_empty=True, size=0)
        return Piece("." if character == "." else re.escape(character))

    def _group(self, depth: int) -> Piece:
        if self.rest.startswith("(?"):
            self.fail("'(?' is not part of POSIX regular expressions", "Write a plain group: (a|b).")
        self.take()
        inner = self.alternatives(depth + 1)
        if not self.rest.startswith(")"):
            self.fail("a ')' is missing", "Write \\( for the character.")
        self.take()
        return Piece(f"(?:{inner.python})", inner.may_be_empty, inner.size)

    def _escape(self) -> str:
        escaped = self.rest[1:2]
        if escaped in ESCAPES:
            self.take(2)
            return ESCAPES[escaped]
        if not escaped:
            self.fail("a backslash ends it", "Write \\\\ for a backslash.")
        if escaped.isalnum() or not escaped.isascii():
            spaces = {"s": "Write [[:space:]] for it.", "S": "Write [^[:space:]] for it."}
            advice = spaces.get(escaped, "There are \\d, \\D, \\w and \\W.")
            self.fail(f"'\\{escaped}' is not part of Redshift's regular expressions", advice)
        self.take(2)
        return re.escape(escaped)
