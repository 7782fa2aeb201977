"""How many bytes a text can take, so that none is made that Redshift could not hold.

What is computed of texts counts as a whole: where a text that it gives, or passes through on the
way, could be too long by the lengths of the row's columns, all of it is NULL.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

LONGEST = 65_535
"""Bytes of a VARCHAR. Source: Amazon Redshift Developer Guide, "Character types"."""

BYTES_OF_CHARACTER = 4
_FAR_TOO_LONG = 1_000_000


@dataclass(frozen=True, slots=True)
class Length:
    """At most `most` bytes in any row, and at most `here` in this one. `passed` are those on the
    way that could be too long in some row.
    """

    most: int
    here: int
    passed: tuple["Length", ...] = ()

    @property
    def doubtful(self) -> tuple["Length", ...]:
        return self.passed + ((replace(self, passed=()),) if self.most > LONGEST else ())

    @property
    def fits(self) -> bool:
        return all(each.here <= LONGEST for each in self.doubtful)


def of_bytes(count: int) -> Length:
    return Length(count, count)


def joined(lengths: Sequence[Length]) -> Length:
    return Length(sum(each.most for each in lengths), sum(each.here for each in lengths), _passed(lengths))


def any_of(lengths: Sequence[Length]) -> Length:
    return Length(max(each.most for each in lengths), max(each.here for each in lengths), _passed(lengths))


def cut(length: Length, most: int) -> Length:
    return length if length.most <= most else filled(length, most)


def filled(length: Length, most: int) -> Length:
    return Length(most, most, length.doubtful)


def replaced(length: Length, new: Length) -> Length:
    """Of a text of which every byte may become another text."""
    if new.most <= 1:
        return replace(length, passed=length.passed + new.doubtful)
    here = min(length.here * max(new.here, 1), _FAR_TOO_LONG)
    return Length(length.most * new.most, here, length.doubtful + new.doubtful)


def after(length: Length, others: Sequence[Length]) -> Length:
    """A length, after other texts were looked at."""
    return replace(length, passed=length.passed + tuple(each for other in others for each in other.doubtful))


def _passed(lengths: Sequence[Length]) -> tuple[Length, ...]:
    return tuple(each for length in lengths for each in length.passed)
