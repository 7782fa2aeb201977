"""Relations of other databases: `database.schema.relation` becomes the name of its stand-in in this
database.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from veil.local.rewrite.lexer import quote_name

LONGEST_NAME = 63  # bytes


@dataclass(frozen=True, order=True)
class Relation:
    """A table or view of another database, by its folded names."""

    database: str
    schema: str
    name: str

    @property
    def stand_in(self) -> str:
        """What its stand-in in `pg_veil` is called: the dotted name, or a digest of it where that
        is too long.
        """
        dotted = f"{self.database}.{self.schema}.{self.name}"
        if len(dotted.encode("utf-8", "surrogateescape")) <= LONGEST_NAME:
            return dotted
        return hashlib.sha256(dotted.encode("utf-8", "surrogateescape")).hexdigest()[:LONGEST_NAME]

    @property
    def sql(self) -> str:
        """The stand-in's name in a statement."""
        return f"pg_veil.{quote_name(self.stand_in)}"
