"""How long a text can get, so that none is made that Redshift could not hold.

What is computed of texts is checked as a whole: the length of what it gives, and of all that it
passes through on the way, is found from the lengths of columns, each of which stands there once
however deep it is wrapped.
"""

from collections.abc import Sequence
from dataclasses import replace

from veil.compiler.building import call, cast, conjunction, form, infix, integer
from veil.compiler.node import node
from veil.compiler.sql import Sql
from veil.model import ColumnType, Family

LONGEST = 65_535
"""Bytes of a VARCHAR. Source: Amazon Redshift Developer Guide, "Character types"."""

MOST_BYTES_OF_CHARACTER = 4
_FAR_TOO_LONG = 1_000_000
"""Where a length that is multiplied ends, so that no product of two overflows."""


@node
class Length:
    """At most `bytes` for any row, and at most what `counted` gives in this row, or as much as the
    `text` has; without either no less. `passed` are the lengths on the way that could be too long.
    """

    bytes: int
    counted: Sql | None = None
    passed: tuple["Length", ...] = ()
    text: Sql | None = None

    @property
    def sql(self) -> Sql:
        """The length in this row."""
        if self.counted is not None:
            return self.counted
        if self.text is None:
            return integer(self.bytes)
        return form("COALESCE", call("octet_length", self.text), integer(0))

    @property
    def all(self) -> tuple["Length", ...]:
        """All that could be too long."""
        own = (replace(self, passed=()),) if self.bytes > LONGEST else ()
        return (*self.passed, *own)


def of_text(text: Sql, most: int) -> Length:
    """Of a text that is short to write, such as a column, of so many bytes at most."""
    return Length(most, text=text)


def of_bytes(most: int) -> Length:
    """Of whatever has so many bytes at most."""
    return Length(most)


def joined(lengths: Sequence[Length]) -> Length:
    """Of texts one behind the other."""
    total = infix("+", *(each.sql for each in lengths))
    return Length(sum(each.bytes for each in lengths), total, _passed(lengths))


def any_of(lengths: Sequence[Length]) -> Length:
    """Of one of several texts."""
    if len(lengths) == 1:
        return lengths[0]
    longest = form("GREATEST", *(each.sql for each in lengths))
    return Length(max(each.bytes for each in lengths), longest, _passed(lengths))


def cut(length: Length, most: int) -> Length:
    """Of a text that is cut to so many bytes at most."""
    return length if length.bytes <= most else filled(length, most)


def filled(length: Length, most: int) -> Length:
    """Of a text that is made into one of so many bytes at most."""
    return Length(most, passed=length.all)


def replaced(length: Length, new: Length) -> Length:
    """Of a text in which every byte may become a text of the length `new`."""
    if new.bytes <= 1:
        return replace(length, passed=(*length.passed, *new.all))
    grown = infix("*", cast(length.sql, ColumnType(Family.BIGINT)), form("GREATEST", new.sql, integer(1)))
    counted = form("LEAST", grown, integer(_FAR_TOO_LONG))
    return Length(length.bytes * new.bytes, counted, (*length.all, *new.all))


def with_others(length: Length, others: Sequence[Length]) -> Length:
    """A length, after texts that are looked at and do not become part of it."""
    return replace(length, passed=(*length.passed, *(each for other in others for each in other.all)))


def fits(length: Length) -> Sql:
    """That neither the text nor any on the way is too long; TRUE where none can be."""
    return conjunction(infix("<=", each.sql, integer(LONGEST)) for each in length.all)


def _passed(lengths: Sequence[Length]) -> tuple[Length, ...]:
    """A text that becomes part of a longer one needs no test of its own."""
    return tuple(each for length in lengths for each in length.passed)
