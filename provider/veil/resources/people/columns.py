"""Which columns of a directory's own file say what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

SEPARATOR = ";"
"""What stands between the values of one cell, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file by the directory's own names: headers of CSV; fields of JSON, dotted
    where one is within another.

    `attributes` has the column of each attribute. `only` has columns with the values of which one
    must stand there for an entry to count. `separator` stands between the values of one cell of
    CSV; empty, a cell is one value. `prefix` stands before each user's name in Redshift and not in
    the file. `expires` says when all that an entry gives ends.
    """

    user: str
    groups: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    separator: str = SEPARATOR
    prefix: str = ""
    expires: str | None = None

    def named(self) -> Iterator[str]:
        """The columns that the file must have; one may come twice."""
        yield self.user
        if self.groups is not None:
            yield self.groups
        yield from self.attributes.values()
        yield from self.only
        if self.expires is not None:
            yield self.expires
